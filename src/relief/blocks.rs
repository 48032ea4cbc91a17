//! A raster in blocks of whole rows: bounded memory on the device, bounded submissions, and a place
//! to ask for Ctrl-C.
//!
//! A block's result must not depend on where the blocks begin, so that any budget gives the same
//! bytes.

use std::ops::Range;

/// What one block may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Most cells of one submission's output.
    pub cells: u64,
    /// Most bytes of one buffer, whatever `cells` says.
    pub buffer_bytes: u64,
}

/// The blocks of `rows` rows, north to south: rows to write, and rows to read for them, `halo` more
/// on either side within the raster. Each writes at least one row. A row of the buffers takes
/// `row_bytes`.
pub fn blocks(
    rows: usize,
    columns: usize,
    halo: usize,
    row_bytes: u64,
    budget: Budget,
) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    let by_cells = budget.cells / columns.max(1) as u64;
    let by_bytes = (budget.buffer_bytes / row_bytes.max(1)).saturating_sub(2 * halo as u64);
    let step = by_cells.min(by_bytes).clamp(1, rows.max(1) as u64) as usize;
    (0..rows).step_by(step).map(move |first| {
        let end = rows.min(first + step);
        (first..end, first.saturating_sub(halo)..rows.min(end + halo))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_every_row_once_within_the_budget() {
        for (rows, columns, halo, cells, bytes) in [
            (1, 1, 1, 1, 1),
            (100, 7, 1, 50, 1 << 20),
            (4096, 4096, 1, 1 << 20, 1 << 27),
            (10, 10, 30, 10, 400),
        ] {
            let row_bytes = 4 * columns as u64;
            let mut next = 0;
            for (write, read) in
                blocks(rows, columns, halo, row_bytes, Budget { cells, buffer_bytes: bytes })
            {
                assert_eq!(write.start, next);
                assert!(write.end > write.start);
                assert_eq!(read, write.start.saturating_sub(halo)..rows.min(write.end + halo));
                let count = write.len() as u64;
                assert!(
                    count == 1
                        || (count * columns as u64 <= cells
                            && (read.len() as u64) * row_bytes <= bytes)
                );
                next = write.end;
            }
            assert_eq!(next, rows);
        }
    }
}
