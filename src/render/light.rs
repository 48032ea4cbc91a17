//! Light and the ways to find shadows, for `shaders/include/sun.glsl`.

use super::sun_map::SunMap;
use super::tiles::Share;
use super::{Terrain, view};
use crate::gpu::shaders::blocks;
use crate::gpu::shaders::kinds::Shadows;
use crate::scene::{Light, View};

pub(super) fn block(terrain: &Terrain, light: &Light) -> blocks::Light {
    let to_sun = light.to_sun();
    blocks::Light {
        to_sun: view::to_grid(terrain, to_sun).map(|part| part as f32),
        to_sun_world: if light.is_up() { to_sun.map(|part| part as f32) } else { [0.0; 3] },
        ambient: light.ambient as f32,
        exposure: light.exposure as f32,
    }
}

/// How shadows are found, with a map of the sun or without.
pub(super) fn shadows(view: &View, share: Share, map: Option<&SunMap>) -> Shadows {
    match map {
        _ if !view.light.casts_shadows() => Shadows::None,
        None => Shadows::Walked,
        Some(map) if map.level == 0 => Shadows::Sampled,
        Some(_) if share == Share::Near => Shadows::Mixed,
        Some(_) => Shadows::Mapped,
    }
}

/// The same where no far cell is met, which are all that a map of the sun knows beside the ground's
/// samples.
pub(super) fn shadows_of_patches(shadows: Shadows) -> Shadows {
    match shadows {
        Shadows::Mapped | Shadows::Mixed | Shadows::Sampled => Shadows::Walked,
        other => other,
    }
}
