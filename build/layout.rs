//! One buffer for all uniform blocks: each block has its place in it, the same in every shader.
//!
//! A shader declares the blocks that it reads, each beside the functions that read it. Here they
//! become views of one buffer: they get one binding, and their members' offsets count from the
//! buffer's start. Devices take few uniform buffers, but one of any length that blocks add up to;
//! and the host fills one struct, which has them all.

use super::reflect::{Binding, Block, Reflection, id, literal, reflect};
use rspirv::binary::Assemble;
use rspirv::dr::Operand;
use rspirv::spirv::Decoration;
use std::collections::{BTreeMap, HashMap};

/// Blocks by name, in the order in which they lie in the buffer.
pub(crate) type Blocks = BTreeMap<String, Block>;

/// Byte at which a block starts.
fn start(blocks: &Blocks, name: &str) -> u32 {
    blocks.iter().take_while(|(other, _)| other.as_str() < name).map(|(_, block)| block.bytes).sum()
}

/// The number that each of a shader's bindings gets, by its name. Uniform blocks are all number 0.
pub(crate) fn numbers(reflection: &Reflection) -> BTreeMap<String, u32> {
    let (uniform, others): (Vec<_>, Vec<_>) =
        reflection.bindings.iter().partition(|binding| binding.kind == "Uniform");
    let first = u32::from(!uniform.is_empty());
    let others = (first..).zip(others).map(|(number, binding)| (binding.name.clone(), number));
    uniform.iter().map(|binding| (binding.name.clone(), 0)).chain(others).collect()
}

/// The same module with its uniform blocks in that one buffer, and all that it binds under these
/// numbers.
pub(crate) fn place(
    words: &[u32],
    blocks: &Blocks,
    numbers: &BTreeMap<String, u32>,
) -> Result<Vec<u32>, String> {
    let mut module =
        rspirv::dr::load_words(words).map_err(|error| format!("cannot parse: {error}"))?;
    // Of those that the optimiser has left.
    let reflection = reflect(words)?;
    let number = |binding: &Binding| Some((binding.variable, *numbers.get(&binding.name)?));
    let bound: HashMap<u32, u32> = reflection.bindings.iter().filter_map(number).collect();
    let starts: HashMap<u32, u32> =
        reflection.uniforms.iter().map(|(ty, block)| (*ty, start(blocks, &block.name))).collect();
    if bound.len() != reflection.bindings.len() || starts.len() != reflection.uniforms.len() {
        return Err(
            "each binding must have a name of its own, and each uniform block a type of its own"
                .into(),
        );
    }
    for annotation in &mut module.annotations {
        let Some(target) = id(annotation.operands.first()) else { continue };
        let is =
            |at: usize, wanted| annotation.operands.get(at) == Some(&Operand::Decoration(wanted));
        if let (Some(number), true) = (bound.get(&target), is(1, Decoration::Binding)) {
            annotation.operands[2] = Operand::LiteralBit32(*number);
        } else if let (Some(start), true) = (starts.get(&target), is(2, Decoration::Offset)) {
            let within = annotation.operands.get(3).and_then(literal).unwrap_or(0);
            annotation.operands[3] = Operand::LiteralBit32(start + within);
        }
    }
    Ok(module.assemble())
}
