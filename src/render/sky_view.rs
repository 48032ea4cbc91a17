//! How much of the sky each place sees: what ambient light is multiplied by.
//!
//! The sky-view factor of `relief`, on the device, at the DEM's samples; of a large DEM at the
//! means of blocks of samples, because ambient light has no fine detail. It stays with the terrain
//! while the radius stands still.

use super::{Engine, Interrupted, Terrain, ms_since};
use crate::error::{Error, Result, try_vec};
use crate::gpu::FloatImage;
use crate::gpu::shaders::blocks;
use crate::relief::{Dem, Ground, Horizon, Quantity, horizon};
use crate::scene::Light;
use crate::scene::rows::Rows;
use std::time::Instant;

/// The map, a texel for each block of samples.
pub(super) struct SkyView {
    pub(super) image: FloatImage,
    /// Samples along a side of a block.
    pub(super) block: usize,
    radius: f64,
}

/// A DEM with more samples than this is looked at in blocks.
const MOST_SAMPLES: f64 = 2_097_152.0;
/// Bearings in which horizons are looked for.
const DIRECTIONS: u32 = 16;
/// The default radius: this part of the longer side, but not fewer and not more cells of the map
/// than these.
const DEFAULT_PART: f64 = 1.0 / 16.0;
const DEFAULT_CELLS: [f64; 2] = [8.0, 24.0];

impl Terrain {
    /// Whether a picture with this light needs a map that is not there.
    pub(super) fn lacks_sky(&self, light: &Light) -> bool {
        let radius = self.sky_scale(light).2;
        light.has_occlusion()
            && self.caches.sky_view.as_ref().is_none_or(|sky| sky.radius != radius)
    }

    /// Samples along a side of a block, its (dx, dy), and the radius to look to, in metres.
    fn sky_scale(&self, light: &Light) -> (usize, [f64; 2], f64) {
        let block = block_of(self.extent.columns * self.extent.rows);
        let cell = self.extent.spacing.map(|metres| metres * block as f64);
        let longer = (self.extent.columns as f64 * self.extent.spacing[0])
            .max(self.extent.rows as f64 * self.extent.spacing[1]);
        let radius = light.occlusion_radius.unwrap_or_else(|| default_radius(longer, cell));
        (block, cell, radius.max(cell[0].min(cell[1])))
    }

    /// Makes the map that a picture with this light needs, unless it is there. `heights` are what
    /// the terrain was made of. Returns the milliseconds that it took.
    pub(super) fn see_sky(
        &mut self,
        engine: &Engine,
        heights: &dyn Rows,
        light: &Light,
        interrupted: Interrupted<'_>,
    ) -> Result<f64> {
        if !self.lacks_sky(light) {
            return Ok(0.0);
        }
        let start = Instant::now();
        let (block, cell, radius) = self.sky_scale(light);
        let [columns, rows] = self.size().map(|side| side.div_ceil(block));
        let blocks = means(heights, block, interrupted)?;
        let dem = Dem::new(&blocks, columns, rows, Ground::Metres(cell), self.extent.exaggeration)?;
        let looking = Horizon { radius, directions: DIRECTIONS, up_deg: 0.0 };
        let mut factors =
            horizon(engine.workshop(), &dem, Quantity::SkyView, looking, None, interrupted)?;
        if self.extent.has_holes {
            fill_rims(&mut factors, columns)?;
        }
        let image =
            FloatImage::upload(engine.device(), "sky view", &factors, columns, interrupted)?;
        self.caches.sky_view = Some(SkyView { image, block, radius });
        Ok(ms_since(start))
    }

    /// The map, which a picture with ambient occlusion needs.
    pub(super) fn sky_view(&self) -> Result<&SkyView> {
        self.caches.sky_view.as_ref().ok_or_else(|| {
            Error::invalid(
                "ambient occlusion must be prepared; expected a sky view of the terrain, got none; call see_sky() first",
            )
        })
    }
}

/// For `shaders/include/sky_view.glsl`.
pub(super) fn block(map: Option<&SkyView>) -> blocks::SkyView {
    let samples = map.map_or(1, |map| map.block) as f32;
    let size = map.map_or([1; 2], |map| map.image.size());
    blocks::SkyView {
        place: [1.0 / samples, (1.0 / samples - 1.0) / 2.0],
        size: size.map(|side| side as i32),
        texel: size.map(|side| 1.0 / side as f32),
    }
}

fn block_of(samples: usize) -> usize {
    // A DEM that is larger by a row or so is no reason for coarser blocks.
    ((samples as f64 / MOST_SAMPLES).sqrt() - 0.01).ceil().max(1.0) as usize
}

fn default_radius(longer: f64, cell: [f64; 2]) -> f64 {
    let [least, most] = DEFAULT_CELLS.map(|cells| cells * cell[0].max(cell[1]));
    (longer * DEFAULT_PART).clamp(least, most)
}

/// Means of blocks of `block` x `block` samples, holes left out; NaN where all is hole.
fn means(dem: &dyn Rows, block: usize, interrupted: Interrupted<'_>) -> Result<Vec<f32>> {
    let size = dem.size();
    let columns = size[0].div_ceil(block);
    let mut result = try_vec(columns * size[1].div_ceil(block), "a coarser DEM")?;
    let mut strip: Vec<f32> = try_vec(block * size[0], "rows of the DEM")?;
    for first in (0..size[1]).step_by(block) {
        if interrupted() {
            return Err(Error::Interrupted);
        }
        strip.resize(block.min(size[1] - first) * size[0], 0.0);
        dem.read(first, &mut strip)?;
        let mut sums = vec![(0.0_f64, 0_u32); columns];
        for row in strip.chunks_exact(size[0]) {
            for (samples, (sum, count)) in row.chunks(block).zip(&mut sums) {
                for height in samples.iter().filter(|height| !height.is_nan()) {
                    *sum += f64::from(*height);
                    *count += 1;
                }
            }
        }
        result.extend(sums.iter().map(|(sum, count)| (sum / f64::from(*count)) as f32));
    }
    Ok(result)
}

/// Gives unknown places beside known ones the mean of these, and all others 1: no patch beside a
/// hole may blend with nothing, where a block of samples is the mean of a part of them.
fn fill_rims(factors: &mut [f32], columns: usize) -> Result<()> {
    let mut known = try_vec(factors.len(), "sky view")?;
    known.extend_from_slice(factors);
    let rows = factors.len() / columns.max(1);
    for (at, factor) in factors.iter_mut().enumerate().filter(|(_, factor)| factor.is_nan()) {
        let (row, column) = (at / columns, at % columns);
        let (mut sum, mut count) = (0.0, 0.0);
        for near_row in row.saturating_sub(1)..rows.min(row + 2) {
            for near_column in column.saturating_sub(1)..columns.min(column + 2) {
                if let Some(near) =
                    known.get(near_row * columns + near_column).filter(|near| !near.is_nan())
                {
                    sum += near;
                    count += 1.0;
                }
            }
        }
        *factor = if count > 0.0 { sum / count } else { 1.0 };
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::scene::Heightfield;

    #[test]
    fn large_dems_are_looked_at_in_blocks() {
        for (samples, block) in [
            (4, 1),
            (1 << 21, 1),
            (1449 * 1449, 1),
            (2048 * 2048, 2),
            (4096 * 4096, 3),
            (8192 * 8192, 6),
        ] {
            assert_eq!(block_of(samples), block, "{samples}");
        }
    }

    #[test]
    fn blocks_are_means_of_what_is_known() {
        let nan = f32::NAN;
        let heights = vec![1.0, 3.0, nan, 5.0, nan, nan, 7.0, 9.0, nan, nan, nan, nan];
        let field = Heightfield::new(heights, 4, 3, [1.0; 2], 1.0).unwrap();
        let found = means(&field, 2, &|| false).unwrap();
        assert_eq!(found[..2], [2.0, 7.0]);
        assert!(found[2].is_nan() && found[3].is_nan());
    }

    #[test]
    fn rims_of_holes_are_filled_from_beside() {
        let nan = f32::NAN;
        let mut factors = vec![0.5, nan, nan, nan, 0.7, nan, nan, nan];
        fill_rims(&mut factors, 4).unwrap();
        assert_eq!(factors, [0.5, 0.6, 1.0, 1.0, 0.7, 0.6, 1.0, 1.0]);
    }

    #[test]
    fn the_default_radius_is_a_share_within_bounds() {
        assert_eq!(default_radius(16_000.0, [50.0, 50.0]), 1000.0);
        assert_eq!(default_radius(100.0, [10.0, 5.0]), 80.0);
        assert_eq!(default_radius(1e6, [10.0, 5.0]), 240.0);
    }
}
