//! Haze, for `shaders/include/air.glsl`.

use crate::gpu::shaders::{blocks, kinds};
use crate::render::{Terrain, view};
use crate::scene::scenery::KOSCHMIEDER;
use crate::scene::{View, srgb};
use bytemuck::Zeroable;

/// Optical depth of haze towards the zenith, as a multiple of that of a visibility, where it does
/// not thin out with height. A sky needs an end to it: haze two kilometres deep under a visibility
/// of a hundred.
const DEEP: f64 = 0.02;
/// Colour of haze where nothing gives it one, sRGB.
const COLOUR: [f32; 3] = [0.78, 0.84, 0.90];

/// How a view has it.
pub(super) fn kind(view: &View) -> kinds::Haze {
    match view.scenery.haze {
        None => kinds::Haze::None,
        Some(_) if !view.camera.is_map() => kinds::Haze::AlongRay,
        Some(haze) if haze.height_m.is_some() => kinds::Haze::FromAbove,
        Some(_) => kinds::Haze::None,
    }
}

pub(super) fn block(terrain: &Terrain, view: &View) -> blocks::Haze {
    let Some(haze) = view.scenery.haze else { return Zeroable::zeroed() };
    let backdrop =
        Some(view.background).filter(|rgba| rgba[3] == 1.0).map(|[r, g, b, _]| [r, g, b]);
    let colour = haze.colour.or(view.scenery.sky.map(|sky| sky.horizon)).or(backdrop);
    let visibility = haze.visibility(view::farthest(terrain, view));
    let upwards =
        haze.height_m.map_or(DEEP * visibility, |height| height * terrain.extent.exaggeration);
    blocks::Haze {
        colour: srgb::decode_colour(colour.unwrap_or(COLOUR)),
        extinction: (KOSCHMIEDER / visibility) as f32,
        thinning: haze.height_m.map_or(0.0, |height| 1.0 / height) as f32,
        level: (f64::from(terrain.extent.range[0]) - f64::from(terrain.extent.reference_height))
            as f32,
        upwards: (KOSCHMIEDER / visibility * upwards) as f32,
    }
}
