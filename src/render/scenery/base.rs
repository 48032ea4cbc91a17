//! The solid block under the ground, for `shaders/include/base.glsl`.

use crate::error::{Error, Result};
use crate::gpu::shaders::blocks;
use crate::render::Terrain;
use crate::scene::{Base, View, srgb};
use bytemuck::Zeroable;

pub(super) fn block(base: Option<&Base>) -> blocks::Base {
    base.map_or_else(Zeroable::zeroed, |base| blocks::Base {
        colour: srgb::decode_colour(base.colour),
    })
}

/// Height of its floor in the DEM's own heights, if a view has it.
pub(in crate::render) fn floor(terrain: &Terrain, view: &View) -> Result<Option<f64>> {
    let Some(base) = &view.scenery.base else { return Ok(None) };
    let [width, height] = terrain.extent.sides();
    let floor = base.floor(
        terrain.extent.range.map(f64::from),
        width.max(height) / terrain.extent.exaggeration,
    );
    // As the shader has it.
    let relative = (floor - f64::from(terrain.extent.reference_height)) as f32;
    if relative.is_finite() && relative < terrain.extent.range[0] - terrain.extent.reference_height
    {
        return Ok(Some(floor));
    }
    Err(Error::invalid(format!(
        "depth of a base must put its floor below the DEM's least height, as float32; expected more than a few units in the last \
         place of {}, got a floor at {floor}; pass a greater depth",
        terrain.extent.range[0]
    )))
}
