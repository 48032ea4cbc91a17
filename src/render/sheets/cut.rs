//! How a DEM is cut into sheets, and how they lie in the atlas.
//!
//! A sheet is a square of the heights, or of one plane of one level below `whole_level`: of maxima,
//! of the mirror image, of reliefs. All have as many cells a side, so one of a coarse level reaches
//! far, and a picture needs about as many texels as it has pixels, wherever it looks. Each has one
//! sample before its patches and two after them, or one cell more than its own, so that what is
//! read together lies together.
//!
//! The atlas is one image. At its corner lies the whole of the pyramid from `whole_level` on, four
//! planes beside each other: maxima, the mirror image, means, reliefs, each level in rows h to 2h,
//! as in `pyramid.rs`. Beneath it are slots, one a sheet.
//!
//! The directory tells which sheet is in which slot. Levels lie in it as in the pyramid, from
//! heights on:
//!
//! ```text
//! row 0    +----+          +---+---+
//!          | L2 |          |L2'|L2"|    mirror image and reliefs, if these were the finest of them
//!          +----+---+      +---+---+
//!          |   L1   |
//!          +--------+-------+
//!          |    heights     |
//!          +----------------+
//! ```

use super::super::pyramid::Layout;
use crate::error::{Error, Result};
use crate::gpu::shaders::numbers::sheets::SHEET_MORE;
use crate::gpu::{Commands, Device, FloatImage};
use crate::scene::fine_levels::{self, FineLevels};
use crate::scene::survey::{MOST_IN_MEMORY, Plan};
use std::sync::Arc;

/// A sheet has 2^8 cells a side.
const SHEET_SIDE: u32 = 8;
/// Up to so many cells of level 1 all levels are whole; of larger DEMs those from the first level
/// of at most `MOST_CELLS` cells on.
const MOST_FINEST_CELLS: u64 = 1 << 22;
const MOST_CELLS: u64 = 1 << 24;
/// What levels on the host may take at most: one part of so many of `max_memory`.
const MOST_KNOWN: u64 = 4;
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
    /// log2 of a sheet's cells a side, and the finest level that is whole. By default as the DEM's
    /// size has it.
    pub levels: Option<[u32; 2]>,
}

/// What a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plane {
    Heights,
    Maxima,
    Mirror,
    Reliefs,
}

/// A square of the DEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) plane: Plane,
    /// 0 of heights.
    pub(super) level: u32,
    /// Column and row among those of its level.
    pub(super) place: [usize; 2],
}

/// A DEM in sheets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// log2 of a sheet's cells a side.
    pub(super) side: u32,
    pub(in crate::render) layout: Layout,
    /// (columns, rows) of the DEM.
    pub(super) size: [usize; 2],
    /// Sheets of heights across and down, padded so that they halve down to the last level that has
    /// sheets.
    pub(super) count: [u32; 2],
    pub(super) first_slot: [u32; 2],
    /// Texels of a slot, a side.
    pub(super) slot: u32,
    /// Columns of slots, and how many there are.
    pub(super) across: u32,
    pub(super) slots: u32,
    pub(super) atlas: [u32; 2],
    /// From this one on levels stay known on the host.
    fine: u32,
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
        let side = wish.levels.map_or(SHEET_SIDE, |[side, _]| side);
        let top = Layout::new(cells).top_level;
        let levels = match wish.levels {
            Some([_, whole]) => whole..whole + 1,
            None => 1..top,
        };
        let enough = |cut: &Self| cut.is_roomy() && cut.atlas.iter().all(|&side| side <= max_image);
        let mut least_bytes: Option<u64> = None;
        for level in levels.filter(|&level| level < top) {
            let layout = Layout::coarse(cells, level);
            let count = layout.cells_of(level).iter().map(|&side| u64::from(side)).product::<u64>();
            let most = if level == 1 { MOST_FINEST_CELLS } else { MOST_CELLS };
            if wish.levels.is_none() && count > most {
                continue;
            }
            let cut = Self::with(size, layout, side, max_image, max_memory);
            if enough(&cut) {
                return Ok(cut);
            }
            let roomy = Self::with(size, layout, side, max_image, u64::MAX);
            let (mut low, mut high) = (0, roomy.bytes());
            while enough(&roomy) && low < high {
                let middle = low + (high - low) / 2;
                let holds = enough(&Self::with(size, layout, side, max_image, middle));
                (low, high) = if holds { (low, middle) } else { (middle + 1, high) };
            }
            if enough(&roomy) {
                least_bytes = Some(least_bytes.map_or(low, |bytes| bytes.min(low)));
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

    /// With levels that stay known on the host, if there is room for them.
    fn with(size: [usize; 2], layout: Layout, side: u32, max_image: u32, max_memory: u64) -> Self {
        let finest = fine_levels::FINEST.min(layout.finest);
        let cut = Self::with_known(finest, size, layout, side, max_image, max_memory);
        if cut.known_bytes() <= max_memory / MOST_KNOWN && cut.is_roomy() {
            return cut;
        }
        Self::with_known(layout.finest, size, layout, side, max_image, max_memory)
    }

    fn with_known(
        fine: u32,
        size: [usize; 2],
        layout: Layout,
        side: u32,
        max_image: u32,
        max_memory: u64,
    ) -> Self {
        let patches = 1_u32 << side;
        let whole = layout.image_size();
        let halved = 1 << (layout.finest - 1);
        let count =
            size.map(|samples| (samples as u32 - 1).div_ceil(patches).next_multiple_of(halved));
        let slot = patches + SHEET_MORE as u32;
        let mut cut = Self {
            side,
            layout,
            size,
            count,
            first_slot: [0, whole[1]],
            slot,
            across: 1,
            slots: 0,
            atlas: whole,
            fine,
        };
        let texels = max_memory.saturating_sub(cut.bytes() - bytes(whole)) / 4;
        let most_down = max_image.saturating_sub(whole[1]) / slot;
        let all = cut.sheets().min(u64::from(u32::MAX)) as u32;
        for across in 1..=(max_image / slot).min(MOST_ACROSS) {
            let width = whole[0].max(across * slot);
            let rows = (texels / u64::from(width)).min(u64::from(u32::MAX)) as u32;
            let down =
                (rows.saturating_sub(whole[1]) / slot).min(most_down).min(all.div_ceil(across));
            let atlas = [width, whole[1] + down * slot];
            let slots = all.min(across * down);
            if slots > cut.slots || (slots == cut.slots && bytes(atlas) < cut.atlas_bytes()) {
                (cut.across, cut.slots, cut.atlas) = (across, slots, atlas);
            }
        }
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
            fine: self.fine,
            exact: self.size.iter().all(|&side| side <= MOST_IN_MEMORY),
        }
    }

    /// Sheets that there are.
    fn sheets(&self) -> u64 {
        let of_level = |level: u32| {
            let planes = [1, 1, 2, 3][level.min(3) as usize];
            let across = |samples: usize| (samples as u64 - 1).div_ceil(1 << (self.side + level));
            planes * self.size.map(across).iter().product::<u64>()
        };
        (0..self.layout.finest).map(of_level).sum()
    }

    pub(super) fn slot_bytes(&self) -> u64 {
        bytes([self.slot; 2])
    }

    fn atlas_bytes(&self) -> u64 {
        bytes(self.atlas)
    }

    /// What atlas, dilated pyramid, and levels on the host take.
    fn bytes(&self) -> u64 {
        self.atlas_bytes() + 2 * bytes(self.layout.dilated_cells()) + self.known_bytes()
    }

    /// What levels on the host take.
    fn known_bytes(&self) -> u64 {
        let finest = self.layout.finest;
        FineLevels::bytes(self.fine, finest, self.layout.cells_of(finest).map(u64::from))
    }

    /// Whether most pictures find room for what they need at a time.
    fn is_roomy(&self) -> bool {
        u64::from(self.slots) >= LEAST_SLOTS.min(self.sheets())
    }

    /// Columns and rows of the directory.
    pub(super) fn directory(&self) -> [u32; 2] {
        [self.count[0], 2 * self.count[1]]
    }

    /// Which sheet that entry of the directory is for; None of those that stay empty.
    pub(super) fn sheet(&self, entry: usize) -> Option<Sheet> {
        let [across, down] = self.count.map(|side| side as usize);
        let [column, row] = [entry % across, entry / across];
        let level = (0..self.layout.finest).find(|level| row >= down >> level)?;
        let (plane, first) = match level {
            0 => (Plane::Heights, 0),
            3.. if column >= across / 4 * 3 => (Plane::Reliefs, across / 4 * 3),
            2.. if column >= across / 2 => (Plane::Mirror, across / 2),
            _ => (Plane::Maxima, 0),
        };
        let place = [column - first, row - (down >> level)];
        let sheet = Sheet { plane, level, place };
        (place[0] < across >> level && self.first_patch(&sheet).is_some()).then_some(sheet)
    }

    /// First patch of a sheet; None of one beyond the DEM.
    pub(super) fn first_patch(&self, sheet: &Sheet) -> Option<[usize; 2]> {
        let first = sheet.place.map(|at| at << (self.side + sheet.level));
        (0..2).all(|axis| first[axis] < self.size[axis] - 1).then_some(first)
    }

    /// Texel of the atlas where a slot begins.
    pub(super) fn corner(&self, slot: u32) -> [u32; 2] {
        let place = [slot % self.across, slot / self.across];
        [0, 1].map(|axis: usize| self.first_slot[axis] + place[axis] * self.slot)
    }

    /// As the directory has a slot.
    pub(super) fn entry(&self, slot: u32) -> f32 {
        (slot % self.across + MOST_ACROSS * (slot / self.across)) as f32
    }
}

/// Of an image of that size.
fn bytes([width, height]: [u32; 2]) -> u64 {
    4 * u64::from(width) * u64::from(height)
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
                assert!(cut.bytes() <= memory, "{size:?} {cut:?}");
                let [x, y] = cut.corner(cut.slots - 1);
                assert!(x + cut.slot <= cut.atlas[0] && y + cut.slot <= cut.atlas[1]);
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
        let message = Cut::of([60_000; 2], Wish::default(), 2048, 1 << 32).unwrap_err().to_string();
        assert!(message.contains("images end at 2048 texels"), "{message}");
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
