//! Which marks, or pieces of lines, may lie on each row of eight pixels of a picture: lists, the
//! topmost first.

use super::lens::{Lens, Pixels, Reach};
use super::spots::{Spot, Spots};
use super::together::side_by_side;
use super::upright::{Upright, Uprights};
use crate::cores::cores;
use crate::error::{Error, Result, try_vec, try_zeros};
use crate::gpu::{Lent, MemoryUse};
use crate::render::mosaic::TILE;
use crate::render::{Engine, Interrupted};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Entries of a list: a thread's loops may not take many more turns. What is lower is in lists of its
/// own, which are drawn after it; so many at most.
const MOST_ENTRIES: u32 = 3000;
const MOST_TURNS: u32 = 32;
/// Lists whose lengths are found before a picture is drawn: of a picture that is larger only those
/// that are wanted at a time.
const MOST_COUNTED: usize = 1 << 22;
/// Marks from which on several threads pay.
const FEW: usize = 4096;
/// Boxes of which it is known in which rows any of them are.
const GROUP: usize = 64;

/// A mark on some pixels: columns in eights, and rows.
#[derive(Clone, Copy)]
struct Mark {
    item: u32,
    columns: [u16; 2],
    rows: [u16; 2],
}

/// Marks in the order of the lists, wherever in a picture they are.
#[derive(Default)]
pub(super) struct Marks {
    all: Vec<Mark>,
    /// Rows of each group of them.
    rows: Vec<[u16; 2]>,
}

/// A part's marks in a picture.
pub(super) struct Seen {
    pub(super) marks: Arc<Vec<Marks>>,
    /// Of pieces of lines what they are: four words each.
    pub(super) pieces: Vec<[u32; 4]>,
    /// Of marks that stand upright in the picture what their lists have of them.
    pub(super) uprights: Option<Arc<Uprights>>,
    /// How long each list of the picture would be, once that is known.
    counts: Option<Vec<u32>>,
}

impl Seen {
    /// Of marks that number a part's items.
    pub(super) fn of_items(marks: Vec<Marks>) -> Self {
        Self { marks: Arc::new(marks), pieces: Vec::new(), uprights: None, counts: None }
    }

    /// Whether each list of a picture of so many rows, and eights of pixels across, has room for all
    /// that is on it, as far as that is known before these are made.
    pub(super) fn fits(
        &mut self,
        (rows, across): (u32, usize),
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        let few = self.marks.iter().map(|marks| marks.all.len()).sum::<usize>();
        let many_lists = rows as usize * across > MOST_COUNTED;
        if few <= MOST_ENTRIES as usize || many_lists || !self.pieces.is_empty() {
            return Ok(true);
        }
        let counts = MarkLists::none(self, (0..rows, across)).counts(interrupted)?.concat();
        let fits = counts.iter().all(|count| *count <= MOST_ENTRIES);
        self.counts = Some(counts);
        Ok(fits)
    }

    /// Of some marks that number their own pieces, each.
    pub(super) fn of_pieces(parts: Vec<(Marks, Vec<[u32; 4]>)>) -> Self {
        let (marks, pieces) = numbered(parts);
        Self { pieces, ..Self::of_items(marks) }
    }

    /// The same of those that stand upright.
    pub(super) fn of_uprights(
        parts: Vec<(Marks, Vec<Upright>)>,
        made: impl FnOnce(Vec<Upright>) -> Uprights,
    ) -> Self {
        let (marks, all) = numbered(parts);
        Self { uprights: Some(Arc::new(made(all))), ..Self::of_items(marks) }
    }

    /// What lists have of it.
    pub(super) fn entries(&self) -> &'static str {
        if self.pieces.is_empty() {
            "points on eight pixels beside each other"
        } else {
            "pieces of lines on eight pixels beside each other"
        }
    }

    /// The first row of the picture that has any, and the last one.
    pub(super) fn rows(&self) -> Option<[u16; 2]> {
        let groups = self.marks.iter().flat_map(|marks| &marks.rows).copied();
        groups.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
    }
}

/// Marks that number what is theirs, with that of all in one piece.
fn numbered<T>(parts: Vec<(Marks, Vec<T>)>) -> (Vec<Marks>, Vec<T>) {
    let mut things = Vec::with_capacity(parts.iter().map(|(_, own)| own.len()).sum());
    let mut all = Vec::with_capacity(parts.len());
    for (mut marks, own) in parts {
        let first = things.len() as u32;
        marks.all.iter_mut().for_each(|mark| mark.item += first);
        things.extend(own);
        all.push(marks);
    }
    (all, things)
}

/// Lists of the rows of a picture from one to another.
pub(super) struct MarkLists {
    /// Where each row of eight pixels has its entries, and the last one's end, counted from the
    /// first one's.
    pub(super) firsts: Vec<u32>,
    marks: Arc<Vec<Marks>>,
    uprights: Option<Arc<Uprights>>,
    across: usize,
    rows: Range<u32>,
    /// Entries that each list leaves out, since another has them.
    before: u32,
}

/// What `work` makes of several pieces of a part's spots; the topmost, which are the last, first.
pub(super) fn in_pieces<T: Send>(
    spots: &[Spot],
    interrupted: Interrupted<'_>,
    work: impl Fn(&[Spot]) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let count = spots.len();
    let parts = if count < FEW { 1 } else { 8 * cores() };
    side_by_side(parts, interrupted, |part| {
        work(&spots[(parts - 1 - part) * count / parts..(parts - part) * count / parts])
    })
}

impl Marks {
    /// As `lens` sees them, in several pieces.
    pub(super) fn seen(
        spots: &Spots,
        lens: &Lens,
        reach: Reach,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<Self>> {
        in_pieces(&spots.all, interrupted, |spots_of| {
            let mut marks = Self::default();
            for spot in spots_of.iter().rev() {
                let height = spots.height(spot, lens.pixel_at(spot));
                if let Some(seen) = lens.pixels_of(&Spot { height, ..*spot }, reach) {
                    marks.push(spot.item, seen);
                }
            }
            Ok(marks)
        })
    }

    pub(super) fn push(&mut self, item: u32, Pixels { columns, rows }: Pixels) {
        let columns = columns.map(|column| column / TILE as u16);
        if self.all.len().is_multiple_of(GROUP) {
            self.rows.push(rows);
        } else if let Some(group) = self.rows.last_mut() {
            *group = [group[0].min(rows[0]), group[1].max(rows[1])];
        }
        self.all.push(Mark { item, columns, rows });
    }

    /// Each on one of `rows`, with those of its own rows that are.
    fn on(&self, rows: &Range<u32>, mut each: impl FnMut(&Mark, Range<u32>)) {
        let within = |own: [u16; 2]| {
            u32::from(own[0]).max(rows.start)..(u32::from(own[1]) + 1).min(rows.end)
        };
        for (group, own) in self.all.chunks(GROUP).zip(&self.rows) {
            if !within(*own).is_empty() {
                group.iter().for_each(|mark| each(mark, within(mark.rows)));
            }
        }
    }
}

/// Adds what `marks` have on `rows` to the counts of their lists.
fn count(counts: &mut [u32], marks: &[Marks], (rows, across): (&Range<u32>, usize)) {
    for marks in marks {
        marks.on(rows, |mark, own| {
            for row in own {
                let first = (row - rows.start) as usize * across;
                let [left, right] = mark.columns.map(usize::from);
                counts[first + left..=first + right].iter_mut().for_each(|count| *count += 1);
            }
        });
    }
}

impl MarkLists {
    /// Of what is on `rows` of a picture `across` eights of pixels wide, each of at most `room` words
    /// in all: the first has what is topmost, another what that has no room for, and so on, so many at
    /// most. With how many entries one place could have, and would have, if what is lowest is in none.
    pub(super) fn of(
        seen: &Seen,
        (rows, across): (Range<u32>, usize),
        (room, turns): (u64, u32),
        interrupted: Interrupted<'_>,
    ) -> Result<(Vec<Self>, Option<[u32; 2]>)> {
        let mut lists = Self::none(seen, (rows.clone(), across));
        let made;
        let counts = match &seen.counts {
            Some(counts) => &counts[rows.start as usize * across..rows.end as usize * across],
            None => {
                made = lists.counts(interrupted)?.concat();
                &made[..]
            }
        };
        let room = room / lists.words() as u64;
        let total = |most: u32| counts.iter().map(|n| u64::from(*n.min(&most))).sum::<u64>();
        let mut most = MOST_ENTRIES;
        while most > 1 && total(most) > room {
            most /= 2;
        }
        if total(most) > room {
            return Err(Error::Internal("lists of a picture's layers have no room".into()));
        }
        let longest = counts.iter().copied().max().unwrap_or(0);
        // The pieces of a line are drawn together.
        let turns = turns.min(if seen.pieces.is_empty() { MOST_TURNS } else { 1 });
        let turns = longest.div_ceil(most).clamp(1, turns);
        let mut all = Vec::with_capacity(turns as usize);
        for turn in 0..turns {
            lists.before = turn * most;
            lists.firsts = try_vec(lists.count() + 1, "a picture's layers")?;
            let mut end = 0;
            for count in counts {
                lists.firsts.push(end);
                end += count.saturating_sub(lists.before).min(most);
            }
            lists.firsts.push(end);
            let next = Self::none(seen, (rows.clone(), across));
            all.push(std::mem::replace(&mut lists, next));
        }
        Ok((all, Some([turns * most, longest]).filter(|[most, longest]| longest > most)))
    }

    fn none(seen: &Seen, (rows, across): (Range<u32>, usize)) -> Self {
        let (marks, uprights) = (seen.marks.clone(), seen.uprights.clone());
        Self { firsts: Vec::new(), marks, uprights, across, rows, before: 0 }
    }

    /// Rows of eight pixels.
    fn count(&self) -> usize {
        self.across * self.rows.len()
    }

    /// Rows that are done at a time.
    fn stripes(&self) -> Vec<Range<u32>> {
        let few = self.marks.iter().map(|marks| marks.all.len()).sum::<usize>() < FEW;
        let stripes = if few { 1 } else { 4 * cores() as u32 };
        let tall = (self.rows.len() as u32).div_ceil(stripes).max(1);
        self.rows
            .clone()
            .step_by(tall as usize)
            .map(|first| first..self.rows.end.min(first + tall))
            .collect()
    }

    fn counts(&self, interrupted: Interrupted<'_>) -> Result<Vec<Vec<u32>>> {
        let stripes = self.stripes();
        side_by_side(stripes.len(), interrupted, |stripe| {
            let rows = &stripes[stripe];
            let mut counts = try_zeros(rows.len() * self.across, "a picture's layers")?;
            count(&mut counts, &self.marks, (rows, self.across));
            Ok(counts)
        })
    }

    /// Words of an entry: a number, or a mark itself.
    fn words(&self) -> usize {
        self.uprights.as_ref().map_or(1, |uprights| uprights.words)
    }

    /// Words of all lists.
    pub(super) fn entries(&self) -> usize {
        self.firsts.last().map_or(0, |end| *end as usize * self.words())
    }

    /// Writes the entries where they belong.
    fn write(&self, entries: &mut [u32], interrupted: Interrupted<'_>) -> Result<()> {
        let stripes = self.stripes();
        let mut parts = Vec::with_capacity(stripes.len());
        let mut rest = entries;
        let at = |row: u32| self.firsts[(row - self.rows.start) as usize * self.across];
        for rows in &stripes {
            let end = self.firsts[(rows.end - self.rows.start) as usize * self.across];
            let words = (end - at(rows.start)) as usize * self.words();
            let Some((own, others)) = rest.split_at_mut_checked(words) else {
                return Err(Error::Internal("lists of layers are too short".into()));
            };
            parts.push(Mutex::new(own));
            rest = others;
        }
        side_by_side(stripes.len(), interrupted, |stripe| {
            let rows = &stripes[stripe];
            let Ok(mut own) = parts[stripe].lock() else { return Ok(()) };
            let first = (rows.start - self.rows.start) as usize * self.across;
            let begin = at(rows.start);
            let firsts = &self.firsts[first..=first + rows.len() * self.across];
            // Which of its list each entry is that comes next: those before the first are other lists'.
            let mut next = vec![0_u32.wrapping_sub(self.before); firsts.len()];
            let words = self.words();
            for marks in self.marks.iter() {
                marks.on(rows, |mark, of_mark| {
                    let upright = self.uprights.as_ref().and_then(|all| all.entry(mark.item));
                    for row in of_mark {
                        let first = (row - rows.start) as usize * self.across;
                        for eight in mark.columns[0]..=mark.columns[1] {
                            let place = first + usize::from(eight);
                            let number = next[place];
                            next[place] = number.wrapping_add(1);
                            if number >= firsts[place + 1] - firsts[place] {
                                continue;
                            }
                            let at = (firsts[place] - begin + number) as usize * words;
                            match upright {
                                Some(upright) => {
                                    let entry = upright.words(eight, row);
                                    own[at..at + words].copy_from_slice(&entry[..words]);
                                }
                                None => own[at] = mark.item,
                            }
                        }
                    }
                });
            }
            Ok(())
        })?;
        Ok(())
    }

    /// On the device: where lists begin, as numbers of the words of the buffer, and then these.
    pub(super) fn lend<'e>(
        &self,
        engine: &'e Engine,
        interrupted: Interrupted<'_>,
    ) -> Result<Lent<'e>> {
        let words = self.firsts.len() + self.entries();
        let mut buffer =
            engine.borrow_buffer("layers of rows", 4 * words as u64, MemoryUse::Upload)?;
        let memory = buffer.write()?.get_mut(..4 * words).unwrap_or_default();
        let (firsts, entries) = bytemuck::cast_slice_mut(memory).split_at_mut(self.firsts.len());
        let before = self.firsts.len() as u32;
        let each = self.words() as u32;
        for (target, first) in firsts.iter_mut().zip(&self.firsts) {
            *target = before + first * each;
        }
        self.write(entries, interrupted)?;
        Ok(buffer)
    }
}

#[cfg(test)]
mod tests;
