//! Which cells a picture meets as a whole, rather than patch by patch: see `shaders/include/walk.glsl`.

use super::pyramid::BASE_LEVEL;
use super::{Interrupted, Terrain};
use crate::error::Result;
use crate::scene::vector::{dot, length, sub};
use crate::scene::{Rays, View};

/// A DEM with more samples than this gets far cells. Smaller ones stay in the cache, where exact patches cost no more.
const FAR_CELLS_SAMPLES: usize = 1 << 22;

/// What a picture meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// Patches only.
    Patches,
    /// Cells no larger than a pixel as a whole, patches nearer by.
    Mixed,
    /// No patch: wherever the DEM can be seen, a pixel is wider than the pyramid's finest cells.
    Far,
}

impl Cells {
    /// Not far for a map, which looks straight down, so that nothing is walked; and not from below the ground, whose underside the
    /// maxima do not describe.
    pub(super) fn of(terrain: &Terrain, view: &View, interrupted: Interrupted<'_>) -> Result<Self> {
        let large = terrain.columns * terrain.rows > FAR_CELLS_SAMPLES;
        if !large || view.camera.is_map() || terrain.is_above(view.camera.eye(), interrupted)? {
            return Ok(Self::Patches);
        }
        // A wall of the base, and the face of water, are met in a patch, and so is what shades them.
        let faces = view.scenery.base.is_some() || view.scenery.water.is_some();
        Ok(if !faces && is_far_everywhere(terrain, view) { Self::Far } else { Self::Mixed })
    }
}

fn is_far_everywhere(terrain: &Terrain, view: &View) -> bool {
    let [dx, dy] = terrain.spacing;
    let rays: Rays = view.camera.rays(view.size, [0.0; 2]);
    let half = [(terrain.columns - 1) as f64 * dx / 2.0, (terrain.rows - 1) as f64 * dy / 2.0];
    let eye = view.camera.eye();
    let forward = view.camera.axes().forward;
    let mut nearest = f64::INFINITY;
    for corner in 0..8_u32 {
        let side = |bit: usize| if corner >> bit & 1 == 0 { -half[bit] } else { half[bit] };
        let z = f64::from(terrain.range[(corner >> 2) as usize]) * terrain.exaggeration;
        nearest = nearest.min(dot(sub([side(0), side(1), z], eye), forward));
    }
    // A hundredth for the shader's rounding.
    let cell = 1.01 * f64::from(1_u32 << BASE_LEVEL) * dx.max(dy);
    nearest > 0.0 && cell <= length(rays.direction_dy) * nearest
}
