//! SPIR-V with its specialisation constants at their values, and without the branches that those never take.
//!
//! Drivers are given the values beside the code and are expected to see to this. SwiftShader compiles and runs what can never matter:
//! the first picture took it 33 s, others 1.7 s, where without they take 1.3 s and 0.15 s; of `layer.comp` it made no end. lavapipe drops
//! the same, but after it has read and bettered it all: a first picture takes half the time.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Numbers of instructions (SPIR-V 1.5, section 3.32).
mod op {
    pub(super) const NAME: u32 = 5;
    pub(super) const LINE: u32 = 8;
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
    pub(super) const DECORATE: u32 = 71;
    pub(super) const PHI: u32 = 245;
    pub(super) const LOOP_MERGE: u32 = 246;
    pub(super) const SELECTION_MERGE: u32 = 247;
    pub(super) const LABEL: u32 = 248;
    pub(super) const BRANCH: u32 = 249;
    pub(super) const BRANCH_CONDITIONAL: u32 = 250;
    pub(super) const SWITCH: u32 = 251;
    pub(super) const UNREACHABLE: u32 = 255;
    pub(super) const NO_LINE: u32 = 317;
}

const HEADER: usize = 5;
const SPEC_ID: u32 = 1;
/// A branch may hang on what another left undecided.
const MOST_ROUNDS: usize = 8;

type Instruction<'w> = Cow<'w, [u32]>;

/// A module with `values` of its specialisation constants, each with its number. None if it is not of the kind that is known here;
/// then the driver has to do with the module as it is.
pub(super) fn specialised(words: &[u32], values: &[(u32, u32)]) -> Option<Vec<u32>> {
    let mut made = round(words, values)?;
    for _ in 1..MOST_ROUNDS {
        let next = round(&made, &[])?;
        if next.len() == made.len() {
            break;
        }
        made = next;
    }
    Some(made)
}

fn round(words: &[u32], values: &[(u32, u32)]) -> Option<Vec<u32>> {
    let instructions = split(words)?;
    let mut known = HashMap::new();
    let folded = fold_constants(&instructions, values, &mut known)?;
    let from = folded.iter().position(|words| opcode(words) == op::FUNCTION)?;
    let (head, body) = folded.split_at(from);
    let function = Function::read(body, &known)?;
    let live = function.live();
    let (body, gone) = function.without_dead(&live)?;

    let mut made = words.get(..HEADER)?.to_vec();
    for words in head {
        let is_of = |op| opcode(words) == op && words.get(1).is_some_and(|target| gone.contains(target));
        if !is_of(op::NAME) && !is_of(op::DECORATE) {
            made.extend_from_slice(words);
        }
    }
    let kept = made.len();
    made.extend(body);
    // Nothing that is there may speak of what is not. A number that merely looks like it is no harm: the module stays as it was.
    let mut at = kept;
    while let Some(&first) = made.get(at) {
        let end = at + (first >> 16) as usize;
        if made.get(at + 1..end)?.iter().any(|word| gone.contains(word)) {
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

/// Replaces specialisation constants by constants, and leaves in `known` the values of scalars, lines out.
fn fold_constants<'w>(
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
            (op::LINE | op::NO_LINE, _) => continue,
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
                let value = given(&id, &numbers).unwrap_or(u32::from(own == op::SPEC_CONSTANT_TRUE));
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
        166 if a == Some(1) || b == Some(1) => 1, // OpLogicalOr
        167 if a == Some(0) || b == Some(0) => 0, // OpLogicalAnd
        168 => u32::from(a? == 0),                // OpLogicalNot
        169 => at(if a? != 0 { 1 } else { 2 })?,  // OpSelect
        128 => a?.wrapping_add(b?),
        130 => a?.wrapping_sub(b?),
        132 => a?.wrapping_mul(b?),
        135 => (a? as i32).checked_div(b? as i32)? as u32,
        164 | 170 => u32::from(a? == b?),
        165 | 171 => u32::from(a? != b?),
        166 => a? | b?,
        167 => a? & b?,
        172 => u32::from(a? > b?),
        173 => u32::from(a? as i32 > b? as i32),
        174 => u32::from(a? >= b?),
        175 => u32::from(a? as i32 >= b? as i32),
        176 => u32::from(a? < b?),
        177 => u32::from((a? as i32) < b? as i32),
        178 => u32::from(a? <= b?),
        179 => u32::from(a? as i32 <= b? as i32),
        197 => a? | b?,
        198 => a? ^ b?,
        199 => a? & b?,
        _ => return None,
    })
}

/// The one function of a module whose others are inlined, in blocks.
struct Function<'f> {
    before: &'f [Instruction<'f>],
    blocks: Vec<Block<'f>>,
    after: &'f [Instruction<'f>],
}

struct Block<'f> {
    label: u32,
    /// The label's own is the first, the branch the last.
    instructions: &'f [Instruction<'f>],
    /// Where it may go.
    next: Vec<u32>,
    /// Whether it goes there alone, of what its branch names.
    is_decided: bool,
    /// Of a loop, or a selection that stays one.
    merge: Option<u32>,
    continues: Option<u32>,
}

impl<'f> Function<'f> {
    fn read(body: &'f [Instruction<'f>], known: &HashMap<u32, u32>) -> Option<Self> {
        let is = |wanted: u32| move |words: &Instruction<'f>| opcode(words) == wanted;
        if body.iter().filter(|words| is(op::FUNCTION)(words)).count() != 1 {
            return None;
        }
        let start = body.iter().position(is(op::LABEL))?;
        let end = body.iter().position(is(op::FUNCTION_END))?;
        let (before, rest) = body.split_at(start);
        let (inner, after) = rest.split_at_checked(end.checked_sub(start)?)?;
        let mut blocks = Vec::new();
        let mut rest = inner;
        while let Some(label) = rest.first() {
            let length = rest.iter().skip(1).position(is(op::LABEL)).map_or(rest.len(), |at| at + 1);
            let (instructions, others) = rest.split_at(length);
            blocks.push(Block::read(*label.get(1)?, instructions, known)?);
            rest = others;
        }
        Some(Self { before, blocks, after })
    }

    /// Labels of the blocks that can be reached, and of those that a loop has to have.
    fn live(&self) -> HashSet<u32> {
        let by_label: HashMap<u32, &Block<'_>> =
            self.blocks.iter().map(|block| (block.label, block)).collect();
        let mut live = HashSet::new();
        let mut waiting: Vec<u32> = self.blocks.first().map(|block| block.label).into_iter().collect();
        while let Some(label) = waiting.pop() {
            if live.insert(label)
                && let Some(block) = by_label.get(&label)
            {
                waiting.extend(&block.next);
                waiting.extend(block.continues);
            }
        }
        live
    }

    /// The words without what is dead, and what numbers are gone with that.
    fn without_dead(&self, live: &HashSet<u32>) -> Option<(Vec<u32>, HashSet<u32>)> {
        let alive = || self.blocks.iter().filter(|block| live.contains(&block.label));
        let merges: HashSet<u32> = alive().filter_map(|block| block.merge).collect();
        let edges: HashSet<(u32, u32)> =
            alive().flat_map(|block| block.next.iter().map(|next| (block.label, *next))).collect();
        let mut words = self.before.concat();
        let mut gone = HashSet::new();
        for block in &self.blocks {
            if live.contains(&block.label) {
                block.write(&edges, &mut words)?;
                continue;
            }
            let stays = merges.contains(&block.label);
            if stays {
                words.extend(instruction(op::LABEL, &[block.label]));
                words.extend(instruction(op::UNREACHABLE, &[]));
            }
            for instruction in block.instructions.iter().skip(usize::from(stays)) {
                gone.extend(result(instruction));
            }
        }
        words.extend(self.after.concat());
        Some((words, gone))
    }
}

/// The number that an instruction of a function gives out. Of those that give none this may be another, which stays in `gone` as
/// something that must not be spoken of.
fn result(words: &[u32]) -> Option<u32> {
    match opcode(words) {
        op::LABEL => words.get(1).copied(),
        // Stores, barriers, merges and branches.
        62 | 99 | 224 | 225 | 228 | op::LOOP_MERGE..=op::SELECTION_MERGE | op::BRANCH..=op::UNREACHABLE => {
            None
        }
        _ => words.get(2).copied(),
    }
}

impl<'f> Block<'f> {
    fn read(label: u32, instructions: &'f [Instruction<'f>], known: &HashMap<u32, u32>) -> Option<Self> {
        let (last, others) = instructions.split_last()?;
        let merge = others.last().map_or(&[][..], |words| words);
        let is_loop = opcode(merge) == op::LOOP_MERGE;
        let (next, taken) = match (opcode(last), last.get(1..)?) {
            (op::BRANCH, &[next]) => (vec![next], None),
            (op::BRANCH_CONDITIONAL, &[condition, yes, no, ..]) => {
                (vec![yes, no], known.get(&condition).map(|&value| if value != 0 { yes } else { no }))
            }
            // It stays one even if it is decided: blocks within may break out of it.
            (op::SWITCH, &[_, other, ref cases @ ..]) => {
                let cases = cases.chunks_exact(2).filter_map(|case| case.get(1).copied());
                (std::iter::once(other).chain(cases).collect(), None)
            }
            _ => (Vec::new(), None),
        };
        let taken = taken.filter(|_| !is_loop);
        let is_decided = taken.is_some();
        let is_merge = is_loop || opcode(merge) == op::SELECTION_MERGE;
        Some(Self {
            label,
            instructions,
            next: taken.map_or(next, |taken| vec![taken]),
            is_decided,
            merge: merge.get(1).copied().filter(|_| is_merge && !is_decided),
            continues: merge.get(2).copied().filter(|_| is_loop),
        })
    }

    fn write(&self, edges: &HashSet<(u32, u32)>, to: &mut Vec<u32>) -> Option<()> {
        let (last, others) = self.instructions.split_last()?;
        for words in others {
            match (opcode(words), words.get(1..)?) {
                (op::PHI, &[kind, id, ref from @ ..]) => {
                    let mut operands = vec![kind, id];
                    let pairs = from.chunks_exact(2);
                    pairs
                        .filter(|pair| pair.get(1).is_some_and(|from| edges.contains(&(*from, self.label))))
                        .for_each(|pair| operands.extend_from_slice(pair));
                    to.extend(instruction(op::PHI, &operands));
                }
                (op::SELECTION_MERGE, _) if self.is_decided => {}
                _ => to.extend_from_slice(words),
            }
        }
        if self.is_decided {
            to.extend(instruction(op::BRANCH, &self.next));
        } else {
            to.extend_from_slice(last);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::{Program, shaders};

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

    #[test]
    fn every_shader_is_specialised_and_hangs_together() {
        for code in shaders::ALL {
            let made = specialised(code.words, &[]).unwrap_or_default();
            let about = code.name;
            assert!(!made.is_empty() && made.len() < code.words.len(), "{about}");
            let instructions = split(&made).unwrap_or_default();
            let special =
                [op::SPEC_CONSTANT_TRUE, op::SPEC_CONSTANT_FALSE, op::SPEC_CONSTANT, op::SPEC_CONSTANT_OP];
            assert!(instructions.iter().all(|words| !special.contains(&opcode(words))), "{about}");
            let blocks = blocks(&made);
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
                            let wanted = edges.iter().filter(|(_, to)| to == label).map(|(from, _)| *from);
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
    fn what_is_no_module_is_left_alone() {
        let code = shaders::layer::Shader::code();
        assert_eq!(specialised(&[], &[]), None);
        assert_eq!(specialised(&code.words[..code.words.len() - 3], &[]), None);
        assert_eq!(specialised(&code.words[..HEADER], &[]), None);
    }
}
