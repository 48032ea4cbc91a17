//! What a module declares, and nothing in it uses any more.

use super::{HEADER, instruction, op, opcode, split};
use std::collections::HashSet;

/// Capabilities of subgroups, and the instructions that want them.
const OF_SUBGROUPS: [(u32, std::ops::RangeInclusive<u32>); 2] = [
    (64, op::GROUP_BROADCAST..=op::GROUP_BALLOT_FIND_MSB),
    (65, op::GROUP_SHUFFLE..=op::GROUP_SHUFFLE_XOR),
];
/// Storage classes of what is bound: images, uniform blocks and storage buffers.
const BOUND: [u32; 3] = [0, 2, 12];
const BINDING: u32 = 33;

/// Without capabilities of subgroups, which a device may lack, and without what is bound for
/// nothing: a device takes so many of a kind.
pub(super) fn without_idle(words: &[u32]) -> Option<Vec<u32>> {
    let instructions = split(words)?;
    let from = instructions.iter().position(|words| opcode(words) == op::FUNCTION)?;
    let (head, body) = instructions.split_at(from);
    // A number that merely looks like a variable's keeps that, which is no harm.
    let used: HashSet<u32> = body.iter().flat_map(|words| &words[1..]).copied().collect();
    let is_idle_variable = |words: &[u32]| match *words {
        [_, _, id, class, ..] if opcode(words) == op::VARIABLE && BOUND.contains(&class) => {
            (!used.contains(&id)).then_some(id)
        }
        _ => None,
    };
    let idle: HashSet<u32> = head.iter().filter_map(|words| is_idle_variable(words)).collect();
    let mut made = words.get(..HEADER)?.to_vec();
    for &words in head {
        let about = words.get(1).copied().unwrap_or_default();
        match opcode(words) {
            op::CAPABILITY if is_idle_capability(about, body) => {}
            op::NAME | op::DECORATE if idle.contains(&about) => {}
            op::VARIABLE if words.get(2).is_some_and(|id| idle.contains(id)) => {}
            op::ENTRY_POINT => made.extend(entry_point(words, &idle)?),
            _ => made.extend_from_slice(words),
        }
    }
    made.extend(body.iter().copied().flatten());
    Some(made)
}

fn is_idle_capability(capability: u32, body: &[&[u32]]) -> bool {
    OF_SUBGROUPS.iter().any(|(own, users)| {
        *own == capability && !body.iter().any(|words| users.contains(&opcode(words)))
    })
}

/// Model, function and name, and then its variables, of which those that are idle are left out.
fn entry_point(words: &[u32], idle: &HashSet<u32>) -> Option<Vec<u32>> {
    let operands = words.get(1..)?;
    // The name's last byte is 0.
    let ends = |word: &u32| word.to_le_bytes().contains(&0);
    let name = 2 + operands.get(2..)?.iter().position(ends)? + 1;
    let (before, variables) = operands.split_at(name);
    let kept = variables.iter().filter(|id| !idle.contains(id));
    Some(instruction(op::ENTRY_POINT, &before.iter().chain(kept).copied().collect::<Vec<_>>()))
}

/// Numbers of the bindings that a module has.
pub(in crate::gpu) fn bindings(words: &[u32]) -> Option<HashSet<u32>> {
    let number = |words: &[u32]| match *words {
        [_, _, BINDING, number] if opcode(words) == op::DECORATE => Some(number),
        _ => None,
    };
    Some(split(words)?.into_iter().filter_map(number).collect())
}
