//! Numbers that carry their first and second derivatives by two variables, for terms too rare to be
//! worth formulas.

use std::ops::{Add, Mul};

/// A value with its derivatives by x and y.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jet {
    pub(super) v: f64,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) xx: f64,
    pub(super) xy: f64,
    pub(super) yy: f64,
}

impl Jet {
    pub(super) fn constant(v: f64) -> Self {
        Self { v, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0, yy: 0.0 }
    }

    pub(super) fn of_x(v: f64) -> Self {
        Self { x: 1.0, ..Self::constant(v) }
    }

    pub(super) fn of_y(v: f64) -> Self {
        Self { y: 1.0, ..Self::constant(v) }
    }

    pub(super) fn scale(self, k: f64) -> Self {
        self.chain(self.v * k, k, 0.0)
    }

    pub(super) fn shift(self, k: f64) -> Self {
        Self { v: self.v + k, ..self }
    }

    pub(super) fn exp(self) -> Self {
        let e = self.v.exp();
        self.chain(e, e, e)
    }

    pub(super) fn powf(self, n: f64) -> Self {
        let p = self.v.powf(n - 2.0);
        let (first, second) = (n * p * self.v, n * (n - 1.0) * p);
        self.chain(p * self.v * self.v, first, second)
    }

    /// f(self), of which value and derivatives are given.
    fn chain(self, f: f64, f1: f64, f2: f64) -> Self {
        Self {
            v: f,
            x: f1 * self.x,
            y: f1 * self.y,
            xx: f2 * self.x * self.x + f1 * self.xx,
            xy: f2 * self.x * self.y + f1 * self.xy,
            yy: f2 * self.y * self.y + f1 * self.yy,
        }
    }
}

impl Add for Jet {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self {
            v: self.v + o.v,
            x: self.x + o.x,
            y: self.y + o.y,
            xx: self.xx + o.xx,
            xy: self.xy + o.xy,
            yy: self.yy + o.yy,
        }
    }
}

impl Mul for Jet {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self {
            v: self.v * o.v,
            x: self.x * o.v + self.v * o.x,
            y: self.y * o.v + self.v * o.y,
            xx: self.xx * o.v + 2.0 * self.x * o.x + self.v * o.xx,
            xy: self.xy * o.v + self.x * o.y + self.y * o.x + self.v * o.xy,
            yy: self.yy * o.v + 2.0 * self.y * o.y + self.v * o.yy,
        }
    }
}
