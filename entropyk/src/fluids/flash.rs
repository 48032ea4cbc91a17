//! Flashes: from two properties to the state, on the exact equation.
//!
//! Of one phase, Newton's method in temperature and density starts on the saturation line, or from
//! a coarse grid above the critical pressure. Where it strays, the same is solved by a bracketed
//! search in temperature, which is slower and cannot stray: at constant pressure, enthalpy and
//! entropy rise with temperature.

use super::helmholtz::{Helmholtz, Point};
use super::root::bracketed;
use super::saturation::Saturation;
use super::state::{Phase, Saturated, State};
use crate::{Error, Result};

/// How far above the greatest temperature of an equation it is followed; CoolProp does the same.
const BEYOND: f64 = 1.5;

/// The second of two properties, the first of which is pressure.
#[derive(Clone, Copy)]
enum Given {
    H(f64),
    S(f64),
}

impl Given {
    fn value(self) -> f64 {
        let (Self::H(v) | Self::S(v)) = self;
        v
    }

    /// The property of a point and its derivatives by temperature and density.
    fn of(self, q: &Point) -> (f64, f64, f64) {
        match self {
            Self::H(_) => (q.h, q.h_t, q.h_rho),
            Self::S(_) => (q.s, q.s_t(), q.s_rho()),
        }
    }

    fn is_entropy(self) -> bool {
        matches!(self, Self::S(_))
    }

    fn name(self) -> &'static str {
        match self {
            Self::H(_) => "h",
            Self::S(_) => "s",
        }
    }
}

impl Helmholtz {
    /// The state at pressure and enthalpy.
    pub fn state_ph(&self, p: f64, h: f64) -> Result<State> {
        self.state_p(p, Given::H(h))
    }

    /// The state at pressure and entropy.
    pub fn state_ps(&self, p: f64, s: f64) -> Result<State> {
        self.state_p(p, Given::S(s))
    }

    /// The state at pressure and temperature, which is of one phase: on the saturation line the two
    /// say the same.
    pub fn state_pt(&self, p: f64, t: f64) -> Result<State> {
        self.check_pressure(p)?;
        let sat = self.saturation()?;
        let c = &self.constants;
        if !(c.t_min * (1.0 - 1e-9)..=self.hottest()).contains(&t) {
            return Err(self.outside("T", t, c.t_min, self.hottest(), "K"));
        }
        if sat.covers(p) && p >= sat.p_min {
            let [tb, td] = sat.bounds(sat.y(p), false).0;
            if t >= tb * (1.0 - 1e-13) && t <= td * (1.0 + 1e-13) {
                return Err(Error::fluid(format!(
                    "{}: expected pressure and temperature of one phase, got {p} Pa and {t} K, where it boils from \
                     {tb:.6} K to {td:.6} K; give the vapour quality x or the enthalpy",
                    c.name
                )));
            }
        }
        let point = self.point_pt(t, p);
        let point = point.ok_or_else(|| self.unsolved(&format!("p = {p} Pa, T = {t} K")))?;
        Ok(self.single(&Point { p, ..point }))
    }

    /// The state at pressure and vapour quality.
    pub fn state_px(&self, p: f64, x: f64) -> Result<State> {
        self.check_pressure(p)?;
        self.check_quality(x)?;
        let sat = self.saturation()?;
        if !(sat.p_min * (1.0 - 1e-9)..sat.p_top).contains(&p) {
            return Err(self.outside("p of two phases", p, sat.p_min, sat.p_top, "Pa"));
        }
        Ok(Self::mixed(sat, p, x))
    }

    /// The state at temperature and vapour quality.
    pub fn state_tx(&self, t: f64, x: f64) -> Result<State> {
        self.check_quality(x)?;
        let sat = self.saturation()?;
        let (low, high) = (self.constants.t_min, sat.temperatures[1]);
        if !(low * (1.0 - 1e-9)..high).contains(&t) {
            return Err(self.outside("T of two phases", t, low, high, "K"));
        }
        let p = match (self.constants.pseudo_pure, x) {
            (false, _) | (true, 0.0) => sat.pressure(0, t),
            (true, 1.0) => sat.pressure(1, t),
            (true, _) => {
                let between = |p: f64| {
                    let [tb, td] = sat.at(p).t;
                    tb + x * (td - tb) - t
                };
                let (a, b) = (sat.pressure(0, t), sat.pressure(1, t));
                bracketed(between, a.min(b), a.max(b), 1e-14 * a)
            }
        };
        Ok(State { t, ..Self::mixed(sat, p.clamp(sat.p_min, sat.p_top), x) })
    }

    /// The state at enthalpy and entropy: entropy falls with pressure at constant enthalpy, in all
    /// phases.
    pub fn state_hs(&self, h: f64, s: f64) -> Result<State> {
        let c = &self.constants;
        if !(h.is_finite() && s.is_finite()) {
            return Err(self.unsolved(&format!("h = {h} J/kg, s = {s} J/kg/K")));
        }
        let off = |ln_p: f64| self.state_ph(ln_p.exp(), h).map_or(f64::NAN, |state| state.s - s);
        // not every pressure has this enthalpy: the range that has is found from a scan
        let (from, to) = ((1e-3 * self.saturation()?.p_min).max(1e-9).ln(), c.p_max.ln());
        let scan: Vec<f64> = (0..=40).map(|i| from + (to - from) * f64::from(i) / 40.0).collect();
        let mut before: Option<(f64, f64)> = None;
        for x in scan {
            let f = off(x);
            if let Some((x0, f0)) = before {
                if f0 * f <= 0.0 {
                    let state = self.state_ph(bracketed(off, x0, x, 1e-15).exp(), h)?;
                    return Ok(state);
                }
            }
            before = f.is_finite().then_some((x, f));
        }
        Err(self.unsolved(&format!("h = {h} J/kg, s = {s} J/kg/K")))
    }

    /// Boiling (0) or condensing (1) at a pressure.
    pub fn saturated(&self, p: f64, side: usize) -> Result<Saturated> {
        let x = side.min(1);
        let sat = self.saturation()?;
        if !(sat.p_min * (1.0 - 1e-9)..sat.p_top).contains(&p) {
            return Err(self.outside("p of two phases", p, sat.p_min, sat.p_top, "Pa"));
        }
        let (l, d) = sat.with_slopes(p);
        Ok(Saturated { t: l.t[x], h: l.h[x], s: l.s[x], rho: l.rho[x], t_p: d.t[x], h_p: d.h[x] })
    }

    fn state_p(&self, p: f64, given: Given) -> Result<State> {
        self.check_pressure(p)?;
        let sat = self.saturation()?;
        let value = given.value();
        if !value.is_finite() {
            return Err(self.unsolved(&format!("p = {p} Pa, {} = {value}", given.name())));
        }
        let (c, hot) = (&self.constants, self.hottest());
        if sat.covers(p) && p >= sat.p_min {
            let y = sat.y(p);
            let (t, [low, high]) = sat.bounds(y, given.is_entropy());
            // a state on a line is of two phases, however its last digit was rounded
            let hair = 1e-14 * value.abs().max(high - low);
            if value >= low - hair && value <= high + hair {
                return Ok(Self::mixed(sat, p, ((value - low) / (high - low)).clamp(0.0, 1.0)));
            }
            let gas = value > high;
            let (from, to) = if gas { (t[1], hot) } else { (c.t_min, t[0]) };
            let near = self.starts(gas)?.by(y, value, given.is_entropy());
            let on_line = || (t[usize::from(gas)], sat.at(p).rho[usize::from(gas)]);
            let within = |q: &Point| q.t >= from * (1.0 - 1e-9) && q.t <= to * (1.0 + 1e-9);
            let found = near
                .and_then(|(t, rho)| self.newton(p, given, t, rho).filter(within))
                .or_else(|| {
                    let (t, rho) = on_line();
                    self.newton(p, given, t, rho)
                });
            return self.finish(p, given, found, from, to);
        }
        if p < sat.p_min {
            let t = self.thin(c.t_min, p, f64::INFINITY);
            let found = t.and_then(|q| self.newton(p, given, q.t, q.rho));
            return self.finish(p, given, found, c.t_min, hot);
        }
        let guess = self.grid()?.guess(p, value, given.is_entropy());
        let found = guess.and_then(|(t, rho)| self.newton(p, given, t, rho));
        self.finish(p, given, found, c.t_min, hot)
    }

    /// Checks what Newton's method found, or searches between two temperatures.
    fn finish(
        &self,
        p: f64,
        given: Given,
        found: Option<Point>,
        low: f64,
        high: f64,
    ) -> Result<State> {
        if let Some(q) = found.filter(|q| q.t >= low * (1.0 - 1e-9) && q.t <= high * (1.0 + 1e-9)) {
            return Ok(self.single(&q));
        }
        let at = |t: f64| self.point_pt(t, p);
        let off = |t: f64| at(t).map_or(f64::NAN, |q| given.of(&q).0 - given.value());
        let (below, above) = (off(low * (1.0 + 1e-14)), off(high * (1.0 - 1e-14)));
        let rounding = 1e-10 * given.value().abs();
        if below > rounding || above < -rounding {
            let unit = if matches!(given, Given::H(_)) { "J/kg" } else { "J/kg/K" };
            let (a, b) = (given.value() + below, given.value() + above);
            let what = format!("{} at {p} Pa", given.name());
            return Err(self.outside(&what, given.value(), a, b, unit));
        }
        let t = bracketed(off, low * (1.0 + 1e-14), high * (1.0 - 1e-14), 1e-14 * high);
        let start = at(t).ok_or_else(|| {
            self.unsolved(&format!("p = {p} Pa, {} = {}", given.name(), given.value()))
        })?;
        // the last digits, if Newton's method gets them from here
        let polished =
            self.newton(p, given, start.t, start.rho).filter(|q| (q.t - t).abs() < 1e-6 * t);
        let point = polished.unwrap_or(start);
        let scale =
            self.constants.gas_constant * if matches!(given, Given::H(_)) { t } else { 1.0 };
        if (given.of(&point).0 - given.value()).abs() < 1e-7 * scale.max(given.value().abs()) {
            return Ok(self.single(&point));
        }
        Err(self.unsolved(&format!("p = {p} Pa, {} = {}", given.name(), given.value())))
    }

    fn point_pt(&self, t: f64, p: f64) -> Option<Point> {
        let sat = self.saturation().ok()?;
        if p < sat.p_min {
            return self.thin(t, p, f64::INFINITY);
        }
        if !sat.covers(p) {
            return self.dense(t, p);
        }
        let lines = sat.at(p);
        if t <= lines.t[0] {
            return self.compressed(t, p);
        }
        // at one pressure a gas is the thinner, the hotter it is
        let limit = if t >= lines.t[1] { lines.rho[1] } else { f64::INFINITY };
        self.thin(t, p, limit)
    }

    /// Up to which temperature the equation is followed.
    pub(super) fn hottest(&self) -> f64 {
        BEYOND * self.constants.t_max
    }

    /// Newton's method in temperature and density. In gases pressure enters by its logarithm, which
    /// is nearly linear.
    fn newton(&self, p: f64, given: Given, t: f64, rho: f64) -> Option<Point> {
        let (mut t, mut rho) = (t, rho);
        for _ in 0..24 {
            let q = self.point(t, rho);
            if q.p_rho <= 0.0 || q.p_rho.is_nan() {
                return None;
            }
            let (value, g_t, g_rho) = given.of(&q);
            let thin = rho < self.constants.rho_crit && q.p > 0.0;
            let off_p = if thin { q.p * (p / q.p).ln() } else { p - q.p };
            let off_g = given.value() - value;
            let det = q.p_t * g_rho - q.p_rho * g_t;
            let dt = (off_p * g_rho - q.p_rho * off_g) / det;
            let dr = (q.p_t * off_g - off_p * g_t) / det;
            let step = (dt / t).abs().max((dr / rho).abs());
            if !step.is_finite() {
                return None;
            }
            if step < 1e-11 {
                // one more step is exact to the last digits; what depends on it follows to first
                // order
                let ds = q.s_t() * dt + q.s_rho() * dr;
                let dh = q.h_t * dt + q.h_rho * dr;
                let (t, rho) = (t + dt, rho + dr);
                return Some(Point { t, rho, p, h: q.h + dh, s: q.s + ds, ..q });
            }
            let damp = (0.35 / step).min(1.0);
            t += damp * dt;
            rho = if thin { rho * (damp * dr / rho).exp() } else { rho + damp * dr };
        }
        None
    }

    /// The state of one phase on a saturation line.
    pub(super) fn edge(&self, p: f64, t: f64, rho: f64) -> Result<State> {
        let q = self.point(t, rho);
        if !q.p_rho.is_finite() {
            return Err(self.unsolved(&format!("p = {p} Pa, T = {t} K")));
        }
        Ok(State { p, ..self.single(&q) })
    }

    fn single(&self, q: &Point) -> State {
        let c = &self.constants;
        let det = q.p_t * q.h_rho - q.p_rho * q.h_t;
        let phase = match (q.t > c.t_crit, q.p > c.p_crit) {
            (true, true) => Phase::Supercritical,
            (true, false) => Phase::Gas,
            (false, true) => Phase::Liquid,
            (false, false) if q.rho > c.rho_crit => Phase::Liquid,
            (false, false) => Phase::Gas,
        };
        State {
            t: q.t,
            p: q.p,
            h: q.h,
            s: q.s,
            rho: q.rho,
            phase,
            x: None,
            cp: Some(q.cp()),
            cv: Some(q.cv),
            w: (q.sound2() > 0.0).then(|| q.sound2().sqrt()),
            t_p: q.h_rho / det,
            t_h: -q.p_rho / det,
            rho_p: -q.h_t / det,
            rho_h: q.p_t / det,
            s_p: -1.0 / (q.rho * q.t),
            s_h: 1.0 / q.t,
        }
    }

    /// Liquid and vapour in the ratio of a quality, at a pressure at which there are both.
    fn mixed(sat: &Saturation, p: f64, x: f64) -> State {
        let (l, d) = sat.with_slopes(p);
        let between = |a: [f64; 2]| a[0] + x * (a[1] - a[0]);
        let v = l.rho.map(|rho| 1.0 / rho);
        let v_p = [0, 1].map(|i| -d.rho[i] * v[i] * v[i]);
        let gap = l.h[1] - l.h[0];
        let x_p = -between(d.h) / gap;
        let along =
            |a: [f64; 2], a_p: [f64; 2]| (between(a_p) + (a[1] - a[0]) * x_p, (a[1] - a[0]) / gap);
        let rho = 1.0 / between(v);
        let ((t_p, t_h), (v_p, v_h), (s_p, s_h)) =
            (along(l.t, d.t), along(v, v_p), along(l.s, d.s));
        State {
            t: between(l.t),
            p,
            h: between(l.h),
            s: between(l.s),
            rho,
            phase: Phase::TwoPhase,
            x: Some(x),
            cp: None,
            cv: None,
            w: None,
            t_p,
            t_h,
            rho_p: -rho * rho * v_p,
            rho_h: -rho * rho * v_h,
            s_p,
            s_h,
        }
    }

    fn check_pressure(&self, p: f64) -> Result<()> {
        let high = self.constants.p_max;
        if p > 0.0 && p <= high * 1.01 {
            Ok(())
        } else {
            Err(self.outside("p", p, 0.0, high, "Pa"))
        }
    }

    fn check_quality(&self, x: f64) -> Result<()> {
        if (0.0..=1.0).contains(&x) { Ok(()) } else { Err(self.outside("x", x, 0.0, 1.0, "")) }
    }

    fn outside(&self, what: &str, got: f64, low: f64, high: f64, unit: &str) -> Error {
        let name = &self.constants.name;
        Error::fluid(format!(
            "{name}: expected {what} from {low:.6} to {high:.6} {unit}, got {got:.6}"
        ))
    }

    fn unsolved(&self, what: &str) -> Error {
        Error::fluid(format!("{}: no state was found at {what}", self.constants.name))
    }
}
