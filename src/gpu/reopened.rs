//! SwiftShader in a forked child. Its threads belong to the library, not to a device, and stay
//! behind in the parent: whatever a child gives them to do never ends. So the child opens a copy of
//! the library, which starts threads of its own.

use super::report::{self, DeviceReport};
use super::{Instance, driver, fork};
use crate::error::{Error, Result};
use ash::vk;
use std::process;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

/// A copy that is open, and the process that opened it.
struct Copy {
    process: u32,
    entry: ash::Entry,
}

/// Opened last. Without a lock: one that another thread holds during a fork never opens in the
/// child.
static COPY: AtomicPtr<Copy> = AtomicPtr::new(null_mut());

/// An instance and its device that work in this process, where those of `report` do not.
pub(super) fn in_a_forked_child(
    report: &DeviceReport,
) -> Result<Option<(Arc<Instance>, vk::PhysicalDevice)>> {
    if !(report.is_swiftshader() && fork::inherits_drivers()) {
        return Ok(None);
    }
    let refuse = |reason: String| {
        Error::NoDevice(format!(
            "{} does not survive a fork; expected to open a copy of its library in the child, got: {reason}; start workers by \
             \"spawn\" or \"forkserver\", draw nothing before the fork, or {}",
            report.name,
            driver::CURE
        ))
    };
    let entry = entry_of_this_process().map_err(refuse)?;
    let instance =
        Instance::of_driver(entry, "a copy of SwiftShader made in a forked child", false, 0)?;
    let device = report::found(&instance)?.into_iter().find(|(_, own)| own.driver == report.driver);
    let (device, _) = device.ok_or_else(|| refuse("another version".into()))?;
    Ok(Some((instance, device)))
}

fn entry_of_this_process() -> std::result::Result<ash::Entry, String> {
    let process = process::id();
    // SAFETY: what is stored is never freed.
    let copy = unsafe { COPY.load(Ordering::Acquire).as_ref() };
    if let Some(copy) = copy.filter(|copy| copy.process == process) {
        return Ok(copy.entry.clone());
    }
    let entry = open_copy()?;
    COPY.store(Box::into_raw(Box::new(Copy { process, entry: entry.clone() })), Ordering::Release);
    Ok(entry)
}

/// Opens a copy in memory of the library from which SwiftShader was loaded.
#[cfg(target_os = "linux")]
fn open_copy() -> std::result::Result<ash::Entry, String> {
    use std::io::Write;
    use std::os::fd::AsRawFd;

    let library = mapped_library()?;
    let file =
        rustix::fs::memfd_create("vulkan_forge SwiftShader", rustix::fs::MemfdFlags::CLOEXEC)
            .map_err(|error| format!("memfd_create: {error}"))?;
    let mut file = std::fs::File::from(file);
    file.write_all(&library).map_err(|error| error.to_string())?;
    driver::open_driver(format!("/proc/self/fd/{}", file.as_raw_fd()).as_ref())
}

#[cfg(not(target_os = "linux"))]
fn open_copy() -> std::result::Result<ash::Entry, String> {
    Err("a system other than Linux".into())
}

/// The bytes of the mapped library that calls itself a driver and SwiftShader.
#[cfg(target_os = "linux")]
fn mapped_library() -> std::result::Result<Vec<u8>, String> {
    let maps =
        std::fs::read("/proc/self/maps").map_err(|error| format!("/proc/self/maps: {error}"))?;
    let maps = String::from_utf8_lossy(&maps);
    let mut paths: Vec<&str> = maps
        .lines()
        .filter(|line| line.contains(" r-xp "))
        .filter_map(|line| line.find('/').map(|at| &line[at..]))
        .collect();
    paths.dedup();
    // The likely one first: files of a hundred MiB may be mapped.
    paths.sort_by_key(|path| !path.to_lowercase().contains("swiftshader"));
    let says = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    paths
        .into_iter()
        .filter_map(|path| std::fs::read(path).ok())
        .find(|bytes| {
            says(bytes, b"vk_icdGetInstanceProcAddr") && says(bytes, b"SwiftShader Device")
        })
        .ok_or_else(|| "no file of it among those mapped".into())
}
