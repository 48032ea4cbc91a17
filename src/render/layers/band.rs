//! Which items lie in or beside the cells of some rows: a list for each cell.

use super::window::Window;
use crate::error::{Error, Result, try_zeros};
use crate::gpu::shaders::numbers::layers::{BEFORE, PLACE_BITS, STEP_BITS};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// An entry of a list: see `shaders/include/layers.glsl`.
pub(super) const NEXT_FEATURE: u32 = 1 << 31;
pub(super) const IS_INSIDE: u32 = 1 << 30;
pub(super) const END: u32 = u32::MAX;
/// Entries of a list beyond which the lowest are left out: a thread's loops may not take many more
/// turns.
pub(super) const MOST_ENTRIES: u32 = 3000;
/// A cell's reference point, in 256ths of it: not where vertices of round numbers lie.
pub(super) const REFERENCE: [i32; 2] = [113, 139];

/// A feature, or an item, of a list.
pub(super) type Entry = [u32; 2];

/// Whether an entry is an item.
pub(super) fn is_item(entry: Entry) -> bool {
    entry[0] & NEXT_FEATURE == 0
}

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

    /// Of a cell with so many entries, of which `last` is that of [`Filled`].
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

/// Cells 2^shift units wide, and what is told of them.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) shift: i32,
    pub(super) wide: f64,
    /// How far beyond a cell its items may lie, in cells.
    pub(super) around: f64,
    /// The same in units, with what items reach beyond themselves.
    pub(super) reach: f64,
    pub(super) entries: Entries,
    /// Whether items are told in the lists; else their numbers are.
    pub(super) whole: bool,
}

impl Scale {
    /// Cells from a low to a high number of units, of those of `span`.
    pub(super) fn cells(&self, span: Range<i32>, low: f64, high: f64) -> Range<i32> {
        let cell = |at: f64| (at as i64 >> self.shift) as i32;
        cell(low).max(span.start)..cell(high).min(span.end - 1) + 1
    }

    /// Those that a piece comes near, of rows of cells.
    pub(super) fn rows(&self, span: Range<i32>, [_, y0, _, y1]: [i32; 4]) -> Range<i32> {
        let (low, high) = (f64::from(y0.min(y1)), f64::from(y0.max(y1)));
        self.cells(span, low - self.reach, high + self.reach)
    }

    /// The same of columns.
    pub(super) fn columns(&self, span: Range<i32>, [x0, y0, x1, y1]: [i32; 4]) -> Range<i32> {
        self.rows(span, [y0, x0, y1, x1])
    }
}

/// Items from one to another, of a feature.
pub(super) type Run = (u32, Range<usize>);

/// For each cell, row by row, the place of its list among the entries, of which the first is an
/// END; and what the list says.
#[derive(Default)]
pub(super) struct Band {
    pub(super) cells: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    pub(super) kinds: Vec<Cell>,
    /// Those whose lists have lost what is lowest.
    pub(super) too_long: Vec<TooLong>,
}

/// A cell, by its number, whose list would have too many entries, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    pub(super) cell: usize,
    pub(super) entries: u32,
}

/// Cells that are being filled, twice: entries are counted, then written where they belong.
struct Filling<'i> {
    scale: Scale,
    window: Window,
    items: &'i [[i32; 4]],
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

impl Band {
    /// Of the cells of `window`, from those of `items` that `runs` tell, the topmost first.
    pub(super) fn of(
        scale: Scale,
        window: Window,
        items: &[[i32; 4]],
        runs: &[Run],
    ) -> Result<Self> {
        let cells = try_zeros(window.count(), "a layer's lists")?;
        let mut filling = Filling { scale, window, items, cells, entries: Vec::new() };
        filling.fill::<false>(runs);
        let (cells, kinds, too_long) = filling.begin_writing()?;
        filling.fill::<true>(runs);
        Ok(Self { cells, entries: filling.entries, kinds, too_long })
    }
}

impl Filling<'_> {
    fn fill<const WRITES: bool>(&mut self, runs: &[Run]) {
        let items = self.items;
        let mut meetings = Vec::new();
        for own in runs.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(feature, _)) = own.first() else { continue };
            let numbers = || own.iter().flat_map(|(_, run)| run.clone());
            if self.scale.entries == Entries::Edges {
                meetings.clear();
                numbers().for_each(|number| self.meet(items[number], &mut meetings));
                self.add_inside::<WRITES>(feature, &mut meetings);
            }
            for number in numbers() {
                self.add_piece::<WRITES>(feature, items[number], number as u32);
            }
        }
    }

    /// An edge or a piece, row by row.
    fn add_piece<const WRITES: bool>(&mut self, feature: u32, piece: [i32; 4], number: u32) {
        let Scale { shift, wide, reach, whole, .. } = self.scale;
        let [a, b] = [[piece[0], piece[1]], [piece[2], piece[3]]];
        let (x0, y0) = (f64::from(a[0]), f64::from(a[1]));
        let (x1, y1) = (f64::from(b[0]), f64::from(b[1]));
        let rows = self.scale.rows(self.window.span(1), piece);
        let straight = x0 == x1 || y0 == y1;
        let slope = if straight { 0.0 } else { (x1 - x0) / (y1 - y0) };
        let (left, right) = (x0.min(x1), x0.max(x1));
        for row in rows {
            let (mut low, mut high) = (left, right);
            if !straight {
                // The part of it that comes near the row.
                let start = f64::from(row) * wide - reach;
                let end = start + wide + 2.0 * reach;
                let (first, second) = (x0 + (start - y0) * slope, x0 + (end - y0) * slope);
                low = left.max(first.min(second) - 1.0);
                high = right.min(first.max(second) + 1.0);
            }
            let columns = self.scale.cells(self.window.span(0), low - reach, high + reach);
            let Some((first, cells)) = cells_of(&self.window, &mut self.cells, row, columns) else {
                continue;
            };
            for (cell, column) in cells.iter_mut().zip(first..) {
                let new = cell.last & !IS_INSIDE != feature + 1;
                cell.last = feature + 1;
                if !WRITES {
                    cell.entries = cell.entries.saturating_add(u32::from(new) + 1);
                    continue;
                }
                if new {
                    push(&mut self.entries, cell, [NEXT_FEATURE | feature, 0]);
                }
                let entry = if whole {
                    [place_in(a, [column, row], shift), place_in(b, [column, row], shift)]
                } else {
                    [number, 0]
                };
                push(&mut self.entries, cell, entry);
            }
        }
    }

    /// Where rows of cells' reference points meet an edge.
    fn meet(&self, [x0, y0, x1, y1]: [i32; 4], meetings: &mut Vec<(i32, f64)>) {
        let rows = self.window.span(1);
        let first = self.first_from(1, y0.min(y1).into()).max(rows.start.into());
        let end = self.first_from(1, y0.max(y1).into()).min(rows.end.into());
        let off = self.off_reference(1);
        for row in first..end {
            let y = (row << self.scale.shift) + off;
            let part = (y - i64::from(y0)) as f64 / (i64::from(y1) - i64::from(y0)) as f64;
            meetings.push((row as i32, f64::from(x0) + part * (f64::from(x1) - f64::from(x0))));
        }
    }

    /// Notes the cells whose reference points are inside a feature's rings: between the first and
    /// the second edge that a row of them meets, and so on.
    fn add_inside<const WRITES: bool>(&mut self, feature: u32, meetings: &mut [(i32, f64)]) {
        meetings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let columns = self.window.span(0);
        for pair in meetings.chunks_exact(2) {
            let row = pair[0].0;
            let first = self.first_from(0, pair[0].1.ceil() as i64);
            let end = self.first_from(0, pair[1].1.ceil() as i64);
            let inside = first.max(columns.start.into()) as i32..end.min(columns.end.into()) as i32;
            let Some((_, cells)) = cells_of(&self.window, &mut self.cells, row, inside) else {
                continue;
            };
            for cell in cells {
                // Rings of one feature may lie in each other.
                if cell.last & !IS_INSIDE == feature + 1 {
                    continue;
                }
                cell.last = IS_INSIDE | (feature + 1);
                if WRITES {
                    push(&mut self.entries, cell, [NEXT_FEATURE | IS_INSIDE | feature, 0]);
                } else {
                    cell.entries = cell.entries.saturating_add(1);
                }
            }
        }
    }

    /// Units from a cell's corner to its reference point.
    fn off_reference(&self, axis: usize) -> i64 {
        let half_step = (1_i64 << (self.scale.shift - STEP_BITS).max(0)) >> 1;
        (i64::from(REFERENCE[axis]) << (self.scale.shift - 8)) + half_step
    }

    /// The first cell whose reference point is not before a place.
    fn first_from(&self, axis: usize, at: i64) -> i64 {
        (at - self.off_reference(axis) + (1 << self.scale.shift) - 1) >> self.scale.shift
    }

    /// Makes room for what has been counted; where each cell's list begins, what it says, and which
    /// are too long.
    fn begin_writing(&mut self) -> Result<(Vec<u32>, Vec<Cell>, Vec<TooLong>)> {
        let kinds: Vec<Cell> =
            self.cells.iter().map(|cell| Cell::of(cell.entries, cell.last)).collect();
        // One END for all cells without an entry, at zero; and many cells are inside one feature
        // and beside no edge: they have one list.
        let mut shared: FxHashMap<u32, u32> = FxHashMap::default();
        let mut end = 1_u64;
        let mut too_long = Vec::new();
        let mut starts: Vec<u32> = try_zeros(kinds.len(), "a layer's lists")?;
        let all = starts.iter_mut().zip(&kinds).zip(&mut self.cells);
        for (number, ((start, kind), cell)) in all.enumerate() {
            if let Some(feature) = kind.feature() {
                *start = *shared.entry(feature).or_insert_with(|| {
                    end += 2;
                    end as u32 - 2
                });
            } else if *kind == Cell::MANY {
                if cell.entries > MOST_ENTRIES {
                    too_long.push(TooLong { cell: number, entries: cell.entries });
                    cell.entries = MOST_ENTRIES;
                }
                *start = end as u32;
                end += u64::from(cell.entries) + 1;
            }
        }
        if end >= u64::from(u32::MAX) {
            return Err(too_many());
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
        Ok((starts, kinds, too_long))
    }
}

/// Lists of one level have more entries than places among them have numbers.
pub(super) fn too_many() -> Error {
    Error::invalid(
        "a layer has too many vertices for one index; expected fewer than 2^32 entries, got more; make several layers of it",
    )
}

/// Some columns of a row of a window, from the first.
fn cells_of<'c>(
    window: &Window,
    cells: &'c mut [Filled],
    row: i32,
    columns: Range<i32>,
) -> Option<(i32, &'c mut [Filled])> {
    let first = window.index([columns.start, row])?;
    cells.get_mut(first..first + columns.len()).map(|cells| (columns.start, cells))
}

/// Writes a cell's next entry.
fn push(entries: &mut [Entry], cell: &mut Filled, entry: Entry) {
    let next = &mut entries[cell.entries as usize];
    if next[0] != END {
        *next = entry;
        cell.entries += 1;
    }
}

/// A place as lists of a cell have it, with the bit of an end.
fn place_in([x, y]: [i32; 2], [column, row]: [i32; 2], shift: i32) -> u32 {
    let steps = (shift - STEP_BITS).max(0);
    // Of numbers that may have more than 32 bits the lowest are enough.
    let along = |at: i32, cell: i32| {
        let before = (cell.wrapping_sub(BEFORE) as u32) << (shift - steps);
        ((at & !1) >> steps).cast_unsigned().wrapping_sub(before) & ((1 << PLACE_BITS) - 1)
    };
    along(x, column) | along(y, row) << PLACE_BITS | (x as u32 & 1) << 30
}
