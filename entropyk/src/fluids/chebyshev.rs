//! Several functions of one variable at once, as piecewise Chebyshev series that are split until
//! they are exact.

use std::f64::consts::PI;

/// How many terms a piece has.
const TERMS: usize = 17;

/// The same, made even.
const ROOM: usize = 18;

/// `N` functions over one interval.
#[derive(Debug, Clone)]
pub(super) struct Series<const N: usize> {
    pieces: Vec<Piece<N>>,
}

#[derive(Debug, Clone)]
struct Piece<const N: usize> {
    low: f64,
    high: f64,
    /// By Chebyshev's polynomials at first, and then by powers.
    c: [[f64; N]; ROOM],
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
                pieces.push(piece.in_powers());
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

    /// `K` of the functions at `x`, from number `first` on.
    #[inline]
    pub(super) fn some<const K: usize>(&self, x: f64, first: usize) -> [f64; K] {
        let piece = self.piece(x);
        let u = piece.scaled(x);
        let v = u * u;
        // even and odd powers apart: neither waits for the other
        let (mut even, mut odd) = ([0.0; K], [0.0; K]);
        for (c, d) in piece.pairs() {
            for i in 0..K {
                even[i] = even[i] * v + c[first + i];
                odd[i] = odd[i] * v + d[first + i];
            }
        }
        std::array::from_fn(|i| even[i] + u * odd[i])
    }

    /// `K` of the functions at `x`, from number `first` on, and their derivatives.
    #[inline]
    pub(super) fn with_slopes<const K: usize>(&self, x: f64, first: usize) -> ([f64; K], [f64; K]) {
        let piece = self.piece(x);
        let u = piece.scaled(x);
        let v = u * u;
        let [mut even, mut odd, mut by_even, mut by_odd] = [[0.0; K]; 4];
        for (c, d) in piece.pairs() {
            for i in 0..K {
                by_even[i] = by_even[i] * v + even[i];
                by_odd[i] = by_odd[i] * v + odd[i];
                even[i] = even[i] * v + c[first + i];
                odd[i] = odd[i] * v + d[first + i];
            }
        }
        let scale = 2.0 / (piece.high - piece.low);
        let slope = |i: usize| scale * (odd[i] + 2.0 * (u * by_even[i] + v * by_odd[i]));
        (std::array::from_fn(|i| even[i] + u * odd[i]), std::array::from_fn(slope))
    }

    /// Where function `i`, which falls from piece to piece, has a value.
    pub(super) fn falling_inverse(&self, i: usize, value: f64) -> f64 {
        let at_end = |piece: &Piece<N>| piece.c.iter().map(|c| c[i]).sum::<f64>();
        let k = self.pieces.partition_point(|piece| at_end(piece) > value);
        let piece = &self.pieces[k.min(self.pieces.len() - 1)];
        let (mut low, mut high) = (piece.low, piece.high);
        let mut x = 0.5 * (low + high);
        for _ in 0..60 {
            let ([f], [slope]) = self.with_slopes(x, i);
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
        let mut c = [[0.0; N]; ROOM];
        for (j, row) in c[..TERMS].iter_mut().enumerate() {
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

    /// Rows of an even power and of the odd one after it, from the highest down.
    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (&[f64; N], &[f64; N])> {
        self.c.chunks_exact(2).rev().map(|pair| (&pair[0], &pair[1]))
    }

    /// The series in powers, which are sooner summed. Its terms fall faster than those of
    /// Chebyshev's polynomials grow.
    fn in_powers(mut self) -> Self {
        let mut c = [[0.0; N]; ROOM];
        // T_k and T_(k-1) in powers
        let (mut now, mut before) = ([0.0; ROOM], [0.0; ROOM]);
        now[0] = 1.0;
        for (k, row) in self.c[..TERMS].iter().enumerate() {
            for (sum, &share) in c.iter_mut().zip(&now) {
                for i in 0..N {
                    sum[i] += share * row[i];
                }
            }
            let factor = if k == 0 { 1.0 } else { 2.0 };
            let next = |i: usize| factor * if i == 0 { 0.0 } else { now[i - 1] } - before[i];
            (now, before) = (std::array::from_fn(next), now);
        }
        self.c = c;
        self
    }

    fn settled(&self, tolerance: &[f64; N]) -> bool {
        (0..N).all(|i| self.c[TERMS - 2..TERMS].iter().all(|row| row[i].abs() <= tolerance[i]))
    }

    #[inline]
    fn scaled(&self, x: f64) -> f64 {
        (2.0 * x - self.low - self.high) / (self.high - self.low)
    }
}
