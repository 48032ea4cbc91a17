//! The passes of things over the ground.

use super::{Lending, Passes};
use crate::error::Result;
use crate::gpu::shaders::picture::{Band, Bindings};
use crate::gpu::{Buffer, Commands, Lent};
use crate::render::draws::Draw;
use crate::render::space::{self, Through};

/// With things over the ground: what rays have met, where layers do not keep it, and how much of
/// the sun things leave to that.
pub(super) struct Met<'e> {
    pub(super) hits: Option<Lent<'e>>,
    pub(super) sun_left: Lent<'e>,
    pub(super) through: Option<Through<'e>>,
}

impl<'e> Passes<'e> {
    /// Things over the ground: those that rays see, their light, and the colours of all that was
    /// met.
    pub(super) fn record_things<'b>(
        &'b self,
        draw: &'b Draw,
        lending: &'b Lending<'e>,
        (band, [pixel_groups, ray_groups]): (Band, [(&'b Buffer, u64); 2]),
        bindings: &Bindings<'b>,
        commands: &mut Commands<'b>,
    ) -> Result<()> {
        let Lending { tiles, depths, remainder, met, .. } = lending;
        let (Some(things), Some(met), Some(hits)) = (&self.things, met, lending.kept_hits()) else {
            return Ok(());
        };
        let (tiles, listed) = (tiles.buffer(), remainder.buffer());
        let rays = |groups| space::Rays { tiles, remainder: listed, groups, band, hits, depths };
        things.record_centres(commands, &rays(pixel_groups))?;
        remainder.record_clear(commands, self.samples)?;
        things.record_seen(commands, &rays(ray_groups))?;
        things.record_light(commands, &rays(ray_groups), &met.sun_left)?;
        for (pipeline, groups) in
            [(&draw.ground, ray_groups), (&draw.things, remainder.ray_groups())]
        {
            if let Some(pipeline) = pipeline {
                pipeline.record(commands, groups, &band, bindings)?;
            }
        }
        Ok(())
    }

    /// Things that one sees through: each pass finds and colours the next one of every ray.
    pub(super) fn record_through<'b>(
        &'b self,
        draw: &'b Draw,
        lending: &'b Lending<'e>,
        (band, groups): (Band, (&'b Buffer, u64)),
        bindings: &Bindings<'b>,
        commands: &mut Commands<'b>,
    ) -> Result<()> {
        let Lending { tiles, depths, remainder, met, pixels, samples, .. } = lending;
        let (Some(things), Some(met), Some(hits)) = (&self.things, met, lending.kept_hits()) else {
            return Ok(());
        };
        let (Some(through), Some(peeled)) = (&met.through, &draw.peeled) else { return Ok(()) };
        let (tiles, listed) = (tiles.buffer(), remainder.buffer());
        let rays = space::Rays { tiles, remainder: listed, groups, band, hits, depths };
        let found = space::Rays { hits: &through.hits, ..rays };
        let bindings = Bindings { hits: &through.hits, covers: &through.covers, ..*bindings };
        things.record_clear(commands, through)?;
        for _ in 0..things.most_through() {
            remainder.record_clear(commands, self.samples)?;
            things.record_peel(commands, &rays, through)?;
            things.record_light(commands, &found, &met.sun_left)?;
            peeled.record(commands, remainder.ray_groups(), &band, &bindings)?;
        }
        things.record_over(commands, &rays, through, [samples, pixels])
    }
}
