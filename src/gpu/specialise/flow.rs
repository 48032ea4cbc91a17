//! Blocks of a function, and which of them can be reached.

use super::{Instruction, instruction, op, opcode};
use std::collections::{HashMap, HashSet};

/// The one function of a module whose others are inlined, in blocks.
pub(super) struct Function<'f> {
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
    pub(super) fn read(body: &'f [Instruction<'f>], known: &HashMap<u32, u32>) -> Option<Self> {
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
            let length =
                rest.iter().skip(1).position(is(op::LABEL)).map_or(rest.len(), |at| at + 1);
            let (instructions, others) = rest.split_at(length);
            blocks.push(Block::read(*label.get(1)?, instructions, known)?);
            rest = others;
        }
        Some(Self { before, blocks, after })
    }

    /// Labels of the blocks that can be reached, and of those that a loop has to have.
    pub(super) fn live(&self) -> HashSet<u32> {
        let by_label: HashMap<u32, &Block<'_>> =
            self.blocks.iter().map(|block| (block.label, block)).collect();
        let mut live = HashSet::new();
        let mut waiting: Vec<u32> =
            self.blocks.first().map(|block| block.label).into_iter().collect();
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
    pub(super) fn without_dead(&self, live: &HashSet<u32>) -> Option<(Vec<u32>, HashSet<u32>)> {
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

/// The number that an instruction of a function gives out. Of those that give none this may be
/// another, which stays in `gone` as something that must not be spoken of.
fn result(words: &[u32]) -> Option<u32> {
    match opcode(words) {
        op::LABEL => words.get(1).copied(),
        // Stores, barriers, merges and branches.
        62
        | 99
        | 224
        | 225
        | 228
        | op::LOOP_MERGE..=op::SELECTION_MERGE
        | op::BRANCH..=op::UNREACHABLE => None,
        _ => words.get(2).copied(),
    }
}

impl<'f> Block<'f> {
    fn read(
        label: u32,
        instructions: &'f [Instruction<'f>],
        known: &HashMap<u32, u32>,
    ) -> Option<Self> {
        let (last, others) = instructions.split_last()?;
        let merge = others.last().map_or(&[][..], |words| words);
        let is_loop = opcode(merge) == op::LOOP_MERGE;
        let (next, taken) = match (opcode(last), last.get(1..)?) {
            (op::BRANCH, &[next]) => (vec![next], None),
            (op::BRANCH_CONDITIONAL, &[condition, yes, no, ..]) => (
                vec![yes, no],
                known.get(&condition).map(|&value| if value != 0 { yes } else { no }),
            ),
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
                        .filter(|pair| {
                            pair.get(1).is_some_and(|from| edges.contains(&(*from, self.label)))
                        })
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
