//! The terms of which Helmholtz equations of state are sums, with exact first and second
//! derivatives.
//!
//! Derivatives are in scaled form, as all formulas want them: `d` is delta da/d(delta), `dd` is
//! delta² d²a/d(delta)², and so on. A term n tau^t delta^d exp(u(delta) + w(tau)) has them by its
//! logarithm: `d` is the term times A = d + delta u', `dd` the term times A² - d + delta² u''.

use super::rare::{NOTHING, Rare};

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
    /// Adds a term, of which come A and -d + delta² u'', and the same by tau.
    #[inline]
    pub(super) fn add(&mut self, f: f64, (a, aa): (f64, f64), (b, bb): (f64, f64)) {
        self.a += f;
        self.d += f * a;
        self.t += f * b;
        self.dd += f * (a * a + aa);
        self.dt += f * a * b;
        self.tt += f * (b * b + bb);
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

/// The residual part. What terms have in common is computed once: powers of tau, and of delta with
/// its exponential.
#[derive(Debug, Clone, Default)]
pub(super) struct Residual {
    exponents: Vec<f64>,
    /// Runs of terms with the same exponential of delta.
    runs: Vec<Run>,
    gaussians: Vec<Gaussian>,
    rare: Vec<Rare>,
    largest_d: usize,
}

#[derive(Debug, Clone)]
struct Run {
    g: f64,
    l: i32,
    rows: Vec<Row>,
}

/// Terms with the same power of delta.
#[derive(Debug, Clone)]
struct Row {
    d: usize,
    terms: Vec<Monomial>,
}

/// n, n t, n t (t - 1), and which power of tau they belong to.
#[derive(Debug, Clone)]
struct Monomial {
    n: f64,
    nt: f64,
    ntt: f64,
    column: usize,
}

/// How many powers of tau and of delta fit on the stack: of most equations, and of the longest,
/// which has 50 of tau.
const FEW: usize = 24;
const MOST: usize = 72;

impl Residual {
    pub(super) fn new(
        powers: Vec<Power>,
        gaussians: Vec<Gaussian>,
        rare: Vec<Rare>,
    ) -> Option<Self> {
        let mut sum = Self { gaussians, rare, ..Self::default() };
        for Power { n, t, d, g, l } in powers {
            let column = sum.exponents.iter().position(|&e| e == t).unwrap_or_else(|| {
                sum.exponents.push(t);
                sum.exponents.len() - 1
            });
            let d = usize::try_from(d).ok()?;
            let run = sum.runs.iter().position(|r| (r.g, r.l) == (g, l)).unwrap_or_else(|| {
                sum.runs.push(Run { g, l, rows: Vec::new() });
                sum.runs.len() - 1
            });
            let rows = &mut sum.runs[run].rows;
            let row = rows.iter().position(|r| r.d == d).unwrap_or_else(|| {
                rows.push(Row { d, terms: Vec::new() });
                rows.len() - 1
            });
            rows[row].terms.push(Monomial { n, nt: n * t, ntt: n * t * (t - 1.0), column });
        }
        let of_powers = sum.runs.iter().flat_map(|run| run.rows.iter().map(|row| row.d));
        let of_bumps = sum.gaussians.iter().map(|g| g.d as usize);
        sum.largest_d = of_powers.chain(of_bumps).max().unwrap_or_default();
        (sum.exponents.len() <= MOST && sum.largest_d < MOST).then_some(sum)
    }

    pub(super) fn at(&self, tau: f64, delta: f64) -> Alpha {
        if self.exponents.len() <= FEW && self.largest_d < FEW {
            self.sum::<FEW>(tau, delta)
        } else {
            self.sum::<MOST>(tau, delta)
        }
    }

    /// The sum, with room for `N` powers of either.
    fn sum<const N: usize>(&self, tau: f64, delta: f64) -> Alpha {
        let ln_tau = tau.ln();
        let mut taus = [0.0; N];
        for (power, &t) in taus.iter_mut().zip(&self.exponents) {
            *power = (t * ln_tau).exp();
        }
        let mut deltas = [1.0; N];
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
            for row in &run.rows {
                let (mut v, mut vt, mut vtt) = (0.0, 0.0, 0.0);
                for m in &row.terms {
                    let power = taus[m.column];
                    v += m.n * power;
                    vt += m.nt * power;
                    vtt += m.ntt * power;
                }
                let (f, d) = (e * deltas[row.d], row.d as f64);
                let a = d - q;
                sum.a += f * v;
                sum.d += f * a * v;
                sum.t += f * vt;
                sum.dd += f * (a * a - d - l1 * q) * v;
                sum.dt += f * a * vt;
                sum.tt += f * vtt;
            }
        }
        for g in &self.gaussians {
            let (x, y) = (delta - g.epsilon, tau - g.gamma);
            let exponent = -g.eta * x * x - g.beta * y * y;
            if exponent < NOTHING {
                continue;
            }
            let (d, ed, bt) = (f64::from(g.d), 2.0 * g.eta * delta, 2.0 * g.beta * tau);
            let f = g.n * deltas[g.d as usize] * (g.t * ln_tau + exponent).exp();
            sum.add(f, (d - ed * x, -d - ed * delta), (g.t - bt * y, -g.t - bt * tau));
        }
        for term in &self.rare {
            term.add(&mut sum, tau, ln_tau, delta);
        }
        sum
    }
}
