//! A window as Vulkan sees it: a surface, and what may be shown on it.

use super::{Device, Instance, report, vulkan};
use crate::error::{Error, Result};
use ash::{khr, vk};
use raw_window_handle::{
    HandleError, HasDisplayHandle, HasWindowHandle, RawDisplayHandle, RawWindowHandle,
};
use std::ffi::CStr;
use std::sync::Arc;

/// What to do where a driver shows no windows; part of every such [`Error::Window`].
const CURE: &str = "choose another device with device= (`vf doctor` lists them); drivers of graphics vendors and Mesa show \
     windows (`apt install mesa-vulkan-drivers`). Pictures in files and notebooks need no window";

/// A surface of a window, which must live longer.
pub(super) struct Surface {
    instance: Arc<Instance>,
    functions: khr::surface::Instance,
    raw: vk::SurfaceKHR,
    extension: &'static CStr,
}

/// What the surface allows now.
pub(super) struct Abilities {
    pub(super) now: vk::SurfaceCapabilitiesKHR,
    pub(super) formats: Vec<vk::SurfaceFormatKHR>,
    pub(super) modes: Vec<vk::PresentModeKHR>,
}

impl Surface {
    pub(super) fn new(
        device: &Device,
        window: &(impl HasWindowHandle + HasDisplayHandle),
    ) -> Result<Self> {
        device.check()?;
        let refused = |error: HandleError| {
            Error::Window(format!(
                "the window has no handle to draw to; expected one that is open and of this thread, got: {error}; \
                 make the window first, and show it from the thread that made it"
            ))
        };
        let display = window.display_handle().map_err(refused)?.as_raw();
        let handle = window.window_handle().map_err(refused)?.as_raw();
        let instance = device.instance_arc();
        let needed = extension(display, handle)?;
        let name = &device.report().name;
        if !instance.has_extension(needed) || !device.has_swapchains() {
            return Err(Error::Window(format!(
                "{name} shows no windows of this kind; expected a device that was opened for windows, with {} and VK_KHR_swapchain, got one without; {CURE}",
                needed.to_string_lossy()
            )));
        }
        if needed == khr::wayland_surface::NAME {
            safe_with_wayland(&instance)?;
        }
        // It has XCB alone, and would take what the loader made of a window of Xlib for that.
        if needed == khr::xlib_surface::NAME && device.report().is_swiftshader() {
            return Err(Error::Window(format!(
                "{name} shows no windows of Xlib; expected one of XCB, got a Display*; pass the window's number \
                 alone (kind \"x11\"), or take lavapipe (`apt install mesa-vulkan-drivers`)"
            )));
        }
        let functions = khr::surface::Instance::new(instance.entry(), instance.raw());
        let raw = create(&instance, display, handle).map_err(lost_or("vkCreateSurfaceKHR"))?;
        let surface = Self { instance, functions, raw, extension: needed };
        if surface.shows(device)? {
            return Ok(surface);
        }
        // Mesa says so of a window that is gone, too.
        Err(Error::Window(format!(
            "the window is gone, or {name} cannot show pictures in it; expected one that is open, on a display that the device is \
             connected to; {CURE}"
        )))
    }

    /// Whether the device's queue presents to it.
    fn shows(&self, device: &Device) -> Result<bool> {
        // SAFETY: device and surface are of one instance.
        let shows = unsafe {
            self.functions.get_physical_device_surface_support(
                device.physical(),
                device.queue_family(),
                self.raw,
            )
        };
        shows.map_err(lost_or("vkGetPhysicalDeviceSurfaceSupportKHR"))
    }

    pub(super) fn raw(&self) -> vk::SurfaceKHR {
        self.raw
    }

    /// Whether a present in FIFO order may never end: of a window that nobody sees a Wayland
    /// compositor asks for no frame, for which Mesa's present waits without a limit.
    pub(super) fn fifo_may_hang(&self) -> bool {
        self.extension == khr::wayland_surface::NAME
    }

    pub(super) fn abilities(&self, device: &Device) -> Result<Abilities> {
        let physical = device.physical();
        // Nothing else may be asked of a window that is gone.
        if !self.shows(device)? {
            return Err(Error::WindowLost { call: "vkGetPhysicalDeviceSurfaceSupportKHR" });
        }
        // SAFETY: device and surface are of one instance.
        unsafe {
            let now = self.functions.get_physical_device_surface_capabilities(physical, self.raw);
            let now = now.map_err(lost_or("vkGetPhysicalDeviceSurfaceCapabilitiesKHR"))?;
            let formats = self.functions.get_physical_device_surface_formats(physical, self.raw);
            let formats = formats.map_err(lost_or("vkGetPhysicalDeviceSurfaceFormatsKHR"))?;
            let modes =
                self.functions.get_physical_device_surface_present_modes(physical, self.raw);
            let modes = modes.map_err(lost_or("vkGetPhysicalDeviceSurfacePresentModesKHR"))?;
            Ok(Abilities { now, formats, modes })
        }
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        if self.instance.check().is_err() {
            return;
        }
        // SAFETY: the swapchain, which alone uses the surface, went before it.
        unsafe { self.functions.destroy_surface(self.raw, None) };
    }
}

/// As [`vulkan`], but a lost surface is a window that is gone.
pub(super) fn lost_or(call: &'static str) -> impl Fn(vk::Result) -> Error {
    move |result| {
        match result {
        vk::Result::ERROR_SURFACE_LOST_KHR => Error::WindowLost { call },
        vk::Result::ERROR_NATIVE_WINDOW_IN_USE_KHR => Error::Window(
            "the window is in use; expected one that nothing else draws to, got one that another swapchain or library has; \
             close that first"
                .into(),
        ),
        other => vulkan(call)(other),
    }
    }
}

/// The extension that windows with such handles need.
fn extension(display: RawDisplayHandle, window: RawWindowHandle) -> Result<&'static CStr> {
    match (display, window) {
        (RawDisplayHandle::Xcb(_), RawWindowHandle::Xcb(_)) => Ok(khr::xcb_surface::NAME),
        (RawDisplayHandle::Xlib(_), RawWindowHandle::Xlib(_)) => Ok(khr::xlib_surface::NAME),
        (RawDisplayHandle::Wayland(_), RawWindowHandle::Wayland(_)) => {
            Ok(khr::wayland_surface::NAME)
        }
        (RawDisplayHandle::Windows(_), RawWindowHandle::Win32(_)) => Ok(khr::win32_surface::NAME),
        other => Err(Error::Window(format!(
            "windows of this kind are not known; expected handles of Xlib, XCB, Wayland or Win32, got {other:?}; \
             use a toolkit with one of these"
        ))),
    }
}

/// Refuses where the call would end the process: for a surface the loader asks every driver that it
/// has, and SwiftShader calls a function of Wayland's library that is not there.
fn safe_with_wayland(instance: &Instance) -> Result<()> {
    let found = report::found(instance)?;
    let Some((_, wrong)) = found.iter().find(|(_, report)| report.is_swiftshader()) else {
        return Ok(());
    };
    Err(Error::Window(format!(
        "windows of Wayland are not shown beside SwiftShader, which would end this process; expected \
         drivers of Wayland's windows alone, got {} among them; set VK_DRIVER_FILES to the \
         manifest of another, such as lavapipe's (lvp_icd.*.json in /usr/share/vulkan/icd.d), or \
         use a window of X11",
        wrong.name
    )))
}

fn create(
    instance: &Instance,
    display: RawDisplayHandle,
    window: RawWindowHandle,
) -> std::result::Result<vk::SurfaceKHR, vk::Result> {
    let (entry, raw) = (instance.entry(), instance.raw());
    let missing = vk::Result::ERROR_INITIALIZATION_FAILED;
    // SAFETY: whoever implements the traits of raw-window-handle vouches for the handles; the
    // extension is enabled.
    unsafe {
        match (display, window) {
            (RawDisplayHandle::Xcb(display), RawWindowHandle::Xcb(window)) => {
                let info = vk::XcbSurfaceCreateInfoKHR::default()
                    .connection(display.connection.ok_or(missing)?.as_ptr())
                    .window(window.window.get());
                khr::xcb_surface::Instance::new(entry, raw).create_xcb_surface(&info, None)
            }
            (RawDisplayHandle::Xlib(display), RawWindowHandle::Xlib(window)) => {
                let info = vk::XlibSurfaceCreateInfoKHR::default()
                    .dpy(display.display.ok_or(missing)?.as_ptr())
                    .window(window.window);
                khr::xlib_surface::Instance::new(entry, raw).create_xlib_surface(&info, None)
            }
            (RawDisplayHandle::Wayland(display), RawWindowHandle::Wayland(window)) => {
                let info = vk::WaylandSurfaceCreateInfoKHR::default()
                    .display(display.display.as_ptr())
                    .surface(window.surface.as_ptr());
                khr::wayland_surface::Instance::new(entry, raw).create_wayland_surface(&info, None)
            }
            (_, RawWindowHandle::Win32(window)) => {
                let info = vk::Win32SurfaceCreateInfoKHR::default()
                    .hinstance(window.hinstance.ok_or(missing)?.get())
                    .hwnd(window.hwnd.get());
                khr::win32_surface::Instance::new(entry, raw).create_win32_surface(&info, None)
            }
            _ => Err(missing),
        }
    }
}
