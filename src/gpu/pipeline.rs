//! A compute pipeline, laid out as the shader's own reflection says.

use super::shader::{BindingKind, Code, Program};
use super::specialise::{bindings, specialised};
use super::{Device, fork, vulkan};
use crate::error::Result;
use ash::vk;
use std::ffi::CString;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A compute shader with its constants, to run on a device that compiles it when it is first
/// wanted.
pub(crate) struct Pipeline<P> {
    recipe: Arc<Recipe>,
    program: PhantomData<P>,
}

impl<P: Program> Pipeline<P> {
    /// That of a recipe for the same program.
    pub(super) fn of(recipe: Arc<Recipe>) -> Self {
        Self { recipe, program: PhantomData }
    }

    pub(crate) fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    pub(super) fn made(&self) -> Result<&Compiled> {
        self.recipe.made()
    }
}

/// What a pipeline is made of, and the pipeline once that has happened.
pub(crate) struct Recipe {
    device: Arc<Device>,
    code: &'static Code,
    constants: Vec<(u32, u32)>,
    made: OnceLock<Compiled>,
}

impl Recipe {
    /// Of specialisation constants, each a number and a value.
    pub(super) fn new(
        device: &Arc<Device>,
        code: &'static Code,
        constants: Vec<(u32, u32)>,
    ) -> Self {
        Self { device: device.clone(), code, constants, made: OnceLock::new() }
    }

    pub(crate) fn is_made(&self) -> bool {
        self.made.get().is_some()
    }

    /// The pipeline, compiled now if it was not yet. Two threads may both compile it; then the
    /// first one's stays.
    pub(super) fn made(&self) -> Result<&Compiled> {
        if let Some(compiled) = self.made.get() {
            return Ok(compiled);
        }
        let compiled = Compiled::new(&self.device, self.code, &self.constants)?;
        Ok(self.made.get_or_init(|| compiled))
    }
}

/// A compiled pipeline.
pub(super) struct Compiled {
    device: Arc<Device>,
    code: &'static Code,
    /// Which of the code's bindings it uses.
    bound: Vec<bool>,
    raw: vk::Pipeline,
    layout: vk::PipelineLayout,
    set_layout: vk::DescriptorSetLayout,
}

impl Compiled {
    fn new(device: &Arc<Device>, code: &'static Code, constants: &[(u32, u32)]) -> Result<Self> {
        device.check()?;
        let raw = device.raw();
        let (special, bound) = specialised_for(device, code, constants);
        let mut pipeline = Self {
            device: device.clone(),
            code,
            bound,
            raw: vk::Pipeline::null(),
            layout: vk::PipelineLayout::null(),
            set_layout: vk::DescriptorSetLayout::null(),
        };
        let samplers = [device.sampler()];
        let bindings: Vec<_> = pipeline
            .bindings()
            .map(|(binding, kind)| {
                let description = vk::DescriptorSetLayoutBinding::default()
                    .binding(binding)
                    .descriptor_type(descriptor_type(kind))
                    .descriptor_count(1)
                    .stage_flags(vk::ShaderStageFlags::COMPUTE);
                match kind {
                    BindingKind::Texture => description.immutable_samplers(&samplers),
                    BindingKind::Uniform
                    | BindingKind::Storage
                    | BindingKind::StorageImage
                    | BindingKind::Texels => description,
                }
            })
            .collect();
        let info = vk::DescriptorSetLayoutCreateInfo::default().bindings(&bindings);
        // SAFETY: well-formed descriptions that outlive the calls; each handle is owned by
        // `pipeline` at once, and its drop takes null handles too.
        unsafe {
            pipeline.set_layout = raw
                .create_descriptor_set_layout(&info, None)
                .map_err(vulkan("vkCreateDescriptorSetLayout"))?;
            let set_layouts = [pipeline.set_layout];
            let push = [vk::PushConstantRange::default()
                .stage_flags(vk::ShaderStageFlags::COMPUTE)
                .size(code.parameter_bytes)];
            let mut info = vk::PipelineLayoutCreateInfo::default().set_layouts(&set_layouts);
            if code.parameter_bytes > 0 {
                info = info.push_constant_ranges(&push);
            }
            pipeline.layout = raw
                .create_pipeline_layout(&info, None)
                .map_err(vulkan("vkCreatePipelineLayout"))?;
        }
        pipeline.raw = compile(raw, code, (special, constants), pipeline.layout)?;
        device.name(pipeline.raw, code.name);
        Ok(pipeline)
    }

    pub(super) fn code(&self) -> &'static Code {
        self.code
    }

    /// Which of the code's bindings it uses.
    pub(super) fn bound(&self) -> &[bool] {
        &self.bound
    }

    /// These.
    fn bindings(&self) -> impl Iterator<Item = (u32, BindingKind)> + use<> {
        let used = self.bound.clone().into_iter().zip(self.code.bindings);
        used.filter_map(|(is_used, binding)| is_used.then_some(*binding))
    }

    pub(super) fn raw(&self) -> vk::Pipeline {
        self.raw
    }

    pub(super) fn layout(&self) -> vk::PipelineLayout {
        self.layout
    }

    pub(super) fn set_layout(&self) -> vk::DescriptorSetLayout {
        self.set_layout
    }
}

/// The code with `constants` at their values, if it can be had, and which of its bindings are used
/// then. Where that were more storage images than the device takes, buffers are not seen as such.
fn specialised_for(
    device: &Device,
    code: &Code,
    constants: &[(u32, u32)],
) -> (Option<Vec<u32>>, Vec<bool>) {
    let with = |constants: &[(u32, u32)]| {
        let special = specialised(code.words, constants);
        let numbers = special.as_deref().and_then(bindings);
        let is_used = |number| numbers.as_ref().is_none_or(|numbers| numbers.contains(number));
        let bound = code.bindings.iter().map(|(number, _)| is_used(number)).collect::<Vec<_>>();
        (special, bound)
    };
    let made = with(constants);
    let images =
        |kind: BindingKind| matches!(kind, BindingKind::StorageImage | BindingKind::Texels);
    let used =
        made.1.iter().zip(code.bindings).filter(|(is_used, (_, kind))| **is_used && images(*kind));
    if used.count() <= device.limits().max_storage_images as usize {
        return made;
    }
    let fewer = |&(id, value): &(u32, u32)| (id, if Some(id) == code.loads { 0 } else { value });
    with(&constants.iter().map(fewer).collect::<Vec<_>>())
}

/// Has the driver compile `code` with `constants` at their values, which may be `special` already.
fn compile(
    raw: &ash::Device,
    code: &Code,
    (special, constants): (Option<Vec<u32>>, &[(u32, u32)]),
    layout: vk::PipelineLayout,
) -> Result<vk::Pipeline> {
    if special.is_none() {
        log::warn!("{} goes to the driver with all that its constants never let run", code.name);
    }
    let entries: Vec<_> = constants
        .iter()
        .zip(0..)
        .map(|(&(constant_id, _), at)| vk::SpecializationMapEntry {
            constant_id,
            offset: 4 * at,
            size: 4,
        })
        .collect();
    let values: Vec<u32> = constants.iter().map(|(_, value)| *value).collect();
    let specialization =
        vk::SpecializationInfo::default().map_entries(&entries).data(bytemuck::cast_slice(&values));
    let entry = CString::from(c"main");
    let info = vk::ShaderModuleCreateInfo::default().code(special.as_deref().unwrap_or(code.words));
    // SAFETY: well-formed descriptions that outlive the calls. The module is only needed while the
    // pipeline is made.
    let made = unsafe {
        let module =
            raw.create_shader_module(&info, None).map_err(vulkan("vkCreateShaderModule"))?;
        let stage = vk::PipelineShaderStageCreateInfo::default()
            .stage(vk::ShaderStageFlags::COMPUTE)
            .module(module)
            .name(&entry)
            .specialization_info(&specialization);
        let info = [vk::ComputePipelineCreateInfo::default().stage(stage).layout(layout)];
        let made =
            fork::held_off(|| raw.create_compute_pipelines(vk::PipelineCache::null(), &info, None));
        raw.destroy_shader_module(module, None);
        made
    };
    match made {
        Ok(pipelines) => Ok(pipelines.first().copied().unwrap_or_default()),
        Err((_, result)) => Err(vulkan("vkCreateComputePipelines")(result)),
    }
}

pub(super) fn descriptor_type(kind: BindingKind) -> vk::DescriptorType {
    match kind {
        BindingKind::Uniform => vk::DescriptorType::UNIFORM_BUFFER,
        BindingKind::Storage => vk::DescriptorType::STORAGE_BUFFER,
        BindingKind::Texture => vk::DescriptorType::COMBINED_IMAGE_SAMPLER,
        BindingKind::StorageImage => vk::DescriptorType::STORAGE_IMAGE,
        BindingKind::Texels => vk::DescriptorType::STORAGE_TEXEL_BUFFER,
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        let raw = self.device.raw();
        // SAFETY: `Commands` borrows what it records until the device is done; null handles are
        // ignored.
        unsafe {
            raw.destroy_pipeline(self.raw, None);
            raw.destroy_pipeline_layout(self.layout, None);
            raw.destroy_descriptor_set_layout(self.set_layout, None);
        }
    }
}
