//! The ideal part of a Helmholtz equation: that of molecules which do not meet.

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
