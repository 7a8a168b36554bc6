//! What is seen: HTTP, and only here.

pub mod api;
pub mod app;
pub mod assets;
pub mod auth;
pub mod charts;
pub mod client_ip;
pub mod collect;
pub mod csrf;
pub mod demo_shop;
pub mod error;
pub mod error_page;
pub mod etag;
pub mod format;
pub mod gate;
pub mod headers;
pub mod health;
pub mod mask;
pub mod openapi;
pub mod permission;
pub mod range;
pub mod routes;
pub mod snippet;
pub mod state;
pub mod table;
pub mod templates;
pub mod ui;
