//! What layers and things have on a device.

use crate::error::{Error, Result};
use crate::gpu::{Buffer, Commands, Device, Interrupted, MemoryUse};
use std::sync::Arc;

/// What is too large where something has no room, and the cure.
pub(super) type Owner = [&'static str; 2];

/// Several pieces of memory, one after the other.
pub(super) fn upload(
    device: &Arc<Device>,
    [owner, cure]: Owner,
    name: &str,
    parts: &[&[u8]],
    interrupted: Interrupted<'_>,
) -> Result<Buffer> {
    let bytes = parts.iter().map(|part| part.len() as u64).sum::<u64>().max(16);
    let most = device.limits().max_storage_bytes;
    if bytes > most {
        return Err(Error::invalid(format!(
            "{owner} for {}; expected at most {most} bytes for {name}, got {bytes}; {cure}",
            device.report().name
        )));
    }
    let mut staging = Buffer::new(device, name, bytes, MemoryUse::Upload)?;
    let mut target = staging.write()?;
    for part in parts {
        let (start, rest) = target
            .split_at_mut_checked(part.len())
            .ok_or_else(|| Error::Internal(format!("staging of {name} is too small")))?;
        start.copy_from_slice(part);
        target = rest;
    }
    let buffer = Buffer::new(device, name, bytes, MemoryUse::Device)?;
    let mut commands = Commands::new(device)?;
    commands.copy(&staging, &buffer, bytes)?;
    commands.submit_and_wait(interrupted)?;
    Ok(buffer)
}
