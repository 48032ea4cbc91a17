//! A system: components, connections, and what is given about them.

use super::model::{Model, Statement, Variable};
use super::start;
use crate::components::{Component, Kind, Law, Medium, Port, Slot};
use crate::fluids::State;
use crate::{Error, Result};

/// What may be given about a connection.
pub const GIVEN: [&str; 7] = ["m", "p", "h", "T", "x", "superheat", "subcooling"];

/// Something given about a connection, in SI units.
pub type Given = (&'static str, f64);

/// A connection from an outlet to an inlet; a boundary has only one of the two.
#[derive(Debug, Clone)]
pub struct Edge {
    /// What it is called in results.
    pub name: String,
    /// The component and port that it comes from.
    pub from: Option<(usize, Port)>,
    /// The component and port that it leads to.
    pub to: Option<(usize, Port)>,
    /// What is given about it.
    pub given: Vec<Given>,
    /// Its fluid.
    pub fluid: Medium,
    /// The variables of its mass flow, pressure and enthalpy.
    pub(crate) at: [usize; 3],
}

impl Edge {
    /// The variables of its mass flow, pressure and enthalpy.
    #[must_use]
    pub fn places(&self) -> [usize; 3] {
        self.at
    }
}

/// Components and how they are connected.
#[derive(Debug, Clone)]
pub struct System {
    fluid: Medium,
    components: Vec<(String, Component)>,
    edges: Vec<Edge>,
    constraints: Vec<Constraint>,
    placed: Vec<(Constraint, usize, usize)>,
    model: Option<Model>,
}

/// A measured value that is held by moving something, as a controller does.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The name of what is measured: a keyword of a component, or of a connection as in `suction.superheat`.
    pub hold: String,
    /// What it is to be.
    pub target: f64,
    /// The name of what is moved; what was given for it is where it starts from.
    pub by: String,
    /// How far it can be moved.
    pub limits: [f64; 2],
}

impl System {
    /// A system in whose main streams a fluid flows.
    #[must_use]
    pub fn new(fluid: Medium) -> Self {
        Self {
            fluid,
            components: Vec::new(),
            edges: Vec::new(),
            constraints: Vec::new(),
            placed: Vec::new(),
            model: None,
        }
    }

    /// Adds a component under a name that no other has; its number.
    pub fn add_component(&mut self, name: &str, component: Component) -> Result<usize> {
        self.open()?;
        if name.is_empty() || name.contains('.') {
            return Err(Error::Validation(format!(
                "expected a name without dots for a component, got {name:?}"
            )));
        }
        if self.components.iter().any(|(n, _)| n == name) {
            return Err(Error::Topology(format!(
                "there is a component {name:?} already; give this one another name"
            )));
        }
        self.components.push((name.to_owned(), component));
        Ok(self.components.len() - 1)
    }

    /// Connects an outlet of a component with an inlet of another, each by handle and number; the connection's number.
    pub fn add_edge(
        &mut self,
        from: (usize, usize),
        to: (usize, usize),
        name: Option<&str>,
        given: Vec<Given>,
    ) -> Result<usize> {
        self.open()?;
        given.iter().try_for_each(|&(word, value)| check_given(word, value))?;
        for (port, (i, k), end) in [(Port::Out(from.1), from, 1), (Port::In(to.1), to, 0)] {
            let many = self.components.len();
            let Some((label, component)) = self.components.get(i) else {
                return Err(Error::Topology(format!(
                    "expected a component's handle, as add_component gives it, below {many}; got {i}"
                )));
            };
            let side = ["inlet", "outlet"][end];
            let ports = component.ends()[end];
            if k >= ports || (k > 0 && component.secondary.is_some()) {
                return Err(Error::Topology(format!(
                    "{label} has no {side} {k} to connect: it has {ports} in all"
                )));
            }
            let taken = |e: &Edge| e.from == Some((i, port)) || e.to == Some((i, port));
            if let Some(edge) = self.edges.iter().find(|e| taken(e)) {
                return Err(Error::Topology(format!(
                    "{side} {k} of {label} is connected already, by {}",
                    edge.name
                )));
            }
        }
        let plain = format!("{}->{}", self.components[from.0].0, self.components[to.0].0);
        let taken = |name: &str| self.edges.iter().any(|e| e.name == name);
        let name = match name {
            Some(name) if taken(name) => {
                return Err(Error::Topology(format!(
                    "there is a connection {name:?} already; give another name"
                )));
            }
            Some(name) => name.to_owned(),
            None if taken(&plain) => {
                (2..).map(|i| format!("{plain}{i}")).find(|n| !taken(n)).unwrap_or_default()
            }
            None => plain,
        };
        let (from, to) = (Some((from.0, Port::Out(from.1))), Some((to.0, Port::In(to.1))));
        self.edges.push(Edge { name, from, to, given, fluid: self.fluid.clone(), at: [0; 3] });
        Ok(self.edges.len() - 1)
    }

    /// Checks the structure and makes variables and equations of it; nothing can be added afterwards.
    pub fn finalize(&mut self) -> Result<()> {
        if self.model.is_some() {
            return Ok(());
        }
        if self.components.is_empty() {
            return Err(Error::Topology("there is no component; add some with add_component".to_owned()));
        }
        for (i, (label, component)) in self.components.iter().enumerate() {
            let [inlets, outlets] = component.ends();
            let own = |n: usize| if component.secondary.is_some() { 1 } else { n };
            let ports = (0..own(inlets)).map(|k| (Port::In(k), "inlet", k));
            for (port, side, k) in ports.chain((0..own(outlets)).map(|k| (Port::Out(k), "outlet", k))) {
                if !self.edges.iter().any(|e| e.from == Some((i, port)) || e.to == Some((i, port))) {
                    return Err(Error::Topology(format!(
                        "{side} {k} of {label} is not connected; connect it with add_edge"
                    )));
                }
            }
        }
        let mut built = self.clone();
        built.boundaries()?;
        built.secondary_edges();
        let mut model = built.build()?;
        built.place_constraints(&mut model)?;
        start::guess(&built.components, &built.edges, &mut model);
        model.plan()?;
        built.model = Some(model);
        *self = built;
        Ok(())
    }

    /// The numbers and equations, once finalized.
    pub fn model(&mut self) -> Result<&mut Model> {
        self.model
            .as_mut()
            .ok_or_else(|| Error::Topology("the system is not finalized; call finalize()".to_owned()))
    }

    /// The number of components.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.components.len()
    }

    /// The number of connections, those of secondary streams included once the system is finalized.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The connections.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The names of the components.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().map(|(name, _)| name.as_str())
    }

    /// The names of the components of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.components.iter().filter(move |(_, c)| c.kind == kind).map(|(name, _)| name.as_str())
    }

    /// Sets the value of a variable that is given, or where to start from for one that is not.
    pub fn set(&mut self, variable: usize, value: f64) -> Result<()> {
        let model = self.model()?;
        let Some(v) = model.variables.get_mut(variable) else {
            return Err(Error::Validation(format!("there is no variable {variable}")));
        };
        if !value.is_finite() || (v.positive && value <= 0.0) {
            let kind = if v.positive { "a number above 0" } else { "a finite number" };
            return Err(Error::Validation(format!("{}: expected {kind}, got {value}", v.name)));
        }
        v.value = value;
        Ok(())
    }

    /// The present value of a variable.
    #[must_use]
    pub fn value(&self, variable: usize) -> Option<f64> {
        self.model.as_ref()?.variables.get(variable).map(|v| v.value)
    }

    /// Holds some variables at their present values and lets others go, as between a design and its rating.
    pub fn switch(&mut self, hold: &[usize], free: &[usize]) -> Result<()> {
        let mut model = self.model()?.clone();
        for (list, given, word) in [(hold, true, "given"), (free, false, "free")] {
            for &v in list {
                let Some(variable) = model.variables.get_mut(v) else {
                    return Err(Error::Validation(format!("there is no variable {v}")));
                };
                if variable.given == given {
                    return Err(Error::Topology(format!("{} is {word} already", variable.name)));
                }
                variable.given = given;
            }
        }
        model.plan()?;
        self.model = Some(model);
        Ok(())
    }

    /// Gives every unknown the value that it has at first.
    pub fn restart(&mut self) -> Result<()> {
        let mut model = self.model()?.clone();
        start::guess(&self.components, &self.edges, &mut model);
        self.model = Some(model);
        Ok(())
    }

    /// Conductances that are given, and for each the pressure after it, which could be held in its place.
    #[must_use]
    pub fn relaxation(&self) -> (Vec<usize>, Vec<usize>) {
        let Some(model) = &self.model else { return (Vec::new(), Vec::new()) };
        let pairs = self.components.iter().enumerate().filter_map(|(i, (label, _))| {
            let given =
                |word: &str| model.find(&format!("{label}.{word}")).filter(|&v| model.variables[v].given);
            let conductance = given("ua").or_else(|| given("ka"))?;
            let pressure = self.edges[self.end(i, Port::Out(0)).ok()?].at[1];
            (!model.variables[pressure].given).then_some((conductance, pressure))
        });
        pairs.unzip()
    }

    /// Holds a measured value by moving something that was given, within limits; the system is not yet finalized.
    pub fn add_constraint(&mut self, constraint: Constraint) -> Result<()> {
        self.open()?;
        let [low, high] = constraint.limits;
        if !(low < high && low.is_finite() && high.is_finite() && constraint.target.is_finite()) {
            return Err(Error::Validation(format!(
                "expected a finite target and limits of which the first is less, got {} and {low} to {high}",
                constraint.target
            )));
        }
        self.constraints.push(constraint);
        Ok(())
    }

    /// The constraints, each with the variables that it holds and moves.
    #[must_use]
    pub fn constraints(&self) -> &[(Constraint, usize, usize)] {
        &self.placed
    }

    fn place_constraints(&mut self, model: &mut Model) -> Result<()> {
        for constraint in self.constraints.clone() {
            let missing = |name: &str| {
                let words = name.rsplit_once('.').map_or("", |n| n.0);
                let near =
                    model.variables.iter().filter(|v| v.name.starts_with(words)).map(|v| v.name.as_str());
                Error::Topology(format!(
                    "there is no {name:?} to control; there are {}",
                    near.collect::<Vec<_>>().join(", ")
                ))
            };
            let moved = model.find(&constraint.by).ok_or_else(|| missing(&constraint.by))?;
            if !model.variables[moved].given {
                let text = "expected something that is given, from which to start";
                return Err(Error::Topology(format!(
                    "{text} and which can be moved; {} is not",
                    constraint.by
                )));
            }
            let held = match (model.find(&constraint.hold), constraint.hold.rsplit_once('.')) {
                (Some(v), _) if model.variables[v].given => {
                    return Err(Error::Topology(format!(
                        "{} is given already; hold something else",
                        constraint.hold
                    )));
                }
                (Some(v), _) => v,
                (None, Some((edge, word))) => {
                    let edge = self
                        .edges
                        .iter()
                        .find(|e| e.name == edge)
                        .ok_or_else(|| missing(&constraint.hold))?;
                    let word =
                        GIVEN.into_iter().find(|w| *w == word).ok_or_else(|| missing(&constraint.hold))?;
                    give(model, edge, word, constraint.target)?;
                    model.find(&constraint.hold).unwrap_or(edge.at[0])
                }
                _ => return Err(missing(&constraint.hold)),
            };
            (model.variables[held].given, model.variables[held].value) = (true, constraint.target);
            model.variables[moved].given = false;
            self.placed.push((constraint, held, moved));
        }
        Ok(())
    }

    /// Mass flow, pressure and enthalpy of all connections, one after the other.
    pub fn state_vector(&self) -> Result<Vec<f64>> {
        let Some(model) = &self.model else {
            return Err(Error::Topology("the system is not finalized; call finalize()".to_owned()));
        };
        Ok(self.edges.iter().flat_map(|e| e.at).map(|v| model.variables[v].value).collect())
    }

    /// Mass flow and state of a connection.
    pub fn edge_state(&self, edge: usize) -> Result<(f64, State)> {
        let (Some(model), Some(edge)) = (&self.model, self.edges.get(edge)) else {
            return Err(Error::Topology(format!("there is no connection {edge} of a finalized system")));
        };
        let [m, p, h] = edge.at.map(|v| model.variables[v].value);
        Ok((m, edge.fluid.state_ph(p, h)?))
    }

    fn open(&self) -> Result<()> {
        if self.model.is_none() {
            return Ok(());
        }
        Err(Error::Topology("the system is finalized; make a new one to add to it".to_owned()))
    }

    /// What sources and sinks say goes to their connections; a source's fluid flows on from it.
    fn boundaries(&mut self) -> Result<()> {
        for i in 0..self.components.len() {
            let component = self.components[i].1.clone();
            for edge in &mut self.edges {
                let touches = [edge.from, edge.to].iter().flatten().any(|end| end.0 == i);
                if touches && !component.boundary.is_empty() {
                    edge.given.extend(&component.boundary);
                }
            }
            if let Some(fluid) = component.fluid {
                self.flood(i, &fluid);
            }
        }
        let all = self.edges.iter().flat_map(|e| e.given.iter().map(|&(word, value)| (word, value)));
        all.into_iter().try_for_each(|(word, value)| check_given(word, value))
    }

    fn flood(&mut self, from: usize, fluid: &Medium) {
        let mut left = vec![(from, None)];
        let mut seen = vec![false; self.edges.len()];
        while let Some((i, inlet)) = left.pop() {
            let passing = self.components[i].1.passing();
            for (edge, seen) in self.edges.iter_mut().zip(&mut seen) {
                let Some((_, Port::Out(k))) = edge.from.filter(|f| f.0 == i) else { continue };
                // through a component with several streams, a fluid keeps to its own
                if inlet.is_some_and(|inlet| passing > 1 && inlet != k) || std::mem::replace(seen, true) {
                    continue;
                }
                edge.fluid = fluid.clone();
                if let Some((to, Port::In(k))) = edge.to {
                    left.push((to, Some(k)));
                }
            }
        }
    }

    fn secondary_edges(&mut self) {
        for (i, (label, component)) in self.components.iter().enumerate() {
            let Some(stream) = &component.secondary else { continue };
            let mut given = vec![("T", stream.t), ("p", stream.p)];
            given.extend(stream.m.map(|m| ("m", m)));
            let fluid = &stream.fluid;
            let edge = |way: &str, from, to, given| Edge {
                name: format!("{label}.secondary_{way}"),
                from,
                to,
                given,
                fluid: fluid.clone(),
                at: [0; 3],
            };
            self.edges.push(edge("in", None, Some((i, Port::In(1))), given));
            self.edges.push(edge("out", Some((i, Port::Out(1))), None, Vec::new()));
        }
    }

    fn end(&self, component: usize, port: Port) -> Result<usize> {
        let is = |e: &Edge| e.from == Some((component, port)) || e.to == Some((component, port));
        self.edges.iter().position(is).ok_or_else(|| {
            Error::Topology(format!("{port:?} of {} is not connected", self.components[component].0))
        })
    }

    fn build(&mut self) -> Result<Model> {
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
                give(&mut model, edge, word, value)?;
            }
        }
        for i in 0..self.components.len() {
            let (label, component) = self.components[i].clone();
            let [inlets, outlets] = component.ends();
            let ports = (0..inlets).map(Port::In).chain((0..outlets.saturating_sub(inlets)).map(Port::Out));
            let fluids: Result<Vec<_>> =
                ports.map(|port| Ok(self.edges[self.end(i, port)?].fluid.clone())).collect();
            for word in component.own() {
                let v = variable(
                    &mut model,
                    format!("{label}.{word}"),
                    scale_of(word),
                    word.starts_with(['u', 'k']),
                );
                if let Some(value) = component.value(word).or_else(|| component.default(word)) {
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
                            Slot::Own(word) => model
                                .find(&format!("{label}.{word}"))
                                .ok_or_else(|| Error::Topology(format!("{label} has no variable {word}"))),
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
                let [a, b] = [self.end(i, Port::In(k))?, self.end(i, Port::Out(k))?].map(|e| group[e]);
                group.iter_mut().filter(|g| **g == b).for_each(|g| *g = a);
            }
        }
        let mut first = vec![None; self.edges.len()];
        for (edge, &g) in self.edges.iter_mut().zip(&group) {
            let made = || variable(model, format!("{}.m", edge.name), 1.0, true);
            edge.at[0] = *first[g].get_or_insert_with(made);
        }
        Ok(())
    }
}

fn check_given(word: &str, value: f64) -> Result<()> {
    let good = value.is_finite() && (value > 0.0 || matches!(word, "h" | "x" | "superheat" | "subcooling"));
    if GIVEN.contains(&word) && good {
        return Ok(());
    }
    Err(Error::Validation(format!(
        "expected of a connection only {} as finite numbers in SI units, got {word}={value}",
        GIVEN.join(", ")
    )))
}

fn variable(model: &mut Model, name: String, scale: f64, positive: bool) -> usize {
    model.variables.push(Variable { name, value: scale, given: false, scale, positive });
    model.variables.len() - 1
}

/// What size of a change of a keyword is natural.
fn scale_of(word: &str) -> f64 {
    match word {
        "Q" | "P" | "dp" | "dp_secondary" => 1e5,
        "ua" | "ka" => 1e3,
        "ttd_u" | "ttd_l" | "superheat" | "subcooling" => 10.0,
        _ => 1.0,
    }
}

fn give(model: &mut Model, edge: &Edge, word: &'static str, value: f64) -> Result<()> {
    let at = match word {
        "m" => Some(edge.at[0]),
        "p" => Some(edge.at[1]),
        "h" => Some(edge.at[2]),
        _ => None,
    };
    if let Some(v) = at {
        let variable = &mut model.variables[v];
        if variable.given {
            return Err(Error::Topology(format!(
                "{}: {} is given twice; leave out one",
                edge.name, variable.name
            )));
        }
        (variable.value, variable.given) = (value, true);
        return Ok(());
    }
    let v = variable(model, format!("{}.{word}", edge.name), 10.0, false);
    (model.variables[v].value, model.variables[v].given) = (value, true);
    let [_, p, h] = edge.at;
    let fluid = edge.fluid.clone();
    let has_x = edge.given.iter().any(|g| g.0 == "x");
    let (law, variables) = match word {
        "T" if has_x => {
            let x = model.find(&format!("{}.x", edge.name)).unwrap_or(h);
            (Law::SaturatedTemperature(fluid), vec![v, p, x])
        }
        "T" => (Law::Temperature(fluid), vec![v, p, h]),
        "x" => (Law::Quality(fluid), vec![v, p, h]),
        "superheat" => (Law::Distance(fluid, 1), vec![v, p, h]),
        _ => (Law::Distance(fluid, 0), vec![v, p, h]),
    };
    model.statements.push(Statement { name: format!("{}: {word}", edge.name), law, variables });
    Ok(())
}

/// Leaves out mass balances that follow from others: round a closed network one always does.
fn balances(model: &mut Model) {
    let mut kept: Vec<(usize, Vec<(usize, f64)>)> = Vec::new();
    model.statements.retain(|s| {
        if !(matches!(s.law, Law::Sum) && s.name.ends_with(": mass")) {
            return true;
        }
        let mut row: Vec<(usize, f64)> = Vec::new();
        let add = |row: &mut Vec<(usize, f64)>, v: usize, by: f64| match row.iter_mut().find(|r| r.0 == v) {
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
