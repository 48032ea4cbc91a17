//! Successive substitution: some values of a block are guessed, all others follow from them one
//! after the other, and what the equations that are left say of it corrects the guess.
//!
//! Guesses are mixed as D. G. Anderson does, Journal of the ACM 12 (1965). It needs no Jacobian of
//! a block but how far each guess moves its own equation.

use super::linear;
use super::newton::{NewtonConfig, Report, Run};
use super::tear::Torn;
use crate::network::{Model, Task};
use crate::watch::{Watch, attempt};
use crate::{Error, Result};

/// How successive substitution is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PicardConfig {
    /// The most rounds of one block.
    pub max_iterations: usize,
    /// The largest change in a round, relative to the variables' sizes, after which they count as
    /// found.
    pub tolerance: f64,
    /// How many earlier rounds the acceleration looks at; none is plain substitution.
    pub memory: usize,
    /// The share of each round's change that is taken.
    pub damping: f64,
    /// The most time, in seconds.
    pub timeout: Option<f64>,
}

impl Default for PicardConfig {
    fn default() -> Self {
        Self { max_iterations: 300, tolerance: 1e-9, memory: 4, damping: 0.5, timeout: None }
    }
}

impl PicardConfig {
    /// Checks the settings.
    pub fn checked(self) -> Result<Self> {
        self.newton().checked()?;
        if self.damping > 0.0 && self.damping <= 1.0 && self.memory <= 50 {
            return Ok(self);
        }
        Err(Error::Validation(format!(
            "expected a damping above 0 and up to 1, and a memory up to 50, got {} and {}",
            self.damping, self.memory
        )))
    }

    /// How one equation is solved for its unknown.
    fn newton(&self) -> NewtonConfig {
        let Self { max_iterations, tolerance, timeout, .. } = *self;
        NewtonConfig { max_iterations, tolerance, timeout }
    }

    /// Finds the unknowns of a model among the values of all variables.
    pub(super) fn find(&self, model: &Model, x: &mut [f64], watch: &Watch<'_>) -> Result<Report> {
        let newton = self.newton();
        let mut run = Run::new(&newton, model, watch);
        for task in model.tasks() {
            if task.unknowns.len() == 1 {
                run.block(task, x)?;
            } else {
                self.block(&mut run, task, x)?;
            }
        }
        Ok(run.report)
    }

    /// One block of several equations.
    ///
    /// Where a guess leads away from the best one, or nowhere at all, the way to it is halved.
    fn block(&self, run: &mut Run<'_>, task: Task<'_>, x: &mut [f64]) -> Result<()> {
        let torn = Torn::of(run.model, task);
        let mut off = torn.follow(run, x)?;
        let mut slopes = torn.slopes(run, x, &off)?;
        let (mut history, mut damping, mut retries) = (History::default(), self.damping, 0);
        let mut point = torn.guess(run.model, x);
        let mut rounds = 0;
        while rounds < self.max_iterations {
            run.watch.may_go_on()?;
            let change: Vec<f64> = slopes.iter().map(|&(row, slope)| -off[row] / slope).collect();
            let size = change
                .iter()
                .zip(&point)
                .fold(0.0_f64, |m, (c, f)| m.max(c.abs() / f.abs().max(1e-3)));
            rounds += 1;
            run.report.iterations += 1;
            run.report.residuals.push(norm(&off));
            if size < self.tolerance && norm(&off) < ENOUGH {
                return Ok(());
            }
            let mut next = history.next(point.clone(), change, self.memory, damping);
            // a mixture that would go far goes as far as one round may
            let far = next.iter().zip(&point).map(|(n, f)| (n - f).abs() / f.abs().max(1e-3));
            let share = (FARTHEST / far.fold(FARTHEST, f64::max)).min(1.0);
            next.iter_mut().zip(&point).for_each(|(n, f)| *n = f + share * (*n - f));
            let found = loop {
                torn.set(run.model, x, &next);
                let found =
                    attempt(torn.follow(run, x))?.filter(|next| norm(next) < WORSE * norm(&off));
                if found.is_some() || retries >= RETRIES {
                    break found;
                }
                retries += 1;
                next.iter_mut().zip(&point).for_each(|(n, f)| *n = 0.5 * (*n + f));
            };
            let Some(found) = found else { break };
            if retries > 0 {
                // what was learned of other places misleads here
                (history, damping, retries) = (History::default(), (0.7 * damping).max(0.05), 0);
                slopes = torn.slopes(run, x, &found)?;
            }
            (point, off) = (next, found);
        }
        torn.set(run.model, x, &point);
        let worst = attempt(run.linearise(task, x))?
            .map_or_else(String::new, |here| run.worst(task, &here));
        Err(Error::NonConvergence(format!(
            "no solution by substitution in {rounds} rounds: {worst}; use NewtonConfig or FallbackConfig, start nearer, or allow \
             more rounds"
        )))
    }
}

/// What residuals of a solution are below, over their sizes.
const ENOUGH: f64 = 1e-7;

/// How far a guess may go in a round, as a share of its size.
const FARTHEST: f64 = 0.2;

/// How much further off a round may lead.
const WORSE: f64 = 2.0;

/// How often the way to a guess is halved.
const RETRIES: u32 = 12;

fn norm(residuals: &[f64]) -> f64 {
    residuals.iter().map(|r| r * r).sum::<f64>().sqrt()
}

/// Earlier points and their changes, of which the best mixture is gone on from.
#[derive(Default)]
struct History {
    points: Vec<Vec<f64>>,
    changes: Vec<Vec<f64>>,
}

impl History {
    fn next(&mut self, point: Vec<f64>, change: Vec<f64>, memory: usize, damping: f64) -> Vec<f64> {
        self.points.push(point);
        self.changes.push(change);
        if self.points.len() > memory + 1 {
            self.points.remove(0);
            self.changes.remove(0);
        }
        let k = self.points.len() - 1;
        let (x, f) = (&self.points[k], &self.changes[k]);
        let plain = |share: f64| x.iter().zip(f).map(|(x, f)| x + share * f).collect::<Vec<_>>();
        if k == 0 {
            return plain(damping);
        }
        let differences = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
            rows.windows(2).map(|w| w[1].iter().zip(&w[0]).map(|(a, b)| a - b).collect()).collect()
        };
        let (dx, df) = (differences(&self.points), differences(&self.changes));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut normal: Vec<f64> =
            df.iter().flat_map(|a| df.iter().map(move |b| dot(a, b))).collect();
        let trace: f64 = (0..k).map(|i| normal[i * k + i]).sum();
        (0..k).for_each(|i| normal[i * k + i] += 1e-10 * trace + 1e-300);
        let mut weights: Vec<f64> = df.iter().map(|d| dot(d, f)).collect();
        if linear::solve(&mut normal, &mut weights).is_err()
            || weights.iter().any(|w| !w.is_finite())
        {
            return plain(damping);
        }
        let mut next = plain(damping);
        for (w, (dx, df)) in weights.iter().zip(dx.iter().zip(&df)) {
            next.iter_mut()
                .zip(dx.iter().zip(df))
                .for_each(|(n, (dx, df))| *n -= w * (dx + damping * df));
        }
        next
    }
}
