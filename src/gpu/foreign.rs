//! Windows that other code made, known by the numbers that toolkits give out.

use crate::error::{Error, Result};
use raw_window_handle::{
    DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawDisplayHandle,
    RawWindowHandle, WaylandDisplayHandle, WaylandWindowHandle, Win32WindowHandle, WindowHandle,
    WindowsDisplayHandle, XcbDisplayHandle, XcbWindowHandle, XlibDisplayHandle, XlibWindowHandle,
};
use std::ffi::{CString, c_char, c_int, c_void};
use std::num::{NonZeroIsize, NonZeroU32};
use std::ptr::NonNull;

/// A window of someone else's.
pub struct ForeignWindow {
    display: RawDisplayHandle,
    window: RawWindowHandle,
    /// One of our own to the X server, where the window is known by its number alone.
    _connection: Option<XConnection>,
}

// SAFETY: the handles are numbers here; Vulkan's calls for one window are made by one thread at a
// time (`Swapchain` is used by `&mut`), and XCB and Wayland connections may be used from any
// thread.
unsafe impl Send for ForeignWindow {}

impl ForeignWindow {
    /// A window of `kind` "xlib", "xcb", "wayland" or "win32" by its handles. Both must stay what
    /// they are as long as this lives, for which the caller vouches. Kind "x11" is a window by its
    /// number, through a connection of our own: there nothing can be wrong but the number, which
    /// the server checks, and a server that ends takes nobody along, as Xlib's connections do.
    pub(crate) fn new(kind: &str, display: usize, window: u64) -> Result<Self> {
        let no_window = || {
            Error::invalid(format!(
                "handle must name a window; expected its number or address, got {window} of kind {kind:?}; \
                 ask the toolkit once the window is made"
            ))
        };
        let pointer = |number: usize| NonNull::new(number as *mut c_void);
        let connected = || {
            pointer(display).ok_or_else(|| {
                Error::invalid(format!(
                    "handle of kind {kind:?} must have its display; expected the address of the connection, got {display}; \
                     ask the toolkit for it, or pass kind \"x11\", which needs none"
                ))
            })
        };
        let number = |window: u64| {
            u32::try_from(window).ok().and_then(NonZeroU32::new).ok_or_else(no_window)
        };
        let mut connection = None;
        let (display, window) = match kind {
            "x11" => {
                let number = number(window)?;
                let own = connection.insert(XConnection::open()?);
                (
                    RawDisplayHandle::Xcb(XcbDisplayHandle::new(Some(own.raw), 0)),
                    RawWindowHandle::Xcb(XcbWindowHandle::new(number)),
                )
            }
            "xcb" => (
                RawDisplayHandle::Xcb(XcbDisplayHandle::new(Some(connected()?), 0)),
                RawWindowHandle::Xcb(XcbWindowHandle::new(number(window)?)),
            ),
            "xlib" => (
                RawDisplayHandle::Xlib(XlibDisplayHandle::new(Some(connected()?), 0)),
                RawWindowHandle::Xlib(XlibWindowHandle::new(number(window)?.get().into())),
            ),
            "wayland" => (
                RawDisplayHandle::Wayland(WaylandDisplayHandle::new(connected()?)),
                RawWindowHandle::Wayland(WaylandWindowHandle::new(
                    pointer(window as usize).ok_or_else(no_window)?,
                )),
            ),
            "win32" => {
                let mut handle = Win32WindowHandle::new(
                    NonZeroIsize::new(window as isize).ok_or_else(no_window)?,
                );
                handle.hinstance = NonZeroIsize::new(display as isize);
                (
                    RawDisplayHandle::Windows(WindowsDisplayHandle::new()),
                    RawWindowHandle::Win32(handle),
                )
            }
            other => {
                return Err(Error::invalid(format!(
                    "handle must be of a known kind; expected \"x11\", \"xlib\", \"xcb\", \"wayland\" or \"win32\", got {other:?}; \
                     name the window system"
                )));
            }
        };
        Ok(Self { display, window, _connection: connection })
    }
}

impl HasDisplayHandle for ForeignWindow {
    fn display_handle(&self) -> std::result::Result<DisplayHandle<'_>, HandleError> {
        // SAFETY: `new` has its caller's word for it.
        Ok(unsafe { DisplayHandle::borrow_raw(self.display) })
    }
}

impl HasWindowHandle for ForeignWindow {
    fn window_handle(&self) -> std::result::Result<WindowHandle<'_>, HandleError> {
        // SAFETY: as above.
        Ok(unsafe { WindowHandle::borrow_raw(self.window) })
    }
}

/// A connection to the X server that DISPLAY names. libxcb is opened only for this.
struct XConnection {
    // Kept open: it is what `disconnect` is of.
    _library: libloading::Library,
    disconnect: unsafe extern "C" fn(*mut c_void),
    raw: NonNull<c_void>,
    process: u32,
}

impl XConnection {
    fn open() -> Result<Self> {
        type Connect = unsafe extern "C" fn(*const c_char, *mut c_int) -> *mut c_void;
        type HasError = unsafe extern "C" fn(*mut c_void) -> c_int;
        type Disconnect = unsafe extern "C" fn(*mut c_void);
        let no_library = |error: libloading::Error| {
            Error::Window(format!(
                "a window of X11 needs libxcb; expected libxcb.so.1 on the library path, got: {error}; on Debian/Ubuntu \
                 `apt install libxcb1`"
            ))
        };
        let shown = std::env::var("DISPLAY").unwrap_or_default();
        let no_server = || {
            Error::Window(format!(
                "no X server answers; expected one at DISPLAY, got DISPLAY={shown:?}; start one (`Xvfb :1 &`, or log in to a \
                 desktop) and set DISPLAY. Pictures in files and notebooks need none"
            ))
        };
        // SAFETY: libxcb's initialisers do nothing of note, and its header fixes the types.
        let (library, connect, has_error, disconnect) = unsafe {
            let library = libloading::Library::new("libxcb.so.1").map_err(no_library)?;
            let connect = *library.get::<Connect>(b"xcb_connect\0").map_err(no_library)?;
            let has_error =
                *library.get::<HasError>(b"xcb_connection_has_error\0").map_err(no_library)?;
            let disconnect = *library.get::<Disconnect>(b"xcb_disconnect\0").map_err(no_library)?;
            (library, connect, has_error, disconnect)
        };
        let name = CString::new(shown.as_str()).map_err(|_| no_server())?;
        let name = if shown.is_empty() { std::ptr::null() } else { name.as_ptr() };
        // SAFETY: the name is NUL-terminated or null, which is DISPLAY too; the screen's number is
        // not asked for.
        let raw = unsafe { connect(name, std::ptr::null_mut()) };
        let raw = NonNull::new(raw).ok_or_else(no_server)?;
        let connection = Self { _library: library, disconnect, raw, process: std::process::id() };
        // SAFETY: `xcb_connect` gives a connection in any case, which says whether it is one.
        if unsafe { has_error(raw.as_ptr()) } != 0 {
            return Err(no_server());
        }
        Ok(connection)
    }
}

impl Drop for XConnection {
    fn drop(&mut self) {
        // In a forked child the connection is the parent's.
        if std::process::id() == self.process {
            // SAFETY: it is ours, and the surface that used it went before it.
            unsafe { (self.disconnect)(self.raw.as_ptr()) };
        }
    }
}
