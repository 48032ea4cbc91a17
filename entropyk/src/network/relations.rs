//! What holds between named values of a network, beside the laws of its components: relations and
//! constraints.

use std::sync::Arc;

use super::build::variable;
use super::model::{Model, Statement};
use super::system::System;
use super::words::{GIVEN, said};
use crate::components::dual::MOST;
use crate::components::{Curve, Function, Law, Surface};
use crate::{Error, Result};

/// How a value follows from others.
#[derive(Debug, Clone)]
pub enum Formula {
    /// Nothing: a value of one's own, which other relations take.
    Free,
    /// A sum of values, each with its factor.
    Sum(Vec<(String, f64)>),
    /// A factor times values, each with its exponent.
    Product(f64, Vec<(String, f64)>),
    /// A line between points over one value.
    Curve(String, Arc<Curve>),
    /// A surface between points over two.
    Surface([String; 2], Arc<Surface>),
    /// A function of values that is zero.
    Function(Vec<String>, Arc<dyn Function>),
}

/// A value and what it follows from; of a function, a name for messages.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The name of the value: one that is there, or a new one.
    pub name: String,
    /// What it follows from.
    pub formula: Formula,
    /// What it is held at, if it is.
    pub value: Option<f64>,
}

/// A measured value that is held by moving something, as a controller does.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The name of what is measured: a keyword of a component, or of a connection as in
    /// `suction.superheat`.
    pub hold: String,
    /// What it is to be.
    pub target: f64,
    /// The name of what is moved; what was given for it is where it starts from.
    pub by: String,
    /// How far it can be moved.
    pub limits: [f64; 2],
}

impl Formula {
    /// The names that it takes.
    fn names(&self) -> Vec<&str> {
        match self {
            Self::Free => Vec::new(),
            Self::Sum(terms) | Self::Product(_, terms) => {
                terms.iter().map(|t| t.0.as_str()).collect()
            }
            Self::Curve(of, _) => vec![of],
            Self::Surface(of, _) => of.iter().map(String::as_str).collect(),
            Self::Function(of, _) => of.iter().map(String::as_str).collect(),
        }
    }

    fn law(&self) -> Option<Law> {
        let numbers = |terms: &[(String, f64)]| terms.iter().map(|t| t.1).collect();
        Some(match self {
            Self::Free => return None,
            Self::Sum(terms) => Law::Linear(numbers(terms)),
            Self::Product(factor, terms) => Law::Product(*factor, numbers(terms)),
            Self::Curve(_, curve) => Law::Curve(curve.clone()),
            Self::Surface(_, surface) => Law::Surface(surface.clone()),
            Self::Function(_, function) => Law::Function(function.clone()),
        })
    }
}

impl Relation {
    /// Whether it says what a value is; a function's name is for messages alone.
    pub(super) fn gives(&self, name: &str) -> bool {
        self.name == name && !matches!(self.formula, Formula::Function(..))
    }

    pub(super) fn checked(&self) -> Result<()> {
        let many = self.formula.names().len();
        if !(1..MOST).contains(&many) && !matches!(self.formula, Formula::Free) {
            return Err(Error::Validation(format!(
                "{}: expected 1 to {} values to follow from, got {many}",
                self.name,
                MOST - 1
            )));
        }
        let numbers = match &self.formula {
            Formula::Sum(terms) => terms.iter().map(|t| t.1).collect(),
            Formula::Product(factor, terms) => terms.iter().map(|t| t.1).chain([*factor]).collect(),
            _ => Vec::new(),
        };
        let wrong = numbers.iter().chain(&self.value).find(|v| !v.is_finite());
        wrong.map_or(Ok(()), |v| {
            Err(Error::Validation(format!("{}: expected finite numbers, got {v}", self.name)))
        })
    }
}

impl System {
    /// Lets components know which of their keywords are spoken of elsewhere.
    pub(super) fn ask(&mut self) {
        let related = self.relations.iter().flat_map(|r| {
            r.formula
                .names()
                .into_iter()
                .chain([r.name.as_str()])
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        let controlled = self.constraints.iter().flat_map(|c| [c.hold.clone(), c.by.clone()]);
        let names: Vec<String> = related.chain(controlled).collect();
        for (label, component) in &mut self.components {
            let words = names.iter().filter_map(|n| n.strip_prefix(&format!("{label}.")));
            component.asked.extend(words.map(str::to_owned));
        }
    }

    pub(super) fn place_relations(&self, model: &mut Model) -> Result<()> {
        for relation in &self.relations {
            let new = self.spoken(model, &relation.name).is_none();
            if new && !matches!(relation.formula, Formula::Function(..)) {
                variable(model, relation.name.clone(), 1.0, false);
            }
        }
        for relation in &self.relations {
            let names = relation.formula.names();
            let takes = names
                .into_iter()
                .map(|name| self.value_of(model, name))
                .collect::<Result<Vec<_>>>()?;
            let mut variables = Vec::new();
            if !matches!(relation.formula, Formula::Function(..)) {
                let v = self.value_of(model, &relation.name)?;
                variables.push(v);
                if let Some(value) = relation.value {
                    if model.variables[v].given {
                        let text = format!("{} is given twice; leave out one", relation.name);
                        return Err(Error::Topology(text));
                    }
                    model.variables[v].check(value)?;
                    (model.variables[v].value, model.variables[v].given) = (value, true);
                }
            }
            variables.extend(takes);
            if let Some(law) = relation.formula.law() {
                let name = format!("{}: relation", relation.name);
                model.statements.push(Statement { name, law, variables });
            }
        }
        Ok(())
    }

    /// The variable of a name: one that is there, or what a word says of a connection.
    fn spoken(&self, model: &mut Model, name: &str) -> Option<usize> {
        model.find(name).or_else(|| {
            let (edge, word) = name.rsplit_once('.')?;
            let edge = self.edges.iter().find(|e| e.name == edge)?;
            let word = GIVEN.into_iter().find(|w| *w == word)?;
            let one = model.find("one")?;
            Some(said(model, edge, one, word))
        })
    }

    fn value_of(&self, model: &mut Model, name: &str) -> Result<usize> {
        self.spoken(model, name).ok_or_else(|| {
            let part = name.rsplit_once('.').map_or("", |n| n.0);
            let all = model.variables.iter().map(|v| v.name.as_str());
            let near: Vec<_> =
                all.filter(|n| n.starts_with(part) && *n != "one").take(30).collect();
            Error::Topology(format!(
                "there is no {name:?} to speak of; there are {}",
                near.join(", ")
            ))
        })
    }

    pub(super) fn place_constraints(&mut self, model: &mut Model) -> Result<()> {
        for constraint in self.constraints.clone() {
            let moved = self.value_of(model, &constraint.by)?;
            if !model.variables[moved].given {
                let text = "expected something that is given, from which to start";
                return Err(Error::Topology(format!(
                    "{text} and which can be moved; {} is not",
                    constraint.by
                )));
            }
            let held = self.value_of(model, &constraint.hold)?;
            if model.variables[held].given {
                return Err(Error::Topology(format!(
                    "{} is given already; hold something else",
                    constraint.hold
                )));
            }
            model.variables[held].check(constraint.target)?;
            let ([low, high], [least, most]) = (constraint.limits, model.variables[moved].range);
            if low < least || high > most {
                return Err(Error::Validation(format!(
                    "{}: expected limits from {least} to {most}, got {low} to {high}",
                    constraint.by
                )));
            }
            (model.variables[held].given, model.variables[held].value) = (true, constraint.target);
            model.variables[moved].given = false;
            self.placed.push((constraint, held, moved));
        }
        Ok(())
    }
}
