//! What a layer's lists refer to: edges of rings, pieces of lines, and marks, in units of the grid.

use super::grid::Grid;
use crate::error::{Result, try_vec};
use crate::render::upload::Owner;
use crate::scene::layers::{Join, Kind, Part};

/// A layer, for messages.
pub(super) const LAYER: Owner = ["a layer is too large", "make several layers of it"];

/// Four words an item, as `shaders/include/layer_*.glsl` read them.
#[derive(Default)]
pub(super) struct Items {
    /// Two places of an edge or a piece, the lowest bit of whose x tells an end of its line; or a
    /// mark's place and its feature.
    pub(super) words: Vec<[i32; 4]>,
    /// Features with their first item and one past the last, ascending. Marks have none: their
    /// order is the items'.
    pub(super) runs: Vec<(u32, usize, usize)>,
    /// Directions of the pieces before and after each.
    pub(super) links: Vec<[i32; 4]>,
    /// Metres along the line up to each piece, and its own.
    pub(super) lengths: Vec<[f32; 2]>,
}

impl Items {
    pub(super) fn of(part: &Part, grid: &Grid) -> Result<Self> {
        let mut items =
            Self { words: try_vec(part.paths.xy.len(), "a layer's items")?, ..Self::default() };
        match &part.kind {
            Kind::Marks { .. } => items.add_marks(part, grid),
            Kind::Fill(_) => items.add_edges(part, grid),
            Kind::Stroke { join, dashes, .. } => {
                // Each dash ends at its own piece, wherever the next begins.
                let dashed = dashes.is_some();
                items.add_pieces(part, grid, dashed || *join != Join::Round, dashed)
            }
        }
        Ok(items)
    }

    /// Pieces that leave out vertices within `tolerance` units of what then joins their neighbours;
    /// None where that leaves most of them.
    pub(super) fn simplified(&self, tolerance: f64) -> Option<Self> {
        if !self.links.is_empty() || !self.lengths.is_empty() || tolerance < 2.0 {
            return None;
        }
        let mut fewer = Self { words: Vec::with_capacity(self.words.len() / 2), ..Self::default() };
        for &(feature, first, end) in &self.runs {
            let start = fewer.words.len();
            fewer.add_sleeves(&self.words[first..end], tolerance);
            fewer.end_run(feature, start);
        }
        (fewer.words.len() * 5 < self.words.len() * 4).then_some(fewer)
    }

    /// Pieces one after the other with fewer vertices, within `tolerance` units of them.
    pub(super) fn joined(pieces: &[[i32; 4]], tolerance: f64) -> Vec<[i32; 4]> {
        let mut fewer = Self { words: Vec::with_capacity(pieces.len()), ..Self::default() };
        fewer.add_sleeves(pieces, tolerance);
        fewer.words
    }

    /// The same as a level's lists tell them: vertices on whole steps of 2^`steps` units, and no
    /// piece longer than `longest` units.
    pub(super) fn in_steps(&self, steps: i32, longest: i32) -> Result<Self> {
        let mut stepped =
            Self { words: try_vec(self.words.len(), "a layer's items")?, ..Self::default() };
        let half = (1 << steps) >> 1;
        let round = |at: i32| (at.saturating_add(half) >> steps) << steps;
        // The lowest bit of x is the line's.
        let vertex = |x: i32, y: i32| [round(x & !1) & !1, round(y)];
        for &(feature, first, end) in &self.runs {
            let start = stepped.words.len();
            let mut starts = 0;
            for &[x0, y0, x1, y1] in &self.words[first..end] {
                let (a, b) = (vertex(x0, y0), vertex(x1, y1));
                starts |= x0 & 1;
                if a == b && starts & x1 & 1 == 0 {
                    // Nothing but an end of its line, which is another piece's then.
                    if let Some(last) =
                        stepped.words[start..].last_mut().filter(|last| last[2..] == a)
                    {
                        last[2] |= x1 & 1;
                    }
                    continue;
                }
                let far = [0, 1].map(|axis| (i64::from(b[axis]) - i64::from(a[axis])).abs());
                if far[0].max(far[1]) < i64::from(longest) {
                    stepped.words.push([a[0] | starts, a[1], b[0] | x1 & 1, b[1]]);
                    starts = 0;
                    continue;
                }
                let parts = (far[0].max(far[1]) / i64::from(longest) + 1) as i32;
                let at = |part: i32| {
                    if part == parts {
                        return b;
                    }
                    let along = |axis: usize| {
                        let whole = i64::from(b[axis]) - i64::from(a[axis]);
                        round(
                            (i64::from(a[axis]) + whole * i64::from(part) / i64::from(parts))
                                as i32,
                        )
                    };
                    [along(0) & !1, along(1)]
                };
                let mut from = a;
                for part in 1..=parts {
                    let to = at(part);
                    let ends = if part == parts { x1 & 1 } else { 0 };
                    stepped.words.push([from[0] | starts, from[1], to[0] | ends, to[1]]);
                    (from, starts) = (to, 0);
                }
            }
            stepped.end_run(feature, start);
        }
        Ok(stepped)
    }

    /// Pieces one after the other become one as long as its direction passes all that is left out
    /// within `tolerance`: those directions are a sector that narrows from vertex to vertex.
    fn add_sleeves(&mut self, pieces: &[[i32; 4]], tolerance: f64) {
        let mut kept: Option<[i32; 4]> = None;
        let mut sector = [[0.0_f64; 2]; 2];
        for &piece in pieces {
            if let Some(so_far) = &mut kept {
                let goes_on = [so_far[2], so_far[3]] == [piece[0], piece[1]];
                let off = [piece[2], piece[3]].map(f64::from);
                let along = [off[0] - f64::from(so_far[0]), off[1] - f64::from(so_far[1])];
                let [left, right] = sector;
                let within = cross(left, along) <= 0.0
                    && cross(right, along) >= 0.0
                    && dot(left, along) > 0.0;
                if goes_on && within {
                    let before = length2(
                        [0, 1].map(|axis| f64::from(so_far[2 + axis]) - f64::from(so_far[axis])),
                    );
                    if length2(along) >= before {
                        *so_far = [so_far[0], so_far[1], piece[2], piece[3]];
                        sector = narrowed(sector, along, tolerance);
                        continue;
                    }
                }
                self.words.push(*so_far);
            }
            kept = Some(piece);
            let along = [0, 1].map(|axis| f64::from(piece[2 + axis]) - f64::from(piece[axis]));
            sector = sector_of(along, tolerance);
        }
        self.words.extend(kept);
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
    pub(super) fn end_run(&mut self, feature: u32, first: usize) {
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
        for &(first, end, feature) in &part.paths.runs {
            let start = self.words.len();
            let mut line = grid.places_of(&part.paths, first, end);
            // A join needs a direction on both sides.
            if line.len() > 1 {
                line.dedup();
            }
            // A line that comes back to where it began is a ring too.
            let returns = line.len() > 3 && line.first() == line.last();
            let closed = part.paths.closed || returns;
            if closed && !returns && line.len() > 1 {
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
                let length = if dashed { off[0].hypot(off[1]) } else { 0.0 };
                if let Some([from, to]) = grid.clip_piece(a, b) {
                    let at = |part: f64| {
                        grid.fixed([0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis])))
                    };
                    let (p, q) = (at(from), at(to));
                    let starts = !closed && index == 0 && from == 0.0;
                    let ends = !closed && index == last && to == 1.0;
                    self.words.push([
                        p[0] & !1 | i32::from(starts),
                        p[1],
                        q[0] & !1 | i32::from(ends),
                        q[1],
                    ]);
                    if joined {
                        let next_index = if index < last { index + 1 } else { 0 };
                        let before = if index > 0 { index - 1 } else { last };
                        let [before, after] = [before, next_index]
                            .map(|piece| grid.way(line[piece], line[piece + 1]));
                        self.links.push([before[0], before[1], after[0], after[1]]);
                    }
                    if dashed {
                        self.lengths
                            .push([(along + from * length) as f32, ((to - from) * length) as f32]);
                    }
                }
                along += length;
            }
            self.end_run(feature, start);
        }
    }
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

fn length2(a: [f64; 2]) -> f64 {
    dot(a, a)
}

/// The directions, left and right, that pass a place `along` within `tolerance`.
fn sector_of(along: [f64; 2], tolerance: f64) -> [[f64; 2]; 2] {
    let length = length2(along).sqrt();
    if length <= tolerance {
        // Any ahead of it, all but a hair.
        return [[-along[1], along[0]], [along[1], -along[0]]];
    }
    let aside = [-along[1] / length * tolerance, along[0] / length * tolerance];
    [[along[0] + aside[0], along[1] + aside[1]], [along[0] - aside[0], along[1] - aside[1]]]
}

/// What `sector` has in common with that of another place.
fn narrowed(sector: [[f64; 2]; 2], along: [f64; 2], tolerance: f64) -> [[f64; 2]; 2] {
    let [left, right] = sector_of(along, tolerance);
    [
        if cross(sector[0], left) < 0.0 { left } else { sector[0] },
        if cross(sector[1], right) > 0.0 { right } else { sector[1] },
    ]
}

#[cfg(test)]
mod tests {
    use super::Items;

    #[test]
    fn simplified_lines_stay_within_their_tolerance_and_keep_their_ends() {
        let place = |step: i32| {
            let angle = f64::from(step) / 40.0;
            [(1e5 * angle.cos()) as i32 & !1, (1e5 * angle.sin()) as i32]
        };
        let words: Vec<[i32; 4]> = (0..200)
            .map(|step| [place(step), place(step + 1)])
            .map(|[a, b]| [a[0], a[1], b[0], b[1]])
            .collect();
        let items = Items { runs: vec![(7, 0, words.len())], words, ..Items::default() };
        let Some(fewer) = items.simplified(400.0) else {
            unreachable!("a circle has too many vertices")
        };
        assert!(fewer.words.len() < 60, "{}", fewer.words.len());
        assert_eq!(fewer.runs, [(7, 0, fewer.words.len())]);
        let ends =
            |words: &[[i32; 4]]| (words[0][..2].to_vec(), words[words.len() - 1][2..].to_vec());
        assert_eq!(ends(&items.words), ends(&fewer.words));
        for word in &items.words {
            let [x, y] = [f64::from(word[0]), f64::from(word[1])];
            let off = fewer.words.iter().map(|piece| {
                let [x0, y0, x1, y1] = piece.map(f64::from);
                let part = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0))
                    / ((x1 - x0).powi(2) + (y1 - y0).powi(2));
                let part = part.clamp(0.0, 1.0);
                (x0 + part * (x1 - x0) - x).hypot(y0 + part * (y1 - y0) - y)
            });
            assert!(off.fold(f64::INFINITY, f64::min) <= 410.0);
        }
        assert!(items.simplified(1.0).is_none());
    }
}
