//! Components, as classes whose constructors take keywords.

use entropyk::components as ek;
use entropyk::components::Kind;
use pyo3::prelude::*;

use crate::again::{Call, Keywords, told};
use crate::errors::raise;
use crate::fluids::AnyFluid;
use crate::rating::Ahri540;
use crate::stream::Other;

#[pyclass(frozen, subclass, module = "entropyk")]
pub(crate) struct Component {
    pub(crate) inner: ek::Component,
}

#[pymethods]
impl Component {
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        told(py, &self.inner)
    }

    fn __repr__(&self) -> String {
        let given: Vec<_> = self.inner.given.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let secondary = match self.inner.secondary {
            ek::Second::None => vec![],
            ek::Second::Stream(_) => vec!["secondary=Stream(...)".to_owned()],
            ek::Second::Connected => vec!["secondary=True".to_owned()],
        };
        format!("{}({})", self.inner.kind.name(), [given, secondary].concat().join(", "))
    }
}

/// Whether a component works.
#[pyclass(eq, eq_int, frozen, hash, from_py_object, module = "entropyk")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::upper_case_acronyms)]
pub(crate) enum OperationalState {
    ON,
    OFF,
    BYPASS,
}

#[pymethods]
impl OperationalState {
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Call<'py>> {
        let py = slf.py();
        let name = format!("{:?}", slf.get());
        let getattr = py.import("builtins")?.getattr("getattr")?;
        Ok((getattr, (slf.as_any().get_type(), name).into_pyobject(py)?))
    }
}

impl OperationalState {
    pub(crate) fn of(state: ek::OperationalState) -> Self {
        match state {
            ek::OperationalState::On => Self::ON,
            ek::OperationalState::Off => Self::OFF,
            ek::OperationalState::Bypass => Self::BYPASS,
        }
    }

    fn core(self) -> ek::OperationalState {
        match self {
            Self::ON => ek::OperationalState::On,
            Self::OFF => ek::OperationalState::Off,
            Self::BYPASS => ek::OperationalState::Bypass,
        }
    }
}

fn make(
    kind: Kind,
    given: &[(&'static str, Option<f64>)],
    secondary: Option<Other<'_>>,
    state: OperationalState,
) -> PyResult<Component> {
    let given = given.iter().filter_map(|(n, v)| v.map(|v| (*n, v))).collect();
    let secondary = secondary.map_or(ek::Second::None, |s| s.second());
    let mut inner = ek::Component::new(kind, given, secondary).map_err(raise)?;
    inner.state = state.core();
    Ok(Component { inner })
}

/// A class of a component: its kind, and the keywords that are numbers.
macro_rules! component {
    ($name:ident, [$($key:ident),*]) => {
        #[pyclass(frozen, extends = Component, module = "entropyk")]
        pub(crate) struct $name;

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($key=None,)* state=OperationalState::ON))]
            #[allow(non_snake_case, clippy::too_many_arguments)]
            fn new(
                $($key: Option<f64>,)*
                state: OperationalState,
            ) -> PyResult<PyClassInitializer<Self>> {
                let base = make(Kind::$name, &[$((stringify!($key), $key)),*], None, state)?;
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
            #[pyo3(signature = (*, $($key=None,)* secondary=None, state=OperationalState::ON))]
            #[allow(non_snake_case, clippy::too_many_arguments)]
            fn new(
                $($key: Option<f64>,)*
                secondary: Option<Other<'_>>,
                state: OperationalState,
            ) -> PyResult<PyClassInitializer<Self>> {
                let base = make(Kind::$name, &[$((stringify!($key), $key)),*], secondary, state)?;
                Ok(PyClassInitializer::from(base).add_subclass($name))
            }
        }
    };
}

component!(Pump, [eta_s, pr, P, volume_flow]);
component!(Fan, [eta_s, pr, P, volume_flow]);
component!(Turbine, [eta_s, pr, P]);
component!(Pipe, [Q, pr, dp, zeta, ua, T_ambient, length, diameter, roughness]);
component!(
    Economizer,
    [
        Q,
        pr,
        dp,
        zeta,
        ua,
        ka,
        ttd_u,
        ttd_l,
        pinch,
        pr_secondary,
        dp_secondary,
        zeta_secondary,
        area,
        alpha,
        alpha_two_phase,
        alpha_secondary,
        alpha_secondary_two_phase
    ]
);

#[pyclass(frozen, extends = Component, module = "entropyk")]
pub(crate) struct FlashEconomizer;

#[pymethods]
impl FlashEconomizer {
    #[new]
    fn new() -> PyResult<PyClassInitializer<Self>> {
        let base = make(Kind::FlashEconomizer, &[], None, OperationalState::ON)?;
        Ok(PyClassInitializer::from(base).add_subclass(FlashEconomizer))
    }
}

component!(ExpansionValve, [pr, dp, zeta]);
component!(
    Condenser,
    [
        Q,
        pr,
        dp,
        zeta,
        subcooling,
        ua,
        ka,
        ttd_u,
        ttd_l,
        pinch,
        pr_secondary,
        dp_secondary,
        zeta_secondary,
        area,
        alpha,
        alpha_two_phase,
        alpha_secondary,
        alpha_secondary_two_phase
    ],
    secondary
);
component!(
    Evaporator,
    [
        Q,
        pr,
        dp,
        zeta,
        superheat,
        ua,
        ka,
        ttd_u,
        ttd_l,
        pinch,
        pr_secondary,
        dp_secondary,
        zeta_secondary,
        area,
        alpha,
        alpha_two_phase,
        alpha_secondary,
        alpha_secondary_two_phase
    ],
    secondary
);

/// A class of a component that parts or joins streams.
macro_rules! junction {
    ($name:ident) => {
        #[pyclass(frozen, extends = Component, module = "entropyk")]
        pub(crate) struct $name;

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (branches=2))]
            fn new(branches: i64) -> PyResult<PyClassInitializer<Self>> {
                let many = usize::try_from(branches).ok().filter(|many| (2..=5).contains(many));
                let Some(many) = many else {
                    let text =
                        format!("{}: expected 2 to 5 branches, got {branches}", Kind::$name.name());
                    return Err(raise(entropyk::Error::Component(text)));
                };
                let mut base = make(Kind::$name, &[], None, OperationalState::ON)?;
                base.inner.branches = many;
                Ok(PyClassInitializer::from(base).add_subclass($name))
            }
        }
    };
}

junction!(FlowSplitter);
junction!(FlowMerger);

#[allow(non_snake_case)]
fn boundary(
    kind: Kind,
    m: Option<f64>,
    p: Option<f64>,
    T: Option<f64>,
    h: Option<f64>,
    x: Option<f64>,
) -> PyResult<Component> {
    let mut base = make(kind, &[], None, OperationalState::ON)?;
    let said = [("m", m), ("p", p), ("T", T), ("h", h), ("x", x)];
    base.inner.boundary = said.into_iter().filter_map(|(n, v)| v.map(|v| (n, v))).collect();
    Ok(base)
}

#[pyclass(frozen, extends = Component, module = "entropyk")]
pub(crate) struct FlowSource;

#[pymethods]
impl FlowSource {
    #[new]
    #[pyo3(signature = (fluid=None, *, m=None, p=None, T=None, h=None, x=None))]
    #[allow(non_snake_case)]
    fn new(
        fluid: Option<AnyFluid<'_>>,
        m: Option<f64>,
        p: Option<f64>,
        T: Option<f64>,
        h: Option<f64>,
        x: Option<f64>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let mut base = boundary(Kind::FlowSource, m, p, T, h, x)?;
        base.inner.fluid = fluid.map(|f| f.medium()).transpose()?;
        Ok(PyClassInitializer::from(base).add_subclass(FlowSource))
    }
}

#[pyclass(frozen, extends = Component, module = "entropyk")]
pub(crate) struct FlowSink;

#[pymethods]
impl FlowSink {
    #[new]
    #[pyo3(signature = (*, m=None, p=None, T=None, h=None, x=None))]
    #[allow(non_snake_case)]
    fn new(
        m: Option<f64>,
        p: Option<f64>,
        T: Option<f64>,
        h: Option<f64>,
        x: Option<f64>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let base = boundary(Kind::FlowSink, m, p, T, h, x)?;
        Ok(PyClassInitializer::from(base).add_subclass(FlowSink))
    }
}

#[pyclass(frozen, extends = Component, module = "entropyk")]
pub(crate) struct Compressor;

#[pymethods]
impl Compressor {
    #[new]
    #[pyo3(signature = (
        *, eta_s=None, pr=None, P=None, displacement=None, eta_v=None, ahri=None, P_electric=None, heat_loss=None,
        state=OperationalState::ON
    ))]
    #[allow(non_snake_case, clippy::too_many_arguments)]
    fn new(
        eta_s: Option<f64>,
        pr: Option<f64>,
        P: Option<f64>,
        displacement: Option<f64>,
        eta_v: Option<f64>,
        ahri: Option<&Bound<'_, Ahri540>>,
        P_electric: Option<f64>,
        heat_loss: Option<f64>,
        state: OperationalState,
    ) -> PyResult<PyClassInitializer<Self>> {
        if ahri.is_none() && (P_electric.is_some() || heat_loss.is_some()) {
            let text = "Compressor: P_electric and heat_loss are those of a rated one; give ahri=Ahri540(...)";
            return Err(raise(entropyk::Error::Component(text.to_owned())));
        }
        let given = [
            ("eta_s", eta_s),
            ("pr", pr),
            ("P", P),
            ("displacement", displacement),
            ("eta_v", eta_v),
            ("P_electric", P_electric),
            ("heat_loss", heat_loss),
        ];
        let mut base = make(Kind::Compressor, &given, None, state)?;
        base.inner.rating = ahri.map(|a| a.get().inner.clone());
        Ok(PyClassInitializer::from(base).add_subclass(Compressor))
    }
}
