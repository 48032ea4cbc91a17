//! The images of a window, which are filled from a buffer and shown.

use super::surface::{Abilities, Surface, lost_or};
use super::{Buffer, Commands, Device, Interrupted, vulkan};
use crate::error::{Error, Result};
use ash::{khr, vk};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a wait for an image lasts before the caller's interrupt check runs again, in
/// nanoseconds.
const POLL_NS: u64 = 20_000_000;
/// Longest wait for an image: a compositor may take none from a window that nobody sees.
const PATIENCE: Duration = Duration::from_secs(1);

/// When a picture takes the place of the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PresentMode {
    /// With the display's refresh, one after the other: every device has it. On Wayland, where
    /// it could wait for ever while the window is hidden, as [`PresentMode::Mailbox`].
    Fifo,
    /// With the display's refresh, the newest; where a device does not have it, as
    /// [`PresentMode::Fifo`].
    Mailbox,
}

/// The order of the four bytes of a pixel in a window's images.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByteOrder {
    /// As in this crate's pictures.
    Rgba,
    /// Red and blue exchanged.
    Bgra,
}

/// What came of showing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// It is on its way to the display.
    Yes,
    /// The window has another size by now: fit and fill again.
    OutOfDate,
    /// The display took no picture for a second, as it may where the window is hidden.
    NotNow,
}

/// A window's surface with its swapchain, which is made again whenever the window has changed.
pub struct Swapchain {
    // Before the surface, and both before the device.
    chain: Option<Chain>,
    surface: Surface,
    functions: khr::swapchain::Device,
    device: Arc<Device>,
    wanted: PresentMode,
    /// Whether the display said that it no longer fits.
    stale: bool,
}

/// One swapchain, with a semaphore for each image that says when it is filled.
struct Chain {
    device: Arc<Device>,
    functions: khr::swapchain::Device,
    raw: vk::SwapchainKHR,
    images: Vec<vk::Image>,
    filled: Vec<vk::Semaphore>,
    acquired: vk::Semaphore,
    size: [u32; 2],
    order: ByteOrder,
    mode: PresentMode,
}

impl Swapchain {
    /// For a window that outlives it.
    pub fn new(
        device: &Arc<Device>,
        window: &(impl HasWindowHandle + HasDisplayHandle),
        mode: PresentMode,
    ) -> Result<Self> {
        let surface = Surface::new(device, window)?;
        let functions = khr::swapchain::Device::new(device.instance().raw(), device.raw());
        Ok(Self {
            chain: None,
            surface,
            functions,
            device: device.clone(),
            wanted: mode,
            stale: false,
        })
    }

    /// Sees to images that fit the window: their size and order of bytes; None while it has no
    /// extent, as when minimised. `size` counts where the window system leaves it to the program,
    /// as Wayland does.
    pub fn fit(&mut self, size: [u32; 2]) -> Result<Option<([u32; 2], ByteOrder)>> {
        self.device.check()?;
        let abilities = self.surface.abilities(&self.device)?;
        let Some(size) = extent(&abilities.now, size) else { return Ok(None) };
        if self.stale || self.chain.as_ref().is_none_or(|chain| chain.size != size) {
            let old = self.chain.take();
            self.chain = Some(self.made(&abilities, size, old.as_ref())?);
            self.stale = false;
        }
        Ok(self.chain.as_ref().map(|chain| (chain.size, chain.order)))
    }

    /// How pictures are shown; None before the first one.
    pub fn mode(&self) -> Option<PresentMode> {
        self.chain.as_ref().map(|chain| chain.mode)
    }

    fn made(&self, abilities: &Abilities, size: [u32; 2], old: Option<&Chain>) -> Result<Chain> {
        let (format, order) = format(&abilities.formats)?;
        let now = &abilities.now;
        if !now.supported_usage_flags.contains(vk::ImageUsageFlags::TRANSFER_DST) {
            return Err(Error::Window(format!(
                "{} cannot copy pictures to this window; expected images that take copies, got {:?}; choose another device \
                 with device=",
                self.device.report().name,
                now.supported_usage_flags
            )));
        }
        let mailbox = abilities.modes.contains(&vk::PresentModeKHR::MAILBOX);
        let wanted = if self.surface.fifo_may_hang() { PresentMode::Mailbox } else { self.wanted };
        let mode = if mailbox { wanted } else { PresentMode::Fifo };
        let (present_mode, more) = match mode {
            PresentMode::Fifo => (vk::PresentModeKHR::FIFO, 1),
            PresentMode::Mailbox => (vk::PresentModeKHR::MAILBOX, 2),
        };
        let most = if now.max_image_count == 0 { u32::MAX } else { now.max_image_count };
        let alpha = [vk::CompositeAlphaFlagsKHR::OPAQUE, vk::CompositeAlphaFlagsKHR::INHERIT]
            .into_iter()
            .find(|alpha| now.supported_composite_alpha.contains(*alpha))
            .unwrap_or(vk::CompositeAlphaFlagsKHR::PRE_MULTIPLIED); // the pictures are opaque
        let info = vk::SwapchainCreateInfoKHR::default()
            .surface(self.surface.raw())
            .min_image_count((now.min_image_count + more).min(most))
            .image_format(format.format)
            .image_color_space(format.color_space)
            .image_extent(vk::Extent2D { width: size[0], height: size[1] })
            .image_array_layers(1)
            .image_usage(vk::ImageUsageFlags::TRANSFER_DST)
            .image_sharing_mode(vk::SharingMode::EXCLUSIVE)
            .pre_transform(now.current_transform)
            .composite_alpha(alpha)
            .present_mode(present_mode)
            .clipped(true)
            .old_swapchain(old.map_or(vk::SwapchainKHR::null(), |chain| chain.raw));
        let mut chain = Chain {
            device: self.device.clone(),
            functions: self.functions.clone(),
            raw: vk::SwapchainKHR::null(),
            images: Vec::new(),
            filled: Vec::new(),
            acquired: vk::Semaphore::null(),
            size,
            order,
            mode,
        };
        // SAFETY: all of it is what the surface allows, and of this device; each handle is owned by
        // `chain` at once.
        unsafe {
            let made = self.functions.create_swapchain(&info, None);
            chain.raw = made.map_err(lost_or("vkCreateSwapchainKHR"))?;
            let images = self.functions.get_swapchain_images(chain.raw);
            chain.images = images.map_err(lost_or("vkGetSwapchainImagesKHR"))?;
            chain.acquired = chain.semaphore()?;
            for _ in 0..chain.images.len() {
                let filled = chain.semaphore()?;
                chain.filled.push(filled);
            }
        }
        Ok(chain)
    }

    /// Shows the bytes of `pixels`, which fill an image whole, as [`Swapchain::fit`] told.
    pub fn show(&mut self, pixels: &Buffer, interrupted: Interrupted<'_>) -> Result<Shown> {
        let Some(chain) = &self.chain else { return Ok(Shown::OutOfDate) };
        let [width, height] = chain.size.map(u64::from);
        if pixels.bytes() < 4 * width * height {
            return Err(Error::Internal(format!(
                "{} bytes for a window of {:?}",
                pixels.bytes(),
                chain.size
            )));
        }
        let shown = chain.show(pixels, interrupted);
        match shown {
            Ok((shown, suboptimal)) => {
                self.stale |= suboptimal || shown == Shown::OutOfDate;
                Ok(shown)
            }
            Err(error) => {
                // An image may have been acquired that was never shown.
                self.chain = None;
                Err(self.device.note(error))
            }
        }
    }
}

impl Chain {
    fn semaphore(&self) -> Result<vk::Semaphore> {
        // SAFETY: a well-formed description; the caller owns the handle.
        unsafe { self.device.raw().create_semaphore(&Default::default(), None) }
            .map_err(vulkan("vkCreateSemaphore"))
    }

    /// Whether it was shown, and whether the display wants another swapchain next time.
    fn show(&self, pixels: &Buffer, interrupted: Interrupted<'_>) -> Result<(Shown, bool)> {
        let Some((index, early)) = self.acquire(interrupted)? else {
            return Ok((Shown::NotNow, false));
        };
        let Some(index) = index else { return Ok((Shown::OutOfDate, true)) };
        let (Some(&image), Some(&filled)) =
            (self.images.get(index as usize), self.filled.get(index as usize))
        else {
            return Err(Error::Internal(format!("image {index} of {}", self.images.len())));
        };
        let _alone = self.device.showing();
        let mut commands = Commands::new(&self.device)?;
        commands.fill_screen(pixels, image, self.size);
        // Not left early: the image has to be shown.
        commands.submit_and_wait_between(self.acquired, filled, &|| false)?;
        let (swapchains, indices, waits) = ([self.raw], [index], [filled]);
        let info = vk::PresentInfoKHR::default()
            .wait_semaphores(&waits)
            .swapchains(&swapchains)
            .image_indices(&indices);
        let queue = self.device.queue();
        // SAFETY: the image was acquired, and is in the layout for showing; the queue is locked.
        match unsafe { self.functions.queue_present(*queue, &info) } {
            Ok(late) => Ok((Shown::Yes, early || late)),
            Err(vk::Result::ERROR_OUT_OF_DATE_KHR) => Ok((Shown::OutOfDate, true)),
            Err(other) => Err(lost_or("vkQueuePresentKHR")(other)),
        }
    }

    /// An image and whether the chain is suboptimal; no image where it is out of date; None where
    /// the display has none to give for too long.
    fn acquire(&self, interrupted: Interrupted<'_>) -> Result<Option<(Option<u32>, bool)>> {
        let start = Instant::now();
        loop {
            match self.acquire_within_a_while() {
                Ok((index, suboptimal)) => return Ok(Some((Some(index), suboptimal))),
                Err(vk::Result::ERROR_OUT_OF_DATE_KHR) => return Ok(Some((None, true))),
                Err(vk::Result::TIMEOUT | vk::Result::NOT_READY) => {
                    if interrupted() {
                        return Err(Error::Interrupted);
                    }
                    if start.elapsed() > PATIENCE {
                        return Ok(None);
                    }
                }
                Err(other) => return Err(lost_or("vkAcquireNextImageKHR")(other)),
            }
        }
    }
}

impl Chain {
    fn acquire_within_a_while(&self) -> ash::prelude::VkResult<(u32, bool)> {
        // SAFETY: the semaphore has no signal pending: each was waited for, or its chain is gone.
        let acquire = |most_ns| unsafe {
            self.functions.acquire_next_image(self.raw, most_ns, self.acquired, vk::Fence::null())
        };
        if !self.device.is_validated() {
            return acquire(POLL_NS);
        }
        // As the end of submissions: the layer forgets what it learns of while another thread
        // submits.
        let queue = self.device.queue();
        let found = acquire(0);
        drop(queue);
        if found == Err(vk::Result::NOT_READY) {
            std::thread::sleep(Duration::from_millis(1));
        }
        found
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        let raw = self.device.raw();
        let queue = self.device.queue();
        // SAFETY: once the queue is idle nothing uses what is destroyed here; null handles are
        // ignored.
        unsafe {
            if let Err(error) = raw.queue_wait_idle(*queue) {
                log::debug!("vkQueueWaitIdle at the end of a swapchain: {error}");
            }
            self.functions.destroy_swapchain(self.raw, None);
            raw.destroy_semaphore(self.acquired, None);
            for filled in &self.filled {
                raw.destroy_semaphore(*filled, None);
            }
        }
    }
}

/// The size of images for a window; None for one without extent.
fn extent(now: &vk::SurfaceCapabilitiesKHR, wanted: [u32; 2]) -> Option<[u32; 2]> {
    let current = [now.current_extent.width, now.current_extent.height];
    let size = if current == [u32::MAX; 2] {
        let [least, most] = [now.min_image_extent, now.max_image_extent];
        if wanted.contains(&0) {
            return None;
        }
        [wanted[0].min(most.width).max(least.width), wanted[1].min(most.height).max(least.height)]
    } else {
        current
    };
    (!size.contains(&0)).then_some(size)
}

/// A format whose bytes are sRGB, as pictures are.
fn format(formats: &[vk::SurfaceFormatKHR]) -> Result<(vk::SurfaceFormatKHR, ByteOrder)> {
    const KNOWN: [(vk::Format, ByteOrder); 6] = [
        (vk::Format::R8G8B8A8_UNORM, ByteOrder::Rgba),
        (vk::Format::B8G8R8A8_UNORM, ByteOrder::Bgra),
        (vk::Format::R8G8B8A8_SRGB, ByteOrder::Rgba),
        (vk::Format::B8G8R8A8_SRGB, ByteOrder::Bgra),
        (vk::Format::A8B8G8R8_UNORM_PACK32, ByteOrder::Rgba),
        (vk::Format::A8B8G8R8_SRGB_PACK32, ByteOrder::Rgba),
    ];
    let found = KNOWN.iter().find_map(|(wanted, order)| {
        let fits = |format: &&vk::SurfaceFormatKHR| {
            format.format == *wanted && format.color_space == vk::ColorSpaceKHR::SRGB_NONLINEAR
        };
        formats.iter().find(fits).map(|format| (*format, *order))
    });
    found.ok_or_else(|| {
        let got: Vec<String> =
            formats.iter().map(|format| format!("{:?} {:?}", format.format, format.color_space)).collect();
        Error::Window(format!(
            "the window takes no pictures of eight bits a channel; expected RGBA or BGRA in sRGB, got [{}]; \
             set the display to 24 bits of colour",
            got.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_says_how_large_or_leaves_it_to_the_program() {
        let mut now = vk::SurfaceCapabilitiesKHR::default()
            .min_image_extent(vk::Extent2D { width: 1, height: 1 })
            .max_image_extent(vk::Extent2D { width: 100, height: 100 });
        now.current_extent = vk::Extent2D { width: 7, height: 5 };
        assert_eq!(extent(&now, [50, 60]), Some([7, 5]));
        now.current_extent = vk::Extent2D { width: 0, height: 0 };
        assert_eq!(extent(&now, [50, 60]), None);
        now.current_extent = vk::Extent2D { width: u32::MAX, height: u32::MAX };
        assert_eq!(extent(&now, [50, 600]), Some([50, 100]));
        assert_eq!(extent(&now, [0, 60]), None);
    }

    #[test]
    fn bytes_go_to_the_window_as_they_are() {
        let srgb = |format| vk::SurfaceFormatKHR {
            format,
            color_space: vk::ColorSpaceKHR::SRGB_NONLINEAR,
        };
        let all = [srgb(vk::Format::B8G8R8A8_SRGB), srgb(vk::Format::B8G8R8A8_UNORM)];
        let chosen = format(&all).map(|(chosen, order)| (chosen.format, order));
        assert!(chosen.is_ok_and(|chosen| chosen == (vk::Format::B8G8R8A8_UNORM, ByteOrder::Bgra)));
        let refusal =
            format(&[srgb(vk::Format::R5G6B5_UNORM_PACK16)]).map_err(|error| error.to_string());
        assert!(
            refusal.is_err_and(|refusal| refusal.contains("R5G6B5") && refusal.contains("24 bits"))
        );
    }
}
