//! Terms that few fluids have: of ammonia, of methanol and R125, and of water and carbon dioxide
//! beside their critical points.

use super::terms::Alpha;

/// A term of a kind that few fluids have.
#[derive(Debug, Clone)]
pub(super) enum Rare {
    /// n tau^t delta^d exp(eta (delta - epsilon)² + 1 / (beta (tau - gamma)² + b)), as Gao et al.
    /// have it for ammonia.
    GaoB { n: f64, t: f64, d: f64, eta: f64, epsilon: f64, beta: f64, gamma: f64, b: f64 },
    /// n tau^t delta^d exp(-gd delta^ld - gt tau^lt).
    Double { n: f64, t: f64, d: f64, gd: f64, ld: f64, gt: f64, lt: f64 },
    /// The critical terms of IAPWS-95 and of Span and Wagner's carbon dioxide.
    NonAnalytic { n: f64, a: f64, b: f64, beta: f64, ca: f64, cb: f64, cc: f64, cd: f64 },
}

/// Below e to this power a bump adds nothing to the last digit, its derivatives included.
pub(super) const NOTHING: f64 = -60.0;

impl Rare {
    /// Adds the term; the logarithm of tau comes with it.
    pub(super) fn add(&self, sum: &mut Alpha, tau: f64, ln_tau: f64, delta: f64) {
        match *self {
            Self::GaoB { n, t, d, eta, epsilon, beta, gamma, b } => {
                let (x, y) = (delta - epsilon, tau - gamma);
                let bump = 1.0 / (beta * y * y + b);
                let slope = -2.0 * beta * y * bump * bump;
                let curvature = (8.0 * beta * y * y * bump - 2.0) * beta * bump * bump;
                let f = n * delta.powf(d) * (t * ln_tau + eta * x * x + bump).exp();
                let by_delta = (d + 2.0 * eta * delta * x, 2.0 * eta * delta * delta - d);
                sum.add(f, by_delta, (t + tau * slope, tau * tau * curvature - t));
            }
            Self::Double { n, t, d, gd, ld, gt, lt } => {
                let (u, w) = (gd * delta.powf(ld), gt * (lt * ln_tau).exp());
                let f = n * delta.powf(d) * (t * ln_tau - u - w).exp();
                let by_delta = (d - ld * u, -d - ld * (ld - 1.0) * u);
                sum.add(f, by_delta, (t - lt * w, -t - lt * (lt - 1.0) * w));
            }
            Self::NonAnalytic { n, a, b, beta, ca, cb, cc, cd } => {
                let term = Critical { n, a, b, beta, ca, cb, cc, cd };
                term.add(sum, tau, delta);
            }
        }
    }
}

/// n D^b delta psi, where D = theta² + B ((delta - 1)²)^a, theta = 1 - tau + A ((delta - 1)²)^(1 /
/// 2 beta) and psi = exp(-C (delta - 1)² - D (tau - 1)²): W. Wagner and A. Pruß, J. Phys. Chem.
/// Ref. Data 31 (2002).
struct Critical {
    n: f64,
    a: f64,
    b: f64,
    beta: f64,
    ca: f64,
    cb: f64,
    cc: f64,
    cd: f64,
}

impl Critical {
    fn add(&self, sum: &mut Alpha, tau: f64, delta: f64) {
        let Self { n, a, b, beta, ca, cb, cc, cd } = *self;
        // at the critical density itself, powers of zero have no derivative; a hair beside it they
        // have
        let u = if (delta - 1.0).abs() < 1e-11 { 1e-11 } else { delta - 1.0 };
        let (w, u2) = (tau - 1.0, u * u);
        let exponent = -cc * u2 - cd * w * w;
        if exponent < NOTHING {
            return;
        }
        let ln = u2.ln();
        let (k, bend) = (1.0 / beta, ca * (0.5 / beta * ln).exp());
        let width = cb * (a * ln).exp();
        // theta and D, with their derivatives by delta and tau
        let theta = bend - w;
        let (theta_x, theta_xx) = (k * bend / u, k * (k - 1.0) * bend / u2);
        let big = theta * theta + width;
        let big_x = 2.0 * theta * theta_x + 2.0 * a * width / u;
        let big_xx =
            2.0 * (theta_x * theta_x + theta * theta_xx) + 2.0 * a * (2.0 * a - 1.0) * width / u2;
        let (big_y, big_yy, big_xy) = (-2.0 * theta, 2.0, -2.0 * theta_x);
        // D^b psi by its logarithm
        let f = n * (b * big.ln() + exponent).exp();
        let (r_x, r_y) = (big_x / big, big_y / big);
        let (g_x, g_y) = (b * r_x - 2.0 * cc * u, b * r_y - 2.0 * cd * w);
        let g_xx = g_x * g_x + b * (big_xx / big - r_x * r_x) - 2.0 * cc;
        let g_yy = g_y * g_y + b * (big_yy / big - r_y * r_y) - 2.0 * cd;
        let g_xy = g_x * g_y + b * (big_xy / big - r_x * r_y);
        let f = f * delta;
        sum.a += f;
        sum.d += f * (1.0 + delta * g_x);
        sum.t += f * tau * g_y;
        sum.dd += f * delta * (2.0 * g_x + delta * g_xx);
        sum.dt += f * tau * (g_y + delta * g_xy);
        sum.tt += f * tau * tau * g_yy;
    }
}
