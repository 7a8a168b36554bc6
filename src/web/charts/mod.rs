//! Charts as SVG, from plain structs to markup: no script, no style attribute, text that keeps its size.

pub mod bars;
pub mod durations;
pub mod lanes;
pub mod meter;
pub mod plot;
pub mod svg;
pub mod time_axis;
pub mod waterfall;
