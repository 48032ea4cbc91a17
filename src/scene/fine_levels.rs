//! Levels of a large DEM that are finer than the one a device has as a whole, on the host: without
//! them a sheet of a coarse level would be made of millions of heights.

use super::levels::{Level, NOTHING};
use crate::error::{Result, try_vec};

/// The first level that has reliefs and slopes. A sheet of a finer one is soon made of its heights.
pub const FINEST: u32 = 3;

/// Maxima and reliefs of some levels, finest first, row-major; cells that are not of the DEM have
/// `NOTHING` and 0.
#[derive(Clone, Debug)]
pub struct FineLevels {
    levels: Vec<[Vec<f32>; 2]>,
    finest: u32,
    /// Of the finest.
    cells: [usize; 2],
}

/// One of the two planes of a level.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'l> {
    values: &'l [f32],
    cells: [usize; 2],
    outside: f32,
}

impl FineLevels {
    /// Of levels `finest` to `coarser`, without the latter, which has so many cells: nothing known
    /// yet.
    pub fn unknown(finest: u32, coarser: u32, cells: [usize; 2]) -> Result<Self> {
        let plane = |level: u32, fill: f32| -> Result<Vec<f32>> {
            let count = cells.map(|side| side << (coarser - level)).iter().product();
            let mut plane = try_vec(count, "a level of the DEM")?;
            plane.resize(count, fill);
            Ok(plane)
        };
        let levels = finest..coarser;
        Ok(Self {
            levels: levels
                .map(|level| Ok([plane(level, NOTHING)?, plane(level, 0.0)?]))
                .collect::<Result<_>>()?,
            finest,
            cells: cells.map(|side| side << coarser.saturating_sub(finest)),
        })
    }

    /// Bytes of them, where level `coarser` has so many cells.
    pub fn bytes(finest: u32, coarser: u32, cells: [u64; 2]) -> u64 {
        (finest..coarser).map(|level| (8 * cells[0] * cells[1]) << (2 * (coarser - level))).sum()
    }

    /// Takes a square piece, `levels` of it from level 1 on, whose first cell is at `place` of the
    /// finest level.
    pub fn take(&mut self, levels: &[Level], place: [usize; 2]) {
        let own = levels.iter().skip(self.finest as usize - 1);
        for (finer, (planes, piece)) in self.levels.iter_mut().zip(own).enumerate() {
            let across = self.cells[0] >> finer;
            let [column, row] = place.map(|cell| cell >> finer);
            for (plane, piece_of) in planes.iter_mut().zip([&piece.maxima, &piece.reliefs]) {
                put(plane, across, [column, row], piece_of, piece.side);
            }
        }
    }

    /// Maxima of a level; None of one that is not there.
    pub fn maxima(&self, level: u32) -> Option<Plane<'_>> {
        self.plane(level, 0, NOTHING)
    }

    /// Reliefs of a level.
    pub fn reliefs(&self, level: u32) -> Option<Plane<'_>> {
        self.plane(level, 1, 0.0)
    }

    fn plane(&self, level: u32, of: usize, outside: f32) -> Option<Plane<'_>> {
        let finer = level.checked_sub(self.finest)?;
        let values = self.levels.get(finer as usize)?.get(of)?;
        Some(Plane { values, cells: self.cells.map(|side| side >> finer), outside })
    }

    /// All numbers, in the order of [`FineLevels::planes_mut`].
    pub fn planes(&self) -> impl Iterator<Item = &Vec<f32>> {
        self.levels.iter().flatten()
    }

    /// The same to be filled.
    pub fn planes_mut(&mut self) -> impl Iterator<Item = &mut Vec<f32>> {
        self.levels.iter_mut().flatten()
    }
}

impl Plane<'_> {
    /// Fills rows of `width` with the cells from `first` on, `side` a row.
    pub fn copy(&self, first: [usize; 2], side: usize, target: &mut [f32], width: usize) {
        let [across, _] = self.cells;
        let inside = side.min(across.saturating_sub(first[0]));
        for (down, line) in target.chunks_mut(width).take(side).enumerate() {
            let start = (first[1] + down) * across + first[0];
            let known = self.values.get(start..start + inside).unwrap_or_default();
            let (own, beyond) = line.split_at_mut(known.len());
            own.copy_from_slice(known);
            beyond.iter_mut().take(side - known.len()).for_each(|cell| *cell = self.outside);
        }
    }
}

/// Puts a square piece into a plane of `across` cells a row.
pub fn put(
    plane: &mut [f32],
    across: usize,
    [column, row]: [usize; 2],
    piece: &[f32],
    side: usize,
) {
    for (line, piece) in plane.chunks_exact_mut(across).skip(row).zip(piece.chunks_exact(side)) {
        line.iter_mut().skip(column).zip(piece).for_each(|(cell, piece)| *cell = *piece);
    }
}
