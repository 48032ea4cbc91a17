//! What the passes of things go over, and what they keep of rays from one to the next.

use crate::error::Result;
use crate::gpu::shaders::{blocks, things_seen};
use crate::gpu::{Buffer, Commands, Lent};
use crate::render::remainder::Remainder;

/// What passes work on: the rays of some tiles.
#[derive(Clone, Copy)]
pub(in crate::render) struct Rays<'r> {
    pub(in crate::render) tiles: &'r Buffer,
    /// Rows, and tiles of the list.
    pub(in crate::render) band: things_seen::Band,
    pub(in crate::render) hits: &'r Buffer,
    pub(in crate::render) depths: &'r Buffer,
    pub(in crate::render) sun_left: &'r Buffer,
    pub(in crate::render) lists: ThingLists<'r>,
    /// Of what one sees through.
    pub(in crate::render) through: Option<&'r Through<'r>>,
}

/// Lists of rays, from one pass to the next.
#[derive(Clone, Copy)]
pub(in crate::render) struct ThingLists<'r> {
    /// Those that see things.
    pub(in crate::render) seen: &'r Remainder<'r>,
    /// Those that see ground from which things may hide the sun, and those of them from which they
    /// do.
    pub(in crate::render) shaded: &'r Remainder<'r>,
    pub(in crate::render) dimmed: &'r Remainder<'r>,
}

/// What rays have met and know of them, and the colours of that.
pub(in crate::render) struct Through<'e> {
    pub(in crate::render) hits: Lent<'e>,
    pub(super) known: Lent<'e>,
    pub(in crate::render) covers: Lent<'e>,
    /// Those that see something through a thing.
    pub(in crate::render) rays: Remainder<'e>,
    /// The head of the list of those that go on.
    pub(super) left: Lent<'e>,
}

impl Through<'_> {
    /// Tells the host how many rays of a list go on.
    pub(in crate::render) fn record_left<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        list: &'r Remainder<'_>,
    ) -> Result<()> {
        commands.copy(list.buffer(), &self.left, size_of::<blocks::Remainder>() as u64)
    }

    /// Whether any do, once the device is done.
    pub(in crate::render) fn goes_on(&self) -> Result<bool> {
        let head: &[u32] = bytemuck::cast_slice(self.left.read()?);
        let count = std::mem::offset_of!(blocks::Remainder, count) / size_of::<u32>();
        Ok(head.get(count).is_some_and(|count| *count > 0))
    }
}
