//! What to do when Newton's method alone does not get there.

use super::control;
use super::newton::{NewtonConfig, Report};
use super::picard::PicardConfig;
use crate::network::System;
use crate::watch::{Watch, attempt};
use crate::{Error, Result};

/// Newton's method, then the same from a fresh start, then substitution, then from a relaxed system
/// in steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FallbackConfig {
    /// How each attempt is solved.
    pub newton: NewtonConfig,
    /// The substitution that is tried before steps.
    pub picard: PicardConfig,
    /// In how many steps a relaxed system is brought to the given one.
    pub steps: u32,
}

impl Default for FallbackConfig {
    fn default() -> Self {
        Self { newton: NewtonConfig::default(), picard: PicardConfig::default(), steps: 8 }
    }
}

/// Which attempt succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Newton's method from the present values.
    Newton,
    /// Newton's method from values as they are in such machines.
    Restart,
    /// Substitution from such values.
    Picard,
    /// In steps from a relaxed system, whose pressures are held and whose conductances are free.
    Homotopy,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Newton, Self::Restart, Self::Picard, Self::Homotopy];

    /// The name as Python users see it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newton => "newton",
            Self::Restart => "restart",
            Self::Picard => "picard",
            Self::Homotopy => "homotopy",
        }
    }
}

impl FallbackConfig {
    /// Checks the settings.
    pub fn checked(self) -> Result<Self> {
        self.newton.checked()?;
        self.picard.checked()?;
        if self.steps == 0 {
            return Err(Error::Validation("expected steps of at least 1, got 0".to_owned()));
        }
        Ok(self)
    }

    /// Solves a system; if no way leads to a solution, the error is that of the first, and the
    /// system is as it was.
    ///
    /// The time allowed is that of `newton`, for all attempts together.
    pub fn solve(
        &self,
        system: &mut System,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(Report, Way)> {
        self.checked()?;
        let watch = Watch::new(self.newton.timeout, interrupted);
        let first = match control::watched(self.newton.into(), system, &watch) {
            Ok(report) => return Ok((report, Way::Newton)),
            Err(error @ (Error::NonConvergence(_) | Error::Fluid(_))) => error,
            Err(error) => return Err(error),
        };
        let mut fresh = system.clone();
        fresh.restart()?;
        let (mut substituted, mut relaxed) = (fresh.clone(), fresh.clone());
        if let Some(report) = attempt(control::watched(self.newton.into(), &mut fresh, &watch))? {
            *system = fresh;
            return Ok((report, Way::Restart));
        }
        if let Some(report) =
            attempt(control::watched(self.picard.into(), &mut substituted, &watch))?
        {
            *system = substituted;
            return Ok((report, Way::Picard));
        }
        if let Some(report) = attempt(self.homotopy(&mut relaxed, &watch))? {
            *system = relaxed;
            return Ok((report, Way::Homotopy));
        }
        Err(first)
    }

    /// From a system whose pressures are held and whose conductances are free, in steps.
    fn homotopy(&self, system: &mut System, watch: &Watch<'_>) -> Result<Report> {
        let (conductances, pressures) = system.relaxation();
        let values = |system: &System| {
            conductances.iter().filter_map(|&v| system.value(v)).collect::<Vec<f64>>()
        };
        let targets = values(system);
        if targets.is_empty() {
            return Err(Error::NonConvergence("there is no conductance to be let go".to_owned()));
        }
        system.switch(&pressures, &conductances)?;
        control::watched(self.newton.into(), system, watch)?;
        system.switch(&conductances, &pressures)?;
        let from = values(system);
        let mut report = Report::default();
        for k in 1..=self.steps {
            let share = f64::from(k) / f64::from(self.steps);
            for ((&v, &from), &to) in conductances.iter().zip(&from).zip(&targets) {
                // conductances go from one to the other by equal factors
                system.set(v, if k == self.steps { to } else { from * (to / from).powf(share) })?;
            }
            report = control::watched(self.newton.into(), system, watch)?;
        }
        Ok(report)
    }
}
