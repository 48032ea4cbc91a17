//! By which method a system is solved.

use super::newton::{NewtonConfig, Report};
use super::picard::PicardConfig;
use crate::Result;
use crate::network::Model;
use crate::watch::Watch;

/// A method with its settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Newton's, with exact Jacobians.
    Newton(NewtonConfig),
    /// Successive substitution.
    Picard(PicardConfig),
}

impl From<NewtonConfig> for Method {
    fn from(config: NewtonConfig) -> Self {
        Self::Newton(config)
    }
}

impl From<PicardConfig> for Method {
    fn from(config: PicardConfig) -> Self {
        Self::Picard(config)
    }
}

impl Method {
    pub(super) fn checked(self) -> Result<Self> {
        match self {
            Self::Newton(config) => config.checked().map(Self::from),
            Self::Picard(config) => config.checked().map(Self::from),
        }
    }

    pub(super) fn timeout(self) -> Option<f64> {
        match self {
            Self::Newton(config) => config.timeout,
            Self::Picard(config) => config.timeout,
        }
    }

    /// Finds the unknowns of a model, starting from its values, which are left as they are if that
    /// fails.
    pub(super) fn solve(self, model: &mut Model, watch: &Watch<'_>) -> Result<Report> {
        let mut x: Vec<f64> = model.variables.iter().map(|v| v.value).collect();
        let report = match self {
            Self::Newton(config) => config.find(model, model.tasks(), &mut x, watch),
            Self::Picard(config) => config.find(model, &mut x, watch),
        }?;
        for (variable, value) in model.variables.iter_mut().zip(x) {
            variable.value = value;
        }
        Ok(report)
    }
}
