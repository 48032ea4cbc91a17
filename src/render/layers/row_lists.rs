//! The lists of some rows of a picture on a device: which marks, or pieces of lines, may lie on each
//! row of eight pixels.

use super::Layer;
use super::rows::{MarkLists, Seen};
use crate::error::{Result, try_vec};
use crate::gpu::{Buffer, Lent};
use crate::render::{Engine, Interrupted};
use std::ops::Range;
use std::sync::Arc;

/// Lists of each part, and whether there are any in one of them.
pub(in crate::render) struct RowLists<'e> {
    /// Those that are drawn after each other.
    pub(super) parts: Vec<Vec<Lent<'e>>>,
    any: Option<Lent<'e>>,
}

impl<'e> RowLists<'e> {
    /// Of rows that are so many eights of pixels wide. A part that is drawn `inline`, as rays end, has
    /// one of each.
    pub(super) fn of(
        engine: &'e Engine,
        (marks, layers): (&[Option<Seen>], &[Arc<Layer>]),
        (rows, across): (&Range<u32>, usize),
        inline: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let count = across * rows.len();
        let room = engine.device().limits().max_storage_bytes / 4;
        let room = room.min(u32::MAX.into()).saturating_sub(count as u64 + 1);
        let turns = if inline { 1 } else { u32::MAX };
        let mut parts = Vec::with_capacity(marks.len());
        let mut first = Vec::new();
        for (marks, layer) in marks.iter().zip(layers) {
            let Some(seen) = marks else {
                parts.push(Vec::new());
                continue;
            };
            let of = (rows.clone(), across);
            let (lists, lost) = MarkLists::of(seen, of, (room, turns), interrupted)?;
            layer.tell_lost(seen.entries(), || lost);
            let own = lists.iter().map(|lists| lists.lend(engine, interrupted));
            parts.push(own.collect::<Result<Vec<_>>>()?);
            first.extend(lists.into_iter().next());
        }
        let wanted = !inline && !first.is_empty();
        let any = wanted.then(|| lend_any(engine, &first, count)).transpose()?;
        Ok(Self { parts, any })
    }

    /// What a picture's own shaders read; None where they read none.
    pub(in crate::render) fn seen(&self) -> Option<&Buffer> {
        match (&self.any, &self.parts[..]) {
            (Some(any), _) => Some(any),
            (None, [part]) => part.first().map(|lists| &**lists),
            _ => None,
        }
    }
}

/// Lists that are as long as the row has any entry in one of several.
fn lend_any<'e>(engine: &'e Engine, lists: &[MarkLists], count: usize) -> Result<Lent<'e>> {
    let mut firsts: Vec<u32> = try_vec(count + 1, "a picture's layers")?;
    let mut end = 0;
    firsts.push(end);
    for at in 0..count {
        end += u32::from(lists.iter().any(|lists| lists.firsts[at] < lists.firsts[at + 1]));
        firsts.push(end);
    }
    engine.lend_values("rows with layers", &firsts)
}
