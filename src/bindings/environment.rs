//! What a session runs on, but for the host, of which Python knows more.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::devices::report_dict;
use crate::gpu::{Device, DeviceReport, Limits};

/// All of it that only the device knows.
pub(super) struct Environment {
    report: DeviceReport,
    limits: Limits,
    driver: String,
    validation: bool,
}

impl Environment {
    pub(super) fn of(device: &Device) -> Self {
        let instance = device.instance();
        Self {
            report: device.report().clone(),
            limits: *device.limits(),
            driver: instance.driver().to_string(),
            validation: instance.validates(),
        }
    }

    pub(super) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("vulkan_forge", env!("CARGO_PKG_VERSION"))?;
        dict.set_item("device", report_dict(py, &self.report)?)?;
        dict.set_item("vulkan_library", &self.driver)?;
        let layers: &[&str] = if self.validation { &["VK_LAYER_KHRONOS_validation"] } else { &[] };
        dict.set_item("layers", PyList::new(py, layers)?)?;
        let bounds = PyDict::new(py);
        bounds.set_item("max_image", self.limits.max_image)?;
        bounds.set_item("max_storage_bytes", self.limits.max_storage_bytes)?;
        bounds.set_item("max_groups", PyList::new(py, self.limits.max_groups)?)?;
        bounds.set_item("timestamp_period_ns", self.limits.timestamp_period_ns)?;
        dict.set_item("limits", bounds)?;
        Ok(dict)
    }
}
