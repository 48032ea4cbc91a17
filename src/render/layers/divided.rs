//! Cells whose lists are too long, in quarters, and those again: for pixels that are so small that a
//! quarter tells all that they see.

use super::band::{Band, Entries, MOST_ENTRIES, Run, Scale};
use super::index::{Index, add_to};
use super::items::Items;
use super::lost::{ANY_FINER, Lost};
use super::together::side_by_side;
use super::window::Window;
use crate::error::Result;
use crate::gpu::Interrupted;
use crate::gpu::shaders::numbers::layers::QUARTERS_SPREAD;
use std::cmp::Reverse;
use std::sync::Arc;

/// In place of where a cell's list begins: it is in quarters, and the rest is where its words are.
/// See `shaders/include/layers.glsl`.
pub(super) const IN_QUARTERS: u32 = 1 << 31;
/// Entries of the lists of a cell's quarters, of which each has half as a rule.
const OF_QUARTERS: usize = 2 * MOST_ENTRIES as usize;

/// What cells of a level are divided into.
#[derive(Default)]
pub(super) struct Quarters {
    /// Of each divided cell where its own list begins, for pixels that want just that, and where its
    /// quarters' do, row by row.
    pub(super) words: Vec<u32>,
    /// These follow upon those of the level's cells.
    pub(super) entries: Vec<[u32; 2]>,
    /// Cells whose lists have lost something.
    pub(super) lost: Vec<Lost>,
}

/// A cell that is to be divided.
struct Whole {
    cell: [i32; 2],
    entries: u32,
    told: Told,
    /// What may come near it.
    runs: Arc<Vec<Run>>,
}

/// Where it is told where a cell's list begins.
#[derive(Clone, Copy)]
enum Told {
    /// In a band, of a cell of it.
    Band(usize, usize),
    Word(usize),
}

impl Scale {
    /// Of the quarters of its cells. What is dense would be in the lists of too many small cells that
    /// know much around them.
    fn of_quarters(&self) -> Self {
        let wide = 0.5 * self.wide;
        let around = self.around.min(1.0 / f64::from(QUARTERS_SPREAD));
        let reach = self.reach - self.around * self.wide + around * wide;
        Self { shift: self.shift - 1, wide, around, reach, ..*self }
    }

    /// By how many levels pixels want larger cells than if these knew as much as those of `other`.
    fn coarser_than(&self, other: &Self) -> i32 {
        (other.around / self.around).log2().round() as i32
    }
}

impl Quarters {
    /// Divides the cells of a level whose lists are too long, `deepest` times at most and as long as
    /// there is `room` for more entries: the longest first. Lists have numbers of items.
    pub(super) fn of(
        index: &Index,
        bands: &mut [Band],
        items: &Items,
        (deepest, mut room): (i32, usize),
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let mut quarters = Self::default();
        let mut waiting = Vec::new();
        let mut firsts = vec![0];
        for (number, band) in bands.iter().enumerate() {
            firsts.push(firsts[number] + band.entries.len() as u32);
            if band.too_long.is_empty() {
                continue;
            }
            let (window, runs) = (index.window_of(number), Arc::new(index.bands[number].clone()));
            waiting.extend(band.too_long.iter().map(|long| {
                let cell = window.cell(long.cell);
                let told = Told::Band(number, long.cell);
                Whole { cell, entries: long.entries, told, runs: runs.clone() }
            }));
        }
        let mut scale = index.scale;
        let coarser = scale.of_quarters().coarser_than(&scale);
        // Of the level's cells, and of others, which pixels they serve.
        let mut serves = [scale.shift - coarser, scale.shift];
        for _ in 0..deepest {
            if waiting.is_empty() {
                break;
            }
            let fit = room / OF_QUARTERS;
            if fit < waiting.len() {
                waiting.sort_by_key(|whole| Reverse(whole.entries));
                quarters.lose(waiting.drain(fit..), scale.shift, [ANY_FINER, serves[1]]);
            }
            let half = scale.of_quarters();
            let made = side_by_side(waiting.len(), interrupted, |number| {
                waiting[number].quarters(&half, items)
            })?;
            let mut next = Vec::new();
            for (whole, (band, runs)) in waiting.iter().zip(made) {
                room = room.saturating_sub(band.entries.len());
                let runs = Arc::new(runs);
                quarters.add(whole, (band, runs), (bands, &firsts), &mut next);
            }
            let divided = std::mem::replace(&mut waiting, next);
            quarters.lose(divided.into_iter(), scale.shift, serves);
            scale = half;
            serves = [scale.shift - coarser; 2];
        }
        quarters.lose(waiting.into_iter(), scale.shift, [ANY_FINER, serves[1]]);
        Ok(quarters)
    }

    /// Notes cells whose own lists, for pixels that want such cells, have lost something.
    fn lose(&mut self, wholes: impl Iterator<Item = Whole>, shift: i32, serves: [i32; 2]) {
        let lost = |Whole { cell, entries, .. }| Lost { cell, shift, serves, entries };
        self.lost.extend(wholes.map(lost));
    }

    /// Adds the lists of a cell's quarters, of which those that are too long themselves are `next`.
    fn add(
        &mut self,
        whole: &Whole,
        (band, runs): (Band, Arc<Vec<Run>>),
        (bands, firsts): (&mut [Band], &[u32]),
        next: &mut Vec<Whole>,
    ) {
        let at = self.words.len();
        let here = IN_QUARTERS | at as u32;
        let own = match whole.told {
            Told::Band(number, cell) => {
                firsts[number] + std::mem::replace(&mut bands[number].cells[cell], here)
            }
            Told::Word(word) => std::mem::replace(&mut self.words[word], here),
        };
        let first = firsts[bands.len()] + self.entries.len() as u32;
        self.words.push(own);
        self.words.extend(band.cells.iter().map(|start| first + start));
        self.entries.extend(band.entries);
        let window = whole.window();
        next.extend(band.too_long.iter().map(|long| Whole {
            cell: window.cell(long.cell),
            entries: long.entries,
            told: Told::Word(at + 1 + long.cell),
            runs: runs.clone(),
        }));
    }
}

impl Whole {
    fn window(&self) -> Window {
        Window { first: self.cell.map(|at| 2 * at), size: [2; 2] }
    }

    /// The lists of its quarters, and what comes near these.
    fn quarters(&self, half: &Scale, items: &Items) -> Result<(Band, Vec<Run>)> {
        let window = self.window();
        let mut runs = Vec::new();
        for (feature, run) in self.runs.iter() {
            for number in run.clone() {
                let item = items.words[number];
                let beside = half.columns(window.span(0), item).is_empty();
                // An edge beside them tells what is inside, too.
                let may_be_left_out = half.entries == Entries::Pieces && beside;
                if !may_be_left_out && !half.rows(window.span(1), item).is_empty() {
                    add_to(&mut runs, *feature, number);
                }
            }
        }
        Ok((Band::of(*half, window, &items.words, &runs)?, runs))
    }
}

#[cfg(test)]
mod tests;
