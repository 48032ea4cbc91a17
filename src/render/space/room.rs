//! How many things a device has room for.

use crate::error::{Error, Result};
use crate::gpu::Device;

/// Of a device.
#[derive(Clone, Copy)]
pub(in crate::render) struct Room<'d> {
    /// Entries of all cells' lists together.
    pub(super) most: usize,
    /// The device's name.
    device: &'d str,
}

impl<'d> Room<'d> {
    pub(in crate::render) fn of(device: &'d Device) -> Self {
        Self::new(device.limits().max_storage_bytes, &device.report().name)
    }

    /// Of one of that name that sees so many bytes of a buffer.
    pub(super) fn new(bytes: u64, device: &'d str) -> Self {
        let entries = bytes / size_of::<[[f32; 4]; 2]>() as u64;
        Self { most: entries.min(u32::MAX.into()) as usize, device }
    }

    /// Whether there is room for so many.
    pub(super) fn check(&self, pieces: usize) -> Result<()> {
        if pieces <= self.most {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "things in space are too many for {}; expected at most {} pieces of them in cells of their grid, got {pieces} or \
             more; draw fewer at once, or leave height= and z= out: on the ground there is room for more",
            self.device, self.most
        )))
    }
}
