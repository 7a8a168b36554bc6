//! The patterns of uap-core: browser and operating system at once, devices when the first one is asked for.

use std::sync::OnceLock;

use ua_parser::{Regexes, device, os, user_agent};

/// Compiled patterns. They need much memory and a tenth of a second: there is one set in a process.
pub struct UserAgents {
    browsers: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    devices: OnceLock<Option<device::Extractor<'static>>>,
    yaml: Box<str>,
}

impl std::fmt::Debug for UserAgents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserAgents").finish_non_exhaustive()
    }
}

impl UserAgents {
    /// Compiles `regexes.yaml` of uap-core; on failure the line (0 when unknown) and what is wrong.
    pub fn new(yaml: &str) -> Result<Self, (usize, String)> {
        let regexes: Regexes<'static> = serde_norway::from_str(yaml).map_err(|problem| {
            let line = problem.location().map_or(0, |place| place.line());
            (line, problem.to_string())
        })?;
        let failed = |problem: String| (0, problem);
        let browsers = user_agent::Builder::new()
            .push_all(regexes.user_agent_parsers)
            .map_err(|problem| failed(problem.to_string()))?
            .build()
            .map_err(|problem| failed(format!("{problem:?}")))?;
        let systems = os::Builder::new()
            .push_all(regexes.os_parsers)
            .map_err(|problem| failed(format!("{problem:?}")))?
            .build()
            .map_err(|problem| failed(format!("{problem:?}")))?;
        Ok(Self {
            browsers,
            systems,
            devices: OnceLock::new(),
            yaml: yaml.into(),
        })
    }

    /// Family and version of the browser.
    #[must_use]
    pub fn browser(&self, user_agent: &str) -> Option<(String, String)> {
        let value = self.browsers.extract(user_agent)?;
        let version = join(value.major, value.minor);
        Some((value.family.into_owned(), version))
    }

    /// Family and version of the operating system.
    #[must_use]
    pub fn system(&self, user_agent: &str) -> Option<(String, String)> {
        let value = self.systems.extract(user_agent)?;
        let version = join(value.major.as_deref(), value.minor.as_deref());
        Some((value.os.into_owned(), version))
    }

    /// Model of the device.
    #[must_use]
    pub fn device(&self, user_agent: &str) -> Option<String> {
        let devices = self.devices.get_or_init(|| compile_devices(&self.yaml));
        let value = devices.as_ref()?.extract(user_agent)?;
        Some(value.device.into_owned())
    }
}

fn compile_devices(yaml: &str) -> Option<device::Extractor<'static>> {
    let regexes: Regexes<'static> = serde_norway::from_str(yaml).ok()?;
    device::Builder::new()
        .push_all(regexes.device_parsers)
        .ok()?
        .build()
        .ok()
}

fn join(major: Option<&str>, minor: Option<&str>) -> String {
    match (major, minor) {
        (Some(major), Some(minor)) => format!("{major}.{minor}"),
        (Some(major), None) => major.to_owned(),
        (None, _) => String::new(),
    }
}
