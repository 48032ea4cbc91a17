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
        let along = |axis: usize, number: usize| {
            let off = (number as f64 - (side / 2) as f64) * step;
            (middle[axis] + off + 0.5).clamp(0.0, (self.size[axis] - 1) as f64) as usize
        };
        let samples = (0..side).flat_map(|down| {
            let row = along(1, down) * self.size[0];
            (0..side).filter_map(move |right| heights.get(row + along(0, right)).copied())
        });
        let (sum, count) = samples
            .filter(|height| !height.is_nan())
            .fold((0.0, 0), |(sum, count), height| (sum + f64::from(height), count + 1));
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
        [0, 1].map(|axis| {
            (at[axis] - self.first[axis] as f64).clamp(0.0, (self.size[axis] - 1) as f64)
        })
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
mod tests {
    use super::{Height, Heights, Surface, blocks_of};
    use crate::error::Result;
    use crate::scene::survey::Plan;
    use crate::scene::{Survey, Windows};
    use std::sync::Arc;

    fn surface(side: usize, heights: impl Fn(usize, usize) -> f32) -> Surface {
        let samples = (0..side).flat_map(|row| (0..side).map(move |column| (column, row)));
        let samples: Vec<f32> = samples.map(|(column, row)| heights(column, row)).collect();
        Surface {
            first: [2, 1],
            size: [side; 2],
            range: [-50.0, 50.0],
            kind: Heights::Samples { heights: samples, blocks: Vec::new() },
        }
    }

    #[test]
    fn ground_under_a_mark_is_as_high_as_told() {
        let surface = surface(9, |column, row| ((column * 37 + row * 91) % 23) as f32);
        let Heights::Samples { heights, .. } = &surface.kind else { unreachable!() };
        let places = [[5.3, 4.2], [2.0, 1.0], [10.0, 9.0], [9.9, 1.4]];
        for at in places {
            let Some(exact) = surface.height(at, 0.0) else { unreachable!() };
            assert_eq!((Some(exact.middle), exact.off), (surface.at(heights, at), 0.0));
            for beside in [0.4, 1.5, 3.0] {
                let Some(wide) = surface.height(at, beside) else { unreachable!() };
                for step in 0..100 {
                    let turn = f64::from(step);
                    let far = beside * turn / 100.0;
                    let place = [at[0] + far * turn.cos(), at[1] + far * turn.sin()];
                    let Some(height) = surface.at(heights, place) else { unreachable!() };
                    assert!((height - wide.middle).abs() <= wide.off + 1e-4, "{at:?} {beside}");
                }
            }
        }
    }

    #[test]
    fn under_a_mark_beyond_what_is_looked_at_the_ground_may_be_any() {
        let mut surface = surface(600, |column, row| ((column * 37 + row * 91) % 23) as f32);
        if let Heights::Samples { heights, blocks } = &mut surface.kind {
            *blocks = blocks_of(heights, 600);
        }
        let any = Some(Height { middle: 0.0, off: 50.0 });
        assert_eq!(surface.height([36.0, 36.0], 1e9), any);
        assert!(surface.height([36.0, 36.0], 30.0).is_some_and(|height| height.off < 12.0));
    }

    #[test]
    fn under_wide_marks_blocks_hold_what_samples_do() {
        let hole = |column: usize, row: usize| {
            if column % 11 == 4 { f32::NAN } else { ((column * 37 + row * 91) % 83) as f32 - 40.0 }
        };
        let (exact, mut blocked) = (surface(70, hole), surface(70, hole));
        if let Heights::Samples { heights, blocks } = &mut blocked.kind {
            *blocks = blocks_of(heights, 70);
        }
        for at in [[2.0, 1.0], [30.5, 44.2], [71.0, 70.0]] {
            for beside in [0.4, 9.0, 13.0, 25.0] {
                let [exact, wide] = [&exact, &blocked].map(|own| own.height(at, beside));
                let (Some(exact), Some(wide)) = (exact, wide) else { unreachable!() };
                assert!(wide.middle - wide.off <= exact.middle - exact.off + 1e-4);
                assert!(wide.middle + wide.off >= exact.middle + exact.off - 1e-4);
                assert!(beside > 10.0 || wide == exact);
            }
        }
    }

    struct Raster;

    const SIZE: [usize; 2] = [65, 60];

    fn sample(column: usize, row: usize) -> f32 {
        (column + 2 * row) as f32
    }

    impl Windows for Raster {
        fn size(&self) -> [usize; 2] {
            SIZE
        }

        fn read(&self, [column, row, columns, _]: [usize; 4], target: &mut [f32]) -> Result<()> {
            for (down, line) in target.chunks_exact_mut(columns).enumerate() {
                for (right, height) in line.iter_mut().enumerate() {
                    *height = sample(column + right, row + down);
                }
            }
            Ok(())
        }
    }

    #[test]
    fn what_a_survey_has_kept_holds_the_ground_under_a_mark() {
        let plan = Plan { level: 3, fine: 3, cells: [64, 64], exact: true };
        let Ok(survey) = Survey::of(&Raster, plan, &|| false, &|_| Ok(())) else { unreachable!() };
        let kind = Heights::Surveyed(Arc::new(survey));
        let surface = Surface { first: [8, 5], size: [57, 55], range: [-50.0, 150.0], kind };
        for at in [[8.0, 5.0], [15.9, 16.0], [40.2, 31.5], [64.0, 59.0]] {
            for beside in [0.0, 0.4, 3.0, 20.0, 1e9] {
                let Some(Height { middle, off }) = surface.height(at, beside) else {
                    unreachable!()
                };
                let side = |axis: usize| {
                    let [low, high] = [at[axis] - beside, at[axis] + beside];
                    low.max([8.0, 5.0][axis]) as usize..=high.min(SIZE[axis] as f64 - 1.0) as usize
                };
                for (column, row) in side(1).flat_map(|row| side(0).map(move |at| (at, row))) {
                    assert!((sample(column, row) - middle).abs() <= off + 1e-4, "{at:?} {beside}");
                }
                assert!(beside > 3.0 || off < 25.0, "{at:?} {beside}: {off}");
            }
        }
    }

    #[test]
    fn in_a_hole_there_is_what_ground_there_is_around_it() {
        let hole = |column: usize, row: usize| {
            if column == 4 || row > 6 { f32::NAN } else { column as f32 }
        };
        let surface = surface(9, hole);
        let beside_hole = surface.height([5.5, 3.0], 0.0);
        assert_eq!(beside_hole.map(|height| height.middle), Some(3.0));
        assert_eq!(surface.height([4.0, 9.0], 0.0), None);
    }
}
