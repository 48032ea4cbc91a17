//! What a layer's lists refer to: edges of rings, pieces of lines, and marks, in units of the grid.

use super::grid::Grid;
use crate::error::{Result, try_vec};
use crate::scene::layers::{Join, Kind, Part};

/// Four words an item, as `shaders/include/layer_*.glsl` read them.
#[derive(Default)]
pub(super) struct Items {
    /// Two places of an edge or a piece, the lowest bit of whose x tells an end of its line; or a mark's place and its feature.
    pub(super) words: Vec<[i32; 4]>,
    /// Features with their first item and one past the last, ascending. Marks have none: their order is the items'.
    pub(super) runs: Vec<(u32, usize, usize)>,
    /// Directions of the pieces before and after each.
    pub(super) links: Vec<[i32; 4]>,
    /// Metres along the line up to each piece, and its own.
    pub(super) lengths: Vec<[f32; 2]>,
}

impl Items {
    pub(super) fn of(part: &Part, grid: &Grid) -> Result<Self> {
        let mut items = Self { words: try_vec(part.paths.xy.len(), "a layer's items")?, ..Self::default() };
        match &part.kind {
            Kind::Marks { .. } => items.add_marks(part, grid),
            Kind::Fill(_) => items.add_edges(part, grid),
            Kind::Stroke { join, dashes, .. } => {
                items.add_pieces(part, grid, *join != Join::Round, dashes.is_some())
            }
        }
        Ok(items)
    }

    fn add_marks(&mut self, part: &Part, grid: &Grid) {
        for &(first, _, feature) in &part.paths.runs {
            let place = grid.place(part.paths.xy[first]);
            if grid.keeps(place) {
                let [column, row] = grid.fixed(place);
                self.words.push([column, row, feature as i32, 0]);
            }
        }
    }

    /// Notes that items from `first` on are of `feature`.
    fn end_run(&mut self, feature: u32, first: usize) {
        let end = self.words.len();
        match self.runs.last_mut() {
            Some(run) if run.0 == feature => run.2 = end,
            _ if end > first => self.runs.push((feature, first, end)),
            _ => {}
        }
    }

    fn add_edges(&mut self, part: &Part, grid: &Grid) {
        for &(first, end, feature) in &part.paths.runs {
            let start = self.words.len();
            let ring: Vec<[i32; 2]> = grid
                .clip_ring(grid.places_of(&part.paths, first, end))
                .into_iter()
                .map(|at| grid.fixed(at))
                .collect();
            if ring.len() > 2 {
                for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                    if a != b {
                        self.words.push([a[0], a[1], b[0], b[1]]);
                    }
                }
            }
            self.end_run(feature, start);
        }
    }

    fn add_pieces(&mut self, part: &Part, grid: &Grid, joined: bool, dashed: bool) {
        let closed = part.paths.closed;
        for &(first, end, feature) in &part.paths.runs {
            let start = self.words.len();
            let mut line = grid.places_of(&part.paths, first, end);
            // A join needs a direction on both sides.
            if line.len() > 1 {
                line.dedup();
            }
            if closed && line.len() > 1 {
                line.push(line[0]);
            }
            if let [alone] = line[..] {
                line.push(alone);
            }
            let last = line.len().saturating_sub(2);
            let mut along = 0.0;
            for (index, pair) in line.windows(2).enumerate() {
                let (a, b) = (pair[0], pair[1]);
                let off = [0, 1].map(|axis| (b[axis] - a[axis]) * grid.spacing[axis]);
                let length = off[0].hypot(off[1]);
                if let Some([from, to]) = grid.clip_piece(a, b) {
                    let at = |part: f64| grid.fixed([0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis])));
                    let (p, q) = (at(from), at(to));
                    let starts = !closed && index == 0 && from == 0.0;
                    let ends = !closed && index == last && to == 1.0;
                    self.words.push([p[0] & !1 | i32::from(starts), p[1], q[0] & !1 | i32::from(ends), q[1]]);
                    if joined {
                        let next_index = if index < last { index + 1 } else { 0 };
                        let before = if index > 0 { index - 1 } else { last };
                        let direction = |piece: usize| {
                            let [from, to] = [grid.fixed(line[piece]), grid.fixed(line[piece + 1])];
                            [0, 1].map(|axis| to[axis].wrapping_sub(from[axis]))
                        };
                        let [before, after] = [direction(before), direction(next_index)];
                        self.links.push([before[0], before[1], after[0], after[1]]);
                    }
                    if dashed {
                        self.lengths.push([(along + from * length) as f32, ((to - from) * length) as f32]);
                    }
                }
                along += length;
            }
            self.end_run(feature, start);
        }
    }
}
