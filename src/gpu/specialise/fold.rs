//! Constants at their values, and what follows from them.

use super::{Instruction, instruction, op, opcode};
use std::collections::{HashMap, HashSet};

pub(super) const SPEC_ID: u32 = 1;

/// Replaces specialisation constants by constants, and leaves in `known` the values of scalars.
pub(super) fn fold_constants<'w>(
    instructions: &[&'w [u32]],
    values: &[(u32, u32)],
    known: &mut HashMap<u32, u32>,
) -> Option<Vec<Instruction<'w>>> {
    let mut numbers = HashMap::new();
    let mut bools = HashSet::new();
    let mut folded: Vec<Instruction<'w>> = Vec::with_capacity(instructions.len());
    for &words in instructions {
        let given = |id: &u32, numbers: &HashMap<u32, u32>| {
            let number = numbers.get(id)?;
            values.iter().find(|(own, _)| own == number).map(|&(_, value)| value)
        };
        match (opcode(words), words.get(1..)?) {
            (op::DECORATE, &[target, SPEC_ID, number]) => {
                numbers.insert(target, number);
                continue;
            }
            (op::TYPE_BOOL, &[id]) => {
                bools.insert(id);
            }
            (own @ (op::CONSTANT_TRUE | op::CONSTANT_FALSE), &[_, id]) => {
                known.insert(id, u32::from(own == op::CONSTANT_TRUE));
            }
            (op::CONSTANT, &[_, id, value]) => {
                known.insert(id, value);
            }
            (own @ (op::SPEC_CONSTANT_TRUE | op::SPEC_CONSTANT_FALSE), &[kind, id]) => {
                let value =
                    given(&id, &numbers).unwrap_or(u32::from(own == op::SPEC_CONSTANT_TRUE));
                known.insert(id, u32::from(value != 0));
                folded.push(constant(kind, id, value, true).into());
                continue;
            }
            (op::SPEC_CONSTANT, &[kind, id, value]) => {
                let value = given(&id, &numbers).unwrap_or(value);
                known.insert(id, value);
                folded.push(constant(kind, id, value, false).into());
                continue;
            }
            (op::SPEC_CONSTANT_OP, &[kind, id, operation, ref operands @ ..]) => {
                if let Some(value) = evaluate(operation, operands, known) {
                    known.insert(id, value);
                    folded.push(constant(kind, id, value, bools.contains(&kind)).into());
                    continue;
                }
            }
            (op::PHI, &[_, id, ref from @ ..]) => {
                let mut all = from.chunks_exact(2).map(|pair| known.get(pair.first()?));
                if let Some(&value) = all.next().flatten()
                    && all.all(|other| other == Some(&value))
                {
                    known.insert(id, value);
                }
            }
            (operation, &[_, id, ref operands @ ..]) => {
                if let Some(value) = evaluate(operation, operands, known) {
                    known.insert(id, value);
                }
            }
            _ => {}
        }
        folded.push(words.into());
    }
    Some(folded)
}

fn constant(kind: u32, id: u32, value: u32, is_bool: bool) -> Vec<u32> {
    match (is_bool, value) {
        (true, 0) => instruction(op::CONSTANT_FALSE, &[kind, id]),
        (true, _) => instruction(op::CONSTANT_TRUE, &[kind, id]),
        (false, _) => instruction(op::CONSTANT, &[kind, id, value]),
    }
}

/// Of scalars with 32 bits, or bools as 0 and 1.
fn evaluate(operation: u32, operands: &[u32], known: &HashMap<u32, u32>) -> Option<u32> {
    let at = |index: usize| operands.get(index).and_then(|id| known.get(id)).copied();
    let (a, b) = (at(0), at(1));
    Some(match operation {
        op::LOGICAL_OR if a == Some(1) || b == Some(1) => 1,
        op::LOGICAL_AND if a == Some(0) || b == Some(0) => 0,
        op::LOGICAL_NOT => u32::from(a? == 0),
        op::SELECT => at(if a? != 0 { 1 } else { 2 })?,
        op::I_ADD => a?.wrapping_add(b?),
        op::I_SUB => a?.wrapping_sub(b?),
        op::I_MUL => a?.wrapping_mul(b?),
        op::S_DIV => (a? as i32).checked_div(b? as i32)? as u32,
        op::LOGICAL_EQUAL | op::I_EQUAL => u32::from(a? == b?),
        op::LOGICAL_NOT_EQUAL | op::I_NOT_EQUAL => u32::from(a? != b?),
        op::LOGICAL_OR | op::BITWISE_OR => a? | b?,
        op::LOGICAL_AND | op::BITWISE_AND => a? & b?,
        op::BITWISE_XOR => a? ^ b?,
        op::U_GREATER_THAN => u32::from(a? > b?),
        op::S_GREATER_THAN => u32::from(a? as i32 > b? as i32),
        op::U_GREATER_THAN_EQUAL => u32::from(a? >= b?),
        op::S_GREATER_THAN_EQUAL => u32::from(a? as i32 >= b? as i32),
        op::U_LESS_THAN => u32::from(a? < b?),
        op::S_LESS_THAN => u32::from((a? as i32) < b? as i32),
        op::U_LESS_THAN_EQUAL => u32::from(a? <= b?),
        op::S_LESS_THAN_EQUAL => u32::from(a? as i32 <= b? as i32),
        _ => return None,
    })
}
