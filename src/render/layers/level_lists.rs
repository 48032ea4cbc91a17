//! The lists of a level with what is in quarters, at their places among those of all levels.

use super::band::{Band, is_item, too_many};
use super::divided::{IN_QUARTERS, Quarters};
use super::index::{Index, Kinds};
use super::lost::Lost;
use crate::error::Result;

/// The lists of a level.
pub(super) struct LevelLists {
    /// The last one of the cells in quarters, if there are any.
    pub(super) bands: Vec<Band>,
    pub(super) quarters: Vec<u32>,
    pub(super) lost: Vec<Lost>,
    pub(super) kinds: Kinds,
    /// Entries of all bands.
    pub(super) count: u32,
    /// What they number, if that is not the items of all levels.
    pub(super) items: Vec<[i32; 4]>,
}

impl LevelLists {
    pub(super) fn new(
        index: &Index,
        mut bands: Vec<Band>,
        (quarters, finer): (Option<Quarters>, bool),
        items: Vec<[i32; 4]>,
    ) -> Result<Self> {
        let kinds = index.kinds(&mut bands);
        let Quarters { words, entries, lost } = match quarters {
            Some(quarters) => quarters,
            None => Quarters { lost: index.lost(&bands, finer), ..Quarters::default() },
        };
        if !words.is_empty() {
            bands.push(Band { entries, ..Band::default() });
        }
        let count = bands.iter().map(|band| band.entries.len()).sum::<usize>();
        let count = u32::try_from(count).map_err(|_| too_many())?;
        Ok(Self { bands, quarters: words, lost, kinds, count, items })
    }

    /// Puts its entries, the words of cells in quarters, and its items, at their places among those
    /// of all levels.
    pub(super) fn place(&mut self, first: u32, quarters: u32, first_item: u32) {
        let at = |start: &mut u32, first: u32| {
            *start += if *start & IN_QUARTERS == 0 { first } else { quarters };
        };
        self.quarters.iter_mut().for_each(|start| at(start, first));
        let mut end = first;
        for Band { cells, entries, .. } in &mut self.bands {
            cells.iter_mut().for_each(|start| at(start, end));
            end += entries.len() as u32;
            if first_item > 0 {
                let items = entries.iter_mut().filter(|entry| is_item(**entry));
                items.for_each(|entry| entry[0] += first_item);
            }
        }
    }
}
