//! The pyramid of cell maxima that rays walk, built on the device: a maximum mipmap (Tevs, Ihrke and Seidel, I3D 2008).
//!
//! A cell of level L covers 2^L x 2^L patches; the finest level stored is 1. All levels lie in one image: level L, of
//! width w and height h cells, in rows h to 2h, columns 0 to w. So its place follows from its height alone:
//!
//! ```text
//! row 0    +--+            (h of the coarsest level, unused)
//!          |top|
//!          +--+-+
//!          | L3 |
//!          +----+---+
//!          |   L2   |
//!          +--------+-------+
//!          |       L1       |
//!          +----------------+
//! ```
//!
//! Beside each level but the finest lies its mirror image, base_w / 2 columns to the right: the greatest of the negated heights,
//! which is what a ray beneath the ground walks.
//!
//! Beside levels 3 and coarser, base_w / 4 columns to the right, lies how far the mean height is below the maxima of the cells two levels
//! finer, on the average of those 4 x 4: so much lower than the surface that rays meet in such cells lies the ground. It changes
//! little from cell to cell, and one number for 16 of them stays in the processor's cache, where one for 4 costs a picture 3 to 6 %
//! more. The means themselves, of level 2 and coarser, are in an image of their own, which goes once all is built.
//!
//! Every level is padded so that it halves exactly, down to a top of a few cells: a child's index is a shift.

use super::extent::Extent;
use super::{Engine, Interrupted};
use crate::error::Result;
use crate::gpu::shaders::{numbers, pyramid_base, pyramid_dilate, pyramid_reduce};
use crate::gpu::{Commands, FloatImage};

/// Cells along the longer side of the coarsest level, at most.
const TOP_CELLS: u32 = 8;
/// Finest level stored.
pub(super) const BASE_LEVEL: u32 = numbers::block::BASE_LEVEL as u32;
/// Finest level of the dilated pyramid: a tile of pixels is seldom narrower than its cells.
pub(super) const DILATED_LEVEL: u32 = 2;

/// How large the levels are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    /// Coarsest level stored; above the base level, because a walk looks at the children of a cell.
    pub(super) top_level: u32,
    /// Cells of the finest level, padding included.
    pub(super) base_cells: [u32; 2],
}

impl Layout {
    /// The layout for a DEM of `cells` patches.
    pub(super) fn new(cells: [u32; 2]) -> Self {
        let size = cells.map(|side| side.div_ceil(1 << BASE_LEVEL));
        let mut above = DILATED_LEVEL - BASE_LEVEL + 1;
        while size.iter().any(|side| side.div_ceil(1 << above) > TOP_CELLS) {
            above += 1;
        }
        Self { top_level: BASE_LEVEL + above, base_cells: size.map(|side| side.next_multiple_of(1 << above)) }
    }

    /// Cells of the dilated pyramid's finest level.
    pub(super) fn dilated_cells(&self) -> [u32; 2] {
        self.base_cells.map(|side| side >> (DILATED_LEVEL - BASE_LEVEL))
    }

    /// Sizes of the levels, finest first.
    fn levels(&self) -> impl Iterator<Item = [u32; 2]> {
        let base = self.base_cells;
        (0..=self.top_level - BASE_LEVEL).map(move |above| base.map(|side| side >> above))
    }

    /// Size of the image that holds them all.
    pub(super) fn image_size(&self) -> [u32; 2] {
        [self.base_cells[0], self.base_cells[1] * 2]
    }
}

/// The pyramid, and its dilated twin: each cell with the maximum of its neighbours too, and the mirror image beside it.
pub(super) struct Pyramid {
    pub(super) maxima: FloatImage,
    pub(super) dilated: FloatImage,
    pub(super) layout: Layout,
}

/// Builds the pyramid of `heights`.
pub(super) fn build(
    engine: &Engine,
    heights: &FloatImage,
    extent: &Extent,
    interrupted: Interrupted<'_>,
) -> Result<Pyramid> {
    let device = engine.device();
    let cells = heights.size().map(|side| side - 1);
    let layout = Layout::new(cells);
    let maxima = FloatImage::new(device, "pyramid", layout.image_size())?;
    let [width, height] = layout.dilated_cells();
    let dilated = FloatImage::new(device, "dilated pyramid", [width, 2 * height])?;
    let [width, height] = layout.base_cells;
    let means = FloatImage::new(device, "means", [width / 2, height])?;
    let base =
        engine.pipeline::<pyramid_base::Shader>(&pyramid_base::Constants { has_holes: extent.has_holes });
    let reduce = engine.pipeline::<pyramid_reduce::Shader>(&pyramid_reduce::Constants {});
    let dilate = engine.pipeline::<pyramid_dilate::Shader>(&pyramid_dilate::Constants {});
    {
        let mut commands = Commands::new(device)?;
        commands.initialise(&maxima);
        commands.initialise(&dilated);
        commands.initialise(&means);
        let level = pyramid_base::Level {
            cells: cells.map(|side| side as i32),
            size: layout.base_cells.map(|side| side as i32),
            reference_height: extent.reference_height,
        };
        let bindings = pyramid_base::Bindings { heights, maxima: &maxima, means: &means };
        let [width, height] = layout.base_cells.map(|side| side / 2);
        commands.dispatch(&base, [width, height, 1], &level, &bindings)?;
        for (above, size) in layout.levels().enumerate().skip(1) {
            let levels = pyramid_reduce::Levels {
                size: size.map(|side| side as i32),
                mirror: width as i32,
                reliefs: (layout.base_cells[0] / 4) as i32,
            };
            // The base pass has made the first level of the mirror image and of the means.
            let layers = if above == 1 { 1 } else { 3 };
            let threads = [size[0], size[1], layers];
            let bindings = pyramid_reduce::Bindings { maxima: &maxima, means: &means };
            commands.dispatch(&reduce, threads, &levels, &bindings)?;
        }
        let texel = layout.image_size().map(|side| 1.0 / side as f32);
        let mirror = [layout.base_cells, layout.dilated_cells()].map(|cells| (cells[0] / 2) as i32);
        for (above, size) in layout.levels().skip((DILATED_LEVEL - BASE_LEVEL) as usize).enumerate() {
            let level = pyramid_dilate::Level { size: size.map(|side| side as i32), texel, mirror };
            let bindings = pyramid_dilate::Bindings { maxima: &maxima, dilated: &dilated };
            // As in the pyramid, the finest level has no mirror image.
            let layers = if above == 0 { 1 } else { 2 };
            commands.dispatch(&dilate, [size[0], size[1], layers], &level, &bindings)?;
        }
        commands.submit_and_wait(interrupted)?;
    }
    Ok(Pyramid { maxima, dilated, layout })
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn levels_halve_exactly_and_fit_the_image_of_any_dem_that_fits() {
        for cells in
            [[1, 1], [2, 3], [60, 254], [1023, 1023], [8191, 8191], [16_383, 16_383], [16_383, 1], [5000, 7]]
        {
            let layout = Layout::new(cells);
            let sizes: Vec<_> = layout.levels().collect();
            assert!(
                sizes.windows(2).all(|pair| pair[0] == pair[1].map(|side| 2 * side)),
                "{cells:?} {sizes:?}"
            );
            let covered = layout.base_cells.map(|side| side << super::BASE_LEVEL);
            assert!(covered[0] >= cells[0] && covered[1] >= cells[1]);
            assert!(
                sizes
                    .last()
                    .is_some_and(|top| top.iter().all(|&side| (1..=super::TOP_CELLS).contains(&side)))
            );
            // Eight rows are what the coarsest levels take at least.
            let longest = cells[0].max(cells[1]) + 1;
            assert!(layout.image_size().iter().all(|&side| side <= longest.next_power_of_two().max(8)));
        }
    }
}
