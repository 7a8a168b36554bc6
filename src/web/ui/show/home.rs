//! `/`: is everything all right, and what should one look at first?

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::application_list::{Known, hosts, known, line};
use super::delta::{self, Better};
use super::period::{PeriodQuery, PeriodView};
use super::sessions::rows;
use super::shell::{self, plural};
use crate::base::id::ApplicationId;
use crate::base::time::{DAY_MILLIS, Timestamp};
use crate::logic::query_parser::parse;
use crate::search::SearchRequest;
use crate::web::auth::Identity;
use crate::web::charts::plot::count;
use crate::web::error::WebError;
use crate::web::format;
use crate::web::permission::Permission;
use crate::web::query::Query;
use crate::web::state::WebState;
use crate::web::ui::frame::{Link, Section};
use crate::web::ui::overview::{ApplicationCard, HomePage, Phrase, Task};
use crate::web::ui::sessions::SessionRow;

/// Applications with a card; all others are in the list.
const CARDS: usize = 6;
/// Sessions of a short list.
const ROWS: usize = 5;
/// Apdex below which an application needs attention: below it, users are called poorly served.
const APDEX_MIN: f64 = 0.7;
/// Share of sessions with errors, in percent, from which an application needs attention.
const ERRORS_MAX: u64 = 50;
/// The same when the share grew by half: something that was bearable broke.
const ERRORS_GROWN_MAX: u64 = 10;
/// Sessions from which a share says something.
const SESSIONS_MIN: u64 = 20;

/// `GET /`
pub async fn page(
    state: Data<WebState>,
    identity: Identity,
    query: Query<PeriodQuery>,
) -> Result<HttpResponse, WebError> {
    let now = state.services.now();
    let zone = shell::zone(&identity);
    let live = query.live.clone();
    let view = PeriodView::new("/", &PeriodQuery { live, ..PeriodQuery::default() }, now)?;
    let mut page = HomePage {
        has_data: state.services.search.session_count() > 0,
        live_all: Link::new("All live sessions", &view.sessions("user.type:real live:yes")),
        worst_all: Link::new("All of them", &view.sessions("user.type:real ux:frustrated")),
        ..HomePage::default()
    };
    if page.has_data {
        let mut all = known(&state, &view, &zone, now).await?;
        all.sort_by_key(|known| std::cmp::Reverse(known.numbers.current.figures.sessions));
        // The one that takes what nobody claims is no application of its own as long as it takes nothing.
        all.retain(|known| {
            known.application.id != ApplicationId::DEFAULT
                || known.numbers.current.figures.sessions > 0
                || known.numbers.before.as_ref().is_some_and(|p| p.figures.sessions > 0)
        });
        (page.sentence, page.mood) = sentence(&all, &view, now);
        page.cards = all.iter().take(CARDS).map(|known| card(&state, &view, known, now)).collect();
        if all.len() > CARDS {
            page.more = Some(Link::new(&format!("All {} applications", all.len()), "/apps"));
        }
        page.live = short_list(&state, &view, "user.type:real live:yes", &identity).await?;
        page.worst = short_list(&state, &view, "user.type:real ux:frustrated", &identity).await?;
        if page.worst.is_empty() {
            let ended: u64 = all
                .iter()
                .map(|known| known.numbers.current.figures.experiences.iter().sum::<u64>())
                .sum();
            page.worst_none = format!(
                "No frustrated session in the last 24 hours, of {} that ended.",
                format::number(ended)
            );
        }
    }
    page.tasks = tasks(&state, &identity, now).await?;
    if page.tasks.iter().all(|task| task.is_done) {
        page.tasks.clear();
    }
    let mut frame = shell::frame(&identity, Section::Home, "Home", now);
    frame.refresh = page.has_data.then(|| view.refresh());
    shell::page("pages/home.html", &frame, &page)
}

async fn short_list(
    state: &Data<WebState>,
    view: &PeriodView,
    query: &str,
    identity: &Identity,
) -> Result<Vec<SessionRow>, WebError> {
    let mut request = SearchRequest::new(parse(query), view.start, view.end);
    request.limit = ROWS;
    let (_, rows) = rows(state, request, identity).await?;
    Ok(rows)
}

/// What is wrong with an application, in words and with a way to the cause; none when it is fine.
fn trouble(known: &Known, view: &PeriodView, now: Timestamp) -> Option<Phrase> {
    let figures = &known.numbers.current.figures;
    let base = format!("/apps/{}", known.application.id);
    let name = &known.application.name;
    let bad = |text: String, href: String| Some(Phrase { text, href, is_bad: true });
    if known.state(now).band == "bad" {
        return bad(format!("{name}: beacons are refused."), format!("{base}/health"));
    }
    let before = known.numbers.before.as_ref().map_or(0, |period| period.figures.sessions);
    if figures.sessions == 0 && before > 0 {
        let was = plural(before, "session");
        return bad(
            format!("{name}: nothing in the last 24 hours, {was} in the 24 hours before."),
            format!("{base}/health"),
        );
    }
    if let Some(score) = known.score().filter(|score| *score < APDEX_MIN) {
        let (_, word) = delta::band(score);
        return bad(format!("{name}: Apdex {score:.2}, {word}."), base);
    }
    let (hit, all) = (figures.with_errors, figures.sessions);
    let was = known.numbers.before.as_ref().map(|period| &period.figures);
    let was = was.filter(|was| was.sessions >= SESSIONS_MIN);
    let has_grown = was.is_some_and(|was| hit * was.sessions * 2 > was.with_errors * all * 3);
    let share_max = if has_grown { ERRORS_GROWN_MAX } else { ERRORS_MAX };
    if all >= SESSIONS_MIN && hit * 100 >= all * share_max {
        let share = format::percent(hit, all);
        let before = was.filter(|_| has_grown).map_or_else(String::new, |was| {
            format!(", {} the day before", format::percent(was.with_errors, was.sessions))
        });
        return bad(
            format!(
                "{name}: errors in {share} of sessions{before}; {} hit.",
                plural(hit, "session")
            ),
            view.sessions(&known.broken()),
        );
    }
    None
}

/// How everything is, in words, with its mood.
fn sentence(all: &[Known], view: &PeriodView, now: Timestamp) -> (Vec<Phrase>, &'static str) {
    let say = |text: String| Phrase { text, href: String::new(), is_bad: false };
    let sessions: u64 = all.iter().map(|known| known.numbers.current.figures.sessions).sum();
    let troubles: Vec<Phrase> = all.iter().filter_map(|known| trouble(known, view, now)).collect();
    let with_data = all.iter().filter(|known| known.numbers.current.figures.sessions > 0).count();
    let silent = all.len() - with_data;
    if sessions == 0 && troubles.is_empty() {
        return (vec![say("No session in the last 24 hours.".to_owned())], "info");
    }
    let counted = all.len().max(troubles.len());
    let fine = counted - troubles.len() - silent.min(counted - troubles.len());
    let mut phrases = vec![say(match (troubles.is_empty(), counted) {
        (true, 1) => format!("{} is fine.", all.first().map_or("It", |k| &k.application.name)),
        (true, _) if silent == 0 => format!("All {counted} applications are fine."),
        _ => format!(
            "{fine} of {counted} applications {} fine.",
            if fine == 1 { "is" } else { "are" }
        ),
    })];
    let mood = if troubles.is_empty() { "good" } else { "problem" };
    if troubles.is_empty() {
        let live: u64 = all.iter().map(|known| known.numbers.current.figures.live).sum();
        let text = format!(
            "{} in the last 24 hours, {} live now.",
            plural(sessions, "session"),
            format::number(live)
        );
        phrases.push(say(text));
    }
    phrases.extend(troubles);
    (phrases, mood)
}

fn card(state: &WebState, view: &PeriodView, known: &Known, now: Timestamp) -> ApplicationCard {
    let figures = &known.numbers.current.figures;
    let before = known.numbers.before.as_ref().map(|period| period.figures.sessions);
    let base = format!("/apps/{}", known.application.id);
    ApplicationCard {
        name: known.application.name.clone(),
        href: base.clone(),
        hosts: hosts(state, &known.application),
        sessions: figures.sessions,
        delta: delta::of_count(figures.sessions, before, Better::More),
        spark: line(&known.numbers, |figures| Some(count(figures.sessions))),
        apdex: delta::apdex_chip(figures.zones, true),
        errors: format::percent(figures.with_errors, figures.sessions),
        errors_href: view.sessions(&known.broken()),
        live: if figures.live > 0 {
            format!("{} live", format::number(figures.live))
        } else {
            String::new()
        },
        state: known.state(now),
        health: format!("{base}/health"),
    }
}

/// What is left to do until people can be found by name.
async fn tasks(
    state: &Data<WebState>,
    identity: &Identity,
    now: Timestamp,
) -> Result<Vec<Task>, WebError> {
    let services = &state.services;
    let may_edit = identity.can(Permission::WriteApplications);
    let may_add = identity.can(Permission::WriteAccounts);
    let own = services
        .catalog
        .applications()
        .iter()
        .find(|a| a.id != ApplicationId::DEFAULT)
        .map(|a| a.id);
    let first = own.unwrap_or(ApplicationId::DEFAULT);
    let from = Timestamp(now.0.saturating_sub(30 * DAY_MILLIS));
    let mut tagged = SearchRequest::new(parse("user:any"), from, now);
    tagged.limit = 1;
    let (found, _) = crate::web::api::sessions::find(state, tagged).await?;
    let way = |may: bool, path: String| if may { path } else { String::new() };
    Ok(vec![
        Task {
            title: "Make an application",
            text: "What you want to see as one thing: a shop, a portal, an intranet.",
            href: way(may_edit, "/apps/new".to_owned()),
            is_done: own.is_some(),
        },
        Task {
            title: "Put its line into the pages",
            text: "One line in the head of every page; sessions are here within seconds.",
            href: way(may_edit, format!("/apps/{first}/settings/snippet")),
            is_done: services.search.session_count() > 0,
        },
        Task {
            title: "Name your users",
            text: "With a user tag you find a person's sessions by typing a name.",
            href: way(may_edit, format!("/apps/{first}/settings/tagging")),
            is_done: !found.rows.is_empty(),
        },
        Task {
            title: "Let others in",
            text: "An account for everybody who looks, each with a role.",
            href: way(may_add, "/settings/users".to_owned()),
            is_done: services.catalog.accounts()?.len() > 1,
        },
    ])
}
