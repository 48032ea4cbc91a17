//! One engine for each device and process, shared by all that draw or compute in it.

use std::sync::{Arc, Mutex, TryLockError};
use std::time::Duration;

use crate::error::Result;
use crate::gpu::DeviceRequest;
use crate::render::Engine;

/// What an engine is found by again.
#[derive(Clone, PartialEq)]
struct Key {
    /// A forked child makes engines of its own.
    process: u32,
    request: DeviceRequest,
    /// Environment variables that choose drivers and layers.
    switches: [Option<std::ffi::OsString>; SWITCHES.len()],
}

const SWITCHES: [&str; 5] = [
    "VULKAN_FORGE_VALIDATION",
    "VULKAN_FORGE_DRIVER",
    "VULKAN_FORGE_SOFTWARE_DRIVER",
    "VK_DRIVER_FILES",
    "VK_ICD_FILENAMES",
];

/// An engine (instance, device, pipelines) costs about 100 ms, so each process keeps its last few.
const KEPT: usize = 4;
static ENGINES: Mutex<Vec<(Key, Arc<Engine>)>> = Mutex::new(Vec::new());

/// Runs `work` on the list, which is locked only as long as that takes: no device is opened or
/// closed meanwhile. None where the lock does not open, as in a child that was forked just then.
fn with_list<T>(work: impl FnOnce(&mut Vec<(Key, Arc<Engine>)>) -> T) -> Option<T> {
    for _ in 0..100 {
        match ENGINES.try_lock() {
            Ok(mut list) => return Some(work(&mut list)),
            Err(TryLockError::Poisoned(poisoned)) => {
                return Some(work(&mut poisoned.into_inner()));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    None
}

/// This process's engine for a device, made on first use, and anew where the device was lost: call
/// it detached.
pub(super) fn engine(request: &DeviceRequest) -> Result<Arc<Engine>> {
    let switches = SWITCHES.map(std::env::var_os);
    let key = Key { process: std::process::id(), request: request.clone(), switches };
    // One that shows windows draws pictures as any other.
    let serves = |other: &Key| {
        let windows = other.request.windows || request.windows;
        let same = DeviceRequest { windows, ..other.request.clone() }
            == DeviceRequest { windows, ..request.clone() };
        same && other.request.windows >= request.windows
            && other.process == key.process
            && other.switches == key.switches
    };
    let usable =
        |(other, engine): &&(Key, Arc<Engine>)| serves(other) && !engine.device().is_lost();
    if let Some(Some(found)) =
        with_list(|list| list.iter().find(usable).map(|(_, engine)| engine.clone()))
    {
        return Ok(found);
    }
    let made = Arc::new(Engine::new(request)?);
    // Dropped after the lock has gone.
    let mut old = Vec::new();
    let kept = with_list(|list| {
        if let Some((_, engine)) = list.iter().find(usable) {
            return engine.clone();
        }
        old.extend(list.extract_if(.., |(other, _)| *other == key || other.process != key.process));
        list.push((key.clone(), made.clone()));
        old.extend(list.drain(..list.len().saturating_sub(KEPT)));
        made.clone()
    });
    Ok(kept.unwrap_or(made))
}

/// Lets go of all of them; those in use end with their users.
pub(super) fn forget() {
    let engines = with_list(std::mem::take);
    drop(engines);
}

/// How many this process keeps.
pub(super) fn count() -> usize {
    let own = |(key, _): &&(Key, Arc<Engine>)| key.process == std::process::id();
    with_list(|list| list.iter().filter(own).count()).unwrap_or(0)
}
