//! The Vulkan instance, with its validation messenger when asked for.

use super::{check_process, driver, fork, validation, vulkan};
use crate::error::{Error, Result};
use ash::{khr, vk};
use std::ffi::{CStr, c_char};
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// Instance extensions for windows of this system. Only for who wants windows: Mesa's layer that
/// chooses devices connects to X and Wayland when it sees theirs.
#[cfg(windows)]
const SURFACES: &[&CStr] = &[khr::surface::NAME, khr::win32_surface::NAME];
#[cfg(not(windows))]
const SURFACES: &[&CStr] = &[
    khr::surface::NAME,
    khr::xcb_surface::NAME,
    khr::xlib_surface::NAME,
    khr::wayland_surface::NAME,
];

/// A Vulkan 1.3 instance.
pub struct Instance {
    raw: ash::Instance,
    // Held because the function pointers in `raw` live in the loader that it keeps open; a forked
    // child keeps it open for ever.
    entry: ManuallyDrop<ash::Entry>,
    messenger: Option<(ash::ext::debug_utils::Instance, vk::DebugUtilsMessengerEXT)>,
    driver: String,
    /// Those of windows that are there.
    surfaces: Vec<&'static CStr>,
    first_index: usize,
    process: u32,
}

impl Instance {
    /// Opens the loader (or `VULKAN_FORGE_DRIVER`) and makes an instance;
    /// `VULKAN_FORGE_VALIDATION=1` turns on validation. With `windows` its devices can show
    /// pictures in windows, if drivers can.
    pub fn new(windows: bool) -> Result<Arc<Self>> {
        fork::note_instance();
        let (entry, driver) = driver::load_entry()?;
        fork::held_off(|| Self::made(entry, driver, validation::wanted(), windows, 0))
    }

    /// The same through the software driver that stands in where the system has no fitting device,
    /// if there is one. Its devices are numbered from `first_index`, after the system's.
    pub fn of_stand_in(first_index: usize, windows: bool) -> Option<Result<Arc<Self>>> {
        let opened = driver::load_software_entry()?;
        Some(
            opened
                .and_then(|(entry, driver)| Self::of_driver(entry, &driver, windows, first_index)),
        )
    }

    /// An instance of the driver with this entry point, through no loader, and so without
    /// validation.
    pub(super) fn of_driver(
        entry: ash::Entry,
        driver: &str,
        windows: bool,
        first_index: usize,
    ) -> Result<Arc<Self>> {
        fork::note_instance();
        if validation::wanted() {
            log::warn!("{driver} is opened without a Vulkan loader, and so without validation");
        }
        fork::held_off(|| Self::made(entry, driver.into(), false, windows, first_index))
    }

    fn made(
        entry: ash::Entry,
        driver: String,
        validate: bool,
        windows: bool,
        first_index: usize,
    ) -> Result<Arc<Self>> {
        // SAFETY: `entry` is a loaded Vulkan implementation.
        let version = unsafe { entry.try_enumerate_instance_version() }
            .map_err(vulkan("vkEnumerateInstanceVersion"))?
            .unwrap_or(vk::API_VERSION_1_0);
        if version < vk::API_VERSION_1_1 {
            return Err(Error::NoDevice(format!(
                "the Vulkan loader ({driver}) is too old; expected 1.1 or newer, got 1.0; {}",
                driver::CURE
            )));
        }
        let mut layers = Vec::new();
        let mut extensions = Vec::new();
        if validate {
            // SAFETY: as above.
            let found = unsafe { entry.enumerate_instance_layer_properties() }
                .map_err(vulkan("vkEnumerateInstanceLayerProperties"))?;
            if !found.iter().any(|layer| layer.layer_name_as_c_str() == Ok(validation::LAYER)) {
                return Err(Error::NoDevice(format!(
                    "{} is set; expected the layer {} to be installed, got {} other layers; on Debian/Ubuntu \
                     `apt install vulkan-validationlayers`, or unset the variable",
                    validation::VALIDATION_VARIABLE,
                    validation::LAYER.to_string_lossy(),
                    found.len()
                )));
            }
            layers.push(validation::LAYER.as_ptr());
            extensions.push(ash::ext::debug_utils::NAME.as_ptr());
        }
        let application = vk::ApplicationInfo::default()
            .application_name(c"vulkan_forge")
            .engine_name(c"vulkan_forge")
            .api_version(vk::API_VERSION_1_3);
        let enabled = [vk::ValidationFeatureEnableEXT::SYNCHRONIZATION_VALIDATION];
        let mut features =
            vk::ValidationFeaturesEXT::default().enabled_validation_features(&enabled);
        let mut creation_messenger = validation::messenger_info();
        let mut info = vk::InstanceCreateInfo::default()
            .application_info(&application)
            .enabled_layer_names(&layers);
        if validate {
            info = info.push_next(&mut features).push_next(&mut creation_messenger);
        }
        let (raw, surfaces) = with_surfaces(&entry, info, &extensions, windows).map_err(|result| match result {
            vk::Result::ERROR_INCOMPATIBLE_DRIVER => Error::NoDevice(format!(
                "no Vulkan driver was found through {driver}; expected at least one, got ERROR_INCOMPATIBLE_DRIVER; {}",
                driver::CURE
            )),
            other => vulkan("vkCreateInstance")(other),
        })?;
        let mut instance = Self {
            raw,
            entry: ManuallyDrop::new(entry),
            messenger: None,
            driver,
            surfaces,
            first_index,
            process: std::process::id(),
        };
        if validate {
            let functions = ash::ext::debug_utils::Instance::new(&instance.entry, &instance.raw);
            // SAFETY: the extension was enabled above and the callback is a static function.
            let messenger = unsafe {
                functions.create_debug_utils_messenger(&validation::messenger_info(), None)
            }
            .map_err(vulkan("vkCreateDebugUtilsMessengerEXT"))?;
            instance.messenger = Some((functions, messenger));
        }
        Ok(Arc::new(instance))
    }

    pub(crate) fn raw(&self) -> &ash::Instance {
        &self.raw
    }

    pub(super) fn entry(&self) -> &ash::Entry {
        &self.entry
    }

    /// Whether windows that need this extension can be shown in.
    pub(super) fn has_extension(&self, name: &CStr) -> bool {
        self.surfaces.contains(&name)
    }

    /// `system loader`, or the path of the driver that was opened directly.
    pub fn driver(&self) -> &str {
        &self.driver
    }

    /// Index of its first device in [`super::reports`].
    pub(crate) fn first_index(&self) -> usize {
        self.first_index
    }

    /// Whether validation is on.
    pub fn validates(&self) -> bool {
        self.messenger.is_some()
    }

    pub(crate) fn check(&self) -> Result<()> {
        check_process("Instance", self.process)
    }
}

/// Whether windows that need the extension can be here. Wayland's library complains on standard
/// error where nothing of it is.
fn is_of_use(extension: &CStr) -> bool {
    let whole = |path: std::ffi::OsString| std::path::Path::new(&path).is_absolute();
    extension != khr::wayland_surface::NAME
        || std::env::var_os("XDG_RUNTIME_DIR").is_some()
        || std::env::var_os("WAYLAND_DISPLAY").is_some_and(whole)
}

/// Makes the instance, for windows with all extensions for them, of which most loaders have every
/// one; else with those that are there.
fn with_surfaces(
    entry: &ash::Entry,
    info: vk::InstanceCreateInfo<'_>,
    others: &[*const c_char],
    windows: bool,
) -> std::result::Result<(ash::Instance, Vec<&'static CStr>), vk::Result> {
    let make = |surfaces: &[&CStr]| {
        let names: Vec<_> =
            others.iter().copied().chain(surfaces.iter().map(|name| name.as_ptr())).collect();
        // SAFETY: every pointer in `info` outlives the call.
        unsafe { entry.create_instance(&info.enabled_extension_names(&names), None) }
    };
    let wanted: Vec<_> =
        SURFACES.iter().copied().filter(|name| windows && is_of_use(name)).collect();
    match make(&wanted) {
        Err(vk::Result::ERROR_EXTENSION_NOT_PRESENT) => {
            // SAFETY: `entry` is a loaded Vulkan implementation.
            let found = unsafe { entry.enumerate_instance_extension_properties(None) }?;
            let there =
                |name: &&CStr| found.iter().any(|one| one.extension_name_as_c_str() == Ok(*name));
            let surfaces: Vec<_> = wanted.iter().copied().filter(there).collect();
            Ok((make(&surfaces)?, surfaces))
        }
        made => Ok((made?, wanted)),
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.check().is_err() {
            return;
        }
        // SAFETY: every device holds an `Arc` of this instance, so none is alive here; the
        // messenger goes first, the loader last, and none of them is touched again.
        fork::held_off(|| unsafe {
            if let Some((functions, messenger)) = self.messenger.take() {
                functions.destroy_debug_utils_messenger(messenger, None);
            }
            self.raw.destroy_instance(None);
            ManuallyDrop::drop(&mut self.entry);
        });
    }
}
