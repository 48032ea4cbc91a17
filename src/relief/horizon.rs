//! Horizons: the steepest rise from each cell in every direction, and what is made of it.

use super::margin::{Margin, too_small};
use super::path::Path;
use super::{Budget, Dem, blocks};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::horizon::{Bindings, Block, Constants, Shader};
use crate::gpu::shaders::kinds;
use crate::gpu::{Commands, DeviceKind, Interrupted, Lent, MemoryUse, Workshop};
use std::ops::Range;

/// What is made of the horizons of a cell. A direction without known ground has a level horizon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// 1 − the mean of sin(max(horizon, 0)).
    SkyView,
    /// Mean zenith angle of the horizon, in degrees.
    Openness,
    /// The same of the upturned ground.
    NegativeOpenness,
    /// Light of an even sky on the sloping ground, that on level open ground being 1.
    SkyUniform,
    /// Light of an overcast sky, three times as bright in the zenith as at the horizon (Moon and
    /// Spencer 1942).
    SkyOvercast,
}

const NAMES: [(&str, Quantity); 5] = [
    ("sky_view_factor", Quantity::SkyView),
    ("openness", Quantity::Openness),
    ("negative_openness", Quantity::NegativeOpenness),
    ("uniform", Quantity::SkyUniform),
    ("overcast", Quantity::SkyOvercast),
];

impl Quantity {
    /// As users spell it.
    pub fn named(word: &str) -> Result<Self> {
        NAMES.iter().find(|(name, _)| *name == word).map(|(_, quantity)| *quantity).ok_or_else(
            || {
                Error::invalid(format!(
                    "sky must be \"uniform\" or \"overcast\"; got {word:?}; pass e.g. \"uniform\""
                ))
            },
        )
    }

    fn kind(self) -> kinds::Quantity {
        match self {
            Self::SkyView => kinds::Quantity::SkyView,
            Self::Openness | Self::NegativeOpenness => kinds::Quantity::Openness,
            Self::SkyUniform => kinds::Quantity::SkyUniform,
            Self::SkyOvercast => kinds::Quantity::SkyOvercast,
        }
    }

    fn sign(self) -> f32 {
        if self == Self::NegativeOpenness { -1.0 } else { 1.0 }
    }
}

/// How far and how many ways to look.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    /// Metres, at least one cell.
    pub radius: f64,
    /// Bearings, evenly spaced from north clockwise.
    pub directions: u32,
    /// Bearing of the columns' way up, in degrees: where the first direction is not the raster's
    /// own north.
    pub up_deg: f64,
}

/// Turns of all loops of one invocation, at most; lavapipe silently ends them at 65,535.
const MOST_TURNS: u32 = 30_000;
/// Looks of one submission: well under a second on two cores of software Vulkan.
const LOOKS: u64 = 1 << 29;

/// Columns of a workgroup, and rows of its tiles: many on a CPU, where loads cost; few on a GPU,
/// whose registers hold them.
fn tile(kind: DeviceKind) -> [usize; 2] {
    [64, if kind == DeviceKind::Cpu { 32 } else { 16 }]
}

impl Horizon {
    fn paths(&self, dem: &Dem<'_>) -> Result<Vec<Path>> {
        let spacing = dem.spacing_at(dem.rows() / 2);
        if !(self.radius.is_finite() && self.radius >= spacing[0].min(spacing[1])) {
            return Err(Error::invalid(format!(
                "radius must be finite and at least one cell; expected metres >= {}, got {}; pass e.g. radius={}",
                spacing[0].min(spacing[1]),
                self.radius,
                10.0 * spacing[0].min(spacing[1])
            )));
        }
        if !(1..=3600).contains(&self.directions) {
            return Err(Error::invalid(format!(
                "directions must be a whole number in 1..3600; got {}; pass e.g. 16",
                self.directions
            )));
        }
        let azimuth = |index| 360.0 * f64::from(index) / f64::from(self.directions) - self.up_deg;
        let size = [dem.columns(), dem.rows()];
        Ok((0..self.directions)
            .map(|index| Path::new(azimuth(index), self.radius, spacing, size))
            .collect())
    }
}

/// Raster of one quantity, row-major like the DEM; NaN where it has a hole. `cells` changes the
/// size of a block, which changes no result.
pub fn horizon(
    workshop: &Workshop,
    dem: &Dem<'_>,
    quantity: Quantity,
    looking: Horizon,
    cells: Option<u64>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    let paths = looking.paths(dem)?;
    let mut result = try_vec(dem.rows() * dem.columns(), "a relief raster")?;
    let task = Task { workshop, dem, kind: quantity.kind(), sign: quantity.sign(), interrupted };
    task.run(&paths, paths.len(), cells, |_, _, values| {
        result.extend_from_slice(values);
        Ok(())
    })?;
    Ok(result)
}

/// Angles of the horizon above the level in degrees, one raster after another for each direction.
pub fn horizon_angles(
    workshop: &Workshop,
    dem: &Dem<'_>,
    looking: Horizon,
    cells: Option<u64>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    let paths = looking.paths(dem)?;
    let area = dem.rows() * dem.columns();
    let count = area.checked_mul(paths.len()).ok_or_else(|| Error::OutOfMemory {
        purpose: "horizon angles".into(),
        bytes: u64::MAX,
        detail: "a size beyond this machine's".into(),
    })?;
    let mut result = try_vec(count, "horizon angles")?;
    result.resize(count, 0.0);
    let task = Task { workshop, dem, kind: kinds::Quantity::Angle, sign: 1.0, interrupted };
    task.run(&paths, 1, cells, |direction, rows, values| {
        let first = direction * area + rows.start * dem.columns();
        result.get_mut(first..first + values.len()).ok_or_else(too_small)?.copy_from_slice(values);
        Ok(())
    })?;
    Ok(result)
}

struct Task<'t> {
    workshop: &'t Workshop,
    dem: &'t Dem<'t>,
    kind: kinds::Quantity,
    sign: f32,
    interrupted: Interrupted<'t>,
}

impl Task<'_> {
    fn lend_paths(&self, chunk: &Chunk) -> Result<Lent<'_>> {
        let bytes: &[u8] = bytemuck::cast_slice(&chunk.code);
        let mut code =
            self.workshop.borrow_buffer("paths", bytes.len() as u64, MemoryUse::Upload)?;
        code.write()?.get_mut(..bytes.len()).ok_or_else(too_small)?.copy_from_slice(bytes);
        Ok(code)
    }

    /// Sums over `together` directions at a time, and hands on the index of the first one, the rows
    /// and their values.
    fn run(
        &self,
        paths: &[Path],
        together: usize,
        cells: Option<u64>,
        mut take: impl FnMut(usize, Range<usize>, &[f32]) -> Result<()>,
    ) -> Result<()> {
        let (workshop, dem) = (self.workshop, self.dem);
        let device = workshop.device();
        let lanes = lanes(workshop)?;
        let reach =
            |axis: usize| paths.iter().map(|path| path.reach()[axis]).max().unwrap_or(0) + 1;
        let tile = tile(device.report().kind);
        let margin = Margin { columns: reach(0), rows: reach(1), tile };
        let looks: usize = paths.iter().map(|path| path.offsets.len() + 1).sum();
        let least_rows = margin.rows_within(
            dem.columns(),
            device.limits().max_storage_bytes,
            &device.report().name,
        )?;
        let budget = Budget {
            cells: cells
                .unwrap_or((LOOKS / looks as u64).max(1 << 16))
                .min((least_rows * dem.columns()) as u64),
            buffer_bytes: device.limits().max_storage_bytes,
        };
        let pipeline = workshop.pipeline::<Shader>(&Constants {
            quantity: self.kind,
            lanes: lanes as i32,
            rows: tile[1] as i32,
        });
        let groups: Vec<Vec<Chunk>> = paths.chunks(together).map(chunks).collect::<Result<_>>()?;
        let spacing = dem.spacing_at(dem.rows() / 2);
        for (rows, _) in blocks(dem.rows(), dem.columns(), 0, 4 * dem.columns() as u64, budget) {
            let heights = margin.heights(workshop, dem, &rows, self.sign)?;
            let bytes = 4 * (rows.len() * dem.columns()) as u64;
            let values = workshop.borrow_buffer("relief results", bytes, MemoryUse::ReadBack)?;
            for (index, group) in groups.iter().enumerate() {
                for (number, chunk) in group.iter().enumerate() {
                    let code = self.lend_paths(chunk)?;
                    let block = Block {
                        columns: dem.columns() as i32,
                        rows: rows.len() as i32,
                        pitch: margin.pitch(dem.columns()) as i32,
                        origin: margin.origin(dem.columns()) as i32,
                        first_path: 0,
                        directions: chunk.directions,
                        resumes: (number > 0).into(),
                        ends: (number + 1 == group.len()).into(),
                        all_directions: together as f32,
                        metres: spacing.map(|metres| (metres / dem.exaggeration()) as f32),
                    };
                    let mut commands = Commands::new(device)?;
                    let bindings = Bindings { heights: &heights, paths: &code, values: &values };
                    let threads = [dem.columns() as u32, rows.len().div_ceil(tile[1]) as u32, 1];
                    commands.dispatch(&pipeline, threads, &block, &bindings)?;
                    commands.submit_and_wait(self.interrupted)?;
                    drop(code);
                }
                let all: &[f32] =
                    bytemuck::try_cast_slice(values.read()?).map_err(|_| too_small())?;
                take(
                    index,
                    rows.clone(),
                    all.get(..rows.len() * dem.columns()).ok_or_else(too_small)?,
                )?;
                if (self.interrupted)() {
                    return Err(Error::Interrupted);
                }
            }
        }
        Ok(())
    }
}

/// Directions of one dispatch.
struct Chunk {
    code: Vec<u32>,
    directions: i32,
    turns: u32,
}

fn chunks(paths: &[Path]) -> Result<Vec<Chunk>> {
    let mut all: Vec<Chunk> = Vec::new();
    for path in paths {
        let (mut code, turns) = path.code();
        let turns = turns + 1;
        if turns > MOST_TURNS {
            return Err(Error::invalid(format!(
                "radius is too large; expected at most about 12000 cells, got a ray over {} of them; \
                 pass a smaller radius, or a coarser dem",
                path.offsets.len()
            )));
        }
        match all.last_mut().filter(|chunk| chunk.turns + turns <= MOST_TURNS) {
            Some(chunk) => {
                chunk.code.append(&mut code);
                chunk.directions += 1;
                chunk.turns += turns;
            }
            None => all.push(Chunk { code, directions: 1, turns }),
        }
    }
    Ok(all)
}

/// Lanes that hand values to each other.
fn lanes(workshop: &Workshop) -> Result<u32> {
    let device = workshop.device();
    device.limits().subgroup_lanes.filter(|lanes| (4..=64).contains(lanes)).ok_or_else(|| {
        Error::invalid(format!(
            "device must have subgroup shuffles in compute shaders; expected 4 to 64 lanes, got {:?} on {}; \
             choose another with device=, e.g. device=\"software\"",
            device.limits().subgroup_lanes,
            device.report().name
        ))
    })
}
