//! The engine as Python holds it, and a picture in one call.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{real, side, size, text};
use super::devices::request;
use super::engines;
use super::errors::{detached, detached_interruptible, invalid};
use super::picture::PyPicture;
use super::source::Given;
use super::strips::PyStrips;
use crate::gpu::Workshop;
use crate::render::{Aov, Engine, Ground, Layer, Wanted};
use crate::scene::Scene;
use crate::scene::view::colour_range;

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

    /// Uploads, draws, forgets the terrain. `words`: those of [`order`].
    #[pyo3(signature = (heights, *, aovs, **words))]
    fn render(
        &self,
        py: Python<'_>,
        heights: Arg<'_, '_>,
        aovs: Arg<'_, '_>,
        words: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyPicture> {
        let aovs = self::aovs(aovs)?;
        let order = order(heights, words)?;
        let drawing = detached_interruptible(py, |interrupted| {
            let Order { mut ground, scene, layers, size } = order(&self.0, interrupted)?;
            let wanted = Wanted { size, depth: true, aovs: &aovs };
            self.0.picture(&mut ground, &scene, &layers, &wanted, interrupted)
        })?;
        PyPicture::of(py, drawing)
    }

    /// The same picture in strips, of `most_rows` rows each at most.
    #[pyo3(signature = (heights, *, most_rows=None, **words))]
    fn strips(
        &self,
        py: Python<'_>,
        heights: Arg<'_, '_>,
        most_rows: Option<Arg<'_, '_>>,
        words: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyStrips> {
        let most_rows = most_rows.map_or(Ok(u32::MAX), |rows| side(rows, "most_rows"))?;
        let order = order(heights, words)?;
        let order = detached_interruptible(py, |interrupted| order(&self.0, interrupted))?;
        PyStrips::new(py, self.0.clone(), order, most_rows)
    }
}

/// What to draw.
pub(super) struct Order {
    pub(super) ground: Ground,
    pub(super) scene: Scene,
    pub(super) layers: Vec<Arc<Layer>>,
    pub(super) size: [u32; 2],
}

/// Reads a DEM and what goes with it: size, spacing, vert_exag, vmin, vmax and layers are words of their own, the others are options of
/// `options.rs`. The rest of the work is for a detached thread.
fn order(
    heights: Arg<'_, '_>,
    words: Option<&Bound<'_, PyDict>>,
) -> PyResult<impl FnOnce(&Engine, &dyn Fn() -> bool) -> crate::Result<Order> + Send> {
    let options = words.map_or_else(|| Ok(PyDict::new(heights.py())), |words| words.copy())?;
    let take = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
        let value = options.get_item(name)?;
        if value.is_some() {
            options.del_item(name)?;
        }
        Ok(value.filter(|value| !value.is_none()))
    };
    let given = |name: &str| {
        take(name)?.ok_or_else(|| invalid(format!("{name} must be given; got None; see help(render)")))
    };
    let size = self::size(&given("size")?)?;
    let spacing = super::arguments::spacing(take("spacing")?.as_ref())?;
    let exaggeration = real(&given("vert_exag")?, "vert_exag")?;
    let end = |name: &str| take(name)?.map(|height| real(&height, name)).transpose();
    let ends = [end("vmin")?, end("vmax")?];
    let layers = super::layers::layers(take("layers")?.as_ref())?;
    let mut scene = super::options::scene(Some(&options))?;
    let given = Given::read(heights, "dem")?;
    Ok(move |engine: &Engine, interrupted: &dyn Fn() -> bool| {
        let ground = given.into_ground(engine, spacing, exaggeration, interrupted)?;
        scene.range = colour_range(ends, ground.field().range())?;
        Ok(Order { ground, scene, layers, size })
    })
}

/// Lets go of all engines that nothing uses, while the interpreter still stands.
#[pyfunction]
pub(super) fn _forget_engines(py: Python<'_>) -> PyResult<()> {
    detached(py, || {
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
