//! How far things rise over the ground under them: tiles that may see them go as far together as
//! rays that are lower by that.

use crate::error::{Result, try_vec};
use crate::scene::{Heightfield, Survey};
use std::sync::Arc;

/// Samples, or squares of them, under a thing that are looked at: under a larger one the ground may
/// be as low as the DEM's lowest.
const MOST_LOOKED_AT: usize = 4096;
/// Samples along a side of a square.
const SIDE: usize = 8;

/// Of several things.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rise {
    pub(super) most: f64,
    /// Under some of them there is no ground.
    pub(super) ungrounded: bool,
}

impl Rise {
    /// Takes note of a thing that reaches up to `top`, and of the lowest ground under it, if there
    /// is any everywhere.
    pub(super) fn note(&mut self, top: f64, lowest: Option<f64>) {
        match lowest {
            Some(lowest) => self.most = self.most.max(top - lowest),
            None => self.ungrounded = true,
        }
    }
}

/// A box seen from above, in columns and rows: its least and its greatest corner.
pub(super) type Box2 = [[f64; 2]; 2];

/// The lowest of a field's heights under a box; None beyond it and over holes.
pub(super) fn lowest_under(field: &Heightfield, bounds: Box2) -> Option<f64> {
    let width = field.columns();
    let least = || field.range().map(|range| f64::from(range[0]));
    let all = if field.has_holes() { None } else { least() };
    lowest_in(field.heights(), width, [width, field.rows()], bounds, 1, all)
}

/// The same of a grid of which each number stands for `side` samples each way, whose least is
/// `all`.
fn lowest_in(
    heights: &[f32],
    width: usize,
    samples: [usize; 2],
    [low, high]: Box2,
    side: usize,
    all: Option<f64>,
) -> Option<f64> {
    let inside = (0..2).all(|axis| low[axis] >= 0.0 && high[axis] <= (samples[axis] - 1) as f64);
    if !inside {
        return None;
    }
    let [columns, rows] =
        [0, 1].map(|axis: usize| low[axis] as usize / side..high[axis].ceil() as usize / side + 1);
    if columns.len() * rows.len() > MOST_LOOKED_AT {
        return all;
    }
    let mut lowest = f32::INFINITY;
    for row in rows {
        let row = heights.get(row * width..(row + 1) * width)?;
        for height in row.get(columns.clone())? {
            if height.is_nan() {
                return None;
            }
            lowest = lowest.min(*height);
        }
    }
    Some(f64::from(lowest))
}

/// A height that is not above the lowest under a box, of what a survey has kept; None beyond the
/// DEM and where there may be holes.
pub(super) fn lowest_surveyed(survey: &Survey, [low, high]: Box2) -> Option<f64> {
    let last = survey.size.map(|samples| samples - 1);
    let inside = (0..2).all(|axis| low[axis] >= 0.0 && high[axis] <= last[axis] as f64);
    if survey.holes || !inside {
        return None;
    }
    let [columns, rows] = [0, 1].map(|axis: usize| {
        // The last patch ends at the last sample.
        let [from, to] = [low, high].map(|end| (end[axis] as usize).min(last[axis] - 1));
        from >> survey.plan.level..(to >> survey.plan.level) + 1
    });
    if columns.len() * rows.len() > MOST_LOOKED_AT {
        return survey.range.map(|range| range[0].into());
    }
    let [_, mirror, ..] = &survey.planes;
    let lines = mirror.chunks_exact(survey.plan.cells[0]).skip(rows.start).take(rows.len());
    let cells = lines.flat_map(|line| line.get(columns.clone()).unwrap_or_default());
    let lowest = cells.copied().fold(f32::NEG_INFINITY, f32::max);
    Some(f64::from(survey.reference) - f64::from(lowest))
}

/// The lowest heights of squares of the ground, which remain when its heights are on a device
/// alone.
pub(super) enum Lows {
    Squares(Squares),
    /// Of a DEM that stays where it is.
    Surveyed(Arc<Survey>),
}

/// Squares of a field.
pub(super) struct Squares {
    samples: [usize; 2],
    width: usize,
    /// NaN with a hole.
    squares: Vec<f32>,
    /// Of all; None with a hole.
    all: Option<f64>,
}

impl Lows {
    pub(super) fn of(field: &Heightfield) -> Result<Self> {
        let samples = [field.columns(), field.rows()];
        let width = samples[0].div_ceil(SIDE);
        let count = width * samples[1].div_ceil(SIDE);
        let mut squares = try_vec(count, "the ground's lowest heights")?;
        squares.resize(count, f32::INFINITY);
        let lower = |a: f32, b: f32| if a.is_nan() || b.is_nan() { f32::NAN } else { a.min(b) };
        for (row, heights) in field.heights().chunks_exact(samples[0]).enumerate() {
            let lows = squares[row / SIDE * width..].iter_mut();
            for (low, heights) in lows.zip(heights.chunks(SIDE)) {
                *low = heights.iter().copied().fold(*low, lower);
            }
        }
        let all = squares.iter().copied().fold(f32::INFINITY, lower);
        let all = all.is_finite().then_some(f64::from(all));
        Ok(Self::Squares(Squares { samples, width, squares, all }))
    }

    /// As `lowest_under`, but for what is lower, or a hole, beside the box in its squares.
    pub(super) fn under(&self, bounds: Box2) -> Option<f64> {
        match self {
            Self::Squares(Squares { samples, width, squares, all }) => {
                lowest_in(squares, *width, *samples, bounds, SIDE, *all)
            }
            Self::Surveyed(survey) => lowest_surveyed(survey, bounds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lows, Rise, lowest_surveyed, lowest_under};
    use crate::error::Result;
    use crate::scene::survey::Plan;
    use crate::scene::{Heightfield, Survey, Windows};

    fn field(hole: bool) -> Option<Heightfield> {
        let mut heights: Vec<f32> =
            (0..30 * 21).map(|at| (at % 30) as f32 + (at / 30) as f32 * 100.0).collect();
        if hole {
            heights[20 * 30 + 29] = f32::NAN;
        }
        Heightfield::new(heights, 30, 21, [1.0; 2], 1.0).ok()
    }

    #[test]
    fn ground_under_a_box_is_its_lowest_or_that_of_its_squares() {
        for hole in [false, true] {
            let Some(field) = field(hole) else { unreachable!() };
            let Ok(lows) = Lows::of(&field) else { unreachable!() };
            for (bounds, exact, of_squares) in [
                ([[9.5, 10.2], [11.0, 12.0]], 1009.0, 808.0),
                ([[0.0, 0.0], [1.0, 20.0]], 0.0, 0.0),
                ([[8.0, 16.0], [15.0, 20.0]], 1608.0, 1608.0),
            ] {
                assert_eq!(lowest_under(&field, bounds), Some(exact));
                assert_eq!(lows.under(bounds), Some(of_squares));
            }
            for beyond in
                [[[-0.1, 3.0], [4.0, 5.0]], [[3.0, 3.0], [4.0, 20.1]], [[3.0, 3.0], [29.5, 5.0]]]
            {
                assert_eq!((lowest_under(&field, beyond), lows.under(beyond)), (None, None));
            }
            let corner = [[28.5, 19.0], [29.0, 20.0]];
            let expected = if hole { None } else { Some(1928.0) };
            assert_eq!(lowest_under(&field, corner), expected);
            assert_eq!(lows.under(corner), expected.map(|_| 1624.0));
        }
    }

    #[test]
    fn under_large_things_the_ground_may_be_as_low_as_any() {
        for hole in [false, true] {
            let mut heights = vec![5.0; 100 * 100];
            heights[9999] = if hole { f32::NAN } else { 2.0 };
            let Ok(field) = Heightfield::new(heights, 100, 100, [1.0; 2], 1.0) else {
                unreachable!()
            };
            let expected = if hole { None } else { Some(2.0) };
            assert_eq!(lowest_under(&field, [[0.0; 2], [90.0; 2]]), expected);
        }
    }

    #[test]
    fn the_greatest_rise_counts_and_whether_all_have_ground() {
        let mut rise = Rise::default();
        rise.note(30.0, Some(10.0));
        rise.note(25.0, Some(20.0));
        assert_eq!(rise, Rise { most: 20.0, ungrounded: false });
        rise.note(90.0, None);
        assert_eq!(rise, Rise { most: 20.0, ungrounded: true });
    }

    struct Raster(Vec<f32>);

    const WIDTH: usize = 70;

    impl Windows for Raster {
        fn size(&self) -> [usize; 2] {
            [WIDTH, self.0.len() / WIDTH]
        }

        fn read(&self, [column, row, columns, _]: [usize; 4], target: &mut [f32]) -> Result<()> {
            for (line, target) in target.chunks_exact_mut(columns).enumerate() {
                target.copy_from_slice(&self.0[(row + line) * WIDTH + column..][..columns]);
            }
            Ok(())
        }
    }

    #[test]
    fn what_a_survey_has_kept_is_no_higher_than_the_ground() {
        for hole in [false, true] {
            let mut heights: Vec<f32> = (0..WIDTH * 60)
                .map(|at| (at % WIDTH * 7 % 31 + at / WIDTH * 5 % 23) as f32)
                .collect();
            heights[333] = if hole { f32::NAN } else { 1.0 };
            let source = Raster(heights);
            let plan = Plan { level: 3, fine: 3, cells: [64, 64], exact: true };
            let Ok(survey) = Survey::of(&source, plan, &|| false, &|_| Ok(())) else {
                unreachable!()
            };
            for [low, high] in [
                [[9.5, 10.2], [11.0, 12.0]],
                [[0.0, 0.0], [69.0, 59.0]],
                [[64.0, 56.5], [69.0, 59.0]],
            ] {
                let mut least = f64::INFINITY;
                for row in low[1] as usize..=high[1] as usize {
                    for column in low[0] as usize..=high[0] as usize {
                        least = least.min(source.0[row * WIDTH + column].into());
                    }
                }
                let found = lowest_surveyed(&survey, [low, high]);
                assert_eq!(found.is_none(), hole);
                assert!(found.is_none_or(|found| (-1e-3..=least + 1e-3).contains(&found)));
            }
            assert_eq!(lowest_surveyed(&survey, [[-0.1, 0.0], [3.0, 3.0]]), None);
        }
    }
}
