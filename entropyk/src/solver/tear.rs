//! Which values of a block are guessed, so that all others follow from them one after the other.

use super::newton::Run;
use crate::Result;
use crate::error::Error;
use crate::network::{Model, Task};

/// A block, torn.
pub(super) struct Torn {
    guessed: Vec<usize>,
    /// Equations with what each is solved for, in order.
    following: Vec<(usize, usize)>,
    /// As many equations as there are guesses: they say how far off these are.
    left: Vec<usize>,
}

impl Torn {
    /// Takes equations that have one unknown left, and guesses where there is none: pressures
    /// first, then what most of the equations speak of.
    pub(super) fn of(model: &Model, task: Task<'_>) -> Self {
        let (mut open, mut unknown) = (task.equations.to_vec(), task.unknowns.to_vec());
        let mut torn = Self { guessed: Vec::new(), following: Vec::new(), left: Vec::new() };
        while !unknown.is_empty() {
            let next = open.iter().enumerate().find_map(|(i, &e)| {
                let s = &model.statements[e];
                let mut places =
                    s.variables.iter().enumerate().filter(|(_, v)| unknown.contains(v));
                let (k, &v) = places.next()?;
                (places.next().is_none() && s.law.suits(k)).then_some((i, v))
            });
            let found = if let Some((i, v)) = next {
                torn.following.push((open.remove(i), v));
                v
            } else {
                let spoken = |v: usize| {
                    open.iter().filter(|&&e| model.statements[e].variables.contains(&v)).count()
                };
                let pressure =
                    |v: usize| model.variables[v].positive && model.variables[v].scale > 1e4;
                let Some(v) = unknown.iter().copied().max_by_key(|&v| (pressure(v), spoken(v)))
                else {
                    break;
                };
                torn.guessed.push(v);
                v
            };
            unknown.retain(|&u| u != found);
        }
        torn.left = open;
        torn
    }

    /// The guess among all values, over natural sizes.
    pub(super) fn guess(&self, model: &Model, x: &[f64]) -> Vec<f64> {
        self.guessed.iter().map(|&v| x[v] / model.variables[v].scale).collect()
    }

    pub(super) fn set(&self, model: &Model, x: &mut [f64], guess: &[f64]) {
        for (&v, value) in self.guessed.iter().zip(guess) {
            x[v] = value * model.variables[v].scale;
        }
    }

    /// Finds what follows from a guess; how far off the equations are that are left.
    pub(super) fn follow(&self, run: &mut Run<'_>, x: &mut [f64]) -> Result<Vec<f64>> {
        let (iterations, many) = (run.report.iterations, run.report.residuals.len());
        let done = self.following.iter().try_for_each(|&(equation, unknown)| {
            run.block(Task { equations: &[equation], unknowns: &[unknown] }, x)
        });
        run.report.iterations = iterations;
        run.report.residuals.truncate(many);
        done?;
        Ok(run.linearise(Task { equations: &self.left, unknowns: &self.guessed }, x)?.residuals)
    }

    /// For each guess the equation that it moves most, and how much; each equation belongs to one.
    pub(super) fn slopes(
        &self,
        run: &mut Run<'_>,
        x: &mut [f64],
        off: &[f64],
    ) -> Result<Vec<(usize, f64)>> {
        const STEP: f64 = 1e-5;
        let guess = self.guess(run.model, x);
        let before = x.to_vec();
        let mut columns = Vec::new();
        for j in 0..guess.len() {
            let step = STEP * guess[j].abs().max(1e-3);
            let mut moved = guess.clone();
            moved[j] += step;
            self.set(run.model, x, &moved);
            let there = self.follow(run, x);
            x.copy_from_slice(&before);
            columns.push(there?.iter().zip(off).map(|(b, a)| (b - a) / step).collect::<Vec<f64>>());
        }
        let mut found = vec![None; guess.len()];
        let mut taken = vec![false; guess.len()];
        for _ in 0..guess.len() {
            let pairs = (0..guess.len()).flat_map(|j| (0..guess.len()).map(move |i| (i, j)));
            let free = pairs.filter(|&(i, j)| found[j].is_none() && !taken[i]);
            let weight = |&(i, j): &(usize, usize)| (columns[j][i] * guess[j]).abs();
            let Some((i, j)) = free.max_by(|a, b| weight(a).total_cmp(&weight(b))) else { break };
            (found[j], taken[i]) = (Some((i, columns[j][i])), true);
        }
        found
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .filter(|f| f.iter().all(|(_, s)| *s != 0.0 && s.is_finite()))
            .ok_or_else(|| {
                Error::NonConvergence(
                    "no solution by substitution: a guess moves none of the equations that are left"
                        .to_owned(),
                )
            })
    }
}
