//! Water, for `shaders/include/water.glsl`.

use crate::gpu::shaders::{blocks, kinds};
use crate::render::Terrain;
use crate::scene::scenery::KOSCHMIEDER;
use crate::scene::water::Where;
use crate::scene::{View, Water, srgb};
use bytemuck::Zeroable;

/// Where a view has it.
pub(in crate::render) fn kind(view: &View) -> kinds::Water {
    match view.scenery.water.as_ref().map(|water| &water.place) {
        None => kinds::Water::None,
        Some(Where::Level(_)) => kinds::Water::Level,
        Some(Where::Mask(_)) => kinds::Water::Mask,
    }
}

pub(super) fn block(terrain: &Terrain, water: Option<&Water>) -> blocks::Water {
    let Some(water) = water else { return Zeroable::zeroed() };
    let clarity = water.clarity(f64::from(terrain.extent.range[0]));
    blocks::Water {
        level: level(terrain, water),
        path: (1.0 / terrain.extent.exaggeration) as f32,
        extinction: ((KOSCHMIEDER / clarity) as f32).min(f32::MAX),
        glint: water.glint as f32,
        colour: srgb::decode_colour(water.colour),
    }
}

/// The height of its surface, relative to the reference height; what a mask has is not at a level.
pub(in crate::render) fn level(terrain: &Terrain, water: &Water) -> f32 {
    let level = if let Where::Level(level) = water.place { level } else { 0.0 };
    (level - f64::from(terrain.extent.reference_height)) as f32
}
