//! Lists for squares of cells of one level, each of all that comes near it: in bands of rows, which
//! are made apart.

use super::band::{Band, Cell, Entries, Run, Scale, TooLong};
use super::grid::Grid;
use super::items::Items;
use super::lost::{ANY_FINER, Lost};
use super::window::Window;
use crate::error::{Result, try_vec};
use crate::gpu::shaders::numbers::layers::STEP_BITS;

/// How many bits a level's places lose in its lists.
pub(super) fn step_bits(grid: &Grid, level: i32) -> i32 {
    (grid.bits + level - STEP_BITS).max(0)
}

/// How far beyond itself an item may reach in cells of a level, and be told in its lists: with the
/// pieces' length ([`LONGEST_PIECE`]) and what lies around a cell that is less than BEFORE.
pub(super) const BEYOND: f64 = 2.0;
/// Cells that a piece may be long.
pub(super) const LONGEST_PIECE: f64 = 2.0;
/// No cell is less than 2^8 units wide, in 256ths of which its reference point is told.
pub(super) const LEAST_SHIFT: i32 = 8;
/// Cells that are made at a time: what is known of them should stay near a core.
const TOGETHER: i32 = 1 << 15;

/// The cells of a level, and which items come near each band of its rows.
pub(super) struct Index {
    pub(super) scale: Scale,
    pub(super) window: Window,
    /// Rows of a band, of which the last may have fewer: 2^tall.
    tall: u32,
    pub(super) bands: Vec<Vec<Run>>,
}

/// What the lists of a level say, band by band.
pub(super) struct Kinds {
    pub(super) window: Window,
    tall: u32,
    bands: Vec<Vec<Cell>>,
}

impl Index {
    /// Of cells 2^`level` of the DEM's wide, each of what comes so many of them near it; `beyond`
    /// is how far items reach beyond themselves, in cells of the DEM.
    pub(super) fn of(
        grid: &Grid,
        items: &Items,
        entries: Entries,
        (level, window): (i32, Window),
        [around, beyond]: [f64; 2],
        whole: bool,
    ) -> Result<Self> {
        let shift = grid.bits + level;
        let wide = f64::from(shift).exp2();
        let reach = around * wide + beyond * f64::from(1 << grid.bits) + 1.0;
        let scale = Scale { shift, wide, around, reach, entries, whole };
        let tall = (TOGETHER / window.size[0]).max(1).ilog2();
        let span = window.span(1);
        let count = span.len().div_ceil(1 << tall);
        let mut bands: Vec<Vec<Run>> = try_vec(count, "a layer's lists")?;
        bands.resize(count, Vec::new());
        // The topmost first.
        for &(feature, first, end) in items.runs.iter().rev() {
            for number in first..end {
                let rows = scale.rows(span.clone(), items.words[number]);
                if rows.is_empty() {
                    continue;
                }
                let [low, high] =
                    [rows.start, rows.end - 1].map(|row| ((row - span.start) >> tall) as usize);
                for runs in &mut bands[low..=high] {
                    add_to(runs, feature, number);
                }
            }
        }
        Ok(Self { scale, window, tall, bands })
    }

    /// How many bands there are.
    pub(super) fn count(&self) -> usize {
        self.bands.len()
    }

    /// The lists of a band of the same items.
    pub(super) fn band(&self, number: usize, items: &Items) -> Result<Band> {
        Band::of(self.scale, self.window_of(number), &items.words, &self.bands[number])
    }

    /// The cells of a band.
    pub(super) fn window_of(&self, number: usize) -> Window {
        let Window { first, size } = self.window;
        let before = (number << self.tall) as i32;
        Window {
            first: [first[0], first[1] + before],
            size: [size[0], (size[1] - before).min(1 << self.tall)],
        }
    }

    /// Cells whose lists have lost something, which serve pixels too that want a finer level or not.
    pub(super) fn lost(&self, bands: &[Band], finer: bool) -> Vec<Lost> {
        let shift = self.scale.shift;
        let mut lost = Vec::new();
        for (number, band) in bands.iter().enumerate() {
            let window = self.window_of(number);
            lost.extend(band.too_long.iter().map(|&TooLong { cell, entries }| Lost {
                cell: window.cell(cell),
                shift,
                serves: [if finer { ANY_FINER } else { shift }, shift],
                entries,
            }));
        }
        lost
    }

    /// What the lists of all bands say, which lose that.
    pub(super) fn kinds(&self, bands: &mut [Band]) -> Kinds {
        let bands = bands.iter_mut().map(|band| std::mem::take(&mut band.kinds)).collect();
        Kinds { window: self.window, tall: self.tall, bands }
    }
}

/// Adds an item of a feature to runs that end before it.
pub(super) fn add_to(runs: &mut Vec<Run>, feature: u32, number: usize) {
    match runs.last_mut() {
        Some((of, run)) if *of == feature && run.end == number => run.end += 1,
        _ => runs.push((feature, number..number + 1)),
    }
}

impl Kinds {
    /// Of a cell.
    pub(super) fn at(&self, [column, row]: [i32; 2]) -> Cell {
        if self.window.index([column, row]).is_none() {
            return Cell::EMPTY;
        }
        let [column, row] = [column - self.window.first[0], row - self.window.first[1]];
        let within = (row & ((1 << self.tall) - 1)) * self.window.size[0] + column;
        self.bands[(row >> self.tall) as usize][within as usize]
    }
}

#[cfg(test)]
mod tests;
