//! Newton's method, block after block of the plan, with exact Jacobians.

use super::linear;
use crate::components::Dual;
use crate::components::dual::MOST;
use crate::components::laws::Lately;
use crate::network::Model;
use crate::network::Task;
use crate::watch::Watch;
use crate::{Error, Result};

/// How Newton's method is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewtonConfig {
    /// The most iterations of one block.
    pub max_iterations: usize,
    /// The largest step, relative to the variables' sizes, after which they count as found. What is
    /// left is about its square.
    pub tolerance: f64,
    /// The most time, in seconds.
    pub timeout: Option<f64>,
}

impl Default for NewtonConfig {
    fn default() -> Self {
        Self { max_iterations: 60, tolerance: 1e-8, timeout: None }
    }
}

/// How it went.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Iterations of all blocks together.
    pub iterations: usize,
    /// The norm of the residuals at each iteration, each residual over its natural size.
    pub residuals: Vec<f64>,
}

impl NewtonConfig {
    /// Checks the settings.
    pub fn checked(self) -> Result<Self> {
        if self.max_iterations == 0 {
            return Err(Error::Validation(
                "expected max_iterations of at least 1, got 0".to_owned(),
            ));
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1e-2) {
            let text = format!("expected a tolerance between 0 and 0.01, got {}", self.tolerance);
            return Err(Error::Validation(text));
        }
        if self.timeout.is_some_and(|t| t <= 0.0 || t.is_nan()) {
            let text =
                format!("expected a timeout above 0 s, got {:?}", self.timeout.unwrap_or_default());
            return Err(Error::Validation(text));
        }
        Ok(self)
    }

    /// Finds the unknowns of some blocks of a model, in order, among the values of all variables.
    pub(super) fn find<'a>(
        &self,
        model: &'a Model,
        tasks: impl Iterator<Item = Task<'a>>,
        x: &mut [f64],
        watch: &Watch<'_>,
    ) -> Result<Report> {
        let mut run = Run::new(self, model, watch);
        for task in tasks {
            run.block(task, x)?;
        }
        Ok(run.report)
    }
}

/// A solution on its way.
pub(super) struct Run<'a> {
    config: &'a NewtonConfig,
    pub(super) model: &'a Model,
    pub(super) watch: &'a Watch<'a>,
    lately: Lately,
    pub(super) report: Report,
}

/// Residuals of a block, over their natural sizes, with their derivatives.
pub(super) struct Linearised {
    norm: f64,
    pub(super) residuals: Vec<f64>,
    jacobian: Vec<f64>,
}

impl<'a> Run<'a> {
    pub(super) fn new(config: &'a NewtonConfig, model: &'a Model, watch: &'a Watch<'a>) -> Self {
        Self { config, model, watch, lately: Lately::default(), report: Report::default() }
    }

    /// Solves one block.
    pub(super) fn block(&mut self, task: Task<'_>, x: &mut [f64]) -> Result<()> {
        if let ([equation], [unknown]) = (task.equations, task.unknowns) {
            let s = &self.model.statements[*equation];
            let k = s.variables.iter().position(|v| v == unknown).unwrap_or_default();
            let mut values = [0.0; MOST];
            for (value, &v) in values.iter_mut().zip(&s.variables) {
                *value = x[v];
            }
            if let Some(value) = s.law.solved_for(k, &values, &mut self.lately) {
                x[*unknown] = value.map_err(|e| self.failed(task, e))?;
                if x[*unknown].is_infinite() {
                    let why = "the streams' temperatures cross, so no conductance is enough";
                    return Err(self.blame(task, why));
                }
                return Ok(());
            }
        }
        if self.single(task, x)? {
            return Ok(());
        }
        let mut here = self.linearise(task, x).map_err(|e| self.failed(task, e))?;
        for _ in 0..self.config.max_iterations {
            self.watch.may_go_on()?;
            self.report.iterations += 1;
            self.report.residuals.push(here.norm);
            if here.norm < 1e-14 {
                return Ok(());
            }
            let mut step: Vec<f64> = here.residuals.iter().map(|r| -r).collect();
            self.step(task, &here, &mut step)?;
            let size = self.size(task, x, &step);
            let (next, taken) = self.advance(task, x, &step, &here)?;
            if taken == 1.0 && size < self.config.tolerance && next.norm < 1e-7 {
                return Ok(());
            }
            // Newton's steps shrink until rounding ends it
            if taken == 1.0 && size < 1e-6 && next.norm >= 0.5 * here.norm && next.norm < 1e-9 {
                return Ok(());
            }
            here = next;
        }
        let worst = self.worst(task, &here);
        Err(Error::NonConvergence(format!(
            "no solution in {} iterations: {worst}; start from values that are nearer, or allow more iterations",
            self.config.max_iterations
        )))
    }

    /// One equation that is all but linear in its unknown, as most are: true if two plain steps
    /// find it.
    fn single(&mut self, task: Task<'_>, x: &mut [f64]) -> Result<bool> {
        let ([equation], [unknown]) = (task.equations, task.unknowns) else { return Ok(false) };
        let (s, variable) = (&self.model.statements[*equation], &self.model.variables[*unknown]);
        let from = x[*unknown];
        let linear =
            s.variables.iter().position(|v| v == unknown).is_some_and(|k| s.law.is_linear_in(k));
        for _ in 0..3 {
            let mut values = [Dual::constant(0.0); MOST];
            for (k, &v) in s.variables.iter().enumerate() {
                values[k] = Dual::constant(x[v]);
                values[k].d[0] = f64::from(u8::from(v == *unknown));
            }
            let (f, size) = match s.law.residual(&values[..s.variables.len()], &mut self.lately) {
                Ok(found) => found,
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(_) => break,
            };
            let step = -f.v / f.d[0];
            let to = x[*unknown] + step;
            if !to.is_finite() || (variable.positive && to <= 0.0) {
                break;
            }
            self.report.iterations += 1;
            self.report.residuals.push(f.v.abs() / size.max(1e-9));
            x[*unknown] = to;
            if linear {
                return Ok(true);
            }
            if step.abs() < 1e-12 * to.abs().max(1e-3 * variable.scale)
                && f.v.abs() < 1e-7 * size.max(1e-9)
            {
                return Ok(true);
            }
        }
        x[*unknown] = from;
        Ok(false)
    }

    /// Solves for the step; where equations are dependent at this point, by the least that
    /// satisfies them best.
    fn step(&self, task: Task<'_>, here: &Linearised, step: &mut [f64]) -> Result<()> {
        let n = step.len();
        let scales: Vec<f64> =
            task.unknowns.iter().map(|&v| self.model.variables[v].scale).collect();
        let mut matrix: Vec<f64> =
            here.jacobian.iter().enumerate().map(|(i, d)| d * scales[i % n]).collect();
        let right = step.to_vec();
        if linear::solve(&mut matrix, step).is_ok() && step.iter().all(|s| s.is_finite()) {
            step.iter_mut().zip(&scales).for_each(|(s, k)| *s *= k);
            return Ok(());
        }
        let j: Vec<f64> =
            here.jacobian.iter().enumerate().map(|(i, d)| d * scales[i % n]).collect();
        let mut normal = vec![0.0; n * n];
        for (r, row) in j.chunks_exact(n).enumerate() {
            for a in 0..n {
                for b in 0..n {
                    normal[a * n + b] += row[a] * row[b];
                }
                step[a] = if r == 0 { row[a] * right[r] } else { step[a] + row[a] * right[r] };
            }
        }
        let trace: f64 = (0..n).map(|a| normal[a * n + a]).sum();
        (0..n).for_each(|a| normal[a * n + a] += 1e-8 * trace + 1e-30);
        if linear::solve(&mut normal, step).is_err() {
            let names: Vec<_> =
                task.equations.iter().map(|&e| self.model.statements[e].name.as_str()).collect();
            return Err(Error::NonConvergence(format!(
                "these equations depend on each other at the values reached: {}",
                names.join(", ")
            )));
        }
        step.iter_mut().zip(&scales).for_each(|(s, k)| *s *= k);
        Ok(())
    }

    /// Goes along a step as far as it helps; a residual that cannot be computed there shortens it.
    fn advance(
        &mut self,
        task: Task<'_>,
        x: &mut [f64],
        step: &[f64],
        here: &Linearised,
    ) -> Result<(Linearised, f64)> {
        let from: Vec<f64> = task.unknowns.iter().map(|&v| x[v]).collect();
        let mut share = self.longest(task, &from, step);
        let mut best: Option<(Linearised, f64)> = None;
        let mut trouble = String::new();
        for tried in 0..30 {
            for (i, &v) in task.unknowns.iter().enumerate() {
                x[v] = from[i] + share * step[i];
            }
            match self.linearise(task, x) {
                Ok(next) => {
                    let enough = next.norm <= (1.0 - 1e-4 * share) * here.norm || next.norm < 1e-11;
                    if best.as_ref().is_none_or(|(b, _)| next.norm < b.norm) {
                        best = Some((next, share));
                    }
                    if enough || tried >= 8 {
                        break;
                    }
                }
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => trouble = error.to_string(),
            }
            self.watch.may_go_on()?;
            share *= 0.5;
        }
        let Some((next, share)) = best else { return Err(self.blame(task, &trouble)) };
        for (i, &v) in task.unknowns.iter().enumerate() {
            x[v] = from[i] + share * step[i];
        }
        Ok((next, share))
    }

    /// The share of a step that no variable leaves its range with.
    fn longest(&self, task: Task<'_>, from: &[f64], step: &[f64]) -> f64 {
        let mut share = 1.0_f64;
        for (i, &v) in task.unknowns.iter().enumerate() {
            let variable = &self.model.variables[v];
            if variable.positive && from[i] > 0.0 && step[i] < -0.6 * from[i] {
                share = share.min(0.6 * from[i] / -step[i]);
            }
            if variable.positive && from[i] > 0.0 && variable.scale > 1e4 && step[i] > 1.5 * from[i]
            {
                share = share.min(1.5 * from[i] / step[i]);
            }
        }
        share
    }

    pub(super) fn linearise(&mut self, task: Task<'_>, x: &[f64]) -> Result<Linearised> {
        let n = task.unknowns.len();
        let mut out = Linearised { norm: 0.0, residuals: vec![0.0; n], jacobian: vec![0.0; n * n] };
        for (r, &equation) in task.equations.iter().enumerate() {
            let s = &self.model.statements[equation];
            let mut values = [Dual::constant(0.0); MOST];
            for (k, &v) in s.variables.iter().enumerate() {
                values[k] = Dual::variable(x[v], k);
            }
            let (f, size) = s.law.residual(&values[..s.variables.len()], &mut self.lately)?;
            let size = size.max(1e-9);
            if !f.v.is_finite() {
                return Err(Error::NonConvergence(format!("{} has no value", s.name)));
            }
            out.residuals[r] = f.v / size;
            out.norm += (f.v / size).powi(2);
            for (k, v) in s.variables.iter().enumerate() {
                if let Some(c) = task.unknowns.iter().position(|u| u == v) {
                    out.jacobian[r * n + c] += f.d[k] / size;
                }
            }
        }
        out.norm = out.norm.sqrt();
        Ok(out)
    }

    fn size(&self, task: Task<'_>, x: &[f64], step: &[f64]) -> f64 {
        let relative = task.unknowns.iter().zip(step).map(|(&v, s)| {
            let scale = self.model.variables[v].scale;
            s.abs() / x[v].abs().max(1e-3 * scale)
        });
        relative.fold(0.0, f64::max)
    }

    pub(super) fn worst(&self, task: Task<'_>, here: &Linearised) -> String {
        let (r, worst) = here
            .residuals
            .iter()
            .enumerate()
            .fold((0, 0.0), |a, (i, v)| if v.abs() > a.1 { (i, v.abs()) } else { a });
        format!(
            "{} is off by {worst:.3e} of its size",
            self.model.statements[task.equations[r]].name
        )
    }

    /// What could not be computed, as an error of a block; who asked to stop is heard.
    fn failed(&self, task: Task<'_>, error: Error) -> Error {
        if error == Error::Interrupted { error } else { self.blame(task, &error.to_string()) }
    }

    fn blame(&self, task: Task<'_>, why: &str) -> Error {
        /// How many of a block's equations are named.
        const NAMED: usize = 6;
        let names = task.equations.iter().map(|&e| self.model.statements[e].name.as_str());
        let mut names: Vec<_> = names.take(NAMED).map(str::to_owned).collect();
        if task.equations.len() > NAMED {
            names.push(format!("and {} more", task.equations.len() - NAMED));
        }
        Error::NonConvergence(format!("no solution of {}: {why}", names.join(", ")))
    }
}
