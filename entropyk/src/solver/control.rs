//! Systems with constraints: whether what is held can be held within the limits of what is moved.

use super::method::Method;
use super::newton::Report;
use crate::network::System;
use crate::watch::{Watch, attempt};
use crate::{Error, Result};

/// In how many steps something is moved that does not go at once.
const STEPS: u32 = 4;

/// Solves a system, constraints included.
///
/// A constraint is an equation like any other while it can be met. If what it moves ends beyond a
/// limit, or nothing solves it, the system is solved with that at each limit instead; the error
/// tells what could be reached. The system is left as it was.
pub fn solve(
    method: impl Into<Method>,
    system: &mut System,
    interrupted: &dyn Fn() -> bool,
) -> Result<Report> {
    let method = method.into().checked()?;
    watched(method, system, &Watch::new(method.timeout(), interrupted))
}

/// The same, with the time of all attempts.
pub(super) fn watched(method: Method, system: &mut System, watch: &Watch<'_>) -> Result<Report> {
    if system.constraints().is_empty() {
        return method.solve(system.model()?, watch);
    }
    let before = system.clone();
    let mut solved = method.solve(system.model()?, watch);
    if let Err(Error::NonConvergence(_) | Error::Fluid(_)) = solved {
        if let Some((found, report)) = from_uncontrolled(method, &before, watch)? {
            (*system, solved) = (found, Ok(report));
        }
    }
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
    let error = explain(method, &before, blamed, watch);
    *system = before;
    match (error?, solved) {
        (Some(error), _) | (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(beyond(system, blamed)),
    }
}

/// Solves without control first, and then brings what is held to its targets in steps.
fn from_uncontrolled(
    method: Method,
    before: &System,
    watch: &Watch<'_>,
) -> Result<Option<(System, Report)>> {
    let mut trial = before.clone();
    let places: Vec<_> =
        before.constraints().iter().map(|(c, held, moved)| (c.target, *held, *moved)).collect();
    let (held, moved): (Vec<_>, Vec<_>) = places.iter().map(|p| (p.1, p.2)).unzip();
    attempt((|| {
        trial.switch(&moved, &held)?;
        method.solve(trial.model()?, watch)?;
        let from: Vec<f64> = held.iter().filter_map(|&v| trial.value(v)).collect();
        trial.switch(&held, &moved)?;
        let mut report = Report::default();
        for k in 1..=STEPS {
            let share = f64::from(k) / f64::from(STEPS);
            for (&(target, held, _), from) in places.iter().zip(&from) {
                trial
                    .set(held, if k == STEPS { target } else { from + share * (target - from) })?;
            }
            report = method.solve(trial.model()?, watch)?;
        }
        Ok((trial, report))
    })())
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
fn explain(method: Method, before: &System, i: usize, watch: &Watch<'_>) -> Result<Option<Error>> {
    let (constraint, held, moved) = before.constraints()[i].clone();
    let reached = |limit: f64| {
        let mut trial = before.clone();
        trial.switch(&[moved], &[held])?;
        // in steps from where it was, so that each starts near
        let from = before.value(moved).unwrap_or(limit);
        for k in 1..=STEPS {
            trial.set(moved, from + (limit - from) * f64::from(k) / f64::from(STEPS))?;
            method.solve(trial.model()?, watch)?;
        }
        Ok(trial.value(held))
    };
    let [low, high] = constraint.limits;
    let [a, b] = [attempt(reached(low))?.flatten(), attempt(reached(high))?.flatten()];
    let (Some(a), Some(b)) = (a, b) else { return Ok(None) };
    if (a.min(b)..=a.max(b)).contains(&constraint.target) {
        return Ok(None);
    }
    Ok(Some(Error::ControlSaturation(format!(
        "{} cannot be held at {}: moving {} from {low} to {high} brings it from {a:.6} to {b:.6}",
        constraint.hold, constraint.target, constraint.by
    ))))
}
