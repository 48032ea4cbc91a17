//! Lines and surfaces between points, and functions from outside: what part load is known by.

use std::fmt::Debug;

use super::dual::Dual;
use crate::{Error, Result};

/// A line through points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
    extrapolate: bool,
}

impl Curve {
    /// A line through points of rising x; beyond them it is level, or goes on as its last pieces.
    pub fn new(x: Vec<f64>, y: Vec<f64>, extrapolate: bool) -> Result<Self> {
        let finite = x.iter().chain(&y).all(|v| v.is_finite());
        if x.len() < 2 || x.len() != y.len() || !finite || x.windows(2).any(|w| w[0] >= w[1]) {
            return Err(Error::Validation(format!(
                "Curve: expected at least two finite points of rising x, got {} x and {} y",
                x.len(),
                y.len()
            )));
        }
        Ok(Self { x, y, extrapolate })
    }

    /// The value and slope.
    #[must_use]
    pub fn at(&self, x: f64) -> (f64, f64) {
        let Place { piece, share, slope } = Place::of(&self.x, x, self.extrapolate);
        let rise = self.y[piece + 1] - self.y[piece];
        (self.y[piece] + share * rise, slope * rise)
    }
}

impl Curve {
    /// The least x at which a value is reached between the points; none if it is reached at none or
    /// at all of a piece.
    #[must_use]
    pub fn inverse(&self, y: f64) -> Option<f64> {
        let pieces = self.x.windows(2).zip(self.y.windows(2));
        let within = |b: &[f64]| (b[0].min(b[1])..=b[0].max(b[1])).contains(&y) && b[0] != b[1];
        let mut found = pieces.filter(|(_, b)| within(b));
        found.next().map(|(a, b)| a[0] + (y - b[0]) / (b[1] - b[0]) * (a[1] - a[0]))
    }
}

/// A surface through lines: of each x, z over y.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    x: Vec<f64>,
    y: Vec<Vec<f64>>,
    z: Vec<Vec<f64>>,
    extrapolate: bool,
}

impl Surface {
    /// A surface through lines of rising x, each through as many points of rising y.
    pub fn new(x: Vec<f64>, y: Vec<Vec<f64>>, z: Vec<Vec<f64>>, extrapolate: bool) -> Result<Self> {
        let rising = |v: &[f64]| v.windows(2).all(|w| w[0] < w[1]);
        let many = y.first().map_or(0, Vec::len);
        let same =
            |rows: &[Vec<f64>]| rows.len() == x.len() && rows.iter().all(|r| r.len() == many);
        let finite = x.iter().chain(y.iter().chain(&z).flatten()).all(|v| v.is_finite());
        let shaped = x.len() >= 2 && many >= 2 && same(&y) && same(&z);
        if !(shaped && finite && rising(&x) && y.iter().all(|row| rising(row))) {
            return Err(Error::Validation(
                "Surface: expected at least two finite x, rising, and for each as many y, rising, and z"
                    .to_owned(),
            ));
        }
        Ok(Self { x, y, z, extrapolate })
    }

    /// The value and its derivatives by both.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> (f64, f64, f64) {
        let Place { piece, share, slope } = Place::of(&self.x, x, self.extrapolate);
        let between = |rows: &[Vec<f64>], j: usize| {
            let rise = rows[piece + 1][j] - rows[piece][j];
            (rows[piece][j] + share * rise, slope * rise)
        };
        let line: Vec<f64> = (0..self.y[piece].len()).map(|j| between(&self.y, j).0).collect();
        let along = Place::of(&line, y, self.extrapolate);
        let j = along.piece;
        let [(ya, ya_x), (yb, yb_x)] = [between(&self.y, j), between(&self.y, j + 1)];
        let [(za, za_x), (zb, zb_x)] = [between(&self.z, j), between(&self.z, j + 1)];
        // the share along y moves with x too, but for beyond the ends
        let moved = -(ya_x + along.share * (yb_x - ya_x)) / (yb - ya)
            * f64::from(u8::from(along.slope > 0.0));
        let by_x = za_x + along.share * (zb_x - za_x) + (zb - za) * moved;
        (za + along.share * (zb - za), by_x, along.slope * (zb - za))
    }
}

/// Which piece a number is in, its share of it, and how fast that grows.
struct Place {
    piece: usize,
    share: f64,
    slope: f64,
}

impl Place {
    fn of(points: &[f64], x: f64, extrapolate: bool) -> Self {
        let last = points.len() - 1;
        let piece = points.partition_point(|p| *p < x).clamp(1, last) - 1;
        let slope = 1.0 / (points[piece + 1] - points[piece]);
        let share = (x - points[piece]) * slope;
        if extrapolate || (0.0..=1.0).contains(&share) {
            return Self { piece, share, slope };
        }
        Self { piece, share: share.clamp(0.0, 1.0), slope: 0.0 }
    }
}

/// A function of variables from outside, which a law makes zero.
pub trait Function: Debug + Send + Sync {
    /// Its value.
    fn at(&self, x: &[f64]) -> Result<f64>;
}

/// A function with central differences as derivatives, and its natural size.
pub(super) fn differences(function: &dyn Function, x: &[Dual]) -> Result<(Dual, f64)> {
    let mut at: Vec<f64> = x.iter().map(|x| x.v).collect();
    let middle = function.at(&at)?;
    let mut sum = Dual::constant(middle);
    let mut size = 0.0;
    for (k, variable) in x.iter().enumerate() {
        let (value, step) = (at[k], 1e-5 * at[k].abs().max(1e-3));
        let ends = [step, -step].map(|d| {
            at[k] = value + d;
            function.at(&at)
        });
        at[k] = value;
        let [up, down] = ends;
        let slope = (up? - down?) / (2.0 * step);
        size += (slope * value).abs();
        sum = sum + variable.chain(0.0, slope);
    }
    Ok((sum, size + middle.abs()))
}
