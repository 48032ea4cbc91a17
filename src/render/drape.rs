//! A drape on the device: its texels, and a mip chain of their averages.
//!
//! Level L is ceil(size / 2^L) texels. Level 0 is the first layer of an image of two; the others
//! lie in the second along its longer side, level L from P >> L, P being the least 2^n or 3 * 2^n
//! that is not less than that side of level 0. So a level's place follows from L alone, and a texel
//! of any level takes one look at one image.

use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::gpu::shaders::drape_reduce::{Bindings, Constants, Levels, Shader};
use crate::gpu::shaders::{blocks, kinds};
use crate::gpu::{Commands, Device, WordImage};
use crate::scene::Drape;
use crate::scene::drape::Blend;
use std::sync::Arc;

/// A drape on the device.
pub(super) struct DrapeLayer {
    texels: WordImage,
    size: [u32; 2],
    bounds: Option<[f64; 4]>,
    opacity: f32,
    blend: Blend,
    /// Whether every texel is, its opacity aside.
    is_opaque: bool,
}

impl DrapeLayer {
    /// Uploads the texels and builds the mip chain.
    pub(super) fn new(
        engine: &Engine,
        drape: &Drape,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let device = engine.device();
        let size = drape.size();
        // Before the layers, which are larger: the message is about the caller's image.
        WordImage::check(device, "drape", size)?;
        let texels = WordImage::layered(device, "drape", layer_size(size), 2)?;
        texels.fill(drape.texels(), size[0] as usize, interrupted)?;
        build_mips(engine, &texels, size, interrupted)?;
        Ok(Self {
            texels,
            size,
            bounds: drape.bounds(),
            opacity: drape.opacity(),
            blend: drape.blend(),
            is_opaque: drape.is_opaque(),
        })
    }

    /// Nothing, for pictures without a drape: shaders want something bound.
    pub(super) fn blank(device: &Arc<Device>, interrupted: Interrupted<'_>) -> Result<Self> {
        let texels = WordImage::upload(device, "no drape", &[0], 1, interrupted)?;
        Ok(Self {
            texels,
            size: [1; 2],
            bounds: None,
            opacity: 0.0,
            blend: Blend::Normal,
            is_opaque: true,
        })
    }

    /// Bytes sent to the device.
    pub(super) fn bytes_uploaded(&self) -> u64 {
        4 * u64::from(self.size[0]) * u64::from(self.size[1])
    }

    /// How it goes with the colour map's colours.
    pub(super) fn blend(&self) -> kinds::Blend {
        blend_kind(self.blend)
    }

    /// What it lets through.
    pub(super) fn covering(&self) -> kinds::Draped {
        if self.is_opaque { kinds::Draped::Opaque } else { kinds::Draped::Translucent }
    }

    /// The image of `shaders/include/drape.glsl`.
    pub(super) fn texels(&self) -> &WordImage {
        &self.texels
    }

    /// Its block, for a terrain.
    pub(super) fn block(&self, terrain: &Terrain) -> blocks::Drape {
        let [columns, rows] = [terrain.extent.columns as f64, terrain.extent.rows as f64];
        let [dx, dy] = terrain.extent.spacing;
        let [west, south, east, north] = self.bounds.unwrap_or([
            -0.5 * columns * dx,
            -0.5 * rows * dy,
            0.5 * columns * dx,
            0.5 * rows * dy,
        ]);
        // Sample (row 0, column 0) in the world; texels run east and south from the north-west
        // corner.
        let [x, y] = [-0.5 * (columns - 1.0) * dx, 0.5 * (rows - 1.0) * dy];
        let per_metre =
            [f64::from(self.size[0]) / (east - west), f64::from(self.size[1]) / (north - south)];
        blocks::Drape {
            scale: [(dx * per_metre[0]) as f32, (dy * per_metre[1]) as f32],
            offset: [((x - west) * per_metre[0]) as f32, ((north - y) * per_metre[1]) as f32],
            texel: self.texels.size().map(|side| 1.0 / side as f32),
            size: self.size.map(|side| side as i32),
            first: first(self.size).map(|side| side as i32),
            top_level: top_level(self.size) as i32,
            opacity: self.opacity,
        }
    }
}

/// The shader's name for it.
pub(super) fn blend_kind(blend: Blend) -> kinds::Blend {
    match blend {
        Blend::Normal => kinds::Blend::Normal,
        Blend::Multiply => kinds::Blend::Multiply,
        Blend::Overlay => kinds::Blend::Overlay,
        Blend::SoftLight => kinds::Blend::SoftLight,
    }
}

/// Fills the second layer from the first.
fn build_mips(
    engine: &Engine,
    texels: &WordImage,
    size: [u32; 2],
    interrupted: Interrupted<'_>,
) -> Result<()> {
    let first = engine.pipeline::<Shader>(&Constants { from_base: true });
    let others = engine.pipeline::<Shader>(&Constants { from_base: false });
    let mut commands = Commands::new(engine.device())?;
    for level in 1..=top_level(size) {
        let coarser = level_size(size, level);
        let levels = Levels {
            finer: level_size(size, level - 1).map(|side| side as i32),
            coarser: coarser.map(|side| side as i32),
            finer_at: if level == 1 { [0; 2] } else { level_at(size, level - 1) },
            coarser_at: level_at(size, level),
        };
        let pipeline = if level == 1 { &first } else { &others };
        let threads = [coarser[0], coarser[1], 1];
        commands.dispatch(pipeline, threads, &levels, &Bindings { texels })?;
    }
    commands.submit_and_wait(interrupted)?;
    Ok(())
}

/// The level of one texel.
fn top_level(size: [u32; 2]) -> u32 {
    size[0].max(size[1]).next_power_of_two().trailing_zeros()
}

fn level_size(size: [u32; 2], level: u32) -> [u32; 2] {
    size.map(|side| side.div_ceil(1 << level))
}

/// Where level 0 would start in the second layer: P columns or P rows from the corner.
fn first(size: [u32; 2]) -> [u32; 2] {
    let [columns, rows] = size;
    let past = |side: u32| {
        let power = side.next_power_of_two();
        if power >= 4 && side <= power / 4 * 3 { power / 4 * 3 } else { power }
    };
    if columns > rows { [past(columns), 0] } else { [0, past(rows)] }
}

fn level_at(size: [u32; 2], level: u32) -> [i32; 2] {
    first(size).map(|side| (side >> level) as i32)
}

/// As large as level 0, and as the other levels together.
fn layer_size(size: [u32; 2]) -> [u32; 2] {
    let [start, end] = [first(size), level_size(size, 1)];
    [0, 1].map(|axis| size[axis].max((start[axis] >> 1) + end[axis]))
}

/// The image on the ground; where there is none the shader still wants one.
pub(super) enum DrapeOrBlank<'e> {
    Given(&'e DrapeLayer),
    Blank(Arc<DrapeLayer>),
}

impl std::ops::Deref for DrapeOrBlank<'_> {
    type Target = DrapeLayer;

    fn deref(&self) -> &DrapeLayer {
        match self {
            Self::Given(layer) => layer,
            Self::Blank(layer) => layer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{layer_size, level_at, level_size, top_level};

    #[test]
    fn levels_do_not_overlap_and_fit_the_image_of_any_drape_that_fits() {
        for size in [
            [1, 1],
            [1, 2],
            [2, 1],
            [3, 5],
            [97, 96],
            [1920, 1080],
            [16_384, 16_384],
            [12_289, 7],
            [7, 16_383],
        ] {
            let top = top_level(size);
            assert_eq!(level_size(size, top), [1, 1]);
            assert!(top == 0 || level_size(size, top - 1) != [1, 1]);
            let image = layer_size(size).map(|side| side as i32);
            assert!(image.iter().all(|side| (1..=16_384).contains(side)), "{size:?} {image:?}");
            assert!(
                (0..2).all(|axis| image[axis] as u32 <= size[axis] + size[axis].div_ceil(4)),
                "{size:?} {image:?}"
            );
            let along = usize::from(size[1] >= size[0]);
            let mut free = image[along];
            for level in 1..=top {
                let at = level_at(size, level);
                let end = [0, 1].map(|axis| at[axis] + level_size(size, level)[axis] as i32);
                assert!(
                    end[along] <= free && end[1 - along] <= image[1 - along],
                    "{size:?} {level}"
                );
                free = at[along];
            }
            assert!(top == 0 || (0..=1).contains(&free), "{size:?}");
        }
    }
}
