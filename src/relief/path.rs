//! The cells that a direction's ray visits, and their code for `shaders/horizon.comp`.
//!
//! A ray is sampled every third of a cell from one cell to the radius, each sample rounded to the
//! nearest cell (halves to even), each cell taken once: the samples of RVT (Zakšek et al. 2011), so
//! that results agree with it.

use crate::scene::vector::direction_deg;

/// Samples for each cell's length.
const SAMPLES: f64 = 3.0;

/// The whole number nearest to a place that may be off in its last digits; halves to even.
pub(super) fn nearest(place: f64) -> f64 {
    const FINE: f64 = 1_048_576.0;
    ((place * FINE).round() / FINE).round_ties_even()
}

/// One direction's cells, as (columns east, rows south) from the ray's foot, nearest first.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) offsets: Vec<[i32; 2]>,
    /// (east, north) unit vector.
    pub(super) towards: [f64; 2],
}

impl Path {
    /// The ray with compass bearing `azimuth_deg`, in cells of (dx, dy) metres, that ends at
    /// `radius` metres or outside a raster of `size` = (columns, rows), where no cell has ground
    /// any more.
    pub(super) fn new(azimuth_deg: f64, radius: f64, spacing: [f64; 2], size: [usize; 2]) -> Self {
        let [east, north, _] = direction_deg(azimuth_deg, 0.0);
        let least = spacing[0].min(spacing[1]);
        let mut offsets = Vec::new();
        for sample in 0.. {
            let reach = least * (1.0 + f64::from(sample) / SAMPLES);
            if reach > radius * (1.0 + 1e-9) {
                break;
            }
            let place = [reach * east / spacing[0], -reach * north / spacing[1]].map(nearest);
            if place[0].abs() >= size[0] as f64 || place[1].abs() >= size[1] as f64 {
                break;
            }
            let place = place.map(|cells| cells as i32);
            if place != [0, 0] && offsets.last() != Some(&place) {
                offsets.push(place);
            }
        }
        Self { offsets, towards: [east, north] }
    }

    /// Farthest (columns, rows).
    pub(super) fn reach(&self) -> [usize; 2] {
        self.offsets.last().map_or([0, 0], |place| place.map(|cells| cells.unsigned_abs() as usize))
    }

    /// The code: a head, the direction, then runs of column steps followed by row steps. A step to
    /// a cell that is not the ray's own is marked as not to be looked at. Also how often the
    /// shader's loops turn.
    pub(super) fn code(&self) -> (Vec<u32>, u32) {
        let [x_end, y_end] = self.offsets.last().copied().unwrap_or_default();
        let mut steps = Vec::new();
        let mut at = [0, 0];
        for place in &self.offsets {
            let place = place.map(i32::abs);
            let row_too = place[1] > at[1];
            if place[0] > at[0] {
                steps.push(Step { along_row: true, seen: !row_too });
            }
            if row_too {
                steps.push(Step { along_row: false, seen: true });
            }
            at = place;
        }
        let late = steps.first().is_none_or(|step| !step.along_row);
        if late {
            steps.insert(0, Step { along_row: true, seen: false });
        }
        if steps.last().is_none_or(|step| step.along_row) {
            steps.push(Step { along_row: false, seen: false });
        }
        let mut runs = Vec::new();
        let mut rest = steps.as_slice();
        while !rest.is_empty() {
            let columns = rest.iter().take_while(|step| step.along_row).count();
            let rows = rest.iter().skip(columns).take_while(|step| !step.along_row).count();
            let unseen = |index: usize| u32::from(rest.get(index).is_some_and(|step| !step.seen));
            let marks = unseen(columns.saturating_sub(1)) << 30 | unseen(columns + rows - 1) << 31;
            runs.push(columns as u32 | (rows as u32) << 15 | marks);
            rest = rest.get(columns + rows..).unwrap_or_default();
        }
        let head = u32::from(x_end < 0)
            | u32::from(y_end < 0) << 1
            | u32::from(late) << 2
            | (runs.len() as u32) << 3;
        let turns = (steps.len() + runs.len() + 1) as u32;
        let [east, north] = self.towards.map(|part| (part as f32).to_bits());
        let mut code = vec![head, east, north];
        code.append(&mut runs);
        (code, turns)
    }
}

#[derive(Clone, Copy)]
struct Step {
    along_row: bool,
    seen: bool,
}

#[cfg(test)]
mod tests {
    use super::Path;

    /// What the shader does with a code.
    fn walked(path: &Path) -> Vec<[i32; 2]> {
        let (code, turns) = path.code();
        let head = code[0];
        let sign = |bit: u32| if head >> bit & 1 == 1 { -1 } else { 1 };
        let (mut x, mut y) = (if head & 4 == 0 { 0 } else { -1 }, 0);
        let (mut seen, mut count) = (Vec::new(), 1);
        for run in &code[3..] {
            count += 1;
            let (columns, rows) = (run & 0x7fff, run >> 15 & 0x7fff);
            assert!(columns > 0 && rows > 0, "both loops turn at least once");
            for left in (0..columns).rev() {
                x += 1;
                count += 1;
                if left > 0 || run >> 30 & 1 == 0 {
                    seen.push([sign(0) * x, sign(1) * y]);
                }
            }
            for _ in 0..rows {
                y += 1;
                count += 1;
                if run >> 31 == 0 {
                    seen.push([sign(0) * x, sign(1) * y]);
                }
            }
        }
        assert_eq!(count, turns);
        assert_eq!(code.len() as u32 - 3, head >> 3);
        seen
    }

    #[test]
    fn a_code_visits_the_path() {
        for spacing in [[1.0, 1.0], [30.0, 30.0], [1.0, 3.0], [2.0, 1.9], [10.0, 1.0]] {
            for directions in [1, 2, 3, 8, 16, 24, 37, 360] {
                for direction in 0..directions {
                    let azimuth = 360.0 * f64::from(direction) / f64::from(directions);
                    for radius in [0.5, 1.0, 2.0, 10.0, 77.7, 1000.0] {
                        let path = Path::new(azimuth, radius, spacing, [60, 50]);
                        assert_eq!(walked(&path), path.offsets, "{azimuth} {radius} {spacing:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn paths_are_those_of_rvt() {
        // horizon_shift_vector(16, 5, 1) of rvt-py, 0 and 22.5 degrees, as rows north and columns:
        // signs by symmetry.
        let north = Path::new(0.0, 5.0, [1.0; 2], [99, 99]);
        assert_eq!(north.offsets, [[0, -1], [0, -2], [0, -3], [0, -4], [0, -5]]);
        let east_north_east = Path::new(67.5, 5.0, [1.0; 2], [99, 99]);
        assert_eq!(east_north_east.offsets, [[1, 0], [1, -1], [2, -1], [3, -1], [4, -2], [5, -2]]);
    }
}
