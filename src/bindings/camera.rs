//! `Camera`.

use numpy::ndarray::Ix2;
use numpy::{PyArray, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use std::sync::Arc;

use super::arguments::{got, real, real_or, reals, spacing, vector};
use super::errors::{attached, detached_interruptible, invalid};
use super::matrices::{Matrix, clip, matrix};
use super::source::PySource;
use crate::scene::Viewpoint;
use crate::scene::camera::{Camera, Kind};
use crate::scene::fit::Fit;
use crate::scene::heightfield::{check_exaggeration, check_spacing};
use crate::scene::outline::Outline;

pub(super) const FOV: f64 = 35.0;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// What `vulkan_forge.Camera` is made of. A value: immutable, comparable, hashable, picklable,
/// without a device.
///
/// ``Viewpoint(viewpoint)`` is another face of the same; its makers give the class that they are
/// called of. Targets and eyes are in world metres, vertical exaggeration included; angles in
/// degrees.
#[pyclass(frozen, subclass, module = "vulkan_forge._vulkan_forge", name = "Viewpoint")]
pub(super) struct PyViewpoint(pub(super) Viewpoint);

/// A Camera.
pub(super) fn camera(value: Arg<'_, '_>) -> PyResult<Viewpoint> {
    value.cast::<PyViewpoint>().map(|camera| camera.get().0.clone()).map_err(|_| {
        invalid(format!(
            "camera must be a Camera; got {}; make one with Camera.look_at, orbit, fit or map",
            got(value)
        ))
    })
}

/// As `Renderer.set_camera_look_at` takes it: (eye, target, up), field of view, (znear, zfar).
pub(super) fn clipped(
    [eye, target, up]: [Arg<'_, '_>; 3],
    fovy_deg: Arg<'_, '_>,
    [znear, zfar]: [Arg<'_, '_>; 2],
) -> PyResult<Camera> {
    let [eye, target, up] = [vector(eye, "eye")?, vector(target, "target")?, vector(up, "up")?];
    let camera = Camera::look_at(eye, target, up, real(fovy_deg, "fovy_deg")?)?;
    Ok(camera.with_clip(real(znear, "znear")?, real(zfar, "zfar")?)?)
}

/// As `Renderer.set_camera_orbit` takes it.
pub(super) fn orbiting(
    center: Arg<'_, '_>,
    distance: Arg<'_, '_>,
    elevation_deg: Arg<'_, '_>,
    azimuth_deg: Arg<'_, '_>,
) -> PyResult<Camera> {
    let [azimuth, altitude] =
        [real(azimuth_deg, "azimuth_deg")?, real(elevation_deg, "elevation_deg")?];
    Ok(Camera::orbit(
        vector(center, "center")?,
        real(distance, "distance")?,
        azimuth,
        altitude,
        FOV,
    )?)
}

#[pymethods]
impl PyViewpoint {
    /// Another face of the same.
    #[new]
    fn new(viewpoint: &Bound<'_, Self>) -> Self {
        Self(viewpoint.get().0.clone())
    }

    /// Perspective camera at `eye`, looking at `target`, world metres; `up` points up in the
    /// picture, `fov` is the vertical field of view in degrees, in (0, 180). Raises
    /// InvalidInputError.
    #[classmethod]
    #[pyo3(signature = (eye, target, up=None, fov=None), text_signature = "($cls, eye, target, up=(0, 0, 1), fov=35.0)")]
    fn look_at<'py>(
        cls: &Bound<'py, PyType>,
        eye: Arg<'_, 'py>,
        target: Arg<'_, 'py>,
        up: Option<Arg<'_, 'py>>,
        fov: Option<Arg<'_, 'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let up = up.map_or(Ok([0.0, 0.0, 1.0]), |up| vector(up, "up"))?;
        let fov = real_or(fov, "fovy_deg", FOV)?;
        of(cls, Camera::look_at(vector(eye, "eye")?, vector(target, "target")?, up, fov)?)
    }

    /// Perspective camera `distance` metres from `target`, on compass bearing `azimuth` as seen
    /// from there and `altitude` degrees (-90 to 90) above its horizon. At altitude 90 up is north.
    /// Raises InvalidInputError.
    #[classmethod]
    #[pyo3(
        signature = (target, distance, azimuth, altitude, fov=None),
        text_signature = "($cls, target, distance, azimuth, altitude, fov=35.0)"
    )]
    fn orbit<'py>(
        cls: &Bound<'py, PyType>,
        target: Arg<'_, 'py>,
        distance: Arg<'_, 'py>,
        azimuth: Arg<'_, 'py>,
        altitude: Arg<'_, 'py>,
        fov: Option<Arg<'_, 'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let fov = real_or(fov, "fovy_deg", FOV)?;
        let [azimuth, altitude] = [real(azimuth, "azimuth")?, real(altitude, "altitude")?];
        of(
            cls,
            Camera::orbit(
                vector(target, "target")?,
                real(distance, "distance")?,
                azimuth,
                altitude,
                fov,
            )?,
        )
    }

    /// Perspective camera whose picture all of these (H, W) float32 heights fill, whatever its
    /// aspect.
    ///
    /// `azimuth` counts from the world's north. Raises InvalidInputError.
    #[classmethod]
    fn _fit<'py>(
        cls: &Bound<'py, PyType>,
        heights: Arg<'_, 'py>,
        spacing: Arg<'_, 'py>,
        exaggeration: Arg<'_, 'py>,
        azimuth: Arg<'_, 'py>,
        altitude: Arg<'_, 'py>,
        fov: Arg<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let exaggeration = real(exaggeration, "vert_exag")?;
        let direction =
            [real(azimuth, "azimuth")?, real(altitude, "altitude")?, real(fov, "fovy_deg")?];
        check_exaggeration(exaggeration)?;
        let outline = outline(heights)?;
        let spacing = self::spacing(Some(spacing))?;
        check_spacing(spacing)?;
        let fit = Fit::new(&outline, spacing, exaggeration, direction)?;
        of(cls, Viewpoint::Fit(Arc::new(fit)))
    }

    /// Orthographic camera that looks straight down, north up. `bounds` = (xmin, ymin, xmax, ymax)
    /// in world metres, stretched to the picture; by default the DEM's W dx by H dy footprint.
    /// Raises InvalidInputError.
    #[classmethod]
    #[pyo3(signature = (bounds=None))]
    fn map<'py>(
        cls: &Bound<'py, PyType>,
        bounds: Option<Arg<'_, 'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bounds =
            bounds.map(|bounds| reals(bounds, "bounds", "(xmin, ymin, xmax, ymax)")).transpose()?;
        of(cls, Camera::map(bounds)?)
    }

    /// A camera anew from what it was pickled as: name of the maker, its arguments, clip planes.
    #[classmethod]
    fn _made<'py>(
        cls: &Bound<'py, PyType>,
        maker: &str,
        arguments: &Bound<'py, PyTuple>,
        clip: Option<(f64, f64)>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if maker == "fit" {
            let ([azimuth, altitude, fov], half, range, points, painted, footprint) =
                arguments.extract()?;
            let fit = Fit { azimuth, altitude, fov, half, range, points, painted, footprint }
                .checked()?;
            return of(cls, Viewpoint::Fit(Arc::new(fit)));
        }
        let made = cls.call_method1(maker, arguments.clone())?;
        let viewpoint = made.cast::<Self>().map_err(PyErr::from)?.get().0.clone();
        match (viewpoint, clip) {
            (Viewpoint::Camera(camera), Some((near, far))) => of(cls, camera.with_clip(near, far)?),
            _ => Ok(made),
        }
    }

    /// World to view, (4, 4) float32, row-major, for column vectors; the view looks along -z. A
    /// map's is the identity, and `fit`'s that for a square picture.
    fn view<'py>(&self, py: Python<'py>) -> PyResult<Matrix<'py>> {
        matrix(py, &self.0.view()?)
    }

    /// View to clip, (4, 4) float32, row-major. `aspect` is width / height; `clip_space` is "wgpu"
    /// ("vulkan"), with depth in 0..1, or "gl", in -1..1. A map needs its bounds. `fit`'s stands
    /// elsewhere for each aspect, and goes there from `view()`'s place first: the product of both
    /// is right. Raises InvalidInputError.
    #[pyo3(signature = (aspect, clip_space=None), text_signature = "($self, aspect, clip_space='wgpu')")]
    fn projection<'py>(
        &self,
        py: Python<'py>,
        aspect: Arg<'_, 'py>,
        clip_space: Option<Arg<'_, 'py>>,
    ) -> PyResult<Matrix<'py>> {
        matrix(py, &self.0.projection(real(aspect, "aspect")?, clip(clip_space)?)?)
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.parameters(py)?.hash()
    }

    fn __repr__(&self) -> String {
        let camera = match &self.0 {
            Viewpoint::Camera(camera) => camera,
            Viewpoint::Fit(fit) => {
                let Fit { azimuth, altitude, fov, .. } = **fit;
                return format!(
                    "Camera.fit(dem, azimuth={azimuth:?}, altitude={altitude:?}, fov={fov:?})"
                );
            }
        };
        let call = match camera.kind() {
            Kind::LookAt { eye, target, up, fov } => {
                format!(
                    "look_at(eye={}, target={}, up={}, fov={fov:?})",
                    tuple(&eye),
                    tuple(&target),
                    tuple(&up)
                )
            }
            Kind::Orbit { target, distance, azimuth, altitude, fov } => format!(
                "orbit(target={}, distance={distance:?}, azimuth={azimuth:?}, altitude={altitude:?}, fov={fov:?})",
                tuple(&target)
            ),
            Kind::Map { bounds: Some(bounds) } => format!("map(bounds={})", tuple(&bounds)),
            Kind::Map { bounds: None } => "map()".into(),
        };
        format!("Camera.{call}")
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().getattr("_made")?, slf.get().parameters(slf.py())?))
    }
}

/// A viewpoint as one of the class that it was asked of.
fn of<'py>(
    class: &Bound<'py, PyType>,
    viewpoint: impl Into<Viewpoint>,
) -> PyResult<Bound<'py, PyAny>> {
    class.call1((PyViewpoint(viewpoint.into()),))
}

impl PyViewpoint {
    /// (name of the maker, its arguments, clip planes): what `_made` takes.
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        type Two = (f64, f64);
        type Three = (f64, f64, f64);
        type Four = (f64, f64, f64, f64);
        // Tuples throughout: a list would not hash.
        let camera = match &self.0 {
            Viewpoint::Camera(camera) => camera,
            Viewpoint::Fit(fit) => {
                return ("fit", parts(py, fit)?, None::<Two>).into_pyobject(py);
            }
        };
        let clip = camera.clip().map(Two::from);
        match camera.kind() {
            Kind::LookAt { eye, target, up, fov } => {
                ("look_at", (Three::from(eye), Three::from(target), Three::from(up), fov), clip)
                    .into_pyobject(py)
            }
            Kind::Orbit { target, distance, azimuth, altitude, fov } => {
                ("orbit", (Three::from(target), distance, azimuth, altitude, fov), clip)
                    .into_pyobject(py)
            }
            Kind::Map { bounds } => ("map", (bounds.map(Four::from),), clip).into_pyobject(py),
        }
    }
}

/// What a fit is made of, in tuples: (direction, half, range, points, painted, footprint).
fn parts<'py>(py: Python<'py>, fit: &Fit) -> PyResult<Bound<'py, PyTuple>> {
    let places = |points: &[[f64; 3]]| {
        PyTuple::new(
            py,
            points.iter().map(|place| <(f64, f64, f64)>::from(*place)).collect::<Vec<_>>(),
        )
    };
    let [points, painted] = [places(&fit.points)?, places(&fit.painted)?];
    let footprint = PyTuple::new(
        py,
        fit.footprint.iter().map(|place| <(f64, f64)>::from(*place)).collect::<Vec<_>>(),
    )?;
    let direction = (fit.azimuth, fit.altitude, fit.fov);
    (
        direction,
        <(f64, f64)>::from(fit.half),
        <(f64, f64)>::from(fit.range),
        points,
        painted,
        footprint,
    )
        .into_pyobject(py)
}

/// Where the ground of (H, W) float32 heights, or of a source, may be at a picture's edge.
fn outline(heights: Arg<'_, '_>) -> PyResult<Outline> {
    if let Ok(source) = heights.cast::<PySource>() {
        let source = source.get();
        return detached_interruptible(heights.py(), |interrupted| source.outline(interrupted));
    }
    let heights = heights.cast::<PyArray<f32, Ix2>>().map_err(PyErr::from)?;
    let [rows, columns] = [heights.shape()[0], heights.shape()[1]];
    if rows < 2 || columns < 2 {
        return Err(invalid(format!(
            "dem must be at least 2 x 2; expected shape (H, W), got ({rows}, {columns}); a surface needs four samples"
        )));
    }
    let borrowed = heights
        .try_readonly()
        .map_err(|refusal| invalid(format!("dem must not be in use: {refusal}")))?;
    attached(|| {
        let heights = borrowed.as_slice()?;
        Ok(Outline::new(heights, columns)?.0)
    })
}

/// As Python writes a tuple of floats.
fn tuple(numbers: &[f64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("{number:?}")).collect();
    format!("({})", numbers.join(", "))
}
