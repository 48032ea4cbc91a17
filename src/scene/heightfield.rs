//! A raster of heights with its spacing.

use std::sync::OnceLock;

use super::holes::{HoleMask, fill};
use super::outline::Outline;
use super::statistics::{Normalize, Stats, normalize, stats};
use super::survey::Survey;
use crate::error::{Error, Result};

/// Heights in metres, row-major, row 0 = north, column 0 = west; NaN is a hole. At least 2 x 2,
/// never infinite.
///
/// Sample (i, j) is at x = (j − (W−1)/2)·dx, y = ((H−1)/2 − i)·dy, z = height · exaggeration.
#[derive(Clone, Debug)]
pub struct Heightfield {
    heights: Vec<f32>,
    columns: usize,
    rows: usize,
    spacing: [f64; 2],
    exaggeration: f64,
    range: Option<[f32; 2]>,
    holes: bool,
    outline: Outline,
    painted: Option<HoleMask>,
    /// Column and row of its first sample in the raster that it was cut from: pictures of such
    /// parts, a pixel for each sample, fit each other. None of a DEM that stands alone.
    pub cut_at: Option<[i64; 2]>,
    // Asked for often and slow for a large raster.
    stats: OnceLock<Stats>,
}

impl Heightfield {
    /// Takes `heights` (rows · columns of them) with (dx, dy) metres between samples and a factor
    /// on heights.
    pub fn new(
        heights: Vec<f32>,
        columns: usize,
        rows: usize,
        spacing: [f64; 2],
        exaggeration: f64,
    ) -> Result<Self> {
        if columns < 2 || rows < 2 {
            return Err(Error::invalid(format!(
                "heightmap must be at least 2 x 2; got {rows} x {columns} (rows x columns); a surface needs four samples"
            )));
        }
        if columns.checked_mul(rows) != Some(heights.len()) {
            return Err(Error::invalid(format!(
                "heightmap must hold rows x columns samples; expected {rows} x {columns}, got {}; pass all of them",
                heights.len()
            )));
        }
        check_spacing(spacing)?;
        check_exaggeration(exaggeration)?;
        let mut field = Self {
            heights,
            columns,
            rows,
            spacing,
            exaggeration,
            range: None,
            holes: false,
            outline: Outline::default(),
            painted: None,
            cut_at: None,
            stats: OnceLock::new(),
        };
        field.scan()?;
        Ok(field)
    }

    /// That of a DEM whose heights stay where they are, with all else that a survey of them has
    /// found.
    pub fn surveyed(survey: &Survey, spacing: [f64; 2], exaggeration: f64) -> Result<Self> {
        check_spacing(spacing)?;
        check_exaggeration(exaggeration)?;
        let [columns, rows] = survey.size;
        let stats = survey.stats;
        let scaled = Stats {
            min: stats.min * exaggeration,
            max: stats.max * exaggeration,
            mean: stats.mean * exaggeration,
            std: stats.std * exaggeration,
        };
        let field = Self {
            heights: Vec::new(),
            columns,
            rows,
            spacing,
            exaggeration,
            range: survey.range,
            holes: survey.holes,
            outline: survey.outline.clone(),
            painted: None,
            cut_at: None,
            stats: OnceLock::from(scaled),
        };
        if let Some(range) = field.range {
            field.check_tallest(f64::from(range[0].abs().max(range[1].abs())))?;
        }
        Ok(field)
    }

    /// Samples, row-major.
    pub fn heights(&self) -> &[f32] {
        &self.heights
    }

    /// W.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// H.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// (dx, dy) in metres.
    pub fn spacing(&self) -> [f64; 2] {
        self.spacing
    }

    /// Factor on heights.
    pub fn exaggeration(&self) -> f64 {
        self.exaggeration
    }

    /// Least and greatest of the DEM's own heights, before exaggeration; None if all are NaN.
    pub fn range(&self) -> Option<[f32; 2]> {
        self.range
    }

    /// How far its ground reaches in each direction.
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Is any sample NaN?
    pub fn has_holes(&self) -> bool {
        self.holes
    }

    /// The same with ground in place of holes, for pictures that paint them; it knows where they
    /// were.
    pub fn with_painted_holes(&self) -> Result<Self> {
        let painted = HoleMask::new(&self.heights, self.columns)?;
        let heights = fill(&self.heights, self.columns)?;
        let [columns, rows] = [self.columns, self.rows];
        let filled = Self::new(heights, columns, rows, self.spacing, self.exaggeration)?;
        Ok(Self { painted: Some(painted), cut_at: self.cut_at, ..filled })
    }

    /// Puts its own holes into a copy of a rectangle [column, row, width] of it.
    pub fn mark_holes(&self, part: &mut [f32], [column, row, width]: [usize; 3]) {
        let rows = self.heights.chunks_exact(self.columns).skip(row);
        for (part, own) in part.chunks_exact_mut(width.max(1)).zip(rows) {
            let holes =
                part.iter_mut().zip(own.iter().skip(column)).filter(|(_, own)| own.is_nan());
            holes.for_each(|(height, own)| *height = *own);
        }
    }

    /// Where there were holes before they were painted; None of a DEM as it is.
    pub fn painted_holes(&self) -> Option<&HoleMask> {
        self.painted.as_ref()
    }

    /// Statistics of height · exaggeration; computed once.
    pub fn stats(&self) -> Stats {
        *self.stats.get_or_init(|| stats(&self.heights, self.exaggeration))
    }

    /// Brings the DEM's own heights to a common scale, in place. Returns their statistics from
    /// before.
    pub fn normalize(&mut self, mode: Normalize) -> Result<Stats> {
        // Refused before anything is changed.
        if let Normalize::MinMax { range, .. } = mode {
            self.check_tallest(range[0].abs().max(range[1].abs()))?;
        }
        let before = normalize(&mut self.heights, mode);
        self.scan()?;
        Ok(before)
    }

    /// Statistics, if they have been asked for before.
    pub fn known_stats(&self) -> Option<Stats> {
        self.stats.get().copied()
    }

    /// World z of the surface above a place in world metres; NaN outside the samples and in holes.
    /// Needs the samples.
    pub fn surface_at(&self, place: [f64; 2]) -> f64 {
        self.surface_of(place, |[column, row]| {
            [[0, 0], [1, 0], [0, 1], [1, 1]].map(|[right, down]| {
                let at = (row + down) * self.columns + column + right;
                self.heights.get(at).copied().unwrap_or(f32::NAN)
            })
        })
    }

    /// The same, where `corners` gives the four samples of the patch that begins with one: its own,
    /// and those to the east, the south and both.
    pub fn surface_of(&self, place: [f64; 2], corners: impl FnOnce([usize; 2]) -> [f32; 4]) -> f64 {
        let Some((patch, [right, down])) = self.patch_under(place) else { return f64::NAN };
        let shares = [1.0 - down, down].map(|share| [share * (1.0 - right), share * right]);
        let mut height = 0.0;
        for (own, share) in corners(patch).into_iter().zip(shares.into_iter().flatten()) {
            // Of a hole beside a border of its own patch nothing is seen on the border.
            if share > 0.0 {
                height += share * f64::from(own);
            }
        }
        height * self.exaggeration
    }

    /// The first sample, (column, row), of the patch under a place in world metres, and where in
    /// the patch that is, in parts of it; None outside the samples.
    pub fn patch_under(&self, [x, y]: [f64; 2]) -> Option<([usize; 2], [f64; 2])> {
        let middle = [self.columns, self.rows].map(|samples| (samples - 1) as f64 / 2.0);
        let [column, row] = [x / self.spacing[0] + middle[0], middle[1] - y / self.spacing[1]];
        let inside = |at: f64, middle: f64| at >= 0.0 && at <= 2.0 * middle;
        if !(inside(column, middle[0]) && inside(row, middle[1])) {
            return None;
        }
        let (left, top) =
            ((column as usize).min(self.columns - 2), (row as usize).min(self.rows - 2));
        Some(([left, top], [column - left as f64, row - top as f64]))
    }

    /// Frees the samples, where something else has them; all else that is known of them stays.
    pub fn release_heights(&mut self) {
        self.heights = Vec::new();
    }

    /// Are the samples there?
    pub fn has_heights(&self) -> bool {
        !self.heights.is_empty()
    }

    /// Takes back the samples that [`release_heights`](Self::release_heights) freed.
    pub fn restore_heights(&mut self, heights: Vec<f32>) {
        debug_assert_eq!(heights.len(), self.columns * self.rows);
        self.heights = heights;
    }

    /// Its samples, row-major.
    pub fn into_heights(self) -> Vec<f32> {
        self.heights
    }

    // Everything that is known about the samples, and that none is infinite.
    fn scan(&mut self) -> Result<()> {
        let (outline, found) = Outline::new(&self.heights, self.columns)?;
        self.holes = found.holes;
        self.range = (found.min <= found.max).then_some([found.min, found.max]);
        self.stats = OnceLock::new();
        if let Some(range) = self.range {
            if range.iter().any(|end| end.is_infinite()) {
                return Err(infinite(&self.heights, self.columns));
            }
            self.check_tallest(f64::from(range[0].abs().max(range[1].abs())))?;
        }
        self.outline = outline;
        Ok(())
    }

    fn check_tallest(&self, height: f64) -> Result<()> {
        let tallest = height * self.exaggeration;
        if tallest > f64::from(f32::MAX) {
            return Err(Error::invalid(format!(
                "height times exaggeration must be finite in float32; got up to {tallest:e}; use a smaller \
                 exaggeration or metres"
            )));
        }
        Ok(())
    }
}

/// (dx, dy), both finite and > 0.
pub fn check_spacing(spacing: [f64; 2]) -> Result<()> {
    if spacing.iter().all(|step| step.is_finite() && *step > 0.0) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "spacing must be (dx, dy): spacing components must be finite and > 0; got ({}, {}); pass metres between samples",
        spacing[0], spacing[1]
    )))
}

/// Factor on heights, finite and > 0.
pub fn check_exaggeration(exaggeration: f64) -> Result<()> {
    if exaggeration.is_finite() && exaggeration > 0.0 {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "exaggeration must be finite and > 0; got {exaggeration}; pass exaggeration (vert_exag) 1 for true heights"
    )))
}

pub(crate) fn infinite(heights: &[f32], columns: usize) -> Error {
    let count = heights.iter().filter(|height| height.is_infinite()).count();
    let first = heights.iter().position(|height| height.is_infinite()).unwrap_or(0);
    Error::invalid(format!(
        "heightmap must be finite in float32, or NaN where there is no ground; got {count} infinite value{}, the first at \
         row {}, column {}; replace them with NaN",
        if count == 1 { "" } else { "s" },
        first / columns,
        first % columns
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn message(
        heights: Vec<f32>,
        columns: usize,
        rows: usize,
        spacing: [f64; 2],
        exaggeration: f64,
    ) -> String {
        Heightfield::new(heights, columns, rows, spacing, exaggeration).unwrap_err().to_string()
    }

    #[test]
    fn knows_its_numbers() {
        let field =
            Heightfield::new(vec![1.0, 2.0, f32::NAN, -4.0, 0.0, 3.0], 3, 2, [30.0, 20.0], 2.0)
                .unwrap();
        assert_eq!((field.columns(), field.rows(), field.spacing()), (3, 2, [30.0, 20.0]));
        assert_eq!(field.range(), Some([-4.0, 3.0]));
        assert!(field.has_holes());
        let stats = field.stats();
        assert_eq!((stats.min, stats.max, stats.mean), (-8.0, 6.0, 0.8));
    }

    #[test]
    fn the_surface_is_bilinear_between_samples() {
        let heights = vec![0.0, 1.0, f32::NAN, 2.0, 5.0, 7.0];
        let field = Heightfield::new(heights, 3, 2, [10.0, 20.0], 2.0).unwrap();
        let near = |place, z: f64| {
            let found: f64 = field.surface_at(place);
            assert!((found - z).abs() < 1e-12, "{place:?}: {found}");
        };
        near([-10.0, 10.0], 0.0);
        near([0.0, -10.0], 10.0);
        near([-5.0, 0.0], 4.0);
        near([-2.5, 5.0], 2.0 * (0.75 * 0.75 + 0.25 * (0.25 * 2.0 + 0.75 * 5.0)));
        for outside in [[10.0, 10.0], [5.0, 0.0], [-10.1, 0.0], [0.0, 10.1], [f64::NAN, 0.0]] {
            assert!(field.surface_at(outside).is_nan(), "{outside:?}");
        }
        near([0.0, 0.0], 6.0);
    }

    #[test]
    fn all_holes_is_a_terrain_without_range() {
        let field = Heightfield::new(vec![f32::NAN; 4], 2, 2, [1.0; 2], 1.0).unwrap();
        assert_eq!(field.range(), None);
        assert!(field.stats().std.is_nan());
    }

    #[test]
    fn normalize_renews_what_is_known() {
        let mut field = Heightfield::new(vec![1.0, 2.0, 3.0, 5.0], 2, 2, [1.0; 2], 10.0).unwrap();
        assert_eq!(field.stats().max, 50.0);
        field.normalize(Normalize::parse("minmax", None, None).unwrap()).unwrap();
        assert_eq!(field.range(), Some([0.0, 1.0]));
        assert_eq!((field.heights()[1], field.stats().max), (0.25, 10.0));
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(message(vec![0.0; 3], 3, 1, [1.0; 2], 1.0).contains("at least 2 x 2; got 1 x 3"));
        assert!(message(vec![0.0; 5], 2, 2, [1.0; 2], 1.0).contains("got 5"));
        assert!(message(vec![0.0; 4], usize::MAX, 2, [1.0; 2], 1.0).contains("rows x columns"));
        for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(message(vec![0.0; 4], 2, 2, [1.0, step], 1.0).starts_with("spacing must be"));
            assert!(
                message(vec![0.0; 4], 2, 2, [1.0; 2], step).starts_with("exaggeration must be")
            );
        }
        let text = message(vec![0.0, 1.0, f32::INFINITY, f32::NEG_INFINITY], 2, 2, [1.0; 2], 1.0);
        assert!(text.contains("2 infinite values, the first at row 1, column 0"), "{text}");
        assert!(
            message(vec![f32::MAX; 4], 2, 2, [1.0; 2], 2.0)
                .starts_with("height times exaggeration")
        );
    }
}
