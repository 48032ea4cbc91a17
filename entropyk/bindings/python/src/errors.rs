//! Errors become exceptions, in one table.

use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};

use entropyk::Error;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt, PyTimeoutError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyErr, create_exception};

create_exception!(entropyk, EntropykError, PyException, "What all errors of entropyk are.");
create_exception!(entropyk, SolverError, EntropykError, "No solution was found.");
create_exception!(entropyk, ControlSaturationError, SolverError, "What was to be held cannot be.");
create_exception!(
    entropyk,
    FluidError,
    EntropykError,
    "A fluid is unknown, or not described at a state."
);
create_exception!(
    entropyk,
    ComponentError,
    EntropykError,
    "A component was given what it cannot be."
);
create_exception!(entropyk, TopologyError, EntropykError, "A network says too little or too much.");
create_exception!(
    entropyk,
    ValidationError,
    EntropykError,
    "An argument is not what it has to be."
);

/// `TimeoutError` is a `SolverError` and Python's own, which takes two bases: so it is made when
/// the module is.
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

/// What ends a solution though it is no error, as Ctrl-C is, with the thread that it came to, until
/// that solution has ended.
static RAISED: Mutex<Vec<(ThreadId, PyErr)>> = Mutex::new(Vec::new());

/// What a function of Python's raised: an error of ours, or what ends all.
pub(crate) fn failed(py: Python<'_>, error: PyErr, ours: impl FnOnce(&PyErr) -> Error) -> Error {
    if error.is_instance_of::<PyException>(py) {
        return ours(&error);
    }
    end(error);
    Error::Interrupted
}

/// Keeps an exception until the solution has ended that it ends.
fn end(error: PyErr) {
    RAISED.lock().unwrap_or_else(PoisonError::into_inner).push((thread::current().id(), error));
}

/// Whether a signal, as of Ctrl-C, has arrived; what it raised waits to be raised when the solver
/// has come to an end.
pub(crate) fn interrupted() -> bool {
    // a handler of one's own may raise an error of any kind: it ends the work as well
    Python::attach(|py| py.check_signals().map_err(end).is_err())
}

/// What ended all in this thread, if something did: the first of it, if it was asked again.
pub(crate) fn raised() -> Option<PyErr> {
    let mut all = RAISED.lock().unwrap_or_else(PoisonError::into_inner);
    let me = thread::current().id();
    let (mine, others): (Vec<_>, Vec<_>) = all.drain(..).partition(|(thread, _)| *thread == me);
    *all = others;
    mine.into_iter().next().map(|(_, error)| error)
}

/// The same, or in one of the threads that worked for this one.
fn ended() -> PyErr {
    let other = || {
        RAISED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .next()
            .map(|(_, error)| error)
    };
    raised()
        .or_else(other)
        .unwrap_or_else(|| PyKeyboardInterrupt::new_err("interrupted while solving"))
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
        Error::Interrupted => ended(),
        _ => EntropykError::new_err(text),
    }
}

fn timeout(py: Python<'_>, text: String, elapsed_ms: f64) -> PyResult<PyErr> {
    let class = py.import("entropyk._entropyk")?.getattr("TimeoutError")?;
    let exception = class.call1((text,))?;
    exception.setattr("elapsed_ms", elapsed_ms)?;
    Ok(PyErr::from_value(exception))
}

/// A number of things, which is not below the least.
pub(crate) fn count(what: &str, value: i64, least: usize) -> PyResult<usize> {
    usize::try_from(value).ok().filter(|number| *number >= least).ok_or_else(|| {
        raise(Error::Validation(format!("expected {what} of at least {least}, got {value}")))
    })
}

/// An argument that is missing, or one too many: a mistake in the call itself.
pub(crate) fn misuse(text: impl Into<String>) -> PyErr {
    PyValueError::new_err(text.into())
}
