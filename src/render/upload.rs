//! What layers and things have on a device.

use crate::error::{Error, Result};
use crate::gpu::{Buffer, Commands, Device, DeviceKind, Interrupted, MemoryUse, Pages};
use crate::scene::windows::in_parallel;
use std::sync::{Arc, Mutex};

/// What is too large where something has no room, and the cure.
pub(super) type Owner = [&'static str; 2];

/// Bytes from which on every core copies.
const LARGE_BYTES: u64 = 4 << 20;

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
    let mut places = Vec::with_capacity(parts.len());
    for part in parts {
        let (start, rest) = target
            .split_at_mut_checked(part.len())
            .ok_or_else(|| Error::Internal(format!("staging of {name} is too small")))?;
        places.push(Mutex::new(start));
        target = rest;
    }
    let copy = |number: usize| {
        if let Ok(mut place) = places[number].lock() {
            if bytes >= LARGE_BYTES {
                Pages::of(&mut place).provide();
            }
            place.copy_from_slice(parts[number]);
        }
    };
    if bytes < LARGE_BYTES {
        (0..parts.len()).for_each(copy);
    } else {
        in_parallel(parts.len(), interrupted, &|_| Ok(()), |number, _| {
            copy(number);
            Ok(())
        })?;
    }
    drop(places);
    // A processor as a device reads the host's memory as it does its own.
    if device.report().kind == DeviceKind::Cpu {
        return Ok(staging);
    }
    let buffer = Buffer::new(device, name, bytes, MemoryUse::Device)?;
    let mut commands = Commands::new(device)?;
    commands.copy(&staging, &buffer, bytes)?;
    commands.submit_and_wait(interrupted)?;
    Ok(buffer)
}
