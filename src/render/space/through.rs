//! Things that one sees through: of each ray the nearest, then the next one behind it, as often as
//! there may be one; and all of them over what lies behind.

use super::ThingDraws;
use super::draws::Rays;
use crate::error::Result;
use crate::gpu::shaders::things_over;
use crate::gpu::{Buffer, Commands, Lent, MemoryUse};
use crate::render::Engine;
use crate::render::layers::HIT_BYTES;

/// Bytes of what a ray knows already: two words of four numbers.
pub(in crate::render) const KNOWN_BYTES: u64 = 32;
/// Bytes of a ray's colour.
const COVER_BYTES: u64 = 8;

/// What rays have met and know of them, and the colours of that.
pub(in crate::render) struct Through<'e> {
    pub(in crate::render) hits: Lent<'e>,
    pub(super) known: Lent<'e>,
    pub(in crate::render) covers: Lent<'e>,
}

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
                Ok(Through {
                    hits: lend("hits of what one sees through", HIT_BYTES)?,
                    known: lend("what rays know of things", KNOWN_BYTES)?,
                    covers: lend("colours of what one sees through", COVER_BYTES)?,
                })
            })
            .transpose()
    }

    /// Whether one sees through some of the things.
    pub(in crate::render) fn sees_through(&self) -> bool {
        self.peels.is_some()
    }

    /// How many of them a ray looks for.
    pub(in crate::render) fn most_through(&self) -> u32 {
        self.space.through
    }

    /// Nothing is known yet.
    pub(in crate::render) fn record_clear<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        through: &'r Through<'_>,
    ) -> Result<()> {
        commands.clear(&through.known)?;
        commands.clear(&through.covers)
    }

    /// Finds the next of them for each ray, before what `rays` have met of all that is not of them.
    pub(in crate::render) fn record_peel<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        through: &'r Through<'_>,
    ) -> Result<()> {
        match &self.peels {
            Some(peels) => {
                self.record(commands, &peels.seen, rays, [&through.known, &through.hits])
            }
            None => Ok(()),
        }
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
            samples,
            tiles: rays.tiles,
        };
        commands.dispatch_indirect(&peels.over, rays.groups, &rays.band, &bindings)
    }
}
