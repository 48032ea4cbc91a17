//! What a network asks of a fluid, whichever way its properties are found.

use std::any::Any;
use std::fmt::Debug;

use super::{Helmholtz, Saturated, State};
use crate::{Error, Result};

/// A fluid that can be part of a cycle.
pub trait Backend: Any + Debug + Send + Sync {
    /// The name of the fluid: connected components have the same.
    fn name(&self) -> &str;
    /// The state at pressure and enthalpy.
    fn state_ph(&self, p: f64, h: f64) -> Result<State>;
    /// The state at pressure and entropy.
    fn state_ps(&self, p: f64, s: f64) -> Result<State>;
    /// The state at pressure and temperature.
    fn state_pt(&self, p: f64, t: f64) -> Result<State>;
    /// The state at temperature and vapour quality.
    fn state_tx(&self, t: f64, x: f64) -> Result<State>;
    /// Boiling (0) or condensing (1) at a pressure; an error above the critical one.
    fn saturated(&self, p: f64, side: usize) -> Result<Saturated>;
    /// The temperatures from which to which there are liquid and vapour.
    fn boiling_range(&self) -> Option<[f64; 2]>;
    /// The greatest pressure.
    fn p_max(&self) -> f64;
    /// The viscosity of a state, Pa s.
    fn viscosity(&self, _state: &State) -> Result<f64> {
        Err(Error::fluid(format!(
            "{}: its viscosity is not known here; give a pressure drop instead",
            self.name()
        )))
    }
}

impl Backend for Helmholtz {
    fn name(&self) -> &str {
        &self.constants.name
    }

    fn state_ph(&self, p: f64, h: f64) -> Result<State> {
        Self::state_ph(self, p, h)
    }

    fn state_ps(&self, p: f64, s: f64) -> Result<State> {
        Self::state_ps(self, p, s)
    }

    fn state_pt(&self, p: f64, t: f64) -> Result<State> {
        Self::state_pt(self, p, t)
    }

    fn state_tx(&self, t: f64, x: f64) -> Result<State> {
        Self::state_tx(self, t, x)
    }

    fn saturated(&self, p: f64, side: usize) -> Result<Saturated> {
        Self::saturated(self, p, side)
    }

    fn boiling_range(&self) -> Option<[f64; 2]> {
        self.saturation().ok().map(|sat| [self.constants.t_min, sat.temperatures[1]])
    }

    fn p_max(&self) -> f64 {
        self.constants.p_max
    }

    fn viscosity(&self, state: &State) -> Result<f64> {
        Self::viscosity(self, state)
    }
}
