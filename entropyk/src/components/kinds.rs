//! What each component is told by keywords, and the equations that follow.

use super::exchanger::Model;
use super::laws::{Law, Medium};
use crate::{Error, Result};

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Raises pressure, at the cost of work.
    Compressor,
    /// Lowers pressure at constant enthalpy.
    ExpansionValve,
    /// Gives heat up; with a secondary stream, to that.
    Condenser,
    /// Takes heat up; with a secondary stream, from that.
    Evaporator,
}

/// A stream that enters a component from outside at a known state, and leaves to outside.
#[derive(Debug, Clone)]
pub struct Stream {
    /// What flows.
    pub fluid: Medium,
    /// The temperature at which it enters, K.
    pub t: f64,
    /// The pressure at which it enters, Pa.
    pub p: f64,
    /// Its mass flow, kg/s; free if it is not given.
    pub m: Option<f64>,
}

/// A component with what it was told.
#[derive(Debug, Clone)]
pub struct Component {
    /// What it is.
    pub kind: Kind,
    /// The keywords that were given, with their values in SI units.
    pub given: Vec<(&'static str, f64)>,
    /// The stream on the other side.
    pub secondary: Option<Stream>,
}

/// One end of a component's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// Where stream `0` enters.
    In(usize),
    /// Where it leaves.
    Out(usize),
}

/// What a law of a component takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Mass flow at a port.
    M(Port),
    /// Pressure at a port.
    P(Port),
    /// Enthalpy at a port.
    H(Port),
    /// The keyword of this name.
    Own(&'static str),
}

/// A law with what it takes.
#[derive(Debug, Clone)]
pub struct Equation {
    /// What is said, in a few words.
    pub name: &'static str,
    /// The law.
    pub law: Law,
    /// Its variables.
    pub slots: Vec<Slot>,
}

/// A keyword: its name, and the open range in which values make sense.
type Keyword = (&'static str, f64, f64);

const ANY: f64 = f64::INFINITY;
const COMPRESSOR: &[Keyword] = &[("eta_s", 0.0, 1.0 + 1e-12), ("pr", 0.0, ANY), ("P", -ANY, ANY)];
const VALVE: &[Keyword] = &[("pr", 0.0, ANY), ("dp", -ANY, ANY)];
const ONE_STREAM: &[Keyword] = &[("Q", -ANY, ANY), ("pr", 0.0, ANY), ("dp", -ANY, ANY)];
const CONDENSER: &[Keyword] = &[("subcooling", -ANY, ANY)];
const EVAPORATOR: &[Keyword] = &[("superheat", -ANY, ANY)];
const TWO_STREAMS: &[Keyword] = &[
    ("ua", 0.0, ANY),
    ("ka", 0.0, ANY),
    ("ttd_u", -ANY, ANY),
    ("ttd_l", -ANY, ANY),
    ("pr_secondary", 0.0, ANY),
    ("dp_secondary", -ANY, ANY),
];

impl Kind {
    /// The name of the class.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Compressor => "Compressor",
            Self::ExpansionValve => "ExpansionValve",
            Self::Condenser => "Condenser",
            Self::Evaporator => "Evaporator",
        }
    }

    /// The keywords that it takes.
    fn keywords(self, two_streams: bool) -> impl Iterator<Item = Keyword> {
        let (own, more): (&[Keyword], &[Keyword]) = match self {
            Self::Compressor => (COMPRESSOR, &[]),
            Self::ExpansionValve => (VALVE, &[]),
            Self::Condenser => (ONE_STREAM, CONDENSER),
            Self::Evaporator => (ONE_STREAM, EVAPORATOR),
        };
        let rest = if two_streams { TWO_STREAMS } else { &[] };
        own.iter().chain(more).chain(rest).copied()
    }
}

impl Component {
    /// A component of a kind; every keyword is checked against its range.
    pub fn new(kind: Kind, given: Vec<(&'static str, f64)>, secondary: Option<Stream>) -> Result<Self> {
        for &(name, value) in &given {
            let known = kind.keywords(secondary.is_some()).find(|k| k.0 == name);
            let Some((_, low, high)) = known else {
                let why = if kind.keywords(true).any(|k| k.0 == name) {
                    "has one only with a secondary stream; give secondary=Stream(...)"
                } else {
                    "does not know it"
                };
                return Err(Error::Component(format!("{name}={value}: a {} {why}", kind.name())));
            };
            if !(value.is_finite() && value > low && value < high) {
                return Err(Error::Component(format!(
                    "{}: expected {name} between {low} and {high}, got {value}",
                    kind.name()
                )));
            }
        }
        if let Some(stream) = &secondary {
            let positive = |name: &str, v: f64| {
                let text = || format!("{}: expected a secondary {name} above 0, got {v}", kind.name());
                if v.is_finite() && v > 0.0 { Ok(()) } else { Err(Error::Component(text())) }
            };
            positive("T", stream.t)?;
            positive("p", stream.p)?;
            stream.m.map_or(Ok(()), |m| positive("m", m))?;
        }
        Ok(Self { kind, given, secondary })
    }

    /// How many streams pass through.
    #[must_use]
    pub fn streams(&self) -> usize {
        1 + usize::from(self.secondary.is_some())
    }

    /// The names of the variables that it has of its own.
    pub fn own(&self) -> impl Iterator<Item = &'static str> {
        self.kind.keywords(self.secondary.is_some()).map(|k| k.0)
    }

    /// What was given for a keyword.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.given.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }

    /// The laws that hold, with the fluids of its streams.
    #[must_use]
    pub fn equations(&self, fluids: &[Medium]) -> Vec<Equation> {
        use Port::{In, Out};
        use Slot::{H, M, Own, P};
        let mut all = Vec::new();
        let mut say = |name, law, slots: &[Slot]| all.push(Equation { name, law, slots: slots.to_vec() });
        let fluid = || fluids[0].clone();
        match self.kind {
            Kind::Compressor => {
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("power", Law::Heat, &[Own("P"), M(In(0)), H(In(0)), H(Out(0))]);
                let slots = [Own("eta_s"), P(In(0)), H(In(0)), P(Out(0)), H(Out(0))];
                say("isentropic efficiency", Law::Compression(fluid()), &slots);
            }
            Kind::ExpansionValve => {
                say("enthalpy", Law::Equal, &[H(Out(0)), H(In(0))]);
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("pressure drop", Law::Drop, &[P(In(0)), P(Out(0)), Own("dp")]);
            }
            Kind::Condenser | Kind::Evaporator => {
                say("duty", Law::Heat, &[Own("Q"), M(In(0)), H(In(0)), H(Out(0))]);
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("pressure drop", Law::Drop, &[P(In(0)), P(Out(0)), Own("dp")]);
                let (word, side) = match self.kind {
                    Kind::Condenser => ("subcooling", 0),
                    _ => ("superheat", 1),
                };
                say(word, Law::Distance(fluid(), side), &[Own(word), P(Out(0)), H(Out(0))]);
                if self.secondary.is_some() {
                    self.two_streams(fluids, &mut say);
                }
            }
        }
        all
    }

    fn two_streams(&self, fluids: &[Medium], say: &mut impl FnMut(&'static str, Law, &[Slot])) {
        use Port::{In, Out};
        use Slot::{H, M, Own, P};
        let (hot, cold) = if self.kind == Kind::Condenser { (0, 1) } else { (1, 0) };
        let [a, b] = [hot, cold].map(|i| fluids[i].clone());
        let flows = [M(In(0)), H(In(0)), H(Out(0)), M(In(1)), H(In(1)), H(Out(1))];
        say("energy", Law::Exchange, &flows);
        say("secondary pressure ratio", Law::Ratio, &[P(Out(1)), P(In(1)), Own("pr_secondary")]);
        say("secondary pressure drop", Law::Drop, &[P(In(1)), P(Out(1)), Own("dp_secondary")]);
        let approach = |up: Port, down: Port| [P(up), H(up), P(down), H(down)];
        let both = |name: &'static str, more: [Slot; 4]| [Own(name), more[0], more[1], more[2], more[3]];
        let upper = both("ttd_u", approach(In(hot), Out(cold)));
        let lower = both("ttd_l", approach(Out(hot), In(cold)));
        say("upper temperature difference", Law::Approach(a.clone(), b.clone()), &upper);
        say("lower temperature difference", Law::Approach(a.clone(), b.clone()), &lower);
        let ports = [In(hot), Out(hot), In(cold), Out(cold)];
        let ends = ports.into_iter().flat_map(|port| [P(port), H(port)]);
        let transfer = |name| [Own(name), M(In(hot))].into_iter().chain(ends.clone()).collect::<Vec<_>>();
        let rated = if self.kind == Kind::Condenser { Model::Condensing } else { Model::Whole };
        say("conductance", Law::Transfer(Model::MovingBoundary, a.clone(), b.clone()), &transfer("ua"));
        say("rated conductance", Law::Transfer(rated, a, b), &transfer("ka"));
    }
}
