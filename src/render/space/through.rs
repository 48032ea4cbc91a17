//! Things that one sees through: of each ray the nearest, then the next one behind it, until it
//! meets no more or has lost its light; and all of them over what lies behind.

use super::ThingDraws;
use super::rays::{Rays, Through};
use crate::error::Result;
use crate::gpu::shaders::{blocks, things_next, things_over};
use crate::gpu::{Buffer, Commands, MemoryUse};
use crate::render::Engine;
use crate::render::layers::HIT_BYTES;
use crate::render::remainder::Remainder;

/// Bytes of what a ray knows already: two words of four numbers.
pub(in crate::render) const KNOWN_BYTES: u64 = 32;
/// Things behind each other that are looked for before the host asks whether there are more: as many
/// as a ray knows, for beyond these it may come to one again, and their number is no end.
pub(in crate::render) const AT_ONCE: u32 = KNOWN_BYTES as u32 / 4;
/// Bytes of a ray's colour.
const COVER_BYTES: u64 = 8;

impl<'e> ThingDraws<'e> {
    /// Memory for so many rays; None where one sees through nothing.
    pub(in crate::render) fn through(
        &self,
        engine: &'e Engine,
        rays: u64,
    ) -> Result<Option<Through<'e>>> {
        let lend = |name, bytes: u64| engine.borrow_buffer(name, bytes * rays, MemoryUse::Device);
        self.sees_through()
            .then(|| {
                let head = size_of::<blocks::Remainder>() as u64;
                Ok(Through {
                    hits: lend("hits of what one sees through", HIT_BYTES)?,
                    known: lend("what rays know of things", KNOWN_BYTES)?,
                    covers: lend("colours of what one sees through", COVER_BYTES)?,
                    rays: Remainder::new(engine, rays)?,
                    left: engine.borrow_buffer("rays that go on", head, MemoryUse::ReadBack)?,
                })
            })
            .transpose()
    }

    /// Whether one sees through some of the things.
    pub(in crate::render) fn sees_through(&self) -> bool {
        self.peels.is_some()
    }

    /// How many of them there are.
    pub(in crate::render) fn all_through(&self) -> u32 {
        self.space.through
    }

    /// Finds the next of them for the rays of the list `last`, before what they have met of all that
    /// is not of them, and lists those rays in `next`.
    pub(in crate::render) fn record_next<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        through: &'r Through<'_>,
        [last, next]: [&'r Remainder<'_>; 2],
    ) -> Result<()> {
        let (Some(peels), Some(blocks)) = (&self.peels, &self.blocks) else { return Ok(()) };
        let bindings = things_next::Bindings {
            blocks,
            covers: &through.covers,
            hits: rays.hits,
            known: &through.known,
            maxima: &self.space.tops,
            maxima_texels: &self.space.tops,
            queue: last.buffer(),
            remainder: next.buffer(),
            space_cells: &self.space.cells,
            space_images: self.space.images.as_ref().unwrap_or(&self.space.cells),
            space_colours: &self.space.colours,
            space_marks: &self.space.marks,
            space_shapes: &self.space.shapes,
            through_hits: &through.hits,
            tiles: rays.tiles,
        };
        commands.dispatch_indirect(&peels.next, last.ray_groups(), &rays.band, &bindings)
    }

    /// Lays all that was found over the rays' colours: `samples`, or pixels of one sample each.
    pub(in crate::render) fn record_over<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        through: &'r Through<'_>,
        [samples, pixels]: [&'r Buffer; 2],
    ) -> Result<()> {
        let (Some(peels), Some(blocks)) = (&self.peels, &self.blocks) else { return Ok(()) };
        let bindings = things_over::Bindings {
            blocks,
            covers: &through.covers,
            pixels,
            queue: through.rays.buffer(),
            samples,
            tiles: rays.tiles,
        };
        commands.dispatch_indirect(&peels.over, through.rays.ray_groups(), &(), &bindings)
    }
}
