//! Parts of the list of sessions: the filter in the box, facets, time range, bars over time.

use super::period;
use super::shell::{address, plural};
use crate::base::text;
use crate::base::time::{MINUTE_MILLIS, Timestamp};
use crate::logic::query_parser::{parse, print, print_term};
use crate::model::application::Application;
use crate::model::query::{Field, Filter, Term, Test, Value};
use crate::search::{Bucket, Facet as FoundFacet, SearchCounts};
use crate::web::api::session_order::Order;
use crate::web::charts::bars::{self, Bar, Bars};
use crate::web::charts::time_axis::TimeAxis;
use crate::web::templates::Markup;
use crate::web::ui::frame::{Link, TimeRange};
use crate::web::ui::parts::Choice;
use crate::web::ui::sessions::{Facet, FacetRow, StretchForm, Token};
use crate::web::{countries, format};

/// What the address of a list says.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Path of the list.
    pub path: String,
    /// The filter, parsed.
    pub filter: Filter,
    /// Start as typed; empty for the default.
    pub from: String,
    /// End as typed; empty for the default.
    pub to: String,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// Order of the rows.
    pub order: Order,
    /// Columns, joined by commas; empty for the usual ones.
    pub cols: String,
    /// Rows of a page.
    pub rows: usize,
    /// Field whose facet shows all its values; empty for none.
    pub more: String,
}

impl View {
    /// The list with another filter.
    #[must_use]
    pub fn with(&self, filter: &Filter) -> String {
        self.address(&print(filter), &self.from, &self.to, "")
    }

    /// The list with another range.
    #[must_use]
    pub fn during(&self, from: &str, to: &str) -> String {
        self.address(&print(&self.filter), from, to, "")
    }

    /// The same list from another place on.
    #[must_use]
    pub fn after(&self, cursor: &str) -> String {
        self.address(&print(&self.filter), &self.from, &self.to, cursor)
    }

    /// The list in another order.
    #[must_use]
    pub fn sorted(&self, order: Order) -> String {
        Self { order, ..self.clone() }.after("")
    }

    /// The list with all values of one facet.
    #[must_use]
    pub fn with_more(&self, field: &str) -> String {
        Self { more: field.to_owned(), ..self.clone() }.after("")
    }

    /// Parameters that are not the filter and the place; what has its default is left out.
    #[must_use]
    pub fn kept(&self) -> Vec<(String, String)> {
        let order = if self.order.is_of_index() { String::new() } else { self.order.to_string() };
        let rows = match self.rows {
            0 | ROWS => String::new(),
            rows => rows.to_string(),
        };
        let all = [
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("sort", order),
            ("cols", self.cols.clone()),
            ("n", rows),
            ("more", self.more.clone()),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn address(&self, query: &str, from: &str, to: &str, after: &str) -> String {
        let range = Self { from: from.to_owned(), to: to.to_owned(), ..self.clone() };
        let mut rest = range.kept();
        rest.push(("after".to_owned(), after.to_owned()));
        let rest: Vec<(&str, &str)> =
            rest.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if query == DEFAULT_FILTER {
            return address(&self.path, &rest);
        }
        let query = super::shell::encode(query);
        format!("{}?q={query}{}", self.path, address("", &rest).replacen('?', "&", 1))
    }
}

/// Rows of a page when nothing is said.
pub const ROWS: usize = 50;
/// Values of a facet before somebody asks for more.
const FACET_ROWS: usize = 5;

/// What is asked when nothing is asked: robots and monitors are left out, and it shows.
pub const DEFAULT_FILTER: &str = "user.type:real";

/// Adds what was typed into the filter box, at most 1,024 bytes of it; says whether there was anything.
pub fn add_typed(filter: &mut Filter, typed: Option<&str>) -> bool {
    let typed = typed.map(str::trim).unwrap_or_default();
    filter.terms.extend(parse(text::cut(typed, 1_024)).terms);
    code_countries(filter);
    !typed.is_empty()
}

/// The terms of the filter for the box.
#[must_use]
pub fn tokens(view: &View) -> Vec<Token> {
    let terms = view.filter.terms.iter().enumerate();
    terms.map(|(index, term)| token(term, view.with(&view.filter.without(index)))).collect()
}

/// A term, and the page without it.
#[must_use]
pub fn token(term: &Term, without: String) -> Token {
    let text = print_term(term);
    let (field, value) = match &term.test {
        Test::Values { field, .. } => {
            let name = field.name();
            let rest = text.trim_start_matches('-').strip_prefix(&name).unwrap_or(&text);
            let sign = if term.is_negated { "not " } else { "" };
            let value =
                country_names(term).unwrap_or_else(|| rest.trim_start_matches(':').to_owned());
            (format!("{sign}{name}"), value)
        }
        _ => (String::new(), text),
    };
    let error = match &term.test {
        Test::Invalid(problem) => problem.to_string(),
        _ => String::new(),
    };
    Token { field, value, without, error }
}

/// The countries of a term by name; none when it asks for something else.
fn country_names(term: &Term) -> Option<String> {
    let Test::Values { field: Field::Country, values } = &term.test else {
        return None;
    };
    let names = values.iter().map(|value| match value {
        Value::Is(code) => Some(countries::name(code)),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().map(|names| names.join(", "))
}

/// Puts the code where somebody typed the name of a country: the index knows codes.
pub fn code_countries(filter: &mut Filter) {
    for term in &mut filter.terms {
        if let Test::Values { field: Field::Country, values } = &mut term.test {
            for value in values {
                if let Value::Is(text) = value
                    && let Some(code) = countries::code(text)
                {
                    *value = Value::Is(code.to_owned());
                }
            }
        }
    }
}

/// Facets with their values as links that widen or narrow the filter.
#[must_use]
pub fn facets(view: &View, counts: &SearchCounts, applications: &[Application]) -> Vec<Facet> {
    let mut facets = vec![outcome_facet(view, counts)];
    for found in &counts.facets {
        if found.values.is_empty() || found.field == Field::UserType {
            continue;
        }
        let name = found.field.name();
        let is_open = view.more == name;
        let most = if is_open { usize::MAX } else { FACET_ROWS };
        let values = found.values.iter().take(most);
        let rows = values.map(|(value, count)| {
            let label = label(&found.field, value, applications);
            let asked = match found.field {
                Field::App => label.clone(),
                _ => value.clone(),
            };
            facet_row(view, &found.field, label, &asked, *count)
        });
        let rows: Vec<FacetRow> = rows.collect();
        let (more, rest) = more(view, &name, found, rows.len());
        facets.push(Facet { title: title(&found.field).to_owned(), rows, more, rest });
    }
    facets.retain(|facet| !facet.rows.is_empty());
    facets.sort_by_key(|facet| order(&facet.title));
    facets
}

/// The way to more or fewer values of a facet, and a word on those that no list shows.
fn more(view: &View, name: &str, found: &FoundFacet, shown: usize) -> (Option<Link>, String) {
    if view.more == name {
        let hidden = found.distinct.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
        let rest = if hidden == 0 {
            String::new()
        } else {
            format!("and {}: type {name}: into the filter", plural(hidden, "other"))
        };
        return (Some(Link::new("Fewer", &view.with_more(""))), rest);
    }
    let hidden = found.distinct.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
    let link = Link::new(&format!("{} more", format::number(hidden)), &view.with_more(name));
    ((hidden > 0).then_some(link), String::new())
}

fn outcome_facet(view: &View, counts: &SearchCounts) -> Facet {
    let mut rows = Vec::new();
    if counts.live > 0 {
        rows.push(facet_row(view, &Field::Live, "Live now".to_owned(), "yes", counts.live));
    }
    Facet { title: "State".to_owned(), rows, ..Facet::default() }
}

fn facet_row(view: &View, field: &Field, label: String, value: &str, count: u64) -> FacetRow {
    let value = Value::Is(value.to_owned());
    let is_on = view.filter.has_value(field, &value);
    let filter = if is_on {
        without_value(&view.filter, field, &value)
    } else {
        view.filter.with_value(field, value)
    };
    FacetRow { label, count, href: view.with(&filter), is_on }
}

fn without_value(filter: &Filter, field: &Field, value: &Value) -> Filter {
    let mut filter = filter.clone();
    for term in &mut filter.terms {
        if let Test::Values { field: own, values } = &mut term.test
            && own == field
            && !term.is_negated
        {
            values.retain(|other| other != value);
        }
    }
    filter
        .terms
        .retain(|term| !matches!(&term.test, Test::Values { values, .. } if values.is_empty()));
    filter
}

/// A value in words.
#[must_use]
pub fn label(field: &Field, value: &str, applications: &[Application]) -> String {
    match field {
        Field::App => applications
            .iter()
            .find(|application| application.id.to_string() == value)
            .map_or_else(|| value.to_owned(), |application| application.name.clone()),
        Field::Country => countries::name(value),
        Field::ErrorType if value == "javascript" => "JavaScript".to_owned(),
        // Names that others gave are written as they are.
        Field::Os | Field::Browser | Field::Device | Field::Release | Field::Campaign => {
            value.to_owned()
        }
        Field::Entry | Field::Exit | Field::Page => value.to_owned(),
        Field::Bounce => yes_no(value, "Bounced", "Stayed"),
        Field::Live => yes_no(value, "Live", "Ended"),
        Field::UserNew => yes_no(value, "New", "Returning"),
        _ => {
            let mut letters = value.replace('_', " ");
            if let Some(first) = letters.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            letters
        }
    }
}

fn yes_no(value: &str, yes: &str, no: &str) -> String {
    if value == "yes" { yes } else { no }.to_owned()
}

fn title(field: &Field) -> &'static str {
    match field {
        Field::Experience => "Experience",
        Field::App => "Application",
        Field::Country => "Country",
        Field::DeviceType => "Device",
        Field::Browser => "Browser",
        Field::Os => "System",
        Field::ErrorType => "Errors",
        Field::Bounce => "Bounce",
        Field::Live => "State",
        Field::UserNew => "Visitor",
        Field::Release => "Release",
        Field::End => "Ended by",
        Field::City => "City",
        Field::Page => "Page",
        Field::Entry => "Entry page",
        Field::Exit => "Exit page",
        Field::Language => "Language",
        Field::Connection => "Connection",
        Field::Campaign => "Campaign",
        Field::Device => "Device model",
        Field::Region => "Region",
        Field::Isp => "Internet provider",
        Field::BrowserVersion => "Browser version",
        Field::OsVersion => "System version",
        other => other.info().map_or("Property", |info| info.help),
    }
}

fn order(title: &str) -> usize {
    const ORDER: [&str; 8] =
        ["State", "Experience", "Errors", "Bounce", "Application", "Country", "Device", "Browser"];
    ORDER.iter().position(|own| *own == title).unwrap_or(ORDER.len())
}

/// The time range and how to change it.
#[must_use]
pub fn time_range(view: &View, zone: &str, (now, days_kept): (Timestamp, u16)) -> TimeRange {
    const PRESETS: [(&str, &str); 7] = [
        ("Last 30 minutes", "-30m"),
        ("Last 2 hours", "-2h"),
        ("Last 24 hours", ""),
        ("Last 2 days", "-2d"),
        ("Last 7 days", "-7d"),
        ("Last 14 days", "-14d"),
        ("Last 30 days", "-30d"),
    ];
    let is_open = view.to.is_empty() || view.to == "now";
    let known = PRESETS.iter().find(|(_, from)| is_open && *from == view.from);
    let length = view.end.0.saturating_sub(view.start.0).max(MINUTE_MILLIS);
    let text = |at: i64| Timestamp(at).rfc3339();
    let earlier = view.during(&text(view.start.0 - length), &text(view.start.0));
    let later = view.during(&text(view.end.0), &text(view.end.0.saturating_add(length)));
    TimeRange {
        label: known
            .map_or_else(|| period::label(&view.from, is_open), |(label, _)| (*label).to_owned()),
        span: format!(
            "{} – {}",
            view.start.format("%-d %b %H:%M", zone),
            view.end.format("%-d %b %H:%M", zone)
        ),
        presets: PRESETS
            .iter()
            .map(|(label, from)| Link {
                is_current: is_open && *from == view.from,
                ..Link::new(label, &view.during(from, ""))
            })
            .collect(),
        earlier,
        later: if is_open { String::new() } else { later },
        wider: period::wider(&view.from, is_open, (view.start, view.end), (now, days_kept))
            .map_or_else(String::new, |(from, to)| view.during(&from, &to)),
        kept: period::kept(days_kept),
        action: view.path.clone(),
        keep: kept_by_range(view),
        from: if view.from.is_empty() { "-24h".to_owned() } else { view.from.clone() },
        to: if view.to.is_empty() { "now".to_owned() } else { view.to.clone() },
        compare: Vec::new(),
    }
}

fn kept_by_range(view: &View) -> Vec<(String, String)> {
    let mut kept = view.kept();
    kept.retain(|(name, _)| name != "from" && name != "to");
    kept.push(("q".to_owned(), print(&view.filter)));
    kept
}

/// A form that takes the range from one bar to another: what dragging over the chart does.
#[must_use]
pub fn stretch(view: &View, buckets: &[Bucket], zone: &str) -> Option<StretchForm> {
    let label = |at: Timestamp| at.format("%-d %b %H:%M", zone);
    let choice =
        |at: Timestamp, is_chosen| Choice { value: at.rfc3339(), label: label(at), is_chosen };
    let ends = buckets.iter().skip(1).map(|next| next.at).chain([view.end]);
    let from = buckets.iter().enumerate().map(|(place, bucket)| choice(bucket.at, place == 0));
    let last = buckets.len().saturating_sub(1);
    let to = ends.enumerate().map(|(place, at)| choice(at, place == last));
    (buckets.len() > 1).then(|| StretchForm {
        action: view.path.clone(),
        keep: kept_by_range(view),
        from: from.collect(),
        to: to.collect(),
    })
}

/// The time of a list as its chart shows it.
#[must_use]
pub const fn time_axis<'a>(view: &View, zone: &'a str) -> TimeAxis<'a> {
    TimeAxis { from: view.start, to: view.end, zone }
}

/// Sessions over time by experience.
#[must_use]
pub fn histogram(view: &View, buckets: &[Bucket], zone: &str) -> Option<Markup> {
    let axis = time_axis(view, zone);
    let ends = buckets.iter().skip(1).map(|next| next.at).chain([view.end]);
    let all = |bucket: &Bucket| {
        bucket.satisfied + bucket.tolerated + bucket.frustrated + bucket.undefined
    };
    let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX / 8);
    let bars = buckets.iter().zip(ends).map(|(bucket, end)| Bar {
        title: format!(
            "{}: {}, {} frustrated",
            span(bucket.at, end, zone),
            plural(all(bucket), "session"),
            format::number(bucket.frustrated)
        ),
        href: view.during(&bucket.at.rfc3339(), &end.rfc3339()),
        parts: vec![
            count(bucket.satisfied),
            count(bucket.tolerated),
            count(bucket.frustrated),
            count(bucket.undefined),
        ],
        span: (axis.place(bucket.at), axis.place(end)),
    });
    let chart = Bars {
        bars: bars.collect(),
        marks: axis.marks(),
        classes: vec!["fill-good", "fill-fair", "fill-bad", "fill-none"],
        finding: String::from("Sessions over time by experience; each bar leads to its sessions"),
    };
    buckets.iter().any(|bucket| all(bucket) > 0).then(|| bars::draw(&chart))
}

/// A span of time in words, with the day once when both ends are on it.
#[must_use]
pub fn span(from: Timestamp, to: Timestamp, zone: &str) -> String {
    let day = |at: Timestamp| at.format("%a %-d %b", zone);
    let is_midnight = |at: Timestamp| at.format("%H:%M:%S", zone) == "00:00:00";
    let last = Timestamp(to.0.saturating_sub(1).max(from.0));
    match (is_midnight(from) && is_midnight(to), day(from) == day(last)) {
        (true, true) => day(from),
        (true, false) => format!("{} – {}", day(from), day(last)),
        (false, true) => {
            format!("{} {} – {}", day(from), from.format("%H:%M", zone), to.format("%H:%M", zone))
        }
        (false, false) => {
            let text = |at: Timestamp| format!("{} {}", day(at), at.format("%H:%M", zone));
            format!("{} – {}", text(from), text(to))
        }
    }
}
