//! Which far cells the sun does not reach: a map of the ground that is made in one sweep and serves
//! while the sun stands still.
//!
//! A ray from each hit to the sun costs as much as the rest of a picture. Far cells are no larger
//! than a pixel, so what they need to know can be found once for each cell of a level of the
//! pyramid, of which a dozen cost as much as such a ray.
//!
//! Where a pixel is a sample of a part that was cut from a larger raster the same is found for each
//! sample, by rays that lie alike in all parts: so their pictures fit.

use super::far_cells::far_share;
use super::pyramid::BASE_LEVEL;
use super::{Engine, Interrupted, Terrain, sun_disc};
use crate::error::Result;
use crate::gpu::shaders::sun_map::{Bindings, Constants, Shader, Sweep};
use crate::gpu::shaders::{blocks, numbers};
use crate::gpu::{Commands, FloatImage};
use crate::scene::survey::MOST_IN_MEMORY;
use crate::scene::vector::length;
use crate::scene::{Light, Scene, View};
use std::sync::{Arc, PoisonError};

/// Cells of a map, at most; and of a DEM that is in sheets on any device.
const MOST_CELLS: u64 = 1 << 22;
const MOST_CELLS_OF_LARGE: u64 = 1 << 23;
/// Shares of the ground.
const MOST: f64 = 0.5;
const NEARLY_ALL: f64 = 0.95;
/// Rays of one invocation.
const LINES: u32 = numbers::sun_map::LINES as u32;
/// Vertical planes in which the map of a disc knows the horizon: radii of the disc to the right of
/// its middle.
const PLANES: [f32; 3] = [-numbers::sun_disc::PLANE_STEP, 0.0, numbers::sun_disc::PLANE_STEP];

/// The map of one sun.
pub(super) struct SunMap {
    /// One plane beside or under the other. For each cell how far below the end of the shadow its
    /// highest sample lies, negative in the sun; of a disc the part of its height that is hidden,
    /// 0..1.
    pub(super) image: FloatImage,
    /// Of the pyramid, whose cells these are; 0 of a map of the DEM's samples.
    pub(super) level: u32,
    size: [u32; 2],
    plane: [u32; 2],
    sun: Sun,
}

/// What a map depends on besides the terrain: a vertical plane's direction, cells for a unit of the
/// ray's parameter, and the heights that rays to the disc's lowest and highest point gain on the
/// way.
#[derive(Clone, Debug, PartialEq)]
struct Sun {
    planes: Vec<[f32; 2]>,
    rises: [f32; 2],
}

impl Sun {
    /// None where it casts no shadows, and where a point of a sun stands in the zenith.
    fn of(terrain: &Terrain, light: &Light) -> Option<Self> {
        if !light.casts_shadows() {
            return None;
        }
        let sun = if light.has_soft_sun() {
            let disc = sun_disc::block(light, terrain.extent.spacing, terrain.extent.exaggeration);
            let plane = |across: f32| {
                [0, 1].map(|axis: usize| disc.ahead[axis] + across * disc.aside[axis])
            };
            Self { planes: PLANES.map(plane).to_vec(), rises: disc.rises }
        } else {
            let [east, north, up] = light.to_sun();
            let [dx, dy] = terrain.extent.spacing;
            let direction = [(east / dx) as f32, (-north / dy) as f32];
            Self { planes: vec![direction], rises: [(up / terrain.extent.exaggeration) as f32; 2] }
        };
        sun.planes.iter().all(|plane| plane.iter().any(|&step| step != 0.0)).then_some(sun)
    }
}

impl SunMap {
    /// The map for a picture, with far cells or without, if it serves most of its ground: made now,
    /// or kept from the picture before.
    pub(super) fn of(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        has_far_cells: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Arc<Self>>> {
        let level = || if has_far_cells { level_of(terrain, view) } else { None };
        let level = if knows_samples(terrain, view) { Some(0) } else { level() };
        let (Some(sun), Some(level)) = (Sun::of(terrain, &view.light), level) else {
            return Ok(None);
        };
        let mut kept = terrain.caches.sun_map.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(map) = kept.as_ref().filter(|map| map.sun == sun && map.level == level) {
            return Ok(Some(map.clone()));
        }
        // Two at a time would be memory for nothing.
        *kept = None;
        let map = Arc::new(Self::new(engine, terrain, level, sun, interrupted)?);
        Ok(Some(kept.insert(map).clone()))
    }

    fn new(
        engine: &Engine,
        terrain: &Terrain,
        level: u32,
        sun: Sun,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let device = engine.device();
        let [width, height] = size_of_level(terrain, level);
        let plane = if width < height { [width, 0] } else { [0, height] };
        let more = sun.planes.len() as u32 - 1;
        let image = FloatImage::new(
            device,
            "sun map",
            [width + more * plane[0], height + more * plane[1]],
        )?;
        let is_disc = sun.planes.len() > 1;
        let pipeline =
            engine.pipeline::<Shader>(&Constants { disc: is_disc, of_samples: level == 0 });
        let ground = if level == 0 { &*terrain.heights } else { terrain.maxima() };
        let mut commands = Commands::new(device)?;
        commands.initialise(&image);
        for (at, &direction) in (0..).zip(&sun.planes) {
            let place = plane.map(|step| at * step);
            let sweep = sweep(terrain, level, direction, sun.rises, place);
            let bindings = Bindings { ground, found: &image };
            let threads = [(sweep.rays as u32).div_ceil(LINES), 1, 1];
            commands.dispatch(&pipeline, threads, &sweep, &bindings)?;
        }
        commands.submit_and_wait(interrupted)?;
        Ok(Self { image, level, size: [width, height], plane, sun })
    }

    /// For `shaders/include/sun_map.glsl`.
    pub(super) fn block(&self) -> blocks::SunMap {
        blocks::SunMap {
            scale: 1.0 / (1_u32 << self.level) as f32,
            level: self.level as i32,
            size: self.size.map(|side| side as i32),
            texel: self.image.size().map(|side| 1.0 / side as f32),
            plane: self.plane.map(|side| side as i32),
        }
    }
}

/// The finest level with few enough cells, if it serves most of the ground; or a coarser one whose
/// cells are half a pixel at most nearly everywhere.
fn level_of(terrain: &Terrain, view: &View) -> Option<u32> {
    let cells =
        |level| size_of_level(terrain, level).iter().map(|&side| u64::from(side)).product::<u64>();
    let serves = |level, least| far_share(terrain, view, level) >= least;
    // Finer levels of a DEM in sheets are nowhere whole.
    let mut levels = terrain.layout.finest..terrain.layout.top_level;
    let large = terrain.size().iter().any(|&side| side > MOST_IN_MEMORY);
    let most = if large { MOST_CELLS_OF_LARGE } else { MOST_CELLS };
    let finest = levels.find(|&level| cells(level) <= most).filter(|&level| serves(level, MOST))?;
    Some(levels.take_while(|&level| serves(level + 1, NEARLY_ALL)).last().unwrap_or(finest))
}

/// Whether a picture finds its shadows in a map of the DEM's samples: one of a part of a raster,
/// from straight above, whose pixels are no smaller than cells. What stands above the ground, and
/// water's face, lie elsewhere than the samples.
pub(super) fn knows_samples(terrain: &Terrain, view: &View) -> bool {
    let rays = view.camera.rays(view.size, [0.0; 2]);
    let [dx, dy] = terrain.extent.spacing;
    let large = |step: [f64; 3], cell: f64| length(step) >= 0.999 * cell;
    terrain.extent.cut_at.is_some()
        && view.camera.is_map()
        && large(rays.origin_dx, dx)
        && large(rays.origin_dy, dy)
        && view.scenery.water.is_none()
        && view.scenery.base.is_none()
        && !view.light.has_soft_sun()
        && Sun::of(terrain, &view.light).is_some()
}

/// Whether a picture has rays that walk: a map's fall straight down, and if its sun has a map too
/// only those that look for things go anywhere.
pub(super) fn is_walked(terrain: &Terrain, scene: &Scene, view: &View) -> bool {
    let to_sun = scene.light.casts_shadows() && !knows_samples(terrain, view);
    to_sun || !scene.things.is_empty() || !view.camera.is_map()
}

/// Columns and rows of a level, without its padding; of level 0 those of the samples.
fn size_of_level(terrain: &Terrain, level: u32) -> [u32; 2] {
    let samples = [terrain.extent.columns, terrain.extent.rows].map(|samples| samples as u32);
    if level == 0 { samples } else { samples.map(|samples| (samples - 1).div_ceil(1 << level)) }
}

/// Where a ray crosses the first row of a sweep, in 2^-32 columns: in each part of a raster alike.
fn phase(terrain: &Terrain, axis: usize, from_end: bool, drift: u32) -> u32 {
    let Some(cut_at) = terrain.extent.cut_at else { return 0 };
    let first =
        if from_end { 1 - (cut_at[axis] + terrain.size()[axis] as i64) } else { cut_at[axis] };
    first.wrapping_mul(i64::from(drift)) as u32
}

/// How the cells of a level lie for a sun in that direction, and from which `place` of the image
/// on: see `shaders/sun_map.comp`.
fn sweep(
    terrain: &Terrain,
    level: u32,
    direction: [f32; 2],
    rises: [f32; 2],
    place: [u32; 2],
) -> Sweep {
    let [x, y] = direction.map(f64::from);
    // Columns and rows of the sweep run along these axes of the level.
    let [across, down] = if x.abs() > y.abs() { [1, 0] } else { [0, 1] };
    let [cross, main] = [[x, y][across], [x, y][down]];
    let cells = size_of_level(terrain, level).map(|side| side as i32);
    // Of the ray's parameter, from one row to the next.
    let step = f64::from(1_u32 << level) / main.abs();
    // Rounded, so that a diagonal is one whatever the last digit of its sine.
    let drift = ((cross / main).abs() * 2.0_f64.powi(32)).round();
    let diagonal = drift >= 2.0_f64.powi(32);
    let height = f64::from(rises[1]) - f64::from(rises[0]);
    let mut sweep = Sweep {
        size: [cells[across], cells[down]],
        first: [0; 2],
        next_column: [0; 2],
        next_row: [0; 2],
        top: match level {
            0 => 0,
            _ => (terrain.layout.base_cells[1] >> (level - BASE_LEVEL)) as i32,
        },
        place: place.map(|side| side as i32),
        // Rays that enter beside the DEM reach cells further on.
        rays: cells[across] + ((cross / main).abs() * f64::from(cells[down])) as i32 + 3,
        drift: drift as u32,
        diagonal: diagonal.into(),
        phase: if level == 0 && !diagonal {
            phase(terrain, down, main > 0.0, drift as u32)
        } else {
            0
        },
        drop: rises.map(|rise| (f64::from(rise) * step) as f32),
        share: (1.0 / (height * step).max(f64::from(f32::MIN_POSITIVE))) as f32,
    };
    sweep.next_column[across] = if cross < 0.0 { -1 } else { 1 };
    sweep.next_row[down] = if main > 0.0 { -1 } else { 1 };
    sweep.first[across] = if cross < 0.0 { cells[across] - 1 } else { 0 };
    sweep.first[down] = if main > 0.0 { cells[down] - 1 } else { 0 };
    sweep
}
