//! Drawing with sheets: again until none is missed, and in parts where not all that are needed have
//! room at a time.
//!
//! A picture is drawn in strips, or blocks, so that little is drawn again. When one misses sheets, a
//! few tiles of the whole band are drawn for their own: they find nearly all that it needs, level by
//! level, for a sixteenth of what drawing it takes. If that is more than there is room for, each
//! block has a few of its own tiles drawn first.

use super::Settled;
use crate::error::{Error, Result};
use crate::render::{Engine, Interrupted, Terrain};
use std::ops::Range;

/// A part of a picture, in pixels; or of a list, as one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::render) struct Region {
    pub(in crate::render) rows: Range<u32>,
    pub(in crate::render) columns: Range<u32>,
}

impl Region {
    /// Two halves of it, one above or beside the other, whose border is at a multiple of `least`;
    /// None of one that is no larger.
    fn halves(&self, least: u32) -> Option<[Self; 2]> {
        let middle = |side: &Range<u32>| {
            let half = ((side.end - side.start) / 2).next_multiple_of(least);
            (half < side.end - side.start && half > 0).then_some(side.start + half)
        };
        let Self { rows, columns } = self;
        if let Some(middle) = middle(rows) {
            return Some([
                Self { rows: rows.start..middle, columns: columns.clone() },
                Self { rows: middle..rows.end, columns: columns.clone() },
            ]);
        }
        middle(columns).map(|middle| {
            [
                Self { rows: rows.clone(), columns: columns.start..middle },
                Self { rows: rows.clone(), columns: middle..columns.end },
            ]
        })
    }
}

/// Which tiles of a part are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Tiles {
    All,
    /// One of sixteen, others with each turn.
    Few {
        turn: u32,
    },
}

impl Tiles {
    /// Columns and rows of tiles that are drawn of so many, at most.
    pub(in crate::render) fn most_of(self, [columns, rows]: [u32; 2]) -> [u32; 2] {
        match self {
            Self::All => [columns, rows],
            Self::Few { .. } => [columns.div_ceil(8), rows.div_ceil(2)],
        }
    }

    /// Bits of a tile's column and row, and what they are in tiles that are drawn. Ground that is
    /// seen at a low angle changes from row to row: fewer are left out there.
    pub(in crate::render) fn chosen(self) -> [[u32; 2]; 2] {
        match self {
            Self::All => [[0; 2]; 2],
            // All columns in eight turns, neighbours far apart in time.
            Self::Few { turn } => [[7, 1], [3 * turn % 8, turn % 2]],
        }
    }
}

/// What is drawn in parts.
pub(in crate::render) struct Whole {
    pub(in crate::render) region: Region,
    /// Parts are halved at multiples of this.
    pub(in crate::render) least: u32,
    /// Of a picture, columns and rows of what is drawn at a time; what is no picture has no tiles to
    /// look over first.
    pub(in crate::render) block: Option<[u32; 2]>,
}

/// Of what a few tiles are drawn next, when something is missed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Whole,
    Each,
    None,
}

impl Whole {
    /// Its blocks, the last one first.
    fn blocks(&self) -> Vec<Region> {
        let Region { rows, columns } = &self.region;
        let all = [columns.end - columns.start, rows.end - rows.start];
        let [wide, high] = self.block.unwrap_or(all).map(|side| side.max(1));
        let pieces = |side: &Range<u32>, step: u32| {
            let end = side.end;
            side.clone()
                .step_by(step as usize)
                .map(move |first| first..end.min(first.saturating_add(step)))
        };
        let blocks = pieces(rows, high).flat_map(|rows| {
            pieces(columns, wide).map(move |columns| Region { rows: rows.clone(), columns })
        });
        let mut blocks: Vec<_> = blocks.collect();
        blocks.reverse();
        blocks
    }
}

impl Terrain {
    /// Draws `whole` with all the sheets that it needs, in parts, each of them handed to `take`:
    /// in smaller ones if there is no room for so many at a time. A DEM that is there as a whole is
    /// drawn once.
    pub(in crate::render) fn in_parts<T>(
        &self,
        engine: &Engine,
        whole: &Whole,
        interrupted: Interrupted<'_>,
        mut draw: impl FnMut(&Region, Tiles) -> Result<T>,
        mut take: impl FnMut(&Region, T) -> Result<()>,
    ) -> Result<()> {
        let Some(sheets) = &self.sheets else {
            return take(&whole.region, draw(&whole.region, Tiles::All)?);
        };
        let mut settle = |part: &Region, tiles: Tiles| {
            let drawn = draw(part, tiles)?;
            let settled = sheets.settle(engine, interrupted)?;
            if settled == Settled::Again && interrupted() {
                return Err(Error::Interrupted);
            }
            Ok((drawn, settled))
        };
        let mut look = if whole.block.is_some() { Look::Whole } else { Look::None };
        let mut parts = whole.blocks();
        while let Some(part) = parts.pop() {
            sheets.begin();
            let mut looked_over = false;
            loop {
                match settle(&part, Tiles::All)? {
                    (drawn, Settled::Complete) => {
                        take(&part, drawn)?;
                        break;
                    }
                    (_, Settled::Again) if looked_over || look == Look::None => continue,
                    (_, Settled::Again) => {
                        let of = if look == Look::Whole { &whole.region } else { &part };
                        let mut turn = 0;
                        let settled = loop {
                            match settle(of, Tiles::Few { turn })?.1 {
                                Settled::Again => turn += 1,
                                settled => break settled,
                            }
                        };
                        sheets.begin();
                        looked_over = look == Look::Each;
                        let too_many = settled == Settled::TooMany;
                        if look == Look::Whole {
                            look = if too_many { Look::Each } else { Look::None };
                            continue;
                        }
                        if !too_many {
                            continue;
                        }
                    }
                    (_, Settled::TooMany) => {}
                }
                let halves = part.halves(whole.least).ok_or_else(|| self.no_room())?;
                parts.extend(halves.into_iter().rev());
                break;
            }
        }
        Ok(())
    }

    fn no_room(&self) -> Error {
        let slots = self.sheets.as_ref().map_or(0, |sheets| sheets.source.cut.slots);
        Error::invalid(format!(
            "max_memory must hold the ground that a few neighbouring pixels look over; got room for {slots} sheets of the DEM; pass \
             a larger max_memory, or detail=\"auto\""
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Region, Whole};

    #[test]
    fn halves_cover_all_of_it_down_to_a_tile() {
        let mut parts = vec![Region { rows: 16..133, columns: 0..50 }];
        let mut smallest = Vec::new();
        while let Some(part) = parts.pop() {
            match part.halves(8) {
                Some(halves) => parts.extend(halves),
                None => smallest.push(part),
            }
        }
        let sides = |part: &Region| [part.rows.len(), part.columns.len()];
        assert!(smallest.iter().all(|part| sides(part).iter().all(|side| (1..=8).contains(side))));
        assert!(
            smallest.iter().all(|part| part.rows.start % 8 == 0 && part.columns.start % 8 == 0)
        );
        assert_eq!(
            smallest.iter().map(|part| sides(part).iter().product::<usize>()).sum::<usize>(),
            117 * 50
        );
    }

    #[test]
    fn blocks_cover_all_of_it_from_the_top() {
        let region = Region { rows: 16..133, columns: 0..50 };
        for block in [Some([50, 8]), Some([16, 48]), Some([500, 500]), Some([8, 200]), None] {
            let mut blocks = Whole { region: region.clone(), least: 8, block }.blocks();
            let mut next = [0, 16];
            while let Some(Region { rows, columns }) = blocks.pop() {
                assert_eq!([columns.start, rows.start], next, "{block:?}");
                next = if columns.end == 50 { [0, rows.end] } else { [columns.end, rows.start] };
            }
            assert_eq!(next, [0, 133]);
        }
    }
}
