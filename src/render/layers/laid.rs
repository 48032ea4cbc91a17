//! A part's pieces, or marks, on a device, and where they lie on its terrain.

use super::block::{Places, reach};
use super::grid::Grid;
use super::items::Items;
use super::lens::{Lens, Reach};
use super::levels::pixels;
use super::rows::Lists;
use super::spans::{Spans, Wanted};
use super::upload::LAYER;
use crate::error::Result;
use crate::gpu::{Buffer, Device, FloatImage, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::View;
use crate::scene::layers::{Join, Kind, Part, Paths};
use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::Range;
use std::sync::{Arc, Weak};

/// How far, in pixels across and down, a hit may be seen from where its ground is: hits are where
/// their ray is, but cells that are met as a whole lie up to a pixel higher.
const OFF: [f64; 2] = [0.3, 1.0];

/// Items with their spans.
pub(super) struct Laid {
    paths: Arc<Paths>,
    linked: bool,
    measured: bool,
    /// Of the terrain under them.
    heights: Weak<FloatImage>,
    wanted: Wanted,
    spans: Spans,
    pub(super) items: Buffer,
    pub(super) words: Buffer,
    links: u32,
    lengths: u32,
}

/// Whether pieces of a part know the directions beside them, and how far along its line each is.
fn linked_and_measured(part: &Part) -> [bool; 2] {
    match &part.kind {
        Kind::Stroke { join, dashes, .. } => [*join != Join::Round, dashes.is_some()],
        _ => [false; 2],
    }
}

impl Laid {
    /// None if the device has no room for it in one piece.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        (terrain, view): (&Terrain, &View),
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let [_, beside] = reach(part, grid);
        let [linked, measured] = linked_and_measured(part);
        let wanted = wanted(grid, terrain, view);
        let mut items = Items::of(part, grid)?;
        let own = items.words.len();
        let spans = Spans::new(&mut items, grid, terrain, beside, wanted, interrupted)?;
        let bytes = |of: usize| 16 * of as u64;
        let fits = bytes(items.words.len() + own) <= device.limits().max_storage_bytes;
        if !fits && part.paths.runs.len() > 1 {
            return Ok(None);
        }
        let words: [&[u8]; 2] =
            [bytemuck::cast_slice(&items.features), bytemuck::cast_slice(&items.lengths)];
        let all: [&[u8]; 2] =
            [bytemuck::cast_slice(&items.words), bytemuck::cast_slice(&items.links)];
        Ok(Some(Self {
            paths: part.paths.clone(),
            linked,
            measured,
            heights: Arc::downgrade(&terrain.heights),
            wanted,
            spans,
            links: items.words.len() as u32,
            lengths: items.features.len() as u32,
            items: upload(device, LAYER, "layer's items", &all, interrupted)?,
            words: upload(device, LAYER, "layer's features", &words, interrupted)?,
        }))
    }

    /// Whether it is what `part` wants for a view of a terrain.
    pub(super) fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain, view: &View) -> bool {
        !matches!(part.kind, Kind::Fill(_))
            && Arc::ptr_eq(&self.paths, &part.paths)
            && [self.linked, self.measured] == linked_and_measured(part)
            && self.spans.beside == reach(part, grid)[1]
            && self.heights.as_ptr() == Arc::as_ptr(&terrain.heights)
            && self.wanted.holds(&wanted(grid, terrain, view))
    }

    pub(super) fn places(&self) -> Places {
        Places { links: self.links, lengths: self.lengths, ..Places::default() }
    }

    /// Lists for the rows of a picture.
    pub(super) fn lists(
        &self,
        part: &Part,
        grid: &Grid,
        lens: &Lens,
        (rows, across): (Range<u32>, usize),
        room: u64,
    ) -> Result<Lists> {
        let [pixels, beside] = reach(part, grid);
        let around = OFF.map(|off| pixels + FRAC_1_SQRT_2 + off);
        Lists::of(&self.spans, lens, Reach { pixels: around, beside }, rows, across, room)
    }
}

/// What a view wants: no more than one step of detail for each doubling of the distance.
fn wanted(grid: &Grid, terrain: &Terrain, view: &View) -> Wanted {
    let [least, most] = pixels(grid, terrain, view);
    let level = |cells: f64| cells.max(1e-9).log2().floor().clamp(-12.0, 16.0) as i32;
    // Steps below which no vertex is left out need not be told apart.
    let least_level = 2 - grid.bits;
    Wanted { first: level(least).max(least_level), last: level(most).max(least_level) }
}
