//! Start values for flashes above the critical pressure: a coarse grid of states, made at first
//! use.

use super::helmholtz::Helmholtz;
use crate::Result;

const PRESSURES: usize = 24;
const TEMPERATURES: usize = 48;

/// Columns of equal pressure, evenly spaced in its logarithm; each is ordered by temperature.
#[derive(Debug)]
pub(super) struct Grid {
    first: f64,
    step: f64,
    columns: Vec<Vec<Node>>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    t: f64,
    ln_rho: f64,
    h: f64,
    s: f64,
}

impl Grid {
    pub(super) fn new(fluid: &Helmholtz) -> Result<Self> {
        let c = &fluid.constants;
        let saturation = fluid.saturation()?;
        let (first, last) = (saturation.p_top.ln(), (1.01 * c.p_max).ln());
        let step = (last - first) / (PRESSURES - 1) as f64;
        let columns = (0..PRESSURES).map(|j| {
            let p = (first + step * j as f64).exp();
            (0..TEMPERATURES).filter_map(move |i| {
                let t = temperature(i, c.t_min, saturation.t_crit, 1.5 * c.t_max);
                let point = fluid.dense(t, p)?;
                (point.cv > 0.0).then(|| Node { t, ln_rho: point.rho.ln(), h: point.h, s: point.s })
            })
        });
        Ok(Self { first, step, columns: columns.map(Iterator::collect).collect() })
    }

    /// Temperature and density that are near those at a pressure and an enthalpy, or an entropy.
    pub(super) fn guess(&self, p: f64, value: f64, entropy: bool) -> Option<(f64, f64)> {
        let place = ((p.ln() - self.first) / self.step).clamp(0.0, (PRESSURES - 1) as f64);
        let j = (place as usize).min(PRESSURES - 2);
        let share = place - j as f64;
        let [(t0, r0), (t1, r1)] = [self.on(j, value, entropy)?, self.on(j + 1, value, entropy)?];
        Some((t0 + share * (t1 - t0), (r0 + share * (r1 - r0)).exp()))
    }

    fn on(&self, j: usize, value: f64, entropy: bool) -> Option<(f64, f64)> {
        let key = |n: &Node| if entropy { n.s } else { n.h };
        let column = &self.columns[j];
        let i = column
            .partition_point(|n| key(n) < value)
            .clamp(1, column.len().checked_sub(1)?.max(1));
        let (a, b) = (column.get(i - 1)?, column.get(i)?);
        let share = ((value - key(a)) / (key(b) - key(a))).clamp(-0.5, 1.5);
        Some((a.t + share * (b.t - a.t), a.ln_rho + share * (b.ln_rho - a.ln_rho)))
    }
}

/// Half of the temperatures lie around the critical one, where enthalpy changes fastest.
fn temperature(i: usize, low: f64, critical: f64, high: f64) -> f64 {
    let quarter = TEMPERATURES / 4;
    let (a, b) = ((0.92 * critical).max(low), (1.15 * critical).min(high));
    let between = |x: f64, y: f64, k: usize, n: usize| x * (y / x).powf(k as f64 / n as f64);
    match i {
        i if i < quarter => between(low, a, i, quarter),
        i if i < 3 * quarter => between(a, b, i - quarter, 2 * quarter),
        i => between(b, high, i - 3 * quarter, quarter - 1),
    }
}
