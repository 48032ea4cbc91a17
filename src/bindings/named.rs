//! Keyword arguments of internal functions that have more of them than one sees at a glance.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::real;
use super::errors::invalid;

/// What was passed by name, of names that the function knows.
pub(super) struct Named<'a, 'py>(Option<&'a Bound<'py, PyDict>>);

impl<'a, 'py> Named<'a, 'py> {
    /// Refuses names that are none of `known`.
    pub(super) fn new(given: Option<&'a Bound<'py, PyDict>>, known: &[&str]) -> PyResult<Self> {
        for (name, _) in given.into_iter().flatten() {
            let name = name.extract::<String>()?;
            if !known.contains(&name.as_str()) {
                return Err(invalid(format!(
                    "arguments must be {}; got {name:?}; leave it out",
                    known.join(", ")
                )));
            }
        }
        Ok(Self(given))
    }

    /// The value called `name`; None where it is None or left out.
    pub(super) fn get(&self, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found = self.0.map(|given| given.get_item(name)).transpose()?.flatten();
        Ok(found.filter(|value| !value.is_none()))
    }

    /// The value called `name`, which must be there, be it None.
    pub(super) fn needed(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let found = self.0.map(|given| given.get_item(name)).transpose()?.flatten();
        found.ok_or_else(|| invalid(format!("{name} must be given; got nothing; pass a value")))
    }

    /// A real number.
    pub(super) fn real(&self, name: &str) -> PyResult<f64> {
        real(&self.needed(name)?, name)
    }
}
