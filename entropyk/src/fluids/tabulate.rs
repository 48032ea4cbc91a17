//! How tables of a fluid are made: nodes by its equation, and how far off what is looked up is.

use std::sync::Arc;

use super::helmholtz::Helmholtz;
use super::state::{Saturated, State};
use super::table::{Errors, Line, Node, Table};
use crate::watch::Watch;
use crate::{Error, Result};

impl Table {
    /// Tables of a fluid, from 0.55 of the critical temperature (or its least) to 1.3 of the
    /// critical one, up to 0.9 of the critical pressure.
    pub fn new(fluid: Arc<Helmholtz>, size: usize, interrupted: &dyn Fn() -> bool) -> Result<Self> {
        let watch = Watch::new(None, interrupted);
        if !(8..=400).contains(&size) {
            return Err(Error::Validation(format!(
                "expected a table of 8 to 400 points a side, got {size}"
            )));
        }
        let c = &fluid.constants;
        if c.pseudo_pure {
            let name = &c.name;
            return Err(Error::fluid(format!(
                "{name}: tables are made of pure fluids only; use its equation"
            )));
        }
        let cold = (c.t_min * (1.0 + 1e-6)).max(0.55 * c.t_crit);
        let hot = (1.3 * c.t_crit).min(1.2 * c.t_max);
        let low = fluid.state_tx(cold, 0.0)?.p * (1.0 + 1e-3);
        let pressures = [low, 0.9 * c.p_crit];
        let first = low.ln();
        let step = (pressures[1].ln() - first) / (size - 1) as f64;
        let mut bounds: [Line; 4] = std::array::from_fn(|_| Line(Vec::new()));
        let mut lines: [[Line; 3]; 2] =
            std::array::from_fn(|_| std::array::from_fn(|_| Line(Vec::new())));
        let mut nodes = [Vec::new(), Vec::new()];
        for j in 0..size {
            watch.may_go_on()?;
            let p = (first + step * j as f64).exp();
            let ends = [fluid.state_pt(p, cold)?, fluid.state_pt(p, hot)?];
            // at constant temperature dh/dp = -T_p / T_h
            let end = |i: usize| [ends[i].h, -ends[i].t_p / ends[i].t_h * p];
            let sides = [fluid.saturated(p, 0)?, fluid.saturated(p, 1)?];
            let bound =
                [end(0), [sides[0].h, sides[0].h_p * p], [sides[1].h, sides[1].h_p * p], end(1)];
            bounds.iter_mut().zip(bound).for_each(|(line, b)| line.0.push(b));
            for (k, (side, line)) in sides.iter().zip(&mut lines).enumerate() {
                let [up, down] = [1.0 + 1e-4, 1.0 - 1e-4].map(|by| fluid.saturated(p * by, k));
                let (up, down) = (up?, down?);
                let by = |a: f64, b: f64| (a - b) / 2e-4;
                line[0].0.push([side.t, side.t_p * p]);
                line[1].0.push([side.s, by(up.s, down.s)]);
                line[2].0.push([side.rho, by(up.rho, down.rho)]);
            }
            for (phase, nodes) in nodes.iter_mut().enumerate() {
                let [[from, from_p], [to, to_p]] = [bound[2 * phase], bound[2 * phase + 1]];
                for i in 0..size {
                    let u = i as f64 / (size - 1) as f64;
                    let h = from + u * (to - from);
                    let q = Self::exact(&fluid, &sides[phase], p, h, i, phase, size)?;
                    let (along, by_p) = (to - from, from_p + u * (to_p - from_p));
                    let node =
                        |v: f64, v_p: f64, v_h: f64| [v, p * v_p + v_h * by_p, v_h * along, 0.0];
                    nodes.push([
                        node(q.t, q.t_p, q.t_h),
                        node(q.s, q.s_p, q.s_h),
                        node(q.rho, q.rho_p, q.rho_h),
                    ]);
                }
            }
        }
        for nodes in &mut nodes {
            twist(nodes, size, step);
        }
        let name = format!("{} from tables", c.name);
        let errors = Errors::default();
        let mut table =
            Self { fluid, name, size, first, step, pressures, bounds, lines, nodes, errors };
        table.errors = table.measure()?;
        Ok(table)
    }

    /// A node of liquid or gas; on a saturation line, the state of one phase there.
    fn exact(
        fluid: &Helmholtz,
        side: &Saturated,
        p: f64,
        h: f64,
        i: usize,
        phase: usize,
        size: usize,
    ) -> Result<State> {
        let on_line = i == (if phase == 0 { size - 1 } else { 0 });
        if on_line { fluid.edge(p, side.t, side.rho) } else { fluid.state_ph(p, h) }
    }

    /// Compares with the equation at 2,000 random states.
    fn measure(&self) -> Result<Errors> {
        let mut worst = Errors::default();
        let mut seed = 1_u64;
        let mut random = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        for _ in 0..2000 {
            let p = (self.first + random() * (self.pressures[1].ln() - self.first)).exp();
            let (j, f) = self.place(p);
            let [a, .., d] = [0, 1, 2, 3].map(|k| self.bounds[k].at(j, f, self.step).0);
            let h = a + random() * (d - a);
            let Some(q) = self.look_up(p, h) else { continue };
            let e = self.fluid.state_ph(p, h)?;
            worst.t = worst.t.max((q.t - e.t).abs());
            worst.s = worst.s.max((q.s - e.s).abs());
            worst.rho = worst.rho.max((q.rho / e.rho - 1.0).abs());
        }
        Ok(worst)
    }
}

/// Mixed derivatives, as differences of those by ln p along the other side.
fn twist(nodes: &mut [Node], size: usize, step: f64) {
    let by_u: Vec<[f64; 3]> = nodes.iter().map(|n| [n[0][2], n[1][2], n[2][2]]).collect();
    for j in 0..size {
        let (a, b) = (j.saturating_sub(1), (j + 1).min(size - 1));
        let width = step * (b - a) as f64;
        for i in 0..size {
            for k in 0..3 {
                nodes[j * size + i][k][3] = (by_u[b * size + i][k] - by_u[a * size + i][k]) / width;
            }
        }
    }
}
