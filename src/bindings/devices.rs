//! Which devices there are, and which one is wanted.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString, PyTuple, PyType};

use super::arguments::{flag, got, side, text, whole};
use super::errors::{detached, detached_interruptible, invalid};
use super::picture::rgba_array;
use crate::error::Error;
use crate::gpu::{self, DeviceKind, DeviceReport, DeviceRequest, Selector};
use crate::image_file;
use crate::render::Engine;
use crate::scene::layers::by_name;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Picture<'py> = Bound<'py, numpy::PyArray3<u8>>;

/// `prefer_software=` for a whole process.
const PREFER_SOFTWARE_VARIABLE: &str = "VULKAN_FORGE_PREFER_SOFTWARE";

/// `device=` and `prefer_software=` as one request.
pub(super) fn request(
    device: Option<Arg<'_, '_>>,
    prefer_software: Option<Arg<'_, '_>>,
) -> PyResult<DeviceRequest> {
    let selector = match device {
        None => None,
        Some(value) if value.is_instance_of::<PyString>() => {
            Some(match text(value, "device")?.as_str() {
                "gpu" => Selector::Gpu,
                "software" => Selector::Software,
                "" => return Err(wrong_device(value)),
                name => Selector::Name(name.into()),
            })
        }
        Some(value) if value.is_instance_of::<PyBool>() => return Err(wrong_device(value)),
        Some(value) => {
            let index =
                whole(value, "device", 0, u32::MAX.into()).map_err(|_| wrong_device(value))?;
            Some(Selector::Index(index as usize))
        }
    };
    let wanted = prefer_software.map_or(Ok(false), |value| flag(value, "prefer_software"))?;
    let everywhere = std::env::var_os(PREFER_SOFTWARE_VARIABLE)
        .is_some_and(|value| !value.is_empty() && value != "0");
    Ok(DeviceRequest { selector, prefer_software: wanted || everywhere, windows: false })
}

fn wrong_device(value: &Bound<'_, PyAny>) -> PyErr {
    invalid(format!(
        "device must be None, an index in devices(), a part of a name, \"gpu\" or \"software\"; got {}; \
         pass e.g. device=0",
        got(value)
    ))
}

/// All that a `DeviceReport` has, in its order.
type Parts = (usize, String, String, String, String, u64, u32, Option<String>);

/// One Vulkan device that was found, usable or not.
#[pyclass(frozen, module = "vulkan_forge", name = "DeviceInfo")]
pub(super) struct PyDeviceInfo(DeviceReport);

#[pymethods]
impl PyDeviceInfo {
    /// Its number for ``device=``.
    #[getter]
    fn index(&self) -> usize {
        self.0.index
    }

    /// As its driver calls it.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// One of "discrete", "integrated", "virtual", "cpu", "other".
    #[getter]
    fn kind(&self) -> &'static str {
        self.0.kind.name()
    }

    /// Of Vulkan: "major.minor.patch".
    #[getter]
    fn api_version(&self) -> &str {
        &self.0.api_version
    }

    /// Name and version.
    #[getter]
    fn driver(&self) -> &str {
        &self.0.driver
    }

    /// Bytes of device-local memory.
    #[getter]
    fn memory_bytes(&self) -> u64 {
        self.0.memory_bytes
    }

    /// Longest side of a DEM, in samples.
    #[getter]
    fn max_image(&self) -> u32 {
        self.0.max_image
    }

    /// Why it cannot be used; None where it can.
    #[getter]
    fn refused(&self) -> Option<&str> {
        self.0.refused.as_deref()
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let report = slf.get().0.clone();
        let parts: Parts = (
            report.index,
            report.name,
            report.kind.name().into(),
            report.api_version,
            report.driver,
            report.memory_bytes,
            report.max_image,
            report.refused,
        );
        Ok((slf.get_type().getattr("_of")?, (parts,).into_pyobject(slf.py())?))
    }

    /// One of the parts of another, perhaps in another process.
    #[classmethod]
    fn _of(_class: &Bound<'_, PyType>, parts: Parts) -> PyResult<Self> {
        let (index, name, kind, api_version, driver, memory_bytes, max_image, refused) = parts;
        let kind = by_name(&kind, "kind", &DeviceKind::ALL.map(|kind| (kind.name(), kind)))?;
        Ok(Self(DeviceReport {
            index,
            name,
            kind,
            api_version,
            driver,
            memory_bytes,
            max_image,
            refused,
        }))
    }

    fn __repr__(&self) -> String {
        let DeviceReport { index, name, kind, api_version, refused, .. } = &self.0;
        let verdict = refused.as_ref().map_or(String::new(), |why| format!(", refused: {why}"));
        format!(
            "<vulkan_forge.DeviceInfo {index}: {name} ({}, Vulkan {api_version}){verdict}>",
            kind.name()
        )
    }
}

/// A report as a JSON-able dict.
pub(super) fn report_dict<'py>(
    py: Python<'py>,
    report: &DeviceReport,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("index", report.index)?;
    dict.set_item("name", &report.name)?;
    dict.set_item("kind", report.kind.name())?;
    dict.set_item("api_version", &report.api_version)?;
    dict.set_item("driver", &report.driver)?;
    dict.set_item("memory_bytes", report.memory_bytes)?;
    dict.set_item("max_image", report.max_image)?;
    dict.set_item("refused", report.refused.as_deref())?;
    Ok(dict)
}

/// Nothing where there is no Vulkan at all: that is an answer, not a failure.
fn found(py: Python<'_>) -> PyResult<Vec<DeviceReport>> {
    detached(py, || match gpu::reports() {
        Err(Error::NoDevice(reason)) => {
            log::info!("{reason}");
            Ok(Vec::new())
        }
        found => found,
    })
}

/// Every Vulkan device, usable or not, in the order of ``device=`` indices: the system's, and where
/// none of them is usable that of the ``software`` extra; empty where there is no Vulkan at all.
#[pyfunction]
pub(super) fn devices(py: Python<'_>) -> PyResult<Vec<PyDeviceInfo>> {
    Ok(found(py)?.into_iter().map(PyDeviceInfo).collect())
}

/// `devices` as a list of JSON-able dicts.
#[pyfunction]
pub(super) fn enumerate_adapters(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    found(py)?.iter().map(|report| report_dict(py, report)).collect()
}

/// Try a device: {"status": "ok" or "unavailable", "backend", "device" (as in `enumerate_adapters`)
/// or "message"}.
///
/// `backend` is None or "vulkan", the only one there is. Never raises for want of a device.
#[pyfunction]
#[pyo3(signature = (backend=None))]
pub(super) fn device_probe<'py>(
    py: Python<'py>,
    backend: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyDict>> {
    if let Some(backend) = backend
        && !text(backend, "backend")?.eq_ignore_ascii_case("vulkan")
    {
        return Err(invalid(format!(
            "backend must be None or \"vulkan\"; got {}; pass None",
            got(backend)
        )));
    }
    let request = request(None, None)?;
    let dict = PyDict::new(py);
    dict.set_item("backend", "vulkan")?;
    match detached(py, || Ok(Engine::new(&request)?.device().report().clone())) {
        Ok(report) => {
            dict.set_item("status", "ok")?;
            dict.set_item("device", report_dict(py, &report)?)?;
        }
        Err(error) => {
            dict.set_item("status", "unavailable")?;
            dict.set_item("message", error.value(py).to_string())?;
        }
    }
    Ok(dict)
}

fn triangle(py: Python<'_>, size: [u32; 2]) -> PyResult<Vec<u8>> {
    let request = request(None, None)?;
    detached_interruptible(py, |interrupted| {
        super::engines::engine(&request)?.triangle(size, interrupted)
    })
}

/// A fixed smoke picture, (h, w, 4) uint8, on the default device. Raises InvalidInputError,
/// NoDeviceError.
#[pyfunction]
#[pyo3(signature = (w, h), text_signature = "(w, h)")]
pub(super) fn render_triangle_rgba<'py>(
    py: Python<'py>,
    w: Arg<'_, 'py>,
    h: Arg<'_, 'py>,
) -> PyResult<Picture<'py>> {
    let size = [side(w, "w")?, side(h, "h")?];
    rgba_array(py, triangle(py, size)?, size)
}

/// The smoke picture as a PNG, whole or not at all. Raises InvalidInputError, NoDeviceError,
/// ImageFileError.
#[pyfunction]
#[pyo3(signature = (path, w, h), text_signature = "(path, w, h)")]
pub(super) fn render_triangle_png(
    py: Python<'_>,
    path: Arg<'_, '_>,
    w: Arg<'_, '_>,
    h: Arg<'_, '_>,
) -> PyResult<()> {
    let path = super::arguments::path(path)?;
    let size = [side(w, "w")?, side(h, "h")?];
    let rgba = triangle(py, size)?;
    detached(py, || image_file::write_png(&path, &rgba, size[0], size[1], 4))
}

/// Validation messages of this process since the last call.
#[pyfunction]
pub(super) fn _take_validation_messages() -> Vec<String> {
    gpu::take_messages()
}

/// Breaks a rule of Vulkan on purpose, to prove that validation sees it.
#[pyfunction]
pub(super) fn _provoke_validation_message(py: Python<'_>) -> PyResult<()> {
    let request = request(None, None)?;
    detached(py, || gpu::provoke_message(Engine::new(&request)?.device()))
}
