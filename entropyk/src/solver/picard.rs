//! Successive substitution with Anderson's acceleration: each equation solved for its own unknown, over and over.
//!
//! D. G. Anderson, Journal of the ACM 12 (1965). It needs no Jacobian of a block, and goes on where one is singular; where
//! Newton's method works it is slower.

use super::linear;
use super::newton::{NewtonConfig, Report, Run};
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
        Self { max_iterations: 300, tolerance: 1e-9, memory: 6, damping: 0.7, timeout: None }
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

    /// Finds the unknowns of a model, starting from its values.
    pub fn solve(&self, model: &mut Model, interrupted: &dyn Fn() -> bool) -> Result<Report> {
        self.checked()?;
        let mut x: Vec<f64> = model.variables.iter().map(|v| v.value).collect();
        let newton = self.newton();
        let mut run = Run::new(&newton, model, interrupted);
        for task in model.tasks() {
            if task.unknowns.len() == 1 {
                run.block(task, &mut x)?;
            } else {
                self.block(&mut run, task, &mut x)?;
            }
        }
        let report = run.report;
        for (variable, value) in model.variables.iter_mut().zip(x) {
            variable.value = value;
        }
        Ok(report)
    }

    fn block(&self, run: &mut Run<'_>, task: Task<'_>, x: &mut [f64]) -> Result<()> {
        let scales: Vec<f64> =
            task.unknowns.iter().map(|&v| run.model.variables[v].scale.max(1e-3 * x[v].abs())).collect();
        let mut history = History::default();
        let mut last = f64::INFINITY;
        for _ in 0..self.max_iterations {
            run.may_go_on()?;
            let from: Vec<f64> = task.unknowns.iter().zip(&scales).map(|(&v, s)| x[v] / s).collect();
            self.round(run, task, x)?;
            let change: Vec<f64> =
                task.unknowns.iter().zip(&scales).zip(&from).map(|((&v, s), f)| x[v] / s - f).collect();
            let size = change.iter().zip(&from).fold(0.0_f64, |m, (c, f)| m.max(c.abs() / f.abs().max(1e-3)));
            run.report.iterations += 1;
            run.report.residuals.push(size);
            if size < self.tolerance {
                return Ok(());
            }
            if size > 10.0 * last {
                history = History::default();
            }
            last = size;
            let next = history.next(from, change, self.memory, self.damping);
            for ((&v, s), to) in task.unknowns.iter().zip(&scales).zip(next) {
                let to = to * s;
                // what must be above 0 goes at most half of the way there
                x[v] = if run.model.variables[v].positive { to.max(0.5 * x[v]) } else { to };
            }
        }
        let names: Vec<_> = task.equations.iter().map(|&e| run.model.statements[e].name.as_str()).collect();
        Err(Error::NonConvergence(format!(
            "no solution in {} rounds: the last changed {} by {last:.3e} of its size; use Newton's method, or less damping",
            self.max_iterations,
            names.join(", ")
        )))
    }

    /// Solves each equation for its own unknown, with the newest values of the others.
    fn round(&self, run: &mut Run<'_>, task: Task<'_>, x: &mut [f64]) -> Result<()> {
        for (equation, unknown) in task.equations.iter().zip(task.unknowns) {
            let one =
                Task { equations: std::slice::from_ref(equation), unknowns: std::slice::from_ref(unknown) };
            run.block(one, x)?;
        }
        Ok(())
    }
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
