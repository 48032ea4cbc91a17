//! What a solver makes of a system: values by their names, states, arrays.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entropyk::components::{Kind, Medium};
use entropyk::network as ek;
use entropyk::solver::Output;
use numpy::PyArray1;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::again::{self, Call};
use crate::errors::raise;
use crate::fluids::State;

/// The places of all values by their names, and what of a network does not change from solution to
/// solution.
pub(crate) struct Names {
    pub(crate) values: HashMap<String, usize>,
    pub(crate) edges: Vec<Flow>,
    pub(crate) compressors: Vec<usize>,
    pub(crate) heated: Vec<usize>,
    pub(crate) cooled: Vec<usize>,
}

/// A connection: what flows there, and the places of its mass flow, pressure and enthalpy.
pub(crate) struct Flow {
    pub(crate) name: String,
    pub(crate) fluid: Medium,
    pub(crate) at: [usize; 3],
}

impl Names {
    /// Those of a finalized system.
    pub(crate) fn of(inner: &mut ek::System) -> PyResult<Self> {
        let of = |inner: &ek::System, kind: Kind| -> Vec<String> {
            inner.of_kind(kind).map(str::to_owned).collect()
        };
        let [power, heat, cold] =
            [Kind::Compressor, Kind::Condenser, Kind::Evaporator].map(|k| of(inner, k));
        let flow =
            |e: &ek::Edge| Flow { name: e.name.clone(), fluid: e.fluid.clone(), at: e.places() };
        let edges: Vec<_> = inner.edges().iter().map(flow).collect();
        let model = inner.model().map_err(raise)?;
        let mut values: HashMap<String, usize> =
            model.variables.iter().enumerate().map(|(i, v)| (v.name.clone(), i)).collect();
        for edge in &edges {
            // one flow for all connections of a stream, known by each of them
            values.entry(format!("{}.m", edge.name)).or_insert(edge.at[0]);
        }
        let places = |labels: Vec<String>, word: &str| -> Vec<usize> {
            let find = |l: &String, word: &str| model.find(&format!("{l}.{word}"));
            // a rated compressor is paid for what it takes from the mains
            labels
                .iter()
                .filter_map(|l| find(l, &format!("{word}_electric")).or_else(|| find(l, word)))
                .collect()
        };
        Ok(Self {
            values,
            edges,
            compressors: places(power, "P"),
            heated: places(heat, "Q"),
            cooled: places(cold, "Q"),
        })
    }

    /// An output by name: a value, or one of the sums that a solution has.
    pub(crate) fn output(&self, name: &str) -> PyResult<Output> {
        let sum =
            |places: &[usize], factor: f64| places.iter().map(|&v| (v, factor)).collect::<Vec<_>>();
        let (power, heat, cold) =
            (sum(&self.compressors, 1.0), sum(&self.heated, -1.0), sum(&self.cooled, 1.0));
        let (over, under) = match name {
            "power" => (power, Vec::new()),
            "heat" => (heat, Vec::new()),
            "cold" => (cold, Vec::new()),
            "cop_heating" => (heat, power),
            "cop_cooling" => (cold, power),
            _ => (vec![(self.place(name)?, 1.0)], Vec::new()),
        };
        Ok(Output { over, under })
    }

    pub(crate) fn place(&self, name: &str) -> PyResult<usize> {
        self.values.get(name).copied().ok_or_else(|| {
            let (part, word) = name.rsplit_once('.').unwrap_or(("", name));
            let mut near: Vec<_> = self
                .values
                .keys()
                .filter(|k| {
                    !part.is_empty() && k.starts_with(part) || k.ends_with(&format!(".{word}"))
                })
                .map(String::as_str)
                .collect();
            near.sort_unstable();
            PyKeyError::new_err(format!("there is no {name:?}; there are {}", near.join(", ")))
        })
    }

    pub(crate) fn edge(&self, name: &str) -> PyResult<&Flow> {
        self.edges.iter().find(|e| e.name == name).ok_or_else(|| {
            let all: Vec<_> = self.edges.iter().map(|e| e.name.as_str()).collect();
            PyKeyError::new_err(format!(
                "there is no connection {name:?}; there are {}",
                all.join(", ")
            ))
        })
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Solution {
    pub(crate) names: Arc<Names>,
    pub(crate) values: Vec<f64>,
    pub(crate) iterations: usize,
    pub(crate) way: &'static str,
    pub(crate) history: Mutex<Vec<f64>>,
    pub(crate) vector: PyOnceLock<Py<PyArray1<f64>>>,
    pub(crate) residuals: PyOnceLock<Py<PyArray1<f64>>>,
}

/// The one array of this solution, made when it is first asked for; nobody can write to it.
fn array(
    py: Python<'_>,
    slot: &PyOnceLock<Py<PyArray1<f64>>>,
    make: impl FnOnce() -> Vec<f64>,
) -> PyResult<Py<PyArray1<f64>>> {
    let array = slot.get_or_try_init(py, || {
        let array = PyArray1::from_vec(py, make());
        array.call_method1("setflags", (false,))?;
        PyResult::Ok(array.unbind())
    })?;
    Ok(array.clone_ref(py))
}

impl Solution {
    /// The norms of the residuals, wherever they are by now.
    pub(crate) fn history(&self, py: Python<'_>) -> PyResult<Vec<f64>> {
        self.residual_history(py)?.extract(py)
    }
}

#[pymethods]
impl Solution {
    #[getter]
    fn status(&self) -> &'static str {
        "converged"
    }

    #[getter]
    fn way(&self) -> &'static str {
        self.way
    }

    #[getter]
    fn iterations(&self) -> usize {
        self.iterations
    }

    #[getter]
    fn state_vector(&self, py: Python<'_>) -> PyResult<Py<PyArray1<f64>>> {
        array(py, &self.vector, || {
            self.names.edges.iter().flat_map(|e| e.at).map(|v| self.values[v]).collect()
        })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Call<'py>> {
        again::of_solution(py, self)
    }

    #[getter]
    fn residual_history(&self, py: Python<'_>) -> PyResult<Py<PyArray1<f64>>> {
        array(py, &self.residuals, || {
            std::mem::take(&mut *self.history.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }

    fn to_numpy(&self, py: Python<'_>) -> PyResult<Py<PyArray1<f64>>> {
        self.state_vector(py)
    }

    #[getter]
    fn power(&self) -> f64 {
        self.names.compressors.iter().map(|&v| self.values[v]).sum()
    }

    #[getter]
    fn heat(&self) -> f64 {
        -self.names.heated.iter().map(|&v| self.values[v]).sum::<f64>()
    }

    #[getter]
    fn cold(&self) -> f64 {
        self.names.cooled.iter().map(|&v| self.values[v]).sum()
    }

    #[getter]
    fn cop_heating(&self) -> f64 {
        self.heat() / self.power()
    }

    #[getter]
    fn cop_cooling(&self) -> f64 {
        self.cold() / self.power()
    }

    fn state(&self, edge: &str) -> PyResult<State> {
        let edge = self.names.edge(edge)?;
        let [_, p, h] = edge.at.map(|v| self.values[v]);
        Ok(State { inner: edge.fluid.state_ph(p, h).map_err(raise)? })
    }

    fn mass_flow(&self, edge: &str) -> PyResult<f64> {
        Ok(self.values[self.names.edge(edge)?.at[0]])
    }

    fn fluid(&self, edge: &str) -> PyResult<String> {
        Ok(self.names.edge(edge)?.fluid.name().to_owned())
    }

    #[getter]
    fn edges(&self) -> Vec<String> {
        self.names.edges.iter().map(|e| e.name.clone()).collect()
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.names.values.keys().cloned().collect();
        keys.sort_unstable();
        keys
    }

    fn __getitem__(&self, name: &str) -> PyResult<f64> {
        Ok(self.values[self.names.place(name)?])
    }

    fn __repr__(&self) -> String {
        format!("Solution({} iterations, {} values)", self.iterations, self.values.len())
    }
}
