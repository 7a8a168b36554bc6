//! Statistics of random sessions: what the columns say is what reading every session says.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{at, session};
use super::{
    Dimension, Figures, Part, Period, Scope, SearchIndex, SearchOptions, SearchRequest,
    SessionDocument, Statistics, StatisticsRequest, VisitFigures,
};
use crate::base::entropy::Entropy;
use crate::base::id::ApplicationId;
use crate::base::time::{HOUR_MILLIS, Timestamp};
use crate::model::query::{Field, Filter, Value};
use crate::model::session::{ApplicationVisit, EndReason, Experience, SessionKind};
use crate::model::visitor::DeviceType;

const BROWSERS: &[&str] = &["Firefox", "Chrome", "Safari", ""];
const COUNTRIES: &[&str] = &["AT", "DE", "DK", ""];
const PAGES: &[&str] = &["/", "/cart", "/Über-uns", "/product/12"];
const TAGS: &[&str] = &["", "Ryan", "RYAN", "anna", "bob"];
const TIMED: &[Field] = &[Field::Browser, Field::Entry];
const KINDS: [SessionKind; 3] = [SessionKind::RealUser, SessionKind::Robot, SessionKind::Synthetic];

fn pick<'a>(entropy: &Entropy, from: &[&'a str]) -> &'a str {
    from[entropy.below(from.len() as u64) as usize]
}

fn below(entropy: &Entropy, limit: u64) -> u32 {
    entropy.below(limit) as u32
}

fn visit(entropy: &Entropy, application: u32) -> VisitFigures {
    let loads: Vec<u32> = (0..entropy.below(4)).map(|_| below(entropy, 20_000)).collect();
    VisitFigures {
        actions: [loads.len() as u32, below(entropy, 5), below(entropy, 3)],
        zones: [below(entropy, 5), below(entropy, 3), below(entropy, 3)],
        errors: [below(entropy, 3), below(entropy, 2), below(entropy, 2)],
        loads,
        ..VisitFigures::new(ApplicationId(application))
    }
}

fn random_session(entropy: &Entropy, number: u128) -> SessionDocument {
    let start = at(entropy.below(4) as i64, entropy.below(24 * 3_600_000) as i64);
    let mut it = session(start, number, pick(entropy, TAGS));
    let first = 1 + below(entropy, 3);
    it.visits = vec![visit(entropy, first)];
    if entropy.below(4) == 0 {
        it.visits.push(visit(entropy, first % 3 + 1));
    }
    let s = &mut it.session;
    s.visitor.0 = u128::from(entropy.below(40));
    s.kind = KINDS[entropy.below(6).saturating_sub(3) as usize];
    s.client.browser = pick(entropy, BROWSERS).to_owned();
    s.client.device_type = [DeviceType::Desktop, DeviceType::Phone][entropy.below(2) as usize];
    s.place.country = pick(entropy, COUNTRIES).to_owned();
    s.entry_page = pick(entropy, PAGES).to_owned();
    s.exit_page = pick(entropy, PAGES).to_owned();
    s.is_new_visitor = entropy.below(3) == 0;
    s.last_at = Timestamp(start.0 + entropy.below(600_000) as i64);
    s.applications = it
        .visits
        .iter()
        .map(|visit| ApplicationVisit {
            application: visit.application,
            action_count: visit.actions.iter().sum(),
            first_at: start,
            last_at: start,
        })
        .collect();
    s.tally.actions = it.visits.iter().flat_map(|visit| visit.actions).sum();
    s.tally.javascript_errors = it.visits.iter().flat_map(|visit| visit.errors).sum();
    if entropy.below(6) == 0 {
        s.end_reason = None;
        s.experience = Experience::Undefined;
        s.last_at = Timestamp(start.0 + entropy.below(30) as i64 * HOUR_MILLIS);
    } else {
        s.end_reason = Some(EndReason::Timeout);
        s.experience = [Experience::Satisfied, Experience::Tolerated][entropy.below(2) as usize];
    }
    it
}

/// Whether a session is in the list of a range.
fn is_in(it: &SessionDocument, from: Timestamp, to: Timestamp) -> bool {
    let s = &it.session;
    s.started_at < to && (s.started_at >= from || (s.end_reason.is_none() && s.last_at >= from))
}

fn sum<const N: usize>(into: &mut [u64; N], more: [u32; N]) {
    for (own, more) in into.iter_mut().zip(more) {
        *own += u64::from(more);
    }
}

/// Sums of one session, with the visits that count.
fn figures_of(it: &SessionDocument, application: Option<ApplicationId>) -> Figures {
    let s = &it.session;
    let mut figures = Figures {
        sessions: 1,
        new: u64::from(s.is_new_visitor),
        bounces: u64::from(s.tally.actions <= 1),
        live: u64::from(s.end_reason.is_none()),
        duration: (s.last_at.0 - s.started_at.0) as u64,
        ..Figures::default()
    };
    match s.experience {
        Experience::Satisfied => figures.experiences[0] = 1,
        Experience::Tolerated => figures.experiences[1] = 1,
        Experience::Frustrated => figures.experiences[2] = 1,
        Experience::Undefined => {}
    }
    let own = |visit: &&VisitFigures| application.is_none_or(|id| visit.application == id);
    for visit in it.visits.iter().filter(own) {
        sum(&mut figures.actions, visit.actions);
        sum(&mut figures.zones, visit.zones);
        sum(&mut figures.errors, visit.errors);
    }
    figures.with_errors = u64::from(figures.errors.iter().any(|count| *count > 0));
    figures
}

struct Asked {
    from: Timestamp,
    to: Timestamp,
    starts: Vec<Timestamp>,
    kinds: Vec<SessionKind>,
    browser: Option<&'static str>,
}

impl Asked {
    fn fits(&self, it: &SessionDocument, application: Option<ApplicationId>) -> bool {
        self.browser.is_none_or(|browser| it.session.client.browser == browser)
            && application.is_none_or(|id| it.visits.iter().any(|visit| visit.application == id))
    }
}

/// The numbers of a period by reading every session, and the exact values behind the percentiles.
fn naive(
    all: &[SessionDocument],
    asked: &Asked,
    application: Option<ApplicationId>,
    shift: i64,
) -> (Period, Vec<u32>, Vec<u32>) {
    let (from, to) = (Timestamp(asked.from.0 + shift), Timestamp(asked.to.0 + shift));
    let starts = asked.starts.iter().map(|at| Timestamp(at.0 + shift));
    let mut period = Period {
        from,
        to,
        buckets: starts.map(|at| (at, Figures::default())).collect(),
        ..Period::default()
    };
    let mut people = BTreeSet::new();
    let (mut loads, mut durations) = (Vec::new(), Vec::new());
    for it in all.iter().filter(|it| is_in(it, from, to) && asked.fits(it, application)) {
        let kind = KINDS.iter().position(|kind| *kind == it.session.kind).unwrap();
        period.kinds[kind] += 1;
        if !asked.kinds.contains(&it.session.kind) {
            continue;
        }
        let figures = figures_of(it, application);
        period.figures.add(&figures);
        let place = period.buckets.iter().position(|(at, _)| *at > it.session.started_at);
        let place = place.unwrap_or(asked.starts.len()).saturating_sub(1);
        period.buckets[place].1.add(&figures);
        period.last_seen = period.last_seen.max(Some(it.session.last_at));
        people.insert(it.session.person());
        durations.push(figures.duration as u32);
        let own = |visit: &&VisitFigures| application.is_none_or(|id| visit.application == id);
        loads.extend(it.visits.iter().filter(own).flat_map(|visit| &visit.loads).copied());
    }
    period.people = people.len() as u64;
    period.loads = loads.len() as u64;
    loads.sort_unstable();
    durations.sort_unstable();
    (period, loads, durations)
}

fn naive_dimension(
    all: &[SessionDocument],
    asked: &Asked,
    application: Option<ApplicationId>,
    field: &Field,
) -> BTreeMap<String, (Part, Vec<u32>)> {
    let mut values: BTreeMap<String, (Part, Vec<u32>)> = BTreeMap::new();
    for it in all.iter().filter(|it| is_in(it, asked.from, asked.to) && asked.fits(it, application))
    {
        let s = &it.session;
        let value = match field {
            Field::Browser => s.client.browser.clone(),
            Field::Country => s.place.country.clone(),
            Field::Entry => s.entry_page.clone(),
            Field::Exit => s.exit_page.clone(),
            Field::DeviceType => {
                if s.client.device_type == DeviceType::Phone { "phone" } else { "desktop" }
                    .to_owned()
            }
            other => panic!("{other:?} is not in the test"),
        };
        if value.is_empty() || !asked.kinds.contains(&s.kind) {
            continue;
        }
        let figures = figures_of(it, application);
        let (part, loads) = values.entry(value).or_default();
        let own = |visit: &&VisitFigures| application.is_none_or(|id| visit.application == id);
        loads.extend(it.visits.iter().filter(own).flat_map(|visit| &visit.loads).copied());
        part.add(&Part {
            sessions: 1,
            bounces: figures.bounces,
            with_errors: figures.with_errors,
            zones: figures.zones,
        });
    }
    values
}

fn is_near(told: Option<u32>, sorted: &[u32], percent: usize) -> bool {
    let Some(told) = told else { return sorted.is_empty() };
    let truth = sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
    u64::from(truth.abs_diff(told)) * 1_000 <= u64::from(truth) * 4 + 500
}

fn check_period(told: &Period, (truth, loads, durations): (Period, Vec<u32>, Vec<u32>)) {
    assert!(is_near(told.load_p75.map(|at| at.0), &loads, 75), "{told:?} {loads:?}");
    assert!(is_near(told.median_duration.map(|at| at.0), &durations, 50));
    let told = Period { load_p75: None, median_duration: None, ..told.clone() };
    assert_eq!(told, truth);
}

fn check_dimensions(
    told: &[Dimension],
    all: &[SessionDocument],
    asked: &Asked,
    application: Option<ApplicationId>,
) {
    for dimension in told {
        let truth = naive_dimension(all, asked, application, &dimension.field);
        assert_eq!(dimension.distinct, truth.len() as u64, "{:?}", dimension.field);
        assert!(dimension.values.is_sorted_by_key(|v| std::cmp::Reverse(v.part.sessions)));
        assert_eq!(dimension.values.len(), truth.len().min(3));
        for value in &dimension.values {
            let (part, mut loads) = truth.get(&value.value).unwrap().clone();
            assert_eq!(value.part, part, "{}", value.value);
            loads.sort_unstable();
            if TIMED.contains(&dimension.field) {
                assert_eq!(value.loads, loads.len() as u64, "{}", value.value);
                assert!(is_near(value.load_p75.map(|at| at.0), &loads, 75), "{}", value.value);
            } else {
                assert_eq!((value.loads, value.load_p75), (0, None));
            }
        }
        let least = dimension.values.last().map_or(0, |v| v.part.sessions);
        let more = truth.values().filter(|(part, _)| part.sessions > least).count();
        assert!(more < 3, "a value with more sessions was left out");
    }
}

fn check(
    index: &SearchIndex,
    all: &[SessionDocument],
    asked: &Asked,
    (scope, shift): (Scope, Option<i64>),
) {
    let mut filter = Filter::default();
    if let Some(browser) = asked.browser {
        filter = filter.with_value(&Field::Browser, Value::Is(browser.to_owned()));
    }
    let mut search = SearchRequest::new(filter, asked.from, asked.to);
    search.bucket_starts.clone_from(&asked.starts);
    let request = StatisticsRequest {
        kinds: asked.kinds.clone(),
        compare_from: shift.map(|shift| Timestamp(asked.from.0 + shift)),
        dimensions: [Field::Browser, Field::Country, Field::Entry, Field::Exit, Field::DeviceType]
            .to_vec(),
        timed: TIMED.to_vec(),
        values_max: 3,
        ..StatisticsRequest::new(search, scope)
    };
    let answer = index.statistics(&request).unwrap();
    let group = |id: Option<ApplicationId>| -> &Statistics {
        answer.groups.iter().find(|group| group.application == id).unwrap()
    };
    let ids: Vec<Option<ApplicationId>> = match scope {
        Scope::All => vec![None],
        Scope::Application(id) => vec![Some(id)],
        Scope::EachApplication => (1..4).map(|id| Some(ApplicationId(id))).collect(),
    };
    assert_eq!(answer.groups.len(), ids.len());
    for id in ids {
        let told = group(id);
        check_period(&told.current, naive(all, asked, id, 0));
        assert_eq!(told.before.is_some(), shift.is_some());
        if let (Some(before), Some(shift)) = (&told.before, shift) {
            check_period(before, naive(all, asked, id, shift));
        }
        check_dimensions(&told.dimensions, all, asked, id);
    }
}

#[test]
fn statistics_are_what_reading_every_session_says() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let entropy = Entropy::seeded(11);
    let all: Vec<SessionDocument> = (0..900).map(|n| random_session(&entropy, n)).collect();
    for (number, batch) in (1..).zip(all.chunks(250)) {
        index.put(batch).unwrap();
        index.commit(number).unwrap();
    }
    // One session again: what is replaced does not count twice.
    index.put(&all[..1]).unwrap();
    index.commit(9).unwrap();
    let day = 24 * HOUR_MILLIS;
    for (scope, shift) in [
        (Scope::All, None),
        (Scope::All, Some(-day)),
        (Scope::Application(ApplicationId(2)), Some(-day)),
        (Scope::EachApplication, Some(-day)),
        // Periods that overlap: a session may be in both.
        (Scope::Application(ApplicationId(1)), Some(-HOUR_MILLIS)),
    ] {
        for (kinds, browser) in [
            (vec![SessionKind::RealUser], None),
            (KINDS.to_vec(), Some("Chrome")),
            (vec![SessionKind::Robot, SessionKind::Synthetic], None),
        ] {
            let from = at(2, 5 * HOUR_MILLIS);
            let hours = [0, 1, 5, 13, 20].map(|hour| Timestamp(from.0 + hour * HOUR_MILLIS));
            let asked =
                Asked { from, to: Timestamp(from.0 + day), starts: hours.to_vec(), kinds, browser };
            check(&index, &all, &asked, (scope, shift));
        }
    }
}

#[test]
fn threads_share_days_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let entropy = Entropy::seeded(12);
    // More than one thread takes, over four days.
    let all: Vec<SessionDocument> = (0..20_500).map(|n| random_session(&entropy, n)).collect();
    index.put(&all).unwrap();
    index.commit(1).unwrap();
    let from = at(1, 0);
    let to = at(4, 0);
    let asked = Asked { from, to, starts: vec![from], kinds: KINDS.to_vec(), browser: None };
    check(&index, &all, &asked, (Scope::All, Some(-24 * HOUR_MILLIS)));
}

#[test]
fn sessions_with_errors_of_an_application_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let entropy = Entropy::seeded(13);
    let all: Vec<SessionDocument> = (0..200).map(|n| random_session(&entropy, n)).collect();
    index.put(&all).unwrap();
    index.commit(1).unwrap();
    let names = vec![(ApplicationId(2), "Shop".to_owned())];
    let (from, to) = (at(-2, 0), at(4, 0));
    let mut search = SearchRequest::new(Filter::default(), from, to);
    search.names.clone_from(&names);
    let scope = Scope::Application(ApplicationId(2));
    let request =
        StatisticsRequest { kinds: KINDS.to_vec(), ..StatisticsRequest::new(search, scope) };
    let told = index.statistics(&request).unwrap().groups[0].current.figures.with_errors;
    let mut search = SearchRequest::new(
        Filter::default()
            .with_value(&Field::App, Value::Is("shop".to_owned()))
            .with_value(&Field::ErrorApp, Value::Is("Shop".to_owned())),
        from,
        to,
    );
    search.want_total = true;
    search.names = names;
    let listed = index.search(&search).unwrap().counts.unwrap().total;
    assert!(told > 10 && told == listed, "{told} are counted, {listed} are listed");
}

#[test]
fn nothing_is_told_as_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let search = SearchRequest::new(Filter::default(), at(0, 0), at(1, 0));
    let request = StatisticsRequest::new(search.clone(), Scope::All);
    let answer = index.statistics(&request).unwrap();
    assert_eq!(answer.groups.len(), 1);
    assert_eq!(answer.groups[0].current.figures, Figures::default());
    assert_eq!(answer.groups[0].current.load_p75, None);
    let each = StatisticsRequest::new(search, Scope::EachApplication);
    assert!(index.statistics(&each).unwrap().groups.is_empty());
}

#[test]
fn applications_that_may_not_be_seen_are_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = SearchIndex::open(folder.path(), SearchOptions::default()).unwrap();
    let mut one = session(at(0, 5), 1, "ryan");
    one.visits = vec![VisitFigures::new(ApplicationId::DEFAULT)];
    index.put(&[one]).unwrap();
    index.commit(1).unwrap();
    let mut search = SearchRequest::new(Filter::default(), at(0, 0), at(1, 0));
    let count = |search: &SearchRequest| {
        let scope = Scope::Application(ApplicationId::DEFAULT);
        let answer = index.statistics(&StatisticsRequest::new(search.clone(), scope)).unwrap();
        answer.groups[0].current.figures.sessions
    };
    assert_eq!(count(&search), 1);
    search.allowed = Some(vec![ApplicationId(77)]);
    assert_eq!(count(&search), 0);
}
