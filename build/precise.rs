//! Every float operation rounds by itself: no driver may fuse a product into a sum, so that all
//! give the same bytes.

use rspirv::binary::Assemble;
use rspirv::dr::{Instruction, Operand};
use rspirv::spirv::{Decoration, Op};

/// The same module with `NoContraction` on all arithmetic, which is what `precise` on every
/// variable would give.
pub(crate) fn precise(words: &[u32]) -> Result<Vec<u32>, String> {
    let mut module =
        rspirv::dr::load_words(words).map_err(|error| format!("cannot parse: {error}"))?;
    let arithmetic: Vec<u32> = module
        .all_inst_iter()
        .filter(|instruction| {
            matches!(
                instruction.class.opcode,
                Op::FAdd
                    | Op::FSub
                    | Op::FMul
                    | Op::FDiv
                    | Op::FNegate
                    | Op::VectorTimesScalar
                    | Op::Dot
            )
        })
        .filter_map(|instruction| instruction.result_id)
        .collect();
    module.annotations.extend(arithmetic.into_iter().map(|id| {
        let operands = vec![Operand::IdRef(id), Operand::Decoration(Decoration::NoContraction)];
        Instruction::new(Op::Decorate, None, None, operands)
    }));
    Ok(module.assemble())
}
