//! Background jobs: a table anybody can read, and the thread that runs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::services::Services;
use super::train_dictionary;
use crate::base::time::{Day, Millis, Timestamp};

/// What a job did, in words for the log; `None` when there was nothing to do.
type Report = Result<Option<String>, String>;

/// One job.
struct Job {
    name: &'static str,
    every: Millis,
    run: fn(&Services, Timestamp) -> Report,
}

/// All jobs. A job is bounded and may run twice without harm.
const JOBS: &[Job] = &[
    Job { name: "retain", every: Millis::mins(10), run: retain },
    Job { name: "seal_index", every: Millis::mins(30), run: seal_index },
    Job { name: "train_dictionary", every: Millis::hours(1), run: train_dictionary::run },
    Job { name: "drop_sign_ins", every: Millis::mins(30), run: drop_sign_ins },
];

/// Drops days that are older than the retention. A clock that jumped must not delete data: nothing is dropped while the
/// newest day with data lies more than two days back.
fn retain(services: &Services, now: Timestamp) -> Report {
    let keep = i32::from(services.config.data.retention_days);
    let today = now.day();
    let days = services.store.days().map_err(|e| e.to_string())?;
    if days.last().is_none_or(|newest| newest.0 < today.0 - 2) {
        return Ok(None);
    }
    let first_kept = Day(today.0 - keep);
    for day in days.iter().filter(|day| **day < first_kept) {
        services.search.drop_day(*day);
        services.columns.drop_day(*day);
    }
    let dropped = services.store.drop_days_before(first_kept).map_err(|e| e.to_string())?;
    Ok((!dropped.is_empty()).then(|| format!("dropped {} days", dropped.len())))
}

/// Merges the index of a day in which no session can be open any more: from 09:00 UTC of the day after.
fn seal_index(services: &Services, now: Timestamp) -> Report {
    let sealed = now.before(Millis::hours(33)).day();
    let Some(day) = services.search.days().into_iter().rev().find(|day| *day <= sealed) else {
        return Ok(None);
    };
    services.search.seal_day(day).map_err(|e| e.to_string())?;
    Ok(None)
}

fn drop_sign_ins(services: &Services, now: Timestamp) -> Report {
    let idle = Timestamp(now.0 - super::access::SIGN_IN_IDLE_MILLIS);
    let old = Timestamp(now.0 - super::access::SIGN_IN_MILLIS);
    services.catalog.drop_old_sign_ins(old, idle).map_err(|e| e.to_string())?;
    Ok(None)
}

/// The thread that runs the jobs.
#[derive(Debug)]
pub struct JobThread {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl JobThread {
    /// Starts it.
    pub fn start(services: &Arc<Services>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (services, stopped) = (Arc::clone(services), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(move || run(&services, &stopped))?;
        Ok(Self { stop, thread })
    }

    /// Stops after the job that is running.
    pub fn finish(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
        if self.thread.join().is_err() {
            tracing::error!("the thread of the jobs had died");
        }
    }
}

fn run(services: &Services, stop: &AtomicBool) {
    let mut last = vec![services.now(); JOBS.len()];
    while !stop.load(Ordering::SeqCst) {
        let now = services.now();
        for (job, last) in JOBS.iter().zip(&mut last) {
            if now.since(*last) < job.every {
                continue;
            }
            *last = now;
            match (job.run)(services, now) {
                Ok(Some(report)) => tracing::info!(job = job.name, report),
                Ok(None) => {}
                Err(error) => tracing::warn!(job = job.name, error, "job failed, will try again"),
            }
        }
        std::thread::park_timeout(Duration::from_secs(1));
    }
}
