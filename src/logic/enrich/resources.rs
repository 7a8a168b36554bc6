//! Which resources of an action are kept whole.

use crate::base::limits;
use crate::logic::address::Address;
use crate::model::action::{ActionResources, Resource, ResourceSum};

/// Keeps at most `rows_max` rows (failed and render-blocking ones first, then the slowest and the largest) and sums
/// up the rest by host and kind. Also tells how many resources there were in all.
#[must_use]
pub fn limit_resources(
    rows: Vec<Resource>,
    sums: Vec<ResourceSum>,
    rows_max: usize,
) -> (ActionResources, u32) {
    let summed: u32 = sums.iter().fold(0, |all, sum| all.saturating_add(sum.count));
    let count = summed.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let mut kept = ActionResources { rows, sums };
    if kept.rows.len() > rows_max {
        let keep = choose(&kept.rows, rows_max);
        let mut position = 0;
        let (whole, rest) = std::mem::take(&mut kept.rows).into_iter().partition(|_| {
            position += 1;
            keep.get(position - 1).copied().unwrap_or(false)
        });
        kept.rows = whole;
        let rest: Vec<Resource> = rest;
        for row in &rest {
            add(&mut kept.sums, row);
        }
    }
    kept.rows.sort_by_key(|row| row.start);
    (kept, count)
}

/// Marks the rows that stay.
fn choose(rows: &[Resource], rows_max: usize) -> Vec<bool> {
    let mut keep = vec![false; rows.len()];
    let mut left = rows_max;
    let mut take = |order: &[usize], count: usize, keep: &mut Vec<bool>| {
        let mut taken = 0;
        for position in order {
            if left == 0 || taken == count {
                break;
            }
            if let Some(flag) = keep.get_mut(*position).filter(|flag| !**flag) {
                *flag = true;
                left -= 1;
                taken += 1;
            }
        }
    };
    let order = |key: &dyn Fn(&Resource) -> u32| {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|position| std::cmp::Reverse(rows.get(*position).map(key)));
        order
    };
    let of = |wanted: &dyn Fn(&Resource) -> bool| -> Vec<usize> {
        let hits = rows.iter().enumerate().filter(|(_, row)| wanted(row));
        hits.map(|(position, _)| position).collect()
    };
    take(&of(&|row| row.is_failed), rows_max, &mut keep);
    take(&of(&|row| row.is_render_blocking), rows_max, &mut keep);
    let important = keep.iter().filter(|flag| **flag).count();
    let half = rows_max.saturating_sub(important).div_ceil(2);
    take(&order(&|row| row.duration), half, &mut keep);
    take(&order(&|row| row.transfer_bytes), rows_max, &mut keep);
    keep
}

fn add(sums: &mut Vec<ResourceSum>, row: &Resource) {
    let host = Address::parse(&row.url).host;
    let is_full = sums.len() >= limits::ACTION_RESOURCE_SUMS;
    let known = sums.iter().position(|sum| sum.kind == row.kind && sum.host == host);
    let position = known.or(is_full.then(|| sums.len() - 1));
    if let Some(sum) = position.and_then(|position| sums.get_mut(position)) {
        sum.count = sum.count.saturating_add(1);
        sum.duration = sum.duration.saturating_add(row.duration);
        sum.transfer_bytes = sum.transfer_bytes.saturating_add(row.transfer_bytes);
        return;
    }
    sums.push(ResourceSum {
        host: host.to_owned(),
        kind: row.kind,
        count: 1,
        duration: row.duration,
        transfer_bytes: row.transfer_bytes,
    });
}
