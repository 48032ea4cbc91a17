//! The ground's heights under marks and far lines, on the host.

use super::together::side_by_side;
use crate::error::{Result, try_vec, try_zeros};
use crate::render::{Interrupted, Terrain};
use crate::scene::{Survey, Windows};
use std::sync::Arc;

/// Samples, or cells of a survey, that are looked at around a wide mark; under a wider one the
/// ground may be any.
const MOST_LOOKED_AT: usize = 4096;
/// Samples along a side of those that are looked at as one around a mark that is wider than a few.
const BLOCK: usize = 8;
const WIDER: usize = 3 * BLOCK;
/// Rows that are read at a time of a DEM that is not in memory.
const STRIP: usize = 64;

/// Heights over columns and rows of a DEM.
pub(super) struct Surface {
    /// The first column and row of what there is.
    first: [usize; 2],
    /// Columns and rows of it.
    size: [usize; 2],
    /// Least and greatest height of all.
    range: [f32; 2],
    kind: Heights,
}

enum Heights {
    Samples {
        heights: Vec<f32>,
        /// Least and greatest of blocks of them; none where all marks are narrow.
        blocks: Vec<[f32; 2]>,
    },
    /// Of a DEM that is not in memory.
    Surveyed(Arc<Survey>),
}

/// How high the ground at a place and around it is, the DEM's own: no farther off than so much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Height {
    pub(super) middle: f32,
    pub(super) off: f32,
}

impl Surface {
    /// Those of the DEM between two places, in columns and rows, for marks that may be `wide`; None
    /// where these are beside it.
    pub(super) fn under(
        terrain: &Terrain,
        [low, high]: [[f64; 2]; 2],
        wide: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let all = terrain.size();
        // Of nothing both are endless.
        let over = |axis: usize| high[axis] >= 0.0 && low[axis] <= (all[axis] - 1) as f64;
        if !(over(0) && over(1)) {
            return Ok(None);
        }
        let first = [0, 1].map(|axis| (low[axis].max(0.0) as usize).min(all[axis] - 2));
        let end = [0, 1].map(|axis| {
            (high[axis].ceil() as usize).saturating_add(1).clamp(first[axis] + 2, all[axis])
        });
        let size = [end[0] - first[0], end[1] - first[1]];
        let kind = match &terrain.sheets {
            Some(sheets) => Heights::Surveyed(sheets.survey().clone()),
            None => {
                let window = [first[0], first[1], size[0], size[1]].map(|side| side as u32);
                let heights = terrain.read_heights(window, interrupted)?;
                let blocks = if wide { blocks_of(&heights, size[0]) } else { Vec::new() };
                Heights::Samples { heights, blocks }
            }
        };
        Ok(Some(Self { first, size, range: terrain.extent.range, kind }))
    }

    /// Of the samples around places between two of a DEM that is not in memory.
    pub(super) fn read(windows: &dyn Windows, [low, high]: [[f64; 2]; 2]) -> Result<Self> {
        let all = windows.size();
        let first = [0, 1].map(|axis| (low[axis].max(0.0) as usize).min(all[axis] - 2));
        let size = [0, 1].map(|axis| {
            (high[axis].max(0.0) as usize).clamp(first[axis], all[axis] - 2) + 2 - first[axis]
        });
        let mut heights = try_zeros(size[0] * size[1], "the ground under a layer's marks")?;
        windows.read([first[0], first[1], size[0], size[1]], &mut heights)?;
        let range = [f32::NEG_INFINITY, f32::INFINITY];
        let kind = Heights::Samples { heights, blocks: Vec::new() };
        Ok(Self { first, size, range, kind })
    }

    /// All samples, also of a DEM that is not in memory.
    pub(super) fn whole(terrain: &Terrain, interrupted: Interrupted<'_>) -> Result<Self> {
        let size = terrain.size();
        let heights = match &terrain.sheets {
            None => terrain.read_heights([0, 0, size[0] as u32, size[1] as u32], interrupted)?,
            Some(sheets) => {
                let strips = side_by_side(size[1].div_ceil(STRIP), interrupted, |strip| {
                    let first = strip * STRIP;
                    let rows = STRIP.min(size[1] - first);
                    let mut own = try_zeros(size[0] * rows, "the ground under a layer's lines")?;
                    sheets.windows().read([0, first, size[0], rows], &mut own)?;
                    Ok(own)
                })?;
                let mut all = try_vec(size[0] * size[1], "the ground under a layer's lines")?;
                strips.iter().for_each(|own: &Vec<f32>| all.extend_from_slice(own));
                all
            }
        };
        let kind = Heights::Samples { heights, blocks: Vec::new() };
        Ok(Self { first: [0; 2], size, range: terrain.extent.range, kind })
    }

    /// Least and greatest height.
    pub(super) fn range(&self) -> [f32; 2] {
        self.range
    }

    /// Only what is known of blocks, where those are.
    pub(super) fn coarse(mut self) -> Self {
        if let Heights::Samples { heights, blocks } = &mut self.kind
            && !blocks.is_empty()
        {
            *heights = Vec::new();
        }
        self
    }

    /// At a place, in columns and rows, and so many cells `beside` it; None where there is no
    /// ground.
    pub(super) fn height(&self, at: [f64; 2], beside: f64) -> Option<Height> {
        let [low, high] = self.around(at, beside);
        match &self.kind {
            Heights::Surveyed(survey) => {
                // A cell has all samples of its patches; the last patch ends at the last sample.
                let level = survey.plan.level;
                let cells = |axis: usize| {
                    let [from, to] = [low[axis], high[axis] - 1].map(|at| at + self.first[axis]);
                    from >> level..(to >> level) + 1
                };
                let (across, down) = (cells(0), cells(1));
                if across.len() * down.len() > MOST_LOOKED_AT {
                    return Self::of([self.range].into_iter());
                }
                let [maxima, mirror, ..] = &survey.planes;
                Self::of(down.flat_map(|row| {
                    let first = row * survey.plan.cells[0];
                    let line = first + across.start..first + across.end;
                    let [tops, lows] = [maxima, mirror]
                        .map(|plane| plane.get(line.clone()).unwrap_or_default().iter());
                    let range = |(top, low)| [survey.reference - low, survey.reference + top];
                    tops.zip(lows).map(range)
                }))
            }
            Heights::Samples { heights, blocks } => {
                let [across, down] = [0, 1].map(|axis: usize| high[axis] - low[axis] + 1);
                let wide = across.max(down) > WIDER || heights.is_empty();
                if wide && !blocks.is_empty() {
                    let width = self.size[0].div_ceil(BLOCK);
                    let [columns, rows] =
                        [0, 1].map(|axis: usize| low[axis] / BLOCK..high[axis] / BLOCK + 1);
                    if columns.len() * rows.len() > MOST_LOOKED_AT {
                        return Self::of([self.range].into_iter());
                    }
                    let row = |row: usize| {
                        let own = row * width + columns.start..row * width + columns.end;
                        blocks.get(own).unwrap_or_default().iter().copied()
                    };
                    return Self::of(rows.flat_map(row));
                }
                if beside == 0.0
                    && let Some(middle) = self.at(heights, at)
                {
                    return Some(Height { middle, off: 0.0 });
                }
                let row = |row: usize| {
                    let first = row * self.size[0];
                    heights.get(first + low[0]..=first + high[0]).unwrap_or_default()
                };
                let ground = (low[1]..=high[1]).flat_map(row).filter(|height| !height.is_nan());
                Self::of(ground.map(|height| [*height; 2]))
            }
        }
    }

    /// The mean around a place, of samples over a square so many cells wide, no more than five along
    /// a side; of less than two cells the height there. None where there is no ground.
    pub(super) fn mean(&self, at: [f64; 2], wide: f64) -> Option<f64> {
        let Heights::Samples { heights, .. } = &self.kind else { return None };
        if wide < 2.0 {
            return self.at(heights, at).map(f64::from);
        }
        let step = (wide / 5.0).max(1.0);
        let side = ((wide / step) as usize).clamp(3, 5) | 1;
        let middle = self.inside(at);
        let mut samples = [[0_usize; 5]; 2];
        for axis in 0..2 {
            let last = (self.size[axis] - 1) as f64;
            for (number, sample) in samples[axis][..side].iter_mut().enumerate() {
                let off = (number as f64 - (side / 2) as f64) * step;
                *sample = (middle[axis] + off + 0.5).clamp(0.0, last) as usize;
            }
        }
        let [columns, rows] = &samples;
        let (mut sum, mut count) = (0.0, 0);
        for row in &rows[..side] {
            let row = heights.get(row * self.size[0]..(row + 1) * self.size[0])?;
            for height in columns[..side].iter().map(|column| row[*column]) {
                sum += if height.is_nan() { 0.0 } else { f64::from(height) };
                count += i32::from(!height.is_nan());
            }
        }
        (count > 0).then(|| sum / f64::from(count))
    }

    /// Anywhere in what has such ranges.
    fn of(ranges: impl Iterator<Item = [f32; 2]>) -> Option<Height> {
        let mut found = [f32::INFINITY, f32::NEG_INFINITY];
        for [low, high] in ranges {
            found = [found[0].min(low), found[1].max(high)];
        }
        let middle = 0.5 * (found[0] + found[1]);
        (found[0] <= found[1]).then_some(Height { middle, off: found[1] - middle })
    }

    /// A place in what there is, counted from its corner.
    fn inside(&self, at: [f64; 2]) -> [f64; 2] {
        let within = |axis: usize| {
            (at[axis] - self.first[axis] as f64).clamp(0.0, (self.size[axis] - 1) as f64)
        };
        [within(0), within(1)]
    }

    /// The first and the last samples of the patches around a place.
    fn around(&self, at: [f64; 2], beside: f64) -> [[usize; 2]; 2] {
        let low = self.inside(at.map(|along| along - beside));
        let high = self.inside(at.map(|along| along + beside));
        let last = |axis: usize| self.size[axis] - 1;
        [
            [0, 1].map(|axis: usize| (low[axis] as usize).min(last(axis) - 1)),
            [0, 1].map(|axis: usize| (high[axis] as usize + 1).min(last(axis))),
        ]
    }

    /// The height at a place; None in a hole.
    fn at(&self, heights: &[f32], at: [f64; 2]) -> Option<f32> {
        let [x, y] = self.inside(at);
        let (left, top) = ((x as usize).min(self.size[0] - 2), (y as usize).min(self.size[1] - 2));
        let (u, v) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let first = top * self.size[0] + left;
        let upper = heights.get(first..first + 2)?;
        let lower = heights.get(first + self.size[0]..first + self.size[0] + 2)?;
        let (north, south) =
            (upper[0] + u * (upper[1] - upper[0]), lower[0] + u * (lower[1] - lower[0]));
        let height = north + v * (south - north);
        (!height.is_nan()).then_some(height)
    }
}

/// Least and greatest of each block; of one that is all hole none.
fn blocks_of(heights: &[f32], columns: usize) -> Vec<[f32; 2]> {
    let wide = columns.div_ceil(BLOCK);
    let mut blocks = Vec::with_capacity(wide * heights.len().div_ceil(columns * BLOCK));
    for rows in heights.chunks(columns * BLOCK) {
        let first = blocks.len();
        blocks.resize(first + wide, [f32::INFINITY, f32::NEG_INFINITY]);
        for row in rows.chunks(columns) {
            for (block, own) in blocks[first..].iter_mut().zip(row.chunks(BLOCK)) {
                // Of two numbers `min` and `max` take the one that is there.
                *block = own
                    .iter()
                    .fold(*block, |[low, high], height| [low.min(*height), high.max(*height)]);
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests;
