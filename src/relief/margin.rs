//! Rows of a DEM with a margin without ground, so that far reads need no test.

use super::Dem;
use crate::error::{Error, Result};
use crate::gpu::shaders::numbers;
use crate::gpu::{Lent, MemoryUse, Workshop};
use std::ops::Range;

/// What stands where there is no ground.
pub(super) const NO_GROUND: f32 = numbers::ground::NO_GROUND;

/// How far reads go beyond the cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margin {
    /// Columns on either side.
    pub(super) columns: usize,
    /// Rows on either side.
    pub(super) rows: usize,
    /// The cells themselves are rounded up to whole tiles of (columns, rows).
    pub(super) tile: [usize; 2],
}

impl Margin {
    /// Floats in a row.
    pub(super) fn pitch(&self, columns: usize) -> usize {
        columns.next_multiple_of(self.tile[0]) + 2 * self.columns
    }

    /// Rows for a block of `rows`.
    pub(super) fn height(&self, rows: usize) -> usize {
        rows.next_multiple_of(self.tile[1]) + 2 * self.rows
    }

    /// Place of the block's first cell.
    pub(super) fn origin(&self, columns: usize) -> usize {
        self.rows * self.pitch(columns) + self.columns
    }

    /// Rows of a block that fit `bytes`; a refusal that names `reach` in cells where not even one
    /// tile does.
    pub(super) fn rows_within(&self, columns: usize, bytes: u64, device: &str) -> Result<usize> {
        let all = bytes / (4 * self.pitch(columns) as u64);
        let rows = usize::try_from(all).unwrap_or(usize::MAX).saturating_sub(2 * self.rows)
            / self.tile[1]
            * self.tile[1];
        if rows > 0 {
            return Ok(rows);
        }
        Err(Error::invalid(format!(
            "radius is too large for this dem on {device}; expected {columns} columns with {} cells around them to fit \
             {bytes} bytes; got a need for {}; pass a smaller radius, a coarser dem, or tiles",
            self.columns.max(self.rows),
            4 * self.pitch(columns) as u64 * self.height(1) as u64
        )))
    }

    /// The heights of a block, times `sign`, with their margin, ready for the device. Refuses
    /// infinite ones.
    pub(super) fn heights<'w>(
        &self,
        workshop: &'w Workshop,
        dem: &Dem<'_>,
        rows: &Range<usize>,
        sign: f32,
    ) -> Result<Lent<'w>> {
        let pitch = self.pitch(dem.columns());
        let cells = pitch * self.height(rows.len());
        let mut buffer =
            workshop.borrow_buffer("heights with a margin", 4 * cells as u64, MemoryUse::Upload)?;
        let all: &mut [f32] =
            bytemuck::try_cast_slice_mut(buffer.write()?).map_err(|_| too_small())?;
        let target = all.get_mut(..cells).ok_or_else(too_small)?;
        for (index, line) in target.chunks_exact_mut(pitch).enumerate() {
            let row = (rows.start + index).checked_sub(self.rows).filter(|row| *row < dem.rows());
            let Some(row) = row else {
                line.fill(NO_GROUND);
                continue;
            };
            let (west, rest) = line.split_at_mut(self.columns);
            let (cells, east) = rest.split_at_mut(dem.columns());
            west.fill(NO_GROUND);
            east.fill(NO_GROUND);
            cells.copy_from_slice(dem.row(row));
            dem.check_copy(cells)?;
            cells.iter_mut().for_each(|height| {
                *height = if height.is_nan() { NO_GROUND } else { sign * *height }
            });
        }
        Ok(buffer)
    }
}

pub(super) fn too_small() -> Error {
    Error::Internal("a buffer of relief is too small or not aligned".into())
}
