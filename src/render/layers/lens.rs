//! Where what lies on the ground is seen in a picture, as places and rectangles of pixels.

use super::spots::Spot;
use crate::gpu::shaders::numbers::layer_strands::DEPTH_STEPS;
use crate::render::extent::Extent;
use crate::scene::Rays;
use crate::scene::vector::{Vec3, cross, dot, length};

/// Cells of depth that count as before the eye.
const LEAST_DEPTH: f64 = 1e-3;

/// A picture's projection, from columns, rows and heights.
pub(super) struct Lens {
    /// Pixels across and down, times the depth, and the depth; each for a column, a row, a unit of
    /// height and 1. Of a map the depth counts as 1.
    rows: [[f64; 4]; 3],
    parallel: bool,
    least_depth: f64,
    size: [f64; 2],
    /// Cells that a pixel is wide: at once, and for each unit of depth.
    pixel: [f64; 2],
    /// Metres of a pixel for each unit of depth.
    pixel_m: f64,
    rows_f32: [[f32; 4]; 3],
    /// Least and greatest of the DEM.
    pub(super) depths: [f64; 2],
}

/// How far around its place a mark may lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) pixels: [f64; 2],
    /// Cells of the ground.
    pub(super) beside: f64,
}

/// Pixels of a picture, the last ones included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) columns: [u16; 2],
    pub(super) rows: [u16; 2],
}

/// Places times their depth, and that.
type Seen = [f64; 3];

impl Pixels {
    /// Those of both and what is between them.
    pub(super) fn with(self, other: Self) -> Self {
        let span = |a: [u16; 2], b: [u16; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        Self { columns: span(self.columns, other.columns), rows: span(self.rows, other.rows) }
    }
}

impl Lens {
    pub(super) fn new(extent: &Extent, rays: &Rays, size: [u32; 2], depths: [f64; 2]) -> Self {
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
        Self {
            rows,
            parallel,
            least_depth: LEAST_DEPTH * east.min(south),
            size: size.map(f64::from),
            pixel: [rays.origin_dy, rays.direction_dy].map(|way| length(way) / east.min(south)),
            pixel_m: length(rays.direction_dy),
            depths,
            rows_f32: rows.map(|row| row.map(|along| along as f32)),
        }
    }

    /// How many cells a pixel is wide there.
    pub(super) fn pixel_at(&self, spot: &Spot) -> f64 {
        let [.., depth] = self.seen([spot.at[0], spot.at[1], f64::from(spot.height.middle)]);
        self.pixel[0] + self.pixel[1] * depth
    }

    fn seen(&self, [x, y, z]: Vec3) -> Seen {
        self.rows.map(|row| row[0] * x + row[1] * y + row[2] * z + row[3])
    }

    /// Where in the picture a mark's place is seen, and its depth; None behind the eye.
    pub(super) fn place_of(&self, spot: &Spot) -> Option<[f64; 3]> {
        let [x, y, depth] = self.seen([spot.at[0], spot.at[1], f64::from(spot.height.middle)]);
        (depth >= self.least_depth || self.parallel).then(|| [x / depth, y / depth, depth])
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

    /// The pixels on which a mark may lie, if there are any.
    pub(super) fn pixels_of(&self, spot: &Spot, reach: Reach) -> Option<Pixels> {
        let at = self.seen([spot.at[0], spot.at[1], f64::from(spot.height.middle)]);
        let up = f64::from(spot.height.off);
        // By how much it may be elsewhere, depth and all.
        let off =
            self.rows.map(|row| row[2].abs() * up + (row[0].abs() + row[1].abs()) * reach.beside);
        let nearest = at[2] - off[2];
        if nearest < self.least_depth && !self.parallel {
            let corners = [0_u32, 1, 2, 3, 4, 5, 6, 7].map(|corner| {
                [0, 1, 2].map(|axis: usize| {
                    at[axis] + if corner >> axis & 1 == 0 { -off[axis] } else { off[axis] }
                })
            });
            // Else it may be anywhere.
            let all = [0, 1].map(|axis: usize| [0, self.size[axis] as u16 - 1]);
            return (!self.is_beside(&corners, reach.pixels))
                .then_some(Pixels { columns: all[0], rows: all[1] });
        }
        let span = |axis: usize| {
            let place = at[axis] / at[2];
            // What is nearer moves farther.
            let around = reach.pixels[axis] + (off[axis] + place.abs() * off[2]) / nearest;
            self.pixels(axis, place - around, place + around)
        };
        Some(Pixels { columns: span(0)?, rows: span(1)? })
    }

    /// The pixels on which something may be seen of what lies between two corners, and so many around
    /// them, if there are any.
    pub(super) fn pixels_of_box(&self, corners: [Vec3; 2], around: f64) -> Option<Pixels> {
        let corners = self.corners_of(corners);
        if self.is_beside(&corners, [around; 2]) {
            return None;
        }
        // What reaches behind the eye may be anywhere.
        let before = corners.iter().all(|at| at[2] >= self.least_depth) || self.parallel;
        let span = |axis: usize| {
            let places = corners.iter().map(|at| at[axis] / at[2]);
            let low = places.clone().fold(f64::INFINITY, f64::min);
            let high = places.fold(f64::NEG_INFINITY, f64::max);
            if before {
                self.pixels(axis, low - around, high + around)
            } else {
                self.pixels(axis, 0.0, self.size[axis])
            }
        };
        Some(Pixels { columns: span(0)?, rows: span(1)? })
    }

    fn corners_of(&self, of: [Vec3; 2]) -> [Seen; 8] {
        std::array::from_fn(|corner| {
            self.seen([0, 1, 2].map(|axis: usize| of[corner >> axis & 1][axis]))
        })
    }

    /// The least depth in a box of columns, rows and heights.
    pub(super) fn nearest_of(&self, of: [[f32; 3]; 2]) -> f64 {
        let corners = self.corners_of(of.map(|end| end.map(f64::from)));
        corners.iter().map(|at| at[2]).fold(f64::INFINITY, f64::min)
    }

    /// Whether such a box, and what is `reach` pixels around it, is beside the picture.
    pub(super) fn is_box_beside(&self, of: [[f32; 3]; 2], reach: f64) -> bool {
        self.is_beside(&self.corners_of(of.map(|end| end.map(f64::from))), [reach; 2])
    }

    /// How many metres a pixel is wide at a depth of a perspective.
    pub(super) fn pixel_m(&self, depth: f64) -> f64 {
        self.pixel_m * depth
    }

    /// A step of the depths that pieces of lines tell.
    pub(super) fn depth_step(&self) -> f64 {
        (self.depths[1] - self.depths[0]) / f64::from(DEPTH_STEPS)
    }

    /// Columns and rows of level ground that a pixel's right side and its lower one are long where it
    /// sees a place; None behind the eye.
    pub(super) fn sides_at(&self, place: Vec3) -> Option<[[f64; 2]; 2]> {
        let at = self.seen(place);
        if at[2] < self.least_depth && !self.parallel {
            return None;
        }
        // Pixels for a column and for a row, across and down.
        let per = |axis: usize, of: usize| {
            (self.rows[axis][of] - at[axis] / at[2] * self.rows[2][of]) / at[2]
        };
        let [[a, b], [c, d]] = [[per(0, 0), per(0, 1)], [per(1, 0), per(1, 1)]];
        let inverse = 1.0 / (a * d - b * c);
        Some([[d * inverse, -c * inverse], [-b * inverse, a * inverse]])
    }

    /// Where in the picture a place is seen, and its depth.
    pub(super) fn seen_at(&self, at: [f32; 3]) -> [f32; 3] {
        let [x, y, depth] =
            self.rows_f32.map(|row| row[0] * at[0] + row[1] * at[1] + row[2] * at[2] + row[3]);
        let inverse = 1.0 / depth;
        [x * inverse, y * inverse, depth]
    }

    /// As `pixels`, in single precision and without calls, for the many pieces of lines.
    pub(super) fn pixels_between(&self, axis: usize, low: f32, high: f32) -> Option<[u16; 2]> {
        let first = (low - 0.5).clamp(0.0, self.size[axis] as f32);
        let last = (high - 0.5).min(self.size[axis] as f32 - 1.0);
        let whole = first as u16;
        let first = whole + u16::from(f32::from(whole) < first);
        (last >= 0.0 && f32::from(first) <= last).then_some([first, last as u16])
    }

    /// Pixels whose middle is between two numbers of pixels; None beside the picture.
    fn pixels(&self, axis: usize, low: f64, high: f64) -> Option<[u16; 2]> {
        let first = (low - 0.5).ceil().max(0.0);
        let last = (high - 0.5).floor().min(self.size[axis] - 1.0);
        (first <= last).then_some([first as u16, last as u16])
    }
}

#[cfg(test)]
mod tests {
    use super::{Lens, Reach};
    use crate::render::extent::Extent;
    use crate::render::layers::spots::Spot;
    use crate::render::layers::surface::Height;
    use crate::scene::{Camera, Rays};

    const EXTENT: Extent = Extent {
        columns: 65,
        rows: 49,
        spacing: [10.0, 12.0],
        exaggeration: 1.5,
        range: [0.0, 100.0],
        reference_height: 50.0,
        has_holes: false,
        cut_at: None,
    };

    const SIZE: [u32; 2] = [160, 120];

    /// Of cameras that see the ground from aside, from within, where things are before and behind
    /// them, and as a map.
    fn lenses() -> impl Iterator<Item = (Camera, Rays, Lens)> {
        let cameras = [
            Camera::orbit([0.0, 0.0, 80.0], 900.0, 30.0, 35.0, 40.0),
            Camera::look_at([0.0, 0.0, 130.0], [200.0, 100.0, 60.0], [0.0, 0.0, 1.0], 60.0),
            Camera::map(None),
        ];
        cameras.into_iter().map(|camera| {
            let Ok(camera) = camera else { unreachable!() };
            let rays = camera.rays(SIZE, [650.0, 588.0]);
            let lens = Lens::new(&EXTENT, &rays, SIZE, [1.0, 2.0]);
            (camera, rays, lens)
        })
    }

    /// Numbers between 0 and 1, the same each time.
    fn numbers() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    #[test]
    fn what_lies_in_a_box_is_seen_on_its_pixels() {
        let mut next = numbers();
        let (mut seen, mut missed) = (0, 0);
        for (_, rays, lens) in lenses() {
            for _ in 0..200 {
                let from = [64.0 * next(), 48.0 * next(), 60.0 * next()];
                let sides = [16.0 * next(), 16.0 * next(), 40.0 * next()];
                let to = [0, 1, 2].map(|axis: usize| from[axis] + sides[axis]);
                let found = lens.pixels_of_box([from, to], 1.0);
                missed += usize::from(found.is_none());
                for _ in 0..20 {
                    let [x, y, z] = [0, 1, 2].map(|axis: usize| from[axis] + sides[axis] * next());
                    let place = [(x - 32.0) * 10.0, (24.0 - y) * 12.0, z * 1.5];
                    let Some((at, _)) = rays.project(place) else { continue };
                    let inside = |axis: usize| (0.0..f64::from(SIZE[axis])).contains(&at[axis]);
                    if !(inside(0) && inside(1)) {
                        continue;
                    }
                    seen += 1;
                    let Some(found) = found else { unreachable!("{at:?}") };
                    let on = |axis: usize, [low, high]: [u16; 2]| {
                        (f64::from(low)..=f64::from(high)).contains(&at[axis].floor())
                    };
                    assert!(on(0, found.columns) && on(1, found.rows), "{at:?} {found:?}");
                }
            }
        }
        assert!(seen > 3000 && missed > 20, "{seen} {missed}");
    }

    #[test]
    fn pixels_in_single_precision_are_those_in_double() {
        let mut next = numbers();
        for (_, _, lens) in lenses() {
            for _ in 0..500 {
                let low = (400.0 * next() - 120.0) as f32;
                let high = low + (90.0 * next()) as f32;
                for axis in 0..2 {
                    let found = lens.pixels_between(axis, low, high);
                    assert_eq!(found, lens.pixels(axis, low.into(), high.into()), "{low} {high}");
                }
            }
            for far in [7e4_f32, 1e30, f32::INFINITY] {
                assert_eq!(lens.pixels_between(0, far, far), None);
                assert_eq!(lens.pixels_between(0, -far, -far), None);
                assert_eq!(lens.pixels_between(0, -far, far), Some([0, 159]));
            }
        }
    }

    #[test]
    fn boxes_hold_all_pixels_that_a_mark_may_be_on() {
        let mut next = numbers();
        for (camera, rays, lens) in lenses() {
            let mut inside = 0;
            for _ in 0..1000 {
                let at = [64.0 * next(), 48.0 * next()];
                let (middle, off) = (100.0 * next(), 5.0 * next());
                let beside = if next() < 0.5 { 0.0 } else { 2.0 * next() };
                let reach = Reach { pixels: [1.0 + next(), 1.0 + next()], beside };
                let height = Height { middle: middle as f32, off: off as f32 };
                let found = lens.pixels_of(&Spot { item: 0, at, height }, reach);
                for _ in 0..20 {
                    let (turn, far) = (6.3 * next(), beside * next());
                    let (column, row) = (at[0] + far * turn.cos(), at[1] + far * turn.sin());
                    let z = middle + off * (2.0 * next() - 1.0);
                    let place = [(column - 32.0) * 10.0, (24.0 - row) * 12.0, z * 1.5];
                    let Some((seen, depth)) = rays.project(place) else { continue };
                    if depth < 0.02 && !camera.is_map() {
                        continue;
                    }
                    // A pixel whose middle is as near as the reach.
                    let pixel: [f64; 2] = [0, 1].map(|axis| {
                        (seen[axis] + 0.99 * reach.pixels[axis] * (2.0 * next() - 1.0)).floor()
                    });
                    let near = |axis: usize| {
                        (pixel[axis] + 0.5 - seen[axis]).abs() < reach.pixels[axis] - 1e-3
                            && (0.0..f64::from(SIZE[axis])).contains(&pixel[axis])
                    };
                    if !(near(0) && near(1)) {
                        continue;
                    }
                    inside += 1;
                    let Some(found) = found else { unreachable!("{seen:?}") };
                    let on = |axis: usize, [low, high]: [u16; 2]| {
                        (f64::from(low)..=f64::from(high)).contains(&pixel[axis])
                    };
                    assert!(on(0, found.columns) && on(1, found.rows), "{seen:?} {found:?}");
                }
            }
            assert!(inside > 1000, "{inside}");
        }
    }
}
