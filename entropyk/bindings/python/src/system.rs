//! Systems, and what a solver makes of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entropyk::components::Kind;
use entropyk::network as ek;
use entropyk::solver::Output;
use numpy::PyArray1;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::components::{AnyFluid, Component};
use crate::errors::{misuse, raise};
use crate::fluids::State;
use crate::relations::Relation;

/// The places of all values by their names, and what of a network does not change from solution to solution.
pub(crate) struct Names {
    values: HashMap<String, usize>,
    edges: Vec<ek::Edge>,
    compressors: Vec<usize>,
    heated: Vec<usize>,
    cooled: Vec<usize>,
}

impl Names {
    /// An output by name: a value, or one of the sums that a solution has.
    pub(crate) fn output(&self, name: &str) -> PyResult<Output> {
        let sum = |places: &[usize], factor: f64| places.iter().map(|&v| (v, factor)).collect::<Vec<_>>();
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
                .filter(|k| !part.is_empty() && k.starts_with(part) || k.ends_with(&format!(".{word}")))
                .map(String::as_str)
                .collect();
            near.sort_unstable();
            PyKeyError::new_err(format!("there is no {name:?}; there are {}", near.join(", ")))
        })
    }

    fn edge(&self, name: &str) -> PyResult<&ek::Edge> {
        self.edges.iter().find(|e| e.name == name).ok_or_else(|| {
            let all: Vec<_> = self.edges.iter().map(|e| e.name.as_str()).collect();
            PyKeyError::new_err(format!("there is no connection {name:?}; there are {}", all.join(", ")))
        })
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct System {
    inner: Mutex<ek::System>,
    names: Mutex<Option<Arc<Names>>>,
}

impl System {
    pub(crate) fn lock(&self) -> MutexGuard<'_, ek::System> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn names(&self) -> PyResult<Arc<Names>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = &*names {
            return Ok(names.clone());
        }
        let mut inner = self.lock();
        let of = |inner: &ek::System, kind: Kind| -> Vec<String> {
            inner.of_kind(kind).map(str::to_owned).collect()
        };
        let [power, heat, cold] =
            [Kind::Compressor, Kind::Condenser, Kind::Evaporator].map(|k| of(&inner, k));
        let edges = inner.edges().to_vec();
        let model = inner.model().map_err(raise)?;
        let mut values: HashMap<String, usize> =
            model.variables.iter().enumerate().map(|(i, v)| (v.name.clone(), i)).collect();
        for edge in &edges {
            // one flow for all connections of a stream, known by each of them
            values.entry(format!("{}.m", edge.name)).or_insert(edge.places()[0]);
        }
        let places = |labels: Vec<String>, word: &str| -> Vec<usize> {
            let find = |l: &String, word: &str| model.find(&format!("{l}.{word}"));
            // a rated compressor is paid for what it takes from the mains
            labels
                .iter()
                .filter_map(|l| find(l, &format!("{word}_electric")).or_else(|| find(l, word)))
                .collect()
        };
        let made = Arc::new(Names {
            values,
            edges,
            compressors: places(power, "P"),
            heated: places(heat, "Q"),
            cooled: places(cold, "Q"),
        });
        *names = Some(made.clone());
        Ok(made)
    }
}

/// One end of a connection: a component's first port, or the one of a number.
#[derive(FromPyObject)]
enum End {
    First(usize),
    Numbered((usize, usize)),
}

impl End {
    fn place(&self) -> (usize, usize) {
        match *self {
            Self::First(handle) => (handle, 0),
            Self::Numbered(place) => place,
        }
    }
}

fn given(more: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<ek::Given>> {
    let mut all = Vec::new();
    for (key, value) in more.into_iter().flatten() {
        let key: String = key.extract()?;
        let Some(word) = ek::GIVEN.iter().find(|w| **w == key) else {
            return Err(misuse(format!("expected of a connection only {}; got {key}", ek::GIVEN.join(", "))));
        };
        if !value.is_none() {
            all.push((*word, value.extract()?));
        }
    }
    Ok(all)
}

#[pymethods]
impl System {
    #[new]
    fn new(py: Python<'_>, fluid: AnyFluid<'_>) -> PyResult<Self> {
        let _ = py;
        Ok(Self { inner: Mutex::new(ek::System::new(fluid.medium()?)), names: Mutex::new(None) })
    }

    #[pyo3(signature = (component, name=None))]
    fn add_component(&self, component: &Bound<'_, Component>, name: Option<&str>) -> PyResult<usize> {
        let component = component.get().inner.clone();
        let mut inner = self.lock();
        let name = match name {
            Some(name) => name.to_owned(),
            None => free_name(&inner, component.kind.name()),
        };
        inner.add_component(&name, component).map_err(raise)
    }

    #[pyo3(signature = (source, target, name=None, *, fluid=None, **given))]
    fn add_edge(
        &self,
        source: End,
        target: End,
        name: Option<&str>,
        fluid: Option<AnyFluid<'_>>,
        given: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<usize> {
        let given = self::given(given)?;
        let fluid = fluid.map(|f| f.medium()).transpose()?;
        self.lock().add_edge(source.place(), target.place(), name, given, fluid).map_err(raise)
    }

    fn add_constraint(&self, constraint: &Bound<'_, Constraint>) -> PyResult<()> {
        self.lock().add_constraint(constraint.get().inner.clone()).map_err(raise)
    }

    #[pyo3(signature = (name, relation, value=None))]
    fn add_relation(&self, name: String, relation: &Bound<'_, Relation>, value: Option<f64>) -> PyResult<()> {
        let formula = relation.get().inner.clone();
        self.lock().add_relation(ek::Relation { name, formula, value }).map_err(raise)
    }

    #[pyo3(signature = (name, value=None))]
    fn add_value(&self, name: String, value: Option<f64>) -> PyResult<()> {
        let relation = ek::Relation { name, formula: ek::Formula::Free, value };
        self.lock().add_relation(relation).map_err(raise)
    }

    #[pyo3(signature = (*, hold=Vec::new(), free=Vec::new()))]
    #[allow(clippy::needless_pass_by_value)]
    fn switch(&self, hold: Vec<String>, free: Vec<String>) -> PyResult<()> {
        let names = self.names()?;
        let places = |list: &[String]| list.iter().map(|n| names.place(n)).collect::<PyResult<Vec<_>>>();
        self.lock().switch(&places(&hold)?, &places(&free)?).map_err(raise)
    }

    #[allow(clippy::needless_pass_by_value)]
    fn start_from(&self, py: Python<'_>, values: HashMap<String, f64>) -> PyResult<()> {
        let names = self.names()?;
        let known = values.iter().filter_map(|(name, v)| Some((*names.values.get(name)?, *v)));
        let known: Vec<_> = known.collect();
        py.detach(|| self.lock().start_from(&known)).map_err(raise)
    }

    fn finalize(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.lock().finalize()).map_err(raise)
    }

    #[getter]
    fn node_count(&self) -> usize {
        self.lock().node_count()
    }

    #[getter]
    fn edge_count(&self) -> usize {
        self.lock().edge_count()
    }

    #[getter]
    fn state_vector_len(&self) -> usize {
        3 * self.lock().edge_count()
    }

    fn fluid(&self, edge: &str) -> PyResult<String> {
        Ok(self.names()?.edge(edge)?.fluid.name().to_owned())
    }

    fn __getitem__(&self, name: &str) -> PyResult<f64> {
        let place = self.names()?.place(name)?;
        Ok(self.lock().model().map_err(raise)?.variables[place].value)
    }

    fn __setitem__(&self, name: &str, value: f64) -> PyResult<()> {
        let place = self.names()?.place(name)?;
        self.lock().set(place, value).map_err(raise)
    }

    fn __repr__(&self) -> String {
        let inner = self.lock();
        let names: Vec<_> = inner.names().collect();
        format!("System({}: {} connections)", names.join(", "), inner.edge_count())
    }
}

/// The class's name in lower case, with a number if it is taken.
fn free_name(system: &ek::System, class: &str) -> String {
    let plain = class.to_lowercase();
    let taken = |name: &str| system.names().any(|n| n == name);
    if !taken(&plain) {
        return plain;
    }
    (2..).map(|i| format!("{plain}{i}")).find(|n| !taken(n)).unwrap_or(plain)
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Constraint {
    inner: ek::Constraint,
}

#[pymethods]
impl Constraint {
    #[new]
    #[pyo3(signature = (*, hold, target, by, limits))]
    fn new(hold: String, target: f64, by: String, limits: (f64, f64)) -> Self {
        Self { inner: ek::Constraint { hold, target, by, limits: [limits.0, limits.1] } }
    }

    fn __repr__(&self) -> String {
        let c = &self.inner;
        let [low, high] = c.limits;
        format!("Constraint(hold={:?}, target={}, by={:?}, limits=({low}, {high}))", c.hold, c.target, c.by)
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Solution {
    pub(crate) names: Arc<Names>,
    pub(crate) values: Vec<f64>,
    pub(crate) iterations: usize,
    pub(crate) way: &'static str,
    pub(crate) history: Mutex<Vec<f64>>,
    pub(crate) vector: Mutex<Option<Py<PyArray1<f64>>>>,
    pub(crate) residuals: Mutex<Option<Py<PyArray1<f64>>>>,
}

/// The one array of this solution, made when it is first asked for; nobody can write to it.
fn array(
    py: Python<'_>,
    slot: &Mutex<Option<Py<PyArray1<f64>>>>,
    make: impl FnOnce() -> Vec<f64>,
) -> PyResult<Py<PyArray1<f64>>> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(array) = &*slot {
        return Ok(array.clone_ref(py));
    }
    let array = PyArray1::from_vec(py, make());
    array.call_method1("setflags", (false,))?;
    let array = array.unbind();
    *slot = Some(array.clone_ref(py));
    Ok(array)
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
            self.names.edges.iter().flat_map(|e| e.places()).map(|v| self.values[v]).collect()
        })
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
        let [_, p, h] = edge.places().map(|v| self.values[v]);
        Ok(State { inner: edge.fluid.state_ph(p, h).map_err(raise)? })
    }

    fn mass_flow(&self, edge: &str) -> PyResult<f64> {
        Ok(self.values[self.names.edge(edge)?.places()[0]])
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
