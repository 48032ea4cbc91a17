//! Which far cells the sun does not reach: a map of the ground that is made in one sweep and serves while the sun stands still.
//!
//! A ray from each hit to the sun costs as much as the rest of a picture. Far cells are no larger than a pixel, so what they need to know
//! can be found once for each cell of a level of the pyramid, for a few rays' cost.

use super::far_cells::is_mostly_far;
use super::pyramid::BASE_LEVEL;
use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::gpu::{Binding, Buffer, Commands, FloatImage, MemoryUse, gpu_struct, shaders};
use crate::scene::View;
use bytemuck::bytes_of;
use std::sync::{Arc, PoisonError};

gpu_struct! {
    struct Sweep: sun_map::Sweep {
        size: [i32; 2],
        first: [i32; 2],
        next_column: [i32; 2],
        next_row: [i32; 2],
        top: i32,
        width: i32,
        rays: i32,
        drift: f32,
        drop: f32,
    }
}

/// Cells of a map, at most.
const MOST_CELLS: u64 = 1 << 22;
/// Rays of one invocation.
const LINES: u32 = 8;

/// The map of one sun.
pub(super) struct SunMap {
    /// For each cell how far below the end of the shadow its highest sample lies; negative in the sun.
    pub(super) image: FloatImage,
    /// Of the pyramid, whose cells these are.
    pub(super) level: u32,
    towards: [f64; 3],
}

impl SunMap {
    /// The map for a picture with far cells, if it pays: made now, or kept from the picture before.
    pub(super) fn of(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Arc<Self>>> {
        let light = &view.light;
        let towards = light.to_sun();
        let wanted = light.shadows && light.lit && light.is_up() && !light.has_soft_sun();
        let level = level_of(terrain);
        let pays = wanted && is_mostly_far(terrain, view, level);
        let Some(lie) = Lie::new(terrain, towards, level).filter(|_| pays) else { return Ok(None) };
        let mut kept = terrain.sun_map.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(map) = kept.as_ref().filter(|map| map.towards == towards) {
            return Ok(Some(map.clone()));
        }
        // Two at a time would be memory for nothing.
        *kept = None;
        let map = Arc::new(Self { image: sweep(engine, terrain, level, lie, interrupted)?, level, towards });
        Ok(Some(kept.insert(map).clone()))
    }
}

/// The finest level with few enough cells.
fn level_of(terrain: &Terrain) -> u32 {
    let cells = |level| size_of_level(terrain, level).iter().map(|&side| u64::from(side)).product::<u64>();
    (BASE_LEVEL..terrain.pyramid.layout.top_level)
        .find(|&level| cells(level) <= MOST_CELLS)
        .unwrap_or(BASE_LEVEL)
}

/// Columns and rows of a level, without its padding.
fn size_of_level(terrain: &Terrain, level: u32) -> [u32; 2] {
    [terrain.columns, terrain.rows].map(|samples| (samples as u32 - 1).div_ceil(1 << level))
}

/// How a level lies for a sun: see `shaders/sun_map.comp`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lie {
    along_columns: bool,
    from_end: bool,
    mirrored: bool,
    drift: f32,
    drop: f32,
}

impl Lie {
    /// None where the sun stands in the zenith.
    fn new(terrain: &Terrain, [east, north, up]: [f64; 3], level: u32) -> Option<Self> {
        let steps = [east / terrain.spacing[0], -north / terrain.spacing[1]];
        let along_columns = steps[0].abs() > steps[1].abs();
        let (main, cross) = if along_columns { (steps[0], steps[1]) } else { (steps[1], steps[0]) };
        (main != 0.0).then(|| Self {
            along_columns,
            from_end: main > 0.0,
            mirrored: cross < 0.0,
            drift: (cross / main).abs() as f32,
            drop: (up / (main.abs() * terrain.exaggeration) * f64::from(1_u32 << level)) as f32,
        })
    }

    fn sweep(&self, cells: [u32; 2], top: u32) -> Sweep {
        let [width, height] = cells.map(|side| side as i32);
        // Columns and rows of the sweep run along these axes of the level.
        let [across, down] = if self.along_columns { [1, 0] } else { [0, 1] };
        let mut sweep = Sweep {
            size: if self.along_columns { [height, width] } else { [width, height] },
            first: [0; 2],
            next_column: [0; 2],
            next_row: [0; 2],
            top: top as i32,
            width,
            rays: 0,
            drift: self.drift,
            drop: self.drop,
        };
        sweep.next_column[across] = if self.mirrored { -1 } else { 1 };
        sweep.next_row[down] = if self.from_end { -1 } else { 1 };
        sweep.first[across] = if self.mirrored { sweep.size[0] - 1 } else { 0 };
        sweep.first[down] = if self.from_end { sweep.size[1] - 1 } else { 0 };
        // Rays that enter beside the DEM reach cells further on.
        sweep.rays = sweep.size[0] + (f64::from(self.drift) * f64::from(sweep.size[1])) as i32 + 2;
        sweep
    }
}

fn sweep(
    engine: &Engine,
    terrain: &Terrain,
    level: u32,
    lie: Lie,
    interrupted: Interrupted<'_>,
) -> Result<FloatImage> {
    let device = engine.device();
    let cells = size_of_level(terrain, level);
    let pyramid = &terrain.pyramid;
    let sweep = lie.sweep(cells, pyramid.layout.base_cells[1] >> (level - BASE_LEVEL));
    let image = FloatImage::new(device, "sun map", cells)?;
    let bytes = 4 * u64::from(cells[0]) * u64::from(cells[1]);
    let depths = Buffer::new(device, "sun map", bytes, MemoryUse::Device)?;
    let pipeline = engine.pipeline(&shaders::sun_map::SHADER, &[])?;
    let mut commands = Commands::new(device)?;
    commands.initialise(&image);
    let bindings = [Binding::Image(&pyramid.maxima), Binding::Buffer(&depths)];
    let threads = [(sweep.rays as u32).div_ceil(LINES), 1, 1];
    commands.dispatch(&pipeline, threads, bytes_of(&sweep), &bindings)?;
    commands.write_rectangle(&depths, &image, [0, 0, cells[0], cells[1]]);
    commands.submit_and_wait(interrupted)?;
    Ok(image)
}
