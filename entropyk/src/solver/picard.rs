//! Successive substitution with Anderson's acceleration: each equation moves its own unknown, over and over.
//!
//! D. G. Anderson, Journal of the ACM 12 (1965). It needs no Jacobian of a block, and goes on where one is singular; where
//! Newton's method works it is slower.

use super::linear;
use super::newton::{NewtonConfig, Report, Run};
use super::watch::Watch;
use crate::network::{Model, Task};
use crate::{Error, Result};

/// How successive substitution is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PicardConfig {
    /// The most rounds of one block.
    pub max_iterations: usize,
    /// The largest change in a round, relative to the variables' sizes, after which they count as found.
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
    /// Where rounds lead away from what was best so far, they start there again with less of each change.
    fn block(&self, run: &mut Run<'_>, task: Task<'_>, x: &mut [f64]) -> Result<()> {
        let scales: Vec<f64> =
            task.unknowns.iter().map(|&v| run.model.variables[v].scale.max(1e-3 * x[v].abs())).collect();
        let pairs = pairs(run.model, task);
        let mut history = History::default();
        let mut best: Option<(f64, Vec<f64>)> = None;
        let (mut damping, mut since) = (self.damping, 0);
        for _ in 0..self.max_iterations {
            run.watch.may_go_on()?;
            let here =
                |x: &[f64]| task.unknowns.iter().zip(&scales).map(|(&v, s)| x[v] / s).collect::<Vec<_>>();
            let from = here(x);
            let failed = round(run, &pairs, x)?;
            let to = here(x);
            let change: Vec<f64> = to.iter().zip(&from).map(|(t, f)| t - f).collect();
            let size = change.iter().zip(&from).fold(0.0_f64, |m, (c, f)| m.max(c.abs() / f.abs().max(1e-3)));
            run.report.iterations += 1;
            run.report.residuals.push(size);
            // small changes alone may be those of rounds that do not get on
            if size < self.tolerance && failed == 0 {
                let off = run.linearise(task, x)?;
                if off.norm < ENOUGH {
                    return Ok(());
                }
            }
            let measure = size + failed as f64;
            since += 1;
            if best.as_ref().is_none_or(|(least, _)| measure < 0.9 * least) {
                (best, since) = (Some((measure, from.clone())), 0);
            }
            let next = match &best {
                Some((least, point)) if since >= PATIENCE || measure > 1e3 * least => {
                    (history, since, damping) = (History::default(), 0, 0.5 * damping);
                    point.clone()
                }
                _ => history.next(from.clone(), change, self.memory, damping),
            };
            // a mixture that would go far goes as far as one round may
            let far =
                next.iter().zip(&from).fold(0.0_f64, |m, (n, f)| m.max((n - f).abs() / f.abs().max(1.0)));
            let share = (FARTHEST / far).min(1.0);
            for (((&v, s), to), from) in task.unknowns.iter().zip(&scales).zip(next).zip(from) {
                x[v] = (from + share * (to - from)) * s;
            }
            if damping < LEAST {
                break;
            }
        }
        let worst = run.linearise(task, x).map_or_else(|e| e.to_string(), |here| run.worst(task, &here));
        Err(Error::NonConvergence(format!(
            "substitution found no solution in {} rounds: {worst}; use NewtonConfig or FallbackConfig, start nearer, or \
             allow more rounds",
            run.report.iterations,
        )))
    }
}

/// What residuals of a solution are below, over their sizes.
const ENOUGH: f64 = 1e-7;

/// How many rounds may go by without getting nearer.
const PATIENCE: u32 = 30;

/// The least damping that gets anywhere.
const LEAST: f64 = 1e-3;

/// How far a value may go in a round, as a share of its size.
const FARTHEST: f64 = 0.25;

/// Moves each unknown to where its own equation wants it, with the newest values of the others; how many could not be.
///
/// One of Newton's steps is enough for an equation, as the others will have moved by the next round.
fn round(run: &mut Run<'_>, pairs: &[(usize, usize)], x: &mut [f64]) -> Result<usize> {
    let mut failed = 0;
    for &(equation, unknown) in pairs {
        match run.wanted(equation, unknown, x) {
            Ok(value) => {
                let (before, variable) = (x[unknown], &run.model.variables[unknown]);
                let most = FARTHEST * variable.scale.min(1e5).max(before.abs());
                let to = before + (value - before).clamp(-most, most);
                x[unknown] = if variable.positive { to.max(0.5 * before) } else { to };
            }
            Err(Error::NonConvergence(_) | Error::Fluid(_)) => failed += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(failed)
}

/// Which equation is solved for which unknown: heat exchangers for pressures, all others for what they are linear in.
fn pairs(model: &Model, task: Task<'_>) -> Vec<(usize, usize)> {
    let column = |v: usize| task.unknowns.iter().position(|&u| u == v);
    let mut rows: Vec<Vec<(u8, usize)>> = task
        .equations
        .iter()
        .map(|&e| {
            let s = &model.statements[e];
            let variables = s.variables.iter().enumerate();
            let mut row: Vec<_> =
                variables.filter_map(|(k, &v)| Some((s.law.reluctance(k), column(v)?))).collect();
            row.sort_unstable();
            row
        })
        .collect();
    // those that have the least choice come first
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&r| std::cmp::Reverse(rows[r].first().map_or(0, |c| c.0)));
    let mut owner = vec![None; task.unknowns.len()];
    for &row in &order {
        seek(row, &mut rows, &mut owner, &mut vec![false; task.unknowns.len()]);
    }
    let found = owner.iter().enumerate();
    found.filter_map(|(c, row)| row.map(|r: usize| (task.equations[r], task.unknowns[c]))).collect()
}

fn seek(row: usize, rows: &mut [Vec<(u8, usize)>], owner: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for i in 0..rows[row].len() {
        let (_, column) = rows[row][i];
        if std::mem::replace(&mut seen[column], true) {
            continue;
        }
        if owner[column].is_none_or(|other| seek(other, rows, owner, seen)) {
            owner[column] = Some(row);
            return true;
        }
    }
    false
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
        let mut normal: Vec<f64> = df.iter().flat_map(|a| df.iter().map(move |b| dot(a, b))).collect();
        let trace: f64 = (0..k).map(|i| normal[i * k + i]).sum();
        (0..k).for_each(|i| normal[i * k + i] += 1e-10 * trace + 1e-300);
        let mut weights: Vec<f64> = df.iter().map(|d| dot(d, f)).collect();
        if linear::solve(&mut normal, &mut weights).is_err() || weights.iter().any(|w| !w.is_finite()) {
            return plain(damping);
        }
        let mut next = plain(damping);
        for (w, (dx, df)) in weights.iter().zip(dx.iter().zip(&df)) {
            next.iter_mut().zip(dx.iter().zip(df)).for_each(|(n, (dx, df))| *n -= w * (dx + damping * df));
        }
        next
    }
}
