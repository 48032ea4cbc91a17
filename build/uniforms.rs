//! Parameters are read before anything is decided.
//!
//! lavapipe reads a member of a uniform block or of the push constants with one load and a
//! broadcast where control flow is uniform, that is before the first branch; after it, where some
//! lanes may be off, it gathers the one value lane by lane, which takes some thirty instructions
//! each time. Nothing in GLSL says where a member is read, so it is settled here.

use rspirv::binary::Assemble;
use rspirv::dr::{Function, Instruction, Module, Operand};
use rspirv::spirv::{Op, StorageClass};
use std::collections::{HashMap, HashSet};

/// The same module with every load of a member at a constant place moved to the start of its
/// function, once.
pub(crate) fn read_first(words: &[u32]) -> Result<Vec<u32>, String> {
    let mut module =
        rspirv::dr::load_words(words).map_err(|error| format!("cannot parse: {error}"))?;
    let blocks = blocks(&module);
    let constants = module
        .types_global_values
        .iter()
        .filter(|instruction| instruction.class.opcode == Op::Constant)
        .filter_map(|instruction| instruction.result_id)
        .collect();
    let mut replaced = HashMap::new();
    for function in &mut module.functions {
        hoist(function, &blocks, &constants, &mut replaced)?;
    }
    // What is said of an instruction that is gone would be said of nothing.
    let about_kept = |instruction: &Instruction| match instruction.operands.first() {
        Some(Operand::IdRef(id)) => !replaced.contains_key(id),
        _ => true,
    };
    module.debug_names.retain(about_kept);
    module.annotations.retain(about_kept);
    Ok(module.assemble())
}

/// The variables that are uniform blocks or push constants.
fn blocks(module: &Module) -> HashSet<u32> {
    let parameters = [StorageClass::Uniform, StorageClass::PushConstant].map(Operand::StorageClass);
    module
        .types_global_values
        .iter()
        .filter(|variable| {
            variable.class.opcode == Op::Variable
                && variable.operands.first().is_some_and(|class| parameters.contains(class))
        })
        .filter_map(|variable| variable.result_id)
        .collect()
}

/// Does so for one function; `replaced` learns which result stands for which.
fn hoist(
    function: &mut Function,
    blocks: &HashSet<u32>,
    constants: &HashSet<u32>,
    replaced: &mut HashMap<u32, u32>,
) -> Result<(), String> {
    // By what it reads: the first instruction that does.
    let mut pointers: HashMap<Vec<u32>, u32> = HashMap::new();
    let mut loads: HashMap<u32, u32> = HashMap::new();
    let mut known: HashSet<u32> = HashSet::new();
    let mut first = Vec::new();
    for block in &mut function.blocks {
        let mut rest = Vec::with_capacity(block.instructions.len());
        for mut instruction in std::mem::take(&mut block.instructions) {
            rename(&mut instruction, replaced);
            let ids: Vec<u32> =
                instruction.operands.iter().filter_map(Operand::id_ref_any).collect();
            let is_member = instruction.class.opcode == Op::AccessChain
                && ids.split_first().is_some_and(|(base, places)| {
                    blocks.contains(base) && places.iter().all(|place| constants.contains(place))
                });
            let is_load = instruction.class.opcode == Op::Load
                && ids.first().is_some_and(|id| known.contains(id));
            if !is_member && !is_load {
                rest.push(instruction);
                continue;
            }
            let id = instruction.result_id.ok_or("a read without a result")?;
            let kept = if is_member {
                *pointers.entry(ids).or_insert(id)
            } else {
                *loads.entry(ids[0]).or_insert(id)
            };
            if kept == id {
                known.extend(is_member.then_some(id));
                first.push(instruction);
            } else {
                replaced.insert(id, kept);
            }
        }
        block.instructions = rest;
    }
    // A back edge names what comes later in the text.
    for instruction in function.blocks.iter_mut().flat_map(|block| &mut block.instructions) {
        rename(instruction, replaced);
    }
    let Some(entry) = function.blocks.first_mut() else { return Ok(()) };
    let variables = entry
        .instructions
        .iter()
        .rposition(|i| i.class.opcode == Op::Variable)
        .map_or(0, |at| at + 1);
    entry.instructions.splice(variables..variables, first);
    Ok(())
}

fn rename(instruction: &mut Instruction, replaced: &HashMap<u32, u32>) {
    for operand in &mut instruction.operands {
        if let Operand::IdRef(id) = operand {
            *id = *replaced.get(id).unwrap_or(id);
        }
    }
}
