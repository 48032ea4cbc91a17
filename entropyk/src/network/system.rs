//! A system: components, connections, and what is given about them.

use super::model::Model;
use super::relations::{Constraint, Relation};
use super::start;
use super::words::{Given, check_given};
use crate::components::{Component, Kind, Medium, Port};
use crate::{Error, Result};

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
    /// The fluid that is said of it, and so of its whole stream.
    pub(super) own_fluid: Option<Medium>,
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
    pub(super) components: Vec<(String, Component)>,
    pub(super) edges: Vec<Edge>,
    pub(super) relations: Vec<Relation>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) placed: Vec<(Constraint, usize, usize)>,
    pub(super) model: Option<Model>,
}

impl System {
    /// A system in whose main streams a fluid flows.
    #[must_use]
    pub fn new(fluid: Medium) -> Self {
        Self {
            fluid,
            components: Vec::new(),
            edges: Vec::new(),
            relations: Vec::new(),
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

    /// Connects an outlet of a component with an inlet of another, each by handle and number; the
    /// connection's number.
    pub fn add_edge(
        &mut self,
        from: (usize, usize),
        to: (usize, usize),
        name: Option<&str>,
        given: Vec<Given>,
        own_fluid: Option<Medium>,
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
            if k >= ports || (k > 0 && component.secondary.stream().is_some()) {
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
        self.edges.push(Edge {
            name,
            from,
            to,
            given,
            fluid: self.fluid.clone(),
            own_fluid,
            at: [0; 3],
        });
        Ok(self.edges.len() - 1)
    }

    /// Checks the structure and makes variables and equations of it; nothing can be added
    /// afterwards.
    pub fn finalize(&mut self) -> Result<()> {
        if self.model.is_some() {
            return Ok(());
        }
        if self.components.is_empty() {
            return Err(Error::Topology(
                "there is no component; add some with add_component".to_owned(),
            ));
        }
        for (i, (label, component)) in self.components.iter().enumerate() {
            let [inlets, outlets] = component.ends();
            let own = |n: usize| if component.secondary.stream().is_some() { 1 } else { n };
            let ports = (0..own(inlets)).map(|k| (Port::In(k), "inlet", k));
            for (port, side, k) in
                ports.chain((0..own(outlets)).map(|k| (Port::Out(k), "outlet", k)))
            {
                if !self.edges.iter().any(|e| e.from == Some((i, port)) || e.to == Some((i, port)))
                {
                    return Err(Error::Topology(format!(
                        "{side} {k} of {label} is not connected; connect it with add_edge"
                    )));
                }
            }
        }
        let mut built = self.clone();
        built.boundaries()?;
        built.secondary_edges();
        built.ask();
        let mut model = built.build()?;
        built.place_relations(&mut model)?;
        built.place_constraints(&mut model)?;
        start::guess(&built.components, &built.edges, &mut model);
        model.plan()?;
        built.model = Some(model);
        *self = built;
        Ok(())
    }

    /// The numbers and equations, once finalized.
    pub fn model(&mut self) -> Result<&mut Model> {
        self.model.as_mut().ok_or_else(|| {
            Error::Topology("the system is not finalized; call finalize()".to_owned())
        })
    }

    /// What flows in its main streams.
    #[must_use]
    pub fn fluid(&self) -> &Medium {
        &self.fluid
    }

    /// Whether its structure is checked, and nothing more can be added.
    #[must_use]
    pub fn finalized(&self) -> bool {
        self.model.is_some()
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

    /// Holds a measured value by moving something that was given, within limits; the system is not
    /// yet finalized.
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

    /// Adds a relation between named values; the system is not yet finalized.
    pub fn add_relation(&mut self, relation: Relation) -> Result<()> {
        self.open()?;
        relation.checked()?;
        self.relations.push(relation);
        Ok(())
    }

    /// The constraints, each with the variables that it holds and moves.
    #[must_use]
    pub fn constraints(&self) -> &[(Constraint, usize, usize)] {
        &self.placed
    }

    fn open(&self) -> Result<()> {
        if self.model.is_none() {
            return Ok(());
        }
        Err(Error::Topology("the system is finalized; make a new one to add to it".to_owned()))
    }

    pub(super) fn end(&self, component: usize, port: Port) -> Result<usize> {
        let is = |e: &Edge| e.from == Some((component, port)) || e.to == Some((component, port));
        self.edges.iter().position(is).ok_or_else(|| {
            Error::Topology(format!(
                "{port:?} of {} is not connected",
                self.components[component].0
            ))
        })
    }
}
