//! Heights under marks and lines against those of samples.

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
            let Some(Height { middle, off }) = surface.height(at, beside) else { unreachable!() };
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
