//! The engine as Python holds it, and a picture in one call.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{side, text};
use super::devices::request;
use super::errors::{detached, detached_interruptible, invalid};
use super::order::{Order, order};
use super::picture::PyPicture;
use super::strips::PyStrips;
use super::{engines, leaving};
use crate::gpu::Workshop;
use crate::render::{Aov, Engine, Strip, Wanted};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// This process's one engine for a device. Internal.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Engine")]
pub(super) struct PyEngine(Arc<Engine>);

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
        Ok(Self(detached(py, || engines::engine(&request))?))
    }

    /// Uploads, draws, forgets the terrain. `words`: those of [`order`]. A picture without `depth`
    /// does not know where its pixels lie.
    #[pyo3(signature = (heights, *, aovs, depth=true, **words))]
    fn render(
        &self,
        py: Python<'_>,
        heights: Arg<'_, '_>,
        aovs: Arg<'_, '_>,
        depth: bool,
        words: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyPicture> {
        let aovs = self::aovs(aovs)?;
        let order = order(heights, words)?;
        let drawing = detached_interruptible(py, |interrupted| {
            let Order { mut ground, scene, layers, size } = order(&self.0, interrupted)?;
            let wanted = Wanted { size, depth, aovs: &aovs };
            self.0.picture(&mut ground, &scene, &layers, &wanted, interrupted)
        })?;
        PyPicture::of(py, drawing)
    }

    /// The same picture in strips, of `most_rows` rows each at most; of `rows` from the first to
    /// before the last, or of all.
    #[pyo3(signature = (heights, *, most_rows=None, rows=None, **words))]
    fn strips(
        &self,
        py: Python<'_>,
        heights: Arg<'_, '_>,
        most_rows: Option<Arg<'_, '_>>,
        rows: Option<(u32, u32)>,
        words: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyStrips> {
        let most_rows = most_rows.map_or(Ok(u32::MAX), |rows| side(rows, "most_rows"))?;
        let order = order(heights, words)?;
        let order = detached_interruptible(py, |interrupted| order(&self.0, interrupted))?;
        let (first, end) = rows.unwrap_or((0, order.size[1]));
        PyStrips::new(py, self.0.clone(), order, Strip { rows: first..end, most_rows })
    }
}

/// Has threads that the process leaves behind stop their work, and lets go of all engines that
/// nothing uses, while the interpreter still stands.
#[pyfunction]
pub(super) fn _leave(py: Python<'_>) -> PyResult<()> {
    detached(py, || {
        leaving::leave();
        engines::forget();
        Ok(())
    })
}

/// How many engines this process keeps.
#[pyfunction]
pub(super) fn _engine_count() -> usize {
    engines::count()
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
