//! Which items lie in or beside a cell: lists for squares of cells of one level, each of all that comes near it.

use super::grid::Grid;
use super::items::Items;
use crate::error::{Error, Result, try_vec, try_zeros};
use std::collections::HashMap;

/// An entry of a list: see `shaders/include/layers.glsl`.
const NEXT_FEATURE: u32 = 1 << 31;
const IS_INSIDE: u32 = 1 << 30;
pub(super) const END: u32 = u32::MAX;
/// Entries of a list beyond which the lowest are left out: a thread's loops may not take many more turns.
const MOST_ENTRIES: u32 = 3000;
/// A cell's reference point, in 256ths of it: not where vertices of round numbers lie.
pub(super) const REFERENCE: [i32; 2] = [113, 139];

/// Whether an entry is an item's number.
pub(super) fn is_item(word: u32) -> bool {
    word & NEXT_FEATURE == 0
}

/// What lists are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// Edges of rings, and what is inside them.
    Edges,
    /// Pieces of lines.
    Pieces,
    /// Marks, the last first.
    Marks,
}

/// What a cell's list says: nothing, one feature all over the cell and around it, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell(u32);

impl Cell {
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const MANY: Self = Self(u32::MAX);

    /// Of a cell with so many entries, of which `word` is one.
    fn of(count: u32, word: u32) -> Self {
        let inside = word & (NEXT_FEATURE | IS_INSIDE) == NEXT_FEATURE | IS_INSIDE;
        if count == 1 && inside { Self((word & (IS_INSIDE - 1)) + 1) } else { Self::MANY }
    }

    /// The feature that is all over it.
    pub(super) fn feature(self) -> Option<u32> {
        (self != Self::EMPTY && self != Self::MANY).then(|| self.0 - 1)
    }
}

/// The lists of a level: for each cell, row by row, the place of its list among the words that follow.
pub(super) struct Lists {
    pub(super) cells: Vec<u32>,
    pub(super) words: Vec<u32>,
    pub(super) kinds: Vec<Cell>,
}

/// One level being filled.
struct Filling {
    /// A cell is 2^shift units wide.
    shift: i32,
    size: [i32; 2],
    /// How far beyond a cell its items may lie, in units.
    reach: f64,
    entries: Vec<(u32, u32)>,
    counts: Vec<u32>,
    /// Feature of a cell's last entry, plus one.
    last: Vec<u32>,
}

impl Lists {
    /// Of cells 2^`level` of the DEM's wide, each of what comes so many of them near it; `beyond` is how far items reach beyond themselves,
    /// in cells of the DEM.
    pub(super) fn of(
        grid: &Grid,
        items: &Items,
        entries: Entries,
        level: i32,
        [around, beyond]: [f64; 2],
    ) -> Result<Self> {
        let shift = grid.bits + level;
        let size = size_of_level(grid, level);
        let cells = size[0] as usize * size[1] as usize;
        let reach = around * f64::from(shift).exp2() + beyond * f64::from(1 << grid.bits) + 1.0;
        let mut filling = Filling {
            shift,
            size,
            reach,
            entries: try_vec(4 * items.words.len(), "a layer's lists")?,
            counts: try_zeros(cells, "a layer's lists")?,
            last: try_zeros(cells, "a layer's lists")?,
        };
        if entries == Entries::Marks {
            for (number, word) in items.words.iter().enumerate().rev() {
                filling.add_box([word[0], word[1]], [word[0], word[1]], number as u32);
            }
        }
        // The topmost first.
        for &(feature, first, end) in items.runs.iter().rev() {
            if entries == Entries::Edges {
                filling.add_inside(feature, &items.words[first..end]);
            }
            for number in first..end {
                filling.add_piece(feature, items.words[number], number as u32);
            }
        }
        filling.sorted()
    }
}

/// Columns and rows of cells of a level that have a part of the DEM.
pub(super) fn size_of_level(grid: &Grid, level: i32) -> [i32; 2] {
    grid.cells.map(|side| (((side << grid.bits) - 1) >> (grid.bits + level)) + 1)
}

impl Filling {
    fn add(&mut self, cell: usize, feature: u32, word: u32) {
        if self.last[cell] != feature + 1 {
            self.last[cell] = feature + 1;
            self.push(cell, NEXT_FEATURE | feature);
        }
        self.push(cell, word);
    }

    fn push(&mut self, cell: usize, word: u32) {
        if self.counts[cell] < MOST_ENTRIES {
            self.counts[cell] += 1;
            self.entries.push((cell as u32, word));
        }
    }

    /// Cells from a low to a high number of units along an axis.
    fn span(&self, axis: usize, low: f64, high: f64) -> std::ops::RangeInclusive<i32> {
        let cell = |at: f64| (at as i64 >> self.shift) as i32;
        let last = self.size[axis] - 1;
        if high < 0.0 || cell(low) > last {
            #[allow(clippy::reversed_empty_ranges)] // none
            return 1..=0;
        }
        cell(low.max(0.0))..=cell(high).min(last)
    }

    fn add_box(&mut self, low: [i32; 2], high: [i32; 2], word: u32) {
        let [columns, rows] = [0, 1].map(|axis| {
            self.span(axis, f64::from(low[axis]) - self.reach, f64::from(high[axis]) + self.reach)
        });
        for row in rows {
            for column in columns.clone() {
                self.push((row * self.size[0] + column) as usize, word);
            }
        }
    }

    /// An edge or a piece, row by row.
    fn add_piece(&mut self, feature: u32, [x0, y0, x1, y1]: [i32; 4], word: u32) {
        let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(f64::from);
        let rows = self.span(1, y0.min(y1) - self.reach, y0.max(y1) + self.reach);
        let one_row = rows.start() == rows.end() || x0 == x1;
        let slope = (x1 - x0) / if y1 == y0 { 1.0 } else { y1 - y0 };
        let (left, right) = (x0.min(x1), x0.max(x1));
        for row in rows {
            let (mut low, mut high) = (left, right);
            if !one_row && y0 != y1 {
                // The part of it that comes near the row.
                let start = f64::from(row) * f64::from(self.shift).exp2() - self.reach;
                let end = start + f64::from(self.shift).exp2() + 2.0 * self.reach;
                let [first, second] = [start, end].map(|y| x0 + (y - y0) * slope);
                low = left.max(first.min(second) - 1.0);
                high = right.min(first.max(second) + 1.0);
            }
            for column in self.span(0, low - self.reach, high + self.reach) {
                self.add((row * self.size[0] + column) as usize, feature, word);
            }
        }
    }

    /// Notes the cells whose reference points are inside a feature's rings: between the first and the second edge that a row of them
    /// meets, and so on.
    fn add_inside(&mut self, feature: u32, edges: &[[i32; 4]]) {
        let [off_x, off_y] = REFERENCE.map(|part| i64::from(part) << (self.shift - 8));
        let mut meetings: Vec<(i32, f64)> = Vec::new();
        // The first cell whose reference point is not before a place.
        let shift = self.shift;
        let first_from = |at: i64, off: i64| (at - off + (1 << shift) - 1) >> shift;
        for &[x0, y0, x1, y1] in edges {
            let (low, high) = (y0.min(y1), y0.max(y1));
            let first = first_from(i64::from(low), off_y).max(0);
            let end = first_from(i64::from(high), off_y).min(i64::from(self.size[1]));
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
            for column in first.max(0)..end.min(i64::from(self.size[0])) {
                let cell = (row * self.size[0]) as usize + column as usize;
                // Rings of one feature may lie in each other.
                if self.last[cell] != feature + 1 {
                    self.last[cell] = feature + 1;
                    self.push(cell, NEXT_FEATURE | IS_INSIDE | feature);
                }
            }
        }
    }

    /// The entries in order of their cells.
    fn sorted(self) -> Result<Lists> {
        // Many cells are inside one feature and beside no edge: they have one list.
        let kind = |cell: u32, word: u32| Cell::of(self.counts[cell as usize], word);
        let mut kinds = vec![Cell::EMPTY; self.counts.len()];
        let mut cells: Vec<u32> = try_zeros(self.counts.len(), "a layer's lists")?;
        // One END for all cells without an entry; zero is the place of that.
        let mut words: Vec<u32> = try_vec(self.entries.len() + self.counts.len(), "a layer's lists")?;
        words.push(END);
        let mut shared: HashMap<u32, u32> = HashMap::new();
        for &(cell, word) in &self.entries {
            kinds[cell as usize] = kind(cell, word);
            if kinds[cell as usize] != Cell::MANY {
                cells[cell as usize] = *shared.entry(word).or_insert_with(|| {
                    words.extend([word, END]);
                    words.len() as u32 - 2
                });
            }
        }
        let mut end = words.len() as u64;
        for (cell, count) in cells.iter_mut().zip(&self.counts) {
            if *cell == 0 && *count > 0 {
                *cell = end as u32;
                end += u64::from(*count) + 1;
            }
        }
        if end >= u64::from(u32::MAX) {
            return Err(Error::invalid(
                "a layer has too many vertices for one index; expected fewer than 2^32 entries, got more; make several layers of it",
            ));
        }
        words.resize(end as usize, END);
        let mut next = cells.clone();
        for &(cell, word) in &self.entries {
            if kind(cell, word) == Cell::MANY {
                let place = &mut next[cell as usize];
                words[*place as usize] = word;
                *place += 1;
            }
        }
        Ok(Lists { cells, words, kinds })
    }
}

#[cfg(test)]
mod tests {
    use super::{END, Entries, IS_INSIDE, Lists, NEXT_FEATURE, size_of_level};
    use crate::render::layers::grid::Grid;
    use crate::render::layers::items::Items;

    fn list(lists: &Lists, cell: usize) -> &[u32] {
        let start = lists.cells[cell] as usize;
        let length = lists.words[start..].iter().position(|word| *word == END).unwrap_or_default();
        &lists.words[start..start + length]
    }

    /// A square from cell 2 to cell 6, of feature 3.
    fn square(grid: &Grid) -> Items {
        let corners = [[2.0, 2.0], [6.0, 2.0], [6.0, 6.0], [2.0, 6.0]].map(|corner| grid.fixed(corner));
        let words = (0..4).map(|at| [corners[at], corners[(at + 1) % 4]]);
        let words = words.map(|[a, b]| [a[0], a[1], b[0], b[1]]).collect();
        Items { words, runs: vec![(3, 0, 4)], ..Items::default() }
    }

    #[test]
    fn cells_know_edges_beside_them_and_what_they_are_inside() {
        let grid = Grid::new(9, 9, [1.0, 1.0]);
        let Ok(lists) = Lists::of(&grid, &square(&grid), Entries::Edges, 0, [0.5, 0.0]) else {
            unreachable!()
        };
        assert_eq!(size_of_level(&grid, 0), [8, 8]);
        let at = |column: usize, row: usize| list(&lists, row * 8 + column);
        assert_eq!(at(0, 0), []);
        assert_eq!(at(3, 4), [NEXT_FEATURE | IS_INSIDE | 3]);
        // All cells that are only inside share a list.
        assert_eq!(lists.cells[4 * 8 + 3], lists.cells[3 * 8 + 3]);
        assert_eq!(at(4, 2), [NEXT_FEATURE | IS_INSIDE | 3, 0]);
        assert_eq!(at(4, 1), [NEXT_FEATURE | 3, 0]);
        assert_eq!(at(6, 6), [NEXT_FEATURE | 3, 1, 2]);
        assert_eq!(at(7, 7), []);
    }

    #[test]
    fn slanted_pieces_are_listed_along_their_way_only() {
        let grid = Grid::new(65, 65, [1.0, 1.0]);
        let (a, b) = (grid.fixed([0.0, 0.0]), grid.fixed([64.0, 64.0]));
        let items =
            Items { words: vec![[a[0], a[1], b[0], b[1]]], runs: vec![(0, 0, 1)], ..Items::default() };
        let Ok(lists) = Lists::of(&grid, &items, Entries::Pieces, 0, [0.5, 0.0]) else { unreachable!() };
        for cell in 0..64 * 64 {
            let off = (cell % 64_usize).abs_diff(cell / 64);
            // Listed if it comes within half a cell, and not two cells farther.
            assert!(off > 1 || !list(&lists, cell).is_empty(), "{cell}");
            assert!(off < 4 || list(&lists, cell).is_empty(), "{cell}");
        }
    }
}
