//! The shop of the demo, on the listener that its pages report to: `/shop/`.

use actix_web::web::ServiceConfig;

/// Registers the pages of the shop.
pub fn pages(_config: &mut ServiceConfig) {}
