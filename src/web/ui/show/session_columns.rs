//! Columns of the list of sessions: which there are, which are shown, and how to change that.

use super::sessions_parts::View;
use crate::web::api::session_order::{Order, OrderKey};
use crate::web::ui::sessions::{Column, ColumnChoice, ColumnsMenu};

/// A column that a list can have.
struct Known {
    key: &'static str,
    label: &'static str,
    class: &'static str,
    order: Option<OrderKey>,
    is_default: bool,
}

const fn known(key: &'static str, label: &'static str) -> Known {
    Known { key, label, class: "hide-narrow fold-hide clip-place", order: None, is_default: false }
}

const fn number(key: &'static str, label: &'static str, order: Option<OrderKey>) -> Known {
    Known { class: "number fold-hide", order, ..known(key, label) }
}

const fn shown(mut column: Known) -> Known {
    column.is_default = true;
    column
}

/// All columns, in the order in which they stand. The start is always there: it is the link to the session.
const COLUMNS: &[Known] = &[
    shown(Known {
        class: "fold-second",
        order: Some(OrderKey::Start),
        ..known("start", "Started")
    }),
    shown(Known { class: "fold-first clip-user", ..known("user", "User") }),
    shown(Known { class: "fold-end", ..known("ux", "Experience") }),
    shown(number("duration", "Duration", Some(OrderKey::Duration))),
    shown(number("actions", "Actions", Some(OrderKey::Actions))),
    shown(number("errors", "Errors", Some(OrderKey::Errors))),
    number("rage", "Rage clicks", Some(OrderKey::Rage)),
    shown(Known { class: "clip fold-quiet", ..known("path", "Path") }),
    known("app", "Application"),
    known("release", "Release"),
    shown(known("place", "Place")),
    shown(known("browser", "Browser")),
    known("os", "System"),
    known("device", "Device"),
    known("isp", "Internet provider"),
    known("referrer", "Referrer"),
    known("campaign", "Campaign"),
    known("end", "Ended by"),
    known("counted", "License"),
    known("properties", "Properties"),
];

/// The columns that an address asks for; the usual ones when it asks for none that exist.
fn asked(view: &View) -> Vec<&'static Known> {
    let wanted: Vec<&str> = view.cols.split(',').collect();
    let chosen = COLUMNS.iter().filter(|column| wanted.contains(&column.key));
    let chosen: Vec<&Known> = chosen.collect();
    let is_usual = chosen.is_empty();
    let all = COLUMNS.iter().filter(|column| {
        column.key == "start"
            || if is_usual { column.is_default } else { wanted.contains(&column.key) }
    });
    all.collect()
}

/// The value of `cols` for a set of columns; empty for the usual ones, so that addresses stay short.
#[must_use]
pub fn written<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    let keys: Vec<&str> = keys.into_iter().collect();
    let chosen = |column: &&Known| column.key == "start" || keys.contains(&column.key);
    let usual = COLUMNS.iter().filter(|column| column.is_default).map(|column| column.key);
    let own: Vec<&str> = COLUMNS.iter().filter(chosen).map(|column| column.key).collect();
    if own.len() <= 1 || own.iter().copied().eq(usual) { String::new() } else { own.join(",") }
}

/// The columns of a list, with the way to sort by each.
#[must_use]
pub fn columns(view: &View) -> Vec<Column> {
    asked(view).into_iter().map(|column| head(view, column)).collect()
}

fn head(view: &View, column: &Known) -> Column {
    let mut head =
        Column { key: column.key, label: column.label, class: column.class, ..Column::default() };
    let Some(key) = column.order else {
        return head;
    };
    let is_current = view.order.key == key;
    // The highest first is what people look for; a second click turns it round.
    let order = Order { key, is_ascending: is_current && !view.order.is_ascending };
    head.sort = view.sorted(order);
    if is_current {
        head.sorted = if view.order.is_ascending { "ascending" } else { "descending" };
    }
    head
}

/// The form that chooses columns and rows of a page.
#[must_use]
pub fn menu(view: &View, keep: &[(String, String)]) -> ColumnsMenu {
    let current: Vec<&str> = asked(view).iter().map(|column| column.key).collect();
    let changes = |name: &str| name != "cols" && name != "n";
    ColumnsMenu {
        action: view.path.clone(),
        keep: keep.iter().filter(|(name, _)| changes(name)).cloned().collect(),
        columns: COLUMNS
            .iter()
            .filter(|column| column.key != "start")
            .map(|column| ColumnChoice {
                key: column.key,
                label: column.label,
                is_shown: current.contains(&column.key),
            })
            .collect(),
        rows: [25, 50, 100].into_iter().map(|rows| (rows, rows == view.rows)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(cols: &str) -> Vec<&'static str> {
        let view = View { cols: cols.to_owned(), ..View::default() };
        columns(&view).into_iter().map(|column| column.key).collect()
    }

    #[test]
    fn columns_keep_their_order_and_unknown_ones_are_left_out() {
        assert_eq!(keys("errors,user"), ["start", "user", "errors"]);
        assert_eq!(keys("errors,nonsense"), ["start", "errors"]);
        assert_eq!(keys("nonsense"), keys(""), "nothing that exists: the usual ones");
        assert_eq!(keys("").len(), 9);
    }

    #[test]
    fn the_usual_columns_are_left_out_of_the_address() {
        assert_eq!(written(keys("")), "");
        assert_eq!(written(["user", "errors"]), "start,user,errors");
        assert_eq!(written(["start"]), "", "no column at all is not a list");
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        let view = View { order: "-duration".parse().unwrap(), ..View::default() };
        let heads = columns(&view);
        let find = |key: &str| heads.iter().find(|head| head.key == key).unwrap();
        assert_eq!(find("duration").sorted, "descending");
        assert!(find("duration").sort.contains("sort=duration"), "{}", find("duration").sort);
        assert!(find("errors").sort.contains("sort=-errors"), "{}", find("errors").sort);
        assert!(!find("start").sort.contains("sort="), "newest first needs no word");
    }
}
