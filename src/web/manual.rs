//! The manual: Markdown inside the binary, drawn once. Raw HTML in it stays text.

use std::fmt::Write;
use std::sync::OnceLock;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use rust_embed::RustEmbed;

use super::templates::Markup;

#[derive(RustEmbed)]
#[folder = "assets/help"]
struct Sources;

/// The order of reading; topics that are not named follow by name.
const ORDER: &[&str] = &[
    "first-steps",
    "snippet",
    "agent",
    "find-a-person",
    "filters",
    "numbers",
    "privacy",
    "roles",
    "api",
    "analysis",
    "outcomes",
    "problems",
    "backup",
    "keyboard",
    "glossary",
    "licenses",
];

/// Start of a table that scrolls by itself.
const TABLE: &str = "<div class=\"table-wrap\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table class=\"table\">";

/// Letters of an excerpt.
const EXCERPT: usize = 160;
/// Hits of one search.
const HITS_MAX: usize = 30;

/// One page of the manual.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Name in the address: that of the file.
    pub name: String,
    /// Title.
    pub title: String,
    /// First paragraph, plain.
    pub summary: String,
    /// The page below its title.
    pub html: Markup,
    /// Parts of it.
    pub parts: Vec<Part>,
}

/// What stands below one heading.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Id of the heading in the page; empty above the first one.
    pub id: String,
    /// The heading.
    pub title: String,
    /// Text without marks.
    pub text: String,
}

/// A place in the manual that has what was looked for.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Title of the topic, and of the part.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// The text around.
    pub excerpt: String,
}

/// All topics in the order of reading.
#[must_use]
pub fn topics() -> &'static [Topic] {
    static TOPICS: OnceLock<Vec<Topic>> = OnceLock::new();
    TOPICS.get_or_init(|| {
        let mut topics: Vec<Topic> = Sources::iter()
            .filter_map(|file| {
                let source = Sources::get(&file)?;
                let name = file.strip_suffix(".md")?;
                Some(topic(name, &String::from_utf8_lossy(&source.data)))
            })
            .collect();
        let place = |topic: &Topic| ORDER.iter().position(|name| *name == topic.name);
        topics.sort_by(|a, b| {
            let (a_place, b_place) =
                (place(a).unwrap_or(usize::MAX), place(b).unwrap_or(usize::MAX));
            a_place.cmp(&b_place).then_with(|| a.name.cmp(&b.name))
        });
        topics
    })
}

/// Places whose heading or text has every word: those with a word in the heading first.
#[must_use]
pub fn find(text: &str) -> Vec<Hit> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).take(8).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(bool, Hit)> = Vec::new();
    for topic in topics() {
        for part in &topic.parts {
            let title = format!("{} {}", topic.title, part.title).to_lowercase();
            let body = part.text.to_lowercase();
            if words
                .iter()
                .all(|word| title.contains(word.as_str()) || body.contains(word.as_str()))
            {
                let is_title = words.iter().any(|word| title.contains(word.as_str()));
                found.push((!is_title, hit(topic, part, words.first().map_or("", String::as_str))));
            }
        }
    }
    found.sort_by_key(|(is_late, _)| *is_late);
    found.into_iter().map(|(_, hit)| hit).take(HITS_MAX).collect()
}

fn hit(topic: &Topic, part: &Part, word: &str) -> Hit {
    let (mut title, mut href) = (topic.title.clone(), format!("/help/{}", topic.name));
    if !part.id.is_empty() {
        let _ = write!(title, " · {}", part.title);
        let _ = write!(href, "#{}", part.id);
    }
    Hit { title, href, excerpt: excerpt(&part.text, word) }
}

/// The text around the first place of a word, cut at spaces.
fn excerpt(text: &str, word: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|own| own.to_lowercase().contains(word)).unwrap_or(0);
    let start = at.saturating_sub(8);
    let mut out = if start > 0 { "…".to_owned() } else { String::new() };
    for own in words.iter().skip(start) {
        if out.chars().count() + own.chars().count() > EXCERPT {
            out.push('…');
            break;
        }
        if !out.is_empty() && !out.ends_with('…') {
            out.push(' ');
        }
        out.push_str(own);
    }
    out
}

/// Letters, digits and `_` of a heading, joined by `-`.
fn slug(title: &str) -> String {
    let mut out = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() || letter == '_' {
            out.push(letter);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// What was read of a file so far.
#[derive(Default)]
struct Reading {
    title: String,
    summary: String,
    has_summary: bool,
    parts: Vec<Part>,
    heading: String,
    in_heading: bool,
}

impl Reading {
    /// Notes what the event tells; answers what is drawn for it.
    fn take<'a>(&mut self, event: Event<'a>) -> Vec<Event<'a>> {
        match &event {
            Event::Start(Tag::Heading { .. }) => {
                self.in_heading = true;
                self.heading.clear();
                return Vec::new();
            }
            Event::End(TagEnd::Heading(level)) => return self.end_heading(*level),
            Event::Text(text) | Event::Code(text) => {
                if self.in_heading {
                    self.heading.push_str(text);
                    return Vec::new();
                }
                self.add(text);
            }
            Event::SoftBreak | Event::HardBreak => self.add(" "),
            Event::End(end) => {
                self.has_summary |= *end == TagEnd::Paragraph;
                self.add(" ");
            }
            _ => {}
        }
        vec![event]
    }

    fn add(&mut self, text: &str) {
        if let Some(part) = self.parts.last_mut() {
            part.text.push_str(text);
        }
        if !self.has_summary {
            self.summary.push_str(text);
        }
    }

    fn end_heading<'a>(&mut self, level: HeadingLevel) -> Vec<Event<'a>> {
        self.in_heading = false;
        if level == HeadingLevel::H1 {
            self.title.clone_from(&self.heading);
            return Vec::new();
        }
        let id = slug(&self.heading);
        self.parts.push(Part { id: id.clone(), title: self.heading.clone(), text: String::new() });
        vec![
            Event::Start(Tag::Heading {
                level,
                id: Some(id.into()),
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
            Event::Text(self.heading.clone().into()),
            Event::End(TagEnd::Heading(level)),
        ]
    }
}

/// Draws one file.
fn topic(name: &str, source: &str) -> Topic {
    let mut reading = Reading { parts: vec![Part::default()], ..Reading::default() };
    let events = Parser::new_ext(source, Options::ENABLE_TABLES).map(harmless);
    let drawn: Vec<Event<'_>> = events.flat_map(|event| reading.take(event)).collect();
    let mut out = String::new();
    html::push_html(&mut out, drawn.into_iter());
    // A wide table scrolls by itself, also by keys.
    let out = out
        .replace("<table>", TABLE)
        .replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
        .replace("<pre>", "<pre tabindex=\"0\">");
    let Reading { title, summary, parts, .. } = reading;
    Topic {
        name: name.to_owned(),
        title,
        summary: summary.trim().to_owned(),
        html: Markup::trusted(out),
        parts,
    }
}

/// Markup becomes text, and links stay on this server.
fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url: CowStr<'_> =
                if dest_url.starts_with(['/', '#']) && !dest_url.starts_with("//") {
                    dest_url
                } else {
                    "#main".into()
                };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

#[cfg(test)]
#[path = "manual_tests.rs"]
mod tests;
