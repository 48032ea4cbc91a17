//! Which devices there are, which of them fit, and why the others were refused.

use super::driver::{self, CURE};
use super::{Instance, fork, vulkan};
use crate::error::{Error, Result, cut_short};
use ash::vk;

/// Sort of device, in the order in which one is chosen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DeviceKind {
    /// A graphics card.
    Discrete,
    /// A GPU that shares memory with the CPU.
    Integrated,
    /// A GPU lent to a virtual machine.
    Virtual,
    /// Software Vulkan.
    Cpu,
    /// Anything else.
    Other,
}

impl DeviceKind {
    /// All there are.
    pub const ALL: [Self; 5] =
        [Self::Discrete, Self::Integrated, Self::Virtual, Self::Cpu, Self::Other];

    /// Lower-case name, as reports give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discrete => "discrete",
            Self::Integrated => "integrated",
            Self::Virtual => "virtual",
            Self::Cpu => "cpu",
            Self::Other => "other",
        }
    }
}

/// A device that was found.
#[derive(Clone, Debug)]
pub struct DeviceReport {
    /// Position in [`reports`].
    pub index: usize,
    /// Name, as the driver gives it.
    pub name: String,
    /// Sort of device.
    pub kind: DeviceKind,
    /// Vulkan version, as `major.minor.patch`.
    pub api_version: String,
    /// Driver name and version text.
    pub driver: String,
    /// Bytes of device-local memory.
    pub memory_bytes: u64,
    /// Largest width and height of an image, in texels: the largest DEM.
    pub max_image: u32,
    /// Why it cannot be used, if so.
    pub refused: Option<String>,
}

impl DeviceReport {
    /// Whether the driver is SwiftShader.
    pub(crate) fn is_swiftshader(&self) -> bool {
        self.name.contains("SwiftShader")
    }
}

/// Which device is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeviceRequest {
    /// `device=`; overrides everything else.
    pub selector: Option<Selector>,
    /// Software first; falls back to hardware where there is none.
    pub prefer_software: bool,
    /// Whether it is to show pictures in windows. Only then are extensions for them enabled, for
    /// which some drivers' layers look for a display.
    pub windows: bool,
}

/// The ways to name a device.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// Position in [`reports`].
    Index(usize),
    /// Part of its name, in any case.
    Name(String),
    /// Any device that is not software.
    Gpu,
    /// Any software device.
    Software,
}

/// Everything a device must have; `None` when it fits.
fn refusal(
    instance: &ash::Instance,
    device: vk::PhysicalDevice,
    properties: &vk::PhysicalDeviceProperties,
) -> Option<String> {
    if properties.api_version < vk::API_VERSION_1_3 {
        return Some(format!("needs Vulkan 1.3, has {}", version(properties.api_version)));
    }
    let mut v12 = vk::PhysicalDeviceVulkan12Features::default();
    let mut v13 = vk::PhysicalDeviceVulkan13Features::default();
    let mut features =
        vk::PhysicalDeviceFeatures2::default().push_next(&mut v12).push_next(&mut v13);
    // SAFETY: `device` belongs to `instance`, and the structures are of Vulkan 1.3, which it has.
    unsafe { instance.get_physical_device_features2(device, &mut features) };
    if v12.scalar_block_layout == vk::FALSE {
        return Some("has no scalarBlockLayout".into());
    }
    if v13.synchronization2 == vk::FALSE {
        return Some("has no synchronization2".into());
    }
    if queue_family(instance, device).is_none() {
        return Some("has no compute queue".into());
    }
    None
}

/// The first family that computes; graphics families come first in every known driver and always
/// compute.
pub(crate) fn queue_family(
    instance: &ash::Instance,
    device: vk::PhysicalDevice,
) -> Option<(u32, u32)> {
    // SAFETY: `device` belongs to `instance`.
    let families = unsafe { instance.get_physical_device_queue_family_properties(device) };
    families
        .iter()
        .enumerate()
        .find(|(_, family)| family.queue_flags.contains(vk::QueueFlags::COMPUTE))
        .map(|(index, family)| (index as u32, family.timestamp_valid_bits))
}

/// Every device of the instance, with the handle for whoever opens it.
pub(crate) fn found(instance: &Instance) -> Result<Vec<(vk::PhysicalDevice, DeviceReport)>> {
    instance.check()?;
    fork::held_off(|| found_now(instance.raw(), instance.first_index()))
}

fn found_now(
    raw: &ash::Instance,
    first_index: usize,
) -> Result<Vec<(vk::PhysicalDevice, DeviceReport)>> {
    // SAFETY: the instance is alive.
    let devices = unsafe { raw.enumerate_physical_devices() }
        .map_err(vulkan("vkEnumeratePhysicalDevices"))?;
    let report = |(index, &device): (usize, &vk::PhysicalDevice)| {
        // SAFETY: `device` belongs to the instance.
        let (properties, memory) = unsafe {
            (
                raw.get_physical_device_properties(device),
                raw.get_physical_device_memory_properties(device),
            )
        };
        let mut names = vk::PhysicalDeviceDriverProperties::default();
        if properties.api_version >= vk::API_VERSION_1_2 {
            let mut chain = vk::PhysicalDeviceProperties2::default().push_next(&mut names);
            // SAFETY: driver properties are core in 1.2, which this device has.
            unsafe { raw.get_physical_device_properties2(device, &mut chain) };
        }
        let heaps = &memory.memory_heaps
            [..(memory.memory_heap_count as usize).min(memory.memory_heaps.len())];
        let report = DeviceReport {
            index: first_index + index,
            name: driver::text(&properties.device_name),
            kind: match properties.device_type {
                vk::PhysicalDeviceType::DISCRETE_GPU => DeviceKind::Discrete,
                vk::PhysicalDeviceType::INTEGRATED_GPU => DeviceKind::Integrated,
                vk::PhysicalDeviceType::VIRTUAL_GPU => DeviceKind::Virtual,
                vk::PhysicalDeviceType::CPU => DeviceKind::Cpu,
                _ => DeviceKind::Other,
            },
            api_version: version(properties.api_version),
            driver: format!(
                "{} {}",
                driver::text(&names.driver_name),
                driver::text(&names.driver_info)
            )
            .trim()
            .into(),
            memory_bytes: heaps
                .iter()
                .filter(|heap| heap.flags.contains(vk::MemoryHeapFlags::DEVICE_LOCAL))
                .map(|heap| heap.size)
                .sum(),
            max_image: properties.limits.max_image_dimension2_d,
            refused: refusal(raw, device, &properties),
        };
        (device, report)
    };
    Ok(devices.iter().enumerate().map(report).collect())
}

/// Every device, fit or not: the system's in its drivers' order, and where none of them fits those
/// of the software driver that stands in.
pub fn reports() -> Result<Vec<DeviceReport>> {
    let system = Instance::new(false).and_then(|instance| found(&instance));
    let fits =
        |found: &Vec<(_, DeviceReport)>| found.iter().any(|(_, report)| report.refused.is_none());
    let stand_in = match &system {
        Ok(found) if fits(found) => None,
        Ok(found) => Instance::of_stand_in(found.len(), false),
        Err(Error::NoDevice(_)) => Instance::of_stand_in(0, false),
        Err(_) => None,
    };
    let all = match (system, stand_in) {
        (Ok(mut system), Some(Ok(instance))) => {
            system.extend(found(&instance)?);
            system
        }
        (Err(_), Some(instance)) => found(&*instance?)?,
        (system, _) => system?,
    };
    Ok(all.into_iter().map(|(_, report)| report).collect())
}

/// The best device for a request: discrete, integrated, virtual, software, unless the request says
/// otherwise.
pub(crate) fn choose(
    instance: &Instance,
    request: &DeviceRequest,
) -> Result<(vk::PhysicalDevice, DeviceReport)> {
    let all = found(instance)?;
    let wanted = |report: &DeviceReport| match &request.selector {
        None => true,
        Some(Selector::Index(index)) => report.index == *index,
        Some(Selector::Name(part)) => report.name.to_lowercase().contains(&part.to_lowercase()),
        Some(Selector::Gpu) => report.kind != DeviceKind::Cpu,
        Some(Selector::Software) => report.kind == DeviceKind::Cpu,
    };
    let software_first = request.selector.is_none() && request.prefer_software;
    // Of two software drivers the faster: SwiftShader took five times lavapipe's processor time for
    // the same picture.
    let slow = DeviceReport::is_swiftshader;
    let rank = |report: &DeviceReport| {
        let other_sort = software_first && report.kind != DeviceKind::Cpu;
        (other_sort, report.kind, slow(report), report.index)
    };
    let best = all
        .iter()
        .filter(|(_, report)| report.refused.is_none() && wanted(report))
        .min_by_key(|(_, report)| rank(report));
    match best {
        Some((device, report)) => Ok((*device, report.clone())),
        None => Err(none_fits(instance, request, all.into_iter().map(|(_, report)| report))),
    }
}

fn none_fits(
    instance: &Instance,
    request: &DeviceRequest,
    all: impl Iterator<Item = DeviceReport>,
) -> Error {
    let wanted = match &request.selector {
        None => "any Vulkan 1.3 device".into(),
        Some(Selector::Index(index)) => format!("the device with index {index}"),
        Some(Selector::Name(part)) => {
            format!("a device whose name contains {:?}", cut_short(part))
        }
        Some(Selector::Gpu) => "a hardware device".into(),
        Some(Selector::Software) => "a software device".into(),
    };
    let lines: Vec<String> = all
        .map(|report| {
            let verdict = report
                .refused
                .as_ref()
                .map_or("fits, but is not what was asked for".into(), |why| {
                    format!("refused: {why}")
                });
            format!(
                "[{}] {} ({}, Vulkan {}): {verdict}",
                report.index,
                report.name,
                report.kind.name(),
                report.api_version
            )
        })
        .collect();
    let got = if lines.is_empty() { "no device at all".to_string() } else { lines.join("; ") };
    Error::NoDevice(format!(
        "no device fits; expected {wanted}, got through {}: {got}; choose one of these with device=, or {CURE}",
        instance.driver()
    ))
}

fn version(packed: u32) -> String {
    format!(
        "{}.{}.{}",
        vk::api_version_major(packed),
        vk::api_version_minor(packed),
        vk::api_version_patch(packed)
    )
}
