//! What comes into each cell of the grid, as `shaders/include/space.glsl` reads it.

use super::grid::Grid;
use super::room::Room;
use super::solids::{Board, Prism, Tube};
use super::things::Things;
use super::{NO_THING, REFERENCE};
use crate::error::{Error, Result, try_vec, try_zeros};
use crate::gpu::Interrupted;
use crate::gpu::shaders::numbers::space as bit;
use crate::scene::layers::Shape;

/// An entry of a list.
#[derive(Clone, Copy)]
struct Entry {
    cell: u32,
    shape: [[f32; 4]; 2],
    mark: u32,
}

/// All lists, one after the other.
pub(super) struct Lists {
    /// Where that of each cell begins, and the end of all.
    pub(super) cells: Vec<u32>,
    pub(super) shapes: Vec<[[f32; 4]; 2]>,
    pub(super) marks: Vec<u32>,
    /// Greatest heights of the finest cells.
    tops: Vec<f32>,
}

/// Things from one question whether to stop to the next.
const THINGS_AT_ONCE: usize = 1024;
/// Cells, or entries of them, from one to the next.
pub(super) const CELLS_AT_ONCE: usize = 65_536;

/// Half a cell's rounding: what comes so near a cell comes into it.
const SLACK: f64 = 1e-3;

struct Filling<'g> {
    things: &'g Things,
    grid: &'g Grid,
    entries: Vec<Entry>,
    room: Room<'g>,
    tops: Vec<f32>,
    /// Of one prism: cells with the edge that comes into each, or with none where they are inside.
    found: Vec<(u32, u32)>,
    /// Rows of cells, and where in them an edge meets the line through their reference points.
    meetings: Vec<(i32, f64)>,
    /// Vertices as the device has them.
    corners: Vec<[[f32; 2]; 2]>,
}

const NO_EDGE: u32 = u32::MAX;

impl Lists {
    /// For a device with that much room.
    pub(super) fn of(
        things: &Things,
        grid: &Grid,
        room: Room<'_>,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let count = grid.padded[0] as usize * grid.padded[1] as usize;
        let mut filling = Filling {
            things,
            grid,
            entries: try_vec(
                (2 * things.edges.len() + 2 * things.tubes.len()).min(room.most),
                "things' lists",
            )?,
            room,
            tops: Vec::new(),
            found: Vec::new(),
            meetings: Vec::new(),
            corners: Vec::new(),
        };
        filling.tops = try_vec(count, "things' cells")?;
        filling.tops.resize(count, NO_THING);
        for prisms in things.prisms.chunks(THINGS_AT_ONCE) {
            for prism in prisms {
                filling
                    .add_prism(prism, things.edges.get(prism.edges.clone()).unwrap_or_default())?;
            }
            go_on(interrupted)?;
        }
        for tubes in things.tubes.chunks(THINGS_AT_ONCE) {
            tubes.iter().try_for_each(|tube| filling.add_tube(tube))?;
            go_on(interrupted)?;
        }
        filling.sorted(interrupted)?.thinned(grid, interrupted)
    }

    /// The pyramid of greatest heights: level L, h cells high, in rows h to 2h, as the ground's.
    pub(super) fn pyramid(&self, grid: &Grid) -> Result<Vec<f32>> {
        let [width, height] = grid.padded.map(|side| side as usize);
        let count = 2 * width * height;
        let mut texels = try_vec(count, "things' heights")?;
        texels.resize(count, NO_THING);
        for (row, tops) in self.tops.chunks_exact(width).enumerate() {
            texels[(height + row) * width..][..width].copy_from_slice(tops);
        }
        for level in 1..=grid.top_level {
            let [columns, rows] = [width >> level, height >> level];
            for row in 0..rows {
                for column in 0..columns {
                    // The finer level is twice as high, and begins there.
                    let finer = |x: usize, y: usize| texels[(2 * rows + y) * width + x];
                    let [x, y] = [2 * column, 2 * row];
                    let top = finer(x, y)
                        .max(finer(x + 1, y))
                        .max(finer(x, y + 1))
                        .max(finer(x + 1, y + 1));
                    texels[(rows + row) * width + column] = top;
                }
            }
        }
        Ok(texels)
    }
}

/// Asks whether to.
pub(super) fn go_on(interrupted: Interrupted<'_>) -> Result<()> {
    if interrupted() { Err(Error::Interrupted) } else { Ok(()) }
}

/// A shape as `boards.glsl` counts them.
fn board_number(board: Board) -> f32 {
    let number = match board {
        Board::Shape(shape) => match shape {
            // A symbol's own is no `Board::Shape`.
            Shape::Disc | Shape::Symbol | Shape::Picture => bit::BOARD_DISC,
            Shape::Square => bit::BOARD_SQUARE,
            Shape::Diamond => bit::BOARD_DIAMOND,
            Shape::Triangle => bit::BOARD_TRIANGLE_UP,
            Shape::Plus => bit::BOARD_PLUS,
            Shape::Cross => bit::BOARD_CROSS,
            Shape::Star => bit::BOARD_STAR_UP,
        },
        Board::Symbol(_, false) => bit::BOARD_OUTLINE,
        Board::Symbol(_, true) => bit::BOARD_PICTURE,
    };
    number as f32
}

/// Twice the area from one way to another.
fn turn(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

impl Filling<'_> {
    fn row_bits(&self, row: u32) -> u32 {
        row << bit::ROW_SHIFT | if self.things.is_through(row) { bit::THROUGH } else { 0 }
    }

    fn cell(&self, column: i32, row: i32) -> u32 {
        (row * self.grid.padded[0] + column) as u32
    }

    /// Calls `each` with the cells that a piece comes into, or near by `reach`, in cells.
    fn cells_along(&self, [a, b]: [[f64; 2]; 2], reach: [f64; 2], mut each: impl FnMut(u32)) {
        let [columns, rows] = self.grid.cells;
        let span = |low: f64, high: f64, cells: i32| {
            (low.floor().max(0.0) as i32)..(high.floor().min(f64::from(cells - 1)) as i32 + 1)
        };
        let [reach_x, reach_y] = reach.map(|reach| reach + SLACK);
        let low_y = a[1].min(b[1]) - reach_y;
        let high_y = a[1].max(b[1]) + reach_y;
        let slope = if a[1] == b[1] { 0.0 } else { (b[0] - a[0]) / (b[1] - a[1]) };
        for row in span(low_y, high_y, rows) {
            // The part of it that comes near the row.
            let [mut low, mut high] = [a[0].min(b[0]), a[0].max(b[0])];
            if a[1] != b[1] {
                let at = |y: f64| a[0] + (y - a[1]) * slope;
                let [first, second] =
                    [at(f64::from(row) - reach_y), at(f64::from(row + 1) + reach_y)];
                low = low.max(first.min(second));
                high = high.min(first.max(second));
            }
            for column in span(low - reach_x, high + reach_x, columns) {
                each(self.cell(column, row));
            }
        }
    }

    fn add_prism(&mut self, prism: &Prism, edges: &[[[f64; 2]; 2]]) -> Result<()> {
        let grid = self.grid;
        let mut found = std::mem::take(&mut self.found);
        let mut corners = std::mem::take(&mut self.corners);
        found.clear();
        corners.clear();
        corners.extend(edges.iter().map(|edge| edge.map(|end| grid.place(end))));
        for (number, edge) in corners.iter().enumerate() {
            let edge = edge.map(|end| end.map(f64::from));
            self.cells_along(edge, [0.0; 2], |cell| found.push((cell, number as u32)));
        }
        self.find_inside(&corners, &mut found);
        found.sort_unstable();
        for cell in found.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(place, _)) = cell.first() else { continue };
            let inside = cell.last().is_some_and(|last| last.1 == NO_EDGE);
            let walls = &cell[..cell.len() - usize::from(inside)];
            self.raise(place, prism.top as f32);
            // A cell within the rings, far from all walls, has one that is none.
            let count = walls.len().max(1);
            for number in 0..count {
                let [a, b] =
                    walls.get(number).map_or([[0.0; 2]; 2], |wall| corners[wall.1 as usize]);
                let first = if inside { bit::FIRST_WALL | bit::INSIDE } else { bit::FIRST_WALL };
                let mark = if number == 0 { first } else { 0 }
                    | if number + 1 == count { bit::LAST_WALL } else { 0 }
                    | if self.is_left(place, [a, b]) { bit::LEFT } else { 0 }
                    | self.row_bits(prism.row);
                let shape =
                    [[a[0], a[1], b[0], b[1]], [prism.foot as f32, prism.top as f32, 0.0, 0.0]];
                self.push(Entry { cell: place, shape, mark })?;
            }
        }
        self.found = found;
        self.corners = corners;
        Ok(())
    }

    /// The cell's reference point.
    fn reference(&self, cell: u32) -> [f64; 2] {
        let width = self.grid.padded[0] as u32;
        [f64::from(cell % width) + REFERENCE[0], f64::from(cell / width) + REFERENCE[1]]
    }

    fn is_left(&self, cell: u32, [a, b]: [[f32; 2]; 2]) -> bool {
        let [a, b] = [a, b].map(|end| end.map(f64::from));
        let [x, y] = self.reference(cell);
        turn([b[0] - a[0], b[1] - a[1]], [x - a[0], y - a[1]]) > 0.0
    }

    /// Notes the cells whose reference points are within the rings: from the first to the second
    /// edge that a row of them meets, and so on.
    fn find_inside(&mut self, corners: &[[[f32; 2]; 2]], found: &mut Vec<(u32, u32)>) {
        let [columns, rows] = self.grid.cells;
        // The first row, or column, whose reference point is not before a place.
        let first_from = |at: f64, axis: usize, most: i32| {
            (at - REFERENCE[axis]).ceil().clamp(0.0, f64::from(most)) as i32
        };
        self.meetings.clear();
        for edge in corners {
            let [a, b] = edge.map(|end| end.map(f64::from));
            for row in first_from(a[1].min(b[1]), 1, rows)..first_from(a[1].max(b[1]), 1, rows) {
                let part = (f64::from(row) + REFERENCE[1] - a[1]) / (b[1] - a[1]);
                self.meetings.push((row, a[0] + part * (b[0] - a[0])));
            }
        }
        self.meetings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in self.meetings.chunks_exact(2) {
            let &[(row, from), (_, to)] = pair else { continue };
            for column in first_from(from, 0, columns)..first_from(to, 0, columns) {
                found.push((self.cell(column, row), NO_EDGE));
            }
        }
    }

    fn add_tube(&mut self, tube: &Tube) -> Result<()> {
        let [a, b] = tube.ends;
        let ends = [a, b].map(|end| self.grid.place([end[0], end[1]]));
        let size = f64::from(self.grid.level).exp2();
        let top = (a[2].max(b[2]) + tube.reach[2]) as f32;
        let [first, last] = ends;
        let number = tube.board.map_or(0.0, board_number);
        let last = match tube.board {
            Some(Board::Symbol(symbol, _)) => self.symbol(symbol, number),
            _ => [last[0], last[1], b[2] as f32, number],
        };
        let shape = [[first[0], first[1], a[2] as f32, tube.half], last];
        let mut cells = Vec::new();
        let reach = [tube.reach[0] / size, tube.reach[1] / size];
        self.cells_along(ends.map(|end| end.map(f64::from)), reach, |cell| cells.push(cell));
        for cell in cells {
            self.raise(cell, top);
            self.push(Entry { cell, shape, mark: bit::TUBE | self.row_bits(tube.row) })?;
        }
        Ok(())
    }

    /// Where a symbol's sums begin among those of all, and its texels; whole numbers that floats
    /// have.
    fn symbol(&self, number: usize, board: f32) -> [f32; 4] {
        let symbols = &self.things.symbols;
        let first: usize = symbols.iter().take(number).map(|symbol| symbol.sums.len()).sum();
        let [width, height] = symbols.get(number).map_or([0; 2], |symbol| symbol.size);
        [first as f32, width as f32, height as f32, board]
    }

    fn push(&mut self, entry: Entry) -> Result<()> {
        self.room.check(self.entries.len() + 1)?;
        self.entries.try_reserve(1).map_err(|refusal| Error::OutOfMemory {
            purpose: "things' lists".into(),
            bytes: (2 * size_of::<Entry>() * self.entries.len()) as u64,
            detail: refusal.to_string(),
        })?;
        self.entries.push(entry);
        Ok(())
    }

    fn raise(&mut self, cell: u32, top: f32) {
        if let Some(there) = self.tops.get_mut(cell as usize) {
            // What rounding may take from it.
            *there = there.max(top.next_up());
        }
    }

    /// The entries in order of their cells; those of a cell stay in theirs.
    fn sorted(self, interrupted: Interrupted<'_>) -> Result<Lists> {
        let count = self.entries.len();
        let mut cells: Vec<u32> = try_zeros(self.tops.len() + 1, "things' cells")?;
        for entries in self.entries.chunks(CELLS_AT_ONCE) {
            go_on(interrupted)?;
            entries.iter().for_each(|entry| cells[entry.cell as usize + 1] += 1);
        }
        for cell in 1..cells.len() {
            if cell % CELLS_AT_ONCE == 0 {
                go_on(interrupted)?;
            }
            cells[cell] += cells[cell - 1];
        }
        let mut shapes: Vec<[[f32; 4]; 2]> = try_zeros(count, "things' shapes")?;
        let mut marks: Vec<u32> = try_zeros(count, "things' marks")?;
        let mut next = cells.clone();
        for entries in self.entries.chunks(CELLS_AT_ONCE) {
            go_on(interrupted)?;
            for entry in entries {
                let place = &mut next[entry.cell as usize];
                shapes[*place as usize] = entry.shape;
                marks[*place as usize] = entry.mark;
                *place += 1;
            }
        }
        Ok(Lists { cells, shapes, marks, tops: self.tops })
    }
}

#[cfg(test)]
#[path = "lists_tests.rs"]
mod tests;
