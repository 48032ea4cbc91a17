//! The logical device, its one queue, its allocator, and the order in which all of it goes.

use super::report::{self, DeviceReport, DeviceRequest, Selector};
use super::{Instance, check_process, fork, reopened, vulkan};
use crate::error::{Error, Result};
use ash::vk;
use gpu_allocator::vulkan::{Allocation, AllocationCreateDesc, Allocator, AllocatorCreateDesc};
use gpu_allocator::{AllocationSizes, AllocatorDebugSettings};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the device allows, in the units of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest width and height of an image, in texels.
    pub max_image: u32,
    /// Most bytes that a shader sees of one buffer.
    pub max_storage_bytes: u64,
    /// Most texels of a buffer that is seen as such.
    pub max_texels: u32,
    /// Most images that a shader may load from and store to, and buffers that it sees as texels.
    pub max_storage_images: u32,
    /// Most workgroups in x, y and z of one dispatch.
    pub max_groups: [u32; 3],
    /// Nanoseconds per tick of the timestamp counter; `None` where the queue has none.
    pub timestamp_period_ns: Option<f64>,
    /// Lanes of a subgroup that can hand values to each other in compute shaders; `None` where they
    /// cannot.
    pub subgroup_lanes: Option<u32>,
    /// Whether four loads of an image cost less than a gather. On lavapipe they do: it puts loads
    /// into the loop that has them, and calls a function for a gather, before which it saves all
    /// registers. SwiftShader takes 2.5 times as long with loads. And whether buffers are read as
    /// texels, for which lavapipe has one instruction, where it reads buffers lane by lane.
    pub prefers_loads: bool,
}

/// A Vulkan device with one queue. Everything made from it holds an `Arc` of it.
pub struct Device {
    instance: Arc<Instance>,
    raw: ash::Device,
    physical: vk::PhysicalDevice,
    /// Whether it can show pictures in windows, if its instance can.
    swapchains: bool,
    queue: Mutex<vk::Queue>,
    showing: Mutex<()>,
    queue_family: u32,
    allocator: ManuallyDrop<Mutex<Allocator>>,
    names: Option<ash::ext::debug_utils::Device>,
    sampler: vk::Sampler,
    limits: Limits,
    report: DeviceReport,
    process: u32,
    lost: AtomicBool,
}

/// Those of a device of the instance, whose queue counts time in so many bits.
fn limits(instance: &Instance, physical: vk::PhysicalDevice, timestamp_bits: u32) -> Limits {
    let mut subgroups = vk::PhysicalDeviceSubgroupProperties::default();
    let mut driver = vk::PhysicalDeviceDriverProperties::default();
    let mut chain =
        vk::PhysicalDeviceProperties2::default().push_next(&mut subgroups).push_next(&mut driver);
    // SAFETY: the device belongs to the instance; both are core in 1.2, which it has.
    unsafe { instance.raw().get_physical_device_properties2(physical, &mut chain) };
    let properties = chain.properties;
    let operations = vk::SubgroupFeatureFlags::SHUFFLE | vk::SubgroupFeatureFlags::BALLOT;
    let hands_on = subgroups.supported_stages.contains(vk::ShaderStageFlags::COMPUTE)
        && subgroups.supported_operations.contains(operations);
    Limits {
        max_image: properties.limits.max_image_dimension2_d,
        max_storage_bytes: properties.limits.max_storage_buffer_range.into(),
        max_texels: properties.limits.max_texel_buffer_elements,
        max_storage_images: properties.limits.max_per_stage_descriptor_storage_images,
        max_groups: properties.limits.max_compute_work_group_count,
        timestamp_period_ns: (timestamp_bits > 0)
            .then(|| properties.limits.timestamp_period.into()),
        subgroup_lanes: hands_on.then_some(subgroups.subgroup_size),
        prefers_loads: driver.driver_id == vk::DriverId::MESA_LLVMPIPE,
    }
}

/// Whether a device can have swapchains, which are only for instances with surfaces.
fn has_swapchains(instance: &Instance, physical: vk::PhysicalDevice) -> Result<bool> {
    if !instance.has_extension(ash::khr::surface::NAME) {
        return Ok(false);
    }
    // SAFETY: the device belongs to the instance.
    let found = unsafe { instance.raw().enumerate_device_extension_properties(physical) }
        .map_err(vulkan("vkEnumerateDeviceExtensionProperties"))?;
    Ok(found.iter().any(|one| one.extension_name_as_c_str() == Ok(ash::khr::swapchain::NAME)))
}

impl Device {
    /// Opens the device that fits `request` best: one of the system's, or where none of them fits
    /// one of the software driver that stands in.
    pub fn fitting(request: &DeviceRequest) -> Result<Arc<Self>> {
        let (reason, first_index) = match Instance::new(request.windows) {
            Ok(system) => match Self::open(&system, request) {
                Err(Error::NoDevice(reason)) => (reason, report::found(&system)?.len()),
                opened => return opened,
            },
            Err(Error::NoDevice(reason)) => (reason, 0),
            Err(error) => return Err(error),
        };
        let stand_in = (request.selector != Some(Selector::Gpu))
            .then(|| Instance::of_stand_in(first_index, request.windows));
        let Some(stand_in) = stand_in.flatten() else {
            return Err(Error::NoDevice(reason));
        };
        log::info!("{reason}");
        Self::open(&stand_in?, request)
    }

    /// Opens the device of `instance` that fits `request` best.
    fn open(instance: &Arc<Instance>, request: &DeviceRequest) -> Result<Arc<Self>> {
        let (physical, report) = report::choose(instance, request)?;
        let (instance, physical) = match reopened::in_a_forked_child(&report)? {
            Some(own) => own,
            None => (instance.clone(), physical),
        };
        let (queue_family, timestamp_bits) = report::queue_family(instance.raw(), physical)
            .ok_or_else(|| Error::Internal("the chosen device lost its compute queue".into()))?;
        let priorities = [1.0];
        let queues = [vk::DeviceQueueCreateInfo::default()
            .queue_family_index(queue_family)
            .queue_priorities(&priorities)];
        let mut v12 = vk::PhysicalDeviceVulkan12Features::default().scalar_block_layout(true);
        let mut v13 = vk::PhysicalDeviceVulkan13Features::default().synchronization2(true);
        let swapchains = has_swapchains(&instance, physical)?;
        let names = [ash::khr::swapchain::NAME.as_ptr()];
        let info = vk::DeviceCreateInfo::default()
            .queue_create_infos(&queues)
            .enabled_extension_names(if swapchains { &names } else { &[] })
            .push_next(&mut v12)
            .push_next(&mut v13);
        // SAFETY: the features were found on this device by `report::choose`.
        let raw = fork::held_off(|| unsafe { instance.raw().create_device(physical, &info, None) })
            .map_err(vulkan("vkCreateDevice"))?;
        let allocator = Allocator::new(&AllocatorCreateDesc {
            instance: instance.raw().clone(),
            device: raw.clone(),
            physical_device: physical,
            debug_settings: AllocatorDebugSettings::default(),
            buffer_device_address: false,
            // Small blocks: most sessions need a few MiB, and what is large gets a block of its
            // own.
            allocation_sizes: AllocationSizes::new(16 << 20, 16 << 20),
        });
        let allocator = match allocator {
            Ok(allocator) => allocator,
            Err(error) => {
                // SAFETY: nothing was made from the device yet.
                fork::held_off(|| unsafe { raw.destroy_device(None) });
                return Err(Error::Internal(format!("allocator: {error}")));
            }
        };
        // SAFETY: the queue was asked for above.
        let queue = unsafe { raw.get_device_queue(queue_family, 0) };
        let names =
            instance.validates().then(|| ash::ext::debug_utils::Device::new(instance.raw(), &raw));
        log::debug!("opened {} ({}, {})", report.name, report.kind.name(), report.driver);
        let limits = limits(&instance, physical, timestamp_bits);
        let mut device = Self {
            instance,
            raw,
            physical,
            swapchains,
            queue: Mutex::new(queue),
            showing: Mutex::new(()),
            queue_family,
            allocator: ManuallyDrop::new(Mutex::new(allocator)),
            names,
            sampler: vk::Sampler::null(),
            limits,
            report,
            process: std::process::id(),
            lost: AtomicBool::new(false),
        };
        // Nearest texel, edges repeated: heights are never filtered by hardware, whose weights have
        // few bits.
        let info = vk::SamplerCreateInfo::default()
            .address_mode_u(vk::SamplerAddressMode::CLAMP_TO_EDGE)
            .address_mode_v(vk::SamplerAddressMode::CLAMP_TO_EDGE)
            .address_mode_w(vk::SamplerAddressMode::CLAMP_TO_EDGE);
        // SAFETY: a well-formed description; the sampler is destroyed with the device.
        device.sampler =
            unsafe { device.raw.create_sampler(&info, None) }.map_err(vulkan("vkCreateSampler"))?;
        Ok(Arc::new(device))
    }

    /// Whether it stopped answering: nothing that it made is of use any more.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// The same error, having noted a lost device.
    pub(super) fn note(&self, error: Error) -> Error {
        if matches!(error, Error::DeviceLost { .. }) {
            self.lost.store(true, Ordering::Relaxed);
        }
        error
    }

    /// What was found out about the device when it was chosen.
    pub fn report(&self) -> &DeviceReport {
        &self.report
    }

    /// The device's limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The instance it was opened from.
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    pub(super) fn instance_arc(&self) -> Arc<Instance> {
        self.instance.clone()
    }

    pub(super) fn physical(&self) -> vk::PhysicalDevice {
        self.physical
    }

    pub(super) fn has_swapchains(&self) -> bool {
        self.swapchains
    }

    /// [`Error::ForkedProcess`] in any process but the one that opened the device.
    pub fn check(&self) -> Result<()> {
        check_process("Device", self.process)
    }

    pub(crate) fn raw(&self) -> &ash::Device {
        &self.raw
    }

    /// The sampler of every height texture: nearest, clamped.
    pub(crate) fn sampler(&self) -> vk::Sampler {
        self.sampler
    }

    pub(crate) fn queue_family(&self) -> u32 {
        self.queue_family
    }

    /// Held from a submission that fills a window's image to its showing, under validation alone.
    ///
    /// The layer (1.3.239) keeps with each semaphore what it knew of all images at the signal, and
    /// a wait brings that back: of another window's image, filled in between, it then knows the
    /// showing before, and takes the next one for a hazard. So no two windows come between.
    pub(super) fn showing(&self) -> Option<MutexGuard<'_, ()>> {
        let lock = || self.showing.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_validated().then(lock)
    }

    /// Vulkan wants a queue used by one thread at a time; so submissions take this lock.
    pub(crate) fn queue(&self) -> MutexGuard<'_, vk::Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn allocate(&self, description: &AllocationCreateDesc<'_>) -> Result<Allocation> {
        self.check()?;
        let mut allocator = self.allocator.lock().unwrap_or_else(PoisonError::into_inner);
        // gpu-allocator reports an exhausted host or mapping failure as text, so every refusal here
        // is one of memory.
        allocator.allocate(description).map_err(|error| Error::OutOfMemory {
            purpose: description.name.into(),
            bytes: description.requirements.size,
            detail: format!("{error} on {}", self.report.name),
        })
    }

    /// Gives memory back; the resource bound to it must be destroyed first.
    pub(crate) fn free(&self, allocation: Allocation) {
        let freed = self.allocator.lock().unwrap_or_else(PoisonError::into_inner).free(allocation);
        if let Err(error) = freed {
            log::error!("freeing device memory failed: {error}");
        }
    }

    /// Whether validation layers look on.
    pub(super) fn is_validated(&self) -> bool {
        self.names.is_some()
    }

    /// Names an object for validation messages and debuggers.
    pub(crate) fn name<H: vk::Handle>(&self, handle: H, name: &str) {
        let (Some(functions), Ok(name)) = (&self.names, std::ffi::CString::new(name)) else {
            return;
        };
        let info =
            vk::DebugUtilsObjectNameInfoEXT::default().object_handle(handle).object_name(&name);
        // SAFETY: the handle belongs to this device; the extension is on whenever `names` is there.
        if let Err(error) = unsafe { functions.set_debug_utils_object_name(&info) } {
            log::debug!("naming an object failed: {error}");
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        if self.check().is_err() {
            return;
        }
        // SAFETY: everything made from the device holds an `Arc` of it, so all of it is gone. The
        // allocator frees its blocks while the device still lives, and is not touched again.
        unsafe {
            if let Err(error) = self.raw.device_wait_idle() {
                log::debug!("vkDeviceWaitIdle at teardown: {error}");
            }
            self.raw.destroy_sampler(self.sampler, None);
            ManuallyDrop::drop(&mut self.allocator);
            fork::held_off(|| self.raw.destroy_device(None));
        }
    }
}
