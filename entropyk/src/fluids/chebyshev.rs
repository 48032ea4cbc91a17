//! Several functions of one variable at once, as piecewise Chebyshev series that are split until
//! they are exact.

use std::f64::consts::PI;

/// How many terms a piece has.
const TERMS: usize = 17;

/// `N` functions over one interval.
#[derive(Debug, Clone)]
pub(super) struct Series<const N: usize> {
    pieces: Vec<Piece<N>>,
}

#[derive(Debug, Clone)]
struct Piece<const N: usize> {
    low: f64,
    high: f64,
    c: [[f64; N]; TERMS],
}

impl<const N: usize> Series<N> {
    /// Fits `f` between `low` and `high`. A piece is split while its last terms are above
    /// `tolerance`, but not below `finest`; pieces are made from `high` downwards, so that `f` can
    /// start from what it was asked before.
    pub(super) fn fit<E>(
        low: f64,
        high: f64,
        finest: f64,
        tolerance: &[f64; N],
        f: &mut impl FnMut(f64) -> Result<[f64; N], E>,
    ) -> Result<Self, E> {
        let mut pieces = Vec::new();
        let mut left = vec![(low, high)];
        while let Some((low, high)) = left.pop() {
            let piece = Piece::new(low, high, f)?;
            if high - low > finest && !piece.settled(tolerance) {
                let middle = 0.5 * (low + high);
                left.push((low, middle));
                left.push((middle, high));
            } else {
                pieces.push(piece);
            }
        }
        pieces.reverse();
        Ok(Self { pieces })
    }

    #[inline]
    fn piece(&self, x: f64) -> &Piece<N> {
        let i = self.pieces.partition_point(|piece| piece.high < x);
        &self.pieces[i.min(self.pieces.len() - 1)]
    }

    /// All functions at `x`.
    #[inline]
    pub(super) fn at(&self, x: f64) -> [f64; N] {
        let piece = self.piece(x);
        let u = piece.scaled(x);
        let (mut b1, mut b2) = ([0.0; N], [0.0; N]);
        for c in piece.c[1..].iter().rev() {
            for i in 0..N {
                let b = c[i] + 2.0 * u * b1[i] - b2[i];
                b2[i] = b1[i];
                b1[i] = b;
            }
        }
        let mut value = piece.c[0];
        for i in 0..N {
            value[i] += u * b1[i] - b2[i];
        }
        value
    }

    /// All functions at `x`, and their derivatives.
    pub(super) fn with_slopes(&self, x: f64) -> ([f64; N], [f64; N]) {
        let piece = self.piece(x);
        let u = piece.scaled(x);
        let ([mut b1, mut b2], [mut d1, mut d2]) = ([[0.0; N]; 2], [[0.0; N]; 2]);
        for c in piece.c[1..].iter().rev() {
            for i in 0..N {
                let d = 2.0 * (b1[i] + u * d1[i]) - d2[i];
                (d2[i], d1[i]) = (d1[i], d);
                let b = c[i] + 2.0 * u * b1[i] - b2[i];
                (b2[i], b1[i]) = (b1[i], b);
            }
        }
        let (mut value, mut slope) = (piece.c[0], [0.0; N]);
        let scale = 2.0 / (piece.high - piece.low);
        for i in 0..N {
            value[i] += u * b1[i] - b2[i];
            slope[i] = (b1[i] + u * d1[i] - d2[i]) * scale;
        }
        (value, slope)
    }

    /// Function `i` and its derivative.
    fn slope(&self, i: usize, x: f64) -> (f64, f64) {
        let piece = self.piece(x);
        let u = piece.scaled(x);
        let (mut b1, mut b2, mut d1, mut d2) = (0.0, 0.0, 0.0, 0.0);
        for c in piece.c[1..].iter().rev() {
            let d = 2.0 * b1 + 2.0 * u * d1 - d2;
            (d2, d1) = (d1, d);
            let b = c[i] + 2.0 * u * b1 - b2;
            (b2, b1) = (b1, b);
        }
        let value = piece.c[0][i] + u * b1 - b2;
        (value, (b1 + u * d1 - d2) * 2.0 / (piece.high - piece.low))
    }

    /// Where function `i`, which falls from piece to piece, has a value.
    pub(super) fn falling_inverse(&self, i: usize, value: f64) -> f64 {
        let at_end = |piece: &Piece<N>| piece.c.iter().map(|c| c[i]).sum::<f64>();
        let k = self.pieces.partition_point(|piece| at_end(piece) > value);
        let piece = &self.pieces[k.min(self.pieces.len() - 1)];
        let (mut low, mut high) = (piece.low, piece.high);
        let mut x = 0.5 * (low + high);
        for _ in 0..60 {
            let (f, slope) = self.slope(i, x);
            if f > value {
                low = x;
            } else {
                high = x;
            }
            let newton = x - (f - value) / slope;
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let step = (next - x).abs();
            x = next;
            if step <= 4e-16 * high {
                break;
            }
        }
        x
    }
}

impl<const N: usize> Piece<N> {
    fn new<E>(
        low: f64,
        high: f64,
        f: &mut impl FnMut(f64) -> Result<[f64; N], E>,
    ) -> Result<Self, E> {
        let mut values = [[0.0; N]; TERMS];
        for (k, value) in values.iter_mut().enumerate() {
            let u = (PI * (k as f64 + 0.5) / TERMS as f64).cos();
            *value = f(0.5 * (low + high) + 0.5 * (high - low) * u)?;
        }
        let mut c = [[0.0; N]; TERMS];
        for (j, row) in c.iter_mut().enumerate() {
            let weight = if j == 0 { 1.0 } else { 2.0 } / TERMS as f64;
            for (k, value) in values.iter().enumerate() {
                let w = weight * (PI * j as f64 * (k as f64 + 0.5) / TERMS as f64).cos();
                for i in 0..N {
                    row[i] += w * value[i];
                }
            }
        }
        Ok(Self { low, high, c })
    }

    fn settled(&self, tolerance: &[f64; N]) -> bool {
        (0..N).all(|i| self.c[TERMS - 2..].iter().all(|row| row[i].abs() <= tolerance[i]))
    }

    #[inline]
    fn scaled(&self, x: f64) -> f64 {
        (2.0 * x - self.low - self.high) / (self.high - self.low)
    }
}
