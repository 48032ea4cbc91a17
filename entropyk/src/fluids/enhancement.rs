//! How much more a fluid conducts near its critical point.
//!
//! Most have G. A. Olchowy and J. V. Sengers' equation, Int. J. Thermophys. 10 (1989), simplified.
//! Ammonia has that of R. Tufeu et al., Ber. Bunsenges. Phys. Chem. 88, 422 (1984), R123 that of A.
//! Laesecke et al., Int. J. Refrig. 19, 392 (1996).

use std::f64::consts::PI;

use super::helmholtz::{Helmholtz, Point};
use super::state::State;
use crate::Result;

/// Boltzmann's constant as these equations have it, J/K.
const BOLTZMANN: f64 = 1.3806488e-23;

/// Whose equation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Enhancement {
    Scaled(Critical),
    Ammonia,
    R123,
}

/// What Olchowy and Sengers' has.
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
    /// W/m/K.
    pub(super) fn enhanced(&self, of: &Enhancement, q: &Point, state: &State) -> Result<f64> {
        match of {
            Enhancement::Scaled(critical) => self.scaled(critical, q, state),
            Enhancement::Ammonia => Ok(ammonia(q.t, q.rho)),
            Enhancement::R123 => {
                let c = &self.constants;
                Ok(r123(c.t_red / q.t, q.rho / c.rho_red))
            }
        }
    }

    fn scaled(&self, c: &Critical, q: &Point, state: &State) -> Result<f64> {
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
}

/// Of a correlation length over the cut-off's, the inverse ratio of heat capacities and the reduced
/// density.
pub(super) fn crossover(y: f64, k: f64, delta: f64) -> f64 {
    let whole = (1.0 - k) * y.atan() + k * y;
    2.0 / PI * (whole - (1.0 - (-1.0 / (1.0 / y + y * y / (3.0 * delta * delta))).exp()))
}

/// Tufeu et al.: along the critical isochore, and from there by density.
fn ammonia(t: f64, rho: f64) -> f64 {
    const T: f64 = 405.4;
    const RHO: f64 = 235.0;
    // of that time
    const K: f64 = 1.3806504e-23;
    let away = ((t - T) / T).abs();
    let viscosity = (2.60 + 1.6 * away) * 1e-5;
    let steep = (2.18 - 0.12 / (17.8 * away).exp()) * 1e5;
    let length = 1.34e-10 * away.powf(-0.63) * (1.0 + away.sqrt());
    let susceptible = 0.423e-8 * away.powf(-1.24) * (1.0 + away.sqrt() / 0.7);
    let isochore = 1.2 * K * t * t / (6.0 * PI * viscosity * length) * steep * steep * susceptible;
    let width = 0.61 * RHO + 16.5 * away.ln();
    let bell = |rho: f64| width * width / (width * width + (rho - 0.96 * RHO).powi(2));
    let low = 0.6 * RHO;
    let by_density = if rho < low { bell(low) * (rho / low) * (rho / low) } else { bell(rho) };
    isochore * (-36.0 * away * away).exp() * by_density
}

/// Laesecke et al.: by tau and delta.
fn r123(tau: f64, delta: f64) -> f64 {
    0.486742e-2 * (-100.0 * (tau - 1.0).powi(4) - 7.08535 * (delta - 1.0).powi(2)).exp()
}
