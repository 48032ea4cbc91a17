//! The explicit session.

use std::sync::Arc;

use numpy::ndarray::Ix2;
use numpy::{PyArray, PyArray3};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{flag, path, real, real_or, reals, side, spacing, text, wholes};
use super::arrays::{colormap, to_numpy};
use super::camera::camera;
use super::devices::request;
use super::engine::aovs;
use super::engines;
use super::environment::Environment;
use super::errors::detached;
use super::frames::PyFrames;
use super::guarded::Guarded;
use super::picture::{PyPicture, metrics_dict, rgba_array};
use super::source::Given;
use crate::gpu::DeviceRequest;
use crate::image_file;
use crate::render::{Session, Wanted};
use crate::scene::view::colour_range;
use crate::scene::{Colormap, Normalize};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Two<T> = Option<(T, T)>;
/// As `Session._landmarks` gives it.
type Known = (Two<f32>, Two<f64>, f32);

/// What `vulkan_forge.Renderer` is made of: one device, one picture size, one terrain, settings
/// that stay until changed.
///
/// ``Session(width, height, *, device=None, prefer_software=False, windows=False)``: sizes in
/// pixels; `device` is an index in `devices`, a part of a name, "gpu" or "software"; by default the
/// best there is: discrete, integrated, virtual, CPU. `prefer_software` takes a CPU device where
/// there is one, and so does ``VULKAN_FORGE_PREFER_SOFTWARE=1``. With `windows` the device can show
/// pictures in windows, if its driver can. Raises InvalidInputError (a size outside its range),
/// NoDeviceError (no device fits).
#[pyclass(frozen, subclass, module = "vulkan_forge._vulkan_forge", name = "Session")]
pub(super) struct PySession {
    pub(super) session: Arc<Guarded<Session>>,
    /// Of its pictures.
    pub(super) size: [u32; 2],
}

#[pymethods]
impl PySession {
    #[new]
    #[pyo3(signature = (width, height, *, device=None, prefer_software=None, windows=None),
           text_signature = "(width, height, *, device=None, prefer_software=False, windows=False)")]
    fn new(
        py: Python<'_>,
        width: Arg<'_, '_>,
        height: Arg<'_, '_>,
        device: Option<Arg<'_, '_>>,
        prefer_software: Option<Arg<'_, '_>>,
        windows: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let size = [side(width, "width")?, side(height, "height")?];
        let windows = windows.map_or(Ok(false), |windows| flag(windows, "windows"))?;
        let request = DeviceRequest { windows, ..request(device, prefer_software)? };
        let session = detached(py, || Session::new(engines::engine(&request)?))?;
        let session = Arc::new(Guarded::new("Renderer", session));
        Ok(Self { session, size })
    }

    /// One line: size, format, device.
    fn info(&self, py: Python<'_>) -> PyResult<String> {
        let [width, height] = self.size;
        self.with(py, |session| {
            let name = &session.engine().device().report().name;
            Ok(format!("Renderer {width}x{height}, format=R8G8B8A8_SRGB, device={name}"))
        })
    }

    /// Versions, driver, limits and layers; JSON-able.
    fn report_environment<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.with(py, |session| Ok(Environment::of(session.engine().device())))?.to_dict(py)
    }

    /// Numbers of the last frame.
    ///
    /// ``encode_ms`` (recording commands), ``gpu_ms`` (timestamp queries; None without a clock),
    /// ``readback_ms``, ``upload_ms``, ``total_ms``: milliseconds; ``bytes_uploaded``,
    /// ``bytes_read``: bytes.
    fn render_metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let metrics = self.with(py, |session| Ok(session.metrics()))?;
        metrics_dict(py, &metrics)
    }

    /// Set the terrain, in place of one that is there.
    ///
    /// `heightmap` is (H, W) float32 or float64, C-contiguous, at least 2 x 2, metres, NaN where
    /// there is no ground, nothing infinite, or a source; `spacing` (dx, dy) metres, finite and >
    /// 0; `exaggeration` a factor on all heights, finite and > 0; `colormap` a name, or a table of
    /// colours. Raises InvalidInputError.
    #[pyo3(signature = (heightmap, spacing=None, exaggeration=None, colormap=None),
           text_signature = "($self, heightmap, spacing=(1.0, 1.0), exaggeration=1.0, colormap='viridis')")]
    fn add_terrain(
        &self,
        py: Python<'_>,
        heightmap: Arg<'_, '_>,
        spacing: Option<Arg<'_, '_>>,
        exaggeration: Option<Arg<'_, '_>>,
        colormap: Option<Arg<'_, '_>>,
    ) -> PyResult<()> {
        let spacing = self::spacing(spacing)?;
        let exaggeration = real_or(exaggeration, "exaggeration", 1.0)?;
        let colormap = colormap.map_or_else(|| Ok(Colormap::named("viridis")?), self::colormap)?;
        let given = Given::read(heightmap, "heightmap")?;
        self.with_interrupt(py, |session, interrupted| {
            let ground =
                given.into_ground(session.engine(), spacing, exaggeration, None, interrupted)?;
            session.set_terrain(ground, colormap);
            Ok(())
        })
    }

    /// Least, greatest, mean, population standard deviation of height * exaggeration, metres; NaN
    /// is left out.
    ///
    /// Raises InvalidInputError when there is no terrain.
    fn terrain_stats(&self, py: Python<'_>) -> PyResult<(f64, f64, f64, f64)> {
        let stats = self.with_interrupt(py, |session, interrupted| session.stats(interrupted))?;
        Ok((stats.min, stats.max, stats.mean, stats.std))
    }

    /// (least and greatest, 2nd and 98th percentile, least above 0) of the heights: what a colour
    /// range may start from.
    fn _landmarks(&self, py: Python<'_>) -> PyResult<Known> {
        let known =
            self.with_interrupt(py, |session, interrupted| session.landmarks(interrupted))?;
        Ok((known.range.map(Into::into), known.robust.map(Into::into), known.least_positive))
    }

    /// Colour the terrain that is there; an end that is None is the terrain's own.
    fn _set_colours(
        &self,
        py: Python<'_>,
        colormap: Arg<'_, '_>,
        low: Option<Arg<'_, '_>>,
        high: Option<Arg<'_, '_>>,
    ) -> PyResult<()> {
        let map = self::colormap(colormap)?;
        let ends =
            [low.map(|v| real(v, "vmin")).transpose()?, high.map(|v| real(v, "vmax")).transpose()?];
        let own = self.with(py, |session| session.range())?;
        let range = colour_range(ends, own)?;
        self.change(py, |scene| (scene.colormap, scene.range) = (map, range))
    }

    /// Set an option of a picture, one of `options.rs`.
    fn _set(&self, py: Python<'_>, name: &str, value: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, name, value)
    }

    /// How light goes with colour: "multiply", as physics has it, "overlay" or "soft light", as
    /// `render` tells.
    fn set_shading(&self, py: Python<'_>, shading: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "shading", shading)
    }

    /// Heights at the two ends of the colour map, before exaggeration; finite, min < max.
    fn set_height_range(&self, py: Python<'_>, min: Arg<'_, '_>, max: Arg<'_, '_>) -> PyResult<()> {
        let range = [real(min, "min")? as f32, real(max, "max")? as f32];
        self.change(py, |scene| scene.range = Some(range))
    }

    /// Rescale the heights in place: "minmax" to `range` (by default 0..1), or "zscore".
    ///
    /// `eps` is the least spread that is divided by, by default 1e-8. Raises InvalidInputError.
    #[pyo3(signature = (mode, range=None, eps=None))]
    fn normalize_terrain(
        &self,
        py: Python<'_>,
        mode: Arg<'_, '_>,
        range: Option<Arg<'_, '_>>,
        eps: Option<Arg<'_, '_>>,
    ) -> PyResult<()> {
        let range = range.map(|range| reals(range, "range", "(min, max)")).transpose()?;
        let eps = eps.map(|eps| real(eps, "eps")).transpose()?;
        let mode = Normalize::parse(&text(mode, "mode")?, range, eps)?;
        self.with_interrupt(py, |session, interrupted| session.normalize(mode, interrupted))
    }

    /// Perspective camera with clip planes: vectors in world metres, 0 < znear < zfar in metres,
    /// fovy in (0, 180).
    fn set_camera_look_at(
        &self,
        py: Python<'_>,
        eye: Arg<'_, '_>,
        target: Arg<'_, '_>,
        up: Arg<'_, '_>,
        fovy_deg: Arg<'_, '_>,
        znear: Arg<'_, '_>,
        zfar: Arg<'_, '_>,
    ) -> PyResult<()> {
        let camera = super::camera::clipped([eye, target, up], fovy_deg, [znear, zfar])?;
        self.set(py, |session| session.set_camera(camera.into()))
    }

    /// As `Camera.orbit`, with the angles in the other order.
    fn set_camera_orbit(
        &self,
        py: Python<'_>,
        center: Arg<'_, '_>,
        distance: Arg<'_, '_>,
        elevation_deg: Arg<'_, '_>,
        azimuth_deg: Arg<'_, '_>,
    ) -> PyResult<()> {
        let camera = super::camera::orbiting(center, distance, elevation_deg, azimuth_deg)?;
        self.set(py, |session| session.set_camera(camera.into()))
    }

    /// Use a `Camera`.
    fn set_camera(&self, py: Python<'_>, camera: Arg<'_, '_>) -> PyResult<()> {
        let camera = self::camera(camera)?;
        self.set(py, |session| session.set_camera(camera))
    }

    /// Send the heights to the device now; `render` does it when needed.
    ///
    /// Raises InvalidInputError: "no terrain uploaded; call add_terrain() first".
    fn upload_height_r32f(&self, py: Python<'_>) -> PyResult<()> {
        self.with_interrupt(py, |session, interrupted| session.upload(interrupted))
    }

    /// Heights on the device, (H, W) float32, bit for bit. Zeros before an upload, of shape (0, 0)
    /// with no terrain.
    fn read_full_height_texture<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyArray<f32, Ix2>>> {
        let (heights, shape) =
            self.with_interrupt(py, |session, interrupted| session.read_heights(interrupted))?;
        to_numpy(py, heights, shape)
    }

    /// Columns x to x + w and rows y to y + h of the heights on the device, (h, w) float32. Zeros
    /// before an upload.
    ///
    /// Raises InvalidInputError for a patch that leaves the terrain.
    fn debug_read_height_patch<'py>(
        &self,
        py: Python<'py>,
        x: Arg<'_, 'py>,
        y: Arg<'_, 'py>,
        w: Arg<'_, 'py>,
        h: Arg<'_, 'py>,
    ) -> PyResult<Bound<'py, PyArray<f32, Ix2>>> {
        let patch = wholes([(x, "x"), (y, "y"), (w, "w"), (h, "h")], 0, u32::MAX.into())?;
        let heights =
            self.with_interrupt(py, |session, interrupted| session.read_patch(patch, interrupted))?;
        to_numpy(py, heights, [patch[3] as usize, patch[2] as usize])
    }

    /// Put these `GroundLayer` on the ground, in place of those that are there: by zorder, then as
    /// given.
    fn _set_ground_layers(&self, py: Python<'_>, layers: Arg<'_, '_>) -> PyResult<()> {
        let layers = super::layers::layers(Some(layers))?;
        self.set(py, |session| session.set_layers(layers))
    }

    /// Draw the terrain; `aovs` from "depth", "elevation", "normal", "ground".
    fn _draw(&self, py: Python<'_>, aovs: Arg<'_, '_>) -> PyResult<PyPicture> {
        let wanted = self::aovs(aovs)?;
        let wanted = Wanted { size: self.size, depth: true, aovs: &wanted };
        let drawing =
            self.with_interrupt(py, |session, interrupted| session.draw(&wanted, interrupted))?;
        PyPicture::of(py, drawing)
    }

    /// Draw the terrain at another size, with `layers` on the ground in place of the session's own
    /// unless None, and with other options for this picture alone.
    #[pyo3(signature = (size, layers, **options))]
    fn _draw_at(
        &self,
        py: Python<'_>,
        size: Arg<'_, '_>,
        layers: Option<Arg<'_, '_>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyPicture> {
        let size = super::arguments::size(size)?;
        let layers = layers.map(|layers| super::layers::layers(Some(layers))).transpose()?;
        let change = super::options::changes(options)?;
        let wanted = Wanted { size, depth: true, aovs: &[] };
        let drawing = self.with_interrupt(py, |session, interrupted| {
            session.draw_with(change, layers.as_deref(), &wanted, interrupted)
        })?;
        PyPicture::of(py, drawing)
    }

    /// Draw the terrain from each of `cameras`, an iterable, one ahead.
    fn _draw_each(&self, cameras: Arg<'_, '_>, aovs: Arg<'_, '_>) -> PyResult<PyFrames> {
        PyFrames::new(self.session.clone(), self.size, cameras, self::aovs(aovs)?)
    }

    /// Draw the terrain: (H, W, 4) uint8, sRGB, straight alpha.
    fn render_rgba<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u8>>> {
        let frame = self.frame(py)?;
        rgba_array(py, frame.rgba, frame.size)
    }

    /// Draw the terrain and write a PNG, whole or not at all.
    fn render_png(&self, py: Python<'_>, path: Arg<'_, '_>) -> PyResult<()> {
        let path = self::path(path)?;
        let frame = self.frame(py)?;
        detached(py, || image_file::write_png(&path, &frame.rgba, frame.size[0], frame.size[1], 4))
    }

    /// A fixed smoke picture, (H, W, 4) uint8, that needs no terrain.
    fn render_triangle_rgba<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u8>>> {
        let (rgba, size) = self.triangle(py)?;
        rgba_array(py, rgba, size)
    }

    /// The smoke picture as a PNG, whole or not at all.
    fn render_triangle_png(&self, py: Python<'_>, path: Arg<'_, '_>) -> PyResult<()> {
        let path = self::path(path)?;
        let (rgba, [width, height]) = self.triangle(py)?;
        detached(py, || image_file::write_png(&path, &rgba, width, height, 4))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<vulkan_forge.{}>", self.info(py)?))
    }
}
