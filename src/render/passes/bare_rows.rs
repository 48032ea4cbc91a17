//! Rows of a picture on which none of its layers can be seen.

use super::Passes;
use crate::gpu::Recipe;
use crate::render::draws::Draw;
use crate::render::layers::LayerDraws;
use crate::render::mosaic::TILE;
use std::ops::Range;

/// What draws them, as if there were no layers: the same bytes by less.
pub(super) struct BareRows {
    /// The other rows, of whole tiles.
    layered: Range<u32>,
    draws: Vec<Draw>,
}

impl BareRows {
    /// Of a picture of so many rows; None where that saves little, or where its pipelines are not
    /// there yet: to make them takes longer.
    pub(super) fn new(
        layers: &LayerDraws<'_>,
        height: u32,
        draws: impl FnOnce() -> Vec<Draw>,
    ) -> Option<Self> {
        let seen = layers.rows();
        let layered = seen.start / TILE * TILE..seen.end.next_multiple_of(TILE);
        if layered.len() as u32 > height / 2 {
            return None;
        }
        let draws = draws();
        let made = draws.iter().flat_map(Draw::recipes).all(Recipe::is_made);
        made.then_some(Self { layered, draws })
    }

    /// Whether these rows are.
    fn hold(&self, rows: &Range<u32>) -> bool {
        rows.end <= self.layered.start || rows.start >= self.layered.end
    }

    /// A band in parts that are bare or are not.
    fn cut(&self, band: Range<u32>) -> [Range<u32>; 3] {
        let [first, end] =
            [self.layered.start, self.layered.end].map(|border| border.clamp(band.start, band.end));
        [band.start..first, first..end, end..band.end]
    }
}

impl<'e> Passes<'e> {
    /// A band in parts, each of which is drawn at once.
    pub(in crate::render) fn cut(&self, band: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        let parts = match &self.bare {
            Some(bare) => bare.cut(band),
            None => [band, 0..0, 0..0],
        };
        parts.into_iter().filter(|rows| !rows.is_empty())
    }

    pub(super) fn draws_of(&self, rows: &Range<u32>) -> &[Draw] {
        let bare = self.bare.as_ref().filter(|bare| bare.hold(rows));
        bare.map_or(&self.draws, |bare| &bare.draws)
    }

    /// The layers that may be seen there.
    pub(super) fn layers_on(&self, rows: &Range<u32>) -> Option<&LayerDraws<'e>> {
        let none = self.bare.as_ref().is_some_and(|bare| bare.hold(rows));
        self.layers.as_ref().filter(|_| !none)
    }
}
