//! The frame around every page: navigation, where am I, time range, who is signed in.

use serde::Serialize;

/// A link with its text.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Link {
    /// Text.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is the one shown now.
    pub is_current: bool,
}

impl Link {
    /// A link that is not the current one.
    #[must_use]
    pub fn new(label: &str, href: &str) -> Self {
        Self { label: label.to_owned(), href: href.to_owned(), is_current: false }
    }
}

/// An entry of the menu.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MenuItem {
    /// Text.
    pub label: &'static str,
    /// Short text for the bar of small screens.
    pub short: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// Whether the page belongs to it.
    pub is_current: bool,
}

/// One line above the content.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notice {
    /// `problem`, `warn`, `good` or `info`.
    pub kind: &'static str,
    /// First words, bold.
    pub title: String,
    /// The rest.
    pub text: String,
    /// A way on; empty for none.
    pub link: Option<Link>,
}

/// The time range of a page and how to change it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TimeRange {
    /// As `Last 24 hours`.
    pub label: String,
    /// As `22 Nov 10:00 – 23 Nov 10:00`.
    pub span: String,
    /// Ready-made ranges.
    pub presets: Vec<Link>,
    /// The range before this one.
    pub earlier: String,
    /// The range after this one; empty when it would lie in the future.
    pub later: String,
    /// Twice as much time around the same middle; empty when nothing more is kept.
    pub wider: String,
    /// How long data is kept.
    pub kept: String,
    /// Where the form leads.
    pub action: String,
    /// Other parameters that the form keeps: (name, value).
    pub keep: Vec<(String, String)>,
    /// Start as typed.
    pub from: String,
    /// End as typed.
    pub to: String,
    /// What numbers may be compared with; empty where nothing is compared.
    pub compare: Vec<Link>,
}

/// Whether a page draws itself anew, every 30 seconds, and the same page the other way.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Refresh {
    /// It does.
    pub is_on: bool,
    /// The other way.
    pub href: String,
}

/// Who is signed in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Role in words.
    pub role: &'static str,
    /// May change applications.
    pub may_edit: bool,
    /// May manage accounts, tokens, audit.
    pub is_admin: bool,
}

/// What every page shows around its content.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Frame {
    /// Title of the browser tab.
    pub title: String,
    /// Empty, `light` or `dark`.
    pub theme: String,
    /// Menu.
    pub menu: Vec<MenuItem>,
    /// The way here.
    pub crumbs: Vec<Link>,
    /// Last part of the way here.
    pub here: String,
    /// Who is signed in; none on sign-in and set-up.
    pub person: Option<Person>,
    /// At most one line above the content.
    pub notice: Option<Notice>,
    /// Only on pages where time changes something.
    pub time_range: Option<TimeRange>,
    /// Only on pages that can be drawn again and again.
    pub refresh: Option<Refresh>,
    /// Time zone in which times are shown.
    pub zone: String,
    /// When the page was drawn.
    pub drawn_at: String,
    /// Version of the product.
    pub version: &'static str,
}

/// Entries of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Home.
    Home,
    /// Applications.
    Applications,
    /// Sessions and users.
    Sessions,
    /// Settings of the install.
    Settings,
    /// Outside of the menu.
    None,
}

/// The menu with one entry marked: only what exists.
#[must_use]
pub fn menu(current: Section) -> Vec<MenuItem> {
    let item = |section, label, href, icon| MenuItem {
        label,
        short: label,
        href,
        icon,
        is_current: section == current,
    };
    vec![
        item(Section::Home, "Home", "/", "house"),
        MenuItem {
            short: "Apps",
            ..item(Section::Applications, "Applications", "/apps", "grid-2x2")
        },
        item(Section::Sessions, "Sessions", "/sessions", "users"),
        item(Section::Settings, "Settings", "/settings", "settings-2"),
    ]
}
