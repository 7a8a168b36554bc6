//! Retention: a day is dropped whole, and its space is free at once.

use super::error::Error;
use super::write::{Store, day_folder};
use crate::base::time::Day;

impl Store {
    /// Removes the folders of days before `first_kept`; answers which. A day that is being read waits for the next call.
    pub fn drop_days_before(&self, first_kept: Day) -> Result<Vec<Day>, Error> {
        let mut dropped = Vec::new();
        for day in self.days()?.into_iter().take_while(|day| *day < first_kept) {
            if !self.close_day(day) {
                continue;
            }
            let folder = day_folder(self.folder(), day);
            std::fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
            dropped.push(day);
        }
        Ok(dropped)
    }
}
