//! Errors become exceptions, in one table.

use entropyk::Error;
use pyo3::exceptions::PyValueError;
use pyo3::{PyErr, create_exception, exceptions::PyException};

create_exception!(entropyk, EntropykError, PyException, "What all errors of entropyk are.");
create_exception!(entropyk, FluidError, EntropykError, "A fluid is unknown, or not described at a state.");
create_exception!(entropyk, ValidationError, EntropykError, "An argument is not what it has to be.");

/// The exception of an error.
pub(crate) fn raise(error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::Fluid(_) => FluidError::new_err(text),
        Error::Validation(_) => ValidationError::new_err(text),
        _ => EntropykError::new_err(text),
    }
}

/// An argument that is missing, or one too many: a mistake in the call itself.
pub(crate) fn misuse(text: impl Into<String>) -> PyErr {
    PyValueError::new_err(text.into())
}
