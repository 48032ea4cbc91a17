//! Compressors by AHRI 540: ten coefficients each for mass flow and power, over dew temperatures of
//! suction and discharge.
//!
//! EN 12900 has the same polynomials at other rating states. Away from the rated suction state,
//! flow goes with suction density by a factor F, and power with flow and isentropic work: A. E.
//! Dabiri and C. K. Rice, ASHRAE Transactions 87 (1981), where F is about 0.75.

use super::dual::Dual;
use super::laws::{Lately, Medium, saturated};
use crate::{Error, Result};

/// The suction state at which a compressor was rated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Suction {
    /// So many kelvins above the dew temperature.
    Superheat(f64),
    /// At this temperature, K.
    Temperature(f64),
}

/// A compressor's rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Coefficients of mass flow.
    pub flow: [f64; 10],
    /// Coefficients of power, W.
    pub power: [f64; 10],
    /// Whether temperatures are in °F and flows in lb/h, as AHRI prints them; else °C and kg/s.
    pub imperial: bool,
    /// Where it was rated.
    pub suction: Suction,
    /// Dabiri and Rice's factor.
    pub factor: f64,
}

impl Rating {
    /// Checks the numbers.
    pub fn checked(self) -> Result<Self> {
        let wrong = |what: &str| Err(Error::Component(format!("Ahri540: expected {what}")));
        if !self.flow.iter().chain(&self.power).all(|c| c.is_finite()) {
            return wrong("finite coefficients");
        }
        if !(0.0..=1.0).contains(&self.factor) {
            return wrong(&format!("a correction factor from 0 to 1, got {}", self.factor));
        }
        match self.suction {
            Suction::Superheat(dt) if !(dt.is_finite() && dt > 0.0) => {
                wrong(&format!("a superheat above 0 K, got {dt}"))
            }
            Suction::Temperature(t) if !(t.is_finite() && t > 0.0) => {
                wrong(&format!("a suction temperature above 0 K, got {t}"))
            }
            _ => Ok(self),
        }
    }

    fn polynomial(&self, c: &[f64; 10], suction: Dual, discharge: Dual) -> Dual {
        let unit = |t: Dual| if self.imperial { t * 1.8 - 459.67 } else { t - 273.15 };
        let (s, d) = (unit(suction), unit(discharge));
        let terms = [s, d, s * s, s * d, d * d, s * s * s, d * s * s, s * d * d, d * d * d];
        terms.into_iter().zip(&c[1..]).fold(Dual::constant(c[0]), |sum, (term, &c)| sum + term * c)
    }

    /// Flow and power at a suction state and a discharge pressure.
    pub(super) fn at(
        &self,
        fluid: &Medium,
        p_in: Dual,
        h_in: Dual,
        p_out: Dual,
        lately: &mut Lately,
    ) -> Result<(Dual, Dual)> {
        let (s, _) = saturated(fluid, p_in, 1)?;
        let (d, _) = saturated(fluid, p_out, 1)?;
        let unit = if self.imperial { 0.45359237 / 3600.0 } else { 1.0 };
        let rated_flow = self.polynomial(&self.flow, s, d) * unit;
        let rated_power = self.polynomial(&self.power, s, d);
        let t = match self.suction {
            Suction::Superheat(dt) => s + dt,
            Suction::Temperature(t) => Dual::constant(t),
        };
        let q = fluid.state_pt(p_in.v, t.v)?;
        // the rated enthalpy moves with pressure and temperature
        let h_rated = Dual::chain2(q.h, t, 1.0 / q.t_h, p_in, -q.t_p / q.t_h);
        let density = |h: Dual, lately: &mut Lately| {
            let q = lately.state(fluid, p_in.v, h.v)?;
            Ok::<_, Error>(Dual::chain2(q.rho, p_in, q.rho_p, h, q.rho_h))
        };
        let (rho, rho_rated) = (density(h_in, lately)?, density(h_rated, lately)?);
        let share = (rho / rho_rated - 1.0) * self.factor + 1.0;
        let work = |h: Dual, lately: &mut Lately| {
            let q = lately.state(fluid, p_in.v, h.v)?;
            let ideal = fluid.state_ps(p_out.v, q.s)?;
            let s = Dual::chain2(q.s, p_in, q.s_p, h, q.s_h);
            Ok::<_, Error>(Dual::chain2(ideal.h, s, ideal.t, p_out, 1.0 / ideal.rho) - h)
        };
        let more = work(h_in, lately)? / work(h_rated, lately)?;
        Ok((rated_flow * share, rated_power * share * more))
    }
}
