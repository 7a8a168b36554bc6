//! Lists as JSON, CSV or NDJSON.

use std::rc::Rc;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
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
    let (kind, ending) = file_kind(format);
    let head = if format == Format::Csv { csv_head(columns) } else { String::new() };
    let body = head + &rows(items, columns, format);
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    builder.insert_header((header::CONTENT_DISPOSITION, disposition));
    Ok(builder.content_type(kind).body(body))
}

/// Answers with a file that is read and sent a page at a time, so that memory does not grow with it. The first page is
/// read before: what is wrong gets its status. A fault later breaks the answer off, and the browser says that the file is
/// not complete. `read` gives the rest, the text of a page, and whether more follows.
pub fn streamed<R, F>(
    (name, columns): (&str, &[&str]),
    format: Format,
    (rest, text, has_more): (R, Bytes, bool),
    read: impl Fn(R) -> F + 'static,
) -> HttpResponse
where
    R: 'static,
    F: Future<Output = Result<(R, Bytes, bool), WebError>> + 'static,
{
    let mut first = Vec::new();
    if format == Format::Csv {
        first.extend_from_slice(csv_head(columns).as_bytes());
    }
    first.extend_from_slice(&text);
    let begin = (Some(Bytes::from(first)), has_more.then_some(rest));
    let read = Rc::new(read);
    let pages = stream::try_unfold(begin, move |(ready, rest)| {
        let read = Rc::clone(&read);
        async move {
            if let Some(first) = ready {
                return Ok(Some((first, (None, rest))));
            }
            let Some(rest) = rest else {
                return Ok::<_, actix_web::Error>(None);
            };
            let (rest, text, has_more) = read(rest).await?;
            Ok(Some((text, (None, has_more.then_some(rest)))))
        }
    });
    let (kind, ending) = file_kind(format);
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .streaming(pages)
}

/// Rows in the form of a file, without the line of names.
#[must_use]
pub fn rows(items: &[Value], columns: &[&str], format: Format) -> String {
    if format == Format::Csv {
        return csv_rows(items, columns);
    }
    items.iter().map(Value::to_string).fold(String::new(), |text, row| text + &row + "\n")
}

const fn file_kind(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        _ => ("application/x-ndjson", "ndjson"),
    }
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

/// The line of names.
fn csv_head(columns: &[&str]) -> String {
    columns.iter().map(|c| c.replace('/', ".")).collect::<Vec<_>>().join(",") + "\r\n"
}

/// The lines of rows, without the line of names; columns are JSON pointers without the first slash.
fn csv_rows(items: &[Value], columns: &[&str]) -> String {
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
