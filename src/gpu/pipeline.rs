//! A compute pipeline, laid out as the shader's own reflection says.

use super::shader::{BindingKind, Shader};
use super::{Device, fork, vulkan};
use crate::error::Result;
use ash::vk;
use std::ffi::CString;
use std::sync::Arc;

/// A compute shader ready to run.
pub struct Pipeline {
    device: Arc<Device>,
    shader: &'static Shader,
    raw: vk::Pipeline,
    layout: vk::PipelineLayout,
    set_layout: vk::DescriptorSetLayout,
}

impl Pipeline {
    /// Compiles `shader`; `constants` are its specialisation constants, `constant_id` 0 and up.
    pub(crate) fn new(device: &Arc<Device>, shader: &'static Shader, constants: &[u32]) -> Result<Self> {
        device.check()?;
        let raw = device.raw();
        let mut pipeline = Self {
            device: device.clone(),
            shader,
            raw: vk::Pipeline::null(),
            layout: vk::PipelineLayout::null(),
            set_layout: vk::DescriptorSetLayout::null(),
        };
        let samplers = [device.sampler()];
        let bindings: Vec<_> = shader
            .bindings
            .iter()
            .zip(0..)
            .map(|(kind, binding)| {
                let description = vk::DescriptorSetLayoutBinding::default()
                    .binding(binding)
                    .descriptor_type(descriptor_type(*kind))
                    .descriptor_count(1)
                    .stage_flags(vk::ShaderStageFlags::COMPUTE);
                match kind {
                    BindingKind::Texture => description.immutable_samplers(&samplers),
                    BindingKind::Uniform | BindingKind::Storage | BindingKind::StorageImage => description,
                }
            })
            .collect();
        let info = vk::DescriptorSetLayoutCreateInfo::default().bindings(&bindings);
        // SAFETY: well-formed descriptions that outlive the calls; each handle is owned by `pipeline` at once, and its
        // drop takes null handles too. The module is only needed while the pipeline is made.
        unsafe {
            pipeline.set_layout = raw
                .create_descriptor_set_layout(&info, None)
                .map_err(vulkan("vkCreateDescriptorSetLayout"))?;
            let set_layouts = [pipeline.set_layout];
            let push = [vk::PushConstantRange::default()
                .stage_flags(vk::ShaderStageFlags::COMPUTE)
                .size(shader.push_bytes)];
            let mut info = vk::PipelineLayoutCreateInfo::default().set_layouts(&set_layouts);
            if shader.push_bytes > 0 {
                info = info.push_constant_ranges(&push);
            }
            pipeline.layout =
                raw.create_pipeline_layout(&info, None).map_err(vulkan("vkCreatePipelineLayout"))?;

            let info = vk::ShaderModuleCreateInfo::default().code(shader.words);
            let module = raw.create_shader_module(&info, None).map_err(vulkan("vkCreateShaderModule"))?;
            let entries: Vec<_> = (0..constants.len() as u32)
                .map(|id| vk::SpecializationMapEntry { constant_id: id, offset: 4 * id, size: 4 })
                .collect();
            let specialization =
                vk::SpecializationInfo::default().map_entries(&entries).data(bytemuck::cast_slice(constants));
            let entry = CString::from(c"main");
            let stage = vk::PipelineShaderStageCreateInfo::default()
                .stage(vk::ShaderStageFlags::COMPUTE)
                .module(module)
                .name(&entry)
                .specialization_info(&specialization);
            let info = [vk::ComputePipelineCreateInfo::default().stage(stage).layout(pipeline.layout)];
            let made =
                fork::held_off(|| raw.create_compute_pipelines(vk::PipelineCache::null(), &info, None));
            raw.destroy_shader_module(module, None);
            match made {
                Ok(pipelines) => pipeline.raw = pipelines.first().copied().unwrap_or_default(),
                Err((_, result)) => return Err(vulkan("vkCreateComputePipelines")(result)),
            }
        }
        device.name(pipeline.raw, shader.name);
        Ok(pipeline)
    }

    pub(crate) fn shader(&self) -> &'static Shader {
        self.shader
    }

    pub(crate) fn raw(&self) -> vk::Pipeline {
        self.raw
    }

    pub(crate) fn layout(&self) -> vk::PipelineLayout {
        self.layout
    }

    pub(crate) fn set_layout(&self) -> vk::DescriptorSetLayout {
        self.set_layout
    }
}

pub(crate) fn descriptor_type(kind: BindingKind) -> vk::DescriptorType {
    match kind {
        BindingKind::Uniform => vk::DescriptorType::UNIFORM_BUFFER,
        BindingKind::Storage => vk::DescriptorType::STORAGE_BUFFER,
        BindingKind::Texture => vk::DescriptorType::COMBINED_IMAGE_SAMPLER,
        BindingKind::StorageImage => vk::DescriptorType::STORAGE_IMAGE,
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        if self.device.check().is_err() {
            return;
        }
        let raw = self.device.raw();
        // SAFETY: `Commands` borrows what it records until the device is done; null handles are ignored.
        unsafe {
            raw.destroy_pipeline(self.raw, None);
            raw.destroy_pipeline_layout(self.layout, None);
            raw.destroy_descriptor_set_layout(self.set_layout, None);
        }
    }
}
