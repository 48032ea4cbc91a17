//! Compiled shaders, and the check that a GLSL block and its Rust twin are the same.

/// What a binding holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BindingKind {
    /// A uniform block.
    Uniform,
    /// A storage buffer.
    Storage,
    /// A height texture with the device's sampler.
    Texture,
    /// The same image, for `imageLoad` and `imageStore`.
    StorageImage,
}

/// A compute shader with what reflection says of it.
#[derive(Debug)]
pub(crate) struct Shader {
    pub(crate) name: &'static str,
    pub(crate) words: &'static [u32],
    pub(crate) local_size: [u32; 3],
    pub(crate) push_bytes: u32,
    pub(crate) bindings: &'static [BindingKind],
}

/// Bytes of a `.spv` file, written by the build in this machine's byte order, as the words that Vulkan wants.
pub(crate) const fn align_words<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut words = [0; N];
    let mut at = 0;
    while at < N {
        words[at] =
            u32::from_ne_bytes([bytes[4 * at], bytes[4 * at + 1], bytes[4 * at + 2], bytes[4 * at + 3]]);
        at += 1;
    }
    words
}

/// The shaders of `shaders/`, one module each, written by the build.
pub(crate) mod shaders {
    use super::{BindingKind, Shader, align_words};
    include!(concat!(env!("OUT_DIR"), "/shaders.rs"));
}

/// A `#[repr(C)]` twin of a GLSL block: the build fails when a member's name, offset or size differs, or one is missing.
macro_rules! gpu_struct {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident: $($block:ident)::+ { $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, bytemuck::Zeroable, bytemuck::Pod)]
        #[allow(non_snake_case)]
        $visibility struct $name { $($(#[$field_meta])* $visibility $field: $type),+ }
        const _: () = {
            use $crate::gpu::shaders::$($block)::+ as block;
            $(
                assert!(std::mem::offset_of!($name, $field) == block::$field.0, concat!("offset of ", stringify!($field)));
                assert!(size_of::<$type>() == block::$field.1, concat!("size of ", stringify!($field)));
            )+
            assert!([$(stringify!($field)),+].len() == block::MEMBERS, "number of members");
            assert!(size_of::<$name>() == block::SIZE, "size of the block");
        };
    };
}
pub(crate) use gpu_struct;
