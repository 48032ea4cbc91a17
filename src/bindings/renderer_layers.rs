//! Layers and the drape of a `Renderer`. What they are made of is Python's: `vulkan_forge.vector`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::arguments::real;
use super::renderer::PyRenderer;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

type Words<'a, 'py> = &'a Bound<'py, PyDict>;
type Added<'py> = PyResult<Bound<'py, PyAny>>;

/// Adds a layer of this kind, made of its data and words.
fn added<'py>(
    renderer: &Bound<'py, PyRenderer>,
    kind: &str,
    data: impl pyo3::call::PyCallArgs<'py>,
    words: Option<Words<'_, 'py>>,
) -> Added<'py> {
    let layer = renderer.py().import("vulkan_forge.vector")?.getattr(kind)?.call(data, words)?;
    PyRenderer::add(renderer, &layer, None)
}

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

    /// ``add(Lines(data, ...))``; `words` are those of `Lines`.
    #[pyo3(signature = (data, **words))]
    fn add_lines<'py>(
        slf: &Bound<'py, Self>,
        data: Arg<'_, 'py>,
        words: Option<Words<'_, 'py>>,
    ) -> Added<'py> {
        added(slf, "Lines", (data,), words)
    }

    /// ``add(Polygons(data, ...))``; `words` are those of `Polygons`.
    #[pyo3(signature = (data, **words))]
    fn add_polygons<'py>(
        slf: &Bound<'py, Self>,
        data: Arg<'_, 'py>,
        words: Option<Words<'_, 'py>>,
    ) -> Added<'py> {
        added(slf, "Polygons", (data,), words)
    }

    /// ``add(Points(data, ...))``; `words` are those of `Points`.
    #[pyo3(signature = (data, **words))]
    fn add_points<'py>(
        slf: &Bound<'py, Self>,
        data: Arg<'_, 'py>,
        words: Option<Words<'_, 'py>>,
    ) -> Added<'py> {
        added(slf, "Points", (data,), words)
    }

    /// ``add(Graph(nodes, edges, ...))``; `words` are those of `Graph`.
    #[pyo3(signature = (nodes, edges, **words))]
    fn add_graph<'py>(
        slf: &Bound<'py, Self>,
        nodes: Arg<'_, 'py>,
        edges: Arg<'_, 'py>,
        words: Option<Words<'_, 'py>>,
    ) -> Added<'py> {
        added(slf, "Graph", (nodes, edges), words)
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

    /// Things in space in place of those that are there: a sequence of SpaceLayer. Internal.
    fn _set_things(&self, py: Python<'_>, things: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "things", Some(things))
    }

    /// Put these `GroundLayer` on the ground, in place of those that are there: by zorder, then as given. Internal.
    fn _set_ground_layers(&self, py: Python<'_>, layers: Arg<'_, '_>) -> PyResult<()> {
        let layers = super::layers::layers(Some(layers))?;
        self.set(py, |session| session.set_layers(layers))
    }

    /// Lay an image on the ground, in place of one that is there; None takes it away.
    ///
    /// `drape` is a `Drape`, or whatever one can be made of. Raises InvalidInputError, ImageFileError.
    fn set_drape(&self, py: Python<'_>, drape: Option<Arg<'_, '_>>) -> PyResult<()> {
        let resolve = py.import("vulkan_forge._drape")?.getattr("for_session")?;
        let laid = drape.map(|drape| resolve.call1((drape,))).transpose()?;
        self.option(py, "drape", laid.as_ref())
    }
}
