//! A compute pipeline, laid out as the shader's own reflection says.

use super::shader::{BindingKind, Code, Program};
use super::specialise::specialised;
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
    raw: vk::Pipeline,
    layout: vk::PipelineLayout,
    set_layout: vk::DescriptorSetLayout,
}

impl Compiled {
    fn new(device: &Arc<Device>, code: &'static Code, constants: &[(u32, u32)]) -> Result<Self> {
        device.check()?;
        let raw = device.raw();
        let mut pipeline = Self {
            device: device.clone(),
            code,
            raw: vk::Pipeline::null(),
            layout: vk::PipelineLayout::null(),
            set_layout: vk::DescriptorSetLayout::null(),
        };
        let samplers = [device.sampler()];
        let bindings: Vec<_> = code
            .bindings
            .iter()
            .map(|(binding, kind)| {
                let description = vk::DescriptorSetLayoutBinding::default()
                    .binding(*binding)
                    .descriptor_type(descriptor_type(*kind))
                    .descriptor_count(1)
                    .stage_flags(vk::ShaderStageFlags::COMPUTE);
                match kind {
                    BindingKind::Texture => description.immutable_samplers(&samplers),
                    BindingKind::Uniform | BindingKind::Storage | BindingKind::StorageImage => {
                        description
                    }
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
        pipeline.raw = compile(raw, code, constants, pipeline.layout)?;
        device.name(pipeline.raw, code.name);
        Ok(pipeline)
    }

    pub(super) fn code(&self) -> &'static Code {
        self.code
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

/// Has the driver compile `code` with `constants` at their values.
fn compile(
    raw: &ash::Device,
    code: &Code,
    constants: &[(u32, u32)],
    layout: vk::PipelineLayout,
) -> Result<vk::Pipeline> {
    let special = specialised(code.words, constants);
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
