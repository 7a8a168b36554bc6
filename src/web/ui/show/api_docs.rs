//! `/api`: the calls of the API, drawn from its OpenAPI description.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::future::ready;
use std::sync::OnceLock;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::Value;

use super::shell::{self, encode};
use crate::base::text;
use crate::web::auth::Identity;
use crate::web::error::WebError;
use crate::web::gate::see_other;
use crate::web::openapi;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::api_docs::{ApiPage, Call, CallGroup, CallLink, Parameter};
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::{Chip, Field, Form};

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];
/// What stands in place of a token.
const TOKEN: &str = "$TOKEN";
/// Prefix of parameters in the form that tries a call.
const OWN: &str = "p.";

/// Which call is shown.
#[derive(Debug, Default, Deserialize)]
pub struct ApiQuery {
    /// As `GET /api/v1/sessions`.
    pub call: Option<String>,
}

/// The description, made once.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(openapi::build()).unwrap_or_default())
}

/// Calls: (method, path, operation), in the order of paths.
fn calls() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = document().get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| Some((*method, path.as_str(), item.get(*method)?)))
    })
}

fn name_of(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

fn words<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A text of the description without its Markdown: code needs no marks here.
fn prose(value: &Value, key: &str) -> String {
    words(value, key).replace('`', "")
}

/// `GET /api`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    request: HttpRequest,
    query: Query<ApiQuery>,
) -> Result<HttpResponse, WebError> {
    let chosen = query.call.as_deref().unwrap_or_default();
    let host = host(&request);
    let found = calls().find(|(method, path, _)| name_of(method, path) == chosen);
    if found.is_none() && !chosen.is_empty() {
        return Err(WebError::not_found("call of the API"));
    }
    let page = ApiPage {
        groups: groups(chosen),
        call: found.map(|(method, path, operation)| call(method, path, operation, &host)),
        example: curl("get", "/api/v1/sessions", &host, false),
    };
    let title = if chosen.is_empty() { "API calls" } else { chosen };
    let mut frame = shell::frame(&identity, Section::None, title, state.services.now());
    frame = shell::below(frame, "Help", "/help");
    if !chosen.is_empty() {
        frame = shell::below(frame, "API calls", "/api");
    }
    ready(shell::page("pages/api_docs.html", &frame, &page)).await
}

/// `GET /api/try`: puts the parameters of the form into the address of the call, and goes there.
pub async fn attempt(query: Query<Vec<(String, String)>>) -> HttpResponse {
    let get = |name: &str| {
        query.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
    };
    let wanted = get("call");
    let known =
        calls().find(|(method, path, _)| *method == "get" && name_of(method, path) == wanted);
    let Some((_, path, operation)) = known else {
        return ready(see_other("/api")).await;
    };
    let mut to = path.to_owned();
    let mut sent: Vec<(&str, &str)> = Vec::new();
    for parameter in parameters_of(operation) {
        let name = words(parameter, "name");
        let value = text::cut(get(&format!("{OWN}{name}")), 1_024);
        if words(parameter, "in") == "path" {
            let value = encode(value).replace('/', "%2F");
            to = to.replace(&format!("{{{name}}}"), if value.is_empty() { "-" } else { &value });
        } else {
            sent.push((name, value));
        }
    }
    see_other(&shell::address(&to, &sent))
}

/// Address of this server as the asker reached it.
fn host(request: &HttpRequest) -> String {
    let info = request.connection_info();
    format!("{}://{}", info.scheme(), info.host())
}

fn groups(chosen: &str) -> Vec<CallGroup> {
    let mut by_tag: BTreeMap<String, Vec<CallLink>> = BTreeMap::new();
    for (method, path, operation) in calls() {
        let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("other");
        let name = name_of(method, path);
        let href = format!("/api?call={}", encode(&name));
        let label = first_sentence(&described(operation));
        by_tag.entry(tag.to_owned()).or_default().push(CallLink {
            method: method.to_uppercase(),
            path: path.trim_start_matches("/api/v1").to_owned(),
            link: Link { is_current: name == chosen, ..Link::new(&label, &href) },
        });
    }
    by_tag
        .into_iter()
        .map(|(tag, calls)| {
            let mut letters = tag.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            CallGroup { title: format!("{first}{}", letters.as_str()), calls }
        })
        .collect()
}

fn described(operation: &Value) -> String {
    let (summary, more) = (prose(operation, "summary"), prose(operation, "description"));
    if more.is_empty() || summary.contains(&more) { summary } else { format!("{summary} {more}") }
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end_matches('.').to_owned()
}

fn parameters_of(operation: &Value) -> impl Iterator<Item = &Value> {
    operation.get("parameters").and_then(Value::as_array).into_iter().flatten()
}

fn call(method: &str, path: &str, operation: &Value, host: &str) -> Call {
    let mut parameters: Vec<Parameter> = parameters_of(operation)
        .map(|own| Parameter {
            name: words(own, "name").to_owned(),
            place: words(own, "in").to_owned(),
            kind: kind(own.get("schema").unwrap_or(&Value::Null)),
            is_required: own.get("required").and_then(Value::as_bool).unwrap_or(false),
            text: prose(own, "description"),
        })
        .collect();
    let attempt = (method == "get").then(|| form(&name_of(method, path), &parameters));
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    parameters.extend(body.into_iter().flat_map(fields));
    let answers = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    Call {
        method: method.to_uppercase(),
        path: path.to_owned(),
        text: described(operation),
        permission: words(operation, "x-permission").to_owned(),
        parameters,
        answers: answers
            .map(|(status, answer)| {
                let band = if status.starts_with('2') { "good" } else { "fair" };
                (Chip::of(band, status), answered(answer))
            })
            .collect(),
        example: curl(method, path, host, body.is_some()),
        attempt,
    }
}

fn answered(answer: &Value) -> String {
    let mut content = answer.get("content").and_then(Value::as_object).into_iter().flatten();
    let schema = content.find_map(|(_, content)| content.get("schema"));
    match (words(answer, "description"), schema) {
        ("", Some(schema)) => kind(schema),
        ("", None) => "nothing".to_owned(),
        (text, _) => text.to_owned(),
    }
}

/// Follows a reference into the components of the document.
fn resolved(schema: &Value) -> &Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    target.and_then(|to| document().pointer(to)).unwrap_or(schema)
}

/// Fields of a body.
fn fields(schema: &Value) -> Vec<Parameter> {
    let whole = resolved(schema);
    let required: Vec<&str> = whole
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let all = whole.get("properties").and_then(Value::as_object).into_iter().flatten();
    all.map(|(name, own)| Parameter {
        name: name.clone(),
        place: "body".to_owned(),
        kind: kind(own),
        is_required: required.contains(&name.as_str()),
        text: prose(own, "description"),
    })
    .collect()
}

/// Words for the type of a value.
fn kind(schema: &Value) -> String {
    if let Some(to) = schema.get("$ref").and_then(Value::as_str) {
        let values = resolved(schema).get("enum").and_then(Value::as_array);
        let named = to.rsplit('/').next().unwrap_or_default().to_owned();
        return values.map_or(named, |values| one_of(values));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return one_of(values);
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", kind(items));
    }
    let several = ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|key| schema.get(*key))
        .and_then(Value::as_array);
    if let Some(several) = several {
        let kinds: Vec<String> =
            several.iter().map(kind).filter(|own| own != "null" && !own.is_empty()).collect();
        return kinds.join(" or ");
    }
    let named = match schema.get("type") {
        Some(Value::String(one)) => one.as_str(),
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|own| *own != "null").unwrap_or_default()
        }
        _ => "",
    };
    match named {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        "" => "any value",
        other => other,
    }
    .to_owned()
}

fn one_of(values: &[Value]) -> String {
    values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

fn form(name: &str, parameters: &[Parameter]) -> Form {
    let mut fields = vec![Field::new("hidden", "call", "", name)];
    for parameter in parameters.iter().filter(|own| own.place != "header") {
        let mut field =
            Field::new("text", &format!("{OWN}{}", parameter.name), &parameter.name, "")
                .help(&parameter.text);
        field.is_required = parameter.is_required;
        fields.push(field);
    }
    Form {
        action: "/api/try".to_owned(),
        fields,
        submit: "Try it".to_owned(),
        error: String::new(),
    }
}

/// How a program calls it: with a placeholder for the token, ready for a shell.
fn curl(method: &str, path: &str, host: &str, has_body: bool) -> String {
    let mut text = "curl".to_owned();
    if method != "get" {
        let _ = write!(text, " -X {}", method.to_uppercase());
    }
    let _ = write!(text, " -H \"Authorization: Bearer {TOKEN}\"");
    if has_body {
        text.push_str(" -H \"Content-Type: application/json\" -d '{…}'");
    }
    let _ = write!(text, " \"{host}{path}\"");
    text
}

#[cfg(test)]
#[path = "api_docs_tests.rs"]
mod tests;
