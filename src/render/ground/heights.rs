//! Heights of the ground that are asked for again, be they on the host or on the device.

use super::Ground;
use crate::error::{Error, Result, try_zeros};
use crate::gpu::Interrupted;
use crate::render::Terrain;
use crate::scene::{Heightfield, Normalize, Stats};

impl Ground {
    /// What `work` makes of the DEM with its heights, read back from the device if need be.
    pub(in crate::render) fn with_heights<T>(
        &mut self,
        interrupted: Interrupted<'_>,
        work: impl FnOnce(&Heightfield, Option<&mut Terrain>) -> Result<T>,
    ) -> Result<T> {
        if self.source.is_some() {
            return Err(not_in_memory("this", "pass a DEM that is in memory"));
        }
        self.fetch_heights(interrupted)?;
        let result = work(&self.field, self.terrain.as_mut());
        if self.terrain.as_ref().is_some_and(|terrain| !terrain.paints_holes()) {
            self.field.release_heights();
        }
        result
    }

    pub(super) fn fetch_heights(&mut self, interrupted: Interrupted<'_>) -> Result<()> {
        if let (false, Some(terrain)) = (self.field.has_heights(), &self.terrain) {
            let [columns, rows] = terrain.size().map(|side| side as u32);
            self.field.restore_heights(terrain.read_heights([0, 0, columns, rows], interrupted)?);
        }
        Ok(())
    }

    /// Statistics of height · exaggeration.
    pub(in crate::render) fn stats(&mut self, interrupted: Interrupted<'_>) -> Result<Stats> {
        match self.field.known_stats() {
            Some(stats) => Ok(stats),
            None => self.with_heights(interrupted, |field, _| Ok(field.stats())),
        }
    }

    /// Rescales the heights in place; what is on the device is out of date then, and goes.
    pub(in crate::render) fn normalize(
        &mut self,
        mode: Normalize,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        if self.source.is_some() {
            return Err(not_in_memory(
                "normalize_terrain",
                "normalize it where it is, or pass it as an array",
            ));
        }
        self.fetch_heights(interrupted)?;
        self.field.normalize(mode)?;
        self.terrain = None;
        self.forget_places();
        Ok(())
    }

    /// The rectangle [x, y, width, height] of the heights on the device; zeros while there are
    /// none.
    pub(in crate::render) fn read_patch(
        &self,
        [x, y, w, h]: [u64; 4],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<f32>> {
        let [columns, rows] = [self.field.columns() as u64, self.field.rows() as u64];
        if x.saturating_add(w) > columns || y.saturating_add(h) > rows {
            return Err(Error::invalid(format!(
                "patch out of bounds; expected x + w <= {columns} and y + h <= {rows}, got x={x}, y={y}, w={w}, h={h}; \
                 ask for a patch inside the terrain"
            )));
        }
        let Some(terrain) = &self.terrain else { return zeros(w, h) };
        let mut heights =
            terrain.read_heights([x, y, w, h].map(|side| side as u32), interrupted)?;
        if terrain.paints_holes() {
            self.field.mark_holes(&mut heights, [x, y, w].map(|side| side as usize));
        }
        Ok(heights)
    }
}

pub(super) fn not_in_memory(what: &str, cure: &str) -> Error {
    Error::invalid(format!(
        "{what} needs a DEM in memory; got one that stays in its source; {cure}"
    ))
}

/// A patch of heights that is nothing yet.
pub(in crate::render) fn zeros(w: u64, h: u64) -> Result<Vec<f32>> {
    let samples = w.checked_mul(h).and_then(|samples| usize::try_from(samples).ok());
    try_zeros(samples.unwrap_or(usize::MAX), "a patch of heights")
}
