//! Marks on a device, and where they lie on its terrain.

use super::block::reach;
use super::grid::Grid;
use super::items::{Items, LAYER};
use super::lens::{Lens, Reach};
use super::rows::{Marks, Seen, in_pieces};
use super::spots::Spots;
use super::upright::{Standing, Uprights};
use crate::error::{Result, try_vec};
use crate::gpu::{Buffer, Device, FloatImage, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::layers::{Kind, Part, Paths, Unit};
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::{Arc, Weak};

/// How far, in pixels across and down, a mark in metres is seen from where it is at most: it lies
/// where rays end.
const OFF: [f64; 2] = [0.3, 1.0];

/// Marks with their heights.
pub(super) struct Laid {
    paths: Arc<Paths>,
    /// Of the terrain under them.
    heights: Weak<FloatImage>,
    spots: Spots,
    /// Those in metres. Of the others each picture has its own, as they stand in it.
    pub(super) items: Option<Buffer>,
}

fn on_ground(part: &Part) -> bool {
    part.paints.unit == Unit::Metres
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
        let mut spots = Spots::new(&items.words, grid, terrain, beside, interrupted)?;
        if !on_ground(part) {
            spots
                .all
                .iter_mut()
                .for_each(|spot| spot.item = items.words[spot.item as usize][2] as u32);
        }
        let words = [bytemuck::cast_slice(&items.words)];
        let upload = || upload(device, LAYER, "layer's items", &words, interrupted);
        Ok(Some(Self {
            paths: part.paths.clone(),
            heights: Arc::downgrade(&terrain.heights),
            spots,
            items: on_ground(part).then(upload).transpose()?,
        }))
    }

    /// Whether it is what `part` wants on a terrain.
    pub(super) fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain) -> bool {
        matches!(part.kind, Kind::Marks { .. })
            && Arc::ptr_eq(&self.paths, &part.paths)
            && self.items.is_some() == on_ground(part)
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
    ) -> Result<Seen> {
        if !on_ground(part) {
            return self.uprights(part, lens, interrupted);
        }
        let [pixels, beside] = reach(part, grid);
        let reach = Reach { pixels: OFF.map(|off| pixels + FRAC_1_SQRT_2 + off), beside };
        let marks = Marks::seen(&self.spots, lens, reach, interrupted)?;
        Ok(Seen::of_items(marks))
    }

    /// Those that stand upright.
    fn uprights(&self, part: &Part, lens: &Lens, interrupted: Interrupted<'_>) -> Result<Seen> {
        let standing = Standing::new(part, lens);
        let made = in_pieces(&self.spots.all, interrupted, |spots| {
            let mut marks = Marks::default();
            let mut all = try_vec(spots.len(), "a layer's marks")?;
            for (mark, pixels) in spots.iter().rev().filter_map(|spot| standing.mark(spot)) {
                marks.push(all.len() as u32, pixels);
                all.push(mark);
            }
            Ok((marks, all))
        })?;
        Ok(Seen::of_uprights(made, |all| Uprights::of(part, all)))
    }
}
