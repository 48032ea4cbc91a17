//! The pyramid of cell maxima that rays walk, built on the device: a maximum mipmap (Tevs, Ihrke
//! and Seidel, I3D 2008).
//!
//! A cell of level L covers 2^L x 2^L patches; the finest level stored is 1. All levels lie in one
//! image: level L, of width w and height h cells, in rows h to 2h, columns 0 to w. So its place
//! follows from its height alone:
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
//! Beside each level but the finest lies its mirror image, base_w / 2 columns to the right: the
//! greatest of the negated heights, which is what a ray beneath the ground walks.
//!
//! Beside levels 3 and coarser, base_w / 4 columns to the right, lies how far the mean height is
//! below the maxima of the cells two levels finer, on the average of those 4 x 4: so much lower
//! than the surface that rays meet in such cells lies the ground. It changes little from cell to
//! cell, and one number for 16 of them stays in the processor's cache, where one for 4 costs a
//! picture 3 to 6 % more. In the same number is how far the ground's slopes deviate from those of
//! that surface (`roughness.glsl`). The means of heights, of level 2 and coarser, and of slopes,
//! beside them, are in an image of their own, which goes once all is built.
//!
//! Every level is padded so that it halves exactly, down to a top of a few cells: a child's index
//! is a shift.

use super::extent::Extent;
use super::{Engine, Interrupted};
use crate::error::Result;
use crate::gpu::shaders::{numbers, pyramid_base, pyramid_dilate, pyramid_reduce, pyramid_slopes};
use crate::gpu::{Commands, FloatImage};
use crate::scene::survey::slopes_level;
use std::sync::Arc;

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
    /// Cells of level 1, padding included.
    pub(super) base_cells: [u32; 2],
    /// Finest level stored.
    pub(super) finest: u32,
    /// Columns to the right where the mirror image lies, and reliefs.
    mirror: u32,
    reliefs: u32,
    /// The same in the image of means, of slopes.
    pub(super) slopes: u32,
    image: [u32; 2],
}

impl Layout {
    /// The layout for a DEM of `cells` patches.
    pub(super) fn new(cells: [u32; 2]) -> Self {
        let size = cells.map(|side| side.div_ceil(1 << BASE_LEVEL));
        let mut above = DILATED_LEVEL - BASE_LEVEL + 1;
        while size.iter().any(|side| side.div_ceil(1 << above) > TOP_CELLS) {
            above += 1;
        }
        let base_cells = size.map(|side| side.next_multiple_of(1 << above));
        Self {
            top_level: BASE_LEVEL + above,
            base_cells,
            finest: BASE_LEVEL,
            mirror: base_cells[0] / 2,
            reliefs: base_cells[0] / 4,
            slopes: base_cells[0] / 4,
            image: [base_cells[0], base_cells[1] * 2],
        }
    }

    /// The same without what is finer than `finest`, all of whose planes are there, as are the
    /// means of that level.
    pub(super) fn coarse(cells: [u32; 2], finest: u32) -> Self {
        let whole = Self::new(cells);
        let [width, height] = whole.cells_of(finest);
        let (mirror, reliefs) = (width, 3 * width);
        let image = [4 * width, 2 * height];
        Self { finest, mirror, reliefs, slopes: width / 2, image, ..whole }
    }

    /// Cells of a level.
    pub(super) fn cells_of(&self, level: u32) -> [u32; 2] {
        self.base_cells.map(|side| side >> (level - BASE_LEVEL))
    }

    /// Finest level of the dilated pyramid.
    pub(super) fn dilated_level(&self) -> u32 {
        DILATED_LEVEL.max(self.finest)
    }

    /// Its cells.
    pub(super) fn dilated_cells(&self) -> [u32; 2] {
        self.cells_of(self.dilated_level())
    }

    /// Sizes of the levels, finest first.
    fn levels(&self) -> impl Iterator<Item = [u32; 2]> {
        let layout = *self;
        (self.finest..=self.top_level).map(move |level| layout.cells_of(level))
    }

    /// Size of the image that holds them all.
    pub(super) fn image_size(&self) -> [u32; 2] {
        self.image
    }

    /// The level whose slopes are known before coarser ones are made; the finest that has any.
    pub(super) fn slopes_level(&self) -> u32 {
        slopes_level(self.finest)
    }

    /// Columns of the image where maxima, mirror image, means and reliefs begin, of a layout
    /// without finer levels.
    pub(super) fn planes(&self) -> [u32; 4] {
        [0, self.mirror, 2 * self.mirror, self.reliefs]
    }
}

/// The pyramid, and its dilated twin: each cell with the maximum of its neighbours too, and the
/// mirror image beside it.
pub(super) struct Pyramid {
    pub(super) maxima: Arc<FloatImage>,
    pub(super) dilated: FloatImage,
}

/// Builds the pyramid of `heights`.
pub(super) fn build(
    engine: &Engine,
    heights: &FloatImage,
    layout: Layout,
    extent: &Extent,
    interrupted: Interrupted<'_>,
) -> Result<Pyramid> {
    let device = engine.device();
    let cells = heights.size().map(|side| side - 1);
    let maxima = Arc::new(FloatImage::new(device, "pyramid", layout.image_size())?);
    let [width, height] = layout.base_cells;
    let means = FloatImage::new(device, "means", [width / 2, height])?;
    let base = engine
        .pipeline::<pyramid_base::Shader>(&pyramid_base::Constants { has_holes: extent.has_holes });
    let slopes = engine.pipeline::<pyramid_slopes::Shader>(&pyramid_slopes::Constants {
        has_holes: extent.has_holes,
    });
    let mut commands = Commands::new(device)?;
    commands.initialise(&maxima);
    let level = pyramid_base::Level {
        cells: cells.map(|side| side as i32),
        size: layout.base_cells.map(|side| side as i32),
        reference_height: extent.reference_height,
    };
    commands.initialise(&means);
    let bindings = pyramid_base::Bindings { heights, maxima: &maxima, means: &means };
    let [width, height] = layout.base_cells.map(|side| side / 2);
    commands.dispatch(&base, [width, height, 1], &level, &bindings)?;
    let [width, height] = layout.cells_of(layout.slopes_level());
    let level = pyramid_slopes::Level {
        cells: cells.map(|side| side as i32),
        size: [width as i32, height as i32],
        right: layout.slopes as i32,
    };
    let bindings = pyramid_slopes::Bindings { heights, slopes: &means };
    commands.dispatch(&slopes, [width, height, 1], &level, &bindings)?;
    // The base pass has made the next level too, with its mirror image and means.
    let dilated = coarsen(engine, commands, [&maxima, &means], &layout, 2, interrupted)?;
    Ok(Pyramid { maxima, dilated })
}

/// Builds what is coarser than the finest level of `layout`, which is in `maxima` with all its
/// planes, as are the next one's reliefs and slopes, which are those of level 3 at least; the means
/// of both are in `means`.
pub(super) fn build_on(
    engine: &Engine,
    maxima: Arc<FloatImage>,
    means: &FloatImage,
    layout: Layout,
    interrupted: Interrupted<'_>,
) -> Result<Pyramid> {
    let commands = Commands::new(engine.device())?;
    let dilated = coarsen(engine, commands, [&maxima, means], &layout, 1, interrupted)?;
    Ok(Pyramid { maxima, dilated })
}

/// Records the coarser levels and the dilated pyramid, which it returns, and waits for all that was
/// recorded. Maxima and mirror image of the first `made` levels are there, and the means of two.
fn coarsen<'r>(
    engine: &Engine,
    commands: Commands<'r>,
    [maxima, means]: [&'r FloatImage; 2],
    layout: &Layout,
    made: usize,
    interrupted: Interrupted<'_>,
) -> Result<FloatImage> {
    let [reduce, reduce_means] = [false, true].map(|means| {
        engine.pipeline::<pyramid_reduce::Shader>(&pyramid_reduce::Constants { means })
    });
    let dilate = engine.pipeline::<pyramid_dilate::Shader>(&pyramid_dilate::Constants {});
    let [width, height] = layout.dilated_cells();
    let dilated = FloatImage::new(engine.device(), "dilated pyramid", [width, 2 * height])?;
    {
        let (reduce, reduce_means) = (&reduce, &reduce_means);
        let (dilate, dilated) = (&dilate, &dilated);
        let mut commands: Commands<'_> = commands;
        commands.initialise(dilated);
        let texel = maxima.size().map(|side| 1.0 / side as f32);
        for (above, size) in layout.levels().enumerate().skip(made) {
            let level = layout.finest + above as u32;
            let width = f32::from(1_u16 << (level - 2));
            let levels = pyramid_reduce::Levels {
                size: size.map(|side| side as i32),
                mirror: layout.mirror as i32,
                reliefs: layout.reliefs as i32,
                texel,
                texel_of_means: means.size().map(|side| 1.0 / side as f32),
                slopes: layout.slopes as i32,
                known: i32::from(level == layout.slopes_level()),
                per_cell: 1.0 / (width * width),
            };
            let bindings = pyramid_reduce::Bindings {
                maxima,
                means,
                maxima_texels: maxima,
                means_texels: means,
            };
            let [width, height] = size;
            commands.dispatch(reduce, [width, height, 2], &levels, &bindings)?;
            if above > 1 {
                commands.dispatch(reduce_means, [width, height, 1], &levels, &bindings)?;
            }
        }
        let mirror = [layout.mirror, width / 2].map(|columns| columns as i32);
        let skipped = (layout.dilated_level() - layout.finest) as usize;
        for (above, size) in layout.levels().skip(skipped).enumerate() {
            let level = pyramid_dilate::Level { size: size.map(|side| side as i32), texel, mirror };
            let bindings = pyramid_dilate::Bindings { maxima, dilated };
            // As in the pyramid, the finest level has no mirror image.
            let layers = if above == 0 { 1 } else { 2 };
            let [width, height] = size.map(|side| side.div_ceil(2));
            commands.dispatch(dilate, [width, height, layers], &level, &bindings)?;
        }
        commands.submit_and_wait(interrupted)?;
    }
    Ok(dilated)
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn levels_halve_exactly_and_fit_the_image_of_any_dem_that_fits() {
        for cells in [
            [1, 1],
            [2, 3],
            [60, 254],
            [1023, 1023],
            [8191, 8191],
            [16_383, 16_383],
            [16_383, 1],
            [5000, 7],
        ] {
            let layout = Layout::new(cells);
            let sizes: Vec<_> = layout.levels().collect();
            assert!(
                sizes.windows(2).all(|pair| pair[0] == pair[1].map(|side| 2 * side)),
                "{cells:?} {sizes:?}"
            );
            let covered = layout.base_cells.map(|side| side << super::BASE_LEVEL);
            assert!(covered[0] >= cells[0] && covered[1] >= cells[1]);
            assert!(
                sizes.last().is_some_and(|top| top
                    .iter()
                    .all(|&side| (1..=super::TOP_CELLS).contains(&side)))
            );
            // Eight rows are what the coarsest levels take at least.
            let longest = cells[0].max(cells[1]) + 1;
            assert!(
                layout.image_size().iter().all(|&side| side <= longest.next_power_of_two().max(8))
            );
        }
    }
}
