//! Thermal conductivity: of a thin gas, what is left of a dense fluid, and the enhancement near the critical point.
//!
//! The parts are as CoolProp writes them; each fluid's line `conductivity` has the key of its paper. The enhancement is
//! G. A. Olchowy and J. V. Sengers', Int. J. Thermophys. 10 (1989), simplified; water is IAPWS R15-11.

use std::f64::consts::PI;

use super::helmholtz::{Helmholtz, Point};
use super::state::State;
use super::transport::{Terms, sum};
use crate::{Error, Result};

/// Boltzmann's constant as these equations have it, J/K.
const BOLTZMANN: f64 = 1.3806488e-23;

/// A fluid's conductivity equation.
#[derive(Debug, Clone, Default)]
pub(super) struct Conductivity {
    /// The key of its paper.
    pub(super) source: String,
    /// Of a thin gas: a temperature to reduce with, and powers of the reduced one above and below.
    pub(super) ratio: Option<f64>,
    pub(super) above: Terms,
    pub(super) below: Terms,
    /// Of a thin gas too: a factor of its viscosity, W/m/K over Pa s, and powers of tau.
    pub(super) by_viscosity: f64,
    pub(super) tau: Terms,
    /// Temperature and density to reduce with.
    pub(super) reduce: [f64; 2],
    /// a, t, d, gamma, l: a tau^t delta^d exp(-gamma delta^l).
    pub(super) dense: Vec<[f64; 5]>,
    pub(super) critical: Option<Critical>,
    /// Whether the fluid is water, which has equations of its own.
    pub(super) water: bool,
}

/// The enhancement near the critical point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Critical {
    /// The amplitude R.
    pub(super) amplitude: f64,
    /// Amplitude of the susceptibility, and the exponents nu and gamma.
    pub(super) gamma: f64,
    pub(super) exponents: [f64; 2],
    /// Amplitude of the correlation length, m, and the wave number where it is cut off, 1/m.
    pub(super) length: f64,
    pub(super) cutoff: f64,
    /// Where there is no enhancement left, K.
    pub(super) t_far: f64,
    /// The pressure to reduce with, Pa.
    pub(super) p: f64,
}

impl Helmholtz {
    /// The key of the paper that thermal conductivity is from; none where it is not known.
    #[must_use]
    pub fn conductivity_source(&self) -> Option<&str> {
        self.conductivity.as_ref().map(|c| c.source.as_str())
    }

    /// The thermal conductivity of a state of one phase, W/m/K.
    pub fn conductivity(&self, state: &State) -> Result<f64> {
        let name = &self.constants.name;
        let Some(equation) = &self.conductivity else {
            return Err(Error::fluid(format!(
                "{name}: its thermal conductivity is not known here; conductivity_source tells of whom it is"
            )));
        };
        if state.x.is_some() {
            return Err(Error::fluid(format!(
                "{name}: expected a state of one phase for thermal conductivity, got two; take those of the lines"
            )));
        }
        let q = self.point(state.t, state.rho);
        let value = if equation.water {
            self.water(&q, state)?
        } else {
            let enhanced =
                equation.critical.map(|c| self.enhancement(&c, &q, state)).transpose()?;
            self.background(equation, &q) + enhanced.unwrap_or_default()
        };
        if value.is_finite() && value > 0.0 {
            return Ok(value);
        }
        let (t, rho) = (state.t, state.rho);
        Err(Error::fluid(format!("{name}: its conductivity has no value at {t} K and {rho} kg/m³")))
    }

    /// Without the enhancement.
    fn background(&self, equation: &Conductivity, q: &Point) -> f64 {
        let thin = match equation.ratio {
            Some(t) => sum(&equation.above, q.t / t) / sum(&equation.below, q.t / t),
            None => {
                let gas = self.viscosity_of_thin(q.t).unwrap_or(f64::NAN);
                equation.by_viscosity * gas + sum(&equation.tau, self.constants.t_red / q.t)
            }
        };
        let (tau, delta) = (equation.reduce[0] / q.t, q.rho / equation.reduce[1]);
        let term = |&[a, t, d, g, l]: &[f64; 5]| {
            a * tau.powf(t) * delta.powf(d) * (-g * delta.powf(l)).exp()
        };
        thin + equation.dense.iter().map(term).sum::<f64>()
    }

    fn enhancement(&self, c: &Critical, q: &Point, state: &State) -> Result<f64> {
        let size = c.p / (self.constants.rho_red * self.constants.rho_red) * q.rho;
        let far = self.point(c.t_far, q.rho).p_rho;
        let excess = size / q.p_rho - size / far * c.t_far / q.t;
        if excess <= 0.0 || excess.is_nan() {
            return Ok(0.0);
        }
        let length = c.length * (excess / c.gamma).powf(c.exponents[0] / c.exponents[1]);
        let delta = q.rho / self.constants.rho_red;
        let crossover = crossover(length * c.cutoff, q.cv / q.cp(), delta);
        let mu = self.viscosity(state)?;
        let whole = q.rho * q.cp() * c.amplitude * BOLTZMANN * q.t / (6.0 * PI * mu * length);
        Ok(whole * crossover)
    }

    fn water(&self, q: &Point, state: &State) -> Result<f64> {
        const T: f64 = 647.096;
        const RHO: f64 = 322.0;
        let (t, rho) = (q.t / T, q.rho / RHO);
        let thin = t.sqrt() / THIN.iter().zip(0..).map(|(l, k)| l / t.powi(k)).sum::<f64>();
        let along = |row: &[f64; 6]| row.iter().rev().fold(0.0, |sum, l| sum * (rho - 1.0) + l);
        let dense = DENSE.iter().rev().fold(0.0, |sum, row| sum * (1.0 / t - 1.0) + along(row));
        let scale = 22.064e6 / RHO;
        let far = self.point(1.5 * T, q.rho).p_rho;
        let excess = rho * scale * (1.0 / q.p_rho - 1.5 / t / far);
        let y = 0.13 / 0.40 * (excess.max(0.0) / 0.06).powf(0.630 / 1.239);
        let mut enhanced = 0.0;
        if y > 1.2e-7 {
            let mu = self.viscosity(state)? * 1e6;
            let share = crossover(y, q.cv / q.cp(), rho) / y;
            enhanced = 177.8514 * rho * q.cp() / 461.51805 * t / mu * share;
        }
        Ok(1e-3 * (thin * (rho * dense).exp() + enhanced))
    }
}

/// Of a correlation length over the cut-off's, the inverse ratio of heat capacities and the reduced density.
fn crossover(y: f64, k: f64, delta: f64) -> f64 {
    let whole = (1.0 - k) * y.atan() + k * y;
    2.0 / PI * (whole - (1.0 - (-1.0 / (1.0 / y + y * y / (3.0 * delta * delta))).exp()))
}

/// IAPWS R15-11, tables 1 and 2: by powers of 1/T, and by those of 1/T - 1 and rho - 1.
const THIN: [f64; 5] = [2.443221e-3, 1.323095e-2, 6.770357e-3, -3.454586e-3, 4.096266e-4];
const DENSE: [[f64; 6]; 5] = [
    [1.60397357, -0.646013523, 0.111443906, 0.102997357, -0.0504123634, 0.00609859258],
    [2.33771842, -2.78843778, 1.53616167, -0.463045512, 0.0832827019, -0.00719201245],
    [2.19650529, -4.54580785, 3.55777244, -1.40944978, 0.275418278, -0.0205938816],
    [-1.21051378, 1.60812989, -0.621178141, 0.0716373224, 0.0, 0.0],
    [-2.7203370, 4.57586331, -3.18369245, 1.1168348, -0.19268305, 0.012913842],
];
