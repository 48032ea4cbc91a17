//! Solvers, as settings with a method `solve`.

use std::sync::Mutex;

use entropyk::network::System as Network;
use entropyk::solver as ek;
use numpy::{PyArray1, PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::again::{Keywords, keywords};
use crate::errors::{count, interrupted, misuse, raise};
use crate::solution::Solution;
use crate::system::System;

/// The logger `entropyk`, looked up once.
fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        PyResult::Ok(logging.call_method1("getLogger", ("entropyk",))?.unbind())
    })?;
    Ok(made.bind(py))
}

/// Tells the logger how a solution was found, if it listens; what was not found is an exception.
fn tell(py: Python<'_>, report: &ek::Report, way: ek::Way) -> PyResult<()> {
    const DEBUG: i32 = 10;
    let logger = logger(py)?;
    if !logger.call_method1("isEnabledFor", (DEBUG,))?.is_truthy()? {
        return Ok(());
    }
    let last = report.residuals.last().copied().unwrap_or_default();
    let (way, n) = (way.name(), report.iterations);
    let text = format!("solved by {way} in {n} iterations; the last residual was {last:.1e}");
    logger.call_method1("log", (DEBUG, "%s", text))?;
    Ok(())
}

/// A map of one output over two inputs.
#[pyfunction]
#[pyo3(signature = (system, over, output, *, solver=None))]
pub(crate) fn sweep<'py>(
    py: Python<'py>,
    system: &Bound<'py, System>,
    over: &Bound<'py, PyDict>,
    output: &str,
    solver: Option<&Bound<'py, NewtonConfig>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let config = solver.map_or_else(ek::NewtonConfig::default, |s| s.get().inner);
    let system = system.get();
    let names = system.names(py)?;
    let axes: Vec<(usize, Vec<f64>)> = over
        .iter()
        .map(|(name, values)| {
            let values: Vec<f64> =
                values.try_iter()?.map(|v| v?.extract()).collect::<PyResult<_>>()?;
            Ok((names.place(&name.extract::<String>()?)?, values))
        })
        .collect::<PyResult<_>>()?;
    let [across, down] = axes.as_slice() else {
        return Err(misuse(format!(
            "expected two inputs, {{name along columns: values, name along rows: values}}, got {}",
            axes.len()
        )));
    };
    let output = names.output(output)?;
    let map = py
        .detach(|| {
            let model = system.detached()?.model()?.clone();
            ek::sweep(
                &model,
                &config,
                (across.0, &across.1),
                (down.0, &down.1),
                &output,
                &interrupted,
            )
        })
        .map_err(raise)?;
    PyArray1::from_vec(py, map).reshape([down.1.len(), across.1.len()])
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct NewtonConfig {
    inner: ek::NewtonConfig,
}

#[pymethods]
impl NewtonConfig {
    #[new]
    #[pyo3(signature = (*, max_iterations=60, tolerance=1e-8, timeout=None))]
    fn new(max_iterations: i64, tolerance: f64, timeout: Option<f64>) -> PyResult<Self> {
        let max_iterations = count("max_iterations", max_iterations, 1)?;
        let inner = ek::NewtonConfig { max_iterations, tolerance, timeout };
        Ok(Self { inner: inner.checked().map_err(raise)? })
    }

    fn solve(&self, py: Python<'_>, system: &Bound<'_, System>) -> PyResult<Solution> {
        solution(py, system.get(), |inner| {
            Ok((ek::solve(self.inner, inner, &interrupted)?, ek::Way::Newton))
        })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let c = &self.inner;
        let (none, named) =
            keywords(py, [("tolerance", Some(c.tolerance)), ("timeout", c.timeout)])?;
        named.set_item("max_iterations", c.max_iterations)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        let c = &self.inner;
        let timeout = c.timeout.map_or("None".to_owned(), |t| t.to_string());
        format!(
            "NewtonConfig(max_iterations={}, tolerance={}, timeout={timeout})",
            c.max_iterations, c.tolerance
        )
    }
}

/// Solves with the interpreter released, and copies what was found.
fn solution(
    py: Python<'_>,
    system: &System,
    solve: impl FnOnce(&mut Network) -> entropyk::Result<(ek::Report, ek::Way)> + Send,
) -> PyResult<Solution> {
    let names = system.names(py)?;
    let found = py.detach(|| {
        let mut inner = system.detached()?;
        let (report, way) = solve(&mut inner)?;
        let values: Vec<f64> = inner.model()?.variables.iter().map(|v| v.value).collect();
        Ok::<_, entropyk::Error>((report, way, values))
    });
    let (report, way, values) = found.map_err(raise)?;
    tell(py, &report, way)?;
    Ok(Solution {
        names,
        values,
        iterations: report.iterations,
        way: way.name(),
        history: Mutex::new(report.residuals),
        vector: PyOnceLock::new(),
        residuals: PyOnceLock::new(),
    })
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct PicardConfig {
    inner: ek::PicardConfig,
}

#[pymethods]
impl PicardConfig {
    #[new]
    #[pyo3(signature = (*, max_iterations=300, tolerance=1e-9, memory=4, damping=0.5, timeout=None))]
    fn new(
        max_iterations: i64,
        tolerance: f64,
        memory: i64,
        damping: f64,
        timeout: Option<f64>,
    ) -> PyResult<Self> {
        let max_iterations = count("max_iterations", max_iterations, 1)?;
        let memory = count("memory", memory, 0)?;
        let inner = ek::PicardConfig { max_iterations, tolerance, memory, damping, timeout };
        Ok(Self { inner: inner.checked().map_err(raise)? })
    }

    fn solve(&self, py: Python<'_>, system: &Bound<'_, System>) -> PyResult<Solution> {
        solution(py, system.get(), |inner| {
            Ok((ek::solve(self.inner, inner, &interrupted)?, ek::Way::Picard))
        })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let c = &self.inner;
        let (tolerance, damping) = (Some(c.tolerance), Some(c.damping));
        let (none, named) =
            keywords(py, [("tolerance", tolerance), ("damping", damping), ("timeout", c.timeout)])?;
        named.set_item("max_iterations", c.max_iterations)?;
        named.set_item("memory", c.memory)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        let c = &self.inner;
        let timeout = c.timeout.map_or("None".to_owned(), |t| t.to_string());
        format!(
            "PicardConfig(max_iterations={}, tolerance={}, memory={}, damping={}, timeout={timeout})",
            c.max_iterations, c.tolerance, c.memory, c.damping
        )
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct FallbackConfig {
    inner: ek::FallbackConfig,
}

#[pymethods]
impl FallbackConfig {
    #[new]
    #[pyo3(signature = (*, newton=None, picard=None, steps=8))]
    fn new(
        newton: Option<&Bound<'_, NewtonConfig>>,
        picard: Option<&Bound<'_, PicardConfig>>,
        steps: i64,
    ) -> PyResult<Self> {
        let steps = u32::try_from(count("steps", steps, 1)?).unwrap_or(u32::MAX);
        let newton = newton.map_or_else(ek::NewtonConfig::default, |n| n.get().inner);
        let picard = picard.map_or_else(ek::PicardConfig::default, |p| p.get().inner);
        let inner = ek::FallbackConfig { newton, picard, steps };
        Ok(Self { inner: inner.checked().map_err(raise)? })
    }

    fn solve(&self, py: Python<'_>, system: &Bound<'_, System>) -> PyResult<Solution> {
        solution(py, system.get(), |inner| self.inner.solve(inner, &interrupted))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let (none, named) = keywords(py, [("steps", self.inner.steps)])?;
        named.set_item("newton", Bound::new(py, NewtonConfig { inner: self.inner.newton })?)?;
        named.set_item("picard", Bound::new(py, PicardConfig { inner: self.inner.picard })?)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        format!("FallbackConfig(steps={})", self.inner.steps)
    }
}
