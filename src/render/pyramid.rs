//! The pyramid of cell maxima that rays walk, built on the device.
//!
//! Level L has cells of 2^L x 2^L patches. The levels lie one after another in one buffer, finest first; the finest is
//! level 1, or coarser where level 1 would not fit the device's storage range. Every level is padded so that it halves
//! exactly, down to a top of a few cells: then a child's index is a shift and a level's place is arithmetic.

use super::{Engine, Interrupted};
use crate::error::Result;
use crate::gpu::{Binding, Buffer, Commands, HeightImage, MemoryUse, gpu_struct, shaders};
use bytemuck::bytes_of;

gpu_struct! {
    struct Level: pyramid_base::Level {
        cells: [i32; 2],
        size: [i32; 2],
        patches: i32,
        reference_height: f32,
    }
}

gpu_struct! {
    struct Levels: pyramid_reduce::Levels {
        size: [u32; 2],
        finer: u32,
        coarser: u32,
    }
}

/// Where the levels lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layout {
    /// Finest level stored.
    pub(super) base_level: u32,
    /// Coarsest level stored.
    pub(super) top_level: u32,
    /// Cells of the finest level, padding included.
    pub(super) base_cells: [u32; 2],
}

/// Cells along the longer side of the coarsest level, at most.
const TOP_CELLS: u32 = 8;

impl Layout {
    /// The layout for a DEM of `cells` patches, in at most `max_bytes`.
    pub(super) fn new(cells: [u32; 2], max_bytes: u64) -> Self {
        let mut base_level = 1;
        loop {
            let size = cells.map(|side| side.div_ceil(1 << base_level));
            let mut above = 0;
            while size.iter().any(|side| side.div_ceil(1 << above) > TOP_CELLS) {
                above += 1;
            }
            let base_cells = size.map(|side| side.next_multiple_of(1 << above));
            let layout = Self { base_level, top_level: base_level + above, base_cells };
            if layout.bytes() <= max_bytes || above == 0 {
                return layout;
            }
            base_level += 1;
        }
    }

    fn levels(&self) -> impl Iterator<Item = [u32; 2]> {
        let base = self.base_cells;
        (0..=self.top_level - self.base_level).map(move |above| base.map(|side| side >> above))
    }

    fn bytes(&self) -> u64 {
        self.levels().map(|[width, height]| 4 * u64::from(width) * u64::from(height)).sum()
    }
}

/// Builds the pyramid of `heights`.
pub(super) fn build(
    engine: &Engine,
    heights: &HeightImage,
    reference_height: f32,
    has_holes: bool,
    interrupted: Interrupted<'_>,
) -> Result<(Buffer, Layout)> {
    let device = engine.device();
    let cells = heights.size().map(|side| side - 1);
    let layout = Layout::new(cells, device.limits().max_storage_bytes);
    let maxima = Buffer::new(device, "pyramid", layout.bytes(), MemoryUse::Device)?;
    let base = engine.pipeline(&shaders::pyramid_base::SHADER, &[has_holes.into()])?;
    let reduce = engine.pipeline(&shaders::pyramid_reduce::SHADER, &[])?;
    {
        let mut commands = Commands::new(device)?;
        let level = Level {
            cells: cells.map(|side| side as i32),
            size: layout.base_cells.map(|side| side as i32),
            patches: 1 << layout.base_level,
            reference_height,
        };
        let bindings = [Binding::Heights(heights), Binding::Buffer(&maxima)];
        commands.dispatch(&base, layout.base_cells, bytes_of(&level), &bindings)?;
        let mut finer = 0;
        for ([width, height], size) in layout.levels().zip(layout.levels().skip(1)) {
            let coarser = finer + width * height;
            let levels = Levels { size, finer, coarser };
            commands.dispatch(&reduce, size, bytes_of(&levels), &[Binding::Buffer(&maxima)])?;
            finer = coarser;
        }
        commands.submit_and_wait(interrupted)?;
    }
    Ok((maxima, layout))
}

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn levels_halve_exactly_and_fit() {
        for cells in [[1, 1], [2, 3], [60, 254], [1023, 1023], [8191, 8191], [16_383, 16_383], [16_383, 1], [5000, 7]] {
            let layout = Layout::new(cells, 1 << 27);
            assert!(layout.bytes() <= 1 << 27, "{cells:?}");
            let sizes: Vec<_> = layout.levels().collect();
            assert!(sizes.windows(2).all(|pair| pair[0] == pair[1].map(|side| 2 * side)), "{cells:?} {sizes:?}");
            let covered = layout.base_cells.map(|side| side << layout.base_level);
            assert!(covered[0] >= cells[0] && covered[1] >= cells[1]);
            assert!(sizes.last().is_some_and(|top| top.iter().all(|&side| side >= 1 && side <= super::TOP_CELLS)));
        }
    }

    #[test]
    fn only_a_dem_too_large_for_level_one_starts_coarser() {
        assert_eq!(Layout::new([8191, 8191], 1 << 27).base_level, 1);
        assert_eq!(Layout::new([16_383, 16_383], 1 << 27).base_level, 2);
    }
}
