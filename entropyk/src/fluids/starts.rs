//! Start values for flashes below the critical pressure: a coarse grid of liquid and one of gas,
//! each made at first use.
//!
//! A column has one pressure, even in the variable of the saturation lines; its nodes lie between a
//! line and the temperature at which the equation ends, so that cells follow the lines. What is
//! between nodes is within a few parts in a thousand, from where Newton's method takes three steps.

use super::helmholtz::Helmholtz;
use super::saturation::Saturation;
use crate::Result;

const COLUMNS: usize = 32;
const NODES: usize = 24;

/// How near to the critical point columns go, in the variable of the lines: closer, enthalpy tells
/// little of temperature.
const NEAREST: f64 = 0.05;

/// Start values of one phase.
#[derive(Debug)]
pub(super) struct Starts {
    first: f64,
    step: f64,
    gas: bool,
    columns: Vec<Option<[Node; NODES]>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    t: f64,
    /// Of liquid ln(rho); of gas that over pressure, which is nearly level.
    ln_rho: f64,
    h: f64,
    s: f64,
}

impl Starts {
    pub(super) fn new(fluid: &Helmholtz, gas: bool, hottest: f64) -> Result<Self> {
        let sat = fluid.saturation()?;
        let first = sat.y(sat.p_top).max(NEAREST);
        let step = (sat.y(sat.p_min) - first) / (COLUMNS - 1) as f64;
        let column = |j: usize| Self::column(fluid, sat, first + step * j as f64, gas, hottest);
        Ok(Self { first, step, gas, columns: (0..COLUMNS).map(column).collect() })
    }

    /// The nodes at one pressure; none if the equation has no states somewhere.
    fn column(
        fluid: &Helmholtz,
        sat: &Saturation,
        y: f64,
        gas: bool,
        hottest: f64,
    ) -> Option<[Node; NODES]> {
        let p = sat.p_crit * (-y * y).exp();
        let lines = sat.at(p);
        let (from, to) =
            if gas { (lines.t[1], hottest) } else { (lines.t[0], fluid.constants.t_min) };
        let mut column = [Node::default(); NODES];
        let mut rho = lines.rho[usize::from(gas)];
        for (i, node) in column.iter_mut().enumerate() {
            // closer beside the line, where properties bend most
            let share = (i as f64 / (NODES - 1) as f64).powi(2);
            let t = from + share * (to - from);
            let q = fluid.near(t, p, rho)?;
            rho = q.rho;
            let ln_rho = rho.ln() + if gas { y * y } else { 0.0 };
            *node = Node { t, ln_rho, h: q.h, s: q.s };
        }
        if !gas {
            column.reverse();
        }
        let rising = column.windows(2).all(|w| w[0].h < w[1].h && w[0].s < w[1].s);
        rising.then_some(column)
    }

    /// Temperature and density that are near those at an enthalpy, or an entropy.
    pub(super) fn by(&self, y: f64, value: f64, entropy: bool) -> Option<(f64, f64)> {
        let (a, b, f) = self.columns_at(y)?;
        let key = |i: usize| {
            let of = |n: &Node| if entropy { n.s } else { n.h };
            of(&a[i]) + f * (of(&b[i]) - of(&a[i]))
        };
        let (mut low, mut high) = (0, NODES - 1);
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if key(middle) <= value { low = middle } else { high = middle }
        }
        let (from, to) = (key(low), key(high));
        self.between(a, b, f, low, (value - from) / (to - from), y)
    }

    /// The columns on both sides, and how far it is to the second.
    fn columns_at(&self, y: f64) -> Option<(&[Node; NODES], &[Node; NODES], f64)> {
        let place = (y - self.first) / self.step;
        // beside the critical point the first pair of columns is followed
        let j = place.max(0.0) as usize;
        Some((self.columns.get(j)?.as_ref()?, self.columns.get(j + 1)?.as_ref()?, place - j as f64))
    }

    fn between(
        &self,
        a: &[Node; NODES],
        b: &[Node; NODES],
        f: f64,
        i: usize,
        g: f64,
        y: f64,
    ) -> Option<(f64, f64)> {
        if !(-0.5..=1.5).contains(&g) {
            return None;
        }
        let mixed = |of: fn(&Node) -> f64| {
            let [low, high] = [i, i + 1].map(|i| of(&a[i]) + f * (of(&b[i]) - of(&a[i])));
            low + g * (high - low)
        };
        let ln_rho = mixed(|n| n.ln_rho) - if self.gas { y * y } else { 0.0 };
        Some((mixed(|n| n.t), ln_rho.exp()))
    }
}
