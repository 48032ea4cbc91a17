//! What lies on, in, before and behind the ground, as the shaders take it: `scenery` of a view as numbers.

use super::Terrain;
use crate::error::{Error, Result};
use crate::gpu::shaders::kinds;
use crate::scene::haze::KOSCHMIEDER;
use crate::scene::vector::{length, sub};
use crate::scene::{Base, View, srgb, water};

/// Optical depth of haze towards the zenith, as a multiple of that of a visibility, where it does not thin out with height. A sky
/// needs an end to it: haze two kilometres deep under a visibility of a hundred.
const DEEP: f64 = 0.02;
/// Colour of haze where nothing gives it one, sRGB.
const HAZE_COLOUR: [f32; 3] = [0.78, 0.84, 0.90];

/// Members of the View block that only scenery needs, of the same names.
#[derive(Default)]
pub(super) struct Numbers {
    /// The DEM's range; with a base from its floor.
    pub heights: [f64; 2],
    pub base_colour: [f32; 3],
    pub water_level: f32,
    pub water_path: f32,
    pub water_extinction: f32,
    pub water_glint: f32,
    pub water_colour: [f32; 3],
    pub haze_colour: [f32; 3],
    pub haze_extinction: f32,
    pub haze_thinning: f32,
    pub haze_level: f32,
    pub haze_upwards: f32,
    pub contour_interval: [f32; 2],
    pub contour_index: [f32; 2],
    pub contour_base: f32,
    pub contour_width: f32,
    pub contour_filter: f32,
    pub contour_filter_share: f32,
    pub contour_least: f32,
    pub contour_colour: [f32; 4],
    pub sky_zenith: [f32; 3],
    pub sky_horizon: [f32; 3],
    pub sky_below: [f32; 3],
}

/// Where a view has water.
pub(super) fn water(view: &View) -> kinds::Water {
    match view.scenery.water.as_ref().map(|water| &water.place) {
        None => kinds::Water::None,
        Some(water::Where::Level(_)) => kinds::Water::Level,
        Some(water::Where::Mask(_)) => kinds::Water::Mask,
    }
}

/// How a view has haze.
pub(super) fn haze(view: &View) -> kinds::Haze {
    match view.scenery.haze {
        None => kinds::Haze::None,
        Some(_) if !view.camera.is_map() => kinds::Haze::AlongRay,
        Some(haze) if haze.height_m.is_some() => kinds::Haze::FromAbove,
        Some(_) => kinds::Haze::None,
    }
}

/// Which contour lines a view has.
pub(super) fn contours(view: &View) -> kinds::Contours {
    match view.scenery.contours.map(|contours| contours.index) {
        None => kinds::Contours::None,
        Some(0) => kinds::Contours::Plain,
        Some(_) => kinds::Contours::Index,
    }
}

impl Numbers {
    pub(super) fn new(terrain: &Terrain, view: &View) -> Result<Self> {
        let range = terrain.range.map(f64::from);
        let reference = f64::from(terrain.reference_height);
        let mut numbers = Self { heights: range, ..Self::default() };
        let scenery = &view.scenery;
        if let Some(base) = scenery.base {
            numbers.heights[0] = floor(&base, terrain)?;
            numbers.base_colour = linear(base.colour);
        }
        if let Some(water) = &scenery.water {
            let level = if let water::Where::Level(level) = water.place { level } else { 0.0 };
            numbers.water_level = (level - reference) as f32;
            numbers.water_path = (1.0 / terrain.exaggeration) as f32;
            numbers.water_extinction = ((KOSCHMIEDER / water.clarity(range[0])) as f32).min(f32::MAX);
            numbers.water_glint = water.glint as f32;
            numbers.water_colour = linear(water.colour);
        }
        if let Some(haze) = scenery.haze {
            let backdrop = Some(view.background).filter(|rgba| rgba[3] == 1.0).map(|[r, g, b, _]| [r, g, b]);
            let colour = haze.colour.or(scenery.sky.map(|sky| sky.horizon)).or(backdrop);
            numbers.haze_colour = linear(colour.unwrap_or(HAZE_COLOUR));
            let visibility = haze.visibility(farthest(terrain, view));
            let upwards = haze.height_m.map_or(DEEP * visibility, |height| height * terrain.exaggeration);
            numbers.haze_extinction = (KOSCHMIEDER / visibility) as f32;
            numbers.haze_thinning = haze.height_m.map_or(0.0, |height| 1.0 / height) as f32;
            numbers.haze_level = (range[0] - reference) as f32;
            numbers.haze_upwards = (KOSCHMIEDER / visibility * upwards) as f32;
        }
        if let Some(contours) = scenery.contours {
            let interval = contours.interval(range)?;
            let with_reciprocal = |step: f64| [step, 1.0 / step].map(|number| (number as f32).min(f32::MAX));
            numbers.contour_interval = with_reciprocal(interval);
            numbers.contour_index = with_reciprocal(interval * f64::from(contours.index.max(1)));
            numbers.contour_least = (1e-12 * interval * interval) as f32;
            numbers.contour_base = contours.base_m as f32;
            numbers.contour_width = (contours.width_px / 2.0) as f32;
            // Several samples of a pixel do a part of the filtering.
            let filter = (1.0 / (view.samples as f32).sqrt()).max(0.5);
            numbers.contour_filter = filter / 2.0;
            numbers.contour_filter_share = 1.0 / filter;
            let [red, green, blue, alpha] = contours.colour;
            let [red, green, blue] = linear([red, green, blue]);
            numbers.contour_colour = [red, green, blue, alpha];
        }
        if let Some(sky) = scenery.sky {
            numbers.sky_zenith = linear(sky.zenith);
            numbers.sky_horizon = linear(sky.horizon);
            numbers.sky_below = linear(sky.below);
        }
        Ok(numbers)
    }
}

fn linear(colour: [f32; 3]) -> [f32; 3] {
    colour.map(|channel| srgb::decode_unit(channel.into()) as f32)
}

/// (W − 1)·dx and (H − 1)·dy: from the first sample to the last.
fn sides(terrain: &Terrain) -> [f64; 2] {
    [(terrain.columns - 1) as f64 * terrain.spacing[0], (terrain.rows - 1) as f64 * terrain.spacing[1]]
}

fn floor(base: &Base, terrain: &Terrain) -> Result<f64> {
    let [width, height] = sides(terrain);
    let floor = base.floor(terrain.range.map(f64::from), width.max(height) / terrain.exaggeration);
    // As the shader has it.
    let relative = (floor - f64::from(terrain.reference_height)) as f32;
    if relative.is_finite() && relative < terrain.range[0] - terrain.reference_height {
        return Ok(floor);
    }
    Err(Error::invalid(format!(
        "depth of a base must put its floor below the DEM's least height, as float32; expected more than a few units in the last \
         place of {}, got a floor at {floor}; pass a greater depth",
        terrain.range[0]
    )))
}

/// Metres from the eye to the farthest corner of the DEM's box.
fn farthest(terrain: &Terrain, view: &View) -> f64 {
    let [x, y] = sides(terrain).map(|side| side / 2.0);
    let eye = if view.camera.is_map() { [0.0; 3] } else { view.camera.eye() };
    let mut most = 0.0_f64;
    for corner in 0..8_u32 {
        let sign = |bit: u32| if corner >> bit & 1 == 0 { -1.0 } else { 1.0 };
        let z = f64::from(terrain.range[(corner >> 2 & 1) as usize % 2]) * terrain.exaggeration;
        most = most.max(length(sub([sign(0) * x, sign(1) * y, z], eye)));
    }
    most
}
