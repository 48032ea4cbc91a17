//! The one table of synchronisation: what a kind of pass does, in stages and accesses.
//!
//! Every pass boundary gets one global memory barrier from the kind before to the kind after.
//! Independent passes, such as those over a picture's near and far tiles, are serialised by this;
//! what that costs a GPU was not measured.

use ash::vk;

/// What a pass is, as far as synchronisation cares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PassKind {
    /// Whatever earlier submissions did.
    Earlier,
    /// Copies between buffers and images.
    Transfer,
    /// Compute shaders.
    Compute,
    /// The host reading what the device wrote.
    Host,
}

fn stages(kind: PassKind) -> vk::PipelineStageFlags2 {
    match kind {
        PassKind::Earlier => {
            vk::PipelineStageFlags2::TRANSFER | vk::PipelineStageFlags2::COMPUTE_SHADER
        }
        PassKind::Transfer => vk::PipelineStageFlags2::TRANSFER,
        // What says how many workgroups there are is read before them.
        PassKind::Compute => {
            vk::PipelineStageFlags2::COMPUTE_SHADER | vk::PipelineStageFlags2::DRAW_INDIRECT
        }
        PassKind::Host => vk::PipelineStageFlags2::HOST,
    }
}

fn writes(kind: PassKind) -> vk::AccessFlags2 {
    match kind {
        PassKind::Earlier => {
            vk::AccessFlags2::TRANSFER_WRITE | vk::AccessFlags2::SHADER_STORAGE_WRITE
        }
        PassKind::Transfer => vk::AccessFlags2::TRANSFER_WRITE,
        PassKind::Compute => vk::AccessFlags2::SHADER_STORAGE_WRITE,
        PassKind::Host => vk::AccessFlags2::HOST_WRITE,
    }
}

fn reads(kind: PassKind) -> vk::AccessFlags2 {
    match kind {
        PassKind::Earlier => vk::AccessFlags2::NONE,
        PassKind::Transfer => vk::AccessFlags2::TRANSFER_READ,
        PassKind::Compute => {
            vk::AccessFlags2::SHADER_STORAGE_READ
                | vk::AccessFlags2::SHADER_SAMPLED_READ
                | vk::AccessFlags2::UNIFORM_READ
                | vk::AccessFlags2::INDIRECT_COMMAND_READ
        }
        PassKind::Host => vk::AccessFlags2::HOST_READ,
    }
}

/// The barrier between two passes: all that `before` wrote is there for `after` to read or write
/// over.
pub(crate) fn between(before: PassKind, after: PassKind) -> vk::MemoryBarrier2<'static> {
    vk::MemoryBarrier2::default()
        .src_stage_mask(stages(before))
        .src_access_mask(writes(before))
        .dst_stage_mask(stages(after))
        .dst_access_mask(reads(after) | writes(after))
}

/// The first use of an image: from no layout at all to `GENERAL`, for the copy or shader that fills
/// it. After all earlier work, some of which may have used the same memory for another image.
pub(crate) fn first_use(
    image: vk::Image,
    range: vk::ImageSubresourceRange,
) -> vk::ImageMemoryBarrier2<'static> {
    vk::ImageMemoryBarrier2::default()
        .src_stage_mask(stages(PassKind::Earlier))
        .src_access_mask(vk::AccessFlags2::NONE)
        .dst_stage_mask(stages(PassKind::Earlier))
        .dst_access_mask(writes(PassKind::Earlier))
        .old_layout(vk::ImageLayout::UNDEFINED)
        .new_layout(vk::ImageLayout::GENERAL)
        .image(image)
        .subresource_range(range)
}

/// An image of a window, of whose content nothing is kept, to be copied to once it was acquired:
/// that is waited for at the copies.
pub(crate) fn screen_to_fill(image: vk::Image) -> vk::ImageMemoryBarrier2<'static> {
    of_screen(image)
        .src_stage_mask(stages(PassKind::Transfer))
        .src_access_mask(vk::AccessFlags2::NONE)
        .dst_stage_mask(stages(PassKind::Transfer))
        .dst_access_mask(writes(PassKind::Transfer))
        .old_layout(vk::ImageLayout::UNDEFINED)
        .new_layout(vk::ImageLayout::TRANSFER_DST_OPTIMAL)
}

/// The same once it is filled, to be shown: a semaphore hands it on.
pub(crate) fn screen_to_show(image: vk::Image) -> vk::ImageMemoryBarrier2<'static> {
    of_screen(image)
        .src_stage_mask(stages(PassKind::Transfer))
        .src_access_mask(writes(PassKind::Transfer))
        .dst_stage_mask(vk::PipelineStageFlags2::ALL_COMMANDS)
        .dst_access_mask(vk::AccessFlags2::NONE)
        .old_layout(vk::ImageLayout::TRANSFER_DST_OPTIMAL)
        .new_layout(vk::ImageLayout::PRESENT_SRC_KHR)
}

fn of_screen(image: vk::Image) -> vk::ImageMemoryBarrier2<'static> {
    vk::ImageMemoryBarrier2::default().image(image).subresource_range(vk::ImageSubresourceRange {
        aspect_mask: vk::ImageAspectFlags::COLOR,
        base_mip_level: 0,
        level_count: 1,
        base_array_layer: 0,
        layer_count: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_makes_writes_visible() {
        for before in [PassKind::Earlier, PassKind::Transfer, PassKind::Compute] {
            for after in [PassKind::Transfer, PassKind::Compute, PassKind::Host] {
                let barrier = between(before, after);
                assert!(barrier.src_access_mask.contains(writes(before)));
                assert!(barrier.dst_access_mask.contains(reads(after)));
                assert!(
                    barrier.dst_access_mask.contains(writes(after)),
                    "write after write is ordered too"
                );
            }
        }
    }
}
