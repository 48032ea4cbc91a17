//! The uniform blocks of a picture, as `blocks::All` has them: each from the file that knows it.

use super::sun_map::SunMap;
use super::{
    DrapeLayer, Sheets, Terrain, colours, light, scenery, sky_view, strips, sun_disc, view,
};
use crate::error::{Error, Result};
use crate::gpu::shaders::blocks::{All, SunMap as SunMapBlock};
use crate::gpu::shaders::numbers;
use crate::scene::View;
use bytemuck::Zeroable;

/// Those for a view that is valid. Those of what a picture lacks are zero.
pub(super) fn blocks(
    terrain: &Terrain,
    view: &View,
    sun_map: Option<&SunMap>,
    drape: &DrapeLayer,
) -> Result<All> {
    let blocks = All {
        colours: colours::block(terrain, view),
        drape: drape.block(terrain),
        light: light::block(terrain, &view.light),
        sheets: terrain.sheets.as_ref().map_or_else(Zeroable::zeroed, Sheets::block),
        sky_view: sky_view::block(terrain.caches.sky_view.as_ref()),
        strips: strips::block(view.size[0]),
        sun_disc: sun_disc::block(&view.light, terrain.extent.spacing, terrain.extent.exaggeration),
        sun_map: sun_map.map_or_else(SunMapBlock::zeroed, SunMap::block),
        terrain: terrain.block(scenery::floor(terrain, view)?),
        view: view::block(terrain, view),
        // Those of layers and of things over the ground are zero: each part of a layer puts its own
        // in their place, and who looks for things has others.
        ..scenery::blocks(terrain, view)?
    };
    check(&blocks, terrain)?;
    Ok(blocks)
}

/// From here on the square of a slope may be beyond float32.
const STEEPEST: f64 = 1e18;

/// All that places and directions are computed from must be a number, below that which shaders have
/// for what never comes.
fn check(blocks: &All, terrain: &Terrain) -> Result<()> {
    let view = &blocks.view;
    let vectors = [
        view.origin,
        view.origin_dx,
        view.origin_dy,
        view.direction,
        view.direction_dx,
        view.direction_dy,
        blocks.light.to_sun,
        blocks.terrain.normal_scale,
    ];
    let [dx, dy] = terrain.extent.spacing;
    let [lowest, highest] = terrain.extent.range.map(f64::from);
    let steepest = terrain.extent.exaggeration.abs() * (highest - lowest) / dx.min(dy);
    if vectors.iter().flatten().all(|component| component.abs() < numbers::ray::NEVER)
        && steepest < STEEPEST
    {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "camera, spacing, heights and vert_exag must keep the view within float32; expected cells and heights of ordinary \
         sizes, got spacing ({dx}, {dy}), heights {lowest} to {highest} and vert_exag {}; use other units, or nodata=",
        terrain.extent.exaggeration
    )))
}
