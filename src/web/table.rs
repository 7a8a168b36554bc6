//! Lists as JSON, CSV or NDJSON.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;

use super::auth::Identity;
use super::error::WebError;
use super::mask;
use super::permission::Permission;

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object with `items`.
    Json,
    /// RFC 4180.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// What is asked for: `format=` first, then `Accept`.
    pub fn of(request: &HttpRequest, parameter: Option<&str>) -> Result<Self, WebError> {
        match parameter {
            Some("json") => return Ok(Self::Json),
            Some("csv") => return Ok(Self::Csv),
            Some("ndjson") => return Ok(Self::Ndjson),
            Some(_) => {
                return Err(WebError::bad_request("bad_format", "format is json, csv or ndjson"));
            }
            None => {}
        }
        let accept = request.headers().get(header::ACCEPT).and_then(|a| a.to_str().ok());
        Ok(match accept {
            Some(accept) if accept.contains("text/csv") => Self::Csv,
            Some(accept) if accept.contains("application/x-ndjson") => Self::Ndjson,
            _ => Self::Json,
        })
    }
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// Rows.
    pub items: Vec<T>,
    /// Cursor for `after`; null on the last page.
    pub next: Option<String>,
    /// Further members, as counts.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub more: Option<Value>,
}

impl<T> Page<T> {
    /// A list on one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None, more: None }
    }
}

/// Refuses forms that are taken out to whoever may only look.
pub fn may_take_out(format: Format, identity: &Identity) -> Result<(), WebError> {
    if format == Format::Json || identity.can(Permission::ExportSessions) {
        Ok(())
    } else {
        Err(WebError::forbidden("this needs the permission sessions:export"))
    }
}

/// Answers with a list; masks, checks the permission to take it out, links the next page.
pub fn answer<T: Serialize>(
    page: &Page<T>,
    (name, columns): (&str, &[&str]),
    format: Format,
    identity: &Identity,
    request: &HttpRequest,
) -> Result<HttpResponse, WebError> {
    may_take_out(format, identity)?;
    let mut value = serde_json::to_value(page).map_err(WebError::internal)?;
    mask::json(&mut value, identity.sees_unmasked());
    let mut builder = HttpResponse::Ok();
    if let Some(next) = &page.next {
        builder.insert_header((header::LINK, next_link(request, next)));
    }
    if format == Format::Json {
        return Ok(builder.json(value));
    }
    let empty = Vec::new();
    let items = value.get("items").and_then(Value::as_array).unwrap_or(&empty);
    let (kind, ending, body) = if format == Format::Csv {
        ("text/csv; charset=utf-8", "csv", csv(items, columns))
    } else {
        let lines: Vec<String> = items.iter().map(Value::to_string).collect();
        let body = lines.join("\n") + "\n";
        ("application/x-ndjson", "ndjson", body)
    };
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    builder.insert_header((header::CONTENT_DISPOSITION, disposition));
    Ok(builder.content_type(kind).body(body))
}

fn next_link(request: &HttpRequest, next: &str) -> String {
    let kept: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect();
    let kept = kept.iter().fold(String::new(), |text, pair| text + pair + "&");
    format!("<{}?{kept}after={next}>; rel=\"next\"", request.path())
}

/// Rows as CSV; columns are JSON pointers without the first slash.
#[must_use]
pub fn csv(items: &[Value], columns: &[&str]) -> String {
    csv_head(columns) + &csv_rows(items, columns)
}

/// The line of names.
#[must_use]
pub fn csv_head(columns: &[&str]) -> String {
    columns.iter().map(|c| c.replace('/', ".")).collect::<Vec<_>>().join(",") + "\r\n"
}

/// The lines of rows, without the line of names.
#[must_use]
pub fn csv_rows(items: &[Value], columns: &[&str]) -> String {
    let mut out = String::new();
    for item in items {
        let cells = columns.iter().map(|column| {
            let value = item.pointer(&format!("/{column}")).unwrap_or(&Value::Null);
            match value {
                Value::Null => String::new(),
                Value::String(text) => cell(text),
                Value::Object(fields) if fields.contains_key("masked") => mask::MASKED.to_owned(),
                other => match other {
                    Value::Number(number) => number.to_string(),
                    rest => cell(&rest.to_string()),
                },
            }
        });
        out.push_str(&cells.collect::<Vec<_>>().join(","));
        out.push_str("\r\n");
    }
    out
}

/// One cell: a spreadsheet must not take foreign text for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains([',', '"', '\n', '\r']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
