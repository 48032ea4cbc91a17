//! A fluid looked up in tables: bicubic in the logarithm of pressure and in enthalpy as a share of
//! the way between two lines.
//!
//! Liquid lies between the least temperature and boiling, gas between the dew line and the greatest
//! temperature, so no cell is cut by a saturation line, and two phases need the lines alone.
//! Derivatives are those of the tables, so that Newton's method meets one smooth function. Outside
//! the tables the equation itself answers.

use std::sync::Arc;

use super::backend::Backend;
use super::helmholtz::Helmholtz;
use super::state::{Phase, Saturated, State};
use crate::Result;

/// Values and derivatives of T, s and rho at a node: itself, by ln p, by the share, by both.
pub(super) type Node = [[f64; 4]; 3];

/// A line over ln p: the cubic through values and slopes at its nodes.
#[derive(Debug, Clone)]
pub(super) struct Line(pub(super) Vec<[f64; 2]>);

impl Line {
    /// The value and its slope by ln p.
    #[inline]
    pub(super) fn at(&self, j: usize, f: f64, step: f64) -> (f64, f64) {
        let ([a, a1], [b, b1]) = (self.0[j], self.0[j + 1]);
        let (v, d) = (value(f), slope(f));
        (
            v[0] * a + v[1] * step * a1 + v[2] * b + v[3] * step * b1,
            (d[0] * a + d[2] * b) / step + d[1] * a1 + d[3] * b1,
        )
    }
}

/// The four cubic Hermite polynomials, and their slopes.
#[inline]
fn value(f: f64) -> [f64; 4] {
    let g = 1.0 - f;
    [g * g * (1.0 + 2.0 * f), f * g * g, f * f * (3.0 - 2.0 * f), -f * f * g]
}

#[inline]
fn slope(f: f64) -> [f64; 4] {
    let g = 1.0 - f;
    [-6.0 * f * g, g * (1.0 - 3.0 * f), 6.0 * f * g, f * (3.0 * f - 2.0)]
}

/// The largest errors found at random states, relative for density.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Errors {
    /// Of temperature, K.
    pub t: f64,
    /// Of entropy, J/kg/K.
    pub s: f64,
    /// Of density, as a share of it.
    pub rho: f64,
}

/// A fluid looked up in tables.
#[derive(Debug)]
pub struct Table {
    pub(super) fluid: Arc<Helmholtz>,
    pub(super) name: String,
    pub(super) size: usize,
    pub(super) first: f64,
    pub(super) step: f64,
    pub(super) pressures: [f64; 2],
    /// Enthalpies of the coldest liquid, boiling, dew, and the hottest gas.
    pub(super) bounds: [Line; 4],
    /// T, s and rho on the boiling and the dew line.
    pub(super) lines: [[Line; 3]; 2],
    /// Liquid and gas.
    pub(super) nodes: [Vec<Node>; 2],
    /// How far off it is.
    pub errors: Errors,
}

impl Table {
    /// The name of the fluid, and the points a side.
    #[must_use]
    pub fn of(&self) -> (&str, usize) {
        (&self.fluid.constants.name, self.size)
    }

    #[inline]
    pub(super) fn place(&self, p: f64) -> (usize, f64) {
        let x = (p.ln() - self.first) / self.step;
        let j = (x as usize).min(self.size - 2);
        (j, x - j as f64)
    }

    /// The state, if it is within the tables.
    #[inline]
    pub(super) fn look_up(&self, p: f64, h: f64) -> Option<State> {
        if !(self.pressures[0]..=self.pressures[1]).contains(&p) {
            return None;
        }
        let (j, f) = self.place(p);
        let boil = self.bounds[1].at(j, f, self.step);
        let dew = self.bounds[2].at(j, f, self.step);
        if h >= boil.0 && h <= dew.0 {
            return Some(self.mixed(p, h, j, f, boil, dew));
        }
        let phase = usize::from(h > dew.0);
        let (from, to) = if phase == 0 {
            (self.bounds[0].at(j, f, self.step), boil)
        } else {
            (dew, self.bounds[3].at(j, f, self.step))
        };
        let along = to.0 - from.0;
        let u = (h - from.0) / along;
        if !(0.0..=1.0).contains(&u) {
            return None;
        }
        let n = (self.size - 1) as f64;
        let i = ((u * n) as usize).min(self.size - 2);
        let g = u * n - i as f64;
        let (vf, vg, df, dg) = (value(f), value(g), slope(f), slope(g));
        let nodes = &self.nodes[phase];
        let corners = [j * self.size + i, (j + 1) * self.size + i];
        let mut out = [[0.0; 3]; 3];
        for (k, out) in out.iter_mut().enumerate() {
            for b in 0..2 {
                for a in 0..2 {
                    let [v, v_p, v_u, v_pu] = nodes[corners[b] + a][k];
                    let (p0, p1) = (v, v_p * self.step);
                    let (u0, u1) = (v_u / n, v_pu * self.step / n);
                    let at = |wf: &[f64; 4], wg: &[f64; 4]| {
                        wf[2 * b] * (wg[2 * a] * p0 + wg[2 * a + 1] * u0)
                            + wf[2 * b + 1] * (wg[2 * a] * p1 + wg[2 * a + 1] * u1)
                    };
                    out[0] += at(&vf, &vg);
                    out[1] += at(&df, &vg) / self.step;
                    out[2] += at(&vf, &dg) * n;
                }
            }
        }
        let moved = (from.1 + u * (to.1 - from.1)) / along;
        let [[t, t_l, t_u], [s, s_l, s_u], [rho, rho_l, rho_u]] = out;
        let by = |l: f64, u: f64| ((l - u * moved) / p, u / along);
        let ((t_p, t_h), (s_p, s_h), (rho_p, rho_h)) =
            (by(t_l, t_u), by(s_l, s_u), by(rho_l, rho_u));
        let phase = if phase == 0 { Phase::Liquid } else { Phase::Gas };
        let (cp, none) = (Some(1.0 / t_h), None);
        Some(State {
            t,
            p,
            h,
            s,
            rho,
            phase,
            x: none,
            cp,
            cv: none,
            w: none,
            t_p,
            t_h,
            rho_p,
            rho_h,
            s_p,
            s_h,
        })
    }

    fn mixed(&self, p: f64, h: f64, j: usize, f: f64, boil: (f64, f64), dew: (f64, f64)) -> State {
        let gap = dew.0 - boil.0;
        let x = (h - boil.0) / gap;
        let x_p = -(boil.1 + x * (dew.1 - boil.1)) / gap / p;
        let at = |side: usize, k: usize| self.lines[side][k].at(j, f, self.step);
        let along = |(a, a_l): (f64, f64), (b, b_l): (f64, f64)| {
            (a + x * (b - a), (a_l + x * (b_l - a_l)) / p + (b - a) * x_p, (b - a) / gap)
        };
        let (t, t_p, t_h) = along(at(0, 0), at(1, 0));
        let (s, s_p, s_h) = along(at(0, 1), at(1, 1));
        let volume = |(rho, rho_l): (f64, f64)| (1.0 / rho, -rho_l / (rho * rho));
        let (v, v_p, v_h) = along(volume(at(0, 2)), volume(at(1, 2)));
        let rho = 1.0 / v;
        let none = None;
        State {
            t,
            p,
            h,
            s,
            rho,
            phase: Phase::TwoPhase,
            x: Some(x),
            cp: none,
            cv: none,
            w: none,
            t_p,
            t_h,
            rho_p: -rho * rho * v_p,
            rho_h: -rho * rho * v_h,
            s_p,
            s_h,
        }
    }

    /// The state at which a property that rises with enthalpy has a value: Newton's method on the
    /// tables.
    fn search(&self, p: f64, start: f64, off: impl Fn(&State) -> (f64, f64)) -> Option<State> {
        let mut h = start;
        for _ in 0..12 {
            let q = self.look_up(p, h)?;
            let (f, slope) = off(&q);
            let step = -f / slope;
            if step.abs() < 1e-9 * h.abs().max(1e3) {
                return self.look_up(p, h + step);
            }
            h += step;
        }
        None
    }
}

impl Backend for Table {
    fn name(&self) -> &str {
        &self.name
    }

    fn state_ph(&self, p: f64, h: f64) -> Result<State> {
        self.look_up(p, h).map_or_else(|| self.fluid.state_ph(p, h), Ok)
    }

    fn state_ps(&self, p: f64, s: f64) -> Result<State> {
        let near = || {
            let (j, f) =
                (self.pressures[0]..=self.pressures[1]).contains(&p).then(|| self.place(p))?;
            let at = |side: usize, k: usize| self.lines[side][k].at(j, f, self.step).0;
            let h = |k: usize| self.bounds[k].at(j, f, self.step).0;
            let (low, high) = (at(0, 1), at(1, 1));
            let start = if s < low {
                h(1) + at(0, 0) * (s - low)
            } else if s > high {
                h(2) + at(1, 0) * (s - high)
            } else {
                h(1) + (h(2) - h(1)) * (s - low) / (high - low)
            };
            self.search(p, start.clamp(h(0), h(3)), |q| (q.s - s, q.s_h))
        };
        near().map_or_else(|| self.fluid.state_ps(p, s), Ok)
    }

    fn state_pt(&self, p: f64, t: f64) -> Result<State> {
        let exact = self.fluid.state_pt(p, t)?;
        Ok(self.search(p, exact.h, |q| (q.t - t, q.t_h)).unwrap_or(exact))
    }

    fn state_tx(&self, t: f64, x: f64) -> Result<State> {
        self.fluid.state_tx(t, x)
    }

    fn saturated(&self, p: f64, side: usize) -> Result<Saturated> {
        if !(self.pressures[0]..=self.pressures[1]).contains(&p) {
            return self.fluid.saturated(p, side);
        }
        let side = side.min(1);
        let (j, f) = self.place(p);
        let [(t, t_l), (s, _), (rho, _)] =
            [0, 1, 2].map(|k| self.lines[side][k].at(j, f, self.step));
        let (h, h_l) = self.bounds[1 + side].at(j, f, self.step);
        Ok(Saturated { t, h, s, rho, t_p: t_l / p, h_p: h_l / p })
    }

    fn boiling_range(&self) -> Option<[f64; 2]> {
        Backend::boiling_range(&*self.fluid)
    }

    fn p_max(&self) -> f64 {
        self.fluid.constants.p_max
    }

    fn viscosity(&self, state: &State) -> Result<f64> {
        self.fluid.viscosity(state)
    }
}
