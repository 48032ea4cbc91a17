//! Aqueous solutions that do not compress: Å. Melinder's equations, in `fluids/brines.txt`.
//!
//! With a specific volume v(T), dh = cp dT + (v - T dv/dT) dp and ds = cp dT/T - dv/dT dp; cp does
//! not depend on pressure.

use super::backend::Backend;
use super::single::{Point, Single, single_backend};
use super::state::{Phase, Saturated, State};
use crate::{Error, Result};

const PACK: &str = include_str!("../../fluids/brines.txt");

/// Where enthalpy and entropy are counted from, K, at no pressure.
const ORIGIN: f64 = 273.15;

/// An aqueous solution at a share of what is dissolved.
#[derive(Debug)]
pub struct Brine {
    /// What is dissolved, by its name in [`brines`].
    pub solution: &'static str,
    /// How much of the mass that is.
    pub share: f64,
    name: String,
    range: [f64; 2],
    base: f64,
    /// Coefficients of density and heat capacity by powers of T - base.
    rho: [f64; 4],
    cp: [f64; 4],
    /// The temperature at which it begins to freeze, K.
    pub freezing: f64,
}

/// The names of all brines, each with what is dissolved.
#[must_use]
pub fn brines() -> Vec<(&'static str, &'static str)> {
    PACK.lines().filter_map(|line| line.strip_prefix("brine ")?.split_once(' ')).collect()
}

impl Brine {
    /// The solution of a name, with a share by mass.
    pub fn new(name: &str, share: f64) -> Result<Self> {
        let Some((known, _)) = brines().into_iter().find(|b| b.0.eq_ignore_ascii_case(name)) else {
            let all: Vec<_> =
                brines().iter().map(|(name, what)| format!("{name} ({what})")).collect();
            return Err(Error::fluid(format!("expected one of {}, got {name:?}", all.join(", "))));
        };
        let broken = || Error::fluid(format!("fluids/brines.txt is damaged at {known}"));
        let mut lines =
            PACK.lines().skip_while(|line| !line.starts_with(&format!("brine {known} "))).skip(1);
        let mut numbers = |word: &str| -> Result<Vec<f64>> {
            let line = lines.next().and_then(|line| line.strip_prefix(word)).ok_or_else(broken)?;
            line.split_whitespace().map(|w| w.parse().map_err(|_| broken())).collect()
        };
        let range = numbers("range")?;
        let &[low, high, t_low, t_high, base, middle] = range.as_slice() else {
            return Err(broken());
        };
        if !(low..=high).contains(&share) {
            return Err(Error::fluid(format!(
                "{known}: expected a share from {low} to {high}, got {share}"
            )));
        }
        let polynomial = |terms: Vec<f64>| {
            let mut c = [0.0; 4];
            for term in terms.chunks_exact(3) {
                c[term[0] as usize & 3] += term[2] * (share - middle).powi(term[1] as i32);
            }
            c
        };
        let (rho, cp) = (polynomial(numbers("rho")?), polynomial(numbers("cp")?));
        let freezing = polynomial(numbers("freeze")?)[0];
        let name = format!("{known}[{share}]");
        let solution = known;
        Ok(Self {
            solution,
            share,
            name,
            range: [t_low.max(freezing), t_high],
            base,
            rho,
            cp,
            freezing,
        })
    }
}

fn value(c: &[f64], x: f64) -> f64 {
    c.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

impl Single for Brine {
    fn name(&self) -> &str {
        &self.name
    }

    fn range(&self) -> [f64; 2] {
        self.range
    }

    fn phase(&self) -> Phase {
        Phase::Liquid
    }

    fn point(&self, p: f64, t: f64) -> Point {
        let x = t - self.base;
        let [_, b, c, d] = self.rho;
        let rho = value(&self.rho, x);
        let (rho_t, rho_tt) = (b + x * (2.0 * c + 3.0 * x * d), 2.0 * c + 6.0 * x * d);
        let (v, v_t) = (1.0 / rho, -rho_t / (rho * rho));
        let v_tt = 2.0 * rho_t * rho_t / rho.powi(3) - rho_tt / (rho * rho);
        let heat = |x: f64| {
            x * value(&[self.cp[0], self.cp[1] / 2.0, self.cp[2] / 3.0, self.cp[3] / 4.0], x)
        };
        // cp/T: the polynomial in T - base divided by T leaves a polynomial and a logarithm
        let mut quotient = [0.0; 3];
        let mut carried = 0.0;
        for k in (0..3).rev() {
            carried = self.cp[k + 1] - carried * self.base;
            quotient[k] = carried;
        }
        let rest = self.cp[0] - carried * self.base;
        let entropy = |x: f64| {
            x * value(&[quotient[0], quotient[1] / 2.0, quotient[2] / 3.0], x)
                + rest * (x + self.base).ln()
        };
        let from = ORIGIN - self.base;
        let h_p = v - t * v_t;
        Point {
            h: heat(x) - heat(from) + p * h_p,
            s: entropy(x) - entropy(from) - p * v_t,
            rho,
            cp: value(&self.cp, x) - p * t * v_tt,
            h_p,
            rho_t,
            rho_p: 0.0,
        }
    }
}

single_backend!(Brine);
