//! A view of a terrain in grid space, for `shaders/include/view.glsl`.

use super::Terrain;
use super::far_cells::{depths, far_from};
use super::mosaic::TILE;
use super::pyramid::BASE_LEVEL;
use crate::gpu::shaders::blocks;
use crate::scene::vector::{add_scaled, length, sub};
use crate::scene::{Rays, View};

/// A DEM is far off if it is so many of its own diagonals away.
const FAR_OFF: f64 = 8.0;

/// View depth at which rays begin, and their parameter is 0: before a DEM that is far off, so that
/// its places do not lose their digits to the distance; else at the eye.
pub(super) fn start(terrain: &Terrain, view: &View) -> f64 {
    if view.camera.is_map() {
        return 0.0;
    }
    let [nearest, farthest] = depths(terrain, view);
    let [x, y] = terrain.extent.sides();
    let deep = length([x, y, farthest - nearest]);
    if nearest > FAR_OFF * deep { nearest - deep } else { 0.0 }
}

/// Parameters of rays as view depths in metres.
pub(super) fn to_depths(start: f64, parameters: &mut [f32]) {
    if start > 0.0 {
        for depth in parameters {
            *depth = (f64::from(*depth) + start) as f32;
        }
    }
}

pub(super) fn block(terrain: &Terrain, view: &View) -> blocks::View {
    let single = |v: [f64; 3]| v.map(|value| value as f32);
    let start = start(terrain, view);
    let rays = beginning_at(start, world_rays(terrain, view));
    let grid = grid_rays(terrain, &rays);
    let tile_reach = |a: [f64; 3], b: [f64; 3]| {
        let half = f64::from(TILE) / 2.0;
        (half * (a[0].abs() + b[0].abs()).max(a[1].abs() + b[1].abs())) as f32
    };
    blocks::View {
        origin: single(grid.origin),
        origin_dx: single(grid.origin_dx),
        origin_dy: single(grid.origin_dy),
        direction: single(grid.direction),
        direction_dx: single(grid.direction_dx),
        direction_dy: single(grid.direction_dy),
        start: start as f32,
        near: grid.near as f32,
        far: grid.far as f32,
        pixel: [length(rays.origin_dy) as f32, length(rays.direction_dy) as f32],
        size: view.size,
        samples: view.samples as i32,
        sample_places: sample_places(view.samples),
        patches_to: (far_from(terrain, view, BASE_LEVEL) - start) as f32,
        tile_reach: [
            tile_reach(grid.origin_dx, grid.origin_dy),
            tile_reach(grid.direction_dx, grid.direction_dy),
        ],
    }
}

/// A direction in world metres in grid space: columns, rows (southward), heights of the DEM.
pub(super) fn to_grid(terrain: &Terrain, [x, y, z]: [f64; 3]) -> [f64; 3] {
    let [dx, dy] = terrain.extent.spacing;
    [x / dx, -y / dy, z / terrain.extent.exaggeration]
}

fn world_rays(terrain: &Terrain, view: &View) -> Rays {
    let [dx, dy] = terrain.extent.spacing;
    view.camera
        .rays(view.size, [terrain.extent.columns as f64 * dx, terrain.extent.rows as f64 * dy])
}

/// The same rays with their parameter counted from a view depth.
fn beginning_at(start: f64, rays: Rays) -> Rays {
    let moved = |origin, direction| add_scaled(origin, start, direction);
    Rays {
        origin: moved(rays.origin, rays.direction),
        origin_dx: moved(rays.origin_dx, rays.direction_dx),
        origin_dy: moved(rays.origin_dy, rays.direction_dy),
        near: rays.near - start,
        far: rays.far - start,
        ..rays
    }
}

/// The same in grid space. All in f64; only results are rounded.
fn grid_rays(terrain: &Terrain, rays: &Rays) -> Rays {
    let [x, y, z] = to_grid(terrain, rays.origin);
    let middle =
        [terrain.extent.columns, terrain.extent.rows].map(|samples| (samples as f64 - 1.0) / 2.0);
    Rays {
        origin: [x + middle[0], y + middle[1], z - f64::from(terrain.extent.reference_height)],
        origin_dx: to_grid(terrain, rays.origin_dx),
        origin_dy: to_grid(terrain, rays.origin_dy),
        direction: to_grid(terrain, rays.direction),
        direction_dx: to_grid(terrain, rays.direction_dx),
        direction_dy: to_grid(terrain, rays.direction_dy),
        ..*rays
    }
}

/// Whether rays may run exactly along a border between patches, which matters where one is a hole:
/// ALONG_BORDERS of the shaders. Those of a perspective do not if its eye is not over a border.
pub(super) fn has_rays_along_borders(terrain: &Terrain, view: &View) -> bool {
    let rays = grid_rays(terrain, &world_rays(terrain, view));
    let may_run = |axis: usize| {
        let one_origin = rays.origin_dx[axis] == 0.0 && rays.origin_dy[axis] == 0.0;
        !one_origin || (rays.origin[axis] as f32).fract() == 0.0
    };
    terrain.extent.has_holes && (may_run(0) || may_run(1))
}

/// Where the samples lie in a pixel: one at the centre; else the points of a Hammersley set in base
/// 2 (i / n, bit-reversed i, each moved to the middle of its stratum), so that rows and columns are
/// all different.
fn sample_places(samples: u32) -> [[f32; 2]; 16] {
    let mut places = [[0.5; 2]; 16];
    let n = samples.clamp(1, 16);
    let bits = n.trailing_zeros();
    for (i, place) in (0..n).zip(&mut places) {
        let reversed = i.reverse_bits().checked_shr(32 - bits).unwrap_or(0);
        *place = [(i as f32 + 0.5) / n as f32, (reversed as f32 + 0.5) / n as f32];
    }
    places
}

/// Metres from the eye to the farthest corner of the DEM's box.
pub(super) fn farthest(terrain: &Terrain, view: &View) -> f64 {
    let [x, y] = terrain.extent.sides().map(|side| side / 2.0);
    let eye = if view.camera.is_map() { [0.0; 3] } else { view.camera.eye() };
    let mut most = 0.0_f64;
    for corner in 0..8_u32 {
        let sign = |bit: u32| if corner >> bit & 1 == 0 { -1.0 } else { 1.0 };
        let z = f64::from(terrain.extent.range[(corner >> 2 & 1) as usize % 2])
            * terrain.extent.exaggeration;
        most = most.max(length(sub([sign(0) * x, sign(1) * y, z], eye)));
    }
    most
}

#[cfg(test)]
mod tests {
    use super::sample_places;

    #[test]
    fn samples_share_no_row_or_column_and_centre_on_the_pixel() {
        assert_eq!(sample_places(1)[0], [0.5, 0.5]);
        for n in [2_u32, 4, 8, 16] {
            let places = &sample_places(n)[..n as usize];
            for axis in 0..2 {
                let mut seen: Vec<_> =
                    places.iter().map(|place| (place[axis] * n as f32) as u32).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..n).collect::<Vec<_>>());
                let mean = places.iter().map(|place| place[axis]).sum::<f32>() / n as f32;
                assert!((mean - 0.5).abs() < 1e-6);
            }
        }
    }
}
