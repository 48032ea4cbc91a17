//! Rows of a picture on which none of its layers can be seen.

use crate::gpu::Recipe;
use crate::render::draws::Draw;
use crate::render::layers::LayerDraws;
use crate::render::mosaic::TILE;
use std::ops::Range;

/// What draws them, as if there were no layers: the same bytes by less.
pub(super) struct BareRows {
    /// The other rows, of whole tiles.
    layered: Range<u32>,
    pub(super) draws: Vec<Draw>,
}

impl BareRows {
    /// Of a picture of so many rows; None where that saves little, or where its pipelines are not
    /// there yet: to make them takes longer.
    pub(super) fn new(
        layers: &LayerDraws<'_>,
        height: u32,
        draws: impl FnOnce() -> Vec<Draw>,
    ) -> Option<Self> {
        let seen = layers.rows()?;
        let layered = seen.start / TILE * TILE..seen.end.next_multiple_of(TILE);
        if layered.len() as u32 > height / 2 {
            return None;
        }
        let draws = draws();
        let made = draws.iter().flat_map(Draw::recipes).all(Recipe::is_made);
        made.then_some(Self { layered, draws })
    }

    /// Whether these rows are.
    pub(super) fn hold(&self, rows: &Range<u32>) -> bool {
        rows.end <= self.layered.start || rows.start >= self.layered.end
    }

    /// A band in parts that are bare or are not.
    pub(super) fn cut(&self, band: Range<u32>) -> [Range<u32>; 3] {
        let [first, end] =
            [self.layered.start, self.layered.end].map(|border| border.clamp(band.start, band.end));
        [band.start..first, first..end, end..band.end]
    }
}
