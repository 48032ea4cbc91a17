//! Compiled shaders, and what the host says to them: by name, in types that the build makes of the
//! shaders themselves.

use super::{Binding, Buffer, FloatImage, WordImage};
use bytemuck::Pod;

/// What a binding holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BindingKind {
    /// Uniform blocks.
    Uniform,
    /// A storage buffer.
    Storage,
    /// An image with the device's sampler.
    Texture,
    /// An image for `imageLoad` and `imageStore`.
    StorageImage,
    /// A buffer of words for `imageLoad`.
    Texels,
}

/// A compute shader as the device takes it.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) name: &'static str,
    pub(crate) words: &'static [u32],
    pub(crate) local_size: [u32; 3],
    pub(crate) parameter_bytes: u32,
    /// Numbers with kinds.
    pub(crate) bindings: &'static [(u32, BindingKind)],
    /// The specialisation constant with which it reads buffers as texels.
    pub(crate) loads: Option<u32>,
}

/// A shader with the types of all that a dispatch of it takes. Each file of `shaders/` has one.
pub(crate) trait Program: 'static {
    /// Its specialisation constants.
    type Constants;
    /// Its push constants; `()` if it has none.
    type Parameters: Pod;
    /// What it reads and writes.
    type Bindings<'r>: Copy;

    fn code() -> &'static Code;

    /// Numbers and values of its constants.
    fn words(constants: &Self::Constants) -> Vec<(u32, u32)>;

    /// The bindings in the order of [`Code::bindings`].
    fn list<'r>(bindings: &Self::Bindings<'r>) -> Vec<Binding<'r>>;
}

/// Bytes of a `.spv` file, written by the build in this machine's byte order, as the words that
/// Vulkan wants.
pub(crate) const fn align_words<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut words = [0; N];
    let mut at = 0;
    while at < N {
        words[at] = u32::from_ne_bytes([
            bytes[4 * at],
            bytes[4 * at + 1],
            bytes[4 * at + 2],
            bytes[4 * at + 3],
        ]);
        at += 1;
    }
    words
}

/// The shaders of `shaders/`, written by the build: a module for each with its `Shader`, which is a
/// [`Program`], its `Constants`, `Bindings` and push constants; `blocks`, `kinds` and `numbers`,
/// which they share.
pub(crate) mod shaders {
    use super::{Binding, BindingKind, Buffer, Code, FloatImage, Program, WordImage, align_words};
    include!(concat!(env!("OUT_DIR"), "/shaders.rs"));
}
