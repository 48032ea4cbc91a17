//! Windows, as Python knows them: by their numbers.

use pyo3::prelude::*;

use super::arguments::{flag, size, text, whole};
use super::errors::{detached, detached_interruptible};
use super::guarded::Guarded;
use super::picture::PyPicture;
use super::session::PySession;
use crate::error::{Error, Result};
use crate::gpu::{ForeignWindow, PresentMode};
use crate::render::Presenter;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Open = Presenter<ForeignWindow>;

/// Shows pictures of a session's device in a window of any toolkit. Internal: `vulkan_forge.Window`
/// is made of it.
#[pyclass(frozen, weakref, module = "vulkan_forge._vulkan_forge", name = "Presenter")]
pub(super) struct PyPresenter {
    /// None once it was closed.
    presenter: Guarded<Option<Open>>,
}

#[pymethods]
impl PyPresenter {
    /// `kind` is "x11" (the number of a window, `display` is 0), "xlib", "xcb" or "wayland"
    /// (addresses of the connection and, for Wayland, of the surface), or "win32" (HINSTANCE,
    /// HWND). Both must stay valid until `close`. With `mailbox` the newest picture takes the place
    /// of one that waits, where the device has that.
    #[new]
    #[pyo3(signature = (session, kind, display, window, *, mailbox=None),
           text_signature = "(session, kind, display, window, *, mailbox=False)")]
    fn new(
        py: Python<'_>,
        session: &Bound<'_, PySession>,
        kind: Arg<'_, '_>,
        display: Arg<'_, '_>,
        window: Arg<'_, '_>,
        mailbox: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let kind = text(kind, "kind")?;
        let display = whole(display, "display", 0, usize::MAX as u64)? as usize;
        let window = whole(window, "window", 0, u64::MAX)?;
        let mailbox = mailbox.map_or(Ok(false), |mailbox| flag(mailbox, "mailbox"))?;
        let mode = if mailbox { PresentMode::Mailbox } else { PresentMode::Fifo };
        let session = session.get().session.clone();
        let presenter = detached_interruptible(py, |interrupted| {
            let session = session.lock(interrupted)?;
            let window = ForeignWindow::new(&kind, display, window)?;
            Presenter::new(session.engine(), window, mode)
        })?;
        Ok(Self { presenter: Guarded::new("Window", Some(presenter)) })
    }

    /// (width, height) in pixels of what the window shows; None while it is minimised. `size` is
    /// what the window's toolkit says, which counts on Wayland alone.
    fn extent(&self, py: Python<'_>, size: Arg<'_, '_>) -> PyResult<Option<(u32, u32)>> {
        let size = sides(size)?;
        let extent = detached_interruptible(py, |interrupted| {
            open(&mut *self.presenter.lock(interrupted)?)?.extent(size)
        })?;
        Ok(extent.map(Into::into))
    }

    /// Show a picture, enlarged to the window if it has another size, before white where it lets
    /// that through. False while the display takes no picture: the window is minimised or hidden.
    fn show(
        &self,
        py: Python<'_>,
        picture: &Bound<'_, PyPicture>,
        size: Arg<'_, '_>,
    ) -> PyResult<bool> {
        let size = sides(size)?;
        let frame = picture.get().frame(py)?;
        detached_interruptible(py, |interrupted| {
            open(&mut *self.presenter.lock(interrupted)?)?.show(&frame, size, interrupted)
        })
    }

    /// Show the last picture again; False where that does not fit any more, or the display takes
    /// none.
    fn repeat(&self, py: Python<'_>, size: Arg<'_, '_>) -> PyResult<bool> {
        let size = sides(size)?;
        detached_interruptible(py, |interrupted| {
            open(&mut *self.presenter.lock(interrupted)?)?.repeat(size, interrupted)
        })
    }

    /// "fifo" or "mailbox"; None before the first picture.
    #[getter]
    fn mode(&self, py: Python<'_>) -> PyResult<Option<&'static str>> {
        let mode = detached(py, || Ok(open(&mut *self.presenter.lock(&|| false)?)?.mode()))?;
        Ok(mode.map(|mode| match mode {
            PresentMode::Fifo => "fifo",
            PresentMode::Mailbox => "mailbox",
        }))
    }

    /// Let go of the window, once a picture on its way to it is there. A second time it does
    /// nothing.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, || {
            let presenter = self.presenter.lock(&|| false)?.take();
            drop(presenter);
            Ok(())
        })
    }
}

fn open(presenter: &mut Option<Open>) -> Result<&mut Open> {
    presenter.as_mut().ok_or_else(|| {
        Error::invalid(
            "the window is closed; expected one that is open, got one after close(); make a new one",
        )
    })
}

/// A window's size, which may be none at all.
fn sides(value: Arg<'_, '_>) -> PyResult<[u32; 2]> {
    let none = value.extract::<(u32, u32)>().is_ok_and(|(width, height)| width == 0 || height == 0);
    if none { Ok([0, 0]) } else { size(value) }
}
