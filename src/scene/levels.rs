//! The finest levels of a maximum mipmap over a square part of a DEM, on the host: number for
//! number what `shaders/pyramid_base.comp`, `pyramid_slopes.comp` and `pyramid_reduce.comp` make of
//! the whole.

use super::roughness::{Slopes, relief_word};
use crate::error::{Result, try_vec};

/// What a cell without ground has.
pub const NOTHING: f32 = -3.4e38;

/// One level, row-major. All but `reliefs` are relative to the reference height.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// Cells a side.
    pub side: usize,
    /// Greatest height in a cell.
    pub maxima: Vec<f32>,
    /// The same of the negated heights.
    pub mirror: Vec<f32>,
    /// Mean of its patches; of level 1 it is not known.
    pub means: Vec<f32>,
    /// Their slopes, as a word; of levels 1 and 2 they are not known.
    pub slopes: Vec<f32>,
    /// How far the mean lies below the maxima of the cells two levels finer, on the average, and
    /// how far slopes deviate from theirs, as a word; 0 at levels 1 and 2.
    pub reliefs: Vec<f32>,
}

/// A square part of a DEM: `patches` a side, with one more sample; past the DEM's far edges its
/// last samples are repeated.
#[derive(Clone, Copy, Debug)]
pub struct Part<'h> {
    /// Row-major, `pitch` a row, from the first sample of the first patch on.
    pub heights: &'h [f32],
    /// Samples from one row to the next.
    pub pitch: usize,
    /// A multiple of 2^levels.
    pub patches: usize,
    /// Patches across and down that are of the DEM.
    pub inside: [usize; 2],
    /// Whether any height may be NaN.
    pub holes: bool,
}

impl Part<'_> {
    /// Levels 1 to `coarsest`.
    pub fn levels(&self, coarsest: u32, reference: f32) -> Result<Vec<Level>> {
        let mut levels = try_vec(coarsest as usize, "levels of a part of the DEM")?;
        levels.push(self.finest(reference)?);
        while levels.len() < coarsest as usize {
            let [.., finest, finer] = levels.as_slice() else {
                let second =
                    levels.first().map(|finest| self.second(finest, reference)).transpose()?;
                levels.extend(second);
                continue;
            };
            let width = self.patches / finest.side;
            let known = if levels.len() == 2 { Some(self.slopes()?) } else { None };
            let next = coarser(finest, finer, known, 1.0 / (width * width) as f32)?;
            levels.push(next);
        }
        Ok(levels)
    }

    /// Maxima and mirror image of one level.
    pub fn maxima(&self, level: u32, reference: f32) -> Result<Level> {
        let mut found = self.finest(reference)?;
        for _ in 1..level {
            (found, _) = found.halved()?;
        }
        Ok(found)
    }

    /// Level 2, whose means are those of 4 x 4 patches; beyond the last row and column the ground
    /// goes on level.
    fn second(&self, finest: &Level, reference: f32) -> Result<Level> {
        let (mut level, _) = finest.halved()?;
        for row in 0..level.side {
            let lines = [0, 1, 2, 3, 4].map(|down| {
                let start = (4 * row + down) * self.pitch;
                self.heights.get(start..start + self.patches + 1).unwrap_or_default()
            });
            for column in 0..level.side {
                let at = |[line, right]: [usize; 2]| {
                    lines[line].get(4 * column + right).copied().unwrap_or(f32::NAN)
                };
                let (sum, count) =
                    if self.holes { mean_of_solid(at) } else { (mean_of_all(at), 1.0) };
                let ground = 4 * column < self.inside[0] && 4 * row < self.inside[1] && count > 0.0;
                level.means.push(if ground { sum / count - reference } else { NOTHING });
            }
        }
        Ok(level)
    }

    /// Slopes of level 3, as `shaders/pyramid_slopes.comp` has them.
    fn slopes(&self) -> Result<Vec<f32>> {
        let side = self.patches / 8;
        let mut slopes = try_vec(side * side, "levels of a part of the DEM")?;
        for row in 0..side {
            for column in 0..side {
                let patches = (0..8).map(|at| [8 * column + at, 8 * row + 1 + 4 * (at % 2)]);
                let (sum, count) = patches
                    .filter_map(|patch| self.slope_of(patch))
                    .fold((Slopes::default(), 0.0), |(sum, count), slope| {
                        (sum.plus(slope), count + 1.0)
                    });
                slopes.push(sum.mean_of_patches(count).word());
            }
        }
        Ok(slopes)
    }

    /// The slope of a patch, if it is ground.
    fn slope_of(&self, [column, row]: [usize; 2]) -> Option<Slopes> {
        let place = row * self.pitch + column;
        let (&[x, y], &[z, w]) = (
            self.heights.get(place..)?.first_chunk()?,
            self.heights.get(place + self.pitch..)?.first_chunk()?,
        );
        let ground = column < self.inside[0] && row < self.inside[1];
        let hole = self.holes && [x, y, z, w].iter().any(|corner| corner.is_nan());
        (ground && !hole).then(|| Slopes::of_patch([x, y, z, w]))
    }

    fn finest(&self, reference: f32) -> Result<Level> {
        let side = self.patches / 2;
        let mut level = Level::empty(side)?;
        let whole = !self.holes && self.inside.iter().all(|&inside| inside >= self.patches);
        let mut lines = Lines::new(self.patches + 1)?;
        for row in 0..side {
            let rows = [0, 1, 2].map(|down| {
                let start = (2 * row + down) * self.pitch;
                self.heights.get(start..start + self.patches + 1).unwrap_or_default()
            });
            if whole {
                lines.measure(rows, reference, &mut level);
            } else {
                (0..side)
                    .for_each(|column| self.measure(rows, [column, row], reference, &mut level));
            }
        }
        Ok(level)
    }

    /// A cell that may have patches without ground, or beyond the DEM.
    fn measure(
        &self,
        rows: [&[f32]; 3],
        [column, row]: [usize; 2],
        reference: f32,
        level: &mut Level,
    ) {
        let (mut top, mut bottom) = (NOTHING, NOTHING);
        for (right, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let at = 2 * column + right;
            let sample =
                |down: usize, right: usize| rows[down].get(at + right).copied().unwrap_or(f32::NAN);
            let corners =
                [sample(down, 0), sample(down, 1), sample(down + 1, 0), sample(down + 1, 1)];
            if corners.iter().any(|corner| corner.is_nan()) {
                continue;
            }
            let [x, y, z, w] = corners;
            top = top.max(x.max(y).max(z.max(w)));
            bottom = bottom.max(-x.min(y).min(z.min(w)));
        }
        let outside = 2 * column >= self.inside[0] || 2 * row >= self.inside[1] || top <= NOTHING;
        level.maxima.push(if outside { NOTHING } else { top - reference });
        level.mirror.push(if outside { NOTHING } else { bottom + reference });
    }
}

impl Level {
    fn empty(side: usize) -> Result<Self> {
        let cells = || try_vec(side * side, "levels of a part of the DEM");
        let mut reliefs = cells()?;
        reliefs.resize(side * side, 0.0);
        Ok(Self {
            side,
            maxima: cells()?,
            mirror: cells()?,
            means: cells()?,
            slopes: cells()?,
            reliefs,
        })
    }

    /// Maxima and mirror image of the next coarser level, and for each of its cells the first four
    /// of these.
    fn halved(&self) -> Result<(Self, impl Iterator<Item = [usize; 4]> + use<>)> {
        let (side, pitch) = (self.side / 2, self.side);
        let mut level = Self::empty(side)?;
        let cells =
            move || (0..side * side).map(move |cell| 2 * (cell / side) * pitch + 2 * (cell % side));
        let fours =
            move || cells().map(move |first| [first, first + 1, first + pitch, first + pitch + 1]);
        for four in fours() {
            let greatest = |plane: &[f32]| {
                let [a, b, c, d] = four.map(|at| plane.get(at).copied().unwrap_or(NOTHING));
                a.max(b).max(c.max(d))
            };
            level.maxima.push(greatest(&self.maxima));
            level.mirror.push(greatest(&self.mirror));
        }
        Ok((level, fours()))
    }
}

/// Lines of numbers over a row of cells, for vector instructions.
struct Lines {
    highest: Vec<f32>,
    lowest: Vec<f32>,
}

impl Lines {
    fn new(samples: usize) -> Result<Self> {
        let line = || try_vec(samples, "a line of the DEM");
        Ok(Self { highest: line()?, lowest: line()? })
    }

    /// A row of cells that are all ground.
    fn measure(&mut self, rows: [&[f32]; 3], reference: f32, level: &mut Level) {
        let [a, b, c] = rows;
        // Plain compares: the compiler makes vector maxima of them.
        let greater = |a: f32, b: f32| if a > b { a } else { b };
        let less = |a: f32, b: f32| if a < b { a } else { b };
        let columns = || a.iter().zip(b).zip(c);
        self.highest.clear();
        self.highest.extend(columns().map(|((a, b), c)| greater(greater(*a, *b), *c)));
        self.lowest.clear();
        self.lowest.extend(columns().map(|((a, b), c)| less(less(*a, *b), *c)));
        let side = level.side;
        let three = |line| steps(line, 0).zip(steps(line, 1)).zip(steps(line, 2)).take(side);
        let highest = |((a, b), c): ((&f32, &f32), &f32)| greater(greater(*a, *b), *c) - reference;
        let lowest = |((a, b), c): ((&f32, &f32), &f32)| -less(less(*a, *b), *c) + reference;
        level.maxima.extend(three(self.highest.as_slice()).map(highest));
        level.mirror.extend(three(self.lowest.as_slice()).map(lowest));
    }
}

/// Every other number of a line from one on.
fn steps(line: &[f32], from: usize) -> impl Iterator<Item = &f32> {
    line.get(from..).unwrap_or_default().iter().step_by(2)
}

/// The mean of 4 x 4 patches that are all ground: each sample counts as often as they have it for a
/// corner.
fn mean_of_all(at: impl Fn([usize; 2]) -> f32) -> f32 {
    let three = |line: usize| (at([line, 1]) + at([line, 2])) + at([line, 3]);
    let ends = |line: usize| at([line, 0]) + at([line, 4]);
    let rims = (ends(0) + 2.0 * three(0)) + (ends(4) + 2.0 * three(4));
    let sides = (ends(1) + ends(2)) + ends(3);
    (rims + (2.0 * sides + 4.0 * ((three(1) + three(2)) + three(3)))) / 64.0
}

/// The sum of the means of those of 4 x 4 patches that are ground, and how many they are.
fn mean_of_solid(at: impl Fn([usize; 2]) -> f32) -> (f32, f32) {
    let patch = |line: usize, column: usize| {
        let [x, y] = [0, 1].map(|right| at([line, column + right]));
        let [z, w] = [0, 1].map(|right| at([line + 1, column + right]));
        let hole = [x, y, z, w].iter().any(|corner| corner.is_nan());
        if hole { [0.0; 2] } else { [0.25 * ((x + y) + (z + w)), 1.0] }
    };
    let add = |a: [f32; 2], b: [f32; 2]| [a[0] + b[0], a[1] + b[1]];
    let four = |line: usize, column: usize| {
        let north = add(patch(line, column), patch(line, column + 1));
        add(north, add(patch(line + 1, column), patch(line + 1, column + 1)))
    };
    let [sum, count] = add(add(four(0, 0), four(0, 2)), add(four(2, 0), four(2, 2)));
    (sum, count)
}

/// The level above `finer`, which is above `finest`, of which `per_cell` is 1 / square of a cell's
/// patches a side. Its slopes may be `known`.
fn coarser(finest: &Level, finer: &Level, known: Option<Vec<f32>>, per_cell: f32) -> Result<Level> {
    let (mut level, fours) = finer.halved()?;
    level.reliefs.clear();
    let add = |[sum, count]: [f32; 2], height: f32| {
        if height > NOTHING { [sum + height, count + 1.0] } else { [sum, count] }
    };
    for (cell, four) in fours.enumerate() {
        let means = four
            .map(|at| finer.means.get(at).copied().unwrap_or(NOTHING))
            .into_iter()
            .fold([0.0; 2], add);
        let first = 4 * (cell / level.side) * finest.side + 4 * (cell % level.side);
        let rows = [0, 1, 2, 3].map(|row| {
            let tops = finest.maxima.get(first + row * finest.side..).unwrap_or_default();
            [0, 1, 2, 3].map(|column| tops.get(column).copied().unwrap_or(NOTHING))
        });
        let tops = rows.as_flattened().iter().fold([0.0; 2], |sum, top| add(sum, *top));
        let ground = means[1] > 0.0 && tops[1] > 0.0;
        let mean = if ground { means[0] / means[1] } else { NOTHING };
        level.means.push(mean);
        let [a, b, c, d] =
            four.map(|at| Slopes::in_word(finer.slopes.get(at).copied().unwrap_or(0.0)));
        let word = match &known {
            Some(known) => known.get(cell).copied().unwrap_or(0.0),
            None if ground => a.plus(b).plus(c.plus(d)).mean(means[1]).word(),
            None => 0.0,
        };
        level.slopes.push(word);
        let slopes = Slopes::in_word(word);
        let deviation = slopes.deviation_from(slope_of_surface(rows, per_cell));
        let relief = if ground { (tops[0] / tops[1] - mean).max(0.0) } else { 0.0 };
        level.reliefs.push(relief_word(relief, deviation));
    }
    Ok(level)
}

/// The mean square of the slope from maximum to maximum of 4 x 4 cells, which are given row by row,
/// [`NOTHING`] where there is no ground: of every other row and column.
fn slope_of_surface(tops: [[f32; 4]; 4], per_cell: f32) -> f32 {
    let steps = |[a, b, c, d]: [f32; 4]| {
        let [from, to] = [[a, b, c], [b, c, d]];
        let known = [0, 1, 2].map(|at: usize| from[at] > NOTHING && to[at] > NOTHING);
        let [x, y, z] = [0, 1, 2].map(|at: usize| if known[at] { to[at] - from[at] } else { 0.0 });
        let [a, b, c] = known.map(|known| if known { 1.0_f32 } else { 0.0 });
        [(x * x + y * y) + z * z, (a + b) + c]
    };
    let mean = |one: [f32; 4], other: [f32; 4]| {
        let [one, other] = [steps(one), steps(other)];
        (one[0] + other[0]) / (one[1] + other[1]).max(1.0)
    };
    let column = |at: usize| tops.map(|row| row[at]);
    (mean(tops[0], tops[2]) + mean(column(0), column(2))) * per_cell
}

#[cfg(test)]
mod tests {
    use super::{Slopes, slope_of_surface};

    #[test]
    fn a_plane_has_no_deviation_and_waves_have_theirs() {
        let plane = |x: f32, y: f32| 0.37 * x - 0.21 * y;
        let waves =
            |x: f32, y: f32| 5.0 * ((x * 1.3).sin() + (y * 1.1).cos() + (0.9 * (x + y)).sin());
        for (height, rough) in [(&plane as &dyn Fn(f32, f32) -> f32, false), (&waves, true)] {
            let slopes = (0..64).fold(Slopes::default(), |sum, patch| {
                let [x, y] = [patch % 8, patch / 8].map(|at| at as f32);
                let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
                    .map(|[a, b]| height(x + a, y + b));
                sum.plus(Slopes::of_patch(corners))
            });
            let slopes = Slopes::in_word(slopes.mean_of_patches(64.0).word());
            let tops = [0, 1, 2, 3].map(|row| {
                [0, 1, 2, 3].map(|column| {
                    let [x, y] = [2 * column, 2 * row];
                    (0..9)
                        .map(|at| height((x + at % 3) as f32, (y + at / 3) as f32))
                        .fold(f32::MIN, f32::max)
                })
            });
            let deviation = slopes.deviation_from(slope_of_surface(tops, 0.25));
            assert_eq!(deviation > 1.0, rough, "{deviation}");
            assert!(rough || deviation < 5e-3, "{deviation}");
        }
    }
}
