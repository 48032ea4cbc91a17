//! What a value may follow from: sums, products, lines, surfaces, functions.

use std::sync::Arc;

use entropyk::components as core;
use entropyk::network::Formula;
use entropyk::{Error, Result};
use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyTuple};

use crate::again::Keywords;
use crate::errors::{failed, raise};

/// What a sum or a product is of: its own, for the caller's dict may change.
struct Terms(Vec<(String, f64)>);

impl<'py> FromPyObject<'_, 'py> for Terms {
    type Error = PyErr;

    fn extract(of: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let pairs = of.cast::<PyDict>()?.iter();
        pairs
            .map(|(name, number)| Ok((name.extract()?, number.extract()?)))
            .collect::<PyResult<_>>()
            .map(Self)
    }
}

impl<'py> IntoPyObject<'py> for &Terms {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.iter().map(|(name, number)| (name, *number)).into_py_dict(py)
    }
}

/// What a value follows from; its kinds are the classes below.
#[pyclass(frozen, subclass, module = "entropyk")]
pub(crate) struct Relation {
    pub(crate) inner: Formula,
    /// What its constructor was given.
    told: Py<PyDict>,
}

#[pymethods]
impl Relation {
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> Keywords<'py> {
        (PyTuple::empty(py), self.told.bind(py).clone())
    }
}

macro_rules! formula {
    ($name:ident, ($($arg:ident: $type:ty),*), $signature:tt, $make:expr) => {
        #[pyclass(frozen, extends = Relation, module = "entropyk")]
        pub(crate) struct $name;

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = $signature)]
            fn new(py: Python<'_>, $($arg: $type),*) -> PyResult<PyClassInitializer<Self>> {
                let told = PyDict::new(py);
                $(told.set_item(stringify!($arg), &$arg)?;)*
                let (inner, told) = ($make, told.unbind());
                Ok(PyClassInitializer::from(Relation { inner, told }).add_subclass($name))
            }
        }
    };
}

formula!(Sum, (of: Terms), (of), Formula::Sum(of.0));
formula!(
    Product,
    (of: Terms, factor: f64),
    (of, *, factor = 1.0),
    Formula::Product(factor, of.0)
);
formula!(
    Curve,
    (of: String, x: Vec<f64>, y: Vec<f64>, extrapolate: bool),
    (of, x, y, *, extrapolate = false),
    Formula::Curve(of, Arc::new(core::Curve::new(x, y, extrapolate).map_err(raise)?))
);
formula!(
    Surface,
    (of: [String; 2], x: Vec<f64>, y: Vec<Vec<f64>>, z: Vec<Vec<f64>>, extrapolate: bool),
    (of, x, y, z, *, extrapolate = false),
    Formula::Surface(of, Arc::new(core::Surface::new(x, y, z, extrapolate).map_err(raise)?))
);
formula!(
    Zero,
    (of: Vec<String>, function: Py<PyAny>),
    (of, function),
    Formula::Function(of, Arc::new(Called(function)))
);

/// A function of Python, called with the interpreter held.
#[derive(Debug)]
struct Called(Py<PyAny>);

impl core::Function for Called {
    fn at(&self, x: &[f64]) -> Result<f64> {
        let value = Python::attach(|py| {
            let call = || self.0.bind(py).call1(PyTuple::new(py, x)?)?.extract::<f64>();
            let ours =
                |e: &PyErr| Error::NonConvergence(format!("a function of {x:?} failed: {e}"));
            call().map_err(|e| failed(py, e, ours))
        })?;
        if value.is_finite() {
            return Ok(value);
        }
        Err(Error::NonConvergence(format!("a function of {x:?} has no finite value: {value}")))
    }
}
