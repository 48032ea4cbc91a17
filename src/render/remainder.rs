//! What one pass leaves to the next: see `shaders/include/remainder.glsl`.

use super::Engine;
use crate::error::Result;
use crate::gpu::{Binding, Buffer, Commands, Lent, MemoryUse};

/// Words of the list before what is listed.
const HEAD: u64 = 7;

/// The list, for one pass after the other.
pub(super) struct Remainder<'e> {
    buffer: Lent<'e>,
}

impl<'e> Remainder<'e> {
    /// Memory for so many pixels, or rays.
    pub(super) fn new(engine: &'e Engine, most: u64) -> Result<Self> {
        Ok(Self { buffer: engine.borrow_buffer("remainder", 4 * (HEAD + most), MemoryUse::Device)? })
    }

    /// Empties it; 64 pixels will take `parts` workgroups of a thread a ray.
    pub(super) fn record_clear<'r>(&'r self, commands: &mut Commands<'r>, parts: u32) -> Result<()> {
        commands.write_words(&self.buffer, &[1, 0, 1, parts, 0, 1, 0])
    }

    pub(super) fn binding(&self) -> Binding<'_> {
        Binding::Buffer(&self.buffer)
    }

    /// Where the workgroups of a thread a pixel are counted, for an indirect dispatch.
    pub(super) fn pixel_groups(&self) -> (&Buffer, u64) {
        (&self.buffer, 0)
    }

    /// The same of a thread a ray.
    pub(super) fn ray_groups(&self) -> (&Buffer, u64) {
        (&self.buffer, 12)
    }
}
