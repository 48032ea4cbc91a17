//! Base, water, haze, contours and background, out of the values that `vulkan_forge` lands them as:
//! each an object with the attributes read here. A colour is three or four numbers by now.

use std::sync::Arc;

use numpy::{PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;

use super::arguments::{got, real, reals, text, whole};
use super::arrays::Pixels;
use super::errors::invalid;
use crate::error::try_vec;
use crate::scene::colour::Rgb;
use crate::scene::drape::Blend;
use crate::scene::water::{Mask, Where};
use crate::scene::{Base, Contours, Drape, Haze, Scene, Sky, Water};

/// What an option does to a scene.
pub(super) type Change = Box<dyn FnOnce(&mut Scene) + Send>;

type Value<'a, 'py> = &'a Bound<'py, PyAny>;

/// The option called `name`, where it is one of these; None in `value` where it is not wanted.
pub(super) fn option(name: &str, value: Option<Value<'_, '_>>) -> PyResult<Option<Change>> {
    /// A change that puts a value into its place.
    macro_rules! put {
        ($place:ident = $value:expr) => {{
            let value = $value;
            Box::new(move |scene| scene.scenery.$place = value)
        }};
    }
    Ok(Some(match name {
        "base" => put!(base = value.map(base).transpose()?),
        "water" => put!(water = value.map(water).transpose()?),
        "haze" => put!(haze = value.map(haze).transpose()?),
        "contours" => put!(contours = value.map(contours).transpose()?),
        "background" => {
            let (background, sky) = background(value)?;
            Box::new(move |scene| (scene.background, scene.scenery.sky) = (background, sky))
        }
        _ => return Ok(None),
    }))
}

fn base(value: Value<'_, '_>) -> PyResult<Base> {
    Ok(Base { depth_m: optional(value, "depth")?, colour: rgb(value, "colour")? })
}

fn contours(value: Value<'_, '_>) -> PyResult<Contours> {
    Ok(Contours {
        interval_m: optional(value, "interval")?,
        index: whole(&value.getattr("index")?, "index", 0, 1000)? as u32,
        width_px: real(&value.getattr("width")?, "width")?,
        colour: rgba(&value.getattr("colour")?, "colour")?,
        base_m: real(&value.getattr("base")?, "base")?,
    })
}

fn haze(value: Value<'_, '_>) -> PyResult<Haze> {
    let colour = value.getattr("colour")?;
    Ok(Haze {
        visibility_m: optional(value, "visibility")?,
        height_m: optional(value, "height")?,
        colour: if colour.is_none() { None } else { Some(rgb(value, "colour")?) },
    })
}

/// `level`, or `samples`, (H, W) bool.
fn water(value: Value<'_, '_>) -> PyResult<Water> {
    let place = match optional(value, "level")? {
        Some(level) => Where::Level(level),
        None => Where::Mask(Arc::new(mask(&value.getattr("samples")?)?)),
    };
    Ok(Water {
        place,
        colour: rgb(value, "colour")?,
        clarity_m: optional(value, "clarity")?,
        glint: real(&value.getattr("glint")?, "glint")?,
    })
}

fn mask(samples: Value<'_, '_>) -> PyResult<Mask> {
    let array = samples.cast::<PyArrayDyn<bool>>().map_err(PyErr::from)?;
    let &[rows, columns] = array.shape() else {
        return Err(invalid(format!(
            "water mask must have shape (H, W); got {:?}; reshape it",
            array.shape()
        )));
    };
    let borrowed = array.try_readonly().map_err(|refusal| {
        invalid(format!("water mask must not be in use elsewhere; got: {refusal}; pass a copy"))
    })?;
    let mut wet = try_vec(rows * columns, "the water mask")?;
    wet.extend(borrowed.as_array().iter().map(|wet| f32::from(u8::from(*wet))));
    Ok(Mask { samples: wet, columns, rows })
}

/// A sky (`zenith`, `horizon`, `below`) before white, or a colour.
fn background(value: Option<Value<'_, '_>>) -> PyResult<([f32; 4], Option<Sky>)> {
    const WHITE: [f32; 4] = [1.0; 4];
    let Some(value) = value else {
        return Err(invalid(
            "background must be a colour or a Sky; got None; pass e.g. \"transparent\"",
        ));
    };
    if !value.hasattr("zenith")? {
        return Ok((rgba(value, "background")?, None));
    }
    let sky = Sky {
        zenith: rgb(value, "zenith")?,
        horizon: rgb(value, "horizon")?,
        below: rgb(value, "below")?,
    };
    Ok((WHITE, Some(sky)))
}

/// A drape as `vulkan_forge._drape` has it: image (H, W, 4) uint8, bounds in world metres or None,
/// opacity, blend.
pub(super) fn drape(value: Value<'_, '_>) -> PyResult<Drape> {
    let pixels = Pixels::read(&value.getattr("image")?, "drape")?;
    let bounds = value.getattr("bounds")?;
    let bounds = if bounds.is_none() {
        None
    } else {
        Some(reals::<4>(&bounds, "drape bounds", "(west, south, east, north)")?)
    };
    let blend = Blend::parse(&text(&value.getattr("blend")?, "blend")?, "blend", &Blend::ALL)?;
    let opacity = real(&value.getattr("opacity")?, "opacity")?;
    Ok(Drape::new(&pixels.bytes, [pixels.width, pixels.height], bounds, opacity, blend)?)
}

/// The colour of holes; None, or a colour that is fully transparent: one sees through them.
pub(super) fn bad(value: Option<Value<'_, '_>>) -> PyResult<Option<[f32; 4]>> {
    let colour = value.map(|value| rgba(value, "bad")).transpose()?;
    Ok(colour.filter(|colour| colour[3] != 0.0))
}

/// A number, or None.
fn optional(value: Value<'_, '_>, field: &str) -> PyResult<Option<f64>> {
    let number = value.getattr(field)?;
    if number.is_none() { Ok(None) } else { real(&number, field).map(Some) }
}

/// sRGB with straight alpha of four numbers, or of three (opaque).
fn rgba(value: Value<'_, '_>, name: &str) -> PyResult<[f32; 4]> {
    let numbers = if value.len().is_ok_and(|len| len == 3) {
        let [red, green, blue] = reals::<3>(value, name, "(red, green, blue)")?;
        [red, green, blue, 1.0]
    } else {
        reals::<4>(value, name, "(red, green, blue, alpha)")?
    };
    Ok(numbers.map(|channel| channel as f32))
}

/// An opaque colour; an alpha that says otherwise is refused.
fn rgb(value: Value<'_, '_>, field: &str) -> PyResult<Rgb> {
    let value = value.getattr(field)?;
    let [red, green, blue, alpha] = rgba(&value, field)?;
    if alpha == 1.0 {
        return Ok([red, green, blue]);
    }
    Err(invalid(format!(
        "{field} must be opaque; expected (red, green, blue), got {}; leave its alpha out",
        got(&value)
    )))
}
