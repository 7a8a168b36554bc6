//! The rows of a full waterfall: which are shown, marked and opened, in which groups.

use std::collections::BTreeMap;

use super::navigation;
use super::shell::plural;
use super::waterfall::request_row;
use super::waterfall_view::WaterfallView;
use crate::logic::waterfall::{
    COMPRESSIBLE_BYTES, Finding, HOSTS, LARGE_IMAGE_BYTES, SLOW_SERVER, host, is_third_party,
};
use crate::model::action::{Resource, ResourceKind, UserAction};
use crate::web::charts::waterfall::{self, Line, Phase};
use crate::web::ui::frame::Link;
use crate::web::ui::parts::{Chip, Fact, Shown, add_fact};
use crate::web::ui::session::{FindingLink, WaterfallGroup, WaterfallPage, WaterfallRow};
use crate::web::{format, mask};

/// Height of a row of the full waterfall.
const ROW_HEIGHT: u32 = 26;
/// Hosts that are named where the browser tells nothing.
const HOSTS_NAMED: usize = 5;

/// All that the rows of a waterfall are drawn from.
pub struct Drawing<'a> {
    /// Vertical lines: (line, class of the key, text).
    pub marks: Vec<(Line, &'static str, String)>,
    /// The requests, the document first.
    pub rows: Vec<Resource>,
    /// Whether the first row is the document of the action.
    pub has_document: bool,
    /// Length of the longest of action and requests.
    pub scale: u32,
    /// The action.
    pub action: &'a UserAction,
    /// What is shown of it.
    pub view: WaterfallView,
    /// Address of the page.
    pub path: String,
    /// Whether everything that is stored may be shown.
    pub sees_unmasked: bool,
}

impl Drawing<'_> {
    /// The rows and all that chooses them.
    #[must_use]
    pub fn page(&self) -> WaterfallPage {
        let kind = |row: &Resource| super::words::resource(row.kind);
        let url = self.action.url.as_str();
        let shown: Vec<(usize, &Resource)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| self.view.shows(row, kind(row), url))
            .collect();
        let (sorts, groupings) = self.view.switches(&self.path);
        let all = u64::try_from(self.rows.len()).unwrap_or(u64::MAX);
        let mut keep = self.view.parameters();
        keep.retain(|(name, _)| *name != "q" && *name != "row");
        WaterfallPage {
            name: self.action.name.clone(),
            findings: self.findings(),
            text: self.view.text.clone(),
            action: self.path.clone(),
            keep: keep.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            sorts,
            groupings,
            third: self.third(),
            shown: if shown.len() == self.rows.len() {
                plural(all, "request")
            } else {
                format!("{} of {}", shown.len(), plural(all, "request"))
            },
            untold: self.untold(),
            axis: waterfall::axis(self.scale),
            groups: self.groups(shown),
            lines: self.marks.iter().map(|(_, class, text)| (*class, text.clone())).collect(),
            empty: if self.rows.is_empty() {
                "The browser told of no requests in this action.".to_owned()
            } else {
                String::new()
            },
            ..WaterfallPage::default()
        }
    }

    fn findings(&self) -> Vec<FindingLink> {
        let link = |finding: Finding| {
            let count = finding.rows(&self.rows, &self.action.url).len();
            let is_current = self.view.finding == Some(finding);
            let chosen = if is_current { None } else { Some(finding) };
            let view = WaterfallView { finding: chosen, row: None, ..self.view.clone() };
            (count > 0).then(|| FindingLink {
                chip: chip(finding, count),
                href: view.href(&self.path),
                is_current,
            })
        };
        Finding::ALL.into_iter().filter_map(link).collect()
    }

    fn third(&self) -> Option<Link> {
        let third = |row: &&Resource| is_third_party(&row.url, &self.action.url);
        let count = self.rows.iter().filter(third).count();
        let view =
            WaterfallView { hides_third: !self.view.hides_third, row: None, ..self.view.clone() };
        let label = if self.view.hides_third { "Show third party" } else { "Hide third party" };
        (count > 0).then(|| Link {
            is_current: self.view.hides_third,
            ..Link::new(&format!("{label} {count}"), &view.href(&self.path))
        })
    }

    /// Hosts of which the browser hides phases and sizes.
    fn untold(&self) -> String {
        let page = host(&self.action.url);
        let is_untold = |row: &&Resource| {
            let own = host(&row.url);
            row.response_start == 0 && row.encoded_bytes == 0 && !own.is_empty() && own != page
        };
        let mut hosts: Vec<&str> =
            self.rows.iter().filter(is_untold).map(|row| host(&row.url)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        if hosts.is_empty() {
            return String::new();
        }
        let more = hosts.len().saturating_sub(HOSTS_NAMED);
        let named = hosts.iter().take(HOSTS_NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!(
            "The browser tells neither phases nor sizes of {named}{more}: answers of other hosts need the header \
             Timing-Allow-Origin."
        )
    }

    fn groups(&self, rows: Vec<(usize, &Resource)>) -> Vec<WaterfallGroup> {
        let mut groups: BTreeMap<(u8, String), Vec<(usize, &Resource)>> = BTreeMap::new();
        for (number, row) in rows {
            groups.entry(self.group_of(number, row)).or_default().push((number, row));
        }
        let marked = self.view.finding.map(|finding| finding.rows(&self.rows, &self.action.url));
        groups
            .into_iter()
            .map(|((_, title), mut rows)| {
                self.view.order(&mut rows);
                let bytes = rows.iter().map(|(_, row)| u64::from(row.transfer_bytes)).sum::<u64>();
                let size = if bytes > 0 { format::bytes(bytes) } else { String::new() };
                let drawn =
                    rows.iter().map(|(number, row)| self.row(*number, row, marked.as_deref()));
                WaterfallGroup { title, note: size, rows: drawn.collect() }
            })
            .collect()
    }

    fn group_of(&self, number: usize, row: &Resource) -> (u8, String) {
        if self.view.is_by_host {
            let own = host(&row.url);
            let place = u8::from(own != host(&self.action.url));
            let name = if own.is_empty() { "in the page" } else { own };
            return (place, name.to_owned());
        }
        match row.kind {
            _ if number == 0 && self.has_document => (0, "Documents".to_owned()),
            ResourceKind::Document => (0, "Documents".to_owned()),
            ResourceKind::Xhr | ResourceKind::Fetch | ResourceKind::Beacon => (1, "XHR".to_owned()),
            _ => (2, "Resources".to_owned()),
        }
    }

    fn row(&self, number: usize, row: &Resource, marked: Option<&[usize]>) -> WaterfallRow {
        let lines: Vec<Line> = self.marks.iter().map(|(line, _, _)| line.clone()).collect();
        let mut drawn = request_row(row, &lines, self.scale, ROW_HEIGHT, self.sees_unmasked);
        if number == 0 && self.has_document {
            let is_bad = row.is_failed || row.status >= 400;
            let phases = navigation::phases(&self.action.timings, is_bad);
            if !phases.is_empty() {
                let label = format!("{}: {}{}", drawn.name, drawn.duration, in_words(&phases));
                drawn.bar = waterfall::row(&phases, &lines, self.scale, ROW_HEIGHT, &label);
            }
        }
        let is_open = self.view.row == Some(number);
        let opened = if is_open { None } else { Some(number) };
        let view = WaterfallView { row: opened, ..self.view.clone() };
        drawn.id = format!("r{number}");
        drawn.href = format!("{}#r{number}", view.href(&self.path));
        drawn.is_marked = marked.is_some_and(|rows| rows.contains(&number));
        drawn.is_dimmed = marked.is_some_and(|rows| !rows.contains(&number));
        if is_open {
            drawn.details = self.details(row);
        }
        drawn
    }

    fn details(&self, row: &Resource) -> Vec<Fact> {
        let mut facts = Vec::new();
        let duration = |millis: u32| format::duration(u64::from(millis));
        add_fact(&mut facts, "Address", Shown::code(&mask::url(&row.url, self.sees_unmasked)));
        add_fact(&mut facts, "Method", Shown::open(&row.method));
        let party = if is_third_party(&row.url, &self.action.url) {
            "third party"
        } else if host(&row.url) == host(&self.action.url) {
            "host of the page"
        } else {
            "same site, other host"
        };
        add_fact(&mut facts, "Provider", Shown::open(party));
        add_fact(&mut facts, "Protocol", Shown::open(&row.protocol));
        add_fact(&mut facts, "Starts at", Shown::open(&duration(row.start)));
        add_fact(&mut facts, "Takes", Shown::open(&duration(row.duration)));
        for (name, from, to) in [
            ("DNS", row.domain_lookup_start, row.domain_lookup_end),
            ("Connect", row.connect_start, row.connect_end),
            ("Server", row.request_start, row.response_start),
            ("Download", row.response_start, row.duration),
        ] {
            if row.response_start > 0 && to > from {
                add_fact(&mut facts, name, Shown::open(&duration(to - from)));
            }
        }
        for (name, bytes) in [
            ("Over the wire", row.transfer_bytes),
            ("Body", row.encoded_bytes),
            ("Unpacked", row.decoded_bytes),
        ] {
            if bytes > 0 {
                add_fact(&mut facts, name, Shown::open(&format::bytes(u64::from(bytes))));
            }
        }
        if row.encoded_bytes > 0 {
            let cache = match row.transfer_bytes {
                0 => "from the cache of the browser",
                sent if sent < row.encoded_bytes => {
                    "in the cache, asked the server whether it is new"
                }
                _ => "not from the cache",
            };
            add_fact(&mut facts, "Cache", Shown::open(cache));
        }
        if row.is_render_blocking {
            add_fact(&mut facts, "Rendering", Shown::open("waited for it"));
        }
        facts
    }
}

/// A finding with its rows and its threshold.
fn chip(finding: Finding, count: usize) -> Chip {
    let (band, one, many, why) = match finding {
        Finding::Failed => {
            ("bad", "failed request", "failed requests", "no answer, or 4xx and 5xx".to_owned())
        }
        Finding::SlowServer => (
            "fair",
            "slow server answer",
            "slow server answers",
            format!("over {} to the first byte", format::duration(u64::from(SLOW_SERVER))),
        ),
        Finding::Blocking => (
            "fair",
            "request blocks rendering",
            "requests block rendering",
            "as the browser says".to_owned(),
        ),
        Finding::Uncompressed => (
            "fair",
            "uncompressed text",
            "uncompressed texts",
            format!("over {COMPRESSIBLE_BYTES} bytes, sent as long as they are"),
        ),
        Finding::Uncached => (
            "fair",
            "file not from the cache",
            "files not from the cache",
            "more than half of scripts, styles, images and fonts".to_owned(),
        ),
        Finding::LargeImage => (
            "fair",
            "large image",
            "large images",
            format!("over {}", format::bytes(u64::from(LARGE_IMAGE_BYTES))),
        ),
        Finding::ManyHosts => (
            "",
            "request to another host",
            "requests to other hosts",
            format!("more than {HOSTS} hosts in all"),
        ),
        Finding::ThirdParty => (
            "",
            "third party request",
            "third party requests",
            "to another site than the page's".to_owned(),
        ),
    };
    let words = if count == 1 { one } else { many };
    Chip { text: format!("{count} {words}"), band, title: why }
}

/// Phases as a sentence for those who do not see the bar.
#[must_use]
pub fn in_words(phases: &[Phase]) -> String {
    let name = |class: &str| match class {
        "phase-wait" => "waiting",
        "phase-connect" => "connecting",
        "phase-server" => "server",
        "phase-failed" => "failed",
        _ => "download",
    };
    phases.iter().fold(String::new(), |text, phase| {
        format!("{text}, {} {}", name(phase.class), format::duration(u64::from(phase.length)))
    })
}
