//! Tables of fluids.

use std::sync::{Arc, Mutex, PoisonError};

use entropyk::fluids::{self as ek, Backend};
use pyo3::prelude::*;
use pyo3::types::{PyWeakrefMethods, PyWeakrefReference};

use crate::again::Call;
use crate::fluids::{Fluid, State, single};

/// The objects that [`Table::shared`] gave.
static SHARED: Mutex<Vec<Py<PyWeakrefReference>>> = Mutex::new(Vec::new());

#[pyclass(frozen, weakref, module = "entropyk")]
pub(crate) struct Table {
    pub(crate) inner: Arc<ek::Table>,
}

impl Table {
    /// The one object of a table while it lives: a pickle tells objects apart, and what is twice in
    /// it would be found twice when it is read.
    pub(crate) fn shared<'py>(
        py: Python<'py>,
        inner: &Arc<ek::Table>,
    ) -> PyResult<Bound<'py, Self>> {
        // Made before the lock is taken: with that held, nothing that may run other code.
        let made = Bound::new(py, Self { inner: inner.clone() })?;
        let weak = PyWeakrefReference::new(&made)?.unbind();
        let mut all = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        all.retain(|known| {
            let object = known.bind(py).upgrade().and_then(|o| o.cast_into::<Self>().ok());
            let lives = object.is_some();
            found = found.take().or(object.filter(|o| Arc::ptr_eq(&o.get().inner, inner)));
            lives
        });
        Ok(found.unwrap_or_else(|| {
            all.push(weak);
            made
        }))
    }
}

#[pymethods]
impl Table {
    /// By the fluid and its size: what it holds is found again.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Call<'py>> {
        let (name, size) = self.inner.of();
        let fluid = Bound::new(py, Fluid::new(py, name)?)?;
        Ok((fluid.getattr("table")?, (size,).into_pyobject(py)?))
    }

    fn __copy__(&self) -> Self {
        Self { inner: self.inner.clone() }
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.__copy__()
    }

    #[pyo3(signature = (*, p=None, T=None, h=None, s=None))]
    #[allow(non_snake_case)]
    fn state(
        &self,
        p: Option<f64>,
        T: Option<f64>,
        h: Option<f64>,
        s: Option<f64>,
    ) -> PyResult<State> {
        single(&*self.inner, p, T, h, s)
    }

    #[getter]
    fn name(&self) -> &str {
        Backend::name(&*self.inner)
    }

    #[getter]
    fn errors(&self) -> [(&'static str, f64); 3] {
        let e = self.inner.errors;
        [("T", e.t), ("s", e.s), ("rho", e.rho)]
    }

    fn __repr__(&self) -> String {
        let e = self.inner.errors;
        format!("Table({:?}, off by up to {:.1e} K)", self.name(), e.t)
    }
}
