//! From components and connections to variables and statements.

use super::model::{Model, Statement, Variable};
use super::system::{Edge, System};
use super::words::{check_given, give};
use crate::components::{Keyword, Law, OperationalState, Port, Slot};
use crate::{Error, Result};

impl System {
    /// What sources and sinks say goes to their connections.
    pub(super) fn boundaries(&mut self) -> Result<()> {
        for i in 0..self.components.len() {
            let component = self.components[i].1.clone();
            for edge in &mut self.edges {
                let touches = [edge.from, edge.to].iter().flatten().any(|end| end.0 == i);
                if touches && !component.boundary.is_empty() {
                    edge.given.extend(&component.boundary);
                }
                let Some(fluid) = component.fluid.as_ref().filter(|_| touches) else { continue };
                let said = edge.own_fluid.get_or_insert_with(|| fluid.clone());
                if said.name() != fluid.name() {
                    return Err(Error::Topology(format!(
                        "{}: {} is said of it, but {} gives {}; leave out one",
                        edge.name,
                        said.name(),
                        self.components[i].0,
                        fluid.name()
                    )));
                }
            }
        }
        self.flood()?;
        let all =
            self.edges.iter().flat_map(|e| e.given.iter().map(|&(word, value)| (word, value)));
        all.into_iter().try_for_each(|(word, value)| check_given(word, value))
    }

    /// A fluid that is said of a connection is that of its whole stream.
    fn flood(&mut self) -> Result<()> {
        let mut stream: Vec<usize> = (0..self.edges.len()).collect();
        for i in 0..self.components.len() {
            let component = &self.components[i].1;
            let [inlets, outlets] = component.ends();
            for (a, b) in (0..inlets).flat_map(|a| (0..outlets).map(move |b| (a, b))) {
                // through a component with several streams, a fluid keeps to its own
                if component.passing() > 0 && a != b {
                    continue;
                }
                if let (Ok(a), Ok(b)) = (self.end(i, Port::In(a)), self.end(i, Port::Out(b))) {
                    let (a, b) = (stream[a], stream[b]);
                    stream.iter_mut().filter(|s| **s == b).for_each(|s| *s = a);
                }
            }
        }
        for k in 0..self.edges.len() {
            let Some(fluid) = self.edges[k].own_fluid.clone() else { continue };
            let name = self.edges[k].name.clone();
            for (edge, _) in self.edges.iter_mut().zip(&stream).filter(|(_, s)| **s == stream[k]) {
                if let Some(other) = edge.own_fluid.as_ref().filter(|f| f.name() != fluid.name()) {
                    return Err(Error::Topology(format!(
                        "{name} has {} and {} has {}, but they are of one stream; mixing of fluids is not covered",
                        fluid.name(),
                        edge.name,
                        other.name()
                    )));
                }
                edge.fluid = fluid.clone();
            }
        }
        Ok(())
    }

    pub(super) fn secondary_edges(&mut self) {
        for (i, (label, component)) in self.components.iter().enumerate() {
            let Some(stream) = component.secondary.stream() else { continue };
            let mut given = vec![("T", stream.t), ("p", stream.p)];
            given.extend(stream.m.map(|m| ("m", m)));
            let fluid = &stream.fluid;
            let edge = |way: &str, from, to, given| Edge {
                name: format!("{label}.secondary_{way}"),
                from,
                to,
                given,
                fluid: fluid.clone(),
                own_fluid: None,
                at: [0; 3],
            };
            self.edges.push(edge("in", None, Some((i, Port::In(1))), given));
            self.edges.push(edge("out", Some((i, Port::Out(1))), None, Vec::new()));
        }
    }

    pub(super) fn build(&mut self) -> Result<Model> {
        let mut model = Model::default();
        let one = variable(&mut model, "one".to_owned(), 1.0, true);
        model.variables[one].given = true;
        self.flows(&mut model)?;
        for edge in &mut self.edges {
            edge.at[1] = variable(&mut model, format!("{}.p", edge.name), 1e5, true);
            edge.at[2] = variable(&mut model, format!("{}.h", edge.name), 1e5, false);
            // the temperature of a mixture is said with its quality, which comes first
            let (quality, rest): (Vec<_>, Vec<_>) = edge.given.iter().partition(|g| g.0 == "x");
            for &(word, value) in quality.into_iter().chain(rest) {
                give(&mut model, edge, one, word, value)?;
            }
        }
        for i in 0..self.components.len() {
            let (label, component) = self.components[i].clone();
            let [inlets, outlets] = component.ends();
            let ports =
                (0..inlets).map(Port::In).chain((0..outlets.saturating_sub(inlets)).map(Port::Out));
            let fluids: Result<Vec<_>> =
                ports.map(|port| Ok(self.edges[self.end(i, port)?].fluid.clone())).collect();
            for word in component.own() {
                let Keyword { name: word, range, positive } = word;
                let v = variable(&mut model, format!("{label}.{word}"), scale_of(word), positive);
                model.variables[v].range = range;
                // a default yields to a relation that says what the value is
                let named = self.relations.iter().any(|r| r.gives(&model.variables[v].name));
                let default = || component.default(word).filter(|_| !named);
                let held = component.state == OperationalState::On;
                if let Some(value) = component.value(word).or_else(default).filter(|_| held) {
                    (model.variables[v].value, model.variables[v].given) = (value, true);
                }
            }
            for equation in component.equations(&fluids?) {
                let variables: Result<Vec<usize>> = equation
                    .slots
                    .iter()
                    .map(|slot| {
                        let at = |port: Port, k: usize| Ok(self.edges[self.end(i, port)?].at[k]);
                        match *slot {
                            Slot::M(port) => at(port, 0),
                            Slot::P(port) => at(port, 1),
                            Slot::H(port) => at(port, 2),
                            Slot::One => Ok(one),
                            Slot::Own(word) => {
                                model.find(&format!("{label}.{word}")).ok_or_else(|| {
                                    Error::Topology(format!("{label} has no variable {word}"))
                                })
                            }
                        }
                    })
                    .collect();
                let name = format!("{label}: {}", equation.name);
                model.statements.push(Statement { name, law: equation.law, variables: variables? });
            }
        }
        balances(&mut model);
        Ok(model)
    }

    /// One mass flow for all connections that a stream passes through.
    fn flows(&mut self, model: &mut Model) -> Result<()> {
        let mut group: Vec<usize> = (0..self.edges.len()).collect();
        for i in 0..self.components.len() {
            for k in 0..self.components[i].1.passing() {
                let [a, b] =
                    [self.end(i, Port::In(k))?, self.end(i, Port::Out(k))?].map(|e| group[e]);
                group.iter_mut().filter(|g| **g == b).for_each(|g| *g = a);
            }
        }
        let mut first = vec![None; self.edges.len()];
        for (edge, &g) in self.edges.iter_mut().zip(&group) {
            let made = || variable(model, format!("{}.m", edge.name), 1.0, true);
            edge.at[0] = *first[g].get_or_insert_with(made);
        }
        for (i, (_, component)) in self.components.iter().enumerate() {
            if component.state == OperationalState::Off {
                let flow = &mut model.variables[self.edges[self.end(i, Port::In(0))?].at[0]];
                (flow.value, flow.given, flow.positive) = (0.0, true, false);
                flow.range = [f64::NEG_INFINITY, f64::INFINITY];
            }
        }
        Ok(())
    }
}

pub(super) fn variable(model: &mut Model, name: String, scale: f64, positive: bool) -> usize {
    let range = [if positive { 0.0 } else { f64::NEG_INFINITY }, f64::INFINITY];
    model.variables.push(Variable { name, value: scale, given: false, scale, range, positive });
    model.variables.len() - 1
}

/// What size of a change of a keyword is natural.
fn scale_of(word: &str) -> f64 {
    match word {
        "Q" | "P" | "dp" | "dp_secondary" => 1e5,
        "ua" | "ka" => 1e3,
        "ttd_u" | "ttd_l" | "pinch" | "superheat" | "subcooling" => 10.0,
        "T_ambient" => 300.0,
        "length" | "diameter" | "roughness" => 0.1,
        "zeta" | "zeta_secondary" => 1e6,
        _ => 1.0,
    }
}

/// Leaves out mass balances that follow from others: round a closed network one always does.
fn balances(model: &mut Model) {
    let mut kept: Vec<(usize, Vec<(usize, f64)>)> = Vec::new();
    model.statements.retain(|s| {
        if !(matches!(s.law, Law::Sum) && s.name.ends_with(": mass")) {
            return true;
        }
        let mut row: Vec<(usize, f64)> = Vec::new();
        let add = |row: &mut Vec<(usize, f64)>, v: usize, by: f64| match row
            .iter_mut()
            .find(|r| r.0 == v)
        {
            Some(found) => found.1 += by,
            None => row.push((v, by)),
        };
        for (k, &v) in s.variables.iter().enumerate() {
            add(&mut row, v, if k == 0 { 1.0 } else { -1.0 });
        }
        for (pivot, other) in &kept {
            let factor = row.iter().find(|r| r.0 == *pivot).map_or(0.0, |r| r.1);
            if factor != 0.0 {
                other.iter().for_each(|&(v, c)| add(&mut row, v, -factor * c));
            }
        }
        let Some(&(pivot, size)) = row.iter().find(|r| r.1.abs() > 1e-9) else { return false };
        kept.push((pivot, row.iter().map(|&(v, c)| (v, c / size)).collect()));
        true
    });
}
