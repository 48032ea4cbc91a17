//! The camera's matrices by themselves.

use numpy::PyArray;
use numpy::ndarray::Ix2;
use pyo3::prelude::*;

use super::arguments::{real, text, vector};
use super::arrays::to_numpy;
use crate::scene::projection::{self, ClipSpace, Mat4};

pub(super) type Matrix<'py> = Bound<'py, PyArray<f32, Ix2>>;
type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// World to view, (4, 4) float32, row-major, for column vectors, right-handed; the view looks along
/// -z.
///
/// Raises InvalidInputError where a component is not finite or `up` is colinear with the view.
#[pyfunction]
pub(super) fn camera_look_at<'py>(
    py: Python<'py>,
    eye: Arg<'_, 'py>,
    target: Arg<'_, 'py>,
    up: Arg<'_, 'py>,
) -> PyResult<Matrix<'py>> {
    matrix(
        py,
        &projection::look_at(vector(eye, "eye")?, vector(target, "target")?, vector(up, "up")?)?,
    )
}

/// View to clip, (4, 4) float32, row-major; gluPerspective's matrix for "gl", its twin with depth
/// in 0..1 for "wgpu".
///
/// `fovy_deg` in (0, 180), `aspect` = width / height > 0, 0 < `znear` < `zfar` in metres. Raises
/// InvalidInputError.
#[pyfunction]
#[pyo3(
    signature = (fovy_deg, aspect, znear, zfar, clip_space=None),
    text_signature = "(fovy_deg, aspect, znear, zfar, clip_space='wgpu')"
)]
pub(super) fn camera_perspective<'py>(
    py: Python<'py>,
    fovy_deg: Arg<'_, 'py>,
    aspect: Arg<'_, 'py>,
    znear: Arg<'_, 'py>,
    zfar: Arg<'_, 'py>,
    clip_space: Option<Arg<'_, 'py>>,
) -> PyResult<Matrix<'py>> {
    matrix(py, &perspective(fovy_deg, aspect, znear, zfar, clip_space)?)
}

/// World to clip, (4, 4) float32: camera_perspective times camera_look_at, multiplied in float64.
#[pyfunction]
#[pyo3(
    signature = (eye, target, up, fovy_deg, aspect, znear, zfar, clip_space=None),
    text_signature = "(eye, target, up, fovy_deg, aspect, znear, zfar, clip_space='wgpu')"
)]
pub(super) fn camera_view_proj<'py>(
    eye: Arg<'_, 'py>,
    target: Arg<'_, 'py>,
    up: Arg<'_, 'py>,
    fovy_deg: Arg<'_, 'py>,
    aspect: Arg<'_, 'py>,
    znear: Arg<'_, 'py>,
    zfar: Arg<'_, 'py>,
    clip_space: Option<Arg<'_, 'py>>,
) -> PyResult<Matrix<'py>> {
    let view =
        projection::look_at(vector(eye, "eye")?, vector(target, "target")?, vector(up, "up")?)?;
    matrix(
        eye.py(),
        &projection::multiply(&perspective(fovy_deg, aspect, znear, zfar, clip_space)?, &view),
    )
}

fn perspective(
    fovy_deg: Arg<'_, '_>,
    aspect: Arg<'_, '_>,
    znear: Arg<'_, '_>,
    zfar: Arg<'_, '_>,
    clip_space: Option<Arg<'_, '_>>,
) -> PyResult<Mat4> {
    Ok(projection::perspective(
        real(fovy_deg, "fovy_deg")?,
        real(aspect, "aspect")?,
        real(znear, "znear")?,
        real(zfar, "zfar")?,
        clip(clip_space)?,
    )?)
}

pub(super) fn clip(name: Option<Arg<'_, '_>>) -> PyResult<ClipSpace> {
    name.map_or(Ok(ClipSpace::Wgpu), |name| Ok(ClipSpace::parse(&text(name, "clip_space")?)?))
}

pub(super) fn matrix<'py>(py: Python<'py>, matrix: &Mat4) -> PyResult<Matrix<'py>> {
    let flat: Vec<f32> = matrix.iter().flatten().map(|cell| *cell as f32).collect();
    to_numpy(py, flat, [4, 4])
}
