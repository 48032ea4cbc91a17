//! What to do when Newton's method alone does not get there.

use super::control;
use super::newton::{NewtonConfig, Report};
use crate::network::System;
use crate::{Error, Result};

/// Newton's method, then the same from a fresh start, then from a relaxed system in steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FallbackConfig {
    /// How each attempt is solved.
    pub newton: NewtonConfig,
    /// In how many steps a relaxed system is brought to the given one.
    pub steps: u32,
}

impl Default for FallbackConfig {
    fn default() -> Self {
        Self { newton: NewtonConfig::default(), steps: 8 }
    }
}

/// Which attempt succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Newton's method from the present values.
    Newton,
    /// Newton's method from values as they are in such machines.
    Restart,
    /// In steps from a relaxed system, whose pressures are held and whose conductances are free.
    Homotopy,
}

impl Way {
    /// The name as Python users see it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newton => "newton",
            Self::Restart => "restart",
            Self::Homotopy => "homotopy",
        }
    }
}

impl FallbackConfig {
    /// Checks the settings.
    pub fn checked(self) -> Result<Self> {
        self.newton.checked()?;
        if self.steps == 0 {
            return Err(Error::Validation("expected at least 1 step, got 0".to_owned()));
        }
        Ok(self)
    }

    /// Solves a system; if no way leads to a solution, the error is that of the first, and the system is as it was.
    pub fn solve(&self, system: &mut System, interrupted: &dyn Fn() -> bool) -> Result<(Report, Way)> {
        self.checked()?;
        let before = system.clone();
        let first = match control::solve(&self.newton, system, interrupted) {
            Ok(report) => return Ok((report, Way::Newton)),
            Err(error @ (Error::NonConvergence(_) | Error::Fluid(_))) => error,
            Err(error) => return Err(error),
        };
        let mut fresh = before.clone();
        fresh.restart()?;
        if let Ok(report) = control::solve(&self.newton, &mut fresh, interrupted) {
            *system = fresh;
            return Ok((report, Way::Restart));
        }
        let mut relaxed = before.clone();
        relaxed.restart()?;
        if let Some(report) = self.homotopy(&mut relaxed, interrupted) {
            *system = relaxed;
            return Ok((report, Way::Homotopy));
        }
        *system = before;
        Err(first)
    }

    fn homotopy(&self, system: &mut System, interrupted: &dyn Fn() -> bool) -> Option<Report> {
        let (conductances, pressures) = system.relaxation();
        let targets: Vec<f64> = conductances.iter().map(|&v| system.value(v)).collect::<Option<_>>()?;
        if targets.is_empty() {
            return None;
        }
        system.switch(&pressures, &conductances).ok()?;
        control::solve(&self.newton, system, interrupted).ok()?;
        system.switch(&conductances, &pressures).ok()?;
        let from: Vec<f64> = conductances.iter().map(|&v| system.value(v)).collect::<Option<_>>()?;
        let mut report = None;
        for k in 1..=self.steps {
            let share = f64::from(k) / f64::from(self.steps);
            for ((&v, &from), &to) in conductances.iter().zip(&from).zip(&targets) {
                // conductances go from one to the other by equal factors
                system.set(v, if k == self.steps { to } else { from * (to / from).powf(share) }).ok()?;
            }
            report = Some(control::solve(&self.newton, system, interrupted).ok()?);
        }
        report
    }
}
