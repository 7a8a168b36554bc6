//! User actions by name against the demo's week, counted action by action from the store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::test::TestRequest;
use footfall::base::id::ApplicationId;
use footfall::base::time::{DAY_MILLIS, Timestamp};
use footfall::model::account::Role;
use footfall::model::session::{Session, SessionKind};
use serde_json::Value;

use crate::demo::{sessions, week};
use crate::fixture::{Answer, Fixture};

async fn ask(fixture: &Fixture, application: ApplicationId, query: &str) -> Answer {
    static ACCOUNTS: AtomicU32 = AtomicU32::new(0);
    let name = format!("ann{}", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
    let account = fixture.account(&name, Role::Analyst, false);
    let cookie = fixture.cookie(account.id);
    let uri = format!("/api/v1/applications/{application}/actions?{query}");
    fixture.send(TestRequest::get().uri(&uri).insert_header(("cookie", cookie))).await
}

/// Count, sum of durations, and those with errors, by name and type.
type Rows = BTreeMap<(String, String), (u64, u64, u64)>;

fn told(answer: &Answer) -> Rows {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let page = answer.json();
    assert_eq!(page.get("missing_days"), Some(&serde_json::json!([])));
    let number = |row: &Value, name: &str| row.get(name).and_then(Value::as_u64).unwrap();
    let rows = page.get("items").and_then(Value::as_array).unwrap().iter().map(|row| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap().to_owned();
        let sums = (number(row, "count"), number(row, "total"), number(row, "with_errors"));
        ((text("name"), text("type")), sums)
    });
    rows.collect()
}

fn counted(
    fixture: &Fixture,
    application: ApplicationId,
    is_meant: impl Fn(&Session) -> bool,
) -> Rows {
    let store = &fixture.state.services.store;
    let mut rows = Rows::new();
    for session in sessions(fixture).iter().filter(|session| is_meant(session)) {
        for action in store.actions(session.id).unwrap() {
            if action.application == application {
                let key = (action.name.clone(), action.kind.word().to_owned());
                let row = rows.entry(key).or_default();
                row.0 += 1;
                row.1 += u64::from(action.duration.0);
                row.2 += u64::from(action.error_count > 0);
            }
        }
    }
    rows
}

#[actix_web::test]
async fn actions_are_told_as_the_rows_say_also_where_the_index_must_help() {
    let (fixture, _) = week(1);
    let from = Timestamp(fixture.state.services.now().0 - 9 * DAY_MILLIS).rfc3339();
    let is_real = |session: &Session| session.kind == SessionKind::RealUser;
    let mut found = 0;
    for application in fixture.state.services.catalog.applications().iter() {
        let id = application.id;
        let base = format!("from={from}&cmp=none&n=500");
        let all = told(&ask(&fixture, id, &base).await);
        assert_eq!(all, counted(&fixture, id, is_real), "{}", application.name);
        let query = format!("{base}&q=browser:Chrome");
        let chrome = counted(&fixture, id, |session| session.client.browser == "Chrome");
        assert_eq!(told(&ask(&fixture, id, &query).await), chrome);
        // Columns know no user tags: the search index tells the sessions.
        let query = format!("{base}&q=user:any+-browser:Chrome");
        let named = counted(&fixture, id, |session| {
            !session.user_tag.is_empty() && session.client.browser != "Chrome"
        });
        assert_eq!(told(&ask(&fixture, id, &query).await), named);
        found += named.len();
    }
    assert!(found > 0, "nobody had a name: the test says less than it should");
}

#[actix_web::test]
async fn a_list_has_pages_an_order_and_whole_files() {
    let (fixture, _) = week(3);
    let from = Timestamp(fixture.state.services.now().0 - 9 * DAY_MILLIS).rfc3339();
    let applications = fixture.state.services.catalog.applications();
    let id = applications.last().unwrap().id;
    let first = ask(&fixture, id, &format!("from={from}&sort=-name&n=1")).await.json();
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let next = first["next"].as_str().unwrap();
    let second =
        ask(&fixture, id, &format!("from={from}&sort=-name&n=1&after={next}")).await.json();
    let shown = [names(&first), names(&second)].concat();
    assert_eq!(shown.len(), 2);
    assert!(shown.windows(2).all(|pair| pair[0] >= pair[1]), "{shown:?}");
    let total = first["total"].as_u64().unwrap();
    let file = ask(&fixture, id, &format!("from={from}&n=1&format=csv")).await;
    assert_eq!(file.body.lines().count() as u64, total + 1, "a file is whole");
    for (query, name) in [
        ("type=loads", "type"),
        ("sort=size", "sort"),
        ("after=-1", "after"),
        ("q=browser:%3E", "q"),
    ] {
        let answer = ask(&fixture, id, query).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains(name), "{query}: {}", answer.body);
    }
}
