//! Which items lie in or beside a cell: lists for squares of cells of one level, each of all that
//! comes near it.

use super::grid::Grid;
use super::items::Items;
use super::window::Window;
use crate::error::{Error, Result, try_zeros};
use crate::gpu::shaders::numbers::layers::{BEFORE, PLACE_BITS, STEP_BITS};
use std::collections::HashMap;

/// An entry of a list: see `shaders/include/layers.glsl`.
const NEXT_FEATURE: u32 = 1 << 31;
const IS_INSIDE: u32 = 1 << 30;
pub(super) const END: u32 = u32::MAX;
/// Entries of a list beyond which the lowest are left out: a thread's loops may not take many more
/// turns.
const MOST_ENTRIES: u32 = 3000;
/// A cell's reference point, in 256ths of it: not where vertices of round numbers lie.
pub(super) const REFERENCE: [i32; 2] = [113, 139];

/// A feature, or an item, of a list.
pub(super) type Entry = [u32; 2];

/// Whether an entry is an item.
pub(super) fn is_item(entry: Entry) -> bool {
    entry[0] & NEXT_FEATURE == 0
}

/// How many bits a level's places lose in its lists.
pub(super) fn step_bits(grid: &Grid, level: i32) -> i32 {
    (grid.bits + level - STEP_BITS).max(0)
}

/// How far beyond itself an item may reach in cells of a level, and be told in its lists: with the
/// pieces' length ([`LONGEST_PIECE`]) and what lies around a cell that is less than BEFORE.
pub(super) const BEYOND: f64 = 2.0;
/// Cells that a piece may be long.
pub(super) const LONGEST_PIECE: f64 = 2.0;

/// What lists are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// Edges of rings, and what is inside them.
    Edges,
    /// Pieces of lines.
    Pieces,
}

/// What a cell's list says: nothing, one feature all over the cell and around it, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell(u32);

impl Cell {
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const MANY: Self = Self(u32::MAX);

    /// Of a cell with so many entries, of which `last` is that of [`Filling`].
    fn of(count: u32, last: u32) -> Self {
        match count {
            0 => Self::EMPTY,
            1 if last & IS_INSIDE != 0 => Self(last & !IS_INSIDE),
            _ => Self::MANY,
        }
    }

    /// The feature that is all over it.
    pub(super) fn feature(self) -> Option<u32> {
        (self != Self::EMPTY && self != Self::MANY).then(|| self.0 - 1)
    }
}

/// The lists of a level: for each cell of a window, row by row, the place of its list among the
/// entries.
pub(super) struct LevelLists {
    pub(super) window: Window,
    pub(super) cells: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    pub(super) kinds: Vec<Cell>,
}

/// One level being filled, twice: entries are counted, then written where they belong.
struct Filling {
    /// A cell is 2^shift units wide.
    shift: i32,
    wide: f64,
    window: Window,
    /// How far beyond a cell its items may lie, in units.
    reach: f64,
    /// Whether items are told in the lists; else their numbers are.
    whole: bool,
    cells: Vec<Filled>,
    /// Once entries have been counted, where they go; END ends each list, beyond which none does.
    entries: Vec<Entry>,
}

/// What is known of a cell that is being filled.
#[derive(Clone, Copy, bytemuck::Zeroable)]
struct Filled {
    /// How many entries it has; then where the next one goes.
    entries: u32,
    /// Feature of the last one, plus one; with IS_INSIDE where that is all that it says.
    last: u32,
}

impl LevelLists {
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
        let mut filling = Filling {
            shift,
            wide,
            window,
            reach: around * wide + beyond * f64::from(1 << grid.bits) + 1.0,
            whole,
            cells: try_zeros(window.count(), "a layer's lists")?,
            entries: Vec::new(),
        };
        filling.fill(items, entries);
        let (cells, kinds) = filling.begin_writing()?;
        filling.fill(items, entries);
        Ok(Self { window, cells, entries: filling.entries, kinds })
    }
}

impl Filling {
    fn fill(&mut self, items: &Items, entries: Entries) {
        // The topmost first.
        for &(feature, first, end) in items.runs.iter().rev() {
            if entries == Entries::Edges {
                self.add_inside(feature, &items.words[first..end]);
            }
            for number in first..end {
                self.add_piece(feature, items.words[number], number as u32);
            }
        }
    }

    fn add(&mut self, [column, row]: [i32; 2], feature: u32, entry: Entry) {
        let Some(cell) = self.window.index([column, row]) else { return };
        if self.cells[cell].last & !IS_INSIDE != feature + 1 {
            self.push(cell, [NEXT_FEATURE | feature, 0]);
        }
        self.cells[cell].last = feature + 1;
        self.push(cell, entry);
    }

    fn push(&mut self, cell: usize, entry: Entry) {
        let filled = &mut self.cells[cell].entries;
        if self.entries.is_empty() {
            *filled = (*filled + 1).min(MOST_ENTRIES);
            return;
        }
        let next = &mut self.entries[*filled as usize];
        if next[0] != END {
            *next = entry;
            *filled += 1;
        }
    }

    /// A place as lists of a cell have it, with the bit of an end.
    fn place_in([x, y]: [i32; 2], [column, row]: [i32; 2], shift: i32) -> u32 {
        let along = |at: i32, cell: i32| {
            // A cell of the coarsest level may begin farther out than 32 bits can say.
            let off = i64::from(at & !1) - (i64::from(cell - BEFORE) << shift);
            (off >> (shift - STEP_BITS).max(0)) as u32 & ((1 << PLACE_BITS) - 1)
        };
        along(x, column) | along(y, row) << PLACE_BITS | (x as u32 & 1) << 30
    }

    /// Cells from a low to a high number of units along an axis.
    fn span(&self, axis: usize, low: f64, high: f64) -> std::ops::RangeInclusive<i32> {
        let cell = |at: f64| (at as i64 >> self.shift) as i32;
        let std::ops::Range { start, end } = self.window.span(axis);
        cell(low).max(start)..=cell(high).min(end - 1)
    }

    /// An edge or a piece, row by row.
    fn add_piece(&mut self, feature: u32, piece: [i32; 4], number: u32) {
        let [x0, y0, x1, y1] = piece;
        let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(f64::from);
        let rows = self.span(1, y0.min(y1) - self.reach, y0.max(y1) + self.reach);
        let one_row = rows.start() == rows.end() || x0 == x1;
        let slope = (x1 - x0) / if y1 == y0 { 1.0 } else { y1 - y0 };
        let (left, right) = (x0.min(x1), x0.max(x1));
        for row in rows {
            let (mut low, mut high) = (left, right);
            if !one_row && y0 != y1 {
                // The part of it that comes near the row.
                let start = f64::from(row) * self.wide - self.reach;
                let end = start + self.wide + 2.0 * self.reach;
                let [first, second] = [start, end].map(|y| x0 + (y - y0) * slope);
                low = left.max(first.min(second) - 1.0);
                high = right.min(first.max(second) + 1.0);
            }
            for column in self.span(0, low - self.reach, high + self.reach) {
                let (cell, shift) = ([column, row], self.shift);
                let entry = if self.whole {
                    [[piece[0], piece[1]], [piece[2], piece[3]]]
                        .map(|at| Self::place_in(at, cell, shift))
                } else {
                    [number, 0]
                };
                self.add(cell, feature, entry);
            }
        }
    }

    /// Notes the cells whose reference points are inside a feature's rings: between the first and
    /// the second edge that a row of them meets, and so on.
    fn add_inside(&mut self, feature: u32, edges: &[[i32; 4]]) {
        let half_step = (1_i64 << (self.shift - STEP_BITS).max(0)) >> 1;
        let [off_x, off_y] =
            REFERENCE.map(|part| (i64::from(part) << (self.shift - 8)) + half_step);
        let [columns, rows] = [0, 1].map(|axis| self.window.span(axis));
        let mut meetings: Vec<(i32, f64)> = Vec::new();
        // The first cell whose reference point is not before a place.
        let shift = self.shift;
        let first_from = |at: i64, off: i64| (at - off + (1 << shift) - 1) >> shift;
        for &[x0, y0, x1, y1] in edges {
            let (low, high) = (y0.min(y1), y0.max(y1));
            let first = first_from(i64::from(low), off_y).max(rows.start.into());
            let end = first_from(i64::from(high), off_y).min(rows.end.into());
            for row in first..end {
                let y = (row << self.shift) + off_y;
                let part = (y - i64::from(y0)) as f64 / (i64::from(y1) - i64::from(y0)) as f64;
                meetings.push((row as i32, f64::from(x0) + part * (f64::from(x1) - f64::from(x0))));
            }
        }
        meetings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in meetings.chunks_exact(2) {
            let row = pair[0].0;
            let [first, end] = [pair[0].1, pair[1].1].map(|x| first_from(x.ceil() as i64, off_x));
            for column in first.max(columns.start.into())..end.min(columns.end.into()) {
                let Some(cell) = self.window.index([column as i32, row]) else { continue };
                // Rings of one feature may lie in each other.
                if self.cells[cell].last & !IS_INSIDE != feature + 1 {
                    self.cells[cell].last = IS_INSIDE | (feature + 1);
                    self.push(cell, [NEXT_FEATURE | IS_INSIDE | feature, 0]);
                }
            }
        }
    }

    /// Makes room for what has been counted; where each cell's list begins, and what it says.
    fn begin_writing(&mut self) -> Result<(Vec<u32>, Vec<Cell>)> {
        let kinds: Vec<Cell> =
            self.cells.iter().map(|cell| Cell::of(cell.entries, cell.last)).collect();
        // One END for all cells without an entry, at zero; and many cells are inside one feature
        // and beside no edge: they have one list.
        let mut shared: HashMap<u32, u32> = HashMap::new();
        let mut end = 1_u64;
        let mut starts: Vec<u32> = try_zeros(kinds.len(), "a layer's lists")?;
        for ((start, kind), cell) in starts.iter_mut().zip(&kinds).zip(&self.cells) {
            if let Some(feature) = kind.feature() {
                *start = *shared.entry(feature).or_insert_with(|| {
                    end += 2;
                    end as u32 - 2
                });
            } else if *kind == Cell::MANY {
                *start = end as u32;
                end += u64::from(cell.entries) + 1;
            }
        }
        if end >= u64::from(u32::MAX) {
            return Err(Error::invalid(
                "a layer has too many vertices for one index; expected fewer than 2^32 entries, got more; make several layers of it",
            ));
        }
        let mut entries: Vec<Entry> = try_zeros(end as usize, "a layer's lists")?;
        entries[0] = [END; 2];
        for (feature, start) in shared {
            entries[start as usize] = [NEXT_FEATURE | IS_INSIDE | feature, 0];
            entries[start as usize + 1] = [END; 2];
        }
        for ((start, kind), cell) in starts.iter().zip(&kinds).zip(&mut self.cells) {
            let many = *kind == Cell::MANY;
            if many {
                entries[(start + cell.entries) as usize] = [END; 2];
            }
            // Where nothing is to be written there is an END already.
            *cell = Filled { entries: if many { *start } else { 0 }, last: 0 };
        }
        self.entries = entries;
        Ok((starts, kinds))
    }
}

#[cfg(test)]
mod tests;
