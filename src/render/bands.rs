//! A picture in bands of whole rows: bounded memory, bounded submissions, and a place to ask for
//! Ctrl-C.

use super::mosaic::TILE;
use super::tiles::MOST_TILES;
use std::ops::Range;

/// Most rays of one submission: well under a second on two cores of software Vulkan.
const RAYS: u64 = 1 << 22;

/// Most rays that are drawn at a time of a DEM in sheets, where something may be missed: then all
/// of them are drawn again.
const BLOCK_RAYS: u32 = 1 << 18;
/// Rows of a block: high, since it sees the same sheets near by and far off.
const BLOCK_ROWS: u32 = 256;
/// Rows from which on whole rows of the picture are drawn in place of blocks: a low strip sees
/// sheets of all directions.
const LEAST_STRIP_ROWS: u32 = 32;

/// Columns and rows that so many rays fill, in whole tiles: of whole rows of the picture, if these
/// are not too long.
pub(super) fn block(width: u32, samples: u32) -> [u32; 2] {
    let pixels = BLOCK_RAYS / samples.max(1);
    let rows = pixels / width.max(1) / TILE * TILE;
    if rows >= LEAST_STRIP_ROWS {
        return [width, rows];
    }
    [(pixels / BLOCK_ROWS / TILE * TILE).max(TILE), BLOCK_ROWS]
}

/// The bands of `within`, which are rows of a picture, top to bottom, each at least one row and at
/// most `max_rows`, whose tiles take no more than `max_bytes` at `bytes_per_pixel`.
pub(super) fn bands(
    size: [u32; 2],
    within: Range<u32>,
    samples: u32,
    bytes_per_pixel: u64,
    max_bytes: u64,
    max_rows: u32,
) -> impl Iterator<Item = Range<u32>> {
    let width = u64::from(size[0].max(1));
    let by_rays = RAYS / (width * u64::from(samples.max(1)));
    let tile_row = width.next_multiple_of(TILE.into()) * bytes_per_pixel.max(1) * u64::from(TILE);
    let by_bytes = max_bytes / tile_row * u64::from(TILE);
    let by_tiles = u64::from(MOST_TILES / size[0].max(1).div_ceil(TILE) * TILE);
    let rows = by_rays.min(by_bytes).min(by_tiles).min(max_rows.into());
    let whole_tiles = if rows < u64::from(TILE) { rows } else { rows - rows % u64::from(TILE) };
    let rows = whole_tiles.clamp(1, u64::from(size[1].max(1))) as u32;
    let end = within.end.min(size[1]);
    (within.start..end)
        .step_by(rows as usize)
        .map(move |first| first..end.min(first.saturating_add(rows)))
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_RAYS, MOST_TILES, TILE, bands, block};

    #[test]
    fn blocks_are_whole_tiles_of_bounded_rays() {
        for width in [1, 160, 1920, 6000, 30_000, 65_535] {
            for samples in [1, 4, 16] {
                let [columns, rows] = block(width, samples);
                assert!(columns == width || columns % TILE == 0);
                assert!(rows % TILE == 0 && rows > 0);
                assert!(columns * rows * samples <= BLOCK_RAYS);
            }
        }
        assert_eq!(block(1920, 1)[0], 1920);
        assert_eq!(block(30_000, 4), [256, 256]);
    }

    #[test]
    fn bands_cover_every_row_once_within_the_limits() {
        for (size, samples, bytes, limit) in [
            ([1920, 1080], 1, 4, 1 << 27),
            ([65_535, 65_535], 16, 32, 1 << 27),
            ([1, 1], 1, 4, 4),
            ([7, 100], 1, 4, 30),
        ] {
            let mut next = 0;
            for band in bands(size, 0..u32::MAX, samples, bytes, limit, u32::MAX) {
                assert_eq!(band.start, next);
                assert!(band.end > band.start);
                let rows = u64::from(band.end - band.start);
                let tiles = u64::from(size[0].div_ceil(TILE)) * rows.div_ceil(u64::from(TILE));
                assert!(tiles <= u64::from(MOST_TILES));
                let [width, height] =
                    [size[0].into(), rows].map(|side: u64| side.next_multiple_of(TILE.into()));
                assert!(rows == 1 || width * height * bytes <= limit);
                next = band.end;
            }
            assert_eq!(next, size[1]);
            let part: Vec<_> = bands(size, 8..50, samples, bytes, limit, 16).collect();
            assert_eq!(part.first().map(|band| band.start), (size[1] > 8).then_some(8));
            assert_eq!(part.last().map_or(size[1], |band| band.end), size[1].min(50));
        }
    }
}
