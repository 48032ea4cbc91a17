//! What a dispatch is bound to.

use super::pipeline::{Compiled, descriptor_type};
use super::shader::BindingKind;
use super::{Buffer, Device, FloatImage, WordImage, vulkan};
use crate::error::Result;
use ash::vk;

/// What a binding of a dispatch refers to.
#[derive(Clone, Copy)]
pub(crate) enum Binding<'r> {
    /// A uniform block or a storage buffer, whole.
    Buffer(&'r Buffer),
    /// A float image, whole.
    Image(&'r FloatImage),
    /// An image of words, whole.
    Words(&'r WordImage),
}

/// Descriptors of each kind for a dispatch, on average.
const PER_DISPATCH: u32 = 12;
/// What every device lets a uniform block be, at least; ours are far shorter.
const UNIFORM_BYTES: u64 = 16_384;

/// Room for so many dispatches.
pub(super) fn pool(device: &Device, dispatches: u32) -> Result<vk::DescriptorPool> {
    let sizes = [
        BindingKind::Uniform,
        BindingKind::Storage,
        BindingKind::Texture,
        BindingKind::StorageImage,
        BindingKind::Texels,
    ]
    .map(|kind| vk::DescriptorPoolSize {
        ty: descriptor_type(kind),
        descriptor_count: PER_DISPATCH * dispatches,
    });
    let info = vk::DescriptorPoolCreateInfo::default().max_sets(dispatches).pool_sizes(&sizes);
    // SAFETY: a well-formed description; the handle is the caller's.
    unsafe { device.raw().create_descriptor_pool(&info, None) }
        .map_err(vulkan("vkCreateDescriptorPool"))
}

/// A set of the pool that has `bindings`, in the order of the shader's own.
pub(super) fn set(
    device: &Device,
    pool: vk::DescriptorPool,
    pipeline: &Compiled,
    bindings: &[Binding<'_>],
) -> Result<vk::DescriptorSet> {
    let raw = device.raw();
    let layouts = [pipeline.set_layout()];
    let info = vk::DescriptorSetAllocateInfo::default().descriptor_pool(pool).set_layouts(&layouts);
    // SAFETY: the pool and the layout are of this device and alive.
    let sets = unsafe { raw.allocate_descriptor_sets(&info) }
        .map_err(vulkan("vkAllocateDescriptorSets"))?;
    let set = sets.first().copied().unwrap_or_default();
    let buffers: Vec<[vk::DescriptorBufferInfo; 1]> = bindings
        .iter()
        .zip(pipeline.code().bindings)
        .map(|(binding, (_, kind))| match binding {
            Binding::Buffer(buffer) => {
                // A lent buffer may be longer than a device lets a uniform block be.
                let range = if *kind == BindingKind::Uniform {
                    buffer.bytes().min(UNIFORM_BYTES)
                } else {
                    vk::WHOLE_SIZE
                };
                [vk::DescriptorBufferInfo::default().buffer(buffer.raw()).range(range)]
            }
            Binding::Image(_) | Binding::Words(_) => Default::default(),
        })
        .collect();
    let image_info = |view| {
        [vk::DescriptorImageInfo::default().image_view(view).image_layout(vk::ImageLayout::GENERAL)]
    };
    let images: Vec<[vk::DescriptorImageInfo; 1]> = bindings
        .iter()
        .map(|binding| match binding {
            Binding::Buffer(_) => Default::default(),
            Binding::Image(image) => image_info(image.view()),
            Binding::Words(image) => image_info(image.view()),
        })
        .collect();
    let texels = bindings
        .iter()
        .zip(pipeline.code().bindings.iter().zip(pipeline.bound()))
        .map(|(binding, ((_, kind), bound))| match (binding, kind) {
            (Binding::Buffer(buffer), BindingKind::Texels) if *bound => Ok([buffer.texels()?]),
            _ => Ok(Default::default()),
        })
        .collect::<Result<Vec<[vk::BufferView; 1]>>>()?;
    let writes: Vec<_> = pipeline
        .code()
        .bindings
        .iter()
        .zip(buffers.iter().zip(images.iter().zip(&texels)))
        .zip(pipeline.bound())
        .filter_map(|(binding, bound)| bound.then_some(binding))
        .map(|((number, kind), (buffer, (image, texels)))| {
            let write = vk::WriteDescriptorSet::default()
                .dst_set(set)
                .dst_binding(*number)
                .descriptor_type(descriptor_type(*kind));
            match kind {
                BindingKind::Texture | BindingKind::StorageImage => write.image_info(image),
                BindingKind::Uniform | BindingKind::Storage => write.buffer_info(buffer),
                BindingKind::Texels => write.texel_buffer_view(texels),
            }
        })
        .collect();
    // SAFETY: the infos outlive the call and name live objects of this device.
    unsafe { raw.update_descriptor_sets(&writes, &[]) };
    Ok(set)
}
