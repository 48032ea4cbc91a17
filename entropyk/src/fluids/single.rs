//! Fluids that stay in one phase: what they are at pressure and temperature, and flashes by
//! Newton's method from there.

use std::fmt::Debug;

use super::backend::Backend;
use super::root::bracketed;
use super::state::{Phase, Saturated, State};
use crate::{Error, Result};

/// What a fluid of one phase is at a pressure and a temperature.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) h: f64,
    pub(super) s: f64,
    pub(super) rho: f64,
    pub(super) cp: f64,
    /// dh/dp at constant temperature.
    pub(super) h_p: f64,
    /// d(rho)/dT at constant pressure.
    pub(super) rho_t: f64,
    /// d(rho)/dp at constant temperature.
    pub(super) rho_p: f64,
}

/// A fluid that stays in one phase.
pub(super) trait Single: Debug + Send + Sync {
    fn name(&self) -> &str;
    /// The temperatures in which it is described.
    fn range(&self) -> [f64; 2];
    fn phase(&self) -> Phase;
    fn point(&self, p: f64, t: f64) -> Point;
}

fn outside(fluid: &impl Single, what: &str, got: f64, low: f64, high: f64) -> Error {
    let name = fluid.name();
    Error::fluid(format!("{name}: expected {what} from {low:.6} to {high:.6}, got {got:.6}"))
}

fn finish(fluid: &impl Single, p: f64, t: f64) -> State {
    let q = fluid.point(p, t);
    let (t_p, t_h) = (-q.h_p / q.cp, 1.0 / q.cp);
    State {
        t,
        p,
        h: q.h,
        s: q.s,
        rho: q.rho,
        phase: fluid.phase(),
        x: None,
        cp: Some(q.cp),
        cv: None,
        w: None,
        t_p,
        t_h,
        rho_p: q.rho_p + q.rho_t * t_p,
        rho_h: q.rho_t * t_h,
        s_p: -1.0 / (q.rho * t),
        s_h: 1.0 / t,
    }
}

/// The temperature at which a property that rises with it has a value.
fn solve(
    fluid: &impl Single,
    p: f64,
    what: &str,
    value: f64,
    of: impl Fn(&Point) -> f64,
) -> Result<f64> {
    if !(p > 0.0 && p.is_finite()) {
        return Err(outside(fluid, "p in Pa", p, 0.0, f64::INFINITY));
    }
    let [low, high] = fluid.range();
    let at = |t: f64| of(&fluid.point(p, t)) - value;
    let (a, b) = (at(low), at(high));
    if a > 0.0 || b < 0.0 || !value.is_finite() {
        return Err(outside(fluid, what, value, value + a, value + b));
    }
    // the secant through both ends is near; Newton's steps find the rest
    let mut t = low - a * (high - low) / (b - a);
    for _ in 0..20 {
        let q = fluid.point(p, t);
        let slope = if what.starts_with('s') { q.cp / t } else { q.cp };
        let step = -(of(&q) - value) / slope;
        t = (t + step).clamp(low, high);
        if step.abs() < 1e-12 * t {
            return Ok(t);
        }
    }
    Ok(bracketed(at, low, high, 1e-13 * high))
}

/// Makes a backend of a fluid of one phase.
macro_rules! single_backend {
    ($type:ty) => {
        impl Backend for $type {
            fn name(&self) -> &str {
                Single::name(self)
            }

            fn state_ph(&self, p: f64, h: f64) -> Result<State> {
                $crate::fluids::single::state_ph(self, p, h)
            }

            fn state_ps(&self, p: f64, s: f64) -> Result<State> {
                $crate::fluids::single::state_ps(self, p, s)
            }

            fn state_pt(&self, p: f64, t: f64) -> Result<State> {
                $crate::fluids::single::state_pt(self, p, t)
            }

            fn state_tx(&self, _t: f64, _x: f64) -> Result<State> {
                Err($crate::fluids::single::no_boiling(self))
            }

            fn saturated(&self, _p: f64, _side: usize) -> Result<Saturated> {
                Err($crate::fluids::single::no_boiling(self))
            }

            fn boiling_range(&self) -> Option<[f64; 2]> {
                None
            }

            fn p_max(&self) -> f64 {
                f64::INFINITY
            }
        }
    };
}
pub(super) use single_backend;

pub(super) fn state_ph(fluid: &impl Single, p: f64, h: f64) -> Result<State> {
    Ok(finish(fluid, p, solve(fluid, p, "h in J/kg", h, |q| q.h)?))
}

pub(super) fn state_ps(fluid: &impl Single, p: f64, s: f64) -> Result<State> {
    Ok(finish(fluid, p, solve(fluid, p, "s in J/kg/K", s, |q| q.s)?))
}

pub(super) fn state_pt(fluid: &impl Single, p: f64, t: f64) -> Result<State> {
    let [low, high] = fluid.range();
    if !(low..=high).contains(&t) {
        return Err(outside(fluid, "T in K", t, low, high));
    }
    if !(p > 0.0 && p.is_finite()) {
        return Err(outside(fluid, "p in Pa", p, 0.0, f64::INFINITY));
    }
    Ok(finish(fluid, p, t))
}

pub(super) fn no_boiling(fluid: &impl Single) -> Error {
    Error::fluid(format!(
        "{}: it stays in one phase here, so it has no saturated states",
        fluid.name()
    ))
}

/// A fluid's ideal gas: its heat capacity, without what its molecules do to each other. Of air, dry
/// air.
#[derive(Debug)]
pub struct IdealGas {
    fluid: std::sync::Arc<super::Helmholtz>,
    name: String,
}

impl IdealGas {
    /// The ideal gas of a fluid; enthalpy and entropy are counted from where its whole equation has
    /// them.
    pub fn new(name: &str) -> Result<Self> {
        let fluid = super::helmholtz(name)?;
        let name = format!("{} as an ideal gas", fluid.constants.name);
        Ok(Self { fluid, name })
    }

    /// The name of the fluid.
    #[must_use]
    pub fn of(&self) -> &str {
        &self.fluid.constants.name
    }
}

impl Single for IdealGas {
    fn name(&self) -> &str {
        &self.name
    }

    fn range(&self) -> [f64; 2] {
        [self.fluid.constants.t_min, 1.5 * self.fluid.constants.t_max]
    }

    fn phase(&self) -> Phase {
        Phase::Gas
    }

    fn point(&self, p: f64, t: f64) -> Point {
        let r = self.fluid.constants.gas_constant;
        let rho = p / (r * t);
        let [h, s, cp] = self.fluid.ideal_gas(t, rho);
        Point { h, s, rho, cp, h_p: 0.0, rho_t: -rho / t, rho_p: rho / p }
    }
}

single_backend!(IdealGas);
