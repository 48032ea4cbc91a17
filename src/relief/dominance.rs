//! Local dominance: how far one looks down on the ring of ground around.

use super::margin::{Margin, too_small};
use super::path::nearest;
use super::{Budget, Dem, blocks};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::blocks::Look;
use crate::gpu::shaders::dominance::{Bindings, Block, Constants, Shader};
use crate::gpu::{Commands, Interrupted, MemoryUse, Workshop};
use crate::scene::vector::direction_deg;

/// Looks of one submission, and of one invocation.
const LOOKS: u64 = 1 << 29;
const MOST_LOOKS: usize = 30_000;
const TILE: [usize; 2] = [64, 8];

/// Mean of max(0, fall to a cell of the ring / distance), weighted by area, over that of level
/// ground, which has 1. The ring lies between `radii` (least, greatest) in metres, looked at every
/// cell in `directions` bearings, from `height` metres above the ground. Ground that is not known
/// counts as level.
pub fn local_dominance(
    workshop: &Workshop,
    dem: &Dem<'_>,
    radii: [f64; 2],
    directions: u32,
    height: f64,
    cells: Option<u64>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    let spacing = dem.spacing_at(dem.rows() / 2);
    let step = spacing[0].min(spacing[1]);
    let rings = check(radii, step, height, directions)?;
    let device = workshop.device();
    let (offsets, level) = offsets(radii, step, spacing, height, [directions as usize, rings]);
    let reach = |axis: usize| {
        let side = if axis == 0 { dem.columns() } else { dem.rows() };
        offsets
            .iter()
            .map(|(place, _)| place[axis].unsigned_abs() as usize)
            .max()
            .unwrap_or(0)
            .min(side)
    };
    let margin = Margin { columns: reach(0), rows: reach(1), tile: TILE };
    let pitch = margin.pitch(dem.columns());
    // Beyond the raster there is no ground; the nearest such place stands for all.
    let bound = |cells: i64, most: usize| cells.clamp(-(most as i64), most as i64);
    let table: Vec<Look> = offsets
        .iter()
        .map(|(place, weight)| {
            let at = bound(place[1], margin.rows) * pitch as i64 + bound(place[0], margin.columns);
            Look { at: at as i32, weight: (weight / level * dem.exaggeration()) as f32 }
        })
        .collect();
    let mut looks =
        workshop.borrow_buffer("looks", size_of_val(table.as_slice()) as u64, MemoryUse::Upload)?;
    let bytes: &[u8] = bytemuck::cast_slice(&table);
    looks.write()?.get_mut(..bytes.len()).ok_or_else(too_small)?.copy_from_slice(bytes);
    let pipeline = workshop.pipeline::<Shader>(&Constants { rows: TILE[1] as i32 });
    let least_rows = margin.rows_within(
        dem.columns(),
        device.limits().max_storage_bytes,
        &device.report().name,
    )?;
    let budget = Budget {
        cells: cells
            .unwrap_or((LOOKS / table.len() as u64).max(1 << 16))
            .min((least_rows * dem.columns()) as u64),
        buffer_bytes: device.limits().max_storage_bytes,
    };
    let mut result = try_vec(dem.rows() * dem.columns(), "a relief raster")?;
    for (rows, _) in blocks(dem.rows(), dem.columns(), 0, 4 * dem.columns() as u64, budget) {
        let heights = margin.heights(workshop, dem, &rows, 1.0)?;
        let cells = rows.len() * dem.columns();
        let values =
            workshop.borrow_buffer("relief results", 4 * cells as u64, MemoryUse::ReadBack)?;
        let block = Block {
            columns: dem.columns() as i32,
            rows: rows.len() as i32,
            pitch: pitch as i32,
            origin: margin.origin(dem.columns()) as i32,
            count: table.len() as i32,
            eye: (height / dem.exaggeration()) as f32,
        };
        let mut commands = Commands::new(device)?;
        let bindings = Bindings { heights: &heights, looks: &looks, values: &values };
        let threads = [dem.columns() as u32, rows.len().div_ceil(TILE[1]) as u32, 1];
        commands.dispatch(&pipeline, threads, &block, &bindings)?;
        commands.submit_and_wait(interrupted)?;
        let all: &[f32] = bytemuck::try_cast_slice(values.read()?).map_err(|_| too_small())?;
        result.extend_from_slice(all.get(..cells).ok_or_else(too_small)?);
        if interrupted() {
            return Err(Error::Interrupted);
        }
    }
    Ok(result)
}

/// Refuses what cannot be looked at; how many cells one bearing looks at.
fn check(radii: [f64; 2], step: f64, height: f64, directions: u32) -> Result<usize> {
    if !(radii.iter().all(|radius| radius.is_finite()) && step <= radii[0] && radii[0] <= radii[1])
    {
        return Err(Error::invalid(format!(
            "min_radius and radius must be finite, at least one cell and in order; expected {step} <= min_radius <= \
             radius, got {} and {}; pass metres, e.g. min_radius={} and radius={}",
            radii[0],
            radii[1],
            10.0 * step,
            20.0 * step
        )));
    }
    if !(height.is_finite() && height > 0.0) {
        return Err(Error::invalid(format!(
            "height must be finite and > 0; got {height}; pass metres, e.g. 1.7"
        )));
    }
    let rings = ((radii[1] - radii[0]) / step + 1e-9).floor() as usize + 1;
    if directions == 0 || rings.saturating_mul(directions as usize) > MOST_LOOKS {
        return Err(Error::invalid(format!(
            "directions must be at least 1, and looks at most {MOST_LOOKS}; got {directions} directions over {rings} \
             cells; pass fewer directions or a smaller radius"
        )));
    }
    Ok(rings)
}

/// A cell from the one in the middle, and its weight.
type Offset = ([i64; 2], f64);

/// The cells that are looked at in so many bearings and rings, and what they add up to on level
/// ground.
fn offsets(
    radii: [f64; 2],
    step: f64,
    spacing: [f64; 2],
    height: f64,
    [directions, rings]: [usize; 2],
) -> (Vec<Offset>, f64) {
    let mut offsets = Vec::new();
    let mut level = 0.0;
    for direction in 0..directions {
        let [east, north, _] = direction_deg(360.0 * direction as f64 / directions as f64, 0.0);
        for ring in 0..rings {
            let distance = radii[0] / step + ring as f64;
            let place =
                [distance * step * east / spacing[0], -distance * step * north / spacing[1]];
            // Area of the ring at this distance, over the distance: of the same size for all but
            // the nearest.
            let weight = (2.0 * distance + 1.0) / distance;
            level += weight * height;
            offsets.push((place.map(|cells| nearest(cells) as i64), weight));
        }
    }
    (offsets, level)
}
