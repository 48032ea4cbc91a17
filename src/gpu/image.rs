//! Images of one float or one word a texel, always in the `GENERAL` layout.

use super::pages::Pages;
use super::{Device, vulkan};
use crate::error::{Error, Result};
use ash::vk;
use gpu_allocator::MemoryLocation;
use gpu_allocator::vulkan::{Allocation, AllocationCreateDesc, AllocationScheme};
use std::marker::PhantomData;
use std::sync::Arc;

/// What a texel is: a float (R32_SFLOAT) or a word of four bytes (R32_UINT). Vulkan makes both
/// mandatory.
pub trait Texel: bytemuck::Pod + Sync {
    #[doc(hidden)]
    const FORMAT: vk::Format;
    /// How shaders see images of these.
    #[doc(hidden)]
    const VIEW: vk::ImageViewType;
}

impl Texel for f32 {
    const FORMAT: vk::Format = vk::Format::R32_SFLOAT;
    const VIEW: vk::ImageViewType = vk::ImageViewType::TYPE_2D;
}

impl Texel for u32 {
    const FORMAT: vk::Format = vk::Format::R32_UINT;
    const VIEW: vk::ImageViewType = vk::ImageViewType::TYPE_2D_ARRAY;
}

/// One number a texel.
pub type FloatImage = Image<f32>;
/// Packed colours, or bits; in one layer or several, of which shaders see an array.
pub type WordImage = Image<u32>;

/// An image of one `T` a texel.
pub struct Image<T: Texel> {
    texel: PhantomData<T>,
    device: Arc<Device>,
    raw: vk::Image,
    view: vk::ImageView,
    allocation: Option<Allocation>,
    size: [u32; 2],
}

impl<T: Texel> Image<T> {
    /// An image of `size` = (columns, rows), with undefined content and layout; see
    /// [`Commands::initialise`](super::Commands::initialise).
    pub(crate) fn new(device: &Arc<Device>, name: &str, size: [u32; 2]) -> Result<Self> {
        Self::layered(device, name, size, 1)
    }

    /// The same in several layers.
    pub(crate) fn layered(
        device: &Arc<Device>,
        name: &str,
        size: [u32; 2],
        layers: u32,
    ) -> Result<Self> {
        device.check()?;
        Self::check(device, name, size)?;
        let info = vk::ImageCreateInfo::default()
            .image_type(vk::ImageType::TYPE_2D)
            .format(T::FORMAT)
            .extent(vk::Extent3D { width: size[0], height: size[1], depth: 1 })
            .mip_levels(1)
            .array_layers(layers)
            .samples(vk::SampleCountFlags::TYPE_1)
            .tiling(vk::ImageTiling::OPTIMAL)
            .usage(
                vk::ImageUsageFlags::SAMPLED
                    | vk::ImageUsageFlags::STORAGE
                    | vk::ImageUsageFlags::TRANSFER_DST
                    | vk::ImageUsageFlags::TRANSFER_SRC,
            )
            .initial_layout(vk::ImageLayout::UNDEFINED);
        // SAFETY: sampled and storage images of both formats are mandatory in Vulkan and the extent
        // is within the limit.
        let raw =
            unsafe { device.raw().create_image(&info, None) }.map_err(vulkan("vkCreateImage"))?;
        let mut image = Self {
            texel: PhantomData,
            device: device.clone(),
            raw,
            view: vk::ImageView::null(),
            allocation: None,
            size,
        };
        // SAFETY: the image was just made from this device.
        let requirements = unsafe { device.raw().get_image_memory_requirements(raw) };
        let allocation = device.allocate(&AllocationCreateDesc {
            name,
            requirements,
            location: MemoryLocation::GpuOnly,
            linear: false,
            allocation_scheme: AllocationScheme::GpuAllocatorManaged,
        })?;
        let allocation = image.allocation.insert(allocation);
        // SAFETY: memory and image are of this device, the offset meets the requirements, and
        // neither is bound yet.
        unsafe { device.raw().bind_image_memory(raw, allocation.memory(), allocation.offset()) }
            .map_err(vulkan("vkBindImageMemory"))?;
        let info = vk::ImageViewCreateInfo::default()
            .image(raw)
            .view_type(T::VIEW)
            .format(T::FORMAT)
            .subresource_range(Self::RANGE);
        // SAFETY: the image is bound and of the view's format.
        image.view = unsafe { device.raw().create_image_view(&info, None) }
            .map_err(vulkan("vkCreateImageView"))?;
        device.name(raw, name);
        Ok(image)
    }

    pub(crate) const RANGE: vk::ImageSubresourceRange = vk::ImageSubresourceRange {
        aspect_mask: vk::ImageAspectFlags::COLOR,
        base_mip_level: 0,
        level_count: 1,
        base_array_layer: 0,
        layer_count: vk::REMAINING_ARRAY_LAYERS,
    };

    /// Refuses what no image can be; `name` is what it is to its user.
    pub(crate) fn check(device: &Device, name: &str, size: [u32; 2]) -> Result<()> {
        let most = device.limits().max_image;
        // Drivers do not all check this themselves: lavapipe makes an image that is too wide, and
        // crashes on an empty one.
        if size.contains(&0) || size.iter().any(|&side| side > most) {
            return Err(Error::invalid(format!(
                "{name} is too large for {}; expected at most {most} x {most} samples, got {} x {}; \
                 cut it into parts, or resample it",
                device.report().name,
                size[1],
                size[0]
            )));
        }
        Ok(())
    }

    /// (columns, rows).
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    pub(crate) fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// Its memory where this process has it too: on software Vulkan.
    pub(crate) fn pages(&self) -> Option<Pages<'_>> {
        let allocation = self.allocation.as_ref()?;
        let start = allocation.mapped_ptr()?.cast().as_ptr();
        // SAFETY: the allocation is mapped as long as `self` has it.
        Some(unsafe { Pages::mapped(start, allocation.size() as usize) })
    }

    pub(crate) fn raw(&self) -> vk::Image {
        self.raw
    }

    pub(crate) fn view(&self) -> vk::ImageView {
        self.view
    }
}

impl<T: Texel> Drop for Image<T> {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        // SAFETY: `Commands` borrows what it records until the device is done; null handles are
        // ignored by Vulkan.
        unsafe {
            self.device.raw().destroy_image_view(self.view, None);
            self.device.raw().destroy_image(self.raw, None);
        }
        if let Some(allocation) = self.allocation.take() {
            self.device.free(allocation);
        }
    }
}
