//! A component: what it was told, and the laws that follow.

use std::sync::Arc;

use super::exchanger::Model;
use super::kinds::{AREA, Keyword, Kind, RATED, said};
use super::laws::{Law, Medium};
use super::rating::Rating;
use crate::{Error, Result};

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

/// What is on the other side of a heat exchanger.
#[derive(Debug, Clone)]
pub enum Second {
    /// Nothing: the heat comes from anywhere.
    None,
    /// A stream from outside.
    Stream(Stream),
    /// A stream of the network, by connections to the second port.
    Connected,
}

impl Second {
    /// Whether there is a second stream.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The stream, if it is from outside.
    #[must_use]
    pub fn stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self { Some(stream) } else { None }
    }
}

/// Whether a component works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OperationalState {
    /// It works.
    #[default]
    On,
    /// Its first stream is shut: nothing flows, and pressures before and after it are what they
    /// are.
    Off,
    /// What flows through it leaves as it came.
    Bypass,
}

/// A component with what it was told.
#[derive(Debug, Clone)]
pub struct Component {
    /// What it is.
    pub kind: Kind,
    /// The keywords that were given, with their values in SI units.
    pub given: Vec<(&'static str, f64)>,
    /// The stream on the other side.
    pub secondary: Second,
    /// Keywords that something else of the network refers to.
    pub asked: Vec<String>,
    /// Whether it works.
    pub state: OperationalState,
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

impl Component {
    /// A component of a kind; every keyword is checked against its range.
    pub fn new(kind: Kind, given: Vec<(&'static str, f64)>, secondary: Second) -> Result<Self> {
        for &(name, value) in &given {
            let rated = RATED.iter().copied().filter(|_| kind == Kind::Compressor);
            let known = kind.keywords(secondary.is_some()).chain(rated).find(|k| k.name == name);
            let Some(Keyword { range: [low, high], .. }) = known else {
                let why = if kind.keywords(true).any(|k| k.name == name) {
                    "has one only with a secondary stream; give secondary=Stream(...)"
                } else {
                    "does not know it"
                };
                return Err(Error::Component(format!("{name}={value}: a {} {why}", kind.name())));
            };
            if !(value.is_finite() && value > low && value < high) {
                return Err(Error::Component(format!(
                    "{}: expected {name} between {} and {}, got {value}",
                    kind.name(),
                    said(low),
                    said(high)
                )));
            }
        }
        if let Some(stream) = secondary.stream() {
            let positive = |name: &str, v: f64| {
                let text =
                    || format!("{}: expected a secondary {name} above 0, got {v}", kind.name());
                if v.is_finite() && v > 0.0 { Ok(()) } else { Err(Error::Component(text())) }
            };
            positive("T", stream.t)?;
            positive("p", stream.p)?;
            stream.m.map_or(Ok(()), |m| positive("m", m))?;
        }
        let (asked, boundary, state) = (Vec::new(), Vec::new(), OperationalState::On);
        Ok(Self {
            kind,
            given,
            secondary,
            asked,
            state,
            branches: 2,
            fluid: None,
            rating: None,
            boundary,
        })
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
        let parts =
            matches!(self.kind, Kind::FlowSplitter | Kind::FlowMerger | Kind::FlashEconomizer);
        if parts { 0 } else { inlets.min(outlets) }
    }

    /// What a keyword is if nothing is said.
    #[must_use]
    pub fn default(&self, word: &str) -> Option<f64> {
        match word {
            "eta_v" => Some(1.0),
            "heat_loss" | "roughness" => Some(0.0),
            "pr_secondary"
                if self.secondary.stream().is_some()
                    && !["dp_secondary", "zeta_secondary"].iter().any(|w| self.says(w)) =>
            {
                Some(1.0)
            }
            _ => None,
        }
    }

    /// The keywords that are variables of its own.
    pub(crate) fn own(&self) -> impl Iterator<Item = Keyword> {
        let rated: &[Keyword] = if self.rating.is_some() { RATED } else { &[] };
        let words = self.kind.keywords(self.secondary.is_some()).chain(rated.iter().copied());
        words.filter(|word| self.states(word.name))
    }

    /// Whether a keyword is given, or spoken of elsewhere.
    fn says(&self, word: &str) -> bool {
        self.value(word).is_some() || self.asked.iter().any(|asked| asked == word)
    }

    fn secondary_ka(&self) -> bool {
        self.kind.keywords(true).any(|k| k.name == "ka") && self.says("ka")
    }

    /// Whether the laws of a keyword are stated.
    fn states(&self, word: &str) -> bool {
        if self.state != OperationalState::On {
            return matches!(word, "P" | "Q");
        }
        // one conductance is enough: who rates by ka may mean ends whose zones would cross
        let other = word == "ua" && (self.secondary_ka() || self.says("area"));
        self.kind.optional(word).map_or(!other, |group| group.iter().any(|w| self.says(w)))
            || self.says(word)
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
        let mut say =
            |name, law, slots: &[Slot]| all.push(Equation { name, law, slots: slots.to_vec() });
        let fluid = || fluids[0].clone();
        let friction = |word, k| [Own(word), M(In(k)), P(In(k)), H(In(k)), P(Out(k)), H(Out(k))];
        if self.state != OperationalState::On {
            self.idle(&mut say);
            return all;
        }
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
                        say(
                            "heat loss",
                            Law::Loss,
                            &[Own("P"), Own("P_electric"), Own("heat_loss")],
                        );
                    }
                } else {
                    say(
                        "volume flow",
                        Law::Volume(fluid()),
                        &suction(Slot::One, Own("volume_flow")),
                    );
                }
            }
            Kind::Turbine => {
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("power", Law::Heat, &[Own("P"), M(In(0)), H(In(0)), H(Out(0))]);
                let slots = [Own("eta_s"), P(In(0)), H(In(0)), P(Out(0)), H(Out(0))];
                say("isentropic efficiency", Law::Expansion(fluid()), &slots);
            }
            Kind::FlowSource | Kind::FlowSink => {}
            Kind::FlowSplitter => {
                let outlets = (0..self.branches).map(Out);
                let flows: Vec<_> =
                    std::iter::once(M(In(0))).chain(outlets.clone().map(M)).collect();
                say("mass", Law::Sum, &flows);
                for out in outlets {
                    say("pressure", Law::Equal, &[P(out), P(In(0))]);
                    say("enthalpy", Law::Equal, &[H(out), H(In(0))]);
                }
            }
            Kind::FlowMerger => {
                let inlets = (0..self.branches).map(In);
                let flows: Vec<_> =
                    std::iter::once(M(Out(0))).chain(inlets.clone().map(M)).collect();
                say("mass", Law::Sum, &flows);
                inlets
                    .clone()
                    .for_each(|inlet| say("pressure", Law::Equal, &[P(inlet), P(Out(0))]));
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
                if self.states("zeta") {
                    say("friction", Law::Friction(fluid()), &friction("zeta", 0));
                }
            }
            Kind::Condenser | Kind::Evaporator | Kind::Pipe | Kind::Economizer => {
                say("duty", Law::Heat, &[Own("Q"), M(In(0)), H(In(0)), H(Out(0))]);
                say("pressure ratio", Law::Ratio, &[P(Out(0)), P(In(0)), Own("pr")]);
                say("pressure drop", Law::Drop, &[P(In(0)), P(Out(0)), Own("dp")]);
                if self.states("zeta") {
                    say("friction", Law::Friction(fluid()), &friction("zeta", 0));
                }
                if self.kind == Kind::Pipe && self.states("ua") {
                    let ends = [P(In(0)), H(In(0)), P(Out(0)), H(Out(0))];
                    let slots =
                        [&[Own("ua"), Own("Q")], ends.as_slice(), &[Own("T_ambient")]].concat();
                    say("surroundings", Law::Ambient(fluid()), &slots);
                }
                if self.kind == Kind::Pipe && self.states("length") {
                    let wall = [Own("length"), Own("diameter"), Own("roughness"), M(In(0))];
                    let ends = [P(In(0)), H(In(0)), P(Out(0)), H(Out(0))];
                    say("wall friction", Law::Darcy(fluid()), &[wall, ends].concat());
                }
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
                    if self.states("zeta_secondary") {
                        let law = Law::Friction(fluids[1].clone());
                        say("secondary friction", law, &friction("zeta_secondary", 1));
                    }
                }
            }
        }
        all
    }

    /// Streams leave as they came.
    fn idle(&self, say: &mut impl FnMut(&'static str, Law, &[Slot])) {
        use Port::{In, Out};
        use Slot::{H, M, Own, P};
        let shut = self.state == OperationalState::Off;
        for k in 0..self.passing() {
            say("enthalpy", Law::Equal, &[H(Out(k)), H(In(k))]);
            if !(shut && k == 0) {
                say("pressure", Law::Equal, &[P(Out(k)), P(In(k))]);
            }
        }
        if let Some(word) = self.own().next() {
            say("duty", Law::Heat, &[Own(word.name), M(In(0)), H(In(0)), H(Out(0))]);
        }
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
        let both =
            |name: &'static str, more: [Slot; 4]| [Own(name), more[0], more[1], more[2], more[3]];
        let upper = both("ttd_u", approach(In(hot), Out(cold)));
        let lower = both("ttd_l", approach(Out(hot), In(cold)));
        say("upper temperature difference", Law::Approach(a.clone(), b.clone()), &upper);
        say("lower temperature difference", Law::Approach(a.clone(), b.clone()), &lower);
        let ports = [In(hot), Out(hot), In(cold), Out(cold)];
        let ends = ports.into_iter().flat_map(|port| [P(port), H(port)]);
        let transfer =
            |name| [Own(name), M(In(hot))].into_iter().chain(ends.clone()).collect::<Vec<_>>();
        let rated = if self.kind == Kind::Condenser { Model::Condensing } else { Model::Whole };
        if self.states("ua") {
            let law = Law::Transfer(Model::MovingBoundary, a.clone(), b.clone());
            say("conductance", law, &transfer("ua"));
        }
        if self.states("area") {
            let names = [
                ("ua_11", [false; 2]),
                ("ua_12", [false, true]),
                ("ua_21", [true, false]),
                ("ua_22", [true; 2]),
            ];
            for (word, [first, second]) in names {
                let phases = if hot == 0 { [first, second] } else { [second, first] };
                say(
                    "conductance of zones",
                    Law::Zones(phases, a.clone(), b.clone()),
                    &transfer(word),
                );
            }
            say("area", Law::Area, &AREA.iter().map(|&word| Own(word)).collect::<Vec<_>>());
        }
        if self.states("pinch") {
            let slots: Vec<_> = std::iter::once(Own("pinch")).chain(ends.clone()).collect();
            say("pinch", Law::Pinch(a.clone(), b.clone()), &slots);
        }
        if self.states("ka") {
            say("rated conductance", Law::Transfer(rated, a, b), &transfer("ka"));
        }
    }
}
