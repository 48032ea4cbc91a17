//! Layers of a `Renderer`. What they are made of is Python's: `vulkan_forge.vector`.

use pyo3::prelude::*;
use pyo3::types::PyList;

use super::arguments::real;
use super::renderer::PyRenderer;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

#[pymethods]
impl PyRenderer {
    /// Draw a layer too, from now on: `Labels` and the like. Returns a `LayerHandle` with ``update`` and ``remove``.
    ///
    /// Its coordinates are world metres: a session knows no others. `dpi` is for lengths such as "9pt": pixels an inch. Raises
    /// InvalidInputError: no layer, or one in a coordinate system.
    #[pyo3(signature = (layer, *, dpi=None), text_signature = "($self, layer, *, dpi=96.0)")]
    fn add<'py>(
        slf: &Bound<'py, Self>,
        layer: Arg<'_, 'py>,
        dpi: Option<Arg<'_, 'py>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let dpi = dpi.map_or_else(|| Ok(96.0), |dpi| real(dpi, "dpi"))?;
        slf.py().import("vulkan_forge.vector._session")?.getattr("add")?.call1((slf, layer, dpi))
    }

    /// The layers that were added, as `vulkan_forge.vector` keeps them.
    #[getter]
    fn _layers<'py>(&self, py: Python<'py>) -> Bound<'py, PyList> {
        self.layers.bind(py).clone()
    }

    /// Layers of labels in place of those that are there: a sequence of LabelLayer. Internal.
    fn _set_labels(&self, py: Python<'_>, labels: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "labels", Some(labels))
    }
}
