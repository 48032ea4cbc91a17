//! What `vulkan_forge.render` keeps between calls.

use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};

use super::arguments::{flag, real, reals, size, text, whole};
use super::arrays::{Raster, colormap};
use super::camera::PyCamera;
use super::devices::request;
use super::errors::{detached, detached_interruptible, invalid};
use super::image::PyImage;
use crate::gpu::Workshop;
use crate::render::{Aov, Engine, Terrain, fitting_camera};
use crate::scene::{Light, View};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// What `vulkan_forge.render` keeps between calls: one device with its pipelines. Internal.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Engine")]
pub(super) struct PyEngine(Mutex<Engine>);

#[pymethods]
impl PyEngine {
    #[new]
    #[pyo3(signature = (*, device=None, prefer_software=None), text_signature = "(*, device=None, prefer_software=False)")]
    fn new(
        py: Python<'_>,
        device: Option<Arg<'_, '_>>,
        prefer_software: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let request = request(device, prefer_software)?;
        Ok(Self(Mutex::new(detached(py, || Engine::new(&request))?)))
    }

    /// Uploads, draws, forgets the terrain.
    #[pyo3(signature = (heights, *, size, camera, spacing, vert_exag, colormap, vmin, vmax, lit, azimuth, altitude,
                        shadows, ambient, exposure, background, samples, aovs, geography=None))]
    #[allow(clippy::too_many_arguments)] // the API's own list
    fn render(
        &self,
        py: Python<'_>,
        heights: Arg<'_, '_>,
        size: Arg<'_, '_>,
        camera: Option<Arg<'_, '_>>,
        spacing: Arg<'_, '_>,
        vert_exag: Arg<'_, '_>,
        colormap: Arg<'_, '_>,
        vmin: Option<Arg<'_, '_>>,
        vmax: Option<Arg<'_, '_>>,
        lit: Arg<'_, '_>,
        azimuth: Arg<'_, '_>,
        altitude: Arg<'_, '_>,
        shadows: Arg<'_, '_>,
        ambient: Arg<'_, '_>,
        exposure: Arg<'_, '_>,
        background: Arg<'_, '_>,
        samples: Arg<'_, '_>,
        aovs: Arg<'_, '_>,
        geography: Option<Py<PyAny>>,
    ) -> PyResult<PyImage> {
        let light = Light {
            azimuth_deg: real(azimuth, "azimuth")?,
            altitude_deg: real(altitude, "altitude")?,
            ambient: real(ambient, "ambient")?,
            exposure: real(exposure, "exposure")?,
            shadows: flag(shadows, "shadows")?,
            lit: flag(lit, "lit")?,
        };
        let spacing = super::arguments::spacing(Some(spacing))?;
        let exaggeration = real(vert_exag, "vert_exag")?;
        let size = self::size(size)?;
        let colormap = self::colormap(colormap)?;
        let ends = [vmin.map(|v| real(v, "vmin")).transpose()?, vmax.map(|v| real(v, "vmax")).transpose()?];
        let camera = camera.map(self::camera).transpose()?;
        let background = self::background(background)?;
        let samples = whole(samples, "samples", 1, 16)? as u32;
        let wanted = self::aovs(aovs)?;
        let raster = Raster::read(heights, "dem")?;
        let (frame, values, view, footprint) = detached_interruptible(py, |interrupted| {
            let field = raster.into_field(spacing, exaggeration)?;
            let footprint = [field.columns() as f64 * spacing[0], field.rows() as f64 * spacing[1]];
            let camera = camera.map_or_else(|| fitting_camera(&field), Ok)?;
            let range = match ends {
                [None, None] => None,
                [low, high] => {
                    let own = field.range().unwrap_or([0.0, 1.0]);
                    Some([low.map_or(own[0], |v| v as f32), high.map_or(own[1], |v| v as f32)])
                }
            };
            let view = View { size, camera, colormap, range, light, background, samples };
            // Before anything is uploaded.
            view.validate()?;
            let engine = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let terrain = Terrain::new(&engine, &field, interrupted)?;
            drop(field);
            let mut frame = engine.draw(&terrain, &view, interrupted)?;
            frame.metrics.bytes_uploaded += terrain.bytes_uploaded();
            frame.metrics.total_ms += terrain.upload_ms();
            let values = engine.aovs(&terrain, &view, &wanted, interrupted)?;
            Ok((frame, values, view, footprint))
        })?;
        PyImage::new(py, frame, values, &view, footprint, geography)
    }
}

impl PyEngine {
    /// Runs `work` with the engine's workshop to itself: call it detached.
    pub(super) fn with_workshop<T>(
        &self,
        work: impl FnOnce(&Workshop) -> crate::Result<T>,
    ) -> crate::Result<T> {
        work(self.0.lock().unwrap_or_else(PoisonError::into_inner).workshop())
    }
}

/// A Camera.
pub(super) fn camera(value: Arg<'_, '_>) -> PyResult<crate::scene::Camera> {
    value.cast::<PyCamera>().map(|camera| camera.get().0).map_err(|_| {
        invalid(format!(
            "camera must be a Camera; got {}; make one with Camera.look_at, orbit, fit or map",
            super::arguments::got(value)
        ))
    })
}

/// sRGB with straight alpha.
pub(super) fn background(value: Arg<'_, '_>) -> PyResult<[f32; 4]> {
    Ok(reals::<4>(value, "background", "(red, green, blue, alpha)")?.map(|channel| channel as f32))
}

/// Names of AOVs, each once.
pub(super) fn aovs(value: Arg<'_, '_>) -> PyResult<Vec<Aov>> {
    let wrong = || {
        invalid(format!(
            "aovs must be a sequence of names; got {}; pass e.g. aovs=(\"depth\",)",
            super::arguments::got(value)
        ))
    };
    if value.is_instance_of::<pyo3::types::PyString>() {
        return Err(wrong());
    }
    let mut wanted = Vec::new();
    for name in value.try_iter().map_err(|_| wrong())? {
        let aov = Aov::parse(&text(&name?, "aovs")?)?;
        if !wanted.contains(&aov) {
            wanted.push(aov);
        }
    }
    Ok(wanted)
}
