//! The page that a person sees when something is refused or failed.

use super::error::WebError;

/// Renders the error page.
#[must_use]
pub fn render(error: &WebError, instance: &str) -> String {
    let title = error.status.canonical_reason().unwrap_or("Error");
    let detail = escape(&error.detail);
    let instance = escape(instance);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Footfall</title>\
         <meta name=\"viewport\" content=\"width=device-width\"></head><body><main><h1>{title}</h1>\
         <p>{detail}</p><p>Request {instance}</p><p><a href=\"/\">Home</a></p></main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
