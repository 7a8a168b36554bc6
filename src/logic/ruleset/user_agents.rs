//! The patterns of uap-core. They need much memory and a tenth of a second, so each kind is built when it is first
//! asked for.

use std::sync::{Mutex, OnceLock, PoisonError};

use ua_parser::{Error, Regexes, device, os, user_agent};

/// Patterns, each kind compiled when first used: there is one set in a process.
pub struct UserAgents {
    browsers: Lazy<user_agent::Parser<'static>, user_agent::Extractor<'static>>,
    systems: Lazy<os::Parser<'static>, os::Extractor<'static>>,
    devices: Lazy<device::Parser<'static>, device::Extractor<'static>>,
}

impl std::fmt::Debug for UserAgents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserAgents").finish_non_exhaustive()
    }
}

impl UserAgents {
    /// Reads `regexes.yaml` of uap-core; on failure the line (0 when unknown) and what is wrong. Expressions are
    /// compiled later.
    pub fn new(yaml: &str) -> Result<Self, (usize, String)> {
        let regexes = parse(yaml)?;
        Ok(Self {
            browsers: Lazy::new(regexes.user_agent_parsers),
            systems: Lazy::new(regexes.os_parsers),
            devices: Lazy::new(regexes.device_parsers),
        })
    }

    /// Compiles all expressions of a file to see whether they are right.
    pub fn check(yaml: &str) -> Result<(), (usize, String)> {
        let regexes = parse(yaml)?;
        let failed = |problem: Error| (0, problem.to_string());
        browsers(regexes.user_agent_parsers).map_err(failed)?;
        systems(regexes.os_parsers).map_err(failed)?;
        devices(regexes.device_parsers).map_err(failed)?;
        Ok(())
    }

    /// Compiles what is not compiled yet, so that the first visitor need not wait for it.
    pub fn warm(&self) {
        self.browsers.get(browsers);
        self.systems.get(systems);
        self.devices.get(devices);
    }

    /// Family and version of the browser.
    #[must_use]
    pub fn browser(&self, user_agent: &str) -> Option<(String, String)> {
        let value = self.browsers.get(browsers)?.extract(user_agent)?;
        let version = join(value.major, value.minor);
        Some((value.family.into_owned(), version))
    }

    /// Family and version of the operating system.
    #[must_use]
    pub fn system(&self, user_agent: &str) -> Option<(String, String)> {
        let value = self.systems.get(systems)?.extract(user_agent)?;
        let version = join(value.major.as_deref(), value.minor.as_deref());
        Some((value.os.into_owned(), version))
    }

    /// Model of the device.
    #[must_use]
    pub fn device(&self, user_agent: &str) -> Option<String> {
        let value = self.devices.get(devices)?.extract(user_agent)?;
        Some(value.model.unwrap_or(value.device).into_owned())
    }
}

/// What is built from patterns when it is first needed.
struct Lazy<P, E> {
    patterns: Mutex<Vec<P>>,
    built: OnceLock<Option<E>>,
}

impl<P, E> Lazy<P, E> {
    const fn new(patterns: Vec<P>) -> Self {
        Self { patterns: Mutex::new(patterns), built: OnceLock::new() }
    }

    fn get(&self, build: fn(Vec<P>) -> Result<E, Error>) -> Option<&E> {
        let take = || {
            let mut patterns = self.patterns.lock().unwrap_or_else(PoisonError::into_inner);
            build(std::mem::take(&mut *patterns)).ok()
        };
        self.built.get_or_init(take).as_ref()
    }
}

fn parse(yaml: &str) -> Result<Regexes<'static>, (usize, String)> {
    serde_norway::from_str(yaml).map_err(|problem| {
        let line = problem.location().map_or(0, |place| place.line());
        (line, problem.to_string())
    })
}

fn browsers(
    patterns: Vec<user_agent::Parser<'static>>,
) -> Result<user_agent::Extractor<'static>, Error> {
    Ok(user_agent::Builder::new().push_all(patterns)?.build()?)
}

fn systems(patterns: Vec<os::Parser<'static>>) -> Result<os::Extractor<'static>, Error> {
    Ok(os::Builder::new().push_all(patterns)?.build()?)
}

fn devices(patterns: Vec<device::Parser<'static>>) -> Result<device::Extractor<'static>, Error> {
    Ok(device::Builder::new().push_all(patterns)?.build()?)
}

fn join(major: Option<&str>, minor: Option<&str>) -> String {
    match (major, minor) {
        (Some(major), Some(minor)) => format!("{major}.{minor}"),
        (Some(major), None) => major.to_owned(),
        (None, _) => String::new(),
    }
}
