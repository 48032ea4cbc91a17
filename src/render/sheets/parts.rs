//! Drawing with sheets: again until none is missed, and in parts where not all that are needed have
//! room at a time.

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

impl Terrain {
    /// Draws `whole` with all the sheets that it needs, if there is room for so many at a time;
    /// else in parts, each of them handed to `take`. A DEM that is there as a whole is drawn once.
    pub(in crate::render) fn in_parts<T>(
        &self,
        engine: &Engine,
        whole: Region,
        least: u32,
        interrupted: Interrupted<'_>,
        mut draw: impl FnMut(&Region) -> Result<T>,
        mut take: impl FnMut(&Region, T) -> Result<()>,
    ) -> Result<()> {
        let mut parts = vec![whole];
        while let Some(part) = parts.pop() {
            match self.until_complete(engine, interrupted, || draw(&part))? {
                Some(drawn) => take(&part, drawn)?,
                None => parts
                    .extend(part.halves(least).ok_or_else(|| self.no_room())?.into_iter().rev()),
            }
        }
        Ok(())
    }

    /// None if more sheets are needed than there is room for.
    fn until_complete<T>(
        &self,
        engine: &Engine,
        interrupted: Interrupted<'_>,
        mut draw: impl FnMut() -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(sheets) = &self.sheets else { return draw().map(Some) };
        sheets.begin();
        loop {
            let drawn = draw()?;
            match sheets.settle(engine, interrupted)? {
                Settled::Complete => return Ok(Some(drawn)),
                Settled::TooMany => return Ok(None),
                Settled::Again if interrupted() => return Err(Error::Interrupted),
                Settled::Again => {}
            }
        }
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
    use super::Region;

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
}
