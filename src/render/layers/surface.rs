//! The ground's heights under a layer, on the host: how high a way over it lies at its ends, and how
//! far from straight it is between them.

use crate::error::Result;
use crate::render::{Interrupted, Terrain};

/// Samples that are looked at beside a wide way; beside a wider one the ground may be any.
const MOST_LOOKED_AT: usize = 4096;

/// Heights over columns and rows of a DEM.
pub(super) struct Surface {
    /// The first column and row of what there is.
    first: [usize; 2],
    /// Columns and rows of it.
    size: [usize; 2],
    /// Least and greatest height of all.
    range: [f32; 2],
    kind: Heights,
}

enum Heights {
    /// The samples.
    Samples(Vec<f32>),
    /// Of a DEM that is not in memory: the least and the greatest of squares of so many patches
    /// a side.
    Squares { ranges: Vec<[f32; 2]>, columns: usize, side: f64 },
}

/// A way over the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Profile {
    /// Heights at its ends, the DEM's own.
    pub(super) ends: [f32; 2],
    /// How far the ground may be above or below what lies straight between these.
    pub(super) bulge: f32,
}

impl Surface {
    /// Those of the DEM between two places, in columns and rows; None where these are beside it.
    pub(super) fn under(
        terrain: &Terrain,
        [low, high]: [[f64; 2]; 2],
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let all = terrain.size();
        let beside = |axis: usize| high[axis] < 0.0 || low[axis] > (all[axis] - 1) as f64;
        if beside(0) || beside(1) {
            return Ok(None);
        }
        let first = [0, 1].map(|axis| (low[axis].max(0.0) as usize).min(all[axis] - 2));
        let end = [0, 1].map(|axis| {
            (high[axis].ceil() as usize + 1).clamp(first[axis] + 2, all[axis])
        });
        let size = [end[0] - first[0], end[1] - first[1]];
        let range = terrain.extent.range;
        let kind = match &terrain.sheets {
            Some(sheets) => {
                let (ranges, columns, side) = sheets.squares();
                Heights::Squares { ranges, columns, side }
            }
            None => Heights::Samples(terrain.read_heights(
                [first[0], first[1], size[0], size[1]].map(|side| side as u32),
                interrupted,
            )?),
        };
        Ok(Some(Self { first, size, range, kind }))
    }

    /// Longest way, in cells, of which a profile tells something.
    pub(super) fn longest(&self) -> f64 {
        match &self.kind {
            Heights::Samples(_) => 8.0,
            Heights::Squares { side, .. } => *side,
        }
    }

    /// Of the way from one place to another, in columns and rows, and of what lies `beside` it so
    /// many cells; None where there is no ground.
    pub(super) fn profile(&self, [a, b]: [[f64; 2]; 2], beside: f64) -> Option<Profile> {
        match &self.kind {
            Heights::Squares { ranges, columns, side } => {
                let part = |axis: usize| {
                    let (low, high) = (a[axis].min(b[axis]) - beside, a[axis].max(b[axis]) + beside);
                    let last = (self.first[axis] + self.size[axis] - 1) as f64;
                    let square = |at: f64| (at.clamp(0.0, last) / side) as usize;
                    square(low)..=square(high)
                };
                let mut found = [f32::INFINITY, f32::NEG_INFINITY];
                for row in part(1) {
                    for column in part(0) {
                        let [low, high] = ranges.get(row * columns + column)?;
                        found = [found[0].min(*low), found[1].max(*high)];
                    }
                }
                Self::between(found)
            }
            Heights::Samples(heights) => {
                let (a, b) = (self.inside(a), self.inside(b));
                let Some(middle) = self.along(heights, a, b) else {
                    // A hole: what ground there is around it.
                    return self.around(heights, a, b, beside.max(1.0));
                };
                if beside == 0.0 {
                    return Some(middle);
                }
                let aside = self.steepest(heights, a, b, beside)? * beside as f32;
                Some(Profile { bulge: middle.bulge + aside, ..middle })
            }
        }
    }

    /// Anywhere between two heights.
    fn between([low, high]: [f32; 2]) -> Option<Profile> {
        let middle = 0.5 * (low + high);
        (low <= high).then_some(Profile { ends: [middle; 2], bulge: high - middle })
    }

    /// A place in what there is, counted from its corner.
    fn inside(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| {
            (at[axis] - self.first[axis] as f64).clamp(0.0, (self.size[axis] - 1) as f64)
        })
    }

    /// The height at a place and how much the patch there is twisted; None in a hole.
    fn at(&self, heights: &[f32], [x, y]: [f64; 2]) -> Option<[f32; 2]> {
        let (left, top) =
            ((x as usize).min(self.size[0] - 2), (y as usize).min(self.size[1] - 2));
        let (u, v) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let first = top * self.size[0] + left;
        let upper = heights.get(first..first + 2)?;
        let lower = heights.get(first + self.size[0]..first + self.size[0] + 2)?;
        let (above, below) = (upper[1] - upper[0], lower[1] - lower[0]);
        let (north, south) = (upper[0] + u * above, lower[0] + u * below);
        let height = north + v * (south - north);
        (!height.is_nan() && !below.is_nan() && !above.is_nan())
            .then_some([height, (below - above).abs()])
    }

    /// The way itself: between the borders of patches it is a parabola.
    fn along(&self, heights: &[f32], a: [f64; 2], b: [f64; 2]) -> Option<Profile> {
        let way = [b[0] - a[0], b[1] - a[1]];
        let [start, mut twist] = self.at(heights, a)?;
        let [end, of_end] = self.at(heights, b)?;
        twist = twist.max(of_end);
        let mut off = 0.0_f32;
        for axis in 0..2 {
            let (low, high) = (a[axis].min(b[axis]), a[axis].max(b[axis]));
            let mut border = low.floor() + 1.0;
            while border < high {
                let part = (border - a[axis]) / way[axis];
                let mut place = [a[0] + part * way[0], a[1] + part * way[1]];
                place[axis] = border;
                let [height, of_patch] = self.at(heights, self.within(place))?;
                twist = twist.max(of_patch);
                off = off.max((height - (start + part as f32 * (end - start))).abs());
                border += 1.0;
            }
        }
        let within = (way[0].abs().min(1.0) * way[1].abs().min(1.0)) as f32;
        Some(Profile { ends: [start, end], bulge: off + 0.25 * twist * within })
    }

    fn within(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| at[axis].clamp(0.0, (self.size[axis] - 1) as f64))
    }

    /// Columns and rows of samples around a way.
    fn samples(&self, a: [f64; 2], b: [f64; 2], beside: f64) -> [std::ops::Range<usize>; 2] {
        [0, 1].map(|axis| {
            let low = (a[axis].min(b[axis]) - beside).floor().max(0.0) as usize;
            let high = (a[axis].max(b[axis]) + beside).ceil() as usize + 1;
            low..high.min(self.size[axis])
        })
    }

    fn around(&self, heights: &[f32], a: [f64; 2], b: [f64; 2], beside: f64) -> Option<Profile> {
        let [columns, rows] = self.samples(a, b, beside);
        if columns.len() * rows.len() > MOST_LOOKED_AT {
            return Self::between(self.range);
        }
        let mut found = [f32::INFINITY, f32::NEG_INFINITY];
        for row in rows {
            for height in heights.get(row * self.size[0]..)?.get(columns.clone())? {
                // Holes leave both as they are.
                found = [found[0].min(*height), found[1].max(*height)];
            }
        }
        Self::between(found)
    }

    /// The greatest change of height for a cell around a way.
    fn steepest(&self, heights: &[f32], a: [f64; 2], b: [f64; 2], beside: f64) -> Option<f32> {
        let [columns, rows] = self.samples(a, b, beside + 1.0);
        if columns.len() * rows.len() > MOST_LOOKED_AT {
            return Some((self.range[1] - self.range[0]) / beside as f32);
        }
        let mut most = 0.0_f32;
        for row in rows {
            let this = heights.get(row * self.size[0]..)?;
            for column in columns.clone() {
                let own = this.get(column)?;
                let east = if column + 1 < self.size[0] { this[column + 1] } else { *own };
                let south = this.get(column + self.size[0]).unwrap_or(own);
                // Beside a hole nothing is known.
                most = most.max((east - own).abs() + (south - own).abs());
            }
        }
        Some(most)
    }
}

#[cfg(test)]
mod tests {
    use super::{Heights, Surface};

    fn surface(heights: impl Fn(usize, usize) -> f32) -> Surface {
        let samples = (0..9).flat_map(|row| (0..9).map(move |column| (column, row)));
        let samples = samples.map(|(column, row)| heights(column, row)).collect();
        Surface {
            first: [0, 0],
            size: [9, 9],
            range: [-50.0, 50.0],
            kind: Heights::Samples(samples),
        }
    }

    #[test]
    fn ground_along_a_way_is_within_its_bulge() {
        let ground = |column: usize, row: usize| ((column * 37 + row * 91) % 23) as f32;
        let surface = surface(ground);
        let Heights::Samples(heights) = &surface.kind else { unreachable!() };
        for (a, b) in [
            ([0.3, 0.2], [7.9, 5.1]),
            ([4.0, 8.0], [4.0, 0.5]),
            ([2.2, 2.3], [2.7, 2.9]),
            ([8.0, 8.0], [3.1, 8.0]),
        ] {
            let Some(profile) = surface.profile([a, b], 0.0) else { unreachable!() };
            let Some(wide) = surface.profile([a, b], 1.5) else { unreachable!() };
            for step in 0..=1000 {
                let part = f64::from(step) / 1000.0;
                let place: [f64; 2] = [0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis]));
                let Some([height, _]) = surface.at(heights, place) else { unreachable!() };
                let straight =
                    profile.ends[0] + part as f32 * (profile.ends[1] - profile.ends[0]);
                assert!((height - straight).abs() <= profile.bulge + 1e-3, "{a:?} {part}");
                for beside in [[1.4, 0.0], [0.0, -1.4], [-1.0, 1.0]] {
                    let place = surface.inside([place[0] + beside[0], place[1] + beside[1]]);
                    let Some([height, _]) = surface.at(heights, place) else { unreachable!() };
                    assert!((height - straight).abs() <= wide.bulge + 1e-3, "{a:?} {part}");
                }
            }
        }
    }

    #[test]
    fn over_holes_there_is_what_ground_there_is_beside_them() {
        let hole = |column: usize, row: usize| {
            if column == 4 || row > 6 { f32::NAN } else { column as f32 }
        };
        let surface = surface(hole);
        let Some(across) = surface.profile([[2.5, 2.0], [5.5, 2.0]], 0.0) else { unreachable!() };
        let [low, high] = [across.ends[0] - across.bulge, across.ends[0] + across.bulge];
        assert!(low <= 2.0 && high >= 6.0 && across.ends[0] == across.ends[1]);
        assert_eq!(surface.profile([[1.0, 7.9], [3.0, 7.9]], 0.0), None);
    }
}
