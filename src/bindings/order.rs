//! A DEM and the words of its picture, read for the engine.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{self, got, real};
use super::errors::invalid;
use super::source::Given;
use super::{layers, options};
use crate::render::{Engine, Ground, Layer};
use crate::scene::Scene;
use crate::scene::view::colour_range;

/// What to draw.
pub(super) struct Order {
    pub(super) ground: Ground,
    pub(super) scene: Scene,
    pub(super) layers: Vec<Arc<Layer>>,
    pub(super) size: [u32; 2],
}

/// Reads a DEM and what goes with it: size, spacing, vert_exag, vmin, vmax, layers and cut_at
/// (column and row of a part's first sample in the raster it is of) are words of their own, the
/// others are options of `options.rs`. The rest of the work is for a detached thread.
pub(super) fn order(
    heights: &Bound<'_, PyAny>,
    words: Option<&Bound<'_, PyDict>>,
) -> PyResult<impl FnOnce(&Engine, &dyn Fn() -> bool) -> crate::Result<Order> + Send> {
    let options = words.map_or_else(|| Ok(PyDict::new(heights.py())), |words| words.copy())?;
    let take = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
        let value = options.get_item(name)?;
        if value.is_some() {
            options.del_item(name)?;
        }
        Ok(value.filter(|value| !value.is_none()))
    };
    let given = |name: &str| {
        take(name)?
            .ok_or_else(|| invalid(format!("{name} must be given; got None; see help(render)")))
    };
    let size = arguments::size(&given("size")?)?;
    let spacing = arguments::spacing(take("spacing")?.as_ref())?;
    let exaggeration = real(&given("vert_exag")?, "vert_exag")?;
    let cut_at = take("cut_at")?.map(|place| place_in_raster(&place)).transpose()?;
    let end = |name: &str| take(name)?.map(|height| real(&height, name)).transpose();
    let ends = [end("vmin")?, end("vmax")?];
    let layers = layers::layers(take("layers")?.as_ref())?;
    let mut scene = options::scene(Some(&options))?;
    let dem = Given::read(heights, "dem")?;
    Ok(move |engine: &Engine, interrupted: &dyn Fn() -> bool| {
        let ground = dem.into_ground(engine, spacing, exaggeration, cut_at, interrupted)?;
        scene.range = colour_range(ends, ground.field().range())?;
        Ok(Order { ground, scene, layers, size })
    })
}

fn place_in_raster(value: &Bound<'_, PyAny>) -> PyResult<[i64; 2]> {
    value.extract().map_err(|_| {
        invalid(format!(
            "cut_at must be (column, row), two whole numbers; got {}; pass e.g. (0, 0)",
            got(value)
        ))
    })
}
