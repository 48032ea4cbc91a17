//! Which cells a picture meets as a whole, rather than patch by patch: see
//! `shaders/include/walk.glsl`.

use super::pyramid::BASE_LEVEL;
use super::{Interrupted, Terrain};
use crate::error::Result;
use crate::scene::vector::{dot, length, sub};
use crate::scene::{Detail, Rays, View};

/// Rays along each side of a picture by which the share of far ground is judged.
const FAR_SHARE_RAYS: u32 = 12;

/// What the rays of a share of a picture's tiles meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// Patches only.
    Patches,
    /// Cells no larger than a pixel as a whole, patches nearer by.
    Mixed,
    /// No patch: wherever they meet the DEM, a pixel is wider than the pyramid's finest cells.
    Far,
}

/// Whether a picture has far cells.
///
/// Not a map, which looks straight down, so that nothing is walked; and not from below the ground,
/// whose underside the maxima do not describe.
pub(super) fn has_far_cells(
    terrain: &Terrain,
    view: &View,
    interrupted: Interrupted<'_>,
) -> Result<bool> {
    let may = view.detail == Detail::Auto && !view.camera.is_map();
    Ok(may
        && depths(terrain, view)[1] >= far_from(terrain, view, BASE_LEVEL)
        && !terrain.is_above(view.camera.eye(), interrupted)?)
}

/// How the tiles of a picture are shared out: to what is met near by, and to where all is far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shares {
    /// What near tiles meet; None where there are none.
    pub(super) near: Option<Cells>,
    /// Whether there are far tiles, which meet far cells of `level` or coarser.
    pub(super) far: bool,
    /// View depth from which on a tile is far.
    pub(super) far_from: f32,
}

impl Shares {
    /// Those of a picture with far cells or without, where `level` is the finest that counts as
    /// far. It `walks` if rays look for what hides the sun from far tiles.
    pub(super) fn of(
        terrain: &Terrain,
        view: &View,
        has_far_cells: bool,
        level: u32,
        walks: bool,
    ) -> Self {
        let only = |near| Self { near: Some(near), far: false, far_from: f32::INFINITY };
        if !has_far_cells {
            return only(Cells::Patches);
        }
        // The face of water is met in a patch, and so is what hides the sun from it. So are a
        // base's walls; but nothing hides the sun from those that stand at the DEM's edge.
        let wall = view.scenery.base.is_some() && (walks || terrain.extent.has_holes);
        if wall || view.scenery.water_level().is_some() {
            return only(Cells::Mixed);
        }
        let [nearest, farthest] = depths(terrain, view);
        let near = match far_from(terrain, view, BASE_LEVEL) {
            from if nearest >= from => Cells::Far,
            from if farthest < from => Cells::Patches,
            _ => Cells::Mixed,
        };
        let far_from = far_from(terrain, view, level);
        if nearest >= far_from {
            return Self { near: None, far: true, far_from: f32::NEG_INFINITY };
        }
        if farthest < far_from {
            return only(near);
        }
        Self { near: Some(near), far: true, far_from: far_from as f32 }
    }
}

/// View depth from which on a pixel of a perspective is wider than cells of `level`, with a
/// hundredth for the shader's rounding.
pub(super) fn far_from(terrain: &Terrain, view: &View, level: u32) -> f64 {
    let rays: Rays = view.camera.rays(view.size, [0.0; 2]);
    let [dx, dy] = terrain.extent.spacing;
    let cell = 1.01 * f64::from(1_u32 << level) * dx.max(dy);
    cell / length(rays.direction_dy)
}

/// Whether a pixel may be smaller than a cell anywhere on the DEM, so that facets could be seen.
pub(super) fn shows_facets(terrain: &Terrain, view: &View) -> bool {
    let [dx, dy] = terrain.extent.spacing;
    let footprint = [terrain.extent.columns as f64 * dx, terrain.extent.rows as f64 * dy];
    let rays: Rays = view.camera.rays(view.size, footprint);
    let [nearest, _] = depths(terrain, view);
    let nearest = if view.camera.is_map() { 0.0 } else { nearest };
    length(rays.origin_dy) + nearest * length(rays.direction_dy) < dx.max(dy)
}

/// Half the sides of the DEM between its first and last samples, in metres.
fn half(terrain: &Terrain) -> [f64; 2] {
    let [dx, dy] = terrain.extent.spacing;
    [(terrain.extent.columns - 1) as f64 * dx / 2.0, (terrain.extent.rows - 1) as f64 * dy / 2.0]
}

/// Least and greatest view depth of the DEM's box; the least is 0 with the eye in it or beside it.
pub(super) fn depths(terrain: &Terrain, view: &View) -> [f64; 2] {
    let half = half(terrain);
    let eye = view.camera.eye();
    let forward = view.camera.axes().forward;
    let [mut nearest, mut farthest] = [f64::INFINITY, 0.0_f64];
    for corner in 0..8_u32 {
        let side = |bit: usize| if corner >> bit & 1 == 0 { -half[bit] } else { half[bit] };
        let z =
            f64::from(terrain.extent.range[(corner >> 2) as usize]) * terrain.extent.exaggeration;
        let depth = dot(sub([side(0), side(1), z], eye), forward);
        nearest = nearest.min(depth);
        farthest = farthest.max(depth);
    }
    [nearest.max(0.0), farthest]
}

/// How much of the ground that a picture sees is far at `level`, 0..=1, were the ground level.
pub(super) fn far_share(terrain: &Terrain, view: &View, level: u32) -> f64 {
    let half = half(terrain);
    let from = far_from(terrain, view, level);
    let rays: Rays = view.camera.rays(view.size, [0.0; 2]);
    let middle = f64::from(terrain.extent.reference_height) * terrain.extent.exaggeration;
    let (mut far, mut near) = (0_u32, 0_u32);
    for probe in 0..FAR_SHARE_RAYS * FAR_SHARE_RAYS {
        let place = [probe % FAR_SHARE_RAYS, probe / FAR_SHARE_RAYS]
            .map(|at| (f64::from(at) + 0.5) / f64::from(FAR_SHARE_RAYS));
        let [x, y] = [0, 1].map(|axis: usize| place[axis] * f64::from(view.size[axis]));
        let direction: [f64; 3] = [0, 1, 2].map(|axis| {
            rays.direction[axis] + x * rays.direction_dx[axis] + y * rays.direction_dy[axis]
        });
        let depth = (middle - rays.origin[2]) / direction[2];
        let inside =
            |axis: usize| (rays.origin[axis] + depth * direction[axis]).abs() <= half[axis];
        if depth > 0.0 && inside(0) && inside(1) {
            *(if depth >= from { &mut far } else { &mut near }) += 1;
        }
    }
    f64::from(far) / f64::from((far + near).max(1))
}
