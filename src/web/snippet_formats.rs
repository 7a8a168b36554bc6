//! The ways to bring the agent into a page (dem-semantics 1.4), and recipes for servers in front of pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::engine::snippet::{Code, settings_json, with_settings};
use crate::model::application::Application;

/// A way to bring the agent into a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnippetFormat {
    /// One file with code and settings; updates itself.
    Tag,
    /// Code under a name that never changes, settings in the page.
    Fixed,
    /// The same, and the browser checks the code by its digest.
    Integrity,
    /// Code and settings in the page.
    Inline,
    /// A few bytes in the page that fetch the tag without holding the page up.
    Loader,
}

impl SnippetFormat {
    /// All formats, the recommended one first.
    pub const ALL: &'static [Self] =
        &[Self::Tag, Self::Fixed, Self::Integrity, Self::Inline, Self::Loader];

    /// Name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Fixed => "fixed",
            Self::Integrity => "integrity",
            Self::Inline => "inline",
            Self::Loader => "loader",
        }
    }

    /// The format with a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Title for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tag => "JavaScript tag",
            Self::Fixed => "Tag with fixed code, settings in the page",
            Self::Integrity => "Tag with fixed code and integrity hash",
            Self::Inline => "Inline code",
            Self::Loader => "Loader snippet",
        }
    }

    /// What it is good for, and its price.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Tag => {
                "Recommended. One request; settings and new versions of the agent reach your visitors by themselves."
            }
            Self::Fixed => {
                "The code is cached for a year and never changes. When you change settings here or update Footfall, copy the line anew."
            }
            Self::Integrity => {
                "As before, and the browser refuses code that is not exactly this one. Copy the line anew after a change."
            }
            Self::Inline => {
                "No request for code, and nothing is missed; every page grows by it. Paste it anew after a change."
            }
            Self::Loader => {
                "Never holds the page up and updates itself. What happens before the agent has come is not seen, and calls of footfall.* must wait for it."
            }
        }
    }
}

/// A snippet, ready to be pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// HTML.
    pub html: String,
    /// What a Content-Security-Policy must have for it.
    pub policy: String,
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#39;")
}

fn hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())))
}

/// A snippet of an application; `base` is the address of the ingest listener.
#[must_use]
pub fn snippet(
    format: SnippetFormat,
    application: &Application,
    code: &Code,
    base: &str,
) -> Snippet {
    let id = application.id;
    let base = base.trim_end_matches('/');
    let file = format!("{base}/agent/{}.js", code.name);
    let settings = || attribute(&settings_json(application, base));
    let (html, source) = match format {
        SnippetFormat::Tag => {
            (format!("<script src=\"{base}/tag/{id}.js\"></script>"), base.to_owned())
        }
        SnippetFormat::Fixed => (
            format!("<script src=\"{file}\" data-settings='{}'></script>", settings()),
            base.to_owned(),
        ),
        SnippetFormat::Integrity => (
            format!(
                "<script src=\"{file}\" integrity=\"{}\" crossorigin=\"anonymous\" data-settings='{}'></script>",
                code.integrity,
                settings()
            ),
            base.to_owned(),
        ),
        SnippetFormat::Inline => {
            let script = with_settings(application, base);
            (format!("<script>{script}</script>"), hash(&script))
        }
        SnippetFormat::Loader => {
            let script = format!(
                "(function(d,s){{s=d.createElement(\"script\");s.src=\"{base}/tag/{id}.js\";d.head.appendChild(s)}})(document)"
            );
            let source = format!("{} {base}", hash(&script));
            (format!("<script>{script}</script>"), source)
        }
    };
    Snippet { html, policy: format!("script-src {source}; connect-src {base}") }
}

/// How a server puts the line into pages without anybody touching them: (server, what to know, configuration).
#[must_use]
pub fn recipes(line: &str, base: &str) -> Vec<(&'static str, &'static str, String)> {
    let base = base.trim_end_matches('/');
    let place = base.split_once("://").map_or(base, |(_, place)| place);
    let escaped = line.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    vec![
        (
            "nginx",
            "In the server or location block of the pages; needs ngx_http_sub_module, which the packages have.",
            format!(
                "proxy_set_header Accept-Encoding \"\";\nsub_filter_once on;\nsub_filter '<head>' '<head>{line}';"
            ),
        ),
        (
            "Apache",
            "In the virtual host; needs mod_substitute and mod_filter.",
            format!(
                "RequestHeader unset Accept-Encoding\nAddOutputFilterByType SUBSTITUTE text/html\nSubstitute 's|<head>|<head>{line}|i'"
            ),
        ),
        (
            "Caddy",
            "Needs a Caddy with the module github.com/caddyserver/replace-response.",
            format!(
                "replace {{\n\tmatch {{\n\t\theader Content-Type text/html*\n\t}}\n\t`<head>` `<head>{line}`\n}}"
            ),
        ),
        (
            "HAProxy",
            "HAProxy does not change pages: put the line into them with src=\"/tag/…\" of their own host, and let HAProxy bring agent and beacons here.",
            format!(
                "acl footfall path_beg /tag/ /agent/ /beacon/\nuse_backend footfall if footfall\n\nbackend footfall\n\toption forwardfor\n\tserver footfall {place}"
            ),
        ),
        (
            "IIS",
            "In web.config, inside of system.webServer; needs URL Rewrite, and dynamic compression off for these pages.",
            format!(
                "<rewrite><outboundRules>\n  <rule name=\"Footfall\" preCondition=\"html\">\n    <match filterByTags=\"None\" pattern=\"&lt;head>\" />\n    <action type=\"Rewrite\" value=\"&lt;head>{escaped}\" />\n  </rule>\n  <preConditions><preCondition name=\"html\">\n    <add input=\"{{RESPONSE_CONTENT_TYPE}}\" pattern=\"^text/html\" />\n  </preCondition></preConditions>\n</outboundRules></rewrite>"
            ),
        ),
    ]
}

#[cfg(test)]
#[path = "snippet_formats_tests.rs"]
mod tests;
