//! The passes of things over the ground.

use super::{Lending, Passes};
use crate::error::Result;
use crate::gpu::shaders::picture::{Band, Bindings};
use crate::gpu::{Buffer, Commands, Lent};
use crate::render::draws::{Draw, Walk};
use crate::render::remainder::Remainder;
use crate::render::space::{AT_ONCE, Rays, ThingDraws, ThingLists, Through};
use crate::render::{Engine, Interrupted};

/// With things over the ground: what rays have met, where layers do not keep it, and how much of
/// the sun things leave to that.
pub(super) struct Met<'e> {
    pub(super) hits: Option<Lent<'e>>,
    sun_left: Lent<'e>,
    /// Rays that see ground from which things may hide the sun, and from which they do.
    shaded: Remainder<'e>,
    dimmed: Remainder<'e>,
    through: Option<Through<'e>>,
}

/// The passes of one share of the tiles, and where their workgroups are counted: of a thread a
/// pixel, and of a thread a ray.
#[derive(Clone, Copy)]
pub(super) struct Groups<'b> {
    pub(super) band: Band,
    pub(super) pixels: (&'b Buffer, u64),
    pub(super) rays: (&'b Buffer, u64),
}

impl<'e> Met<'e> {
    /// For so many rays. `hits` is where they are kept if nothing else does.
    pub(super) fn new(
        engine: &'e Engine,
        things: &ThingDraws<'e>,
        rays: u64,
        hits: Option<Lent<'e>>,
    ) -> Result<Self> {
        Ok(Self {
            hits,
            sun_left: things.sun_left(engine, rays)?,
            shaded: Remainder::new(engine, rays)?,
            dimmed: Remainder::new(engine, rays)?,
            through: things.through(engine, rays)?,
        })
    }

    /// In 65535ths.
    pub(super) fn sun_left(&self) -> &Buffer {
        &self.sun_left
    }
}

impl<'e> Passes<'e> {
    fn rays_of_things<'b>(
        &'b self,
        lending: &'b Lending<'e>,
        band: Band,
    ) -> Option<(&'b ThingDraws<'e>, &'b Met<'e>, Rays<'b>)> {
        let Lending { tiles, depths, remainder, met, .. } = lending;
        let (Some(things), Some(met), Some(hits)) = (&self.things, met, lending.kept_hits()) else {
            return None;
        };
        let lists = ThingLists { seen: remainder, shaded: &met.shaded, dimmed: &met.dimmed };
        let (tiles, through) = (tiles.buffer(), met.through.as_ref());
        let sun_left = &met.sun_left;
        Some((things, met, Rays { tiles, band, hits, depths, sun_left, lists, through }))
    }

    /// Things over the ground: those that rays see, their light, and the colours of all on which
    /// they have a part.
    pub(super) fn record_things<'b>(
        &'b self,
        draw: &'b Draw,
        lending: &'b Lending<'e>,
        groups: Groups<'b>,
        bindings: &Bindings<'b>,
        commands: &mut Commands<'b>,
    ) -> Result<()> {
        let Some((things, met, rays)) = self.rays_of_things(lending, groups.band) else {
            return Ok(());
        };
        let ThingLists { seen, shaded, dimmed } = rays.lists;
        things.record_centres(commands, &rays, groups.pixels)?;
        let beyond = met.through.as_ref().map(|through| &through.rays);
        for list in [Some(seen), Some(shaded), Some(dimmed), beyond].into_iter().flatten() {
            list.record_clear(commands, self.samples)?;
        }
        things.record_seen(commands, &rays, groups.rays)?;
        things.record_light(commands, &rays, seen)?;
        things.record_shade(commands, &rays)?;
        if let Some(ground) = &draw.ground {
            // All of it waits for them where layers lie on it.
            let (list, groups) = if self.layers.is_some() {
                (bindings.remainder, groups.rays)
            } else {
                (dimmed.buffer(), dimmed.ray_groups())
            };
            let bindings = Bindings { remainder: list, ..*bindings };
            ground.record(commands, groups, &rays.band, &bindings)?;
        }
        match &draw.things {
            Some(colours) => colours.record(commands, seen.ray_groups(), &rays.band, bindings),
            None => Ok(()),
        }
    }

    /// Things that one sees through: finds and colours the next one of every ray again and again,
    /// as long as there may be one, and lays them over the rest.
    pub(super) fn record_through<'b>(
        &'b self,
        draw: &'b Draw,
        lending: &'b Lending<'e>,
        band: Band,
        bindings: &Bindings<'b>,
        (mut commands, ms, interrupted): (Commands<'b>, &mut Option<f64>, Interrupted<'_>),
    ) -> Result<Commands<'b>> {
        let Some((things, met, rays)) = self.rays_of_things(lending, band) else {
            return Ok(commands);
        };
        let (Some(through), Some(peeled)) = (&met.through, &draw.peeled) else {
            return Ok(commands);
        };
        let found = Rays { hits: &through.hits, ..rays };
        let bindings = Bindings { hits: &through.hits, covers: &through.covers, ..*bindings };
        let colour = |list, commands: &mut Commands<'b>| {
            self.record_colours(things, &found, (list, peeled), &bindings, commands)
        };
        colour(&through.rays, &mut commands)?;
        let ThingLists { seen, shaded, .. } = rays.lists;
        let mut lists = [seen, shaded];
        let mut last = &through.rays;
        for number in 1.. {
            if number >= things.all_through() && number <= AT_ONCE {
                break;
            }
            if number % AT_ONCE == 0 {
                through.record_left(&mut commands, last)?;
                let part = commands.submit_and_wait(interrupted)?;
                *ms = ms.zip(part).map(|(all, part)| all + part);
                commands = Commands::timed(self.engine.device())?;
                if !through.goes_on()? {
                    break;
                }
            }
            let [next, _] = lists;
            next.record_clear(&mut commands, self.samples)?;
            things.record_next(&mut commands, &rays, through, [last, next])?;
            colour(next, &mut commands)?;
            last = next;
            lists.reverse();
        }
        things.record_over(&mut commands, &rays, through, [&lending.samples, &lending.pixels])?;
        Ok(commands)
    }

    /// The colours of what rays of a list have met.
    fn record_colours<'b>(
        &'b self,
        things: &'b ThingDraws<'e>,
        rays: &Rays<'b>,
        (list, colours): (&'b Remainder<'b>, &'b Walk),
        bindings: &Bindings<'b>,
        commands: &mut Commands<'b>,
    ) -> Result<()> {
        things.record_light(commands, rays, list)?;
        let bindings = Bindings { remainder: list.buffer(), ..*bindings };
        colours.record(commands, list.ray_groups(), &rays.band, &bindings)
    }
}
