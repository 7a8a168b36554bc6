//! Why there may be no data: what would keep it away, looked at one by one; and the clocks of visitors.

use super::health::Counted;
use super::shell::plural;
use crate::engine::disk::DiskState;
use crate::engine::observed::PageFact;
use crate::model::application::{Application, DoNotTrack};
use crate::model::outcome::Outcome;
use crate::web::format;
use crate::web::ui::setup::Check;

/// Differences that are not worth a word.
const CLOCK_GOOD_MILLIS: u64 = 5_000;
/// Free space below which beacons are about to be refused.
const FREE_BYTES_MIN: u64 = 200_000_000;

fn check(state: &'static str, title: &str, text: String) -> Check {
    Check { state, title: title.to_owned(), text }
}

fn yes_no(is_good: bool, good: &str, bad: &str, text: &str) -> Check {
    if is_good { check("done", good, String::new()) } else { check("wrong", bad, text.to_owned()) }
}

/// Everything that can keep data away; `brought` are sessions of 24 hours that detection rules brought.
#[must_use]
pub fn checks(a: &Application, found: &Counted, brought: u64, disk: &DiskState) -> Vec<Check> {
    let count = |outcome| found.of(outcome);
    let accepted = count(Outcome::Accepted);
    let mut checks = vec![
        yes_no(
            a.enabled,
            "The application is switched on",
            "The application is switched off",
            "Switch it on under Settings, General.",
        ),
        yes_no(
            a.capture_percent > 0,
            &format!("{} % of sessions are captured", a.capture_percent),
            "0 % of sessions are captured",
            "Raise it under Settings, Capture.",
        ),
        if accepted > 0 || brought > 0 {
            check("done", "Beacons come from pages", String::new())
        } else {
            let text = "Is the line in the page? Does a Content-Security-Policy or an ad blocker keep it out? Can the browser reach this server?";
            check("waiting", "No beacon was stored in 24 hours", text.to_owned())
        },
        match count(Outcome::ForbiddenOrigin) {
            0 => check("done", "No page was refused for its origin", String::new()),
            refused => check(
                "wrong",
                &format!("{} refused: origin not allowed", plural(refused, "beacon")),
                "Allow the origin below, or under Settings, Allowed origins.".to_owned(),
            ),
        },
    ];
    let excluded = [Outcome::ExcludedAddress, Outcome::ExcludedBrowser, Outcome::ExcludedRobot];
    let excluded: u64 = excluded.into_iter().map(count).sum();
    if !a.exclusions.is_empty() {
        let title = format!("{} dropped by exclusions", plural(excluded, "beacon"));
        let text = "As set under Settings, Capture.".to_owned();
        checks.push(check(if excluded > 0 { "waiting" } else { "done" }, &title, text));
    }
    if a.privacy.opt_in {
        let text = "Visitors are seen from the moment the page calls footfall.enable().".to_owned();
        checks.push(check("waiting", "The agent waits for consent", text));
    }
    if a.privacy.do_not_track == DoNotTrack::Nothing {
        let text = "As set under Settings, Privacy.".to_owned();
        checks.push(check("waiting", "Browsers that ask not to be tracked are left out", text));
    }
    checks.push(yes_no(
        disk.free_bytes > FREE_BYTES_MIN,
        "The server has room to store",
        "The disk of the server is nearly full",
        "Free some space: beacons are refused when it is full.",
    ));
    checks
}

/// By how much the clocks of visitors differ, in the middle and at most; empty when nothing is known.
#[must_use]
pub fn clock(pages: &[PageFact]) -> String {
    let mut offsets: Vec<i64> = pages.iter().map(|page| page.clock_offset).collect();
    offsets.sort_unstable();
    let Some(middle) = offsets.get(offsets.len() / 2) else {
        return String::new();
    };
    let widest = offsets.iter().map(|offset| offset.unsigned_abs()).max().unwrap_or(0);
    if widest <= CLOCK_GOOD_MILLIS {
        return format!("within {} s of this server", CLOCK_GOOD_MILLIS / 1_000);
    }
    let words = format::duration;
    let side = if *middle >= 0 { "behind" } else { "ahead" };
    format!(
        "{} {side} in the middle, {} at most; times are corrected",
        words(middle.unsigned_abs()),
        words(widest)
    )
}

#[cfg(test)]
#[path = "health_checks_tests.rs"]
mod tests;
