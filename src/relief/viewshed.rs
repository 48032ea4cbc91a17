//! What an observer sees.

use super::Dem;
use super::margin::too_small;
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::viewshed::{Bindings, Block, Constants, Shader};
use crate::gpu::{Commands, Interrupted, MemoryUse, Workshop};

/// Rings of one submission: as many dispatches as a recording holds.
const RINGS: usize = 32;

/// Who looks, and how.
#[derive(Clone, Copy, Debug)]
pub struct Observer {
    /// World metres from the raster's centre, x east and y north.
    pub place: [f64; 2],
    /// Of the eye above the ground, in metres.
    pub height: f64,
    /// Of what is looked at above the ground.
    pub target_height: f64,
    /// How far the ground sinks below the level, in units of distance² / (2 · radius): 0 for a flat
    /// body, 1 for a round one without air, 6/7 with the Earth's usual refraction.
    pub curvature: f64,
    /// Of the body, in metres.
    pub radius: f64,
    /// Cells farther away are not looked at; infinite for all.
    pub max_distance: f64,
}

impl Observer {
    /// Column and row of the cell that holds the observer.
    fn cell(&self, dem: &Dem<'_>, spacing: [f64; 2]) -> Result<[usize; 2]> {
        let size = [dem.columns(), dem.rows()];
        let sides = [self.place[0] / spacing[0], -self.place[1] / spacing[1]];
        let place = [0, 1].map(|axis| (sides[axis] + size[axis] as f64 / 2.0).floor());
        let inside = (0..2).all(|axis| place[axis] >= 0.0 && place[axis] < size[axis] as f64);
        if !inside {
            return Err(Error::invalid(format!(
                "x and y must lie on the dem; expected |x| < {} and |y| < {} metres from its centre, got ({}, {}); \
                 x runs east, y north",
                0.5 * spacing[0] * size[0] as f64,
                0.5 * spacing[1] * size[1] as f64,
                self.place[0],
                self.place[1]
            )));
        }
        let cell = place.map(|cells| cells as usize);
        if dem.row(cell[1]).get(cell[0]).is_none_or(|height| height.is_nan()) {
            return Err(Error::invalid(format!(
                "x and y must lie on known ground; got a hole at row {}, column {}; choose another place",
                cell[1], cell[0]
            )));
        }
        Ok(cell)
    }

    fn check(&self) -> Result<()> {
        let finite = [
            ("height", self.height),
            ("target_height", self.target_height),
            ("curvature", self.curvature),
        ];
        for (name, value) in finite {
            if !value.is_finite() || value < 0.0 {
                return Err(Error::invalid(format!(
                    "{name} must be finite and >= 0; got {value}; pass metres, e.g. 2.0"
                )));
            }
        }
        if !(self.radius.is_finite() && self.radius > 0.0) {
            return Err(Error::invalid(format!(
                "body_radius must be finite and > 0; got {}; pass metres, e.g. 6378137 for the Earth",
                self.radius
            )));
        }
        if self.max_distance.is_nan() || self.max_distance <= 0.0 {
            return Err(Error::invalid(format!(
                "max_distance must be > 0; got {}; pass metres, or None for the whole dem",
                self.max_distance
            )));
        }
        Ok(())
    }
}

/// 1 where the observer sees the ground (or what stands `target_height` above it), 0 elsewhere, NaN
/// in holes and beyond `max_distance`; row-major like the DEM. A hole hides nothing.
pub fn viewshed(
    workshop: &Workshop,
    dem: &Dem<'_>,
    observer: Observer,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    observer.check()?;
    dem.check_copy(dem.heights())?;
    let spacing = dem.spacing_at(dem.rows() / 2);
    let cell = observer.cell(dem, spacing)?;
    let reach = |axis: usize| (observer.max_distance / spacing[axis]).ceil().min(1e9) as usize;
    let size = [dem.columns(), dem.rows()];
    let first = [0, 1].map(|axis| cell[axis].saturating_sub(reach(axis)));
    let end = [0, 1].map(|axis| size[axis].min(cell[axis].saturating_add(reach(axis) + 1)));
    let window = [0, 1].map(|axis| end[axis] - first[axis]);
    let area = window[0] * window[1];
    let device = workshop.device();
    if 4 * area as u64 > device.limits().max_storage_bytes {
        return Err(Error::invalid(format!(
            "dem is too large for one look on {}; expected at most {} cells, got {area}; pass max_distance",
            device.report().name,
            device.limits().max_storage_bytes / 4
        )));
    }
    let mut heights = workshop.borrow_buffer("heights", 4 * area as u64, MemoryUse::Upload)?;
    let target: &mut [f32] =
        bytemuck::try_cast_slice_mut(heights.write()?).map_err(|_| too_small())?;
    for (row, line) in (first[1]..end[1]).zip(target.chunks_exact_mut(window[0])) {
        line.copy_from_slice(dem.row(row).get(first[0]..end[0]).ok_or_else(too_small)?);
    }
    let own = dem.row(cell[1]).get(cell[0]).copied().unwrap_or(f32::NAN);
    let inside = [0, 1].map(|axis| cell[axis] - first[axis]);
    let rings =
        (0..2).map(|axis| inside[axis].max(window[axis] - 1 - inside[axis])).max().unwrap_or(0);
    let pitch = rings + 1;
    let skyline = workshop.borrow_buffer("skyline", 4 * 16 * pitch as u64, MemoryUse::Device)?;
    let seen = workshop.borrow_buffer("viewshed", 4 * area as u64, MemoryUse::ReadBack)?;
    let pipeline = workshop.pipeline::<Shader>(&Constants {});
    let block = Block {
        size: window.map(|side| side as i32),
        observer: inside.map(|side| side as i32),
        metres: spacing.map(|metres| metres as f32),
        ring: 0,
        pitch: pitch as i32,
        eye: (f64::from(own) * dem.exaggeration() + observer.height) as f32,
        exaggeration: dem.exaggeration() as f32,
        target: observer.target_height as f32,
        sagging: (observer.curvature / (2.0 * observer.radius)) as f32,
    };
    for start in (1..=rings).step_by(RINGS) {
        let mut commands = Commands::new(device)?;
        for ring in start..=rings.min(start + RINGS - 1) {
            let block = Block { ring: ring as i32, ..block };
            let bindings = Bindings { heights: &heights, skyline: &skyline, seen: &seen };
            commands.dispatch(&pipeline, [ring as u32 + 1, 8, 1], &block, &bindings)?;
        }
        commands.submit_and_wait(interrupted)?;
        if interrupted() {
            return Err(Error::Interrupted);
        }
    }
    let all: &[f32] = bytemuck::try_cast_slice(seen.read()?).map_err(|_| too_small())?;
    let mut result = try_vec(dem.rows() * dem.columns(), "a viewshed")?;
    result.resize(dem.rows() * dem.columns(), f32::NAN);
    for (row, line) in (first[1]..end[1]).zip(all.chunks_exact(window[0])) {
        let start = row * dem.columns() + first[0];
        let target = result.get_mut(start..start + window[0]).ok_or_else(too_small)?;
        target.copy_from_slice(line);
        let north = row.abs_diff(cell[1]) as f64 * spacing[1];
        forget_far((first[0]..).zip(target), cell[0], [spacing[0], north], observer.max_distance);
    }
    if let Some(here) = result.get_mut(cell[1] * dem.columns() + cell[0]) {
        *here = 1.0;
    }
    Ok(result)
}

/// Makes unknown the cells of a row, each with its column, that are farther than `most` from one
/// `north` metres away.
fn forget_far<'v>(
    cells: impl Iterator<Item = (usize, &'v mut f32)>,
    column: usize,
    [step, north]: [f64; 2],
    most: f64,
) {
    let farthest = most * most;
    for (at, value) in cells {
        let east = at.abs_diff(column) as f64 * step;
        if east * east + north * north > farthest {
            *value = f32::NAN;
        }
    }
}
