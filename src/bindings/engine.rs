//! What `vulkan_forge.render` keeps between calls.

use pyo3::prelude::*;

use super::arguments::{flag, real, reals, size, text, whole};
use super::arrays::{Pixels, Raster, colormap};
use super::camera::PyCamera;
use super::devices::request;
use super::errors::{detached, detached_interruptible, invalid};
use super::image::PyImage;
use crate::gpu::Workshop;
use crate::render::{Aov, DrapeLayer, Drawing, Engine, Terrain};
use crate::scene::drape::Blend;
use crate::scene::view::check_size;
use crate::scene::{Drape, Light, Scenery, View, Viewpoint, Water};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// What `vulkan_forge.render` keeps between calls: one device with its pipelines. Internal.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Engine")]
pub(super) struct PyEngine(Engine);

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
        Ok(Self(detached(py, || Engine::new(&request))?))
    }

    /// Uploads, draws, forgets the terrain.
    #[pyo3(signature = (heights, *, size, camera, spacing, vert_exag, colormap, vmin, vmax, lit, azimuth, altitude,
                        shadows, ambient, exposure, background, samples, aovs, drape, shading,
                        sun_radius, ambient_occlusion, radius, bad=None, base=None, water=None, haze=None, contours=None,
                        geography=None))]
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
        drape: Option<Arg<'_, '_>>,
        shading: Arg<'_, '_>,
        sun_radius: Arg<'_, '_>,
        ambient_occlusion: Arg<'_, '_>,
        radius: Option<Arg<'_, '_>>,
        bad: Option<Arg<'_, '_>>,
        base: Option<Arg<'_, '_>>,
        water: Option<Arg<'_, '_>>,
        haze: Option<Arg<'_, '_>>,
        contours: Option<Arg<'_, '_>>,
        geography: Option<Py<PyAny>>,
    ) -> PyResult<PyImage> {
        let light = Light {
            azimuth_deg: real(azimuth, "azimuth")?,
            altitude_deg: real(altitude, "altitude")?,
            sun_radius_deg: real(sun_radius, "sun_radius")?,
            ambient: real(ambient, "ambient")?,
            ambient_occlusion: flag(ambient_occlusion, "ambient_occlusion")?,
            occlusion_radius: radius.map(|metres| real(metres, "radius")).transpose()?,
            exposure: real(exposure, "exposure")?,
            shadows: flag(shadows, "shadows")?,
            lit: flag(lit, "lit")?,
            shading: Blend::parse(&text(shading, "shading")?, "shading", &Blend::SHADINGS)?,
        };
        let spacing = super::arguments::spacing(Some(spacing))?;
        let exaggeration = real(vert_exag, "vert_exag")?;
        let size = self::size(size)?;
        let colormap = self::colormap(colormap)?;
        let ends = [vmin.map(|v| real(v, "vmin")).transpose()?, vmax.map(|v| real(v, "vmax")).transpose()?];
        let camera = camera.map(self::camera).transpose()?;
        let (background, sky) = super::scenery::background(background)?;
        let samples = whole(samples, "samples", 1, 16)? as u32;
        let wanted = self::aovs(aovs)?;
        let drape = drape.map(self::drape).transpose()?;
        let bad = super::colours::bad(bad)?;
        let scenery = Scenery {
            base: super::scenery::base(base)?,
            water: super::water::water(water)?,
            haze: super::scenery::haze(haze)?,
            contours: super::scenery::contours(contours)?,
            sky,
        };
        let raster = Raster::read(heights, "dem")?;
        let drawing = detached_interruptible(py, |interrupted| {
            let mut field = raster.into_field(spacing, exaggeration)?;
            let footprint = [field.columns() as f64 * spacing[0], field.rows() as f64 * spacing[1]];
            check_size(size)?;
            scenery.validate()?;
            let viewpoint = camera.map_or_else(|| Viewpoint::of(&field), Ok)?;
            let camera = viewpoint.camera(&field, size, &scenery, bad.is_some())?;
            let range = colour_range(ends, field.range())?;
            let view = View { size, camera, colormap, range, bad, light, background, samples, scenery };
            // Before anything is uploaded.
            view.validate()?;
            let engine = &self.0;
            engine.device().check()?;
            if bad.is_some() && field.has_holes() {
                field = field.with_painted_holes()?;
            }
            let mut terrain = Terrain::new(engine, &mut field, light.has_occlusion(), interrupted)?;
            let sky_ms = terrain.see_sky(engine, &field, &light, interrupted)?;
            terrain.set_water_mask(engine, view.scenery.water.as_ref().and_then(Water::mask), interrupted)?;
            drop(field);
            let layer = drape.map(|drape| DrapeLayer::new(engine, &drape, interrupted)).transpose()?;
            let mut frame = engine.draw(&terrain, &view, layer.as_ref(), true, interrupted)?;
            frame.metrics.bytes_uploaded += layer.as_ref().map_or(0, DrapeLayer::bytes_uploaded);
            frame.metrics.bytes_uploaded += terrain.bytes_uploaded();
            frame.metrics.total_ms += terrain.upload_ms() + sky_ms;
            let aovs = engine.aovs(&terrain, &view, &wanted, interrupted)?;
            Ok(Drawing { frame, aovs, view, footprint })
        })?;
        PyImage::of(py, drawing, geography)
    }
}

impl PyEngine {
    /// Runs `work` with the engine's workshop to itself: call it detached.
    pub(super) fn with_workshop<T>(
        &self,
        work: impl FnOnce(&Workshop) -> crate::Result<T>,
    ) -> crate::Result<T> {
        self.0.device().check()?;
        work(self.0.workshop())
    }
}

/// vmin and vmax as one range. An end left out is the DEM's own; where that is the other end too (a flat DEM), or where all
/// is hole, one colour is all there is.
pub(super) fn colour_range(ends: [Option<f64>; 2], own: Option<[f32; 2]>) -> crate::Result<Option<[f32; 2]>> {
    let refuse = |what: &str| {
        let [vmin, vmax] = ends.map(|end| end.map_or("None".into(), |end| end.to_string()));
        Err(crate::Error::invalid(format!(
            "vmin and vmax must be {what}; got vmin={vmin}, vmax={vmax}; pass heights of the DEM, before vert_exag"
        )))
    };
    if ends.iter().flatten().any(|end| !(*end as f32).is_finite()) {
        return refuse("finite in float32");
    }
    Ok(Some(match (ends, own) {
        ([None, None], _) => return Ok(None),
        ([Some(low), Some(high)], _) if (low as f32) < high as f32 => [low as f32, high as f32],
        ([Some(_), Some(_)], _) => return refuse("with vmin < vmax, as float32"),
        ([Some(low), None], Some([_, high])) if (low as f32) < high => [low as f32, high],
        ([None, Some(high)], Some([low, _])) if low < high as f32 => [low, high as f32],
        ([Some(low), None], Some([_, high])) if low as f32 > high => {
            return refuse(&format!("less than the DEM's greatest height, {high}, where vmax is left out"));
        }
        ([None, Some(high)], Some([low, _])) if low > high as f32 => {
            return refuse(&format!("greater than the DEM's least height, {low}, where vmin is left out"));
        }
        ([Some(low), None], _) => [low as f32, (low as f32).next_up()],
        ([None, Some(high)], _) => [(high as f32).next_down(), high as f32],
    }))
}

/// A Camera.
pub(super) fn camera(value: Arg<'_, '_>) -> PyResult<Viewpoint> {
    value.cast::<PyCamera>().map(|camera| camera.get().0.clone()).map_err(|_| {
        invalid(format!(
            "camera must be a Camera; got {}; make one with Camera.look_at, orbit, fit or map",
            super::arguments::got(value)
        ))
    })
}

/// A drape as `vulkan_forge._drape` has it: image (H, W, 4) uint8, bounds in world metres or None, opacity, blend.
pub(super) fn drape(value: Arg<'_, '_>) -> PyResult<Drape> {
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
        let aov = Aov::parse(&text(&name.map_err(|_| wrong())?, "each of aovs")?)?;
        if !wanted.contains(&aov) {
            wanted.push(aov);
        }
    }
    Ok(wanted)
}
