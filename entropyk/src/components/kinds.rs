//! What each component is told by keywords, and the equations that follow.

use std::sync::Arc;

use super::exchanger::Model;
use super::laws::{Law, Medium};
use super::rating::Rating;
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
    /// Moves heat from its first stream to its second, both of the network.
    Economizer,
    /// Parts liquid and vapour: vapour leaves by the first outlet, liquid by the second.
    FlashEconomizer,
    /// Raises the pressure of a liquid.
    Pump,
    /// Raises the pressure of a gas a little.
    Fan,
    /// Loses pressure and heat.
    Pipe,
    /// One stream becomes several.
    FlowSplitter,
    /// Several streams become one.
    FlowMerger,
    /// Where a fluid comes from.
    FlowSource,
    /// Where a fluid goes to.
    FlowSink,
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
    /// How many streams a splitter or merger has.
    pub branches: usize,
    /// What flows from a source, if it is not the system's fluid.
    pub fluid: Option<Medium>,
    /// What a compressor was rated at.
    pub rating: Option<Arc<Rating>>,
    /// What a source or sink says about its connection.
    pub boundary: Vec<(&'static str, f64)>,
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
    /// The number 1.
    One,
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
const MACHINE: &[Keyword] = &[("eta_s", 0.0, 1.0 + 1e-12), ("pr", 0.0, ANY), ("P", -ANY, ANY)];
const SWEPT: &[Keyword] = &[("displacement", 0.0, ANY), ("eta_v", 0.0, ANY)];
const RATED: &[Keyword] = &[("P_electric", 0.0, ANY), ("heat_loss", -1e-12, 1.0)];
const FLOW: &[Keyword] = &[("volume_flow", 0.0, ANY)];
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
            Self::Economizer => "Economizer",
            Self::FlashEconomizer => "FlashEconomizer",
            Self::Pump => "Pump",
            Self::Fan => "Fan",
            Self::Pipe => "Pipe",
            Self::FlowSplitter => "FlowSplitter",
            Self::FlowMerger => "FlowMerger",
            Self::FlowSource => "FlowSource",
            Self::FlowSink => "FlowSink",
        }
    }

    /// The keywords that it takes.
    fn keywords(self, two_streams: bool) -> impl Iterator<Item = Keyword> {
        let (own, more): (&[Keyword], &[Keyword]) = match self {
            Self::Compressor => (MACHINE, SWEPT),
            Self::Pump | Self::Fan => (MACHINE, FLOW),
            Self::ExpansionValve => (VALVE, &[]),
            Self::Pipe | Self::Economizer => (ONE_STREAM, &[]),
            Self::FlashEconomizer | Self::FlowSplitter | Self::FlowMerger => (&[], &[]),
            Self::FlowSource | Self::FlowSink => (&[], &[]),
            Self::Condenser => (ONE_STREAM, CONDENSER),
            Self::Evaporator => (ONE_STREAM, EVAPORATOR),
        };
        let rest = if two_streams || self == Self::Economizer { TWO_STREAMS } else { &[] };
        own.iter().chain(more).chain(rest).copied()
    }
}

impl Component {
    /// A component of a kind; every keyword is checked against its range.
    pub fn new(kind: Kind, given: Vec<(&'static str, f64)>, secondary: Option<Stream>) -> Result<Self> {
        for &(name, value) in &given {
            let rated = RATED.iter().copied().filter(|_| kind == Kind::Compressor);
            let known = kind.keywords(secondary.is_some()).chain(rated).find(|k| k.0 == name);
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
        Ok(Self { kind, given, secondary, branches: 2, fluid: None, rating: None, boundary: Vec::new() })
    }

    /// How many inlets and outlets it has.
    #[must_use]
    pub fn ends(&self) -> [usize; 2] {
        match self.kind {
            Kind::FlowSource => [0, 1],
            Kind::FlowSink => [1, 0],
            Kind::FlowSplitter => [1, self.branches],
            Kind::FlowMerger => [self.branches, 1],
            Kind::FlashEconomizer => [1, 2],
            Kind::Economizer => [2, 2],
            _ => [1 + usize::from(self.secondary.is_some()); 2],
        }
    }

    /// How many streams pass through, from the inlet to the outlet of the same number.
    #[must_use]
    pub fn passing(&self) -> usize {
        let [inlets, outlets] = self.ends();
        let parts = matches!(self.kind, Kind::FlowSplitter | Kind::FlowMerger | Kind::FlashEconomizer);
        if parts { 0 } else { inlets.min(outlets) }
    }

    /// What a keyword is if nothing is said.
    #[must_use]
    pub fn default(&self, word: &str) -> Option<f64> {
        match word {
            "eta_v" => Some(1.0),
            "heat_loss" => Some(0.0),
            "pr_secondary" if self.value("dp_secondary").is_none() => Some(1.0),
            _ => None,
        }
    }

    /// The names of the variables that it has of its own.
    ///
    /// `ka` is one only if it is given: ends may be such that there is no mean of both, though the exchanger works.
    pub fn own(&self) -> impl Iterator<Item = &'static str> {
        let rated: &[Keyword] = if self.rating.is_some() { RATED } else { &[] };
        let words = self.kind.keywords(self.secondary.is_some()).chain(rated.iter().copied()).map(|k| k.0);
        words.filter(|word| *word != "ka" || self.value("ka").is_some())
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
            Kind::Compressor | Kind::Pump | Kind::Fan => {
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("power", Law::Heat, &[Own("P"), M(In(0)), H(In(0)), H(Out(0))]);
                let slots = [Own("eta_s"), P(In(0)), H(In(0)), P(Out(0)), H(Out(0))];
                say("isentropic efficiency", Law::Compression(fluid()), &slots);
                let suction = |eta, volume| [M(In(0)), eta, volume, P(In(0)), H(In(0))];
                if self.kind == Kind::Compressor {
                    let slots = suction(Own("eta_v"), Own("displacement"));
                    say("displacement", Law::Volume(fluid()), &slots);
                    if let Some(rating) = &self.rating {
                        let between = [P(In(0)), H(In(0)), P(Out(0))];
                        let with = |first| [&[first], between.as_slice()].concat();
                        say("rated flow", Law::RatedFlow(fluid(), rating.clone()), &with(M(In(0))));
                        let power = with(Own("P_electric"));
                        say("rated power", Law::RatedPower(fluid(), rating.clone()), &power);
                        say("heat loss", Law::Loss, &[Own("P"), Own("P_electric"), Own("heat_loss")]);
                    }
                } else {
                    say("volume flow", Law::Volume(fluid()), &suction(Slot::One, Own("volume_flow")));
                }
            }
            Kind::FlowSource | Kind::FlowSink => {}
            Kind::FlowSplitter => {
                let outlets = (0..self.branches).map(Out);
                let flows: Vec<_> = std::iter::once(M(In(0))).chain(outlets.clone().map(M)).collect();
                say("mass", Law::Sum, &flows);
                for out in outlets {
                    say("pressure", Law::Equal, &[P(out), P(In(0))]);
                    say("enthalpy", Law::Equal, &[H(out), H(In(0))]);
                }
            }
            Kind::FlowMerger => {
                let inlets = (0..self.branches).map(In);
                let flows: Vec<_> = std::iter::once(M(Out(0))).chain(inlets.clone().map(M)).collect();
                say("mass", Law::Sum, &flows);
                inlets.clone().for_each(|inlet| say("pressure", Law::Equal, &[P(inlet), P(Out(0))]));
                let carried = inlets.flat_map(|inlet| [M(inlet), H(inlet)]);
                let slots: Vec<_> = [M(Out(0)), H(Out(0))].into_iter().chain(carried).collect();
                say("energy", Law::Mix, &slots);
            }
            Kind::FlashEconomizer => {
                say("mass", Law::Sum, &[M(In(0)), M(Out(0)), M(Out(1))]);
                for (out, side) in [(Out(0), 1), (Out(1), 0)] {
                    say("pressure", Law::Equal, &[P(out), P(In(0))]);
                    say("saturation", Law::Line(fluid(), side), &[P(out), H(out)]);
                }
                let slots = [M(In(0)), H(In(0)), M(Out(0)), H(Out(0)), M(Out(1)), H(Out(1))];
                say("energy", Law::Mix, &slots);
            }
            Kind::ExpansionValve => {
                say("enthalpy", Law::Equal, &[H(Out(0)), H(In(0))]);
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("pressure drop", Law::Drop, &[P(In(0)), P(Out(0)), Own("dp")]);
            }
            Kind::Condenser | Kind::Evaporator | Kind::Pipe | Kind::Economizer => {
                say("duty", Law::Heat, &[Own("Q"), M(In(0)), H(In(0)), H(Out(0))]);
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("pressure drop", Law::Drop, &[P(In(0)), P(Out(0)), Own("dp")]);
                let line = match self.kind {
                    Kind::Condenser => Some(("subcooling", 0)),
                    Kind::Evaporator => Some(("superheat", 1)),
                    _ => None,
                };
                if let Some((word, side)) = line {
                    say(word, Law::Distance(fluid(), side), &[Own(word), P(Out(0)), H(Out(0))]);
                }
                if fluids.len() > 1 {
                    self.two_streams(fluids, &mut say);
                }
            }
        }
        all
    }

    fn two_streams(&self, fluids: &[Medium], say: &mut impl FnMut(&'static str, Law, &[Slot])) {
        use Port::{In, Out};
        use Slot::{H, M, Own, P};
        let (hot, cold) = if self.kind == Kind::Evaporator { (1, 0) } else { (0, 1) };
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
        if self.value("ka").is_some() {
            say("rated conductance", Law::Transfer(rated, a, b), &transfer("ka"));
        }
    }
}
