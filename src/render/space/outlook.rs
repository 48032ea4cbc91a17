//! Where things are, and what a view says of their distance and size there.

use crate::scene::vector::{cross, dot, length, scale};
use crate::scene::{Heightfield, View};

/// Columns, rows, height.
pub(super) type Place = [f64; 3];

/// How far from the eye places are, and how large a pixel is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outlook {
    /// View depth of a place in columns, rows and heights: a x + b y + c z + d.
    pub(super) depth: [f64; 4],
    /// Metres that a pixel covers at depth t: x + y t.
    pub(super) pixel: [f64; 2],
}

impl Outlook {
    /// `reference` is the DEM's own height from which those of things are counted.
    pub(super) fn of(field: &Heightfield, reference: f32, view: &View) -> Self {
        let [columns, rows] = [field.columns(), field.rows()];
        Self::of_rays(columns, rows, field.spacing(), field.exaggeration(), reference, view)
    }

    pub(super) fn of_rays(
        columns: usize,
        rows: usize,
        [dx, dy]: [f64; 2],
        exaggeration: f64,
        reference: f32,
        view: &View,
    ) -> Self {
        let rays = view.camera.rays(view.size, [columns as f64 * dx, rows as f64 * dy]);
        let turns = length(rays.direction_dx) > 0.0;
        let forward = if turns {
            cross(rays.direction_dx, rays.direction_dy)
        } else {
            cross(rays.origin_dx, rays.origin_dy)
        };
        // A ray's parameter is the depth: its direction goes 1 forward.
        let forward = scale(1.0 / dot(forward, rays.direction), forward);
        let [middle_x, middle_y] = [columns, rows].map(|samples| (samples - 1) as f64 / 2.0);
        let [x, y, z] = [forward[0] * dx, -forward[1] * dy, forward[2] * exaggeration];
        let rest =
            z * f64::from(reference) - x * middle_x - y * middle_y - dot(forward, rays.origin);
        Self { depth: [x, y, z, rest], pixel: [length(rays.origin_dy), length(rays.direction_dy)] }
    }

    /// Metres that a pixel covers at a place.
    pub(super) fn pixel_at(&self, [x, y, z]: Place) -> f64 {
        let [a, b, c, d] = self.depth;
        self.pixel[0] + self.pixel[1] * (a * x + b * y + c * z + d)
    }
}
