//! The equations of a component, each a law between what its streams and its keywords have.

use super::component::{Component, OperationalState};
use super::exchanger::Model;
use super::kinds::{AREA, Kind};
use super::laws::{Law, Medium};
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
