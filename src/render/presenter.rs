//! Showing pictures in a window.

use super::enlarge::enlarge;
use super::{Engine, Frame, Interrupted};
use crate::error::{Error, Result};
use crate::gpu::{Buffer, ByteOrder, Device, MemoryUse, PresentMode, Shown, Swapchain};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle};
use std::sync::Arc;

/// How often a picture is fitted anew to a window that has another size by the time it is shown.
const ATTEMPTS: usize = 8;

/// What shows pictures of one device in one window.
pub struct Presenter<W> {
    // Before the window.
    swapchain: Option<Swapchain>,
    staged: Option<Staged>,
    device: Arc<Device>,
    mode: PresentMode,
    window: W,
}

/// The last picture as the window had it.
struct Staged {
    pixels: Buffer,
    size: [u32; 2],
    order: ByteOrder,
}

impl<W: HasWindowHandle + HasDisplayHandle> Presenter<W> {
    /// Of the pictures of `engine`, in `window`: its own or a reference, for it must live as long.
    pub fn new(engine: &Engine, window: W, mode: PresentMode) -> Result<Self> {
        let device = engine.device().clone();
        let swapchain = Some(Swapchain::new(&device, &window, mode)?);
        Ok(Self { swapchain, staged: None, device, mode, window })
    }

    /// The window.
    pub fn window(&self) -> &W {
        &self.window
    }

    /// How pictures take each other's place; None before the first one.
    pub fn mode(&self) -> Option<PresentMode> {
        self.swapchain.as_ref().and_then(Swapchain::mode)
    }

    /// Width and height in pixels of what the window shows; None while it has no extent, as when
    /// minimised. `size` is what the window's toolkit says, which counts where the window system
    /// leaves it to the program.
    pub fn extent(&mut self, size: [u32; 2]) -> Result<Option<[u32; 2]>> {
        Ok(self.fitted(size)?.map(|(size, _)| size))
    }

    /// Shows a picture, enlarged to the window if it has another size. `false` where the display
    /// takes none now: the window is minimised or hidden.
    pub fn show(
        &mut self,
        frame: &Frame,
        size: [u32; 2],
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        self.attempt(size, interrupted, |staged| {
            enlarge(&frame.rgba, frame.size, staged.pixels.write()?, staged.size, staged.order);
            Ok(true)
        })
    }

    /// Shows the last picture again, as after something lay over the window. `false` also where the
    /// window has another size by now.
    pub fn repeat(&mut self, size: [u32; 2], interrupted: Interrupted<'_>) -> Result<bool> {
        let last = self.staged.as_ref().map(|staged| (staged.size, staged.order));
        self.attempt(size, interrupted, |staged| Ok(last == Some((staged.size, staged.order))))
    }

    fn attempt(
        &mut self,
        size: [u32; 2],
        interrupted: Interrupted<'_>,
        mut fill: impl FnMut(&mut Staged) -> Result<bool>,
    ) -> Result<bool> {
        let mut lost = None;
        for _ in 0..ATTEMPTS {
            match (self.once(size, interrupted, &mut fill), &lost) {
                (Ok(Some(Shown::OutOfDate)), _) => {}
                (Ok(shown), _) => return Ok(shown == Some(Shown::Yes)),
                // A surface may be lost and its window be there: once more with another.
                (Err(error @ Error::WindowLost { .. }), None) => {
                    self.swapchain = None;
                    lost = Some(error);
                }
                (Err(error), None) => return Err(error),
                // What a driver says of a window that is gone differs.
                (Err(_), Some(Error::WindowLost { call })) => {
                    return Err(Error::WindowLost { call });
                }
                (Err(error), Some(_)) => return Err(error),
            }
        }
        Ok(false)
    }

    /// What came of it; None where there was nothing to show, or nowhere to show it.
    fn once(
        &mut self,
        size: [u32; 2],
        interrupted: Interrupted<'_>,
        fill: &mut impl FnMut(&mut Staged) -> Result<bool>,
    ) -> Result<Option<Shown>> {
        let Some((size, order)) = self.fitted(size)? else { return Ok(None) };
        let bytes = 4 * u64::from(size[0]) * u64::from(size[1]);
        let staged = match self.staged.take().filter(|staged| staged.pixels.bytes() >= bytes) {
            Some(kept) => Staged { pixels: kept.pixels, size, order },
            None => {
                let pixels =
                    Buffer::new(&self.device, "the window's picture", bytes, MemoryUse::Upload)?;
                Staged { pixels, size, order }
            }
        };
        let staged = self.staged.insert(staged);
        if !fill(staged)? {
            return Ok(None);
        }
        match &mut self.swapchain {
            Some(swapchain) => swapchain.show(&staged.pixels, interrupted).map(Some),
            None => Ok(None),
        }
    }

    fn fitted(&mut self, size: [u32; 2]) -> Result<Option<([u32; 2], ByteOrder)>> {
        let swapchain = match self.swapchain.take() {
            Some(swapchain) => swapchain,
            None => Swapchain::new(&self.device, &self.window, self.mode)?,
        };
        self.swapchain.insert(swapchain).fit(size)
    }
}
