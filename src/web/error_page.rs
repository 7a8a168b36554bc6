//! The page that a person sees when something is refused or failed.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::charts::svg::escape;
use super::error::WebError;
use super::templates::Templates;
use super::ui::errors::ErrorPage;
use super::ui::frame::{Frame, Link, Section};
use super::ui::show::shell;
use crate::base::text;
use crate::base::time::Timestamp;

/// Renders the error page: in the usual frame for those who are signed in.
#[must_use]
pub fn render(error: &WebError, instance: &str, request: &HttpRequest) -> String {
    let page =
        ErrorPage { search: last_part(error.status, request.path()), ..page(error, instance) };
    let frame = match shell::asker(request) {
        Some(identity) => Frame {
            // There is no clock here, and nobody asks when an error was drawn.
            drawn_at: String::new(),
            ..shell::frame(&identity, Section::None, &page.title, Timestamp(0))
        },
        None => shell::bare(&page.title, request),
    };
    draw(&frame, &page).unwrap_or_else(|| plain(&page))
}

fn page(error: &WebError, instance: &str) -> ErrorPage {
    let what = error.detail.strip_prefix("there is no such ").unwrap_or("page");
    let page = match error.status {
        StatusCode::NOT_FOUND => ErrorPage::not_found(&format!("This {what}")),
        StatusCode::FORBIDDEN => {
            let text = format!("{} An administrator can give it to you.", sentence(&error.detail));
            let is_missing = error.detail.contains("needs the permission");
            let text = if is_missing { text } else { sentence(&error.detail) };
            ErrorPage { text, ..ErrorPage::forbidden("") }
        }
        StatusCode::SERVICE_UNAVAILABLE => ErrorPage::busy(&sentence(&error.detail)),
        status if status.is_server_error() => ErrorPage::fault(instance),
        status => ErrorPage {
            title: status.canonical_reason().unwrap_or("Refused").to_owned(),
            text: sentence(&error.detail),
            ways: vec![Link::new("Sessions", "/sessions")],
            ..ErrorPage::default()
        },
    };
    ErrorPage { status: error.status.as_u16(), ..page }
}

/// What was meant, as far as the address tells: its last part as words.
fn last_part(status: StatusCode, path: &str) -> String {
    if status != StatusCode::NOT_FOUND {
        return String::new();
    }
    let part = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let part = text::cut(part, 100);
    if part.contains('%') { String::new() } else { part.replace(['-', '+'], " ") }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if text.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn draw(frame: &Frame, page: &ErrorPage) -> Option<String> {
    Templates::shared().ok()?.render("pages/error.html", frame, page).ok()
}

/// When even the template fails.
fn plain(page: &ErrorPage) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>{0} · Footfall</title><h1>{0}</h1><p>{1}</p><p>{2}</p></html>",
        escape(&page.title),
        escape(&page.text),
        escape(&page.incident)
    )
}

#[cfg(test)]
#[path = "error_page_tests.rs"]
mod tests;
