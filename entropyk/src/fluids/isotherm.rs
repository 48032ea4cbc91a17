//! Density at a temperature and a pressure, on the exact equation.
//!
//! Pressure rises with density at constant temperature wherever a fluid is stable, so that Newton's
//! method is kept between bounds.

use super::helmholtz::{Helmholtz, Point};

impl Helmholtz {
    /// A liquid colder than its boiling point: from the saturated one upwards in density.
    pub(super) fn compressed(&self, t: f64, p: f64) -> Option<Point> {
        let sat = self.saturation().ok()?;
        if t >= sat.temperatures[1] {
            return self.dense(t, p);
        }
        let low = sat.at(sat.pressure(0, t.max(self.constants.t_min))).rho[0];
        self.isotherm(t, p, low * (1.0 - 1e-9), f64::INFINITY, low)
    }

    /// A vapour below its saturated density, if there is one at this temperature.
    pub(super) fn thin(&self, t: f64, p: f64, limit: f64) -> Option<Point> {
        let ideal = p / (self.constants.gas_constant * t);
        self.isotherm(t, p, 0.0, limit * (1.0 + 1e-9), ideal.min(limit))
    }

    /// Any state above the critical pressure.
    pub(super) fn dense(&self, t: f64, p: f64) -> Option<Point> {
        let sat = self.saturation().ok()?;
        if t < sat.temperatures[1] {
            return self.compressed(t, p);
        }
        let ideal = p / (self.constants.gas_constant * t);
        self.isotherm(t, p, 0.0, f64::INFINITY, ideal.min(1.5 * sat.rho_crit))
    }

    /// The state whose density is near a guess: plain Newton's method, for where that is known to
    /// be good.
    pub(super) fn near(&self, t: f64, p: f64, guess: f64) -> Option<Point> {
        let mut rho = guess;
        for _ in 0..12 {
            let q = self.point(t, rho);
            if q.p_rho <= 0.0 || q.p_rho.is_nan() {
                return None;
            }
            let thin = rho < self.constants.rho_crit && q.p > 0.0;
            let step = if thin { q.p * (p / q.p).ln() } else { p - q.p } / (q.p_rho * rho);
            if step.abs() < 1e-11 {
                // one more step is exact to the last digits; what depends on it follows to first
                // order
                let dr = step * rho;
                let (h, s) = (q.h + q.h_rho * dr, q.s + q.s_rho() * dr);
                return Some(Point { rho: rho + dr, p, h, s, ..q });
            }
            rho = if thin {
                rho * step.clamp(-1.0, 1.0).exp()
            } else {
                rho * (1.0 + step.clamp(-0.3, 0.3))
            };
        }
        None
    }

    /// The density at temperature and pressure, between bounds in which pressure rises with it.
    fn isotherm(&self, t: f64, p: f64, low: f64, high: f64, guess: f64) -> Option<Point> {
        let (mut low, mut high, mut rho) = (low, high, guess);
        for _ in 0..120 {
            let q = self.point(t, rho);
            if q.p > p {
                high = high.min(rho);
            } else {
                low = low.max(rho);
            }
            let thin = rho < self.constants.rho_crit && q.p > 0.0;
            let off = if thin { q.p * (p / q.p).ln() } else { p - q.p };
            let newton = if thin {
                rho * (off / (q.p_rho * rho)).clamp(-1.0, 1.0).exp()
            } else {
                rho + off / q.p_rho
            };
            let widest = if high.is_finite() { high } else { 1.25 * rho };
            let good = q.p_rho > 0.0 && newton > low && newton < widest;
            let next = match (good, high.is_finite()) {
                (true, _) => newton,
                (false, true) => 0.5 * (low + high),
                (false, false) => 1.2 * rho,
            };
            let step = (next - rho).abs() / rho;
            rho = next;
            if !rho.is_finite() {
                return None;
            }
            if step < 1e-14 || (high - low) < 2e-15 * high {
                break;
            }
        }
        let q = self.point(t, rho);
        // pressure cannot be better than density's last digit makes it
        ((q.p - p).abs() <= 1e-9 * p + 1e-13 * q.p_rho.abs() * rho).then_some(q)
    }
}
