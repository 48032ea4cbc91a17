//! Friction in a pipe.

use super::dual::Dual;
use super::laws::{Lately, Medium};
use crate::Result;

/// Up to which Reynolds number a flow is laminar, and from which it is turbulent; between, the
/// factor goes over in its logarithm.
const LAMINAR: f64 = 2000.0;
const TURBULENT: f64 = 4000.0;

/// Specific volume and viscosity, with derivatives; those of viscosity are differences.
pub(super) fn medium(
    fluid: &Medium,
    p: Dual,
    h: Dual,
    lately: &mut Lately,
) -> Result<(Dual, Dual)> {
    let q = lately.state(fluid, p.v, h.v)?;
    let by = -1.0 / (q.rho * q.rho);
    let v = Dual::chain2(1.0 / q.rho, p, by * q.rho_p, h, by * q.rho_h);
    let viscosity = |p: f64, h: f64| fluid.viscosity(&fluid.state_ph(p, h)?);
    let (dp, dh) = (1e-5 * p.v, 10.0);
    let by_p = (viscosity(p.v + dp, h.v)? - viscosity(p.v - dp, h.v)?) / (2.0 * dp);
    let by_h = (viscosity(p.v, h.v + dh)? - viscosity(p.v, h.v - dh)?) / (2.0 * dh);
    Ok((v, Dual::chain2(fluid.viscosity(&q)?, p, by_p, h, by_h)))
}

/// Darcy's friction factor: 64/Re, or C. F. Colebrook's (J. Inst. Civ. Eng. 11, 1939).
pub(super) fn friction(reynolds: Dual, roughness: Dual) -> Dual {
    let laminar = || Dual::constant(64.0) / reynolds;
    if reynolds.v <= LAMINAR {
        return laminar();
    }
    if reynolds.v >= TURBULENT {
        return colebrook(reynolds, roughness);
    }
    let share = (reynolds * (1.0 / LAMINAR)).ln() * (1.0 / (TURBULENT / LAMINAR).ln());
    laminar() * (-share + 1.0) + colebrook(reynolds, roughness) * share
}

/// The root of x = -2 lg(k/3.71 + 2.51 x/Re), x = 1/sqrt(factor); the last step carries the
/// derivatives.
fn colebrook(reynolds: Dual, roughness: Dual) -> Dual {
    let f = |x: Dual| {
        let inner = roughness * (1.0 / 3.71) + x * 2.51 / reynolds;
        x + inner.ln() * (2.0 / std::f64::consts::LN_10)
    };
    let mut x = 7.0;
    for _ in 0..30 {
        let inner = roughness.v / 3.71 + 2.51 * x / reynolds.v;
        let slope = 1.0 + 2.0 / std::f64::consts::LN_10 * 2.51 / reynolds.v / inner;
        let step = -f(Dual::constant(x)).v / slope;
        x += step;
        if step.abs() < 1e-14 * x {
            break;
        }
    }
    let inner = roughness.v / 3.71 + 2.51 * x / reynolds.v;
    let slope = 1.0 + 2.0 / std::f64::consts::LN_10 * 2.51 / reynolds.v / inner;
    (Dual::constant(x) - f(Dual::constant(x)) * (1.0 / slope)).pow(-2.0)
}
