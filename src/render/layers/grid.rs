//! Places on the ground as whole numbers: units of a cell's 2^-bits from the DEM's first sample,
//! columns east and rows south.
//!
//! So a place is as exact far from the corner as near it, and a pixel's distance from it is a
//! difference without rounding.

use crate::scene::layers::Paths;

/// The DEM's samples as layers see them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    /// Columns and rows of patches.
    pub(super) cells: [i32; 2],
    pub(super) spacing: [f64; 2],
    /// Units are 2^-bits cells.
    pub(super) bits: i32,
    /// Cells around the DEM in which places are kept: what lies farther away is cut off.
    margin: f64,
}

/// Fewest bits of a unit.
const LEAST_BITS: i32 = 8;

impl Grid {
    pub(super) fn new(columns: usize, rows: usize, spacing: [f64; 2]) -> Self {
        let cells = [columns, rows].map(|side| side as i32 - 1);
        Self { cells, spacing, bits: 0, margin: 0.0 }.reaching(0.0)
    }

    /// The same for what reaches so many cells beyond its places, and from farther away onto the DEM.
    pub(super) fn reaching(self, beyond: f64) -> Self {
        let side = f64::from(self.cells[0].max(self.cells[1]));
        let most = f64::from(29 - LEAST_BITS).exp2() - side;
        let margin = (side / 2.0).max(beyond).min(most - 1.0).max(0.0) + 1.0;
        // Of two places that far apart the difference is below 2^31.
        let bits = (29 - (side + margin).log2().ceil() as i32).max(LEAST_BITS);
        Self { bits, margin, ..self }
    }

    /// Columns and rows of a place in world metres.
    pub(super) fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [columns, rows] = self.cells.map(|side| f64::from(side) / 2.0);
        [x / self.spacing[0] + columns, rows - y / self.spacing[1]]
    }

    pub(super) fn fixed(&self, place: [f64; 2]) -> [i32; 2] {
        let units = f64::from(1 << self.bits);
        place.map(|along| (along * units).round() as i32)
    }

    /// The way from one place to another, in units; where one of them is farther away than what is
    /// kept, only its direction is right.
    pub(super) fn way(&self, from: [f64; 2], to: [f64; 2]) -> [i32; 2] {
        if self.holds(from) && self.holds(to) {
            let [from, to] = [self.fixed(from), self.fixed(to)];
            return [0, 1].map(|axis| to[axis] - from[axis]);
        }
        let off = [0, 1].map(|axis: usize| to[axis] - from[axis]);
        let farthest = off[0].abs().max(off[1].abs());
        let units = f64::from(1 << self.bits).min(f64::from(1 << 30) / farthest);
        off.map(|along| (along * units).round() as i32)
    }

    /// Low and high corner of what is kept.
    fn bounds(&self) -> [[f64; 2]; 2] {
        [[-self.margin; 2], self.cells.map(|side| f64::from(side) + self.margin)]
    }

    fn holds(&self, place: [f64; 2]) -> bool {
        let [low, high] = self.bounds();
        (0..2).all(|axis| (low[axis]..=high[axis]).contains(&place[axis]))
    }

    /// The part of a piece that is kept, as parameters along it.
    pub(super) fn clip_piece(&self, a: [f64; 2], b: [f64; 2]) -> Option<[f64; 2]> {
        if self.holds(a) && self.holds(b) {
            return Some([0.0, 1.0]);
        }
        let [low, high] = self.bounds();
        let mut span = [0.0_f64, 1.0];
        for axis in 0..2 {
            let along = b[axis] - a[axis];
            let (first, second) = (low[axis] - a[axis], high[axis] - a[axis]);
            if along == 0.0 {
                if first > 0.0 || second < 0.0 {
                    return None;
                }
                continue;
            }
            let (enter, leave) = (first / along, second / along);
            span = [span[0].max(enter.min(leave)), span[1].min(enter.max(leave))];
        }
        (span[0] <= span[1]).then_some(span)
    }

    /// The part of a ring that is kept: Sutherland and Hodgman's, side by side.
    pub(super) fn clip_ring(&self, ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
        if ring.iter().all(|place| self.holds(*place)) {
            return ring;
        }
        let [low, high] = self.bounds();
        let mut ring = ring;
        for (axis, border, sign) in
            [(0, low[0], 1.0), (0, high[0], -1.0), (1, low[1], 1.0), (1, high[1], -1.0)]
        {
            let inside = |place: [f64; 2]| sign * (place[axis] - border) >= 0.0;
            let mut kept = Vec::with_capacity(ring.len() + 4);
            let Some(mut before) = ring.last().copied() else { return ring };
            for place in ring {
                if inside(before) != inside(place) {
                    let part = (border - before[axis]) / (place[axis] - before[axis]);
                    let other = 1 - axis;
                    let mut cut = [border; 2];
                    cut[other] = before[other] + part * (place[other] - before[other]);
                    kept.push(cut);
                }
                if inside(place) {
                    kept.push(place);
                }
                before = place;
            }
            ring = kept;
        }
        ring
    }

    /// Vertices of a path in columns and rows.
    pub(super) fn places_of(&self, paths: &Paths, first: usize, end: usize) -> Vec<[f64; 2]> {
        paths.xy[first..end].iter().map(|vertex| self.place(*vertex)).collect()
    }

    pub(super) fn keeps(&self, place: [f64; 2]) -> bool {
        self.holds(place)
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn a_ring_around_everything_becomes_what_is_kept() {
        let grid = Grid::new(5, 5, [2.0, 2.0]);
        let far = 1e6;
        let ring = grid.clip_ring(vec![[-far, -far], [far, -far], [far, far], [-far, far]]);
        let margin = grid.margin;
        assert_eq!(ring.len(), 4);
        assert!(ring.iter().flatten().all(|side| *side == -margin || *side == 4.0 + margin));
        assert!(grid.clip_ring(vec![[far, far], [far + 1.0, far], [far, far + 1.0]]).is_empty());
    }

    #[test]
    fn differences_of_places_fit_their_type() {
        for side in [2, 3, 97, 4096, 32_768] {
            let grid = Grid::new(side, side, [1.0, 1.0]);
            let far = f64::from(grid.cells[0]) + grid.margin;
            let [low, high] = [grid.fixed([-grid.margin; 2]), grid.fixed([far; 2])];
            assert!(i64::from(high[0]) - i64::from(low[0]) < 1 << 31, "{side}");
            assert!(grid.bits >= 8);
        }
    }

    #[test]
    fn what_reaches_far_is_kept_from_far_away() {
        let grid = Grid::new(65, 33, [2.0, 2.0]);
        assert!(!grid.keeps([-40.0, 0.0]) && grid.reaching(10.0) == grid);
        let wide = grid.reaching(500.0);
        assert!(wide.keeps([-500.0, 532.0]) && !wide.keeps([-502.0, 0.0]));
        for beyond in [0.0, 31.0, 1e3, 1e6, 1e12] {
            let grid = grid.reaching(beyond);
            let ends = [[-grid.margin; 2], [64.0 + grid.margin; 2]].map(|at| grid.fixed(at));
            assert!(ends[1][0].checked_sub(ends[0][0]).is_some(), "{beyond}");
        }
    }

    #[test]
    fn pieces_are_cut_at_the_margin() {
        let grid = Grid::new(5, 5, [1.0, 1.0]);
        assert_eq!(grid.clip_piece([0.0, 0.0], [4.0, 4.0]), Some([0.0, 1.0]));
        let unit = 1 << grid.bits;
        assert_eq!(grid.way([0.5, 1.0], [2.0, 0.0]), [unit * 3 / 2, -unit]);
        for far in [1e3, 1e9, 1e300] {
            let [x, y] = grid.way([0.0, 0.0], [far, -far / 2.0]).map(f64::from);
            assert!(x > 0.0 && (x / y + 2.0).abs() < 1e-6);
            let [x, y] = grid.way([-far, far], [far, far]);
            assert!(x > 0 && y == 0);
        }
        assert_eq!(grid.clip_piece([0.0, 20.0], [4.0, 20.0]), None);
        let Some([from, to]) = grid.clip_piece([-16.0, 2.0], [16.0, 2.0]) else { unreachable!() };
        assert_eq!([from, to], [(16.0 - 3.0) / 32.0, (16.0 + 7.0) / 32.0]);
    }
}
