//! The grid of square cells that things are put into.

use super::outlook::Place;
use super::solids::Tube;
use super::things::Things;
use crate::scene::Heightfield;

/// Cells along the longer side of the coarsest level, at most.
const TOP_CELLS: i32 = 8;
/// Cells of the finest, with those that it is padded with, at most.
const MOST_CELLS: f64 = 8_388_608.0;
/// Cells that there are to be for each thing, and so many times as many at most: their size is
/// rounded down to a power of 2, and a narrow grid is padded to an eighth of its length.
const CELLS_OF_A_THING: f64 = 8.0;
const MOST_OF_WANTED: f64 = 8.0;
/// Cells along the longer side for which whole numbers are sure to have room before they are
/// counted.
const MOST_ALONG: f64 = 16_384.0;
/// Edges of prisms that are worth a thing: a cell is as wide as one has room in it.
const EDGES_OF_A_THING: f64 = 8.0;
/// Entries of all cells' lists that a thing or edge may have on the average: where more lie over
/// each other, cells are wider.
const ENTRIES_OF_ONE: f64 = 16.0;
/// A cell is as many times 2 of the DEM's wide, either way.
const MOST_LEVELS: f64 = 24.0;

/// Square cells (as columns and rows go) over all things.
pub(super) struct Grid {
    /// Of its corner, in columns and rows of the DEM.
    pub(super) corner: [f64; 2],
    /// A cell is 2^level of the DEM's wide.
    pub(super) level: i32,
    pub(super) cells: [i32; 2],
    /// The same with those that make it halve exactly up to the top.
    pub(super) padded: [i32; 2],
    pub(super) top_level: i32,
    /// Least and greatest.
    pub(super) heights: [f64; 2],
}

impl Grid {
    /// None if there is nothing. `most` are the entries that lists have room for.
    pub(super) fn over(things: &Things, field: &Heightfield, most: usize) -> Option<Self> {
        let [mut low, mut high] = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
        let mut hold = |place: Place, reach: Place| {
            for axis in 0..3 {
                low[axis] = low[axis].min(place[axis] - reach[axis]);
                high[axis] = high[axis].max(place[axis] + reach[axis]);
            }
        };
        for prism in &things.prisms {
            for [x, y] in things.edges.get(prism.edges.clone()).unwrap_or_default().iter().flatten()
            {
                hold([*x, *y, prism.foot], [0.0; 3]);
                hold([*x, *y, prism.top], [0.0; 3]);
            }
        }
        for tube in &things.tubes {
            tube.ends.iter().for_each(|end| hold(*end, tube.reach));
        }
        // What lies farther away than the DEM is wide is cut off.
        for (axis, samples) in [field.columns(), field.rows()].into_iter().enumerate() {
            let side = (samples - 1) as f64;
            low[axis] = low[axis].max(-side);
            high[axis] = high[axis].min(2.0 * side);
        }
        if !(0..3).all(|axis| low[axis] <= high[axis]) {
            return None;
        }
        let sides = [0, 1].map(|axis| (high[axis] - low[axis]).max(1e-6));
        let count = things.prisms.len() + things.tubes.len();
        let count = (count as f64).max(things.edges.len() as f64 / EDGES_OF_A_THING);
        let wanted = (CELLS_OF_A_THING * count).clamp(16.0, MOST_CELLS / 4.0);
        let room = (sides[0] * sides[1] / wanted).sqrt().max(sides[0].max(sides[1]) / MOST_ALONG);
        let mut level = room.log2().floor().clamp(-MOST_LEVELS, MOST_LEVELS) as i32;
        let mut grid = Self::of_level(level, low, high);
        let pieces = things.pieces() as f64;
        let entries = (ENTRIES_OF_ONE * pieces.max(1024.0)).min(most as f64);
        while level < MOST_LEVELS as i32
            && (grid.padded_cells() > (MOST_OF_WANTED * wanted).min(MOST_CELLS)
                || grid.entries(things) > entries)
        {
            level += 1;
            grid = Self::of_level(level, low, high);
        }
        Some(grid)
    }

    fn of_level(level: i32, low: Place, high: Place) -> Self {
        let size = f64::from(level).exp2();
        let corner = [0, 1].map(|axis: usize| (low[axis] / size).floor() * size);
        let cells =
            [0, 1].map(|axis: usize| ((high[axis] - corner[axis]) / size).floor() as i32 + 1);
        let mut top_level = 1;
        while cells.iter().any(|side| ((side - 1) >> top_level) + 1 > TOP_CELLS) {
            top_level += 1;
        }
        let padded = cells.map(|side| (((side - 1) >> top_level) + 1) << top_level);
        Self { corner, level, cells, padded, top_level, heights: [low[2], high[2]] }
    }

    /// About as many entries as lists will have.
    fn entries(&self, things: &Things) -> f64 {
        let size = f64::from(self.level).exp2();
        let cells = |axis: usize, way: f64| (way.abs() / size).min(f64::from(self.cells[axis]));
        let edges =
            things.edges.iter().map(|[a, b]| 1.0 + cells(0, b[0] - a[0]) + cells(1, b[1] - a[1]));
        let tubes = things.tubes.iter().map(|Tube { ends: [a, b], reach, .. }| {
            let [x, y] = [0, 1].map(|axis: usize| cells(axis, b[axis] - a[axis]));
            let [wide, high] = [0, 1].map(|axis: usize| 1.0 + cells(axis, 2.0 * reach[axis]));
            wide * high + x * high + y * wide
        });
        let insides = things.prisms.iter().map(|prism| {
            let [mut low, mut high] = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
            for end in things.edges.get(prism.edges.clone()).unwrap_or_default().iter().flatten() {
                low = [0, 1].map(|axis: usize| low[axis].min(end[axis]));
                high = [0, 1].map(|axis: usize| high[axis].max(end[axis]));
            }
            let [x, y] = [0, 1].map(|axis: usize| cells(axis, high[axis] - low[axis]));
            if low[0] <= high[0] { 0.5 * x * y } else { 0.0 }
        });
        edges.chain(tubes).chain(insides).sum()
    }

    fn padded_cells(&self) -> f64 {
        self.padded.iter().map(|side| f64::from(*side)).product()
    }

    /// A place seen from above in cells of the grid, as the device has it.
    pub(super) fn place(&self, at: [f64; 2]) -> [f32; 2] {
        let size = f64::from(self.level).exp2();
        [0, 1].map(|axis: usize| ((at[axis] - self.corner[axis]) / size) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, MOST_CELLS};
    use crate::render::space::solids::Tube;
    use crate::render::space::things::Things;
    use crate::scene::Heightfield;

    fn grid_along(pieces: usize, axis: usize, columns: usize, rows: usize) -> Option<Grid> {
        let field =
            Heightfield::new(vec![0.0; columns * rows], columns, rows, [1.0; 2], 1.0).ok()?;
        let length = ([columns, rows][axis] - 1) as f64;
        let place = |piece: usize| {
            let mut place = [5.0, 5.0, 0.0];
            place[axis] = length * piece as f64 / pieces as f64;
            place
        };
        let tube = |piece| Tube {
            ends: [place(piece), place(piece + 1)],
            half: 0.1,
            reach: [0.1; 3],
            board: None,
            row: 0,
        };
        let things = Things { tubes: (0..pieces).map(tube).collect(), ..Things::default() };
        Grid::over(&things, &field, usize::MAX)
    }

    #[test]
    fn a_long_straight_line_has_a_small_grid() {
        for (columns, rows) in [(11, 4000), (11, 40_000)] {
            for pieces in [1, 100, 2 * rows, 300_000] {
                for (grid, along) in [
                    (grid_along(pieces, 1, columns, rows), 1),
                    (grid_along(pieces, 0, rows, columns), 0),
                ] {
                    let Some(grid) = grid else { unreachable!() };
                    assert!(grid.padded_cells() <= MOST_CELLS, "{:?}", grid.padded);
                    assert!(
                        grid.padded_cells() <= 64.0 * (pieces as f64).max(8.0),
                        "{:?}",
                        grid.padded
                    );
                    // Pieces lie in more cells than a few, and what lies in one is not all of them.
                    let of_a_cell = pieces as f64 / f64::from(grid.cells[along]);
                    assert!(
                        of_a_cell <= (pieces as f64 / 8.0).sqrt().max(8.0),
                        "{of_a_cell} of {pieces}"
                    );
                }
            }
        }
    }
}
