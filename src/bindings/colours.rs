//! Colours: numbers, hex, or names that Python knows.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::arguments::{real, reals};
use super::arrays::colormap;
use crate::render::Landmarks;
use crate::scene::Colormap;
use crate::scene::colour::Rgb;
use crate::scene::view::colour_range;

/// sRGB with straight alpha of four numbers, of three (opaque), of "#rrggbb" and the like, or of a name.
pub(super) fn rgba(value: &Bound<'_, PyAny>, name: &str) -> PyResult<[f32; 4]> {
    let numbers = if value.is_instance_of::<PyString>() {
        let parse = value.py().import("vulkan_forge._colours")?.getattr("parse_colour")?;
        reals::<4>(&parse.call1((value, name))?, name, "(red, green, blue, alpha)")?
    } else if value.len().is_ok_and(|len| len == 3) {
        let [red, green, blue] = reals::<3>(value, name, "(red, green, blue)")?;
        [red, green, blue, 1.0]
    } else {
        reals::<4>(value, name, "(red, green, blue, alpha)")?
    };
    Ok(numbers.map(|channel| channel as f32))
}

/// An opaque colour; an alpha that says otherwise is refused.
pub(super) fn rgb(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Rgb> {
    let [red, green, blue, alpha] = rgba(value, name)?;
    if alpha == 1.0 {
        return Ok([red, green, blue]);
    }
    Err(super::errors::invalid(format!(
        "{name} must be opaque; expected (red, green, blue), got {}; leave its alpha out",
        super::arguments::got(value)
    )))
}

/// The colour of holes; None, or a colour that is fully transparent: one sees through them.
pub(super) fn bad(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<[f32; 4]>> {
    let colour = value.map(|value| rgba(value, "bad")).transpose()?;
    Ok(colour.filter(|colour| colour[3] != 0.0))
}

/// A colour map with the heights of its two ends, from what `render` takes, for a terrain that is known by its landmarks.
pub(super) fn colour_scale(
    cmap: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
    known: Landmarks,
) -> PyResult<(Colormap, Option<[f32; 2]>)> {
    let py = cmap.py();
    let pairs = (
        known.range.map(|[low, high]| (low, high)),
        known.robust.map(|[low, high]| (low, high)),
        known.least_positive,
    );
    let heights = py.import("vulkan_forge._heights")?.getattr("Landmarks")?.call1(pairs)?;
    let scale = py.import("vulkan_forge._colour_scale")?.getattr("colour_scale")?;
    let (map, low, high): (Bound<'_, PyAny>, Option<Bound<'_, PyAny>>, Option<Bound<'_, PyAny>>) =
        scale.call((cmap, heights), options)?.extract()?;
    let ends = [low.map(|v| real(&v, "vmin")).transpose()?, high.map(|v| real(&v, "vmax")).transpose()?];
    Ok((colormap(&map)?, colour_range(ends, known.range)?))
}
