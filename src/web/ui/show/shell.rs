//! What all handlers of pages share: the frame, the answer, addresses.

use std::fmt::Write;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde::Serialize;

use super::words;
use crate::base::time::{Timestamp, system_zone};
use crate::web::auth::{self, Identity};
use crate::web::error::WebError;
use crate::web::permission::Permission;
use crate::web::templates::Templates;
use crate::web::ui::frame::{Frame, Link, Person, Section, menu};

/// Version of the product.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time zone in which a person reads times.
#[must_use]
pub fn zone(identity: &Identity) -> String {
    if identity.time_zone().is_empty() { system_zone() } else { identity.time_zone().to_owned() }
}

/// The frame of a page for somebody who is signed in.
#[must_use]
pub fn frame(identity: &Identity, section: Section, title: &str, now: Timestamp) -> Frame {
    let zone = zone(identity);
    Frame {
        title: title.to_owned(),
        theme: identity.theme().to_owned(),
        menu: menu(section),
        here: title.to_owned(),
        person: Some(Person {
            name: identity.account.name.clone(),
            role: words::role(identity.role()),
            may_edit: identity.can(Permission::WriteApplications),
            is_admin: identity.can(Permission::ReadAccounts),
        }),
        drawn_at: now.format("%H:%M:%S", &zone),
        zone,
        version: VERSION,
        ..Frame::default()
    }
}

/// The frame of a page without anybody signed in.
#[must_use]
pub fn bare(title: &str, request: &HttpRequest) -> Frame {
    let theme = auth::chosen_theme(request);
    Frame { title: title.to_owned(), theme, version: VERSION, ..Frame::default() }
}

/// With the way that leads to the page.
#[must_use]
pub fn below(mut frame: Frame, label: &str, href: &str) -> Frame {
    frame.crumbs.push(Link::new(label, href));
    frame
}

/// Draws a page.
pub fn page<P: Serialize>(
    template: &str,
    frame: &Frame,
    page: &P,
) -> Result<HttpResponse, WebError> {
    page_with(StatusCode::OK, template, frame, page)
}

/// Draws a page with a status.
pub fn page_with<P: Serialize>(
    status: StatusCode,
    template: &str,
    frame: &Frame,
    page: &P,
) -> Result<HttpResponse, WebError> {
    let html = Templates::shared()?.render(template, frame, page).map_err(describe)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}

fn describe(error: impl std::error::Error) -> WebError {
    let source = error.source().map(|s| format!("{s:#}")).unwrap_or_default();
    WebError::internal(format!("{error} {source}"))
}

/// Who asks, when the gate found out.
#[must_use]
pub fn asker(request: &HttpRequest) -> Option<Identity> {
    request.extensions().get::<Identity>().cloned()
}

/// An address with parameters; those without a value are left out.
#[must_use]
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = path.to_owned();
    let mut sign = '?';
    for (name, value) in parameters {
        if !value.is_empty() {
            let _ = write!(text, "{sign}{name}={}", encode(value));
            sign = '&';
        }
    }
    text
}

/// Percent-encodes a parameter; keeps what reads well in an address.
#[must_use]
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/:,*@".contains(&byte) {
            out.push(char::from(byte));
        } else if byte == b' ' {
            out.push('+');
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// `1 action`, `2 actions`.
#[must_use]
pub fn plural(count: u64, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {word}{ending}", crate::web::format::number(count))
}
