//! Errors become exceptions, in one table.

use entropyk::Error;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt, PyTimeoutError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyErr, create_exception};

create_exception!(entropyk, EntropykError, PyException, "What all errors of entropyk are.");
create_exception!(entropyk, SolverError, EntropykError, "No solution was found.");
create_exception!(entropyk, ControlSaturationError, SolverError, "What was to be held cannot be.");
create_exception!(entropyk, FluidError, EntropykError, "A fluid is unknown, or not described at a state.");
create_exception!(entropyk, ComponentError, EntropykError, "A component was given what it cannot be.");
create_exception!(entropyk, TopologyError, EntropykError, "A network says too little or too much.");
create_exception!(entropyk, ValidationError, EntropykError, "An argument is not what it has to be.");

/// `TimeoutError` is a `SolverError` and Python's own, which takes two bases: so it is made when the module is.
pub(crate) fn timeout_error(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let bases = PyTuple::new(py, [py.get_type::<SolverError>(), py.get_type::<PyTimeoutError>()])?;
    let body = PyDict::new(py);
    body.set_item("__module__", "entropyk")?;
    body.set_item(
        "__doc__",
        "The time allowed for a solution was over; `elapsed_ms` tells how long was tried.",
    )?;
    body.set_item("elapsed_ms", 0.0)?;
    py.get_type::<pyo3::types::PyType>().call1(("TimeoutError", bases, body))
}

/// The exception of an error.
pub(crate) fn raise(error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::Fluid(_) => FluidError::new_err(text),
        Error::Component(_) => ComponentError::new_err(text),
        Error::Topology(_) => TopologyError::new_err(text),
        Error::Validation(_) => ValidationError::new_err(text),
        Error::NonConvergence(_) => SolverError::new_err(text),
        Error::ControlSaturation(_) => ControlSaturationError::new_err(text),
        Error::Timeout { elapsed_ms } => {
            Python::attach(|py| timeout(py, text, elapsed_ms).unwrap_or_else(|e| e))
        }
        Error::Interrupted => Python::attach(|py| {
            PyErr::take(py).unwrap_or_else(|| PyKeyboardInterrupt::new_err("interrupted while solving"))
        }),
        _ => EntropykError::new_err(text),
    }
}

fn timeout(py: Python<'_>, text: String, elapsed_ms: f64) -> PyResult<PyErr> {
    let class = py.import("entropyk._entropyk")?.getattr("TimeoutError")?;
    let exception = class.call1((text,))?;
    exception.setattr("elapsed_ms", elapsed_ms)?;
    Ok(PyErr::from_value(exception))
}

/// An argument that is missing, or one too many: a mistake in the call itself.
pub(crate) fn misuse(text: impl Into<String>) -> PyErr {
    PyValueError::new_err(text.into())
}
