//! Linear memory of the device.

use super::{Device, vulkan};
use crate::error::{Error, Result};
use ash::vk;
use gpu_allocator::MemoryLocation;
use gpu_allocator::vulkan::{Allocation, AllocationCreateDesc, AllocationScheme};
use std::sync::{Arc, OnceLock};

/// Who touches a buffer's memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemoryUse {
    /// The device only.
    Device,
    /// Written by the host, read by the device.
    Upload,
    /// Written by the device, read by the host: host-cached, or reading it is ten times slower.
    ReadBack,
}

/// A buffer with its memory.
pub struct Buffer {
    device: Arc<Device>,
    raw: vk::Buffer,
    allocation: Option<Allocation>,
    bytes: u64,
    memory: MemoryUse,
    /// The same as texels of a word each, once it is asked for.
    texels: OnceLock<vk::BufferView>,
}

impl Buffer {
    /// A buffer of `bytes` (at least one), with undefined content.
    pub fn new(device: &Arc<Device>, name: &str, bytes: u64, memory: MemoryUse) -> Result<Self> {
        device.check()?;
        let (location, usage) = match memory {
            MemoryUse::Device => (
                MemoryLocation::GpuOnly,
                vk::BufferUsageFlags::STORAGE_BUFFER
                    | vk::BufferUsageFlags::STORAGE_TEXEL_BUFFER
                    | vk::BufferUsageFlags::TRANSFER_DST
                    | vk::BufferUsageFlags::TRANSFER_SRC
                    | vk::BufferUsageFlags::INDIRECT_BUFFER,
            ),
            MemoryUse::Upload => (
                MemoryLocation::CpuToGpu,
                vk::BufferUsageFlags::UNIFORM_BUFFER
                    | vk::BufferUsageFlags::STORAGE_BUFFER
                    | vk::BufferUsageFlags::STORAGE_TEXEL_BUFFER
                    | vk::BufferUsageFlags::TRANSFER_SRC,
            ),
            MemoryUse::ReadBack => (
                MemoryLocation::GpuToCpu,
                vk::BufferUsageFlags::STORAGE_BUFFER
                    | vk::BufferUsageFlags::STORAGE_TEXEL_BUFFER
                    | vk::BufferUsageFlags::TRANSFER_DST,
            ),
        };
        let info = vk::BufferCreateInfo::default().size(bytes.max(4)).usage(usage);
        // SAFETY: a well-formed description; the handle is owned by `buffer` from here on.
        let raw =
            unsafe { device.raw().create_buffer(&info, None) }.map_err(vulkan("vkCreateBuffer"))?;
        let mut buffer = Self {
            device: device.clone(),
            raw,
            allocation: None,
            bytes: bytes.max(4),
            memory,
            texels: OnceLock::new(),
        };
        // SAFETY: the buffer was just made from this device.
        let requirements = unsafe { device.raw().get_buffer_memory_requirements(raw) };
        let allocation = device.allocate(&AllocationCreateDesc {
            name,
            requirements,
            location,
            linear: true,
            allocation_scheme: AllocationScheme::GpuAllocatorManaged,
        })?;
        let allocation = buffer.allocation.insert(allocation);
        // SAFETY: memory and buffer are of this device, the offset meets the requirements, and
        // neither is bound yet.
        unsafe { device.raw().bind_buffer_memory(raw, allocation.memory(), allocation.offset()) }
            .map_err(vulkan("vkBindBufferMemory"))?;
        device.name(raw, name);
        Ok(buffer)
    }

    /// Who touches it.
    pub fn memory(&self) -> MemoryUse {
        self.memory
    }

    /// Size in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn raw(&self) -> vk::Buffer {
        self.raw
    }

    /// As texels of a word each, for `imageLoad`: as many as a device lets a shader see.
    pub(super) fn texels(&self) -> Result<vk::BufferView> {
        if let Some(view) = self.texels.get() {
            return Ok(*view);
        }
        let range = (self.bytes / 4).min(self.device.limits().max_texels.into()) * 4;
        let info = vk::BufferViewCreateInfo::default()
            .buffer(self.raw)
            .format(vk::Format::R32_UINT)
            .range(range);
        // SAFETY: storage texel buffers of that format are mandatory in Vulkan, and the range is
        // within the buffer and the limit.
        let view = unsafe { self.device.raw().create_buffer_view(&info, None) }
            .map_err(vulkan("vkCreateBufferView"))?;
        // Another thread may have made one meanwhile.
        let kept = *self.texels.get_or_init(|| view);
        if kept != view {
            // SAFETY: made above, and known to nobody.
            unsafe { self.device.raw().destroy_buffer_view(view, None) };
        }
        Ok(kept)
    }

    fn mapped(&self) -> Result<&[u8]> {
        let all = self.allocation.as_ref().and_then(Allocation::mapped_slice);
        all.and_then(|all| all.get(..self.bytes as usize)).ok_or_else(|| {
            Error::Internal("host access to a buffer that only the device sees".into())
        })
    }

    /// The content, for a buffer of [`MemoryUse::ReadBack`] after the submission that wrote it.
    pub fn read(&self) -> Result<&[u8]> {
        self.device.check()?;
        self.mapped()
    }

    /// The content, to be written before the next submission that reads it.
    pub fn write(&mut self) -> Result<&mut [u8]> {
        self.device.check()?;
        let bytes = self.bytes as usize;
        let all = self.allocation.as_mut().and_then(Allocation::mapped_slice_mut);
        all.and_then(|all| all.get_mut(..bytes)).ok_or_else(|| {
            Error::Internal("host access to a buffer that only the device sees".into())
        })
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        // SAFETY: `Commands` borrows what it records until the device is done, so nothing uses the
        // buffer now.
        unsafe {
            if let Some(view) = self.texels.get() {
                self.device.raw().destroy_buffer_view(*view, None);
            }
            self.device.raw().destroy_buffer(self.raw, None);
        };
        if let Some(allocation) = self.allocation.take() {
            self.device.free(allocation);
        }
    }
}
