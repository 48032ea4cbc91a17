//! Systems: components, connections, and what is held between them.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use entropyk::network as ek;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::components::Component;
use crate::errors::{count, misuse, raise, raised};
use crate::fluids::AnyFluid;
use crate::locked::{Held, Locked};
use crate::relations::Relation;
use crate::solution::Names;

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct System {
    inner: Locked<ek::System>,
    names: OnceLock<Arc<Names>>,
}

impl System {
    fn lock(&self, py: Python<'_>) -> PyResult<Held<'_, ek::System>> {
        self.inner.attached(py)
    }

    /// The system, for who has released the interpreter.
    pub(crate) fn detached(&self) -> entropyk::Result<Held<'_, ek::System>> {
        self.inner.detached()
    }

    pub(crate) fn names(&self, py: Python<'_>) -> PyResult<Arc<Names>> {
        if let Some(names) = self.names.get() {
            return Ok(names.clone());
        }
        let mut inner = self.lock(py)?;
        let made = Arc::new(Names::of(&mut inner)?);
        Ok(self.names.get_or_init(|| made).clone())
    }
}

impl System {
    /// Work on the system with the interpreter released; fluids and functions of Python's may be
    /// asked meanwhile.
    fn work(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut ek::System) -> entropyk::Result<()> + Send,
    ) -> PyResult<()> {
        let done = py.detach(|| work(&mut *self.detached()?));
        // values to start from are done without where they cannot be had, but who asked to stop is
        // heard
        raised().map_or_else(|| done.map_err(raise), Err)
    }
}

/// One end of a connection: a component's handle, whose first port it is, or that with the port's number.
fn place(end: &Bound<'_, PyAny>) -> PyResult<(usize, usize)> {
    let numbered = end.extract::<(i64, i64)>().or_else(|_| Ok((end.extract::<i64>()?, 0)));
    let (handle, port) = numbered.map_err(|_: PyErr| {
        let got = end.get_type();
        PyTypeError::new_err(format!("expected a component's handle, or (handle, port), got {got}"))
    })?;
    Ok((count("a component's handle", handle)?, count("a port", port)?))
}

fn given(more: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<ek::Given>> {
    let mut all = Vec::new();
    for (key, value) in more.into_iter().flatten() {
        let key: String = key.extract()?;
        let Some(word) = ek::GIVEN.iter().find(|w| **w == key) else {
            return Err(misuse(format!(
                "expected of a connection only {}; got {key}",
                ek::GIVEN.join(", ")
            )));
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
    fn new(fluid: AnyFluid<'_>) -> PyResult<Self> {
        Ok(Self { inner: Locked::new(ek::System::new(fluid.medium()?)), names: OnceLock::new() })
    }

    #[pyo3(signature = (component, name=None))]
    fn add_component(
        &self,
        component: &Bound<'_, Component>,
        name: Option<&str>,
    ) -> PyResult<usize> {
        let mut inner = self.lock(component.py())?;
        let component = component.get().inner.clone();
        let name = match name {
            Some(name) => name.to_owned(),
            None => free_name(&inner, component.kind.name()),
        };
        inner.add_component(&name, component).map_err(raise)
    }

    #[pyo3(signature = (source, target, name=None, *, fluid=None, **given))]
    fn add_edge(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        name: Option<&str>,
        fluid: Option<AnyFluid<'_>>,
        given: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<usize> {
        let given = self::given(given)?;
        let fluid = fluid.map(|f| f.medium()).transpose()?;
        self.lock(py)?.add_edge(place(source)?, place(target)?, name, given, fluid).map_err(raise)
    }

    fn add_constraint(&self, constraint: &Bound<'_, Constraint>) -> PyResult<()> {
        self.lock(constraint.py())?.add_constraint(constraint.get().inner.clone()).map_err(raise)
    }

    #[pyo3(signature = (name, relation, value=None))]
    fn add_relation(
        &self,
        name: String,
        relation: &Bound<'_, Relation>,
        value: Option<f64>,
    ) -> PyResult<()> {
        let formula = relation.get().inner.clone();
        self.lock(relation.py())?.add_relation(ek::Relation { name, formula, value }).map_err(raise)
    }

    #[pyo3(signature = (name, value=None))]
    fn add_value(&self, py: Python<'_>, name: String, value: Option<f64>) -> PyResult<()> {
        let relation = ek::Relation { name, formula: ek::Formula::Free, value };
        self.lock(py)?.add_relation(relation).map_err(raise)
    }

    #[pyo3(signature = (*, hold=Vec::new(), free=Vec::new()))]
    #[allow(clippy::needless_pass_by_value)]
    fn switch(&self, py: Python<'_>, hold: Vec<String>, free: Vec<String>) -> PyResult<()> {
        let names = self.names(py)?;
        let places =
            |list: &[String]| list.iter().map(|n| names.place(n)).collect::<PyResult<Vec<_>>>();
        self.lock(py)?.switch(&places(&hold)?, &places(&free)?).map_err(raise)
    }

    #[allow(clippy::needless_pass_by_value)]
    fn start_from(&self, py: Python<'_>, values: HashMap<String, f64>) -> PyResult<()> {
        let names = self.names(py)?;
        let known = values.iter().filter_map(|(name, v)| Some((*names.values.get(name)?, *v)));
        let known: Vec<_> = known.collect();
        self.work(py, |inner| inner.start_from(&known))
    }

    fn finalize(&self, py: Python<'_>) -> PyResult<()> {
        self.work(py, ek::System::finalize)
    }

    #[getter]
    fn node_count(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.lock(py)?.node_count())
    }

    #[getter]
    fn edge_count(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.lock(py)?.edge_count())
    }

    #[getter]
    fn state_vector_len(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(3 * self.lock(py)?.edge_count())
    }

    fn fluid(&self, py: Python<'_>, edge: &str) -> PyResult<String> {
        Ok(self.names(py)?.edge(edge)?.fluid.name().to_owned())
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<f64> {
        let place = self.names(py)?.place(name)?;
        Ok(self.lock(py)?.model().map_err(raise)?.variables[place].value)
    }

    fn __setitem__(&self, py: Python<'_>, name: &str, value: f64) -> PyResult<()> {
        let place = self.names(py)?.place(name)?;
        self.lock(py)?.set(place, value).map_err(raise)
    }

    fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
        let inner = Locked::new(self.lock(py)?.clone());
        Ok(Self { inner, names: self.names.clone() })
    }

    fn __deepcopy__(&self, py: Python<'_>, _memo: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.__copy__(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let inner = self.lock(py)?;
        let names: Vec<_> = inner.names().collect();
        Ok(format!("System({}: {} connections)", names.join(", "), inner.edge_count()))
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
        format!(
            "Constraint(hold={:?}, target={}, by={:?}, limits=({low}, {high}))",
            c.hold, c.target, c.by
        )
    }
}
