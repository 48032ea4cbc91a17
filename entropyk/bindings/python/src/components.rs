//! Components, as classes whose constructors take keywords.

use entropyk::components as ek;
use entropyk::components::Kind;
use entropyk::fluids;
use pyo3::prelude::*;

use crate::errors::raise;
use crate::fluids::Fluid;

/// A fluid by its name, or one that is there already.
#[derive(FromPyObject)]
pub(crate) enum AnyFluid<'py> {
    Name(String),
    Fluid(PyRef<'py, Fluid>),
}

impl AnyFluid<'_> {
    pub(crate) fn medium(&self) -> PyResult<ek::Medium> {
        Ok(match self {
            Self::Name(name) => fluids::helmholtz(name).map_err(raise)?,
            Self::Fluid(fluid) => fluid.inner.clone(),
        })
    }
}

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Stream {
    inner: ek::Stream,
}

#[pymethods]
impl Stream {
    #[new]
    #[pyo3(signature = (fluid, *, T, m=None, p=1e5))]
    #[allow(non_snake_case)]
    fn new(fluid: AnyFluid<'_>, T: f64, m: Option<f64>, p: f64) -> PyResult<Self> {
        Ok(Self { inner: ek::Stream { fluid: fluid.medium()?, t: T, m, p } })
    }

    fn __repr__(&self) -> String {
        let s = &self.inner;
        let m = s.m.map_or(String::new(), |m| format!(", m={m}"));
        format!("Stream({:?}, T={}{m}, p={})", s.fluid.name(), s.t, s.p)
    }
}

#[pyclass(frozen, subclass, module = "entropyk")]
pub(crate) struct Component {
    pub(crate) inner: ek::Component,
}

#[pymethods]
impl Component {
    fn __repr__(&self) -> String {
        let given: Vec<_> = self.inner.given.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let secondary =
            if self.inner.secondary.is_some() { vec!["secondary=Stream(...)".to_owned()] } else { vec![] };
        format!("{}({})", self.inner.kind.name(), [given, secondary].concat().join(", "))
    }
}

fn make(
    kind: Kind,
    given: &[(&'static str, Option<f64>)],
    secondary: Option<&Bound<'_, Stream>>,
) -> PyResult<Component> {
    let given = given.iter().filter_map(|(n, v)| v.map(|v| (*n, v))).collect();
    let secondary = secondary.map(|s| s.get().inner.clone());
    Ok(Component { inner: ek::Component::new(kind, given, secondary).map_err(raise)? })
}

/// A class of a component: its kind, and the keywords that are numbers.
macro_rules! component {
    ($name:ident, [$($key:ident),*]) => {
        #[pyclass(frozen, extends = Component, module = "entropyk")]
        pub(crate) struct $name;

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($key=None),*))]
            #[allow(non_snake_case, clippy::too_many_arguments)]
            fn new($($key: Option<f64>),*) -> PyResult<PyClassInitializer<Self>> {
                let base = make(Kind::$name, &[$((stringify!($key), $key)),*], None)?;
                Ok(PyClassInitializer::from(base).add_subclass($name))
            }
        }
    };
    ($name:ident, [$($key:ident),*], secondary) => {
        #[pyclass(frozen, extends = Component, module = "entropyk")]
        pub(crate) struct $name;

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($key=None,)* secondary=None))]
            #[allow(non_snake_case, clippy::too_many_arguments)]
            fn new(
                $($key: Option<f64>,)*
                secondary: Option<&Bound<'_, Stream>>,
            ) -> PyResult<PyClassInitializer<Self>> {
                let base = make(Kind::$name, &[$((stringify!($key), $key)),*], secondary)?;
                Ok(PyClassInitializer::from(base).add_subclass($name))
            }
        }
    };
}

component!(Compressor, [eta_s, pr, P]);
component!(ExpansionValve, [pr, dp]);
component!(Condenser, [Q, pr, dp, subcooling, ua, ka, ttd_u, ttd_l, pr_secondary, dp_secondary], secondary);
component!(Evaporator, [Q, pr, dp, superheat, ua, ka, ttd_u, ttd_l, pr_secondary, dp_secondary], secondary);
