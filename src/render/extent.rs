//! How large the ground is: samples, cells and heights.

use crate::scene::{Heightfield, Survey};

/// What is known of a DEM without its heights.
#[derive(Clone, Debug)]
pub(super) struct Extent {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// (dx, dy) in metres.
    pub(super) spacing: [f64; 2],
    pub(super) exaggeration: f64,
    /// Least and greatest height, before exaggeration. A DEM without a single finite sample has no
    /// surface; any range will do for it.
    pub(super) range: [f32; 2],
    /// Middle of the range, or about that: walking relative to it keeps the digits of a float for
    /// the relief.
    pub(super) reference_height: f32,
    pub(super) has_holes: bool,
    /// Column and row of its first sample in the raster that it was cut from.
    pub(super) cut_at: Option<[i64; 2]>,
}

impl Extent {
    pub(super) fn of(field: &Heightfield) -> Self {
        let range = field.range().unwrap_or([0.0, 0.0]);
        Self {
            columns: field.columns(),
            rows: field.rows(),
            spacing: field.spacing(),
            exaggeration: field.exaggeration(),
            range,
            reference_height: range[0] * 0.5 + range[1] * 0.5,
            has_holes: field.has_holes(),
            cut_at: field.cut_at,
        }
    }

    /// That of a DEM which stays where it is.
    pub(super) fn surveyed(field: &Heightfield, survey: &Survey) -> Self {
        Self { reference_height: survey.reference, ..Self::of(field) }
    }

    /// (W − 1)·dx and (H − 1)·dy: from the first sample to the last.
    pub(super) fn sides(&self) -> [f64; 2] {
        [(self.columns - 1) as f64 * self.spacing[0], (self.rows - 1) as f64 * self.spacing[1]]
    }
}
