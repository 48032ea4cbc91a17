//! The ray queue, which one pass fills for the next: see `shaders/include/remainder.glsl`.

use super::Engine;
use crate::error::Result;
use crate::gpu::shaders::blocks;
use crate::gpu::{Buffer, Commands, Lent, MemoryUse};
use std::mem::offset_of;

/// The list, for one pass after the other.
pub(super) struct Remainder<'e> {
    buffer: Lent<'e>,
}

impl<'e> Remainder<'e> {
    /// Memory for so many pixels, or rays.
    pub(super) fn new(engine: &'e Engine, most: u64) -> Result<Self> {
        let bytes = size_of::<blocks::Remainder>() as u64 + blocks::Remainder::ENTRY_BYTES * most;
        Ok(Self { buffer: engine.borrow_buffer("remainder", bytes, MemoryUse::Device)? })
    }

    /// Empties it; 64 pixels will take `parts` workgroups of a thread a ray.
    pub(super) fn record_clear<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        parts: u32,
    ) -> Result<()> {
        let head =
            blocks::Remainder { pixel_groups: [1, 0, 1], ray_groups: [parts, 0, 1], count: 0 };
        commands.write_start(&self.buffer, &head)
    }

    pub(super) fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Where the workgroups of a thread a pixel are counted, for an indirect dispatch.
    pub(super) fn pixel_groups(&self) -> (&Buffer, u64) {
        (&self.buffer, offset_of!(blocks::Remainder, pixel_groups) as u64)
    }

    /// The same of a thread a ray.
    pub(super) fn ray_groups(&self) -> (&Buffer, u64) {
        (&self.buffer, offset_of!(blocks::Remainder, ray_groups) as u64)
    }
}
