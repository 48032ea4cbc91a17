//! Boiling and condensing: both lines as functions of pressure, exact to the last few digits.
//!
//! Liquid and vapour of a pure fluid have equal temperature, pressure and Gibbs energy. That is
//! solved at Chebyshev nodes, and everything later asks the series. Their variable is y =
//! sqrt(ln(pc/p)): near the critical point both densities go as the root of the distance to it, so
//! in y they have no kink, and few pieces are enough. (tried: pieces in temperature need about 60,
//! most of them close to the critical point)
//!
//! Of pseudo-pure fluids the two pressures at a temperature are ancillary equations, part of their
//! definition; only the densities come from the equation of state.

use super::chebyshev::Series;
use super::helmholtz::{Ancillary, Helmholtz, Point};
use crate::{Error, Result};

/// Liquid and vapour that are in equilibrium at a pressure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    pub(super) t: [f64; 2],
    pub(super) rho: [f64; 2],
    pub(super) h: [f64; 2],
    pub(super) s: [f64; 2],
}

/// Both saturation lines of a fluid.
#[derive(Debug, Clone)]
pub(super) struct Saturation {
    /// Where the lines meet; of pseudo-pure fluids where they would.
    pub(super) p_crit: f64,
    pub(super) t_crit: f64,
    pub(super) rho_crit: f64,
    /// The range of pressures in which the lines are known.
    pub(super) p_min: f64,
    pub(super) p_top: f64,
    /// The temperatures between which the lines are known.
    pub(super) temperatures: [f64; 2],
    /// Of liquid and vapour: entropies, temperatures, enthalpies, logarithms of densities.
    series: Series<8>,
}

/// Where in the series temperatures are.
const T: usize = 2;

impl Saturation {
    pub(super) fn new(fluid: &Helmholtz) -> Result<Self> {
        let c = &fluid.constants;
        let tolerance = {
            let (r, t) = (c.gas_constant, c.t_crit);
            let each = [1e-12 * r, 1e-13 * t, 1e-12 * r * t, 3e-13];
            std::array::from_fn(|i| each[i / 2])
        };
        let mut solver = Solver::new(fluid)?;
        let y_of = |p: f64| (solver.p_crit / p).ln().max(0.0).sqrt();
        let y_top = if c.pseudo_pure { y_of(0.97 * solver.p_crit) } else { 0.0 };
        let y_max = y_of(solver.p_min);
        let (p_crit, t_crit, rho_crit, p_min) =
            (solver.p_crit, solver.t_crit, solver.rho_crit, solver.p_min);
        let series = Series::fit(y_top, y_max, NEAREST, &tolerance, &mut |y| solver.node(y))?;
        let p_top = p_crit * (-y_top * y_top).exp();
        let t: [f64; 2] = series.some(y_max, T);
        let temperatures = [t[1], series.some::<1>(y_top, T)[0]];
        Ok(Self { p_crit, t_crit, rho_crit, p_min, p_top, temperatures, series })
    }

    /// Whether there are two phases at a pressure: if not, the fluid is above its critical
    /// pressure.
    #[inline]
    pub(super) fn covers(&self, p: f64) -> bool {
        p < self.p_top
    }

    /// The variable of the lines.
    #[inline]
    pub(super) fn y(&self, p: f64) -> f64 {
        (self.p_crit / p).ln().max(0.0).sqrt()
    }

    #[inline]
    pub(super) fn at(&self, p: f64) -> Lines {
        Lines::of(self.series.some(self.y(p), 0))
    }

    /// Temperatures on both lines, with enthalpies, or else with entropies.
    #[inline]
    pub(super) fn bounds(&self, y: f64, entropy: bool) -> ([f64; 2], [f64; 2]) {
        if entropy {
            let [ls, vs, tb, td] = self.series.some(y, 0);
            ([tb, td], [ls, vs])
        } else {
            let [tb, td, lh, vh] = self.series.some(y, T);
            ([tb, td], [lh, vh])
        }
    }

    /// The pressure at which boiling begins (0) or ends (1) at a temperature.
    pub(super) fn pressure(&self, side: usize, t: f64) -> f64 {
        let y = self.series.falling_inverse(T + side, t);
        self.p_crit * (-y * y).exp()
    }

    /// The lines with their derivatives by pressure.
    pub(super) fn with_slopes(&self, p: f64) -> (Lines, Lines) {
        let y = self.y(p);
        let (values, slopes) = self.series.with_slopes(y, 0);
        let lines = Lines::of(values);
        let by_p = -0.5 / (y.max(1e-9) * p);
        let [ls, vs, tb, td, lh, vh, lr, vr] = slopes.map(|d| d * by_p);
        let rho = [lines.rho[0] * lr, lines.rho[1] * vr];
        (lines, Lines { t: [tb, td], rho, h: [lh, vh], s: [ls, vs] })
    }
}

impl Lines {
    fn of([ls, vs, tb, td, lh, vh, lr, vr]: [f64; 8]) -> Self {
        Self { t: [tb, td], rho: [lr.exp(), vr.exp()], h: [lh, vh], s: [ls, vs] }
    }
}

/// How near to the critical point equilibrium is solved for, in y; the pressure is within 3e-5 of
/// the critical one.
const NEAREST: f64 = 5e-3;

struct Solver<'a> {
    fluid: &'a Helmholtz,
    rho: [&'a Ancillary; 2],
    p: [&'a Ancillary; 2],
    t_min: f64,
    p_min: f64,
    p_crit: f64,
    t_crit: f64,
    rho_crit: f64,
    /// The variable, temperature and densities of the node before.
    last: Option<(f64, f64, [f64; 2])>,
}

impl<'a> Solver<'a> {
    fn new(fluid: &'a Helmholtz) -> Result<Self> {
        let c = &fluid.constants;
        let named = |name: &str| {
            fluid
                .ancillary(name)
                .ok_or_else(|| Error::fluid(format!("{}: no ancillary equation {name}", c.name)))
        };
        let rho = [named("rhoL")?, named("rhoV")?];
        if c.pseudo_pure {
            let p = [named("pL")?, named("pV")?];
            let (t_crit, p_crit, rho_crit) = (p[0].t_red, p[0].value, c.rho_crit);
            let p_min = p[0].at(c.t_min).min(p[1].at(c.t_min));
            return Ok(Self {
                fluid,
                rho,
                p,
                t_min: c.t_min,
                p_min,
                p_crit,
                t_crit,
                rho_crit,
                last: None,
            });
        }
        let p = [named("pS")?; 2];
        let (t_crit, rho_crit) = c.t_true.unwrap_or((c.t_crit, c.rho_crit));
        let p_crit = fluid.point(t_crit, rho_crit).p;
        let mut solver = Self {
            fluid,
            rho,
            p,
            t_min: c.t_min,
            p_min: c.p_min,
            p_crit,
            t_crit,
            rho_crit,
            last: None,
        };
        let (mut p_min, mut guess) =
            (c.p_min, (c.t_min, [rho[0].at(c.t_min), c.p_min / (c.gas_constant * c.t_min)]));
        // the least pressure is that of the equation at the least temperature, which is found by
        // its own slope
        for _ in 0..8 {
            let (t, pair) =
                solver.equilibrium(p_min, guess.0, guess.1).ok_or_else(|| solver.failed(p_min))?;
            let [l, v] = pair;
            let slope = t * (1.0 / v.rho - 1.0 / l.rho) / (v.h - l.h) * p_min;
            p_min *= ((c.t_min - t) / slope).exp();
            guess = (t, [l.rho, v.rho]);
            if (t - c.t_min).abs() < 1e-13 * t {
                break;
            }
        }
        solver.p_min = p_min;
        Ok(solver)
    }

    fn failed(&self, p: f64) -> Error {
        let name = &self.fluid.constants.name;
        Error::fluid(format!("{name}: no equilibrium of liquid and vapour was found at {p:.6e} Pa"))
    }

    fn node(&mut self, y: f64) -> Result<[f64; 8]> {
        let p = self.p_crit * (-y * y).exp();
        let pair =
            if self.fluid.constants.pseudo_pure { self.ancillary_pair(p) } else { self.pair(y, p) };
        let [l, v] = pair.ok_or_else(|| self.failed(p))?;
        Ok([l.s, v.s, l.t, v.t, l.h, v.h, l.rho.ln(), v.rho.ln()])
    }

    /// Beside the critical point, densities go as y and their mean and the temperature as y².
    fn scaled(&self, y: f64) -> Option<(f64, [f64; 2])> {
        let (y0, t, rho) = self.last?;
        let k = y / y0;
        let mean = self.rho_crit + (0.5 * (rho[0] + rho[1]) - self.rho_crit) * k * k;
        let half = 0.5 * (rho[0] - rho[1]) * k;
        Some((self.t_crit - (self.t_crit - t) * k * k, [mean + half, mean - half]))
    }

    fn pair(&mut self, y: f64, p: f64) -> Option<[Point; 2]> {
        if y < 0.25 {
            // by steps that are short enough for the law to be near, as long as one leads on
            while let Some((before, ..)) = self.last.filter(|last| last.0 > 1.6 * y.max(NEAREST)) {
                let nearer = (before / 1.5).max(NEAREST);
                let solved = self.pair(nearer, self.p_crit * (-nearer * nearer).exp());
                if solved.is_none() || self.last.is_none_or(|last| last.0 != nearer) {
                    break;
                }
            }
        }
        let scaled = self.scaled(y);
        let by_law = || scaled.map(|(t, rho)| rho.map(|rho| self.fluid.point(t, rho)));
        if y < NEAREST {
            return by_law(); // no digits are left to solve with
        }
        let t = self.p[0].temperature(p, 0.9 * self.t_min, self.p[0].t_red);
        // a thin vapour is nearly ideal, nearer than some ancillary equations are to it
        let ideal = p / (self.fluid.constants.gas_constant * t);
        let vapour = if p < 0.02 * self.p_crit { ideal } else { self.rho[1].at(t) };
        let ancillary = Some((t, [self.rho[0].at(t), vapour]));
        let guesses = if y < 0.25 { [scaled, ancillary] } else { [ancillary, scaled] };
        let solved = guesses.into_iter().flatten().find_map(|(t, rho)| self.equilibrium(p, t, rho));
        let Some((t, pair)) = solved else {
            return if y < 0.03 { by_law() } else { None };
        };
        self.last = Some((y, t, [pair[0].rho, pair[1].rho]));
        Some(pair)
    }

    /// Newton's method in temperature and both densities at a given pressure.
    fn equilibrium(&self, p: f64, t: f64, rho: [f64; 2]) -> Option<(f64, [Point; 2])> {
        let stable = |t: f64, [rl, rv]: [f64; 2]| {
            let (l, v) = (self.fluid.point(t, rl), self.fluid.point(t, rv));
            (l.p_rho > 0.0 && v.p_rho > 0.0 && l.s < v.s).then_some([l, v])
        };
        let mut pair = stable(t, rho)?;
        let mut before = f64::INFINITY;
        for _ in 0..60 {
            let [l, v] = pair;
            let dt = (l.gibbs() - v.gibbs() + (p - l.p) / l.rho - (p - v.p) / v.rho) / (l.s - v.s);
            let dl = (p - l.p - l.p_t * dt) / l.p_rho;
            // of a thin vapour the logarithm is the better variable
            let dv = ((p - v.p) / v.p - v.p_t / v.p * dt) * v.p / (v.p_rho * v.rho);
            let step = (dt / l.t).abs() + (dl / l.rho).abs() + dv.abs();
            if !step.is_finite() {
                return None;
            }
            // neither phase may become unstable: such a step is shortened
            let longest = (0.3 / step).min(1.0);
            pair = (0..8).find_map(|halved| {
                let k = longest * 0.5_f64.powi(halved);
                stable(l.t + k * dt, [l.rho + k * dl, v.rho * (k * dv).exp()])
            })?;
            if step < 1e-12 || (step < 1e-6 && step >= 0.5 * before) {
                let gap = (pair[0].rho - pair[1].rho) / self.rho_crit;
                return (gap > 1e-7).then_some((pair[0].t, pair));
            }
            before = step;
        }
        None
    }

    fn ancillary_pair(&self, p: f64) -> Option<[Point; 2]> {
        let side = |i: usize| {
            let t = self.p[i].temperature(p, 0.9 * self.t_min, self.p[i].t_red);
            let mut rho = self.rho[i].at(t);
            for _ in 0..60 {
                let point = self.fluid.point(t, rho);
                if point.p_rho <= 0.0 {
                    return None;
                }
                let step = ((p - point.p) / (point.p_rho * rho)).clamp(-0.2, 0.2);
                rho *= 1.0 + step;
                if step.abs() < 1e-14 {
                    break;
                }
            }
            Some(self.fluid.point(t, rho))
        };
        Some([side(0)?, side(1)?])
    }
}
