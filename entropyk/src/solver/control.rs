//! Systems with constraints: whether what is held can be held within the limits of what is moved.

use super::newton::{NewtonConfig, Report};
use crate::network::System;
use crate::{Error, Result};

/// Solves a system, constraints included.
///
/// A constraint is an equation like any other while it can be met. If what it moves ends beyond a limit, or nothing solves
/// it, the system is solved with that at each limit instead; the error tells what could be reached. The system is left as
/// it was.
pub fn solve(config: &NewtonConfig, system: &mut System, interrupted: &dyn Fn() -> bool) -> Result<Report> {
    if system.constraints().is_empty() {
        return config.solve(system.model()?, interrupted);
    }
    let before = system.clone();
    let solved = config.solve(system.model()?, interrupted);
    let saturated = system.constraints().iter().position(|(constraint, _, moved)| {
        let value = system.value(*moved).filter(|_| solved.is_ok());
        let [low, high] = constraint.limits;
        value.is_some_and(|value| !(low..=high).contains(&value))
    });
    let blamed = match (&solved, saturated) {
        (Ok(_), None) => return solved,
        (Ok(_), Some(i)) => i,
        (Err(Error::NonConvergence(_) | Error::Fluid(_)), _) => 0,
        (Err(_), _) => return solved,
    };
    let error = explain(config, &before, blamed, interrupted);
    *system = before;
    match (error, solved) {
        (Some(error), _) | (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(beyond(system, blamed)),
    }
}

fn beyond(system: &System, i: usize) -> Error {
    let (c, ..) = &system.constraints()[i];
    let [low, high] = c.limits;
    Error::ControlSaturation(format!(
        "{} cannot be held at {}: {} would have to leave its limits {low} to {high}",
        c.hold, c.target, c.by
    ))
}

/// What is reached at both limits, if the target is not between.
fn explain(
    config: &NewtonConfig,
    before: &System,
    i: usize,
    interrupted: &dyn Fn() -> bool,
) -> Option<Error> {
    let (constraint, held, moved) = before.constraints()[i].clone();
    let reached = constraint.limits.map(|limit| {
        let mut trial = before.clone();
        trial.switch(&[moved], &[held]).ok()?;
        // in steps from where it was, so that each starts near
        let from = before.value(moved)?;
        for k in 1..=4 {
            trial.set(moved, from + (limit - from) * f64::from(k) / 4.0).ok()?;
            config.solve(trial.model().ok()?, interrupted).ok()?;
        }
        trial.value(held)
    });
    let [Some(a), Some(b)] = reached else { return None };
    if (a.min(b)..=a.max(b)).contains(&constraint.target) {
        return None;
    }
    let [low, high] = constraint.limits;
    Some(Error::ControlSaturation(format!(
        "{} cannot be held at {}: moving {} from {low} to {high} brings it from {a:.6} to {b:.6}",
        constraint.hold, constraint.target, constraint.by
    )))
}
