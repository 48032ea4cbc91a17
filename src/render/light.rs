//! Light and the ways to find shadows, for `shaders/include/sun.glsl`.

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

/// How shadows are found; `mapped` if there is a map of the sun.
pub(super) fn shadows(view: &View, share: Share, mapped: bool) -> Shadows {
    match share {
        _ if !view.light.casts_shadows() => Shadows::None,
        _ if !mapped => Shadows::Walked,
        Share::Near => Shadows::Mixed,
        Share::Far => Shadows::Mapped,
    }
}

/// The same where no far cell is met, which are all that the sun's map knows.
pub(super) fn shadows_of_patches(shadows: Shadows) -> Shadows {
    match shadows {
        Shadows::Mapped | Shadows::Mixed => Shadows::Walked,
        other => other,
    }
}
