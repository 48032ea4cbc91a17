//! The equations that components and connections are made of.
//!
//! A law says how a few variables belong together, as a residual that is zero when they do. It is
//! written once, in numbers that carry derivatives, so that value and Jacobian cannot differ. The
//! comment of each law has the order in which it takes its variables.

use std::f64::consts::PI;
use std::sync::Arc;

use super::dual::Dual;
use super::exchanger;
use super::rating::Rating;
use super::shapes::{Curve, Function, Surface};
use crate::Result;
use crate::fluids::{Backend, Saturated, State};

/// A fluid of a network.
pub type Medium = Arc<dyn Backend>;

/// How variables belong together.
#[derive(Debug, Clone)]
pub enum Law {
    /// a, b: equal.
    Equal,
    /// p_out, p_in, ratio: p_out = ratio p_in.
    Ratio,
    /// p_in, p_out, drop: drop = p_in - p_out.
    Drop,
    /// T, p, h.
    Temperature(Medium),
    /// T, p, x: of a mixture of liquid and vapour.
    SaturatedTemperature(Medium),
    /// x, p, h: continued beyond liquid and vapour, as tespy's users know it.
    Quality(Medium),
    /// dT, p, h: dT above the dew line (side 1), or below the bubble line (side 0).
    Distance(Medium, usize),
    /// Q, m, h_in, h_out: Q = m (h_out - h_in).
    Heat,
    /// m1, h1_in, h1_out, m2, h2_in, h2_out: what one side gives up the other takes.
    Exchange,
    /// eta, p_in, h_in, p_out, h_out, of a compressor or a pump.
    Compression(Medium),
    /// eta, p_in, h_in, p_out, h_out, of a turbine.
    Expansion(Medium),
    /// ttd, p_a, h_a, p_b, h_b: T_a is ttd above T_b.
    Approach(Medium, Medium),
    /// UA, m1, p1_in, h1_in, p1_out, h1_out, p2_in, h2_in, p2_out, h2_out; 1 is the hot side.
    Transfer(exchanger::Model, Medium, Medium),
    /// UA, m1, p1_in, h1_in, p1_out, h1_out, p2_in, h2_in, p2_out, h2_out: of the zones in which
    /// streams have two phases, or one.
    Zones([bool; 2], Medium, Medium),
    /// A, four coefficients, four conductances: the area, of zones with one or two phases on either
    /// side.
    Area,
    /// pinch, p1_in, h1_in, p1_out, h1_out, p2_in, h2_in, p2_out, h2_out: the least temperature
    /// difference of zones.
    Pinch(Medium, Medium),
    /// UA, Q, p_in, h_in, p_out, h_out, T: Q from surroundings at T, by the logarithmic mean of
    /// both ends.
    Ambient(Medium),
    /// zeta, m, p_in, h_in, p_out, h_out: p_in - p_out = zeta 8 m |m| v / pi², v the mean specific
    /// volume.
    Friction(Medium),
    /// L, D, k, m, p_in, h_in, p_out, h_out: what friction at a wall of roughness k takes of the
    /// pressure.
    Darcy(Medium),
    /// m, eta, V, p, h: m = eta V rho: what a machine that moves a volume V in a second carries.
    Volume(Medium),
    /// m, p_in, h_in, p_out: the flow of a rated compressor.
    RatedFlow(Medium, Arc<Rating>),
    /// P, p_in, h_in, p_out: its power.
    RatedPower(Medium, Arc<Rating>),
    /// P, W, loss: P = W (1 - loss).
    Loss,
    /// T, p: boiling (0) or condensing (1) at a pressure.
    LineTemperature(Medium, usize),
    /// p, h: on the bubble line (0) or the dew line (1).
    Line(Medium, usize),
    /// a, b, ...: the first is the sum of the others.
    Sum,
    /// m, h, m1, h1, m2, h2, ...: the first flow carries the energy of the others.
    Mix,
    /// y, a, b, ...: y is the sum of the others, each with its factor.
    Linear(Arc<[f64]>),
    /// y, a, b, ...: y is a factor times the product of the others, each with its exponent.
    Product(f64, Arc<[f64]>),
    /// y, x: on a line between points.
    Curve(Arc<Curve>),
    /// z, x, y: on a surface between points.
    Surface(Arc<Surface>),
    /// a, b, ...: a function of them is zero. Its derivatives are differences.
    Function(Arc<dyn Function>),
}

/// A fluid by its place, and pressure and enthalpy as bits.
type Asked = (*const (), [u64; 2]);

/// States that were asked for lately: laws of one network ask for the same ones.
#[derive(Debug, Default)]
pub struct Lately {
    states: Vec<(Asked, State)>,
    next: usize,
}

/// How many states are remembered.
const REMEMBERED: usize = 24;

impl Lately {
    /// The state of a fluid at pressure and enthalpy.
    pub(super) fn state(&mut self, fluid: &Medium, p: f64, h: f64) -> Result<State> {
        let key = (Arc::as_ptr(fluid).cast::<()>(), [p.to_bits(), h.to_bits()]);
        if let Some((_, state)) = self.states.iter().find(|(k, _)| *k == key) {
            return Ok(*state);
        }
        let state = fluid.state_ph(p, h)?;
        if self.states.len() < REMEMBERED {
            self.states.push((key, state));
        } else {
            self.states[self.next] = (key, state);
            self.next = (self.next + 1) % REMEMBERED;
        }
        Ok(state)
    }

    /// The temperature at pressure and enthalpy, with derivatives.
    pub(super) fn temperature(&mut self, fluid: &Medium, p: Dual, h: Dual) -> Result<Dual> {
        let q = self.state(fluid, p.v, h.v)?;
        Ok(Dual::chain2(q.t, p, q.t_p, h, q.t_h))
    }
}

/// A saturated temperature and enthalpy, with derivatives.
pub(super) fn saturated(fluid: &Medium, p: Dual, side: usize) -> Result<(Dual, Dual)> {
    let Saturated { t, h, t_p, h_p, .. } = fluid.saturated(p.v, side)?;
    Ok((p.chain(t, t_p), p.chain(h, h_p)))
}

impl Law {
    /// How far the variables are from the law, and what size of it is natural.
    pub fn residual(&self, x: &[Dual], lately: &mut Lately) -> Result<(Dual, f64)> {
        Ok(match self {
            Self::Equal => (x[0] - x[1], x[0].v.abs() + x[1].v.abs()),
            Self::Ratio => (x[0] - x[2] * x[1], x[0].v.abs() + x[1].v.abs()),
            Self::Drop => (x[0] - x[1] - x[2], x[0].v.abs() + x[1].v.abs()),
            Self::Temperature(fluid) => (lately.temperature(fluid, x[1], x[2])? - x[0], 300.0),
            Self::SaturatedTemperature(fluid) => {
                let [(boil, _), (dew, _)] =
                    [saturated(fluid, x[1], 0)?, saturated(fluid, x[1], 1)?];
                (boil + x[2] * (dew - boil) - x[0], 300.0)
            }
            Self::Quality(fluid) => {
                let [(_, boil), (_, dew)] =
                    [saturated(fluid, x[1], 0)?, saturated(fluid, x[1], 1)?];
                (boil + x[0] * (dew - boil) - x[2], 1e5)
            }
            Self::Distance(fluid, side) => {
                let (t_line, h_line) = saturated(fluid, x[1], *side)?;
                let outwards = if *side == 1 { 1.0 } else { -1.0 };
                let t = if (x[2].v - h_line.v) * outwards > 0.0 {
                    lately.temperature(fluid, x[1], x[2])?
                } else {
                    // between the lines temperature stands still: there it goes on as if heat
                    // capacity were 1 kJ/kg/K
                    t_line + (x[2] - h_line) * 1e-3
                };
                ((t - t_line) * outwards - x[0], 300.0)
            }
            Self::Heat => {
                let heat = x[1] * (x[3] - x[2]);
                (heat - x[0], x[0].v.abs() + heat.v.abs())
            }
            Self::Exchange => {
                let [one, two] = [x[0] * (x[2] - x[1]), x[3] * (x[5] - x[4])];
                (one + two, one.v.abs() + two.v.abs())
            }
            Self::Compression(fluid) => {
                let inlet = lately.state(fluid, x[1].v, x[2].v)?;
                let ideal = fluid.state_ps(x[3].v, inlet.s)?;
                // dh = T ds + v dp
                let s = Dual::chain2(inlet.s, x[1], inlet.s_p, x[2], inlet.s_h);
                let h = Dual::chain2(ideal.h, s, ideal.t, x[3], 1.0 / ideal.rho);
                ((x[4] - x[2]) * x[0] - (h - x[2]), 1e5)
            }
            Self::Expansion(fluid) => {
                let inlet = lately.state(fluid, x[1].v, x[2].v)?;
                let ideal = fluid.state_ps(x[3].v, inlet.s)?;
                let s = Dual::chain2(inlet.s, x[1], inlet.s_p, x[2], inlet.s_h);
                let h = Dual::chain2(ideal.h, s, ideal.t, x[3], 1.0 / ideal.rho);
                ((x[4] - x[2]) - (h - x[2]) * x[0], 1e5)
            }
            Self::Zones(phases, hot, cold) => {
                let duty = x[1] * (x[3] - x[5]);
                let needed =
                    exchanger::zones(*phases, [hot, cold], [&x[2..6], &x[6..10]], duty, lately)?;
                (needed - x[0], needed.v.abs() + x[0].v.abs() + 1.0)
            }
            Self::Area => {
                let one = || Dual::constant(1.0);
                let [a, b, c, d] = [1, 2, 3, 4].map(|k| one() / x[k]);
                let area = x[5] * (a + c) + x[6] * (a + d) + x[7] * (b + c) + x[8] * (b + d);
                (area - x[0], area.v.abs() + x[0].v.abs())
            }
            Self::Pinch(hot, cold) => {
                let least = exchanger::pinch([hot, cold], [&x[1..5], &x[5..9]], lately)?;
                (least - x[0], 300.0)
            }
            Self::Ambient(fluid) => {
                let gaps = [(x[2], x[3]), (x[4], x[5])]
                    .map(|(p, h)| lately.temperature(fluid, p, h).map(|t| x[6] - t));
                let [a, b] = gaps;
                let (a, b) = (a?, b?);
                // heat flows either way: the mean has the sign of the differences
                let sign = if a.v + b.v < 0.0 { -1.0 } else { 1.0 };
                let heat = x[0] * exchanger::mean(a * sign, b * sign) * sign;
                (heat - x[1], heat.v.abs() + x[1].v.abs())
            }
            Self::Friction(fluid) => {
                let volume = |p: Dual, h: Dual, lately: &mut Lately| {
                    let q = lately.state(fluid, p.v, h.v)?;
                    let by = -1.0 / (q.rho * q.rho);
                    Ok::<_, crate::Error>(Dual::chain2(
                        1.0 / q.rho,
                        p,
                        by * q.rho_p,
                        h,
                        by * q.rho_h,
                    ))
                };
                let v = (volume(x[2], x[3], lately)? + volume(x[4], x[5], lately)?) * 0.5;
                let m2 = x[1].chain(x[1].v * x[1].v.abs(), 2.0 * x[1].v.abs());
                let drop = x[0] * m2 * v * (8.0 / (PI * PI));
                (x[2] - x[4] - drop, x[2].v.abs() + x[4].v.abs())
            }
            Self::Darcy(fluid) => {
                let [length, diameter, roughness, m] = [x[0], x[1], x[2], x[3]];
                let ends = [(x[4], x[5]), (x[6], x[7])];
                let [a, b] = ends.map(|(p, h)| super::pipe::medium(fluid, p, h, lately));
                let ((va, mua), (vb, mub)) = (a?, b?);
                let (v, mu) = ((va + vb) * 0.5, (mua + mub) * 0.5);
                let flow = m.chain(m.v.abs(), if m.v < 0.0 { -1.0 } else { 1.0 });
                let reynolds = flow * (4.0 / PI) / (diameter * mu);
                let factor = super::pipe::friction(reynolds, roughness / diameter);
                let drop = factor * length * flow * m * v * (8.0 / (PI * PI)) / diameter.pow(5.0);
                (x[4] - x[6] - drop, x[4].v.abs() + x[6].v.abs())
            }
            Self::Approach(a, b) => {
                let [a, b] =
                    [lately.temperature(a, x[1], x[2])?, lately.temperature(b, x[3], x[4])?];
                (a - b - x[0], 300.0)
            }
            Self::Transfer(model, hot, cold) => {
                let sides = [&x[2..6], &x[6..10]];
                let duty = x[1] * (x[3] - x[5]);
                let (needed, _) = exchanger::conductance(*model, [hot, cold], sides, duty, lately)?;
                (needed - x[0], needed.v.abs() + x[0].v.abs())
            }
            Self::Volume(fluid) => {
                let q = lately.state(fluid, x[3].v, x[4].v)?;
                let rho = Dual::chain2(q.rho, x[3], q.rho_p, x[4], q.rho_h);
                let carried = x[1] * x[2] * rho;
                (carried - x[0], carried.v.abs() + x[0].v.abs())
            }
            Self::RatedFlow(fluid, rating) => {
                let (flow, _) = rating.at(fluid, x[1], x[2], x[3], lately)?;
                (flow - x[0], flow.v.abs() + x[0].v.abs())
            }
            Self::RatedPower(fluid, rating) => {
                let (_, power) = rating.at(fluid, x[1], x[2], x[3], lately)?;
                (power - x[0], power.v.abs() + x[0].v.abs())
            }
            Self::Loss => (x[1] * (-x[2] + 1.0) - x[0], x[0].v.abs() + x[1].v.abs()),
            Self::LineTemperature(fluid, side) => (saturated(fluid, x[1], *side)?.0 - x[0], 300.0),
            Self::Line(fluid, side) => (saturated(fluid, x[0], *side)?.1 - x[1], 1e5),
            Self::Sum => {
                let (first, rest) = (x[0], &x[1..]);
                let sum = rest.iter().fold(-first, |a, &b| a + b);
                (sum, rest.iter().fold(first.v.abs(), |a, b| a + b.v.abs()))
            }
            Self::Mix => {
                // counted from the first enthalpy, so that the zero of enthalpies plays no part
                let carried = x[2..].chunks_exact(2).map(|c| c[0] * (c[1] - x[1]));
                let sum = carried.fold(Dual::constant(0.0), |a, b| a + b);
                (sum, x[2..].chunks_exact(2).fold(0.0, |a, c| a + (c[0].v * 1e5).abs()))
            }
            Self::Linear(factors) => {
                let terms = factors.iter().zip(&x[1..]).map(|(&k, &x)| x * k);
                let size = terms.clone().fold(x[0].v.abs(), |a, t| a + t.v.abs());
                (terms.fold(-x[0], |a, t| a + t), size)
            }
            Self::Product(factor, exponents) => {
                let terms = exponents.iter().zip(&x[1..]).map(|(&k, &x)| x.pow(k));
                let y = terms.fold(Dual::constant(*factor), |a, t| a * t);
                (y - x[0], y.v.abs() + x[0].v.abs())
            }
            Self::Curve(curve) => {
                let (y, slope) = curve.at(x[1].v);
                (x[1].chain(y, slope) - x[0], y.abs() + x[0].v.abs())
            }
            Self::Surface(surface) => {
                let (z, by_x, by_y) = surface.at(x[1].v, x[2].v);
                (Dual::chain2(z, x[1], by_x, x[2], by_y) - x[0], z.abs() + x[0].v.abs())
            }
            Self::Function(function) => super::shapes::differences(function.as_ref(), x)?,
        })
    }

    /// Whether the residual is linear in variable `k` alone, so that one step of Newton's method is
    /// exact.
    #[must_use]
    pub fn is_linear_in(&self, k: usize) -> bool {
        match self {
            Self::Equal | Self::Ratio | Self::Drop | Self::Heat | Self::Exchange => true,
            Self::Sum | Self::Mix | Self::Loss | Self::Linear(_) => true,
            Self::Product(_, exponents) => k == 0 || exponents[k - 1] == 1.0,
            Self::Expansion(_) => k == 0 || k == 4,
            Self::Ambient(_) => k < 2,
            Self::Function(_) => false,
            Self::Area => !(1..5).contains(&k),
            Self::Quality(_) | Self::SaturatedTemperature(_) => k != 1,
            Self::Compression(_) => k == 0 || k == 4,
            Self::Volume(_) => k < 3,
            Self::Line(..) => k == 1,
            _ => k == 0,
        }
    }

    /// Whether variable `k` is surely found when all others are known.
    #[must_use]
    pub(crate) fn suits(&self, k: usize) -> bool {
        self.is_linear_in(k) || matches!((self, k), (Self::Temperature(_) | Self::Distance(..), 2))
    }

    /// Variable `k` by the others, where that is simpler and surer than Newton's method.
    pub fn solved_for(&self, k: usize, x: &[f64], lately: &mut Lately) -> Option<Result<f64>> {
        match (self, k) {
            (Self::Temperature(fluid), 2) => Some(fluid.state_pt(x[1], x[0]).map(|q| q.h)),
            (Self::SaturatedTemperature(fluid), 1) => Some(fluid.state_tx(x[0], x[2]).map(|q| q.p)),
            (Self::Curve(curve), 1) => curve.inverse(x[0]).map(Ok),
            (Self::LineTemperature(fluid, side), 1) => {
                Some(fluid.state_tx(x[0], *side as f64).map(|q| q.p))
            }
            (Self::Distance(fluid, side), 0) if fluid.saturated(x[1], *side).is_err() => {
                // above the critical pressure there is no line: it is counted from where they meet
                let top = fluid.boiling_range()?[1];
                let highest = fluid.state_tx(top * (1.0 - 1e-6), 0.0).ok()?.p;
                let outwards = if *side == 1 { 1.0 } else { -1.0 };
                let distance = |q: State| (q.t - top) * outwards;
                (x[1] > highest).then(|| lately.state(fluid, x[1], x[2]).map(distance))
            }
            (Self::Distance(fluid, side), 2) if x[0] > 1e-6 => {
                let outwards = if *side == 1 { 1.0 } else { -1.0 };
                Some(
                    fluid
                        .saturated(x[1], *side)
                        .and_then(|q| fluid.state_pt(x[1], q.t + outwards * x[0]))
                        .map(|q| q.h),
                )
            }
            (Self::Approach(a, b), 2 | 4) => {
                let (other, p, h, away) =
                    if k == 2 { (b, x[3], x[4], x[0]) } else { (a, x[1], x[2], -x[0]) };
                let (fluid, at) = if k == 2 { (a, x[1]) } else { (b, x[3]) };
                let t = lately.state(other, p, h).map(|q| q.t + away);
                Some(t.and_then(|t| fluid.state_pt(at, t)).map(|q| q.h))
            }
            (Self::Transfer(model, hot, cold), 0) => {
                let x: Vec<Dual> = x.iter().map(|&v| Dual::constant(v)).collect();
                let duty = x[1] * (x[3] - x[5]);
                let sides = [&x[2..6], &x[6..10]];
                let found = exchanger::conductance(*model, [hot, cold], sides, duty, lately);
                Some(
                    found.map(|(needed, least)| if least > 0.0 { needed.v } else { f64::INFINITY }),
                )
            }
            _ => None,
        }
    }
}
