//! The part of the DEM on which a layer has anything, in cells of each level: only there are cells,
//! so that they may be small where it is.

use super::grid::Grid;
use crate::scene::layers::Part;

/// Where items and what they reach beyond themselves lie, in units, as far as that is on the DEM;
/// and how many cells around itself a cell tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) low: [i32; 2],
    pub(super) high: [i32; 2],
    pub(super) around: i32,
}

/// Some cells of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Column and row.
    pub(super) first: [i32; 2],
    /// Columns and rows.
    pub(super) size: [i32; 2],
}

impl Reached {
    /// `beyond` in cells of the DEM.
    pub(super) fn of(part: &Part, grid: &Grid, spread: f64, beyond: f64) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for &(first, end, _) in &part.paths.runs {
            for xy in &part.paths.xy[first..end] {
                let place = grid.place(*xy);
                for axis in 0..2 {
                    low[axis] = low[axis].min(place[axis]);
                    high[axis] = high[axis].max(place[axis]);
                }
            }
        }
        // Of no vertex: a cell where nothing is.
        if low[0] > high[0] {
            (low, high) = ([0.0; 2], [0.0; 2]);
        }
        let last = Self::last(grid);
        // A unit more, for what is rounded.
        let units = |place: [f64; 2], more: f64| {
            [0, 1].map(|axis: usize| {
                let cells = f64::from(grid.cells[axis]);
                let [at, _] = grid.fixed([(place[axis] + more).clamp(0.0, cells), 0.0]);
                (at + more.signum() as i32).clamp(0, last[axis])
            })
        };
        Self {
            low: units(low, -beyond),
            high: units(high, beyond),
            around: (1.0 / spread).ceil() as i32,
        }
    }

    /// The same in units 2^`larger` times as large.
    pub(super) fn in_units_of(self, larger: i32) -> Self {
        let [low, high] = [self.low, self.high].map(|at| at.map(|along| along >> larger));
        Self { low, high, ..self }
    }

    /// Of both.
    pub(super) fn with(self, other: &Self) -> Self {
        let both = |one: [i32; 2], other: [i32; 2], pick: fn(i32, i32) -> i32| {
            [0, 1].map(|axis: usize| pick(one[axis], other[axis]))
        };
        Self {
            low: both(self.low, other.low, i32::min),
            high: both(self.high, other.high, i32::max),
            around: self.around.max(other.around),
        }
    }

    /// The last unit of the DEM.
    fn last(grid: &Grid) -> [i32; 2] {
        grid.cells.map(|side| (side << grid.bits) - 1)
    }

    /// The cells of a level: as `number_in_window` of `shaders/include/ground_pixel.glsl`.
    pub(super) fn window(&self, grid: &Grid, level: i32) -> Window {
        let shift = grid.bits + level;
        let last = Self::last(grid);
        let first = self.low.map(|low| ((low >> shift) - self.around).max(0));
        let size = [0, 1].map(|axis: usize| {
            ((self.high[axis] >> shift) + self.around).min(last[axis] >> shift) - first[axis] + 1
        });
        Window { first, size }
    }
}

impl Window {
    /// All cells of a level.
    pub(super) fn whole(grid: &Grid, level: i32) -> Self {
        let last = Reached::last(grid);
        Self { first: [0; 2], size: last.map(|last| (last >> (grid.bits + level)) + 1) }
    }

    pub(super) fn count(&self) -> usize {
        self.size[0] as usize * self.size[1] as usize
    }

    /// Its columns or rows.
    pub(super) fn span(&self, axis: usize) -> std::ops::Range<i32> {
        self.first[axis]..self.first[axis] + self.size[axis]
    }

    /// The cell of such a number, row by row.
    pub(super) fn cell(&self, number: usize) -> [i32; 2] {
        let columns = self.size[0] as usize;
        [self.first[0] + (number % columns) as i32, self.first[1] + (number / columns) as i32]
    }

    /// Where among its cells, row by row, one of them is.
    pub(super) fn index(&self, cell: [i32; 2]) -> Option<usize> {
        let [column, row] = [0, 1].map(|axis: usize| cell[axis] - self.first[axis]);
        let within = (0..self.size[0]).contains(&column) && (0..self.size[1]).contains(&row);
        within.then(|| row as usize * self.size[0] as usize + column as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reached, Window};
    use crate::render::layers::grid::Grid;

    #[test]
    fn windows_hold_what_is_reached_and_cells_around_it() {
        let grid = Grid::new(65, 33, [1.0, 1.0]);
        let units = |cells: i32| cells << grid.bits;
        let reached =
            Reached { low: [units(10), units(0)], high: [units(12), units(32) - 1], around: 2 };
        assert_eq!(reached.window(&grid, 0), Window { first: [8, 0], size: [7, 32] });
        assert_eq!(reached.window(&grid, 2), Window { first: [0, 0], size: [6, 8] });
        assert_eq!(Window::whole(&grid, 1), Window { first: [0, 0], size: [32, 16] });
        let window = reached.window(&grid, 0);
        assert_eq!(window.count(), 7 * 32);
        assert_eq!(window.index([8, 1]), Some(7));
        assert_eq!([[7, 1], [15, 1], [8, 32]].map(|cell| window.index(cell)), [None; 3]);
        let other = Reached { low: [units(11), units(5)], high: [units(20); 2], around: 1 };
        let both = reached.with(&other);
        assert_eq!([both.low, both.high], [reached.low, [units(20), reached.high[1]]]);
        assert_eq!(both.around, 2);
        assert_eq!(both.in_units_of(grid.bits).low, [10, 0]);
    }
}
