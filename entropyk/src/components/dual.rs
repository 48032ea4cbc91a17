//! Numbers that carry their derivatives by the variables of one equation, so that every Jacobian is
//! exact.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// How many variables one equation may have.
pub const MOST: usize = 12;

/// A value and its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    /// The value.
    pub v: f64,
    /// The derivative by each variable of the equation, in its order.
    pub d: [f64; MOST],
}

impl Dual {
    /// A number that depends on nothing.
    #[must_use]
    pub fn constant(v: f64) -> Self {
        Self { v, d: [0.0; MOST] }
    }

    /// Variable `k` itself.
    #[must_use]
    pub fn variable(v: f64, k: usize) -> Self {
        let mut d = [0.0; MOST];
        d[k] = 1.0;
        Self { v, d }
    }

    /// A function of `self`, by its value and slope.
    #[must_use]
    pub fn chain(self, v: f64, slope: f64) -> Self {
        Self { v, d: self.d.map(|d| slope * d) }
    }

    /// A function of two numbers, by its value and slopes.
    #[must_use]
    pub fn chain2(v: f64, a: Self, by_a: f64, b: Self, by_b: f64) -> Self {
        let mut d = [0.0; MOST];
        for (k, d) in d.iter_mut().enumerate() {
            *d = by_a * a.d[k] + by_b * b.d[k];
        }
        Self { v, d }
    }

    /// The natural logarithm.
    #[must_use]
    pub fn ln(self) -> Self {
        self.chain(self.v.ln(), 1.0 / self.v)
    }

    /// e to the power of it.
    #[must_use]
    pub fn exp(self) -> Self {
        let e = self.v.exp();
        self.chain(e, e)
    }

    /// It to a power that is a number; whole ones of numbers below 0 too.
    #[must_use]
    pub fn pow(self, k: f64) -> Self {
        if k == 1.0 {
            return self;
        }
        self.chain(self.v.powf(k), k * self.v.powf(k - 1.0))
    }

    /// The square root; where the number is not positive, one whose slope is finite.
    #[must_use]
    pub fn sqrt(self) -> Self {
        let root = self.v.max(1e-300).sqrt();
        self.chain(root, 0.5 / root)
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::chain2(self.v + o.v, self, 1.0, o, 1.0)
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::chain2(self.v - o.v, self, 1.0, o, -1.0)
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self::chain2(self.v * o.v, self, o.v, o, self.v)
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        Self::chain2(self.v / o.v, self, 1.0 / o.v, o, -self.v / (o.v * o.v))
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        self * -1.0
    }
}

impl Add<f64> for Dual {
    type Output = Self;
    fn add(self, k: f64) -> Self {
        Self { v: self.v + k, ..self }
    }
}

impl Sub<f64> for Dual {
    type Output = Self;
    fn sub(self, k: f64) -> Self {
        self + -k
    }
}

impl Mul<f64> for Dual {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        self.chain(self.v * k, k)
    }
}
