//! Fluids and their states.

use std::sync::Arc;

use entropyk::components::Medium;
use entropyk::fluids::{self as ek, Backend, Helmholtz};
use pyo3::prelude::*;

use crate::again::{self, Call};
use crate::callback::Callback;
use crate::errors::{count, interrupted, misuse, raise};
use crate::table::Table;

/// The names of all fluids with an equation of state.
#[pyfunction]
pub(crate) fn fluids() -> Vec<&'static str> {
    ek::names()
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Fluid {
    pub(crate) inner: Arc<Helmholtz>,
}

#[pymethods]
impl Fluid {
    #[new]
    pub(crate) fn new(py: Python<'_>, name: &str) -> PyResult<Self> {
        py.detach(|| ek::helmholtz(name)).map(|inner| Self { inner }).map_err(raise)
    }

    #[pyo3(signature = (*, p=None, T=None, h=None, s=None, x=None))]
    #[allow(non_snake_case)]
    fn state(
        &self,
        p: Option<f64>,
        T: Option<f64>,
        h: Option<f64>,
        s: Option<f64>,
        x: Option<f64>,
    ) -> PyResult<State> {
        let fluid = &self.inner;
        let state = match (p, T, h, s, x) {
            (Some(p), None, Some(h), None, None) => fluid.state_ph(p, h),
            (Some(p), None, None, Some(s), None) => fluid.state_ps(p, s),
            (Some(p), Some(t), None, None, None) => fluid.state_pt(p, t),
            (Some(p), None, None, None, Some(x)) => fluid.state_px(p, x),
            (None, Some(t), None, None, Some(x)) => fluid.state_tx(t, x),
            (None, None, Some(h), Some(s), None) => fluid.state_hs(h, s),
            _ => {
                let names = [("p", p), ("T", T), ("h", h), ("s", s), ("x", x)];
                let got: Vec<_> =
                    names.iter().filter(|(_, v)| v.is_some()).map(|(n, _)| *n).collect();
                return Err(misuse(format!(
                    "expected two properties, one of the pairs p h, p s, p T, p x, T x, h s; got {}",
                    if got.is_empty() { "none".to_owned() } else { got.join(" ") }
                )));
            }
        };
        state.map(|inner| State { inner }).map_err(raise)
    }

    fn viscosity(&self, state: &Bound<'_, State>) -> PyResult<f64> {
        self.inner.viscosity(&state.get().inner).map_err(raise)
    }

    fn conductivity(&self, state: &Bound<'_, State>) -> PyResult<f64> {
        self.inner.conductivity(&state.get().inner).map_err(raise)
    }

    #[pyo3(signature = (size=80))]
    fn table<'py>(&self, py: Python<'py>, size: i64) -> PyResult<Bound<'py, Table>> {
        let size = count("size", size, 8)?;
        let fluid = self.inner.clone();
        let inner = py.detach(|| ek::Table::new(fluid, size, &interrupted)).map_err(raise)?;
        Table::shared(py, &Arc::new(inner))
    }

    #[getter]
    fn viscosity_source(&self) -> Option<&str> {
        self.inner.viscosity_source()
    }

    #[getter]
    fn conductivity_source(&self) -> Option<&str> {
        self.inner.conductivity_source()
    }

    #[getter]
    fn name(&self) -> &str {
        &self.inner.constants.name
    }

    #[getter]
    fn source(&self) -> &str {
        &self.inner.constants.source
    }

    #[getter]
    fn molar_mass(&self) -> f64 {
        self.inner.constants.molar_mass
    }

    #[getter]
    fn gas_constant(&self) -> f64 {
        self.inner.constants.gas_constant
    }

    #[getter]
    #[allow(non_snake_case)]
    fn T_critical(&self) -> f64 {
        self.inner.constants.t_crit
    }

    #[getter]
    fn p_critical(&self) -> f64 {
        self.inner.constants.p_crit
    }

    #[getter]
    fn rho_critical(&self) -> f64 {
        self.inner.constants.rho_crit
    }

    #[getter]
    #[allow(non_snake_case)]
    fn T_limits(&self) -> (f64, f64) {
        (self.inner.constants.t_min, self.inner.constants.t_max)
    }

    #[getter]
    fn p_max(&self) -> f64 {
        self.inner.constants.p_max
    }

    #[getter]
    fn pseudo_pure(&self) -> bool {
        self.inner.constants.pseudo_pure
    }

    fn __repr__(&self) -> String {
        format!("Fluid({:?})", self.inner.constants.name)
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct State {
    pub(crate) inner: ek::State,
}

#[pymethods]
#[allow(non_snake_case)]
impl State {
    #[getter]
    fn T(&self) -> f64 {
        self.inner.t
    }

    #[getter]
    fn p(&self) -> f64 {
        self.inner.p
    }

    #[getter]
    fn h(&self) -> f64 {
        self.inner.h
    }

    #[getter]
    fn s(&self) -> f64 {
        self.inner.s
    }

    #[getter]
    fn rho(&self) -> f64 {
        self.inner.rho
    }

    #[getter]
    fn u(&self) -> f64 {
        self.inner.h - self.inner.p / self.inner.rho
    }

    #[getter]
    fn x(&self) -> Option<f64> {
        self.inner.x
    }

    #[getter]
    fn cp(&self) -> Option<f64> {
        self.inner.cp
    }

    #[getter]
    fn cv(&self) -> Option<f64> {
        self.inner.cv
    }

    #[getter]
    fn w(&self) -> Option<f64> {
        self.inner.w
    }

    #[getter]
    fn phase(&self) -> &'static str {
        self.inner.phase.name()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Call<'py>> {
        again::of_state(py, &self.inner)
    }

    fn derivatives(&self) -> [(&'static str, f64); 6] {
        let q = &self.inner;
        [
            ("T_p", q.t_p),
            ("T_h", q.t_h),
            ("rho_p", q.rho_p),
            ("rho_h", q.rho_h),
            ("s_p", q.s_p),
            ("s_h", q.s_h),
        ]
    }

    fn __repr__(&self) -> String {
        let q = &self.inner;
        let x = q.x.map_or(String::new(), |x| format!(", x={x:.4}"));
        format!("State(p={:.6e} Pa, T={:.4} K, h={:.3} J/kg, {}{x})", q.p, q.t, q.h, q.phase.name())
    }
}

/// The names of all brines, each with what is dissolved in water.
#[pyfunction]
pub(crate) fn brines() -> Vec<(&'static str, &'static str)> {
    ek::brines()
}

/// The state of a fluid of one phase at pressure and one property.
pub(crate) fn single(
    fluid: &dyn Backend,
    p: Option<f64>,
    t: Option<f64>,
    h: Option<f64>,
    s: Option<f64>,
) -> PyResult<State> {
    let state = match (p, t, h, s) {
        (Some(p), Some(t), None, None) => fluid.state_pt(p, t),
        (Some(p), None, Some(h), None) => fluid.state_ph(p, h),
        (Some(p), None, None, Some(s)) => fluid.state_ps(p, s),
        _ => return Err(misuse("expected two properties, one of the pairs p T, p h, p s")),
    };
    state.map(|inner| State { inner }).map_err(raise)
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Brine {
    pub(crate) inner: Arc<ek::Brine>,
}

#[pymethods]
impl Brine {
    #[new]
    fn new(name: &str, share: f64) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(ek::Brine::new(name, share).map_err(raise)?) })
    }

    fn __getnewargs__(&self) -> (&'static str, f64) {
        (self.inner.solution, self.inner.share)
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
    #[allow(non_snake_case)]
    fn T_freezing(&self) -> f64 {
        self.inner.freezing
    }

    fn __repr__(&self) -> String {
        format!("Brine({:?})", self.name())
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct IdealGas {
    pub(crate) inner: Arc<ek::IdealGas>,
}

#[pymethods]
impl IdealGas {
    #[new]
    fn new(name: &str) -> PyResult<Self> {
        Ok(Self { inner: Arc::new(ek::IdealGas::new(name).map_err(raise)?) })
    }

    fn __getnewargs__(&self) -> (&str,) {
        (self.inner.of(),)
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

    fn __repr__(&self) -> String {
        format!("IdealGas({:?})", self.name())
    }
}

/// A fluid by its name, or one that is there already.
#[derive(FromPyObject)]
pub(crate) enum AnyFluid<'py> {
    Name(String),
    Fluid(PyRef<'py, Fluid>),
    Brine(PyRef<'py, Brine>),
    IdealGas(PyRef<'py, IdealGas>),
    Table(PyRef<'py, Table>),
    Other(Bound<'py, PyAny>),
}

impl AnyFluid<'_> {
    pub(crate) fn medium(&self) -> PyResult<Medium> {
        Ok(match self {
            Self::Name(name) => ek::helmholtz(name).map_err(raise)?,
            Self::Fluid(fluid) => fluid.inner.clone(),
            Self::Brine(brine) => brine.inner.clone(),
            Self::IdealGas(gas) => gas.inner.clone(),
            Self::Table(table) => table.inner.clone(),
            Self::Other(object) if object.hasattr("state_ph")? => Arc::new(Callback::new(object)),
            Self::Other(object) => {
                let got = object.get_type();
                let text = format!(
                    "expected a fluid's name, a Fluid, a Table, a Brine, an IdealGas, or an object with state_ph, got {got}"
                );
                return Err(raise(entropyk::Error::Fluid(text)));
            }
        })
    }
}
