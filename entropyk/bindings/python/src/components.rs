//! Components, as classes whose constructors take keywords.

use std::sync::Arc;

use entropyk::components as ek;
use entropyk::components::Kind;
use pyo3::prelude::*;

use crate::again::{Call, Keywords, keywords, spoken, told};
use crate::errors::{misuse, raise};
use crate::fluids::AnyFluid;

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Stream {
    pub(crate) inner: ek::Stream,
}

#[pymethods]
impl Stream {
    #[new]
    #[pyo3(signature = (fluid, *, T, m=None, p=1e5))]
    #[allow(non_snake_case)]
    fn new(fluid: AnyFluid<'_>, T: f64, m: Option<f64>, p: f64) -> PyResult<Self> {
        Ok(Self { inner: ek::Stream { fluid: fluid.medium()?, t: T, m, p } })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let s = &self.inner;
        let (none, named) = keywords(py, [("T", Some(s.t)), ("m", s.m), ("p", Some(s.p))])?;
        named.set_item("fluid", spoken(py, &s.fluid)?)?;
        Ok((none, named))
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

/// What is on the other side: a stream from outside, or, if True, one that is connected.
#[derive(FromPyObject)]
enum Other<'py> {
    Stream(PyRef<'py, Stream>),
    Connected(bool),
}

impl Other<'_> {
    fn second(&self) -> ek::Second {
        match self {
            Self::Stream(stream) => ek::Second::Stream(stream.inner.clone()),
            Self::Connected(true) => ek::Second::Connected,
            Self::Connected(false) => ek::Second::None,
        }
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

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Ahri540 {
    pub(crate) inner: Arc<ek::Rating>,
}

#[pymethods]
impl Ahri540 {
    #[new]
    #[pyo3(signature = (*, mass_flow, power, superheat=None, suction_temperature=None, imperial=false, factor=0.75))]
    fn new(
        mass_flow: [f64; 10],
        power: [f64; 10],
        superheat: Option<f64>,
        suction_temperature: Option<f64>,
        imperial: bool,
        factor: f64,
    ) -> PyResult<Self> {
        let suction = match (superheat, suction_temperature) {
            (Some(dt), None) => ek::Suction::Superheat(dt),
            (None, Some(t)) => ek::Suction::Temperature(t),
            _ => {
                return Err(misuse(
                    "expected one of superheat and suction_temperature, at which it was rated",
                ));
            }
        };
        let rating = ek::Rating { flow: mass_flow, power, imperial, suction, factor };
        Ok(Self { inner: Arc::new(rating.checked().map_err(raise)?) })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let r = &self.inner;
        let (none, named) = keywords(py, [("mass_flow", r.flow), ("power", r.power)])?;
        match r.suction {
            ek::Suction::Superheat(dt) => named.set_item("superheat", dt)?,
            ek::Suction::Temperature(t) => named.set_item("suction_temperature", t)?,
        }
        named.set_item("imperial", r.imperial)?;
        named.set_item("factor", r.factor)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        format!("Ahri540(rated at {:?})", self.inner.suction)
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
