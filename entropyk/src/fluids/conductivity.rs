//! Thermal conductivity: of a thin gas, what is left of a dense fluid, and the enhancement near the
//! critical point.
//!
//! The parts are as CoolProp writes them; each fluid's line `conductivity` has the key of its
//! paper. Water is IAPWS R15-11.

use super::carbon_dioxide;
use super::enhancement::{Enhancement, crossover};
use super::helmholtz::{Helmholtz, Point};
use super::state::State;
use super::transport::{Terms, sum};
use crate::{Error, Result};

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
    pub(super) critical: Option<Enhancement>,
    /// Whether the fluid is water, which has equations of its own.
    pub(super) water: bool,
    /// Whether it is carbon dioxide, whose thin gas has one of its own.
    pub(super) carbon_dioxide: bool,
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
            let enhanced = equation.critical.map(|c| self.enhanced(&c, &q, state)).transpose()?;
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
            _ if equation.carbon_dioxide => carbon_dioxide::thin_conductivity(q.t),
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

/// IAPWS R15-11, tables 1 and 2: by powers of 1/T, and by those of 1/T - 1 and rho - 1.
const THIN: [f64; 5] = [2.443221e-3, 1.323095e-2, 6.770357e-3, -3.454586e-3, 4.096266e-4];
const DENSE: [[f64; 6]; 5] = [
    [1.60397357, -0.646013523, 0.111443906, 0.102997357, -0.0504123634, 0.00609859258],
    [2.33771842, -2.78843778, 1.53616167, -0.463045512, 0.0832827019, -0.00719201245],
    [2.19650529, -4.54580785, 3.55777244, -1.40944978, 0.275418278, -0.0205938816],
    [-1.21051378, 1.60812989, -0.621178141, 0.0716373224, 0.0, 0.0],
    [-2.7203370, 4.57586331, -3.18369245, 1.1168348, -0.19268305, 0.012913842],
];
