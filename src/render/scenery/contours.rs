//! Contour lines, for `shaders/include/contours.glsl`.

use crate::error::Result;
use crate::gpu::shaders::{blocks, kinds};
use crate::render::Terrain;
use crate::scene::{View, srgb};
use bytemuck::Zeroable;

/// Which lines a view has.
pub(super) fn kind(view: &View) -> kinds::Contours {
    match view.scenery.contours.map(|contours| contours.index) {
        None => kinds::Contours::None,
        Some(0) => kinds::Contours::Plain,
        Some(_) => kinds::Contours::Index,
    }
}

pub(super) fn block(terrain: &Terrain, view: &View) -> Result<blocks::Contours> {
    let Some(contours) = view.scenery.contours else { return Ok(Zeroable::zeroed()) };
    let interval = contours.interval(terrain.extent.range.map(f64::from))?;
    let with_reciprocal =
        |step: f64| [step, 1.0 / step].map(|number| (number as f32).min(f32::MAX));
    // Several samples of a pixel do a part of the filtering.
    let filter = (1.0 / (view.samples as f32).sqrt()).max(0.5);
    let [red, green, blue, alpha] = contours.colour;
    let [red, green, blue] = srgb::decode_colour([red, green, blue]);
    Ok(blocks::Contours {
        interval: with_reciprocal(interval),
        index: with_reciprocal(interval * f64::from(contours.index.max(1))),
        base: contours.base_m as f32,
        width: (contours.width_px / 2.0) as f32,
        filter_half: filter / 2.0,
        filter_share: 1.0 / filter,
        least: (1e-12 * interval * interval) as f32,
        colour: [red, green, blue, alpha],
    })
}
