//! The ground under things: a DEM in memory, or one that stays where it is.

use super::rise::{Box2, Lows, lowest_surveyed, lowest_under};
use crate::error::Result;
use crate::render::Source;
use crate::scene::Heightfield;

/// All that things ask of it.
#[derive(Clone, Copy)]
pub(in crate::render) struct Under<'g> {
    /// Without its heights if it stays in `source`.
    pub(in crate::render) field: &'g Heightfield,
    pub(in crate::render) source: Option<&'g Source>,
}

impl Under<'_> {
    /// The DEM's own height from which those of things are counted, as the device counts all.
    pub(super) fn reference(&self) -> f32 {
        match self.source {
            Some(source) => source.survey.reference,
            None => {
                let [low, high] = self.field.range().unwrap_or_default();
                low * 0.5 + high * 0.5
            }
        }
    }

    /// A height that is not above the lowest under a box; None beyond the DEM and over holes.
    pub(super) fn lowest(&self, bounds: Box2) -> Option<f64> {
        match self.source {
            Some(source) => lowest_surveyed(&source.survey, bounds),
            None => lowest_under(self.field, bounds),
        }
    }

    /// What remains known of that.
    pub(super) fn lows(&self) -> Result<Lows> {
        match self.source {
            Some(source) => Ok(Lows::Surveyed(source.survey.clone())),
            None => Lows::of(self.field),
        }
    }
}
