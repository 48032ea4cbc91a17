//! Where spans of the ground are seen in a picture, as boxes of pixels.

use super::spans::{Bounds, Span};
use crate::render::extent::Extent;
use crate::scene::Rays;
use crate::scene::vector::{Vec3, cross, dot, length};

/// Rows of a box at most, where what it is around runs across them: longer ones are cut.
const ROWS: f64 = 8.0;
/// Cells of depth that count as before the eye.
const LEAST_DEPTH: f64 = 1e-3;
/// How often a span that reaches beyond the eye is halved.
const HALVINGS: u32 = 6;

/// A picture's projection, from columns, rows and heights.
pub(super) struct Lens {
    /// Pixels across and down, times the depth, and the depth; each for a column, a row, a unit of
    /// height and 1. Of a map the depth counts as 1.
    rows: [[f64; 4]; 3],
    parallel: bool,
    units: f64,
    least_depth: f64,
    size: [f64; 2],
    /// Cells that a pixel is wide: so many and so many more for a metre of depth.
    pixel: [f64; 2],
}

/// Pixels around a span on which it may lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) pixels: [f64; 2],
    /// Cells of the ground.
    pub(super) beside: f64,
}

/// Pixels of a picture, the last ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Box {
    pub(super) columns: [u16; 2],
    pub(super) rows: [u16; 2],
}

/// Places times their depth, and that.
type Seen = [f64; 3];

impl Lens {
    pub(super) fn new(extent: &Extent, rays: &Rays, size: [u32; 2], bits: i32) -> Self {
        let parallel = rays.direction_dx == [0.0; 3];
        let [dx, dy] = if parallel {
            [rays.origin_dx, rays.origin_dy]
        } else {
            [rays.direction_dx, rays.direction_dy]
        };
        // As Rays::project.
        let determinant = dot(rays.direction, cross(dx, dy));
        let normals = [cross(dy, rays.direction), cross(rays.direction, dx), cross(dx, dy)];
        let [east, south] = extent.spacing;
        let middle = [(extent.columns - 1) as f64 / 2.0, (extent.rows - 1) as f64 / 2.0];
        let row = |normal: Vec3| {
            let [x, y, z] = normal.map(|along| along / determinant);
            let first = [-middle[0] * east, middle[1] * south, 0.0];
            let way = [0, 1, 2].map(|axis: usize| first[axis] - rays.origin[axis]);
            [x * east, -y * south, z * extent.exaggeration, dot([x, y, z], way)]
        };
        let mut rows = normals.map(row);
        if parallel {
            rows[2] = [0.0, 0.0, 0.0, 1.0];
        }
        let widest = east.max(south);
        Self {
            rows,
            parallel,
            units: f64::from(1 << bits),
            least_depth: LEAST_DEPTH * east.min(south),
            size: size.map(f64::from),
            pixel: [length(rays.origin_dy) / widest, length(rays.direction_dy) / widest],
        }
    }

    /// Where a block's box is seen: cells that a pixel is wide there at least, or None where it is
    /// beside the picture.
    pub(super) fn pixel_of(&self, bounds: &Bounds, reach: Reach) -> Option<f64> {
        if bounds[0][0] > bounds[1][0] {
            return None;
        }
        let corners = [0_u32, 1, 2, 3, 4, 5, 6, 7].map(|corner| {
            let [x, y, z] =
                [0, 1, 2].map(|axis| bounds[(corner >> axis & 1) as usize][axis as usize]);
            let beside = |high: u32| if high == 0 { -reach.beside } else { reach.beside };
            self.seen([x + beside(corner & 1), y + beside(corner >> 1 & 1), z])
        });
        if self.is_beside(&corners, reach.pixels) {
            return None;
        }
        let nearest = corners.iter().map(|corner| corner[2]).fold(f64::INFINITY, f64::min);
        Some(self.pixel[0] + self.pixel[1] * nearest.max(0.0))
    }

    fn seen(&self, [x, y, z]: Vec3) -> Seen {
        self.rows.map(|row| row[0] * x + row[1] * y + row[2] * z + row[3])
    }

    /// Whether all of them, and what is within their reach, are on one side of the picture.
    fn is_beside(&self, places: &[Seen], reach: [f64; 2]) -> bool {
        let all = |outside: &dyn Fn(&Seen) -> bool| places.iter().all(outside);
        all(&|at| at[2] < self.least_depth && !self.parallel)
            || (0..2).any(|axis| {
                all(&|at| at[axis] + reach[axis] * at[2] < 0.0)
                    || all(&|at| at[axis] - (self.size[axis] + reach[axis]) * at[2] > 0.0)
            })
    }

    /// Adds the boxes of pixels on which a span may lie.
    pub(super) fn add(&self, span: &Span, reach: Reach, boxes: &mut impl FnMut(Box)) {
        let ends = [0, 1].map(|end: usize| {
            let [x, y] = span.ends[end].map(|along| f64::from(along) / self.units);
            [x, y, f64::from(span.profile.ends[end])]
        });
        self.add_part(ends, f64::from(span.profile.bulge), reach, HALVINGS, boxes);
    }

    fn add_part(
        &self,
        [a, b]: [Vec3; 2],
        bulge: f64,
        reach: Reach,
        halvings: u32,
        boxes: &mut impl FnMut(Box),
    ) {
        let [from, to] = [self.seen(a), self.seen(b)];
        let up = [0, 1, 2].map(|row: usize| self.rows[row][2].abs() * bulge);
        let aside = [0, 1, 2]
            .map(|row: usize| (self.rows[row][0].abs() + self.rows[row][1].abs()) * reach.beside);
        // By how much either may be elsewhere, depth and all.
        let off = [0, 1, 2].map(|row: usize| up[row] + aside[row]);
        let nearest = from[2].min(to[2]) - off[2];
        if nearest < self.least_depth && !self.parallel {
            let corner = |at: Seen, depth: f64| [at[0] - off[0], at[1] - off[1], at[2] + depth];
            let other = |at: Seen, depth: f64| [at[0] + off[0], at[1] + off[1], at[2] + depth];
            let all = [from, to].map(|at| {
                [corner(at, -off[2]), corner(at, off[2]), other(at, -off[2]), other(at, off[2])]
            });
            if self.is_beside(all.as_flattened(), reach.pixels) {
                return;
            }
            if halvings > 0 && a != b {
                let middle = [0, 1, 2].map(|axis: usize| 0.5 * (a[axis] + b[axis]));
                self.add_part([a, middle], bulge, reach, halvings - 1, boxes);
                self.add_part([middle, b], bulge, reach, halvings - 1, boxes);
            } else {
                // It may be anywhere.
                boxes(Box { columns: [0, self.last(0)], rows: [0, self.last(1)] });
            }
            return;
        }
        let places = [from, to].map(|at| [at[0] / at[2], at[1] / at[2]]);
        // How far places move in the picture by that: what is nearer moves farther.
        let around = |axis: usize| {
            let farthest = places[0][axis].abs().max(places[1][axis].abs());
            reach.pixels[axis] + (off[axis] + farthest * off[2]) / nearest
        };
        self.add_line(places, [around(0), around(1)], boxes);
    }

    fn last(&self, axis: usize) -> u16 {
        self.size[axis] as u16 - 1
    }

    /// Pixels whose middle is between two numbers of pixels; None beside the picture.
    fn pixels(&self, axis: usize, low: f64, high: f64) -> Option<[u16; 2]> {
        let first = (low - 0.5).ceil().max(0.0);
        let last = (high - 0.5).floor().min(self.size[axis] - 1.0);
        (first <= last).then_some([first as u16, last as u16])
    }

    /// Boxes around what is so near a line in the picture.
    fn add_line(&self, [a, b]: [[f64; 2]; 2], around: [f64; 2], boxes: &mut impl FnMut(Box)) {
        let (top, bottom) = (a[1].min(b[1]) - around[1], a[1].max(b[1]) + around[1]);
        let (left, right) = (a[0].min(b[0]) - around[0], a[0].max(b[0]) + around[0]);
        let (Some(rows), Some(columns)) = (self.pixels(1, top, bottom), self.pixels(0, left, right))
        else {
            return;
        };
        let way = [b[0] - a[0], b[1] - a[1]];
        if way[1].abs() <= ROWS || way[0].abs() <= ROWS {
            boxes(Box { columns, rows });
            return;
        }
        let slope = way[0] / way[1];
        let mut first = rows[0];
        while first <= rows[1] {
            let last = first.saturating_add(ROWS as u16 - 1).min(rows[1]);
            // The part of it that comes near these rows.
            let at = [f64::from(first) + 0.5 - around[1], f64::from(last) + 0.5 + around[1]]
                .map(|row| a[0] + (row - a[1]) * slope);
            let low = left.max(at[0].min(at[1]) - around[0]);
            let high = right.min(at[0].max(at[1]) + around[0]);
            if let Some(columns) = self.pixels(0, low, high) {
                boxes(Box { columns, rows: [first, last] });
            }
            first = last.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Box, Lens, Reach};
    use crate::render::extent::Extent;
    use crate::render::layers::spans::Span;
    use crate::render::layers::surface::Profile;
    use crate::scene::Camera;

    const EXTENT: Extent = Extent {
        columns: 65,
        rows: 49,
        spacing: [10.0, 12.0],
        exaggeration: 1.5,
        range: [0.0, 100.0],
        reference_height: 50.0,
        has_holes: false,
    };
    const BITS: i32 = 20;

    /// Numbers between 0 and 1, the same each time.
    fn numbers() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    #[test]
    fn boxes_hold_all_that_a_span_may_be_seen_on() {
        let size = [160, 120];
        let cameras = [
            Camera::orbit([0.0, 0.0, 80.0], 900.0, 30.0, 35.0, 40.0),
            // Among the spans, which are before and behind it.
            Camera::look_at([0.0, 0.0, 130.0], [200.0, 100.0, 60.0], [0.0, 0.0, 1.0], 60.0),
            Camera::map(None),
        ];
        let mut next = numbers();
        for camera in cameras {
            let Ok(camera) = camera else { unreachable!() };
            let rays = camera.rays(size, [650.0, 588.0]);
            let lens = Lens::new(&EXTENT, &rays, size, BITS);
            let mut inside = 0;
            for _ in 0..400 {
                let length = 8.0 * next().powi(3);
                let a = [64.0 * next(), 48.0 * next()];
                let b = [a[0] + length * (next() - 0.5), a[1] + length * (next() - 0.5)];
                let heights = [100.0 * next(), 100.0 * next()];
                let bulge = 5.0 * next();
                let beside = if next() < 0.5 { 0.0 } else { 2.0 * next() };
                let reach = Reach { pixels: [1.0 + next(), 1.0 + next()], beside };
                let fixed = |at: [f64; 2]| at.map(|along| (along * f64::from(1 << BITS)) as i32);
                let profile =
                    Profile { ends: heights.map(|height| height as f32), bulge: bulge as f32 };
                let span = Span { item: 0, ends: [fixed(a), fixed(b)], profile };
                let mut boxes: Vec<Box> = Vec::new();
                lens.add(&span, reach, &mut |seen| boxes.push(seen));
                for _ in 0..20 {
                    let part = next();
                    let mix = |from: f64, to: f64| from + part * (to - from);
                    let turn = 6.3 * next();
                    let column = mix(a[0], b[0]) + beside * turn.cos();
                    let row = mix(a[1], b[1]) + beside * turn.sin();
                    let height = mix(heights[0], heights[1]) + bulge * (2.0 * next() - 1.0);
                    let place = [(column - 32.0) * 10.0, (24.0 - row) * 12.0, height * 1.5];
                    let Some((mut at, depth)) = rays.project(place) else { continue };
                    if depth < 0.02 && !camera.is_map() {
                        continue;
                    }
                    for (at, reach) in at.iter_mut().zip(reach.pixels) {
                        *at += 0.99 * reach * (2.0 * next() - 1.0);
                    }
                    // The pixel whose middle is nearest, if that is as near.
                    let pixel = at.map(f64::floor);
                    let seen = (0..2).all(|axis| {
                        pixel[axis] >= 0.0 && pixel[axis] < f64::from(size[axis])
                    });
                    if !seen {
                        continue;
                    }
                    inside += 1;
                    let on = |at: f64, [low, high]: [u16; 2]| {
                        (f64::from(low) - 0.5..=f64::from(high) + 1.5).contains(&at)
                    };
                    assert!(
                        boxes.iter().any(|seen| on(at[0], seen.columns) && on(at[1], seen.rows)),
                        "{at:?} {boxes:?}"
                    );
                }
            }
            assert!(inside > 1000, "{inside}");
        }
    }
}
