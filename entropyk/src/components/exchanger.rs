//! How much conductance a heat exchanger needs for its duty.

use super::dual::Dual;
use super::laws::{Lately, Medium, saturated};
use crate::{Error, Result};

/// How the two streams are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// One logarithmic mean over the whole, between the temperatures at the ends.
    Whole,
    /// The same, but the hot end is taken at its dew temperature: what condensers are rated by.
    Condensing,
    /// Zones, cut where either stream crosses a saturation line; pressure falls in step with
    /// enthalpy.
    MovingBoundary,
}

/// The least temperature difference that heat flows over, K.
const LEAST: f64 = 1e-3;

/// One stream: pressure and enthalpy at its cold and hot end.
struct Stream<'a> {
    fluid: &'a Medium,
    p: [Dual; 2],
    h: [Dual; 2],
}

/// The conductance that moves `duty` between counter-flow streams, and the least difference of
/// their temperatures.
///
/// `sides` has p_in, h_in, p_out, h_out of each.
pub(super) fn conductance(
    model: Model,
    fluids: [&Medium; 2],
    sides: [&[Dual]; 2],
    duty: Dual,
    lately: &mut Lately,
) -> Result<(Dual, f64)> {
    let [hot, cold] = streams(fluids, sides);
    let ends = |stream: &Stream<'_>, lately: &mut Lately| {
        Ok::<_, Error>([0, 1].map(|i| lately.temperature(stream.fluid, stream.p[i], stream.h[i])))
    };
    match model {
        Model::Whole | Model::Condensing => {
            let [a0, a1] = ends(&hot, lately)?;
            let [b0, b1] = ends(&cold, lately)?;
            let a1 =
                if model == Model::Condensing { saturated(hot.fluid, hot.p[1], 1)?.0 } else { a1? };
            let gaps = [a0? - b0?, a1 - b1?];
            Ok((duty / mean(gaps[0], gaps[1]), gaps[0].v.min(gaps[1].v)))
        }
        Model::MovingBoundary => {
            let cuts = cuts(&hot, &cold);
            let (mut total, mut least) = (Dual::constant(0.0), f64::INFINITY);
            let mut before: Option<(Dual, Dual)> = None;
            for cut in cuts {
                let gap = hot.at(cut, lately)? - cold.at(cut, lately)?;
                least = least.min(gap.v);
                if let Some((start, first)) = before {
                    if cut.v - start.v > 1e-14 {
                        total = total + duty * (cut - start) / mean(first, gap);
                    }
                }
                before = Some((cut, gap));
            }
            Ok((total, least))
        }
    }
}

/// The conductance of those zones in which the streams, hot and cold, have two phases or one.
pub(super) fn zones(
    phases: [bool; 2],
    fluids: [&Medium; 2],
    sides: [&[Dual]; 2],
    duty: Dual,
    lately: &mut Lately,
) -> Result<Dual> {
    let [hot, cold] = streams(fluids, sides);
    let mut total = Dual::constant(0.0);
    let cuts = cuts(&hot, &cold);
    for pair in cuts.windows(2).filter(|pair| pair[1].v - pair[0].v > 1e-14) {
        let middle = 0.5 * (pair[0].v + pair[1].v);
        if [hot.boils(middle, lately)?, cold.boils(middle, lately)?] != phases {
            continue;
        }
        let gaps = [
            hot.at(pair[0], lately)? - cold.at(pair[0], lately)?,
            hot.at(pair[1], lately)? - cold.at(pair[1], lately)?,
        ];
        total = total + duty * (pair[1] - pair[0]) / mean(gaps[0], gaps[1]);
    }
    Ok(total)
}

/// The least temperature difference of counter-flow streams, which is at an end or where one begins
/// to boil or condense.
pub(super) fn pinch(
    fluids: [&Medium; 2],
    sides: [&[Dual]; 2],
    lately: &mut Lately,
) -> Result<Dual> {
    let [hot, cold] = streams(fluids, sides);
    let mut least = Dual::constant(f64::INFINITY);
    for cut in cuts(&hot, &cold) {
        let gap = hot.at(cut, lately)? - cold.at(cut, lately)?;
        if gap.v < least.v {
            least = gap;
        }
    }
    Ok(least)
}

fn streams<'a>(fluids: [&'a Medium; 2], [hot, cold]: [&[Dual]; 2]) -> [Stream<'a>; 2] {
    [
        Stream { fluid: fluids[0], p: [hot[2], hot[0]], h: [hot[3], hot[1]] },
        Stream { fluid: fluids[1], p: [cold[0], cold[2]], h: [cold[1], cold[3]] },
    ]
}

/// Both ends and where either stream crosses a saturation line, as shares of the way, in order.
fn cuts(hot: &Stream<'_>, cold: &Stream<'_>) -> Vec<Dual> {
    let mut cuts = vec![Dual::constant(0.0), Dual::constant(1.0)];
    for stream in [hot, cold] {
        cuts.extend([0, 1].into_iter().filter_map(|side| stream.crossing(side)));
    }
    cuts.sort_by(|a, b| a.v.total_cmp(&b.v));
    cuts
}

impl Stream<'_> {
    fn between(pair: [Dual; 2], share: Dual) -> Dual {
        pair[0] + share * (pair[1] - pair[0])
    }

    fn at(&self, share: Dual, lately: &mut Lately) -> Result<Dual> {
        lately.temperature(self.fluid, Self::between(self.p, share), Self::between(self.h, share))
    }

    /// Whether there are two phases at a share of the way.
    fn boils(&self, share: f64, lately: &mut Lately) -> Result<bool> {
        let share = Dual::constant(share);
        let (p, h) = (Self::between(self.p, share).v, Self::between(self.h, share).v);
        Ok(lately.state(self.fluid, p, h)?.x.is_some())
    }

    /// Where the stream boils (0) or condenses (1), as a share of its way; none if it does not.
    fn crossing(&self, side: usize) -> Option<Dual> {
        let line = |share: Dual| saturated(self.fluid, Self::between(self.p, share), side).ok();
        // above the critical pressure there is no line
        let off = |share: f64| {
            let share = Dual::constant(share);
            Some(line(share)?.1.v - Self::between(self.h, share).v)
        };
        if off(0.0)? * off(1.0)? >= 0.0 {
            return None;
        }
        let mut share = 0.5;
        // the line is all but straight over an exchanger, so Newton's method is there at once
        for _ in 0..20 {
            let p = Self::between(self.p, Dual::constant(share)).v;
            let q = self.fluid.saturated(p, side).ok()?;
            let slope = q.h_p * (self.p[1].v - self.p[0].v) - (self.h[1].v - self.h[0].v);
            let step = -off(share)? / slope;
            share = (share + step).clamp(0.0, 1.0);
            if step.abs() < 1e-15 {
                break;
            }
        }
        // a last step in numbers with derivatives makes those exact
        let p = Self::between(self.p, Dual::constant(share)).v;
        let q = self.fluid.saturated(p, side).ok()?;
        let slope = q.h_p * (self.p[1].v - self.p[0].v) - (self.h[1].v - self.h[0].v);
        let here = Dual::constant(share);
        Some(here - (line(here)?.1 - Self::between(self.h, here)) * (1.0 / slope))
    }
}

/// The logarithmic mean of two temperature differences.
///
/// Where one is not positive there is none. There the mean goes on as a small positive number that
/// still falls with the difference, so that Newton's method finds its way back.
pub(super) fn mean(a: Dual, b: Dual) -> Dual {
    let positive = |d: Dual| {
        if d.v > LEAST {
            d
        } else {
            Dual::constant(LEAST * LEAST) / (Dual::constant(2.0 * LEAST) - d)
        }
    };
    let (a, b) = (positive(a), positive(b));
    if (a.v / b.v - 1.0).abs() < 1e-4 {
        // its series, to where the next term is below the last digit
        let off = (a - b) / (a + b);
        return (a + b) * 0.5 * (off * off * (-1.0 / 3.0) + 1.0);
    }
    (a - b) / (a / b).ln()
}
