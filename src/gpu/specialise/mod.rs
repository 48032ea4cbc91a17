//! SPIR-V with its specialisation constants at their values, and without the branches that those
//! never take.
//!
//! Drivers are given the values beside the code and are expected to see to this. SwiftShader
//! compiles and runs what can never matter, and of `layer.comp` it made no end; lavapipe drops the
//! same, but after it has read and bettered it all. What that cost is in `docs/benchmarks.md`.
//! Lines of sources are gone by then (`build/lean.rs`): their numbers could be taken for those of
//! dead values.

mod flow;
mod fold;
mod idle;

use flow::Function;
pub(super) use idle::bindings;
use std::borrow::Cow;
use std::collections::HashMap;

/// Numbers of instructions (SPIR-V 1.5, section 3.32).
mod op {
    pub(super) const NAME: u32 = 5;
    pub(super) const ENTRY_POINT: u32 = 15;
    pub(super) const CAPABILITY: u32 = 17;
    pub(super) const TYPE_BOOL: u32 = 20;
    pub(super) const CONSTANT_TRUE: u32 = 41;
    pub(super) const CONSTANT_FALSE: u32 = 42;
    pub(super) const CONSTANT: u32 = 43;
    pub(super) const SPEC_CONSTANT_TRUE: u32 = 48;
    pub(super) const SPEC_CONSTANT_FALSE: u32 = 49;
    pub(super) const SPEC_CONSTANT: u32 = 50;
    pub(super) const SPEC_CONSTANT_OP: u32 = 52;
    pub(super) const FUNCTION: u32 = 54;
    pub(super) const FUNCTION_END: u32 = 56;
    pub(super) const VARIABLE: u32 = 59;
    pub(super) const DECORATE: u32 = 71;
    pub(super) const IMAGE_READ: u32 = 98;
    pub(super) const I_ADD: u32 = 128;
    pub(super) const I_SUB: u32 = 130;
    pub(super) const I_MUL: u32 = 132;
    pub(super) const S_DIV: u32 = 135;
    pub(super) const LOGICAL_EQUAL: u32 = 164;
    pub(super) const LOGICAL_NOT_EQUAL: u32 = 165;
    pub(super) const LOGICAL_OR: u32 = 166;
    pub(super) const LOGICAL_AND: u32 = 167;
    pub(super) const LOGICAL_NOT: u32 = 168;
    pub(super) const SELECT: u32 = 169;
    pub(super) const I_EQUAL: u32 = 170;
    pub(super) const I_NOT_EQUAL: u32 = 171;
    pub(super) const U_GREATER_THAN: u32 = 172;
    pub(super) const S_GREATER_THAN: u32 = 173;
    pub(super) const U_GREATER_THAN_EQUAL: u32 = 174;
    pub(super) const S_GREATER_THAN_EQUAL: u32 = 175;
    pub(super) const U_LESS_THAN: u32 = 176;
    pub(super) const S_LESS_THAN: u32 = 177;
    pub(super) const U_LESS_THAN_EQUAL: u32 = 178;
    pub(super) const S_LESS_THAN_EQUAL: u32 = 179;
    pub(super) const BITWISE_OR: u32 = 197;
    pub(super) const BITWISE_XOR: u32 = 198;
    pub(super) const BITWISE_AND: u32 = 199;
    pub(super) const PHI: u32 = 245;
    pub(super) const LOOP_MERGE: u32 = 246;
    pub(super) const SELECTION_MERGE: u32 = 247;
    pub(super) const LABEL: u32 = 248;
    pub(super) const BRANCH: u32 = 249;
    pub(super) const BRANCH_CONDITIONAL: u32 = 250;
    pub(super) const SWITCH: u32 = 251;
    pub(super) const UNREACHABLE: u32 = 255;
    pub(super) const GROUP_BROADCAST: u32 = 337;
    pub(super) const GROUP_BALLOT_FIND_MSB: u32 = 344;
    pub(super) const GROUP_SHUFFLE: u32 = 345;
    pub(super) const GROUP_SHUFFLE_XOR: u32 = 346;
}

const HEADER: usize = 5;
/// A branch may hang on what another left undecided.
const MOST_ROUNDS: usize = 8;

type Instruction<'w> = Cow<'w, [u32]>;

/// A module with `values` of its specialisation constants, each with its number. None if it is not
/// of the kind that is known here; then the driver has to do with the module as it is.
pub(super) fn specialised(words: &[u32], values: &[(u32, u32)]) -> Option<Vec<u32>> {
    let mut made = round(words, values)?;
    for _ in 1..MOST_ROUNDS {
        let next = round(&made, &[])?;
        if next.len() == made.len() {
            break;
        }
        made = next;
    }
    idle::without_idle(&made)
}

fn round(words: &[u32], values: &[(u32, u32)]) -> Option<Vec<u32>> {
    let instructions = split(words)?;
    let mut known = HashMap::new();
    let folded = fold::fold_constants(&instructions, values, &mut known)?;
    let from = folded.iter().position(|words| opcode(words) == op::FUNCTION)?;
    let (head, body) = folded.split_at(from);
    let function = Function::read(body, &known)?;
    let live = function.live();
    let (body, gone) = function.without_dead(&live)?;

    let mut made = words.get(..HEADER)?.to_vec();
    for words in head {
        let is_of =
            |op| opcode(words) == op && words.get(1).is_some_and(|target| gone.contains(target));
        if !is_of(op::NAME) && !is_of(op::DECORATE) {
            made.extend_from_slice(words);
        }
    }
    let kept = made.len();
    made.extend(body);
    // Nothing that is there may speak of what is not. A number that merely looks like it is no
    // harm: the module stays as it was.
    let mut at = kept;
    while let Some(&first) = made.get(at) {
        let end = at + (first >> 16) as usize;
        // What follows a place of an image is no number of anything.
        let named = if first & 0xffff == op::IMAGE_READ { end.min(at + 5) } else { end };
        if made.get(at + 1..named)?.iter().any(|word| gone.contains(word)) {
            return None;
        }
        at = end;
    }
    Some(made)
}

fn opcode(words: &[u32]) -> u32 {
    words.first().map_or(0, |first| first & 0xffff)
}

fn split(words: &[u32]) -> Option<Vec<&[u32]>> {
    let mut rest = words.get(HEADER..)?;
    let mut found = Vec::new();
    while let Some(first) = rest.first() {
        let (words, others) = rest.split_at_checked((first >> 16) as usize)?;
        if words.is_empty() {
            return None;
        }
        found.push(words);
        rest = others;
    }
    Some(found)
}

fn instruction(opcode: u32, operands: &[u32]) -> Vec<u32> {
    let mut words = vec![(operands.len() as u32 + 1) << 16 | opcode];
    words.extend_from_slice(operands);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::shader::BindingKind;
    use crate::gpu::{Program, shaders};
    use std::collections::HashSet;

    /// The labels of a module's blocks with the instructions of each, which hang together.
    fn blocks(words: &[u32]) -> Vec<(u32, Vec<&[u32]>)> {
        let mut blocks: Vec<(u32, Vec<&[u32]>)> = Vec::new();
        for words in split(words).unwrap_or_default() {
            if opcode(words) == op::LABEL {
                blocks.push((words[1], Vec::new()));
            } else if let Some((_, instructions)) = blocks.last_mut() {
                instructions.push(words);
            }
        }
        blocks
    }

    fn next(words: &[u32]) -> Vec<u32> {
        match opcode(words) {
            op::BRANCH => vec![words[1]],
            op::BRANCH_CONDITIONAL => vec![words[2], words[3]],
            op::SWITCH => words[2..].iter().step_by(2).copied().collect(),
            _ => Vec::new(),
        }
    }

    /// The numbers of a module's specialisation constants.
    fn constants(words: &[u32]) -> Vec<u32> {
        let instructions = split(words).unwrap_or_default();
        let decorations = instructions.iter().filter(|words| opcode(words) == op::DECORATE);
        decorations
            .filter(|words| words.get(2) == Some(&fold::SPEC_ID))
            .map(|words| words[3])
            .collect()
    }

    /// Nothing is left to specialise; branches lead to blocks that are there, and what hangs on
    /// where one came from knows each way.
    fn hangs_together(made: &[u32], about: &str) {
        let instructions = split(made).unwrap_or_default();
        let special = [
            op::SPEC_CONSTANT_TRUE,
            op::SPEC_CONSTANT_FALSE,
            op::SPEC_CONSTANT,
            op::SPEC_CONSTANT_OP,
        ];
        assert!(instructions.iter().all(|words| !special.contains(&opcode(words))), "{about}");
        let blocks = blocks(made);
        let labels: HashSet<u32> = blocks.iter().map(|(label, _)| *label).collect();
        let edges: HashSet<(u32, u32)> = blocks
            .iter()
            .flat_map(|(from, instructions)| {
                let ends = instructions.last().map(|words| next(words)).unwrap_or_default();
                ends.into_iter().map(|to| (*from, to))
            })
            .collect();
        assert!(edges.iter().all(|(_, to)| labels.contains(to)), "{about}");
        for (label, instructions) in &blocks {
            for words in instructions {
                match opcode(words) {
                    op::PHI => {
                        let from: HashSet<u32> = words[4..].iter().step_by(2).copied().collect();
                        let wanted =
                            edges.iter().filter(|(_, to)| to == label).map(|(from, _)| *from);
                        assert_eq!(from, wanted.collect(), "{about}");
                    }
                    op::LOOP_MERGE => {
                        assert!(labels.contains(&words[1]) && labels.contains(&words[2]), "{about}")
                    }
                    op::SELECTION_MERGE => assert!(labels.contains(&words[1]), "{about}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn every_shader_is_specialised_and_hangs_together() {
        let mut seed = 1_u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed >> 24
        };
        for code in shaders::ALL {
            let numbers = constants(code.words);
            for turn in 0..8 {
                // Bools and names of kinds, bits of several, sizes.
                let most = [2, 5, 17, 256][turn % 4];
                let values: Vec<_> =
                    numbers.iter().map(|&number| (number, random() % most)).collect();
                let values = if turn == 0 { &[] } else { values.as_slice() };
                let made = specialised(code.words, values).unwrap_or_default();
                let about = format!("{} with {values:?}", code.name);
                assert!(!made.is_empty() && made.len() <= code.words.len(), "{about}");
                hangs_together(&made, &about);
            }
        }
    }

    #[test]
    fn what_constants_never_let_run_is_gone() {
        let code = shaders::layer::Shader::code();
        let blocks_of =
            |layer: u32| specialised(code.words, &[(23, layer)]).map(|words| blocks(&words).len());
        let all = blocks(code.words).len();
        // Fills, lines and marks of layers.glsl.
        for kind in [1, 2, 4] {
            assert!(blocks_of(kind).is_some_and(|count| count > 10 && count < all / 2));
        }
        assert!(blocks_of(2 | 256) > blocks_of(2), "dashes are some more");
        assert_eq!(specialised(code.words, &[(23, 2)]), specialised(code.words, &[(23, 2)]));
    }

    #[test]
    fn what_nothing_uses_is_not_bound() {
        let code = shaders::layer::Shader::code();
        let count = |values: &[(u32, u32)], wanted: BindingKind| {
            let made = specialised(code.words, values).unwrap_or_default();
            let bound = bindings(&made).unwrap_or_default();
            let own = code
                .bindings
                .iter()
                .filter(|(number, kind)| *kind == wanted && bound.contains(number));
            own.count()
        };
        let Some(loads) = code.loads else { unreachable!() };
        let texels = |values: &[(u32, u32)]| count(values, BindingKind::Texels);
        assert_eq!(texels(&[(loads, 0)]), 0);
        // Of fills cells with their lists; of points what is listed by rows.
        let [fills, marks] = [1, 4].map(|kind| texels(&[(loads, 1), (23, kind)]));
        assert!(marks > 4 && fills > 4 && fills < 10, "{marks} {fills}");
        assert!(count(&[(loads, 1), (23, 1)], BindingKind::Storage) < 4);
    }

    #[test]
    fn a_device_whose_threads_hand_nothing_on_is_asked_for_no_more() {
        let code = shaders::layer::Shader::code();
        let capabilities = |lanes: u32| {
            let made = specialised(code.words, &[(23, 4), (34, lanes)]).unwrap_or_default();
            let instructions = split(&made).unwrap_or_default();
            let own = instructions.iter().filter(|words| opcode(words) == op::CAPABILITY);
            own.map(|words| words[1]).filter(|own| [64, 65].contains(own)).count()
        };
        assert_eq!((capabilities(8), capabilities(1)), (2, 0));
    }

    #[test]
    fn what_is_no_module_is_left_alone() {
        let code = shaders::layer::Shader::code();
        assert_eq!(specialised(&[], &[]), None);
        assert_eq!(specialised(&code.words[..code.words.len() - 3], &[]), None);
        assert_eq!(specialised(&code.words[..HEADER], &[]), None);
    }
}
