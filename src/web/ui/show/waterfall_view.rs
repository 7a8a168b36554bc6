//! What the address of a waterfall says: finding, search, order, groups, and the row that is opened.

use serde::Deserialize;

use super::shell::address;
use crate::base::text;
use crate::logic::waterfall::{Finding, host, is_third_party};
use crate::model::action::Resource;
use crate::web::ui::frame::Link;

/// Parameters of a waterfall.
#[derive(Debug, Default, Deserialize)]
pub struct WaterfallQuery {
    /// Name of a finding: its rows are marked, the others dimmed.
    pub find: Option<String>,
    /// Search: words in addresses, `type:`, `host:`, `status:`, `size>`.
    pub q: Option<String>,
    /// `duration`, `size` or `name`; else the start.
    pub sort: Option<String>,
    /// `host`; else by kind.
    pub group: Option<String>,
    /// `hide` leaves requests to other sites out.
    pub third: Option<String>,
    /// Number of the row that is opened.
    pub row: Option<usize>,
}

/// Order of rows within their groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Start of the request.
    #[default]
    Start,
    /// The longest first.
    Duration,
    /// The largest first.
    Size,
    /// By address.
    Name,
}

impl Sort {
    /// All orders with their words.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Start, "", "start"),
        (Self::Duration, "duration", "duration"),
        (Self::Size, "size", "size"),
        (Self::Name, "name", "name"),
    ];
}

/// What is shown of a waterfall.
#[derive(Debug, Clone, Default)]
pub struct WaterfallView {
    /// Finding whose rows are marked.
    pub finding: Option<Finding>,
    /// Search as typed.
    pub text: String,
    /// Order.
    pub sort: Sort,
    /// Whether rows are grouped by host.
    pub is_by_host: bool,
    /// Whether requests to other sites are left out.
    pub hides_third: bool,
    /// The row that is opened.
    pub row: Option<usize>,
}

impl WaterfallView {
    /// Reads the address; what makes no sense is the default.
    #[must_use]
    pub fn of(query: &WaterfallQuery) -> Self {
        let sort = query.sort.as_deref().unwrap_or_default();
        Self {
            finding: query.find.as_deref().and_then(Finding::parse),
            text: text::cut(query.q.as_deref().unwrap_or_default().trim(), 256).to_owned(),
            sort: Sort::ALL
                .into_iter()
                .find(|(_, name, _)| *name == sort)
                .map_or(Sort::Start, |s| s.0),
            is_by_host: query.group.as_deref() == Some("host"),
            hides_third: query.third.as_deref() == Some("hide"),
            row: query.row,
        }
    }

    /// All that is not the default: (name, value).
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let sort = Sort::ALL.into_iter().find(|(own, _, _)| *own == self.sort);
        let all = [
            ("find", self.finding.map_or("", Finding::name).to_owned()),
            ("q", self.text.clone()),
            ("sort", sort.map_or("", |(_, name, _)| name).to_owned()),
            ("group", if self.is_by_host { "host" } else { "" }.to_owned()),
            ("third", if self.hides_third { "hide" } else { "" }.to_owned()),
            ("row", self.row.map_or_else(String::new, |row| row.to_string())),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The page with this view.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        let parameters = self.parameters();
        let parameters: Vec<(&str, &str)> =
            parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address(path, &parameters)
    }

    /// Ways to change order and groups.
    #[must_use]
    pub fn switches(&self, path: &str) -> (Vec<Link>, Vec<Link>) {
        let sorts = Sort::ALL.into_iter().map(|(sort, _, word)| Link {
            is_current: sort == self.sort,
            ..Link::new(word, &Self { sort, row: None, ..self.clone() }.href(path))
        });
        let group = |label, is_by_host| Link {
            is_current: is_by_host == self.is_by_host,
            ..Link::new(label, &Self { is_by_host, row: None, ..self.clone() }.href(path))
        };
        (sorts.collect(), vec![group("by kind", false), group("by host", true)])
    }

    /// Whether a row is shown.
    #[must_use]
    pub fn shows(&self, row: &Resource, kind: &str, page: &str) -> bool {
        let is_hidden = self.hides_third && is_third_party(&row.url, page);
        !is_hidden && self.text.split_whitespace().all(|term| fits(term, row, kind))
    }

    /// Puts rows in order; `rows` are (number, row).
    pub fn order(&self, rows: &mut [(usize, &Resource)]) {
        match self.sort {
            Sort::Start => {}
            Sort::Duration => rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.duration)),
            Sort::Size => rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.transfer_bytes)),
            Sort::Name => rows.sort_by(|a, b| a.1.url.cmp(&b.1.url)),
        }
    }
}

fn fits(term: &str, row: &Resource, kind: &str) -> bool {
    let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
    if let Some(size) = term.strip_prefix("size>") {
        return kilobytes(size).is_some_and(|least| row.transfer_bytes > least);
    }
    match term.split_once(':') {
        Some(("type", wanted)) => has(kind, wanted),
        Some(("host", wanted)) => has(host(&row.url), wanted),
        Some(("status", wanted)) => {
            row.status.to_string().starts_with(wanted.trim_end_matches('x'))
        }
        _ => has(&row.url, term),
    }
}

/// A size in bytes: `100`, `100k`, `1M`.
fn kilobytes(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(['b', 'B']);
    let (digits, factor) = match text.split_at_checked(text.len().saturating_sub(1))? {
        (digits, "k" | "K") => (digits, 1_000),
        (digits, "m" | "M") => (digits, 1_000_000),
        _ => (text, 1),
    };
    digits.parse::<u32>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_word_type_host_status_and_size() {
        let row = Resource {
            url: "https://cdn.example.com/App.js?v=2".to_owned(),
            status: 503,
            transfer_bytes: 120_000,
            ..Resource::default()
        };
        for (text, expected) in [
            ("", true),
            ("app.js", true),
            ("host:cdn", true),
            ("host:shop", false),
            ("type:script", true),
            ("type:image", false),
            ("status:503", true),
            ("status:5xx", true),
            ("status:4xx", false),
            ("size>100k", true),
            ("size>1M", false),
            ("size>nonsense", false),
            ("app host:cdn status:5", true),
            ("app host:shop", false),
        ] {
            let view = WaterfallView { text: text.to_owned(), ..WaterfallView::default() };
            assert_eq!(view.shows(&row, "script", "https://shop.example.com/"), expected, "{text}");
        }
    }

    #[test]
    fn the_address_says_the_view_and_nothing_of_the_defaults() {
        assert_eq!(WaterfallView::of(&WaterfallQuery::default()).href("/w"), "/w");
        let query = WaterfallQuery {
            find: Some("failed".to_owned()),
            q: Some("a b".to_owned()),
            sort: Some("size".to_owned()),
            group: Some("host".to_owned()),
            third: Some("hide".to_owned()),
            row: Some(3),
        };
        let href = WaterfallView::of(&query).href("/w");
        assert_eq!(href, "/w?find=failed&q=a+b&sort=size&group=host&third=hide&row=3");
    }
}
