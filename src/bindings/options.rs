//! The options of a picture, each by its name, as `vulkan_forge` lands them: the one table for
//! pictures in one call and for sessions.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{flag, real, text, whole};
use super::arrays::colormap;
use super::camera::camera;
use super::errors::invalid;
use super::scenery::{Change, drape};
use super::{labels, scenery, space};
use crate::scene::drape::Blend;
use crate::scene::view::SEEN_FROM;
use crate::scene::{Colormap, Detail, Normals, Scene};

/// The option called `name`; the value is checked as far as its type, its range by
/// `Scene::validate`.
pub(super) fn option(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Change> {
    let given = (!value.is_none()).then_some(value);
    /// A change that puts a value into its place.
    macro_rules! put {
        ($($place:ident).+ = $value:expr) => {{
            let value = $value;
            Box::new(move |scene: &mut Scene| scene.$($place).+ = value)
        }};
    }
    Ok(match name {
        "camera" => put!(camera = given.map(camera).transpose()?),
        "seen_from" => {
            put!(
                seen_from =
                    given.map(|azimuth| real(azimuth, "azimuth")).transpose()?.unwrap_or(SEEN_FROM)
            )
        }
        "colormap" => put!(colormap = colormap(value)?),
        "bad" => put!(bad = scenery::bad(given)?),
        "lit" => put!(light.lit = flag(value, name)?),
        "azimuth" => put!(light.azimuth_deg = real(value, name)?),
        "altitude" => put!(light.altitude_deg = real(value, name)?),
        "sun_radius" => put!(light.sun_radius_deg = real(value, name)?),
        "shadows" => put!(light.shadows = flag(value, name)?),
        "ambient" => put!(light.ambient = real(value, name)?),
        "ambient_occlusion" => put!(light.ambient_occlusion = flag(value, name)?),
        "radius" => {
            put!(light.occlusion_radius = given.map(|metres| real(metres, name)).transpose()?)
        }
        "exposure" => put!(light.exposure = real(value, name)?),
        "shading" => {
            put!(light.shading = Blend::parse(&text(value, name)?, name, &Blend::SHADINGS)?)
        }
        "samples" => put!(samples = whole(value, name, 1, 16)? as u32),
        "detail" => put!(detail = Detail::parse(&text(value, name)?)?),
        "normals" => put!(normals = Normals::parse(&text(value, name)?)?),
        "drape" => put!(drape = given.map(drape).transpose()?.map(Arc::new)),
        "things" => put!(things = space::things(given)?),
        "labels" => put!(labels = labels::layers(given)?),
        "keep_out" => put!(keep_out = labels::keep_out(given)?),
        _ => {
            return scenery::option(name, given)?.ok_or_else(|| {
                invalid(format!(
                    "an option of a picture must be known; got {name:?}; see help(render)"
                ))
            });
        }
    })
}

/// Options by their names, all at once.
pub(super) fn changes(options: Option<&Bound<'_, PyDict>>) -> PyResult<Change> {
    let mut changes = Vec::new();
    for (name, value) in options.into_iter().flatten() {
        changes.push(option(&name.extract::<String>()?, &value)?);
    }
    Ok(Box::new(move |scene| changes.into_iter().for_each(|change| change(scene))))
}

/// A scene of options by their names.
pub(super) fn scene(options: Option<&Bound<'_, PyDict>>) -> PyResult<Scene> {
    let mut scene = Scene::new(Colormap::named("viridis")?);
    changes(options)?(&mut scene);
    Ok(scene)
}

/// Refuses a value whose fields are not as they must be.
#[pyfunction]
pub(super) fn _check_option(name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let mut scene = self::scene(None)?;
    option(name, value)?(&mut scene);
    Ok(scene.scenery.validate()?)
}
