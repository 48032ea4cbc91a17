//! Mass flows to start from: those that duties say, and the shares of them that branches have.

use super::model::Model;
use super::system::Edge;
use crate::components::{Component, Kind, Port};

/// What share of a flow boils off where its pressure falls between two stages.
const FLASHED: f64 = 0.2;

/// Mass flows on their way.
pub(super) struct Flows<'a> {
    pub(super) components: &'a [(String, Component)],
    pub(super) edges: &'a [Edge],
    pub(super) model: &'a mut Model,
    /// For each variable, whether it has a value that means something.
    known: Vec<bool>,
}

impl<'a> Flows<'a> {
    pub(super) fn of(
        components: &'a [(String, Component)],
        edges: &'a [Edge],
        model: &'a mut Model,
    ) -> Self {
        let known = model.variables.iter().map(|v| v.given).collect();
        Self { components, edges, model, known }
    }

    /// Gives each flow a value: by duties first, then by balances.
    pub(super) fn guess(mut self, passes: &[(usize, usize, usize, usize)]) {
        self.by_duties(passes);
        for _ in 0..self.components.len() {
            let before = self.known.iter().filter(|k| **k).count();
            for i in 0..self.components.len() {
                self.balance(i);
            }
            if self.known.iter().filter(|k| **k).count() == before {
                break;
            }
        }
    }

    fn set(&mut self, variable: usize, value: f64) {
        if !self.known[variable] && (1e-6..1e4).contains(&value) {
            self.model.variables[variable].value = value;
            self.known[variable] = true;
        }
    }

    fn by_duties(&mut self, passes: &[(usize, usize, usize, usize)]) {
        for &(a, b, i, stream) in passes {
            let (label, component) = &self.components[i];
            let duty = ["Q", "P"].into_iter().find_map(|word| {
                let variable =
                    &self.model.variables[self.model.find(&format!("{label}.{word}"))?];
                variable.given.then_some(variable.value)
            });
            // one stream alone says what it takes; a given duty of both is that of the first
            let Some(duty) = duty.filter(|_| stream == 0 && component.passing() > 0) else {
                continue;
            };
            let h = |e: usize| self.model.variables[self.edges[e].at[2]].value;
            // pipes lose little: what they are told says nothing of a flow
            if component.kind != Kind::Pipe || self.edges.len() < 3 {
                self.set(self.edges[a].at[0], (duty / (h(b) - h(a))).abs());
            }
        }
    }

    /// What a flow is that is parted or joined, or its parts.
    fn balance(&mut self, i: usize) {
        let component = &self.components[i].1;
        let [inlets, outlets] = component.ends();
        let (whole, parts): (Port, Vec<Port>) = match component.kind {
            Kind::FlowSplitter | Kind::FlashEconomizer => {
                (Port::In(0), (0..outlets).map(Port::Out).collect())
            }
            Kind::FlowMerger => (Port::Out(0), (0..inlets).map(Port::In).collect()),
            _ => return,
        };
        let flow = |port: Port| {
            let end = Some((i, port));
            self.edges.iter().find(|e| e.from == end || e.to == end).map(|e| e.at[0])
        };
        let Some(whole) = flow(whole) else { return };
        let parts: Vec<usize> = parts.into_iter().filter_map(flow).collect();
        let value = |v: usize| self.model.variables[v].value;
        let (open, sure): (Vec<usize>, Vec<usize>) = parts.iter().partition(|&&v| !self.known[v]);
        let carried: f64 = sure.iter().map(|&v| value(v)).sum();
        if !self.known[whole] {
            // where some is known, the rest is taken to be like it
            if !sure.is_empty() {
                self.set(whole, carried * parts.len() as f64 / sure.len() as f64);
            }
            return;
        }
        let rest = (value(whole) - carried).max(0.02 * value(whole));
        let flash = component.kind == Kind::FlashEconomizer && open.len() == 2;
        for (k, &v) in open.iter().enumerate() {
            let share = match (flash, k) {
                (true, 0) => FLASHED,
                (true, _) => 1.0 - FLASHED,
                (false, _) => 1.0 / open.len() as f64,
            };
            self.set(v, share * rest);
        }
    }
}
