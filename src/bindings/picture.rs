//! A finished picture, as Python holds it.

use numpy::ndarray::IxDyn;
use numpy::{PyArray1, PyArray2, PyArray3, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyType};
use std::sync::Arc;

use super::arguments::{path, whole};
use super::arrays::to_numpy;
use super::errors::detached;
use crate::error::try_vec;
use crate::host_memory::check_room;
use crate::image_file;
use crate::render::{AovValues, Drawing, Frame, Metrics, ShownLabel};
use crate::scene::camera::Kind;
use crate::scene::{Rays, View};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// What `vulkan_forge.Image` is made of: pixels, and all that was known when they were drawn.
#[pyclass(frozen, subclass, module = "vulkan_forge._vulkan_forge", name = "Picture")]
pub(super) struct PyPicture(Arc<Content>);

/// rgba; depths, for each pixel or none; the rays, as `Rays::affine` has them, and where they begin
/// and end; metrics, aovs, bounds of a map, labels.
type Parts<'py> = (
    Bound<'py, PyArray3<u8>>,
    Bound<'py, PyArray1<f32>>,
    ([[f64; 3]; 6], [f64; 2]),
    Bound<'py, PyDict>,
    Bound<'py, PyDict>,
    Option<(f64, f64, f64, f64)>,
    Vec<Bound<'py, PyDict>>,
);

struct Content {
    rgba: Py<PyArray3<u8>>,
    depth: Vec<f32>,
    rays: Rays,
    size: [u32; 2],
    metrics: Py<PyDict>,
    aovs: Py<PyDict>,
    /// (xmin, ymin, xmax, ymax) in world metres of a picture from straight above.
    map: Option<[f64; 4]>,
    labels: Vec<ShownLabel>,
}

impl PyPicture {
    pub(super) fn of(py: Python<'_>, drawing: Drawing) -> PyResult<Self> {
        let Drawing { frame, aovs, view, footprint, labels } = drawing;
        let [width, height] = frame.size.map(|side| side as usize);
        let arrays = PyDict::new(py);
        for AovValues { aov, values } in aovs {
            let mut shape = vec![height, width];
            if aov.channels() > 1 {
                shape.push(aov.channels());
            }
            arrays.set_item(aov.name(), to_numpy(py, values, IxDyn(&shape))?)?;
        }
        Ok(Self(Arc::new(Content {
            rgba: to_numpy(py, frame.rgba, [height, width, 4])?.unbind(),
            depth: frame.depth,
            rays: view.camera.rays(frame.size, footprint),
            size: frame.size,
            metrics: metrics_dict(py, &frame.metrics)?.unbind(),
            aovs: arrays.unbind(),
            map: map_bounds(&view, footprint),
            labels,
        })))
    }

    /// A copy of the pixels as they are now: another thread may write to the array while a file is
    /// encoded.
    fn pixels(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        let array = self.0.rgba.bind(py);
        // The copy, and what it is packed into.
        check_room(self.0.size, 2 * array.len() as u64)?;
        let mut pixels = try_vec(array.len(), "a copy of the picture")?;
        let borrowed = array.try_readonly().map_err(|refusal| {
            super::errors::invalid(format!(
                "image must not be in use elsewhere; got: {refusal}; try again"
            ))
        })?;
        // The array is ours and C-contiguous, unless someone gave it another shape in place.
        match borrowed.as_slice() {
            Ok(slice) => pixels.extend_from_slice(slice),
            Err(_) => pixels.extend(borrowed.as_array().iter()),
        }
        Ok(pixels)
    }
}

impl PyPicture {
    /// Its pixels as they are now, without depths.
    pub(super) fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let rgba = self.pixels(py)?;
        Ok(Frame { size: self.0.size, rgba, depth: Vec::new(), metrics: Metrics::default() })
    }
}

#[pymethods]
impl PyPicture {
    /// Another face of the same picture, without a copy.
    #[new]
    fn new(picture: &Bound<'_, Self>) -> Self {
        Self(picture.get().0.clone())
    }

    /// (H, W, 4) uint8, sRGB, straight alpha; no copy.
    #[getter]
    fn rgba<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray3<u8>> {
        self.0.rgba.bind(py).clone()
    }

    /// (width, height).
    #[getter]
    fn size(&self) -> (u32, u32) {
        (self.0.size[0], self.0.size[1])
    }

    /// Timings and bytes of the frame, as in `Renderer.render_metrics`.
    #[getter]
    fn metrics<'py>(&self, py: Python<'py>) -> Bound<'py, PyDict> {
        self.0.metrics.bind(py).clone()
    }

    /// The arrays asked for: float32, NaN where no ground is seen, taken at the pixel's centre.
    ///
    /// ``depth`` (H, W): metres along the view axis. ``elevation`` (H, W): the DEM's own height.
    /// ``normal`` (H, W, 3): world, the bilinear patch's own. ``ground`` (H, W, 2): world x, y.
    #[getter]
    fn aovs<'py>(&self, py: Python<'py>) -> Bound<'py, PyDict> {
        self.0.aovs.bind(py).clone()
    }

    /// The labels that found room, in the order in which they did: dicts of ``layer`` (which of the
    /// layers of labels), ``row``, ``bounds`` (left, top, right, bottom of the text with its halo,
    /// in pixels), ``dim`` (drawn faintly, behind the terrain).
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        super::labels::shown(py, &self.0.labels)
    }

    /// World (x, y, z) in metres under the centre of pixel column `px`, row `py`; None where there
    /// is no ground.
    ///
    /// It is the surface that the picture shows, within half a pixel of the exact one where cells
    /// are smaller than pixels; of a picture with `aovs` it is theirs, exact. Where a thing over
    /// the ground is seen it is that.
    ///
    /// Raises InvalidInputError for a pixel outside the picture.
    #[pyo3(signature = (px, py), text_signature = "($self, px, py)")]
    fn ground_at(&self, px: Arg<'_, '_>, py: Arg<'_, '_>) -> PyResult<Option<(f64, f64, f64)>> {
        let [width, height] = self.0.size.map(u64::from);
        let [column, row] = [whole(px, "px", 0, width - 1)?, whole(py, "py", 0, height - 1)?];
        let depth = self.0.depth.get((row * width + column) as usize).copied().unwrap_or(f32::NAN);
        let [x, y, z] = self.0.rays.at([column as f64 + 0.5, row as f64 + 0.5], depth.into());
        Ok((!depth.is_nan()).then_some((x, y, z)))
    }

    /// All that it is made of, as `_of` takes it.
    fn _parts<'py>(&self, py: Python<'py>) -> PyResult<Parts<'py>> {
        let Content { rgba, depth, rays, metrics, aovs, map, .. } = &*self.0;
        let mut depths = try_vec(depth.len(), "depths of the picture")?;
        depths.extend_from_slice(depth);
        Ok((
            rgba.bind(py).clone(),
            to_numpy(py, depths, [depth.len()])?,
            (rays.affine(), [rays.near, rays.far]),
            metrics.bind(py).clone(),
            aovs.bind(py).clone(),
            map.map(<(f64, f64, f64, f64)>::from),
            self.labels(py)?,
        ))
    }

    /// A picture of the parts of another, perhaps in another process.
    #[classmethod]
    fn _of(_class: &Bound<'_, PyType>, parts: Parts<'_>) -> PyResult<Self> {
        let (rgba, depths, (affine, [near, far]), metrics, aovs, map, labels) = parts;
        let [origin, origin_dx, origin_dy, direction, direction_dx, direction_dy] = affine;
        let depths = depths.try_readonly()?;
        let mut depth = try_vec(depths.len(), "depths of the picture")?;
        depth.extend_from_slice(depths.as_slice()?);
        let size = [rgba.shape()[1], rgba.shape()[0]].map(|side| side as u32);
        Ok(Self(Arc::new(Content {
            depth,
            rays: Rays {
                origin,
                origin_dx,
                origin_dy,
                direction,
                direction_dx,
                direction_dy,
                near,
                far,
            },
            size,
            metrics: metrics.unbind(),
            aovs: aovs.unbind(),
            map: map.map(<[f64; 4]>::from),
            labels: super::labels::told(&labels)?,
            rgba: rgba.unbind(),
        })))
    }

    /// Write a PNG, whole or not at all.
    fn _save_png(&self, py: Python<'_>, path: Arg<'_, '_>) -> PyResult<()> {
        let (target, pixels) = (self::path(path)?, self.pixels(py)?);
        let [width, height] = self.0.size;
        detached(py, || image_file::write_png(&target, &pixels, width, height, 4))
    }

    #[getter]
    fn _map_bounds(&self) -> Option<(f64, f64, f64, f64)> {
        self.0.map.map(<(f64, f64, f64, f64)>::from)
    }

    /// (6, 3) float64: origin, its steps a pixel right and down, direction, its steps. The ray
    /// through the picture's place (px, py) begins at origin + px dx + py dy, its direction
    /// likewise, 1 along the view axis.
    #[getter]
    fn _rays<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        to_numpy(py, self.0.rays.affine().concat(), [6, 3])
    }

    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.rgba.bind(py).getattr("__array_interface__")
    }

    #[pyo3(signature = (**options))]
    fn __dlpack__<'py>(
        &self,
        py: Python<'py>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.0.rgba.bind(py).call_method("__dlpack__", (), options.as_ref())
    }

    fn __dlpack_device__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.rgba.bind(py).call_method0("__dlpack_device__")
    }

    fn _repr_png_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let pixels = self.pixels(py)?;
        let png =
            detached(py, || image_file::encode_png(&pixels, self.0.size[0], self.0.size[1], 4))?;
        Ok(PyBytes::new(py, &png))
    }

    #[pyo3(signature = (dtype=None, copy=None))]
    fn __array__<'py>(
        &self,
        py: Python<'py>,
        dtype: Option<Arg<'_, 'py>>,
        copy: Option<bool>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let array = self.0.rgba.bind(py).as_any().clone();
        let Some(dtype) = dtype else {
            return if copy == Some(true) { array.call_method0("copy") } else { Ok(array) };
        };
        let options = PyDict::new(py);
        options.set_item("copy", copy.unwrap_or(false))?;
        let converted = array.call_method("astype", (dtype,), Some(&options))?;
        if copy == Some(false) && !converted.is(&array) {
            return Err(pyo3::exceptions::PyValueError::new_err(
                "expected to show the uint8 pixels without a copy, got another dtype; pass copy=None or dtype=uint8",
            ));
        }
        Ok(converted)
    }

    fn __repr__(&self) -> String {
        format!("<vulkan_forge.Image {}x{}>", self.0.size[0], self.0.size[1])
    }
}

/// (xmin, ymin, xmax, ymax) in world metres of a picture from straight above, of a DEM that covers
/// `footprint`.
pub(super) fn map_bounds(view: &View, footprint: [f64; 2]) -> Option<[f64; 4]> {
    let Kind::Map { bounds } = view.camera.kind() else { return None };
    let [x, y] = footprint.map(|length| length / 2.0);
    Some(bounds.unwrap_or([-x, -y, x, y]))
}

/// As `Renderer.render_metrics` gives them.
pub(super) fn metrics_dict<'py>(
    py: Python<'py>,
    metrics: &Metrics,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("encode_ms", metrics.encode_ms)?;
    dict.set_item("gpu_ms", metrics.gpu_ms)?;
    dict.set_item("readback_ms", metrics.readback_ms)?;
    dict.set_item("upload_ms", metrics.upload_ms)?;
    dict.set_item("total_ms", metrics.total_ms)?;
    dict.set_item("bytes_uploaded", metrics.bytes_uploaded)?;
    dict.set_item("bytes_read", metrics.bytes_read)?;
    Ok(dict)
}

/// Pixels as a picture of (height, width, 4) bytes.
pub(super) fn rgba_array<'py>(
    py: Python<'py>,
    rgba: Vec<u8>,
    size: [u32; 2],
) -> PyResult<Bound<'py, PyArray3<u8>>> {
    to_numpy(py, rgba, [size[1] as usize, size[0] as usize, 4])
}
