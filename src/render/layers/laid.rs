//! Marks on a device, and where they lie on its terrain.

use super::block::reach;
use super::grid::Grid;
use super::items::{Items, LAYER};
use super::lens::{Lens, Reach};
use super::rows::Marks;
use super::spots::Spots;
use crate::error::Result;
use crate::gpu::{Buffer, Device, FloatImage, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::layers::{Kind, Part, Paths};
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::{Arc, Weak};

/// How far, in pixels across and down, a mark's place is seen from where it is at most. Those of
/// sizes in pixels are drawn around that very place (`shaders/include/sighting.glsl`), but for
/// rounding. Those in metres lie where rays end.
const OFF_IN_PIXELS: [f64; 2] = [0.02; 2];
const OFF_IN_METRES: [f64; 2] = [0.3, 1.0];

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
        let mut items = Items::of(part, grid)?;
        let bytes = size_of_val(items.words.as_slice()) as u64;
        if bytes > device.limits().max_storage_bytes && part.paths.runs.len() > 1 {
            return Ok(None);
        }
        let spots = Spots::new(&items.words, grid, terrain, beside, interrupted)?;
        for spot in &spots.all {
            items.words[spot.item as usize][3] = spot.height.middle.to_bits() as i32;
        }
        Ok(Some(Self {
            paths: part.paths.clone(),
            heights: Arc::downgrade(&terrain.heights),
            spots,
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

    /// The marks as a picture shows them.
    pub(super) fn marks(
        &self,
        part: &Part,
        grid: &Grid,
        lens: &Lens,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<Marks>> {
        let [pixels, beside] = reach(part, grid);
        let off = if beside > 0.0 { OFF_IN_METRES } else { OFF_IN_PIXELS };
        let reach = Reach { pixels: off.map(|off| pixels + FRAC_1_SQRT_2 + off), beside };
        Marks::seen(&self.spots, lens, reach, interrupted)
    }
}
