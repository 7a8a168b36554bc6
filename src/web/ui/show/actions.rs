//! `/apps/{application}/actions`: which user actions cost people the most time or patience.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::applications::{Tab, tabs};
use super::delta::{self, Better};
use super::overview::{find_box_of, in_address, typed};
use super::period::{PeriodQuery, PeriodView};
use super::shell::{self, address, plural};
use crate::logic::query_parser::print;
use crate::model::action::ActionKind;
use crate::model::application::Application;
use crate::model::query::{Field, Filter, Value};
use crate::web::api::actions::{ActionRow, Asked, Ranking, Sort, kind_of, rank};
use crate::web::api::applications::find;
use crate::web::api::sessions::refuse_masked_fields;
use crate::web::auth::Identity;
use crate::web::charts::meter::meter;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::gate::see_other;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::actions::{ActionLine, ActionsPage};
use crate::web::ui::applications::SortHead;
use crate::web::ui::frame::{Link, Section};

/// Rows of a page.
const ROWS: usize = 50;
/// Actions below which percentiles say little.
const COUNT_MIN: u64 = 20;
/// Below a minute.
const MINUTE_MILLIS: u64 = 60_000;
/// Sort keys with their headings.
const HEADS: [(&str, &str, bool); 8] = [
    ("name", "User action", false),
    ("count", "Count", true),
    ("total", "Total time", true),
    ("median", "Median", true),
    ("p75", "p75", true),
    ("p95", "p95", true),
    ("errors", "With errors", true),
    ("apdex", "Apdex", false),
];

/// What the address says beyond the range.
#[derive(Debug, Default, Deserialize)]
pub struct ActionsQuery {
    /// Range, filter, comparison.
    #[serde(flatten)]
    pub period: PeriodQuery,
    /// Only this type.
    pub r#type: Option<String>,
    /// Rows before this page.
    pub after: Option<String>,
}

/// `GET /apps/{application}/actions`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    id: Path<String>,
    query: Query<ActionsQuery>,
) -> Result<HttpResponse, WebError> {
    let application = find(&state, &id)?;
    let now = state.services.now();
    let zone = shell::zone(&identity);
    let path = format!("/apps/{}/actions", application.id);
    let mut view = PeriodView::new(&path, &query.period, now)?;
    let mut filter = typed(query.period.q.as_deref());
    let kind = kind_of(query.r#type.as_deref().unwrap_or_default());
    let sort = Sort::parse(query.period.sort.as_deref())
        .unwrap_or(Sort { key: "total", is_turned: false });
    let sorted = format!("{}{}", if sort.is_turned { "-" } else { "" }, sort.key);
    view.keep = vec![
        ("q", in_address(&filter)),
        ("type", kind.map(ActionKind::word).unwrap_or_default().to_owned()),
        ("sort", if sorted == "total" { String::new() } else { sorted }),
    ];
    let more = query.period.text.as_deref();
    if super::sessions_parts::add_typed(&mut filter, more) {
        return Ok(see_other(&view.with(&[("q", &in_address(&filter))])));
    }
    refuse_masked_fields(&filter, identity.sees_unmasked())?;
    let mut page = ActionsPage {
        name: application.name.clone(),
        tabs: tabs(&application, &identity, Tab::Actions),
        kinds: kinds(&view, kind),
        find: find_box_of(
            &view,
            &filter,
            "Filter the user actions",
            "Add a filter: action:buy, page:/checkout, browser:Safari…",
        ),
        heads: heads(&view, sort),
        ..ActionsPage::default()
    };
    if filter.is_valid() {
        let asked = Asked {
            application: application.id,
            range: (view.start, view.end),
            compare_from: view.compare.start(view.start, view.end),
            filter: filter.clone(),
            kind,
            sort,
        };
        let ranking = rank(&state, asked).await?;
        let after = query.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
        fill(&mut page, &ranking, &view, (&application, &filter), after);
        if identity.can(Permission::ExportSessions) && !ranking.rows.is_empty() {
            page.exports = exports(&application, &view);
        }
    } else {
        "A term of the filter is not understood. Remove it, or mend it."
            .clone_into(&mut page.nothing);
        page.ways = vec![Link::new("Without the filter", &view.with(&[("q", "")]))];
    }
    let mut frame = shell::frame(&identity, Section::Applications, "User actions", now);
    frame = shell::below(frame, "Applications", "/apps");
    frame = shell::below(frame, &application.name, &format!("/apps/{}", application.id));
    frame.time_range = Some(view.control(&zone, now, state.services.config.data.retention_days));
    shell::page("pages/actions.html", &frame, &page)
}

/// A sum of durations: exact while it is short.
fn length(millis: u64) -> String {
    if millis < MINUTE_MILLIS { format::duration(millis) } else { format::span(millis) }
}

fn kinds(view: &PeriodView, current: Option<ActionKind>) -> Vec<Link> {
    let all = [
        ("All", None),
        ("Loads", Some(ActionKind::PageLoad)),
        ("XHR", Some(ActionKind::Xhr)),
        ("Custom", Some(ActionKind::Custom)),
    ];
    all.into_iter()
        .map(|(label, kind)| {
            let word = kind.map(ActionKind::word).unwrap_or_default();
            Link { is_current: kind == current, ..Link::new(label, &view.with(&[("type", word)])) }
        })
        .collect()
}

fn heads(view: &PeriodView, sort: Sort) -> Vec<SortHead> {
    HEADS
        .iter()
        .map(|(key, label, is_number)| {
            let is_current = sort.key == *key;
            let turned = if is_current && !sort.is_turned { "-" } else { "" };
            let sorted = format!("{turned}{key}");
            SortHead {
                label,
                href: view.with(&[("sort", if sorted == "total" { "" } else { &sorted })]),
                order: match (is_current, *is_number != sort.is_turned) {
                    (false, _) => "",
                    (true, true) => "descending",
                    (true, false) => "ascending",
                },
                is_number: *is_number,
            }
        })
        .collect()
}

fn fill(
    page: &mut ActionsPage,
    ranking: &Ranking,
    view: &PeriodView,
    about: (&Application, &Filter),
    after: usize,
) {
    let total: u64 = ranking.rows.iter().map(|row| row.total).sum();
    let count: u64 = ranking.rows.iter().map(|row| row.count).sum();
    let names = u64::try_from(ranking.rows.len()).unwrap_or(u64::MAX);
    page.facts = format!(
        "{} with {}, {} in all",
        plural(names, "name"),
        plural(count, "user action"),
        length(total)
    );
    let shown = ranking.rows.iter().skip(after).take(ROWS);
    page.rows = shown.map(|row| line(row, total, view, about)).collect();
    let at = |after: usize| {
        view.with(&[("after", &if after == 0 { String::new() } else { after.to_string() })])
    };
    if after > 0 {
        page.pages.push(Link::new("Previous", &at(after.saturating_sub(ROWS))));
    }
    if after.saturating_add(ROWS) < ranking.rows.len() {
        page.pages.push(Link::new("Next", &at(after + ROWS)));
    }
    if !ranking.missing_days.is_empty() {
        let days: Vec<String> = ranking.missing_days.iter().map(ToString::to_string).collect();
        page.notes.push(format!("Not complete yet, being read: {}", days.join(", ")));
    }
    if ranking.is_cut {
        page.notes.push("More names than are kept: the rare ones are not here".to_owned());
    }
    if ranking.rows.is_empty() {
        "No user action fits in this time.".clone_into(&mut page.nothing);
        page.ways = vec![
            Link::new("Last 30 days", &view.with(&[("from", "-30d"), ("to", "")])),
            Link::new("Without the filter", &view.with(&[("q", " "), ("type", "")])),
            Link::new("Why is there no data?", &format!("/apps/{}/health", about.0.id)),
        ];
    }
}

fn line(
    row: &ActionRow,
    total: u64,
    view: &PeriodView,
    (application, filter): (&Application, &Filter),
) -> ActionLine {
    let millis = |value: Option<u32>| {
        let value = value.filter(|_| row.count >= COUNT_MIN);
        value.map_or_else(|| format::NONE.to_owned(), |value| format::duration(u64::from(value)))
    };
    let percent =
        (row.total.saturating_mul(1_000) + total / 2).checked_div(total.max(1)).unwrap_or(0);
    let percent = u32::try_from(percent).unwrap_or(1_000);
    ActionLine {
        name: row.name.clone(),
        href: view.sessions(&sessions_with(application, filter, &row.name)),
        kind: match kind_of(&row.r#type) {
            Some(ActionKind::PageLoad) => "load",
            Some(ActionKind::Xhr) => "XHR",
            Some(ActionKind::Custom) | None => "custom",
        },
        count: row.count,
        delta: delta::of_count(row.count, row.count_before, Better::Neither),
        total: length(row.total),
        share: format::percent(row.total, total),
        bar: meter(
            &[(percent, "fill-series"), (1_000_u32.saturating_sub(percent), "fill-none")],
            1_000,
            "Share of all time",
        ),
        median: millis(row.median),
        p75: millis(row.p75),
        p95: millis(row.p95),
        errors: format::percent(row.with_errors, row.count),
        apdex: delta::apdex_chip(row.zones(), false),
    }
}

/// The filter of the list of sessions in which an action happened.
fn sessions_with(application: &Application, filter: &Filter, name: &str) -> String {
    let own = Value::Is(application.name.clone());
    let mut all = Filter::default().with_value(&Field::App, own);
    all.terms.extend(filter.terms.clone());
    print(&all.with_value(&Field::Action, Value::Is(name.to_owned())))
}

fn exports(application: &Application, view: &PeriodView) -> Vec<Link> {
    let path = format!("/api/v1/applications/{}/actions", application.id);
    let kept = view.kept();
    ["csv", "ndjson"]
        .into_iter()
        .map(|format| {
            let mut all =
                vec![("from", view.from.as_str()), ("to", view.to.as_str()), ("format", format)];
            all.extend(kept.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            Link::new(&format.to_uppercase(), &address(&path, &all))
        })
        .collect()
}
