//! From a decoded beacon to masked, named and timed inputs of the sessionizer.

mod action;
mod applications;
mod cache;
mod captured;
mod clock;
mod contributors;
mod enriched;
mod enricher;
mod resources;

pub use applications::Applications;
pub use cache::ClientCache;
pub use contributors::contributors;
pub use enriched::{Enriched, EnrichedPart, RequestFacts};
pub use enricher::Enricher;
pub use resources::limit_resources;

#[cfg(test)]
mod tests;
