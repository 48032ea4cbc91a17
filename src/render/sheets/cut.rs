//! How a DEM is cut into sheets, and how they lie in the atlas.
//!
//! The atlas is one image. At its corner lies the whole of the pyramid from `whole_level` on, four
//! planes beside each other: maxima, the mirror image, means, reliefs, each level in rows h to 2h,
//! as in `pyramid.rs`. Beneath it are slots, one a sheet:
//!
//! ```text
//! +---------+---------+----------+----------+
//! |         | maxima  |  level 1 (twice as wide, and maxima alone)
//! | heights +----+----+----+
//! |         | L2 | L2'| reliefs
//! |         +--+-++-+-+--+
//! +---------+L3+L3'+--+
//! ```
//!
//! A sheet has one sample before its patches and two after them, and of each level one cell more
//! than its own, so that what is read together lies together.

use super::super::pyramid::Layout;
use crate::error::{Error, Result};
use crate::gpu::shaders::numbers::sheets::{SHEET_BEFORE, SHEET_MORE};
use crate::gpu::{Commands, Device, FloatImage};
use crate::scene::survey::{MOST_IN_MEMORY, Plan};
use std::sync::Arc;

/// A sheet is 2^9 patches a side.
const SHEET_LEVEL: u32 = 9;
/// Up to so many cells of level 1 all levels are whole; of larger DEMs those from the first level
/// of at most `MOST_CELLS` cells on.
const MOST_FINEST_CELLS: u64 = 1 << 22;
const MOST_CELLS: u64 = 1 << 24;
/// What a picture should find room for at least.
const LEAST_SLOTS: u64 = 96;
/// Columns of slots that the directory can tell apart.
const MOST_ACROSS: u32 = 64;
/// Coordinates of cells stay exact in what layers keep of a hit: two of 16 bits.
const MOST_SAMPLES: usize = 1 << 16;

/// What a caller may decide of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Most bytes of device memory for heights and pyramid; by default half of what the device says
    /// it has.
    pub max_memory: Option<u64>,
    /// log2 of a sheet's side, and the finest level that is whole. By default as the DEM's size has
    /// it.
    pub levels: Option<[u32; 2]>,
}

/// A DEM in sheets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub(super) sheet_level: u32,
    pub(in crate::render) layout: Layout,
    /// (columns, rows) of the DEM.
    pub(super) size: [usize; 2],
    /// Sheets, those beyond the DEM's far edges included.
    pub(super) count: [u32; 2],
    pub(super) first_slot: [u32; 2],
    pub(super) slot: [u32; 2],
    /// Columns of slots, and how many there are.
    pub(super) across: u32,
    pub(super) slots: u32,
    pub(super) atlas: [u32; 2],
}

impl Cut {
    /// For a DEM of `size` on a device with images of `max_image` a side and so much memory.
    pub fn of(size: [usize; 2], wish: Wish, max_image: u32, device_bytes: u64) -> Result<Self> {
        if size.iter().any(|side| !(2..=MOST_SAMPLES).contains(side)) {
            return Err(Error::invalid(format!(
                "dem must have 2 to {MOST_SAMPLES} samples along each side; got {} x {} (rows x columns); cut it into parts, or \
                 resample it",
                size[1], size[0]
            )));
        }
        let max_memory = wish.max_memory.unwrap_or(device_bytes / 2);
        let cells = size.map(|side| side as u32 - 1);
        let sheet_level = wish.levels.map_or(SHEET_LEVEL, |[sheet, _]| sheet);
        let top = Layout::new(cells).top_level;
        let levels = match wish.levels {
            Some([_, whole]) => whole..whole + 1,
            None => 1..top,
        };
        let enough = |cut: &Self| {
            let slots = u64::from(cut.slots) >= LEAST_SLOTS.min(cut.sheets() + 1);
            slots && cut.atlas.iter().all(|&side| side <= max_image)
        };
        let mut least_bytes: Option<u64> = None;
        for level in levels.filter(|&level| level < top && level <= sheet_level) {
            let layout = Layout::coarse(cells, level);
            let count = layout.cells_of(level).iter().map(|&side| u64::from(side)).product::<u64>();
            let most = if level == 1 { MOST_FINEST_CELLS } else { MOST_CELLS };
            if wish.levels.is_none() && count > most {
                continue;
            }
            let cut = Self::with(size, layout, sheet_level, max_image, max_memory);
            if enough(&cut) {
                return Ok(cut);
            }
            let needed = cut.fixed_bytes() + LEAST_SLOTS.min(cut.sheets() + 1) * cut.slot_bytes();
            if enough(&Self::with(size, layout, sheet_level, max_image, needed)) {
                least_bytes = Some(least_bytes.map_or(needed, |bytes| bytes.min(needed)));
            }
        }
        let Some(least_bytes) = least_bytes else {
            return Err(Error::invalid(format!(
                "dem is too large for a device whose images end at {max_image} texels a side; got {} x {} samples (rows x \
                 columns); draw it on another device, or resample it",
                size[1], size[0]
            )));
        };
        Err(Error::invalid(format!(
            "max_memory must be at least {least_bytes} bytes for a DEM of {} x {} samples; got {max_memory}{}; pass more, or \
             resample the DEM",
            size[1],
            size[0],
            if wish.max_memory.is_none() { ", which is half of the device's memory" } else { "" },
        )))
    }

    fn with(
        size: [usize; 2],
        layout: Layout,
        sheet_level: u32,
        max_image: u32,
        max_memory: u64,
    ) -> Self {
        let whole_level = layout.finest;
        let patches = 1_u32 << sheet_level;
        let side = patches + SHEET_MORE as u32;
        let of_levels = match whole_level {
            1 => 0,
            2 => patches / 2 + 1,
            _ => (patches / 2 + 1).max(3 * (patches / 4 + 1)),
        };
        let slot = [side + of_levels, side];
        let whole = layout.image_size();
        let count = layout.cells_of(1).map(|cells| (2 * cells).div_ceil(patches));
        let mut cut = Self {
            sheet_level,
            layout,
            size,
            count,
            first_slot: [0, whole[1]],
            slot,
            across: 1,
            slots: 0,
            atlas: whole,
        };
        let fits = max_memory.saturating_sub(cut.fixed_bytes()) / cut.slot_bytes();
        // One is for what lies beyond the DEM.
        let wanted = fits.min(cut.sheets() + 1).min(u64::from(u32::MAX)) as u32;
        let most_down = max_image.saturating_sub(whole[1]) / slot[1];
        let most_across = (max_image / slot[0]).min(MOST_ACROSS);
        let square = f64::from(wanted).sqrt().ceil() as u32;
        let across = square.max(whole[0] / slot[0]).max(wanted.div_ceil(most_down.max(1)));
        cut.across = across.clamp(1, most_across.max(1));
        let down = wanted.div_ceil(cut.across).min(most_down);
        cut.slots = wanted.min(down * cut.across);
        cut.atlas = [whole[0].max(cut.across * slot[0]), whole[1] + down * slot[1]];
        cut
    }

    /// The atlas, with nothing in it.
    pub(in crate::render) fn atlas(&self, device: &Arc<Device>) -> Result<FloatImage> {
        let atlas = FloatImage::new(device, "atlas of the DEM's sheets", self.atlas)?;
        let mut commands = Commands::new(device)?;
        commands.initialise(&atlas);
        commands.submit_and_wait(&|| false)?;
        Ok(atlas)
    }

    /// How the DEM has to be surveyed for it.
    pub fn plan(&self) -> Plan {
        Plan {
            level: self.layout.finest,
            cells: self.layout.cells_of(self.layout.finest).map(|side| side as usize),
            exact: self.size.iter().all(|&side| side <= MOST_IN_MEMORY),
        }
    }

    /// Sheets that have part in the DEM.
    fn sheets(&self) -> u64 {
        self.size.iter().map(|&side| (side as u64 - 1).div_ceil(1 << self.sheet_level)).product()
    }

    pub(super) fn slot_bytes(&self) -> u64 {
        4 * u64::from(self.slot[0]) * u64::from(self.slot[1])
    }

    /// What the whole levels take, and the dilated pyramid.
    fn fixed_bytes(&self) -> u64 {
        let bytes = |[width, height]: [u32; 2]| 4 * u64::from(width) * u64::from(height);
        bytes(self.layout.image_size()) + 2 * bytes(self.layout.dilated_cells())
    }

    /// First patch of a sheet; None of one beyond the DEM.
    pub(super) fn first_patch(&self, sheet: usize) -> Option<[usize; 2]> {
        let across = self.count[0] as usize;
        let first = [sheet % across, sheet / across].map(|at| at << self.sheet_level);
        (0..2).all(|axis| first[axis] < self.size[axis] - 1).then_some(first)
    }

    /// Texel of the atlas where a slot begins.
    pub(super) fn corner(&self, slot: u32) -> [u32; 2] {
        let place = [slot % self.across, slot / self.across];
        [0, 1].map(|axis: usize| self.first_slot[axis] + place[axis] * self.slot[axis])
    }

    /// As the directory has a slot.
    pub(super) fn entry(&self, slot: u32) -> f32 {
        (slot % self.across + MOST_ACROSS * (slot / self.across)) as f32
    }

    /// Samples that a slot's heights have before its patches.
    pub(super) fn before() -> usize {
        SHEET_BEFORE as usize
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_sizes_fit_image_and_memory() {
        for size in [
            [2, 2],
            [300, 200],
            [9001, 4000],
            [16_384, 16_384],
            [40_000, 40_000],
            [65_536, 20_000],
            [60_000, 3],
        ] {
            for memory in [1_u64 << 28, 1 << 30, 1 << 34] {
                let wish = Wish { max_memory: Some(memory), levels: None };
                let Ok(cut) = Cut::of(size, wish, 16_384, 1 << 31) else {
                    assert!(memory < 1 << 30, "{size:?}");
                    continue;
                };
                assert!(cut.atlas.iter().all(|&side| side <= 16_384), "{size:?} {cut:?}");
                assert!(
                    cut.fixed_bytes() + u64::from(cut.slots) * cut.slot_bytes() <= memory,
                    "{size:?} {cut:?}"
                );
                let [x, y] = cut.corner(cut.slots - 1);
                assert!(x + cut.slot[0] <= cut.atlas[0] && y + cut.slot[1] <= cut.atlas[1]);
                assert!(f64::from(cut.entry(cut.slots - 1)) < f64::from(1 << 24));
            }
        }
    }

    #[test]
    fn levels_are_those_of_a_dem_in_memory_as_far_as_that_can_be() {
        let cut = |side: usize| Cut::of([side, side], Wish::default(), 16_384, 1 << 32).unwrap();
        assert_eq!(cut(4096).layout.finest, 1);
        assert_eq!(cut(16_384).layout.finest, 2);
        assert_eq!(cut(40_000).layout.finest, 4);
    }

    #[test]
    fn too_little_memory_says_how_much_is_enough() {
        for (size, max_image) in [
            ([9000, 9000], 16_384),
            ([9000, 9000], 8192),
            ([40_000, 40_000], 16_384),
            ([60_000, 3], 8192),
            ([60_000, 3], 16_384),
        ] {
            let cut = |bytes: u64| {
                Cut::of(size, Wish { max_memory: Some(bytes), levels: None }, max_image, 1 << 32)
            };
            let message = cut(1 << 16).unwrap_err().to_string();
            let rest = message.strip_prefix("max_memory must be at least ").unwrap();
            let least = rest.split(' ').next().unwrap().parse().unwrap();
            assert!(cut(least).is_ok(), "{size:?} {max_image}: {message}");
            assert!(cut(least - 1).is_err(), "{size:?} {max_image}: {message}");
        }
        let message =
            Cut::of([70_000, 9], Wish::default(), 16_384, 1 << 32).unwrap_err().to_string();
        assert!(message.contains("got 9 x 70000"), "{message}");
        let message = Cut::of([60_000; 2], Wish::default(), 4096, 1 << 32).unwrap_err().to_string();
        assert!(message.contains("images end at 4096 texels"), "{message}");
    }

    #[test]
    fn how_it_is_surveyed_is_no_matter_of_the_devices_images() {
        let wish = Wish { max_memory: None, levels: Some([9, 4]) };
        for side in [9000, 16_384, 20_000] {
            let plan = |max_image| Cut::of([side, 900], wish, max_image, 1 << 32).unwrap().plan();
            assert_eq!(plan(8192), plan(16_384));
            assert_eq!(plan(32_768), plan(16_384));
            assert_eq!(plan(8192).exact, side <= 16_384);
        }
    }
}
