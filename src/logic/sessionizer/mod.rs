//! Turns one visitor's events into sessions, by the end rules of the product.
//!
//! # How events find their session
//!
//! A visitor has at most one *current* session and one *previous* one that ended up to 60 s ago. Each event is placed by
//! its corrected time; expiry is by the time of receipt.
//!
//! - An event that lies before the cut between the two belongs to the previous session, and its row is written again.
//! - When that grace is over, a late action starts a session of its own, which is over at once and takes its place as the
//!   previous one. Late events without an action are dropped and counted.
//! - An event that lies before the current session, without a cut between, moves the start of the session back.
//! - A cut that arrives late does not move actions that are already placed. So, inside the grace, the order of arrival
//!   does not matter as long as nothing from behind a cut arrives before it.
//! - Parts made by the action limit are filled in order of arrival.
//! - When another person signs in, an action during which that happened belongs to the person who signed in: the page
//!   that says "Welcome Anna" is Anna's. Actions that had begun when the page said `endSession()` belong to the session
//!   that it ended: the click on "Log out" opens no session.
//! - A session starts with a user action. What comes before one is kept with the visitor, up to a limit, and joins the
//!   first action; without an action it is forgotten.

mod context;
#[cfg(test)]
mod counting_tests;
mod expiry;
mod late;
mod page_end;
mod rest;
mod state;
mod step;
mod summary;
#[cfg(test)]
mod tests;

pub use context::{Applied, InputContext, PlacedAction};
pub use expiry::{deadline, evict, expire};
pub use rest::RestingSession;
pub use state::{OpenSession, action_of_page_view};
pub use step::apply;
