//! From a decoded beacon to masked, named and timed inputs of the sessionizer.

mod applications;
mod contributors;
mod enriched;
mod resources;

pub use applications::Applications;
pub use contributors::contributors;
pub use enriched::{Enriched, EnrichedPart, RequestFacts};
pub use resources::limit_resources;

#[cfg(test)]
mod tests;
