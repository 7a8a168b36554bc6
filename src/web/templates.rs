//! The template engine: strict about undefined names, escapes everything, formats numbers by filters.

use std::sync::OnceLock;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::assets::Assets;
use super::charts::svg::escape;
use super::error::WebError;
use super::format;
use super::ui::frame::Frame;

#[derive(RustEmbed)]
#[folder = "assets/templates"]
struct Sources;

/// All templates, parsed.
pub struct Templates {
    environment: Environment<'static>,
}

/// A page could not be drawn: a fault of the template, never of the data.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {source}")]
pub struct RenderError {
    name: String,
    source: minijinja::Error,
}

#[derive(Serialize)]
struct Whole<'a, P> {
    frame: &'a Frame,
    page: &'a P,
}

impl Templates {
    /// The templates of this process, parsed once.
    pub fn shared() -> Result<&'static Self, WebError> {
        static SHARED: OnceLock<Result<Templates, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                Self::load(&Assets::shared().base()).map_err(|e| format!("{e}: {:?}", e.source))
            })
            .as_ref()
            .map_err(WebError::internal)
    }

    /// Parses the embedded templates; `assets` is the address below which static files stand.
    pub fn load(assets: &str) -> Result<Self, RenderError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => out.write_str(&escape(text)).map_err(Into::into),
            _ => minijinja::escape_formatter(out, state, value),
        });
        environment.add_global("assets", assets);
        environment.add_filter("num", format::number);
        environment.add_filter("grouped", format::grouped);
        environment.add_filter("duration", format::duration);
        environment.add_filter("bytes", format::bytes);
        environment.add_filter("pct", format::percent);
        for name in Sources::iter() {
            let Some(file) = Sources::get(&name) else {
                continue;
            };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            environment
                .add_template_owned(name.to_string(), source)
                .map_err(|source| RenderError { name: name.to_string(), source })?;
        }
        Ok(Self { environment })
    }

    /// Draws a page: `page` is ready for display.
    pub fn render<P: Serialize>(
        &self,
        name: &str,
        frame: &Frame,
        page: &P,
    ) -> Result<String, RenderError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(Serde(Whole { frame, page })))
            .map_err(|source| RenderError { name: name.to_owned(), source })
    }
}

/// Markup that the server drew itself: it is not escaped again.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Markup(Value);

impl Markup {
    /// Trusts `html`: every text in it has to be escaped already.
    #[must_use]
    pub fn trusted(html: String) -> Self {
        Self(Value::from_safe_string(html))
    }
}

impl Default for Markup {
    fn default() -> Self {
        Self::trusted(String::new())
    }
}
