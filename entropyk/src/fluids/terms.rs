//! The terms of which Helmholtz equations of state are sums, with exact first and second
//! derivatives.
//!
//! Derivatives are in scaled form, as all formulas want them: `d` is delta da/d(delta), `dd` is
//! delta² d²a/d(delta)², and so on. A term n tau^t delta^d exp(u(delta) + w(tau)) has them by its
//! logarithm: `d` is the term times A = d + delta u', `dd` the term times A² - d + delta² u''.

use super::jet::Jet;

/// The sum of terms, and its scaled derivatives.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Alpha {
    pub(super) a: f64,
    pub(super) d: f64,
    pub(super) t: f64,
    pub(super) dd: f64,
    pub(super) dt: f64,
    pub(super) tt: f64,
}

impl Alpha {
    #[inline]
    fn add_jet(&mut self, j: Jet, delta: f64, tau: f64) {
        self.a += j.v;
        self.d += delta * j.x;
        self.t += tau * j.y;
        self.dd += delta * delta * j.xx;
        self.dt += delta * tau * j.xy;
        self.tt += tau * tau * j.yy;
    }
}

/// n tau^t delta^d exp(-g delta^l): polynomial terms have g = 0.
#[derive(Debug, Clone)]
pub(super) struct Power {
    pub(super) n: f64,
    pub(super) t: f64,
    pub(super) d: i32,
    pub(super) g: f64,
    pub(super) l: i32,
}

/// n tau^t delta^d exp(-eta (delta - epsilon)² - beta (tau - gamma)²).
#[derive(Debug, Clone)]
pub(super) struct Gaussian {
    pub(super) n: f64,
    pub(super) t: f64,
    pub(super) d: i32,
    pub(super) eta: f64,
    pub(super) epsilon: f64,
    pub(super) beta: f64,
    pub(super) gamma: f64,
}

/// Kinds of which few fluids have any; their derivatives come from [`Jet`].
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

/// The residual part. Exponents of tau are kept once each: fluids repeat them.
#[derive(Debug, Clone, Default)]
pub(super) struct Residual {
    exponents: Vec<f64>,
    /// Runs of terms with the same exponential of delta.
    runs: Vec<Run>,
    gaussians: Vec<(Gaussian, usize)>,
    rare: Vec<Rare>,
    largest_d: usize,
}

#[derive(Debug, Clone)]
struct Run {
    g: f64,
    l: i32,
    terms: Vec<Monomial>,
}

#[derive(Debug, Clone)]
struct Monomial {
    n: f64,
    t: f64,
    d: f64,
    row: usize,
    column: usize,
}

/// How many powers of tau and of delta fit on the stack; the longest equation has 50 different
/// ones.
const MOST: usize = 72;

impl Residual {
    pub(super) fn new(
        powers: Vec<Power>,
        gaussians: Vec<Gaussian>,
        rare: Vec<Rare>,
    ) -> Option<Self> {
        let mut sum = Self { rare, ..Self::default() };
        for p in powers {
            let column = sum.exponent(p.t);
            let term = Monomial { n: p.n, t: p.t, d: f64::from(p.d), row: p.d as usize, column };
            sum.largest_d = sum.largest_d.max(term.row);
            match sum.runs.iter_mut().find(|r| (r.g, r.l) == (p.g, p.l)) {
                Some(run) => run.terms.push(term),
                None => sum.runs.push(Run { g: p.g, l: p.l, terms: vec![term] }),
            }
        }
        for g in gaussians {
            let column = sum.exponent(g.t);
            sum.largest_d = sum.largest_d.max(g.d as usize);
            sum.gaussians.push((g, column));
        }
        (sum.exponents.len() <= MOST && sum.largest_d < MOST).then_some(sum)
    }

    fn exponent(&mut self, t: f64) -> usize {
        self.exponents.iter().position(|&e| e == t).unwrap_or_else(|| {
            self.exponents.push(t);
            self.exponents.len() - 1
        })
    }

    pub(super) fn at(&self, tau: f64, delta: f64) -> Alpha {
        let ln_tau = tau.ln();
        let mut taus = [0.0; MOST];
        for (power, &t) in taus.iter_mut().zip(&self.exponents) {
            *power = if t.fract() == 0.0 && t.abs() < 64.0 {
                tau.powi(t as i32)
            } else {
                (t * ln_tau).exp()
            };
        }
        let mut deltas = [1.0; MOST];
        for i in 1..=self.largest_d {
            deltas[i] = deltas[i - 1] * delta;
        }
        let mut sum = Alpha::default();
        for run in &self.runs {
            let (e, q, l1) = if run.g == 0.0 {
                (1.0, 0.0, 0.0)
            } else {
                let u = run.g * delta.powi(run.l);
                ((-u).exp(), f64::from(run.l) * u, f64::from(run.l - 1))
            };
            let mut part = Alpha::default();
            for m in &run.terms {
                let f = m.n * taus[m.column] * deltas[m.row];
                let a = m.d - q;
                let (fa, ft) = (f * a, f * m.t);
                part.a += f;
                part.d += fa;
                part.t += ft;
                part.dd += f * (a * a - m.d - l1 * q);
                part.dt += fa * m.t;
                part.tt += ft * (m.t - 1.0);
            }
            sum.a += e * part.a;
            sum.d += e * part.d;
            sum.t += e * part.t;
            sum.dd += e * part.dd;
            sum.dt += e * part.dt;
            sum.tt += e * part.tt;
        }
        for (g, column) in &self.gaussians {
            let (x, y) = (delta - g.epsilon, tau - g.gamma);
            let f = g.n
                * taus[*column]
                * deltas[g.d as usize]
                * (-g.eta * x * x - g.beta * y * y).exp();
            let d = f64::from(g.d);
            let a = d - 2.0 * g.eta * delta * x;
            let b = g.t - 2.0 * g.beta * tau * y;
            sum.a += f;
            sum.d += f * a;
            sum.t += f * b;
            sum.dd += f * (a * a - d - 2.0 * g.eta * delta * delta);
            sum.dt += f * a * b;
            sum.tt += f * (b * b - g.t - 2.0 * g.beta * tau * tau);
        }
        for term in &self.rare {
            sum.add_jet(term.at(tau, delta), delta, tau);
        }
        sum
    }
}

impl Rare {
    fn at(&self, tau: f64, delta: f64) -> Jet {
        let (x, y) = (Jet::of_x(delta), Jet::of_y(tau));
        let front = |n: f64, t: f64, d: f64| x.powf(d) * y.powf(t).scale(n);
        match *self {
            Self::GaoB { n, t, d, eta, epsilon, beta, gamma, b } => {
                let (u, w) = (x.shift(-epsilon), y.shift(-gamma));
                let bump = (w * w).scale(beta).shift(b).powf(-1.0);
                front(n, t, d) * ((u * u).scale(eta) + bump).exp()
            }
            Self::Double { n, t, d, gd, ld, gt, lt } => {
                front(n, t, d) * (x.powf(ld).scale(-gd) + y.powf(lt).scale(-gt)).exp()
            }
            Self::NonAnalytic { n, a, b, beta, ca, cb, cc, cd } => {
                // At the critical density itself, powers of zero have no derivative; a hair beside
                // it they have.
                let off = if (delta - 1.0).abs() < 1e-11 { 1.0 + 1e-11 } else { delta };
                let u = Jet::of_x(off).shift(-1.0);
                let u2 = u * u;
                let w = y.shift(-1.0);
                let theta = w.scale(-1.0) + u2.powf(0.5 / beta).scale(ca);
                let big = theta * theta + u2.powf(a).scale(cb);
                let psi = (u2.scale(-cc) + (w * w).scale(-cd)).exp();
                big.powf(b) * x.scale(n) * psi
            }
        }
    }
}

/// The ideal part: ln(delta) and terms of tau alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Ideal {
    /// a1 + a2 tau.
    pub(super) lead: [f64; 2],
    /// Times ln(tau).
    pub(super) log: f64,
    /// Times tau ln(tau).
    pub(super) tau_log: f64,
    /// n tau^t.
    pub(super) powers: Vec<[f64; 2]>,
    /// n ln(c + d exp(t tau)).
    pub(super) einstein: Vec<[f64; 4]>,
}

impl Ideal {
    /// The sum without ln(delta), as (a, tau a', tau² a'').
    pub(super) fn at(&self, tau: f64) -> (f64, f64, f64) {
        let ln = tau.ln();
        let [a1, a2] = self.lead;
        let mut a = a1 + a2 * tau + (self.log + self.tau_log * tau) * ln;
        let mut t = a2 * tau + self.log + self.tau_log * tau * (ln + 1.0);
        let mut tt = self.tau_log * tau - self.log;
        for &[n, e] in &self.powers {
            let f = n * (e * ln).exp();
            a += f;
            t += f * e;
            tt += f * e * (e - 1.0);
        }
        for &[n, e, c, d] in &self.einstein {
            let x = e * tau;
            if x <= 0.0 {
                let de = d * x.exp();
                let sum = c + de;
                let share = de / sum;
                a += n * sum.ln();
                t += n * x * share;
                tt += n * x * x * share * (c / sum);
            } else {
                // the same with the growing exponential taken out
                let ce = c * (-x).exp();
                let sum = ce + d;
                let share = d / sum;
                a += n * (x + sum.ln());
                t += n * x * share;
                tt += n * x * x * share * (ce / sum);
            }
        }
        (a, t, tt)
    }
}
