//! Solvers, as settings with a method `solve`.

use std::sync::Mutex;

use entropyk::solver as ek;
use pyo3::prelude::*;

use crate::errors::raise;
use crate::system::{Solution, System};

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct NewtonConfig {
    inner: ek::NewtonConfig,
}

#[pymethods]
impl NewtonConfig {
    #[new]
    #[pyo3(signature = (*, max_iterations=60, tolerance=1e-8, timeout=None))]
    fn new(max_iterations: usize, tolerance: f64, timeout: Option<f64>) -> PyResult<Self> {
        let inner = ek::NewtonConfig { max_iterations, tolerance, timeout };
        Ok(Self { inner: inner.checked().map_err(raise)? })
    }

    fn solve(&self, py: Python<'_>, system: &Bound<'_, System>) -> PyResult<Solution> {
        let system = system.get();
        let names = system.names()?;
        let interrupted = || Python::attach(|py| py.check_signals().map_err(|e| e.restore(py)).is_err());
        let (report, values) = py
            .detach(|| {
                let mut inner = system.lock();
                let model = inner.model()?;
                let report = self.inner.solve(model, &interrupted)?;
                let values: Vec<f64> = model.variables.iter().map(|v| v.value).collect();
                Ok::<_, entropyk::Error>((report, values))
            })
            .map_err(raise)?;
        Ok(Solution {
            names,
            values,
            iterations: report.iterations,
            history: Mutex::new(report.residuals),
            vector: Mutex::new(None),
            residuals: Mutex::new(None),
        })
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
