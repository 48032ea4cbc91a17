//! Recording and running device work. A [`Commands`] borrows what it records until the device is
//! done with it.

mod submit;

use super::barrier::{self, PassKind};
use super::descriptors;
use super::image::{Image, Texel};
use super::pipeline::Compiled;
use super::shader::Program;
use super::{Buffer, Device, Pipeline, vulkan};
use crate::error::{Error, Result};
use ash::vk;
use std::marker::PhantomData;
use std::sync::Arc;

/// Dispatches that one recording may hold; a descriptor set each.
const MAX_DISPATCHES: u32 = 256;
/// How long a wait lasts before the caller's interrupt check runs again, in nanoseconds.
const POLL_NS: u64 = 20_000_000;

/// A command buffer being recorded.
pub struct Commands<'r> {
    device: Arc<Device>,
    pool: vk::CommandPool,
    descriptors: vk::DescriptorPool,
    queries: vk::QueryPool,
    fence: vk::Fence,
    buffer: vk::CommandBuffer,
    last: PassKind,
    in_flight: bool,
    borrowed: PhantomData<&'r ()>,
}

impl<'r> Commands<'r> {
    /// Begins a recording.
    pub fn new(device: &Arc<Device>) -> Result<Self> {
        Self::begin(device, false)
    }

    /// Begins a recording whose device time is measured, where the device has a clock. Each look at
    /// it makes a software device wait for all that came before.
    pub fn timed(device: &Arc<Device>) -> Result<Self> {
        Self::begin(device, device.limits().timestamp_period_ns.is_some())
    }

    fn begin(device: &Arc<Device>, timed: bool) -> Result<Self> {
        device.check()?;
        let raw = device.raw();
        let mut commands = Self {
            device: device.clone(),
            pool: vk::CommandPool::null(),
            descriptors: vk::DescriptorPool::null(),
            queries: vk::QueryPool::null(),
            fence: vk::Fence::null(),
            buffer: vk::CommandBuffer::null(),
            last: PassKind::Earlier,
            in_flight: false,
            borrowed: PhantomData,
        };
        commands.descriptors = descriptors::pool(device, MAX_DISPATCHES)?;
        // SAFETY: well-formed descriptions; each handle is owned by `commands` at once, whose drop
        // takes null handles.
        unsafe {
            let info = vk::CommandPoolCreateInfo::default()
                .flags(vk::CommandPoolCreateFlags::TRANSIENT)
                .queue_family_index(device.queue_family());
            commands.pool =
                raw.create_command_pool(&info, None).map_err(vulkan("vkCreateCommandPool"))?;
            commands.fence =
                raw.create_fence(&Default::default(), None).map_err(vulkan("vkCreateFence"))?;
            let info = vk::CommandBufferAllocateInfo::default()
                .command_pool(commands.pool)
                .command_buffer_count(1);
            let buffers =
                raw.allocate_command_buffers(&info).map_err(vulkan("vkAllocateCommandBuffers"))?;
            commands.buffer = buffers.first().copied().unwrap_or_default();
            let info = vk::CommandBufferBeginInfo::default()
                .flags(vk::CommandBufferUsageFlags::ONE_TIME_SUBMIT);
            raw.begin_command_buffer(commands.buffer, &info)
                .map_err(vulkan("vkBeginCommandBuffer"))?;
            if timed {
                let info = vk::QueryPoolCreateInfo::default()
                    .query_type(vk::QueryType::TIMESTAMP)
                    .query_count(2);
                commands.queries =
                    raw.create_query_pool(&info, None).map_err(vulkan("vkCreateQueryPool"))?;
                raw.cmd_reset_query_pool(commands.buffer, commands.queries, 0, 2);
                raw.cmd_write_timestamp2(
                    commands.buffer,
                    vk::PipelineStageFlags2::NONE,
                    commands.queries,
                    0,
                );
            }
        }
        Ok(commands)
    }

    /// Gives a new image its one layout, `GENERAL`; its content is undefined. Once, before any
    /// other use.
    pub(crate) fn initialise<T: Texel>(&mut self, image: &'r Image<T>) {
        let images = [barrier::first_use(image.raw(), Image::<T>::RANGE)];
        let info = vk::DependencyInfo::default().image_memory_barriers(&images);
        // SAFETY: recording is under way, and `info` outlives the call.
        unsafe { self.device.raw().cmd_pipeline_barrier2(self.buffer, &info) };
    }

    fn begin_pass(&mut self, kind: PassKind) {
        let memory = [barrier::between(self.last, kind)];
        let info = vk::DependencyInfo::default().memory_barriers(&memory);
        // SAFETY: recording is under way, and `info` outlives the call.
        unsafe { self.device.raw().cmd_pipeline_barrier2(self.buffer, &info) };
        self.last = kind;
    }

    /// Runs `pipeline` for at least `threads` threads.
    pub(crate) fn dispatch<P: Program>(
        &mut self,
        pipeline: &'r Pipeline<P>,
        threads: [u32; 3],
        parameters: &P::Parameters,
        bindings: &P::Bindings<'r>,
    ) -> Result<()> {
        self.dispatch_parts(pipeline, &[(threads, *parameters)], bindings)
    }

    /// Runs `pipeline` for several parts of one pass, (threads, parameters) each, that do not need
    /// each other's results.
    pub(crate) fn dispatch_parts<P: Program>(
        &mut self,
        pipeline: &'r Pipeline<P>,
        parts: &[([u32; 3], P::Parameters)],
        bindings: &P::Bindings<'r>,
    ) -> Result<()> {
        let compiled = self.bind(pipeline, bindings)?;
        let code = compiled.code();
        for (threads, parameters) in parts {
            let groups: [u32; 3] =
                std::array::from_fn(|axis| threads[axis].div_ceil(code.local_size[axis]));
            let most = self.device.limits().max_groups;
            if groups.iter().zip(&most).any(|(wanted, most)| wanted > most) {
                return Err(Error::Internal(format!(
                    "{}: {groups:?} groups exceed {most:?}",
                    code.name
                )));
            }
            self.push(compiled, bytemuck::bytes_of(parameters));
            // SAFETY: pipeline and set are bound.
            unsafe { self.device.raw().cmd_dispatch(self.buffer, groups[0], groups[1], groups[2]) };
        }
        Ok(())
    }

    /// Runs `pipeline` for as many workgroups as the three words at byte `offset` of `groups` say
    /// once the device gets there: the caller sees to it that they are within the limits.
    pub(crate) fn dispatch_indirect<P: Program>(
        &mut self,
        pipeline: &'r Pipeline<P>,
        (groups, offset): (&'r Buffer, u64),
        parameters: &P::Parameters,
        bindings: &P::Bindings<'r>,
    ) -> Result<()> {
        if offset % 4 != 0 || groups.bytes() < offset + 12 {
            return Err(Error::Internal(format!(
                "no three words at {offset} of {} bytes",
                groups.bytes()
            )));
        }
        let compiled = self.bind(pipeline, bindings)?;
        self.push(compiled, bytemuck::bytes_of(parameters));
        // SAFETY: pipeline and set are bound, and the three words lie within a buffer that is
        // borrowed until the wait.
        unsafe { self.device.raw().cmd_dispatch_indirect(self.buffer, groups.raw(), offset) };
        Ok(())
    }

    /// Copies the first `bytes` of `source` to the start of `target`.
    pub fn copy(&mut self, source: &'r Buffer, target: &'r Buffer, bytes: u64) -> Result<()> {
        if bytes == 0 || source.bytes().min(target.bytes()) < bytes {
            return Err(Error::Internal(format!(
                "cannot copy {bytes} of {} bytes to {}",
                source.bytes(),
                target.bytes()
            )));
        }
        self.begin_pass(PassKind::Transfer);
        let region = [vk::BufferCopy::default().size(bytes)];
        // SAFETY: recording is under way; both buffers are borrowed until the wait, and as long as
        // that.
        unsafe {
            self.device.raw().cmd_copy_buffer(self.buffer, source.raw(), target.raw(), &region)
        };
        Ok(())
    }

    /// Writes a small value to the start of `buffer`.
    pub(crate) fn write_start(
        &mut self,
        buffer: &'r Buffer,
        value: &impl bytemuck::Pod,
    ) -> Result<()> {
        let bytes = bytemuck::bytes_of(value);
        if bytes.is_empty() || bytes.len() > 65_536 || buffer.bytes() < bytes.len() as u64 {
            return Err(Error::Internal(format!(
                "cannot write {} of {} bytes",
                bytes.len(),
                buffer.bytes()
            )));
        }
        self.begin_pass(PassKind::Transfer);
        // SAFETY: recording is under way, which copies the bytes, and the buffer is as long as they
        // are.
        unsafe { self.device.raw().cmd_update_buffer(self.buffer, buffer.raw(), 0, bytes) };
        Ok(())
    }

    /// Zeroes all of `buffer`.
    pub(crate) fn clear(&mut self, buffer: &'r Buffer) -> Result<()> {
        if buffer.bytes() == 0 {
            return Err(Error::Internal("cannot clear an empty buffer".into()));
        }
        self.begin_pass(PassKind::Transfer);
        // SAFETY: recording is under way, and the buffer is borrowed until the wait.
        unsafe {
            self.device.raw().cmd_fill_buffer(self.buffer, buffer.raw(), 0, vk::WHOLE_SIZE, 0)
        };
        Ok(())
    }

    fn push(&self, pipeline: &Compiled, parameters: &[u8]) {
        if parameters.is_empty() {
            return;
        }
        let stage = vk::ShaderStageFlags::COMPUTE;
        // SAFETY: the pipeline is bound, and its parameters are of the type that the build made of
        // its shader.
        unsafe {
            self.device.raw().cmd_push_constants(
                self.buffer,
                pipeline.layout(),
                stage,
                0,
                parameters,
            )
        };
    }

    /// Begins a pass of `pipeline`.
    fn bind<P: Program>(
        &mut self,
        pipeline: &'r Pipeline<P>,
        bindings: &P::Bindings<'r>,
    ) -> Result<&'r Compiled> {
        let compiled = pipeline.made()?;
        self.begin_pass(PassKind::Compute);
        let set = descriptors::set(&self.device, self.descriptors, compiled, &P::list(bindings))?;
        let raw = self.device.raw();
        // SAFETY: the pipeline, its layout and the set agree, being of the types that the build
        // made of the shader; all of it is borrowed until the wait.
        unsafe {
            raw.cmd_bind_pipeline(self.buffer, vk::PipelineBindPoint::COMPUTE, compiled.raw());
            let sets = [set];
            raw.cmd_bind_descriptor_sets(
                self.buffer,
                vk::PipelineBindPoint::COMPUTE,
                compiled.layout(),
                0,
                &sets,
                &[],
            );
        }
        Ok(compiled)
    }

    /// Fills the rectangle [x, y, width, height] of `image` with the tightly packed content of
    /// `source`.
    pub(crate) fn write_rectangle<T: Texel>(
        &mut self,
        source: &'r Buffer,
        image: &'r Image<T>,
        rectangle: [u32; 4],
    ) {
        self.write_rectangle_from(source, 0, image, rectangle);
    }

    /// The same with what `source` holds from byte `offset` on.
    pub(crate) fn write_rectangle_from<T: Texel>(
        &mut self,
        source: &'r Buffer,
        offset: u64,
        image: &'r Image<T>,
        rectangle: [u32; 4],
    ) {
        self.begin_pass(PassKind::Transfer);
        let region = [vk::BufferImageCopy { buffer_offset: offset, ..copy_region(rectangle) }];
        // SAFETY: recording is under way; the caller's buffer holds the rows (`transfer.rs` sizes
        // it).
        unsafe {
            self.device.raw().cmd_copy_buffer_to_image(
                self.buffer,
                source.raw(),
                image.raw(),
                vk::ImageLayout::GENERAL,
                &region,
            );
        }
    }

    /// Copies the rectangle [x, y, width, height] of `image` to the start of `target`, tightly
    /// packed.
    pub(crate) fn read_rectangle<T: Texel>(
        &mut self,
        image: &'r Image<T>,
        rectangle: [u32; 4],
        target: &'r Buffer,
    ) {
        self.begin_pass(PassKind::Transfer);
        let region = [copy_region(rectangle)];
        // SAFETY: as in `write_rectangle`.
        unsafe {
            self.device.raw().cmd_copy_image_to_buffer(
                self.buffer,
                image.raw(),
                vk::ImageLayout::GENERAL,
                target.raw(),
                &region,
            );
        }
    }

    /// Fills an image of a window, `size` pixels, with the start of `source`, and makes it ready to
    /// be shown.
    pub(super) fn fill_screen(&mut self, source: &'r Buffer, image: vk::Image, size: [u32; 2]) {
        self.begin_pass(PassKind::Transfer);
        let raw = self.device.raw();
        let region = [copy_region([0, 0, size[0], size[1]])];
        let barrier = |one: vk::ImageMemoryBarrier2<'_>| {
            let images = [one];
            let info = vk::DependencyInfo::default().image_memory_barriers(&images);
            // SAFETY: recording is under way, and `info` outlives the call.
            unsafe { raw.cmd_pipeline_barrier2(self.buffer, &info) };
        };
        barrier(barrier::screen_to_fill(image));
        let layout = vk::ImageLayout::TRANSFER_DST_OPTIMAL;
        // SAFETY: recording is under way; the caller's buffer holds as many pixels, and the image
        // lives until the wait.
        unsafe { raw.cmd_copy_buffer_to_image(self.buffer, source.raw(), image, layout, &region) };
        barrier(barrier::screen_to_show(image));
    }
}

fn copy_region([x, y, width, height]: [u32; 4]) -> vk::BufferImageCopy {
    vk::BufferImageCopy {
        image_subresource: vk::ImageSubresourceLayers {
            aspect_mask: vk::ImageAspectFlags::COLOR,
            mip_level: 0,
            base_array_layer: 0,
            layer_count: 1,
        },
        image_offset: vk::Offset3D { x: x as i32, y: y as i32, z: 0 },
        image_extent: vk::Extent3D { width, height, depth: 1 },
        ..Default::default()
    }
}

impl Drop for Commands<'_> {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        let raw = self.device.raw();
        // SAFETY: an early return may leave work in flight, so wait for it before its objects go;
        // null handles are ignored.
        unsafe {
            if self.in_flight
                && let Err(error) = raw.wait_for_fences(&[self.fence], true, u64::MAX)
            {
                log::error!("waiting for unfinished device work failed: {error}");
            }
            raw.destroy_fence(self.fence, None);
            raw.destroy_query_pool(self.queries, None);
            raw.destroy_descriptor_pool(self.descriptors, None);
            raw.destroy_command_pool(self.pool, None);
        }
    }
}
