//! Detiling: a picture's rows, put together from its tiles.
//!
//! What a tile shows lies in one piece in the device's memory, at the tile's place in the list: on
//! software Vulkan a picture in rows would have each core fetch a cache line that the others have
//! had for every eight pixels it writes.

use crate::gpu::shaders::numbers;
use std::ops::Range;

/// Pixels along a side of a tile, and in all of it.
pub(super) const TILE: u32 = numbers::tiles::TILE;
const SIDE: usize = TILE as usize;
pub(super) const TILE_PIXELS: usize = SIDE * SIDE;

/// Which entry of the list each tile of a band is, in rows.
pub(super) struct Mosaic {
    across: usize,
    entries: Vec<Option<u32>>,
}

impl Mosaic {
    /// No tiles yet of a band of `count` = (columns, rows) of them.
    pub(super) fn new(count: [u32; 2]) -> Self {
        let [across, down] = count.map(|side| side as usize);
        Self { across, entries: vec![None; across * down] }
    }

    /// Puts the entry `entry` of the list into its place: column and row of tiles, 16 bits each.
    pub(super) fn place(&mut self, tile: u32, entry: u32) {
        let [column, row] = [tile & 0xffff, tile >> 16].map(|at| at as usize);
        if let Some(place) = self.entries.get_mut(row * self.across + column) {
            *place = Some(entry);
        }
    }

    /// Writes `columns` of rows of `width` pixels from `tiled`, and `nothing` where no tile was
    /// drawn. They begin with a tile.
    pub(super) fn lay_out<T: Copy>(
        &self,
        tiled: &[T],
        nothing: T,
        width: usize,
        columns: &Range<u32>,
        target: &mut [T],
    ) {
        let blank = [nothing; SIDE];
        let columns = columns.start as usize..columns.end as usize;
        for (row, line) in target.chunks_mut(width.max(1)).enumerate() {
            let tiles = self
                .entries
                .get(row / SIDE * self.across + columns.start / SIDE..)
                .unwrap_or_default();
            let line = line.get_mut(columns.clone()).unwrap_or_default();
            for (pixels, entry) in line.chunks_mut(SIDE).zip(tiles) {
                let drawn = entry.and_then(|entry| {
                    let first = entry as usize * TILE_PIXELS + row % SIDE * SIDE;
                    tiled.get(first..first + SIDE)
                });
                let drawn = drawn.unwrap_or(&blank);
                pixels.copy_from_slice(&drawn[..pixels.len()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mosaic, SIDE, TILE_PIXELS};

    #[test]
    fn every_pixel_comes_from_its_tile() {
        let (width, rows) = (19, 13);
        let mut mosaic = Mosaic::new([3, 2]);
        // All but the middle one of the first row, the last of the list first.
        let drawn = [[0, 0], [2, 0], [0, 1], [1, 1], [2, 1]];
        for (entry, [column, row]) in (1..).zip(drawn.into_iter().rev()) {
            mosaic.place(column | row << 16, entry);
        }
        let mut tiled = vec![[usize::MAX; 2]; 6 * TILE_PIXELS];
        for (entry, [column, row]) in (1..).zip(drawn.into_iter().rev()) {
            for at in 0..TILE_PIXELS {
                let [x, y] = [at % SIDE, at / SIDE];
                tiled[entry * TILE_PIXELS + at] =
                    [column as usize * SIDE + x, row as usize * SIDE + y];
            }
        }
        let nothing = [usize::MAX - 1; 2];
        let mut target = vec![[0; 2]; width * rows];
        mosaic.lay_out(&tiled, nothing, width, &(0..8), &mut target);
        mosaic.lay_out(&tiled, nothing, width, &(8..width as u32), &mut target);
        for (at, pixel) in target.iter().enumerate() {
            let [x, y] = [at % width, at / width];
            let blank = y < SIDE && (SIDE..2 * SIDE).contains(&x);
            assert_eq!(*pixel, if blank { nothing } else { [x, y] });
        }
    }
}
