//! What makes values again: how they are pickled, and so copied and sent to other processes.

use std::any::Any;
use std::sync::{Arc, Mutex};

use entropyk::components::{Medium, Second};
use entropyk::fluids::{self as ek, Helmholtz, Phase};
use entropyk::solver::Way;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::callback::Callback;
use crate::errors::misuse;
use crate::fluids::{AnyFluid, Brine, IdealGas, State};
use crate::rating::Ahri540;
use crate::solution::{Flow, Names, Solution};
use crate::stream::Stream;
use crate::system::System;
use crate::table::Table;

/// Keywords of a constructor, which has no other arguments: for `__getnewargs_ex__`.
pub(crate) type Keywords<'py> = (Bound<'py, PyTuple>, Bound<'py, PyDict>);

/// These, out of pairs.
pub(crate) fn keywords<'py, V: IntoPyObject<'py>>(
    py: Python<'py>,
    pairs: impl IntoIterator<Item = (&'static str, V)>,
) -> PyResult<Keywords<'py>> {
    let named = PyDict::new(py);
    for (name, value) in pairs {
        named.set_item(name, value)?;
    }
    Ok((PyTuple::empty(py), named))
}

/// A fluid, as [`AnyFluid`] takes it.
pub(crate) fn spoken<'py>(py: Python<'py>, medium: &Medium) -> PyResult<Bound<'py, PyAny>> {
    let any: Arc<dyn Any + Send + Sync> = medium.clone();
    if let Some(fluid) = any.downcast_ref::<Helmholtz>() {
        return Ok(PyString::new(py, &fluid.constants.name).into_any());
    }
    if let Some(called) = any.downcast_ref::<Callback>() {
        return Ok(called.object.bind(py).clone());
    }
    let any = match any.downcast::<ek::Brine>() {
        Ok(inner) => return Ok(Bound::new(py, Brine { inner })?.into_any()),
        Err(any) => any,
    };
    let any = match any.downcast::<ek::Table>() {
        Ok(inner) => return Ok(Table::shared(py, &inner)?.into_any()),
        Err(any) => any,
    };
    match any.downcast::<ek::IdealGas>() {
        Ok(inner) => Ok(Bound::new(py, IdealGas { inner })?.into_any()),
        Err(_) => Err(misuse(format!("{}: no way is known to make it again", medium.name()))),
    }
}

/// What a component was told, as its constructor takes it.
pub(crate) fn told<'py>(
    py: Python<'py>,
    component: &entropyk::components::Component,
) -> PyResult<Keywords<'py>> {
    use entropyk::components::Kind;
    let (none, named) = keywords(py, component.given.iter().chain(&component.boundary).copied())?;
    match &component.secondary {
        Second::None => {}
        Second::Stream(stream) => {
            named.set_item("secondary", Bound::new(py, Stream { inner: stream.clone() })?)?;
        }
        Second::Connected => named.set_item("secondary", true)?,
    }
    if component.state != entropyk::components::OperationalState::On {
        let state = crate::components::OperationalState::of(component.state);
        named.set_item("state", Bound::new(py, state)?)?;
    }
    if matches!(component.kind, Kind::FlowSplitter | Kind::FlowMerger) {
        named.set_item("branches", component.branches)?;
    }
    if let Some(fluid) = &component.fluid {
        named.set_item("fluid", spoken(py, fluid)?)?;
    }
    if let Some(rating) = &component.rating {
        named.set_item("ahri", Bound::new(py, Ahri540 { inner: rating.clone() })?)?;
    }
    Ok((none, named))
}

/// A function of this module and its arguments: for `__reduce__`.
pub(crate) type Call<'py> = (Bound<'py, PyAny>, Bound<'py, PyTuple>);

fn call<'py>(
    py: Python<'py>,
    name: &str,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<Call<'py>> {
    let function = py.import("entropyk._entropyk")?.getattr(name)?;
    Ok((function, arguments.into_pyobject(py)?))
}

type Numbers = [f64; 11];

pub(crate) fn of_state<'py>(py: Python<'py>, state: &ek::State) -> PyResult<Call<'py>> {
    let q = state;
    let numbers: Numbers =
        [q.t, q.p, q.h, q.s, q.rho, q.t_p, q.t_h, q.rho_p, q.rho_h, q.s_p, q.s_h];
    call(py, "_state", (numbers, q.phase.name(), (q.x, q.cp, q.cv, q.w)))
}

/// A state of a pickle.
#[pyfunction]
#[pyo3(name = "_state")]
pub(crate) fn state(
    numbers: Numbers,
    phase: &str,
    perhaps: (Option<f64>, Option<f64>, Option<f64>, Option<f64>),
) -> PyResult<State> {
    let phase = Phase::ALL
        .into_iter()
        .find(|p| p.name() == phase)
        .ok_or_else(|| misuse(format!("expected a phase, got {phase:?}")))?;
    let [t, p, h, s, rho, t_p, t_h, rho_p, rho_h, s_p, s_h] = numbers;
    let (x, cp, cv, w) = perhaps;
    let inner =
        ek::State { t, p, h, s, rho, phase, x, cp, cv, w, t_p, t_h, rho_p, rho_h, s_p, s_h };
    Ok(State { inner })
}

type Sums = (Vec<usize>, Vec<usize>, Vec<usize>);

pub(crate) fn of_solution<'py>(py: Python<'py>, solution: &Solution) -> PyResult<Call<'py>> {
    let names = &solution.names;
    let flows = names.edges.iter().map(|e| Ok((e.name.clone(), spoken(py, &e.fluid)?, e.at)));
    let flows: Vec<_> = flows.collect::<PyResult<_>>()?;
    let sums: Sums = (names.compressors.clone(), names.heated.clone(), names.cooled.clone());
    let history = solution.history(py)?;
    let how = (solution.iterations, solution.way, history);
    call(py, "_solution", (names.values.clone(), flows, sums, solution.values.clone(), how))
}

/// A solution of a pickle.
#[pyfunction]
#[pyo3(name = "_solution")]
pub(crate) fn solution(
    places: std::collections::HashMap<String, usize>,
    flows: Vec<(String, AnyFluid<'_>, [usize; 3])>,
    sums: Sums,
    values: Vec<f64>,
    how: (usize, String, Vec<f64>),
) -> PyResult<Solution> {
    let (iterations, way, history) = how;
    let way = Way::ALL
        .into_iter()
        .find(|w| w.name() == way)
        .ok_or_else(|| misuse(format!("expected a way to a solution, got {way:?}")))?;
    let flows =
        flows.into_iter().map(|(name, fluid, at)| Ok(Flow { name, fluid: fluid.medium()?, at }));
    let edges: Vec<Flow> = flows.collect::<PyResult<_>>()?;
    let (compressors, heated, cooled) = sums;
    let mut used = places.values().chain(edges.iter().flat_map(|e| &e.at));
    if used.by_ref().chain(&compressors).chain(&heated).chain(&cooled).any(|&v| v >= values.len()) {
        return Err(misuse(format!("expected places below {}, got greater ones", values.len())));
    }
    let names = Arc::new(Names { values: places, edges, compressors, heated, cooled });
    Ok(Solution {
        names,
        values,
        iterations,
        way: way.name(),
        history: Mutex::new(history),
        vector: PyOnceLock::new(),
        residuals: PyOnceLock::new(),
    })
}

/// What was called to make a system: method, arguments and keywords.
pub(crate) type Step = (Py<PyString>, Py<PyTuple>, Option<Py<PyDict>>);

pub(crate) fn of_system<'py>(py: Python<'py>, system: &System) -> PyResult<Call<'py>> {
    let (fluid, steps, values) = system.parts(py)?;
    let steps: Vec<_> = steps
        .iter()
        .map(|(method, arguments, named)| {
            let named = named.as_ref().map_or_else(|| PyDict::new(py), |d| d.bind(py).clone());
            (method.bind(py).clone(), arguments.bind(py).clone(), named)
        })
        .collect();
    call(py, "_system", (spoken(py, &fluid)?, steps, values))
}

/// A system of a pickle.
#[pyfunction]
#[pyo3(name = "_system")]
pub(crate) fn system<'py>(
    py: Python<'py>,
    fluid: Bound<'py, PyAny>,
    steps: Bound<'py, PyList>,
    values: Option<Vec<(f64, bool)>>,
) -> PyResult<Bound<'py, PyAny>> {
    let made = py.get_type::<System>().call1((fluid,))?;
    for step in steps {
        let (method, arguments, named): (String, Bound<'py, PyTuple>, Bound<'py, PyDict>) =
            step.extract()?;
        made.call_method(method, arguments, Some(&named))?;
    }
    if let Some(values) = values {
        made.call_method0("finalize")?;
        made.cast::<System>()?.get().restore(py, &values)?;
    }
    Ok(made)
}
