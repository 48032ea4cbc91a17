//! Where Vulkan's entry points come from: the system's loader, or one driver opened directly.

use super::fork;
use crate::error::{Error, Result};
use ash::vk;
use std::ffi::{CStr, OsStr, OsString, c_char};

/// Environment variable with the path of a driver to open without a loader, in place of all others.
pub(crate) const DRIVER_VARIABLE: &str = "VULKAN_FORGE_DRIVER";
/// Environment variable with the path of a software driver to open where the system has no fitting
/// device. The Python package sets it when its software driver is installed.
pub(crate) const SOFTWARE_DRIVER_VARIABLE: &str = "VULKAN_FORGE_SOFTWARE_DRIVER";

/// What to do when there is no Vulkan at all; part of every [`Error::NoDevice`].
pub(crate) const CURE: &str = "install a driver: `pip install \"vulkan-forge[software]\"` (software, nothing else needed), the graphics \
     vendor's, or `apt install mesa-vulkan-drivers libvulkan1`; `vf doctor` tells more";

type NegotiateVersion = unsafe extern "system" fn(*mut u32) -> vk::Result;
type GetInstanceProc =
    unsafe extern "system" fn(vk::Instance, *const c_char) -> vk::PFN_vkVoidFunction;

/// The entry points, and a name for reports.
pub(crate) fn load_entry() -> Result<(ash::Entry, String)> {
    if let Some(path) = path_in(DRIVER_VARIABLE) {
        return named(DRIVER_VARIABLE, &path);
    }
    // SAFETY: loading the system's Vulkan loader runs its initialisers, which it documents as safe
    // at any time.
    let entry = fork::held_off(|| unsafe { ash::Entry::load() }).map_err(|reason| {
        Error::NoDevice(format!(
            "no Vulkan loader was found; expected one on the library path, got: {reason}; {CURE}"
        ))
    })?;
    Ok((entry, "system loader".into()))
}

/// The same of the software driver that stands in where the system has none; None if there is none,
/// or if one driver was asked for by name.
pub(crate) fn load_software_entry() -> Option<Result<(ash::Entry, String)>> {
    let path = path_in(SOFTWARE_DRIVER_VARIABLE).filter(|_| path_in(DRIVER_VARIABLE).is_none())?;
    Some(named(SOFTWARE_DRIVER_VARIABLE, &path))
}

fn path_in(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|path| !path.is_empty())
}

/// The driver that a variable names.
fn named(variable: &str, path: &OsStr) -> Result<(ash::Entry, String)> {
    let shown = path.to_string_lossy().into_owned();
    let entry = open_driver(path).map_err(|reason| {
        Error::NoDevice(format!(
            "{variable}={shown} cannot be opened as a Vulkan driver; expected a driver's shared library, got: {reason}; {CURE}"
        ))
    })?;
    Ok((entry, shown))
}

/// The entry points of a driver's library, opened without a loader.
pub(super) fn open_driver(path: &OsStr) -> std::result::Result<ash::Entry, String> {
    // SAFETY: the user names this library as a Vulkan driver; its initialisers are trusted as any
    // installed driver's are.
    let library = fork::held_off(|| unsafe { libloading::Library::new(path) })
        .map_err(|error| error.to_string())?;
    // A driver keeps threads and thread-local destructors of its own, so its code must stay mapped
    // until the process ends.
    let library: &'static libloading::Library = Box::leak(Box::new(library));
    // SAFETY: the loader-driver interface fixes the types of both symbols.
    unsafe {
        if let Ok(negotiate) =
            library.get::<NegotiateVersion>(b"vk_icdNegotiateLoaderICDInterfaceVersion\0")
        {
            let mut version = 5;
            let result = negotiate(&mut version);
            if result != vk::Result::SUCCESS {
                return Err(format!(
                    "vk_icdNegotiateLoaderICDInterfaceVersion returned {result:?}"
                ));
            }
        }
        let get = library
            .get::<GetInstanceProc>(b"vk_icdGetInstanceProcAddr\0")
            .or_else(|_| library.get::<GetInstanceProc>(b"vkGetInstanceProcAddr\0"))
            .map_err(|error| error.to_string())?;
        Ok(ash::Entry::from_static_fn(ash::StaticFn { get_instance_proc_addr: *get }))
    }
}

/// A fixed-size, NUL-terminated name of Vulkan as text.
pub(crate) fn text(raw: &[c_char]) -> String {
    let bytes: Vec<u8> = raw.iter().map(|&c| c.to_ne_bytes()[0]).collect();
    CStr::from_bytes_until_nul(&bytes)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
