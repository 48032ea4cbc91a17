//! Systems: components, connections, and what is held between them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use entropyk::components::Medium;
use entropyk::network as ek;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::again::{self, Call, Keywords, Step, keywords};
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
    /// What was added, as it was said: what makes it again.
    steps: Mutex<Vec<Step>>,
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
    /// Notes what was added.
    fn note<'py, A>(
        &self,
        py: Python<'py>,
        method: &str,
        arguments: A,
        named: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<()>
    where
        A: IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
    {
        let arguments = arguments.into_pyobject(py)?.unbind();
        let step =
            (PyString::new(py, method).unbind(), arguments, named.map(|d| d.clone().unbind()));
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).push(step);
        Ok(())
    }

    fn noted(&self, py: Python<'_>) -> Vec<Step> {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = |(method, arguments, named): &Step| {
            let named = named.as_ref().map(|d| d.clone_ref(py));
            (method.clone_ref(py), arguments.clone_ref(py), named)
        };
        steps.iter().map(copy).collect()
    }

    /// What makes it again: its fluid, what was added, and, once it is finalized, its values.
    pub(crate) fn parts(&self, py: Python<'_>) -> PyResult<(Medium, Vec<Step>, Option<Values>)> {
        let mut inner = self.lock(py)?;
        let values = if inner.finalized() { Some(inner.values().map_err(raise)?) } else { None };
        Ok((inner.fluid().clone(), self.noted(py), values))
    }

    pub(crate) fn restore(&self, py: Python<'_>, values: &[(f64, bool)]) -> PyResult<()> {
        self.lock(py)?.restore(values).map_err(raise)
    }

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

/// Every variable's value, and whether it is given.
type Values = Vec<(f64, bool)>;

/// One end of a connection: a component's handle, whose first port it is, or that with the port's
/// number.
fn place(end: &Bound<'_, PyAny>) -> PyResult<(usize, usize)> {
    let numbered = end.extract::<(i64, i64)>().or_else(|_| Ok((end.extract::<i64>()?, 0)));
    let (handle, port) = numbered.map_err(|_: PyErr| {
        let got = end.get_type();
        PyTypeError::new_err(format!("expected a component's handle, or (handle, port), got {got}"))
    })?;
    Ok((count("a component's handle", handle, 0)?, count("a port", port, 0)?))
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
        let inner = Locked::new(ek::System::new(fluid.medium()?));
        Ok(Self { inner, names: OnceLock::new(), steps: Mutex::default() })
    }

    #[pyo3(signature = (component, name=None))]
    fn add_component(
        &self,
        component: &Bound<'_, Component>,
        name: Option<&str>,
    ) -> PyResult<usize> {
        let py = component.py();
        let mut inner = self.lock(py)?;
        let part = component.get().inner.clone();
        let name = match name {
            Some(name) => name.to_owned(),
            None => free_name(&inner, part.kind.name()),
        };
        let handle = inner.add_component(&name, part).map_err(raise)?;
        self.note(py, "add_component", (component, name), None)?;
        Ok(handle)
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
        let said = self::given(given)?;
        let fluid = fluid.map(|f| f.medium()).transpose()?;
        let (from, to) = (place(source)?, place(target)?);
        let number = self.lock(py)?.add_edge(from, to, name, said, fluid.clone()).map_err(raise)?;
        let named = given.map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)?;
        if let Some(fluid) = fluid {
            named.set_item("fluid", again::spoken(py, &fluid)?)?;
        }
        self.note(py, "add_edge", (from, to, name), Some(&named))?;
        Ok(number)
    }

    fn add_constraint(&self, constraint: &Bound<'_, Constraint>) -> PyResult<()> {
        let py = constraint.py();
        self.lock(py)?.add_constraint(constraint.get().inner.clone()).map_err(raise)?;
        self.note(py, "add_constraint", (constraint,), None)
    }

    #[pyo3(signature = (name, relation, value=None))]
    fn add_relation(
        &self,
        name: String,
        relation: &Bound<'_, Relation>,
        value: Option<f64>,
    ) -> PyResult<()> {
        let (py, formula) = (relation.py(), relation.get().inner.clone());
        let added = ek::Relation { name: name.clone(), formula, value };
        self.lock(py)?.add_relation(added).map_err(raise)?;
        self.note(py, "add_relation", (name, relation, value), None)
    }

    #[pyo3(signature = (name, value=None))]
    fn add_value(&self, py: Python<'_>, name: String, value: Option<f64>) -> PyResult<()> {
        let relation = ek::Relation { name: name.clone(), formula: ek::Formula::Free, value };
        self.lock(py)?.add_relation(relation).map_err(raise)?;
        self.note(py, "add_value", (name, value), None)
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
        Ok(Self { inner, names: self.names.clone(), steps: Mutex::new(self.noted(py)) })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Call<'py>> {
        again::of_system(py, self)
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

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let c = &self.inner;
        let (none, named) = keywords(py, [("hold", &c.hold), ("by", &c.by)])?;
        named.set_item("target", c.target)?;
        named.set_item("limits", (c.limits[0], c.limits[1]))?;
        Ok((none, named))
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
