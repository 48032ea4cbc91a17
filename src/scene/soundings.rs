//! The surface at many places of a DEM that stays where it is, read square by square.

use super::Heightfield;
use super::windows::{Windows, in_parallel};
use crate::error::{Error, Result, try_vec};
use std::cell::{Cell, RefCell};
use std::sync::{Mutex, PoisonError};

/// Patches along a side of what is read together: as much of it as there are places in.
const SIDE: usize = 256;

/// World z of the surface of `field`, whose heights are in `windows`, above places in world metres;
/// NaN outside the samples and in holes.
pub fn surfaces(
    windows: &dyn Windows,
    field: &Heightfield,
    places: &[[f64; 2]],
    interrupted: &dyn Fn() -> bool,
) -> Result<Vec<f64>> {
    // Which patch each place is in, square by square.
    let mut asked: Vec<([usize; 2], usize)> = try_vec(places.len(), "places on the DEM")?;
    let patches = places.iter().enumerate();
    asked.extend(patches.filter_map(|(at, place)| Some((field.patch_under(*place)?.0, at))));
    let square = |[column, row]: [usize; 2]| [row / SIDE, column / SIDE];
    asked.sort_unstable_by_key(|(patch, at)| (square(*patch), *at));
    let squares: Vec<_> = asked.chunk_by(|a, b| square(a.0) == square(b.0)).collect();
    let mut found: Vec<f64> = try_vec(places.len(), "heights on the DEM")?;
    found.resize(places.len(), f64::NAN);
    let found = Mutex::new(found);
    in_parallel(squares.len(), interrupted, &|_| Ok(()), |number, _| {
        let Some(asked) = squares.get(number) else { return Ok(()) };
        let [first, last] =
            asked.iter().fold([[usize::MAX; 2], [0; 2]], |[low, high], (patch, _)| {
                let [x, y] = *patch;
                [[low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]]
            });
        let [columns, rows] = [0, 1].map(|axis: usize| last[axis] - first[axis] + 2);
        let mut heights: Vec<f32> = try_vec(columns * rows, "a part of the DEM")?;
        heights.resize(columns * rows, 0.0);
        windows.read([first[0], first[1], columns, rows], &mut heights)?;
        let surface = |place: [f64; 2]| {
            field.surface_of(place, |[column, row]| {
                [[0, 0], [1, 0], [0, 1], [1, 1]].map(|[right, down]| {
                    let at = (row - first[1] + down) * columns + column - first[0] + right;
                    heights.get(at).copied().unwrap_or(f32::NAN)
                })
            })
        };
        let own: Vec<_> = asked.iter().map(|(_, at)| (*at, surface(places[*at]))).collect();
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        own.into_iter().for_each(|(at, height)| found[at] = height);
        Ok(())
    })?;
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// What asks for the surface at one place after the other, and is answered once all of them are
/// known: it is gone through twice, and must ask for the same places both times, whatever it hears.
#[derive(Default)]
pub struct Soundings {
    asked: RefCell<Vec<[f64; 2]>>,
    /// Why a place could not be noted.
    refused: RefCell<Option<Error>>,
    found: Vec<f64>,
    next: Cell<usize>,
}

impl Soundings {
    /// Notes a place; there is no answer yet.
    pub fn ask(&self, place: [f64; 2]) -> f64 {
        let mut asked = self.asked.borrow_mut();
        match asked.try_reserve(1) {
            Ok(()) => asked.push(place),
            Err(refusal) => {
                self.refused.replace(Some(Error::OutOfMemory {
                    purpose: "places on the DEM".into(),
                    bytes: 2 * size_of_val(asked.as_slice()) as u64,
                    detail: refusal.to_string(),
                }));
            }
        }
        f64::NAN
    }

    /// Places that wait for an answer.
    pub fn waiting(&self) -> usize {
        self.asked.borrow().len()
    }

    /// Finds the answers, if all places could be noted.
    pub fn sound(
        &mut self,
        windows: &dyn Windows,
        field: &Heightfield,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<()> {
        let asked = self.asked.take();
        self.refused.take().map_or(Ok(()), Err)?;
        self.found = surfaces(windows, field, &asked, interrupted)?;
        self.next = Cell::new(0);
        Ok(())
    }

    /// The next answer, in the order of the questions.
    pub fn answer(&self) -> f64 {
        let at = self.next.get();
        self.next.set(at + 1);
        self.found.get(at).copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{SIDE, Soundings, surfaces};
    use crate::error::{Error, Result};
    use crate::scene::{Heightfield, Windows};
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Rasters {
        field: Heightfield,
        read: AtomicUsize,
    }

    impl Windows for Rasters {
        fn size(&self) -> [usize; 2] {
            [self.field.columns(), self.field.rows()]
        }

        fn read(&self, [column, row, columns, rows]: [usize; 4], target: &mut [f32]) -> Result<()> {
            self.read.fetch_add(target.len(), Ordering::Relaxed);
            for (line, target) in target.chunks_exact_mut(columns).enumerate().take(rows) {
                let start = (row + line) * self.field.columns() + column;
                let own = self.field.heights().get(start..start + columns);
                target.copy_from_slice(own.ok_or_else(|| Error::invalid("outside"))?);
            }
            Ok(())
        }
    }

    fn rasters(columns: usize, rows: usize, hole: bool) -> Rasters {
        let mut heights: Vec<f32> = (0..columns * rows)
            .map(|at| ((at % columns) * 7 % 31) as f32 + ((at / columns) * 5 % 23) as f32)
            .collect();
        if hole {
            heights[3 * columns + 4] = f32::NAN;
        }
        let field = Heightfield::new(heights, columns, rows, [2.0, 3.0], 1.5).unwrap();
        Rasters { field, read: AtomicUsize::new(0) }
    }

    #[test]
    fn the_surface_is_that_of_the_whole_in_few_reads() {
        let source = rasters(2 * SIDE + 9, SIDE + 30, true);
        let [w, h] = source.size().map(|side| side as f64);
        let mut places: Vec<[f64; 2]> = (0..2000)
            .map(|at| {
                let (u, v) =
                    ((at * 7919 % 2003) as f64 / 2003.0, (at * 104_729 % 1999) as f64 / 1999.0);
                [(u - 0.5) * 2.1 * w, (0.5 - v) * 3.1 * h]
            })
            .collect();
        places.extend([[w - 1.0, -1.5 * (h - 1.0)], [1.0 - w, 1.5 * (h - 1.0)], [f64::NAN, 0.0]]);
        let found = surfaces(&source, &source.field, &places, &|| false).unwrap();
        for (place, height) in places.iter().zip(found) {
            let own = source.field.surface_at(*place);
            assert_eq!(own.to_bits(), height.to_bits(), "{place:?}");
        }
        assert!(source.read.into_inner() < 2 * (2 * SIDE + 9) * (SIDE + 30));
        let near = rasters(2 * SIDE, SIDE, false);
        surfaces(&near, &near.field, &[[0.0, 0.0], [3.0, 4.0]], &|| false).unwrap();
        assert!(near.read.into_inner() <= 16);
    }

    #[test]
    fn answers_come_in_the_order_of_questions() {
        let source = rasters(40, 30, false);
        let mut soundings = Soundings::default();
        let places = [[3.0, 2.0], [-30.0, 11.0], [500.0, 0.0]];
        assert!(places.iter().all(|place| soundings.ask(*place).is_nan()));
        assert_eq!(soundings.waiting(), 3);
        soundings.sound(&source, &source.field, &|| false).unwrap();
        assert_eq!(soundings.waiting(), 0);
        for place in places {
            let own = source.field.surface_at(place);
            assert_eq!(soundings.answer().to_bits(), own.to_bits());
        }
    }

    #[test]
    fn a_place_that_could_not_be_noted_is_told_and_then_over() {
        let source = rasters(40, 30, false);
        let mut soundings = Soundings::default();
        soundings.ask([0.0, 0.0]);
        soundings.refused.replace(Some(Error::OutOfMemory {
            purpose: "places".into(),
            bytes: 16,
            detail: "no".into(),
        }));
        let told = soundings.sound(&source, &source.field, &|| false);
        assert!(matches!(told, Err(Error::OutOfMemory { .. })));
        assert_eq!(soundings.waiting(), 0);
        soundings.sound(&source, &source.field, &|| false).unwrap();
    }
}
