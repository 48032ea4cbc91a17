//! Marks on a device, and where they lie on its terrain.

use super::block::reach;
use super::grid::Grid;
use super::items::{Items, LAYER};
use super::lens::{Lens, Reach};
use super::rows::MarkLists;
use super::spots::Spots;
use crate::error::Result;
use crate::gpu::{Buffer, Device, FloatImage, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::layers::{Kind, Part, Paths};
use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::Range;
use std::sync::{Arc, Weak};

/// How far, in pixels across and down, a hit may be seen from where its ground is: hits are where
/// their ray is, but cells that are met as a whole are higher than their ground. On steep ground
/// far off they are by more, and a mark's pixels there go with the ground that is not its own:
/// docs/benchmarks.md, "Layers on the ground".
const OFF: [f64; 2] = [0.3, 1.0];

/// Marks with their heights.
pub(super) struct Laid {
    paths: Arc<Paths>,
    /// Of the terrain under them.
    heights: Weak<FloatImage>,
    spots: Spots,
    pub(super) items: Buffer,
}

impl Laid {
    /// None if the device has no room for it in one piece.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        terrain: &Terrain,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let [_, beside] = reach(part, grid);
        let items = Items::of(part, grid)?;
        let bytes = size_of_val(items.words.as_slice()) as u64;
        if bytes > device.limits().max_storage_bytes && part.paths.runs.len() > 1 {
            return Ok(None);
        }
        Ok(Some(Self {
            paths: part.paths.clone(),
            heights: Arc::downgrade(&terrain.heights),
            spots: Spots::new(&items.words, grid, terrain, beside, interrupted)?,
            items: upload(
                device,
                LAYER,
                "layer's items",
                &[bytemuck::cast_slice(&items.words)],
                interrupted,
            )?,
        }))
    }

    /// Whether it is what `part` wants on a terrain.
    pub(super) fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain) -> bool {
        matches!(part.kind, Kind::Marks { .. })
            && Arc::ptr_eq(&self.paths, &part.paths)
            && self.spots.beside == reach(part, grid)[1]
            && self.heights.as_ptr() == Arc::as_ptr(&terrain.heights)
    }

    /// Lists for the rows of a picture.
    pub(super) fn lists(
        &self,
        part: &Part,
        grid: &Grid,
        lens: &Lens,
        (rows, across): (Range<u32>, usize),
        room: u64,
        interrupted: Interrupted<'_>,
    ) -> Result<MarkLists> {
        let [pixels, beside] = reach(part, grid);
        let around = OFF.map(|off| pixels + FRAC_1_SQRT_2 + off);
        let reach = Reach { pixels: around, beside };
        MarkLists::of(&self.spots, lens, reach, rows, across, room, interrupted)
    }
}
