//! `/apps`: which application needs attention.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Data};

use super::delta::{self, Better};
use super::health::{Counted, counted_by_application, last_beacon};
use super::overview_panels::{LOADS_MIN, rate};
use super::period::{PeriodQuery, PeriodView};
use super::shell;
use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::logic::query_parser::{parse, print};
use crate::model::application::Application;
use crate::model::query::{Field, Filter, Value};
use crate::search::{Figures, Scope, SearchRequest, Statistics, StatisticsRequest};
use crate::web::api::overview::ask;
use crate::web::auth::Identity;
use crate::web::charts::plot::{count, spark};
use crate::web::error::WebError;
use crate::web::format;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::templates::Markup;
use crate::web::ui::applications::{ApplicationRow, ApplicationsPage, SortHead, Unassigned};
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::parts::Chip;

/// Sort keys with their headings; a minus before the key turns the order.
const HEADS: [(&str, &str, bool); 8] = [
    ("name", "Application", false),
    ("sessions", "Sessions", true),
    ("users", "Users", true),
    ("rate", "Actions", true),
    ("apdex", "Apdex", false),
    ("load", "Load p75", true),
    ("errors", "With errors", true),
    ("data", "Last beacon", false),
];

/// One application with all that is known of it.
pub struct Known {
    /// Application.
    pub application: Application,
    /// Its numbers.
    pub numbers: Statistics,
    /// Its beacons in the last 24 hours.
    pub beacons: Counted,
}

impl Known {
    /// Apdex; none when nothing was measured.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        delta::score(self.numbers.current.figures.zones)
    }

    /// In one word.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> Chip {
        // Beacons are counted where they were addressed to; what detection brought shows in the sessions.
        let last_at = self.beacons.last_at.max(self.numbers.current.last_seen);
        Counted { last_at, ..self.beacons.clone() }.state(&self.application, now)
    }

    /// The filter of the list of its sessions with errors in it.
    #[must_use]
    pub fn broken(&self) -> String {
        let name = Value::Is(self.application.name.clone());
        self.query(&print(&Filter::default().with_value(&Field::ErrorApp, name)))
    }

    /// The filter of the list of its sessions.
    #[must_use]
    pub fn query(&self, more: &str) -> String {
        let name = Value::Is(self.application.name.clone());
        let mut filter = Filter::default().with_value(&Field::App, name);
        filter.terms.extend(parse("user.type:real").terms);
        filter.terms.extend(parse(more).terms);
        print(&filter)
    }
}

/// All applications with their numbers in a range.
pub async fn known(
    state: &Data<WebState>,
    view: &PeriodView,
    zone: &str,
    now: Timestamp,
) -> Result<Vec<Known>, WebError> {
    let mut search = SearchRequest::new(Filter::default(), view.start, view.end);
    search.bucket_starts = view.axis(zone).bar_starts();
    let request = StatisticsRequest {
        compare_from: view.compare.start(view.start, view.end),
        ..StatisticsRequest::new(search, Scope::EachApplication)
    };
    let answer = ask(state, request).await?;
    let services = state.services.clone();
    let since = Timestamp(now.0.saturating_sub(DAY_MILLIS));
    let mut beacons = web::block(move || counted_by_application(&services, since)).await??;
    let mut numbers: BTreeMap<ApplicationId, Statistics> =
        answer.groups.into_iter().filter_map(|group| Some((group.application?, group))).collect();
    let applications = state.services.catalog.applications();
    Ok(applications
        .iter()
        .map(|application| Known {
            application: application.clone(),
            numbers: numbers.remove(&application.id).unwrap_or_default(),
            beacons: beacons.remove(&application.id).unwrap_or_default(),
        })
        .collect())
}

/// Domains that lead to an application, in a few words.
#[must_use]
pub fn hosts(state: &WebState, application: &Application) -> String {
    let rules = state.services.catalog.detection_rules();
    let own = rules.iter().filter(|rule| rule.application == application.id);
    let all: Vec<&str> = own.map(|rule| rule.pattern.as_str()).collect();
    match (all.len(), application.id == ApplicationId::DEFAULT) {
        (0, true) => "whatever no rule claims".to_owned(),
        (0, false) => "no detection rule".to_owned(),
        (1..=3, _) => all.join(", "),
        (count, _) => {
            let first: Vec<&str> = all.into_iter().take(2).collect();
            format!("{} and {} more", first.join(", "), count - 2)
        }
    }
}

/// A line over the buckets of a range.
pub fn line(numbers: &Statistics, value: impl Fn(&Figures) -> Option<f64>) -> Markup {
    let buckets = numbers.current.buckets.iter();
    let values: Vec<Option<f64>> = buckets.map(|(_, figures)| value(figures)).collect();
    spark(&values)
}

/// `GET /apps`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    query: Query<PeriodQuery>,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let zone = shell::zone(&identity);
    let mut view = PeriodView::new("/apps", &query, now)?;
    let (key, is_turned) = sort_of(query.sort.as_deref());
    if let Some(key) = key {
        view.keep.push(("sort", format!("{}{key}", if is_turned { "-" } else { "" })));
    }
    let mut all = known(&state, &view, &zone, now).await?;
    all.sort_by(|a, b| {
        let order = key.map_or_else(|| worst_first(a, b, now), |key| order(key, a, b));
        let order = if is_turned { order.reverse() } else { order };
        order.then_with(|| a.application.name.cmp(&b.application.name))
    });
    let may_edit = identity.can(Permission::WriteApplications);
    let mut page = ApplicationsPage {
        heads: heads(&view, key, is_turned),
        note: "Real users. Robots and monitors are not counted here.".to_owned(),
        create: if may_edit { "/apps/new".to_owned() } else { String::new() },
        ..ApplicationsPage::default()
    };
    let rules = state.services.catalog.detection_rules();
    for known in &all {
        let row = row(&state, &view, known, may_edit, now);
        let takes_the_rest = known.application.id == ApplicationId::DEFAULT
            && all.len() > 1
            && !rules.iter().any(|rule| rule.application == known.application.id);
        if takes_the_rest {
            page.unassigned = Some(Unassigned { row, way: unassigned_way(may_edit) });
        } else {
            page.rows.push(row);
        }
    }
    let mut frame = shell::frame(&identity, Section::Applications, "Applications", now);
    let days_kept = state.services.config.data.retention_days;
    frame.time_range = Some(view.control(&zone, now, days_kept));
    shell::page("pages/applications.html", &frame, &page)
}

fn unassigned_way(may_edit: bool) -> Link {
    let base = format!("/apps/{}", ApplicationId::DEFAULT);
    if may_edit {
        Link::new("Create applications from its hosts", &format!("{base}/settings/detection"))
    } else {
        Link::new("What arrives", &format!("{base}/health"))
    }
}

fn row(
    state: &WebState,
    view: &PeriodView,
    known: &Known,
    may_edit: bool,
    now: Timestamp,
) -> ApplicationRow {
    let (application, numbers) = (&known.application, &known.numbers);
    let (period, figures) = (&numbers.current, &numbers.current.figures);
    let before = numbers.before.as_ref();
    let base = format!("/apps/{}", application.id);
    let last_at = known.beacons.last_at.max(period.last_seen);
    let load = period.load_p75.filter(|_| period.loads >= LOADS_MIN);
    ApplicationRow {
        name: application.name.clone(),
        href: PeriodView { path: base.clone(), keep: Vec::new(), ..view.clone() }.with(&[]),
        hosts: hosts(state, application),
        sessions: figures.sessions,
        sessions_href: view.sessions(&known.query("")),
        delta: delta::of_count(figures.sessions, before.map(|p| p.figures.sessions), Better::More),
        users: period.people,
        rate: if figures.sessions == 0 {
            format::NONE.to_owned()
        } else {
            rate(figures.all_actions(), period)
        },
        apdex: delta::apdex_chip(figures.zones, true),
        spark: line(numbers, |figures| delta::score(figures.zones)),
        load: load
            .map_or_else(|| format::NONE.to_owned(), |p75| format::duration(u64::from(p75.0))),
        errors: format::percent(figures.with_errors, figures.sessions),
        errors_href: view.sessions(&known.broken()),
        last_beacon: last_beacon(last_at, now).replacen("last beacon ", "", 1),
        state: known.state(now),
        health: format!("{base}/health"),
        settings: if may_edit { format!("{base}/settings/general") } else { String::new() },
    }
}

/// Sort key and whether it is turned; none for the worst first.
fn sort_of(text: Option<&str>) -> (Option<&'static str>, bool) {
    let text = text.unwrap_or_default();
    let (name, is_turned) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let key = HEADS.iter().find(|(key, ..)| *key == name).map(|(key, ..)| *key);
    (key, is_turned && key.is_some())
}

fn heads(view: &PeriodView, current: Option<&str>, is_turned: bool) -> Vec<SortHead> {
    HEADS
        .iter()
        .map(|(key, label, is_number)| {
            // Numbers begin with the largest, words with A, and Apdex with the worst.
            let begins_turned = *is_number;
            let is_current = current == Some(*key);
            let turns = if is_current { !is_turned } else { begins_turned };
            let sort = format!("{}{key}", if turns { "-" } else { "" });
            SortHead {
                label,
                href: view.with(&[("sort", &sort)]),
                order: match (is_current, is_turned) {
                    (false, _) => "",
                    (true, false) => "ascending",
                    (true, true) => "descending",
                },
                is_number: *is_number,
            }
        })
        .collect()
}

fn share(known: &Known) -> f64 {
    let figures = &known.numbers.current.figures;
    count(figures.with_errors) / count(figures.sessions).max(1.0)
}

fn order(key: &str, a: &Known, b: &Known) -> Ordering {
    let figure = |of: fn(&Known) -> u64| of(a).cmp(&of(b));
    match key {
        "sessions" => figure(|known| known.numbers.current.figures.sessions),
        "users" => figure(|known| known.numbers.current.people),
        "rate" => figure(|known| known.numbers.current.figures.all_actions()),
        "load" => figure(|known| known.numbers.current.load_p75.map_or(0, |p75| u64::from(p75.0))),
        "apdex" => low_first(a.score(), b.score()),
        "errors" => share(a).total_cmp(&share(b)),
        "data" => {
            let last = |known: &Known| known.beacons.last_at.max(known.numbers.current.last_seen);
            last(a).cmp(&last(b))
        }
        _ => a.application.name.to_lowercase().cmp(&b.application.name.to_lowercase()),
    }
}

/// The lower score first; those without one last.
fn low_first(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// What is refused first, then the lowest Apdex, then what has no data.
fn worst_first(a: &Known, b: &Known, now: Timestamp) -> Ordering {
    let is_fine = |known: &Known| known.state(now).band != "bad";
    is_fine(a).cmp(&is_fine(b)).then_with(|| low_first(a.score(), b.score()))
}

#[cfg(test)]
#[path = "application_list_tests.rs"]
mod tests;
