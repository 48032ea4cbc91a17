//! Variables and equations of a network, and the plan by which they are solved.

use super::matching::{Block, Verdict, judge};
use crate::components::{Law, said};
use crate::{Error, Result};

/// A number of the network: given, or to be found.
#[derive(Debug, Clone)]
pub struct Variable {
    /// What it is called in results and messages, as `compressor.eta_s`.
    pub name: String,
    /// Its value, or where to start from.
    pub value: f64,
    /// Whether the value was given.
    pub given: bool,
    /// What size of a change is natural.
    pub scale: f64,
    /// What can be given for it is between these two.
    pub range: [f64; 2],
    /// Whether it must stay above 0 on the way to a solution too.
    pub positive: bool,
}

impl Variable {
    /// Whether a value can be given for it.
    pub(crate) fn check(&self, value: f64) -> Result<()> {
        let [low, high] = self.range;
        if value.is_finite() && low < value && value < high {
            return Ok(());
        }
        let kind = match (low, high) {
            (f64::NEG_INFINITY, f64::INFINITY) => "a finite number".to_owned(),
            (0.0, f64::INFINITY) => "a finite number above 0".to_owned(),
            _ => format!("a number between {} and {}", said(low), said(high)),
        };
        Err(Error::Validation(format!("{}: expected {kind}, got {value}", self.name)))
    }
}

/// A law with its variables.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) name: String,
    pub(crate) law: Law,
    pub(crate) variables: Vec<usize>,
}

/// All that a network says.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The variables.
    pub variables: Vec<Variable>,
    pub(crate) statements: Vec<Statement>,
    plan: Vec<Block>,
}

/// Equations that are solved together for as many unknowns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) equations: &'a [usize],
    pub(crate) unknowns: &'a [usize],
}

impl Model {
    /// The variable of a name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|v| v.name == name)
    }

    /// Decides by the graph alone whether the unknowns are determined, and in which order they are
    /// found.
    pub(crate) fn plan(&mut self) -> Result<()> {
        let mut column = vec![None; self.variables.len()];
        let mut unknowns = Vec::new();
        for (i, variable) in self.variables.iter().enumerate() {
            if !variable.given {
                column[i] = Some(unknowns.len());
                unknowns.push(i);
            }
        }
        let rows: Vec<Vec<usize>> = self
            .statements
            .iter()
            .map(|s| {
                let mut row: Vec<usize> = s.variables.iter().filter_map(|&v| column[v]).collect();
                row.sort_unstable();
                row.dedup();
                row
            })
            .collect();
        match judge(&rows, unknowns.len()) {
            Verdict::Square(blocks) => {
                self.plan = blocks
                    .into_iter()
                    .map(|b| Block {
                        unknowns: b.unknowns.iter().map(|&c| unknowns[c]).collect(),
                        ..b
                    })
                    .collect();
                Ok(())
            }
            Verdict::Faulty { over, under } => {
                let mut parts = Vec::new();
                if !over.is_empty() {
                    let names: Vec<_> =
                        over.iter().map(|&s| self.statements[s].name.as_str()).collect();
                    let mut given: Vec<_> = over
                        .iter()
                        .flat_map(|&s| &self.statements[s].variables)
                        .filter(|&&v| self.variables[v].given)
                        .map(|&v| self.variables[v].name.as_str())
                        .collect();
                    given.sort_unstable();
                    given.dedup();
                    parts.push(format!(
                        "too much is given: these equations have fewer unknowns than there are of them: {}; leave \
                         out one of {}",
                        names.join(", "),
                        given.join(", ")
                    ));
                }
                if !under.is_empty() {
                    let names: Vec<_> =
                        under.iter().map(|&c| self.variables[unknowns[c]].name.as_str()).collect();
                    parts.push(format!(
                        "too little is given: nothing determines {}; give as many of them as are missing",
                        names.join(", ")
                    ));
                }
                Err(Error::Topology(parts.join(". ")))
            }
        }
    }

    /// The blocks that some variables depend on, in order, by their numbers.
    pub(crate) fn needed(&self, variables: &[usize]) -> Vec<usize> {
        let mut wanted = vec![false; self.variables.len()];
        variables.iter().for_each(|&v| wanted[v] = true);
        let mut needed = Vec::new();
        for (i, block) in self.plan.iter().enumerate().rev() {
            if block.unknowns.iter().any(|&v| wanted[v]) {
                needed.push(i);
                let all = block.equations.iter().flat_map(|&e| &self.statements[e].variables);
                all.for_each(|&v| wanted[v] = true);
            }
        }
        needed.reverse();
        needed
    }

    /// A block by its number.
    pub(crate) fn task(&self, block: usize) -> Task<'_> {
        Task { equations: &self.plan[block].equations, unknowns: &self.plan[block].unknowns }
    }

    /// What is to be solved, in order.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = Task<'_>> {
        self.plan.iter().map(|b| Task { equations: &b.equations, unknowns: &b.unknowns })
    }
}
