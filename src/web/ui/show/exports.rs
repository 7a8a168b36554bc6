//! Links that take a list out.

use super::sessions_parts::View;
use super::shell::address;
use crate::logic::query_parser::print;
use crate::web::auth::Identity;
use crate::web::permission::Permission;
use crate::web::ui::frame::Link;

/// Downloads of a list; none when the role does not allow it.
#[must_use]
pub fn links(view: &View, identity: &Identity) -> Vec<Link> {
    if !identity.can(Permission::ExportSessions) {
        return Vec::new();
    }
    [("CSV, all matches", "csv"), ("NDJSON, all matches", "ndjson")]
        .into_iter()
        .map(|(label, format)| {
            let parameters = [
                ("q", print(&view.filter)),
                ("from", view.from.clone()),
                ("to", view.to.clone()),
                ("format", format.to_owned()),
            ];
            let parameters: Vec<(&str, &str)> =
                parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Link::new(label, &address("/api/v1/sessions", &parameters))
        })
        .collect()
}
