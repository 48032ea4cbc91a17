//! Numbers beside the picture: depth, elevation, normal and ground place at every pixel's centre.

use super::bands::bands;
use super::blocks::blocks;
use super::drape::DrapeLayer;
use super::ground::Sent;
use super::space::Asking;
use super::strips::Strips;
use super::view::{has_rays_along_borders, start, to_depths};
use super::{Engine, Interrupted, Region, Terrain, Whole};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::aov::{Band, Bindings, Constants, Shader};
use crate::gpu::shaders::kinds;
use crate::gpu::{Commands, Lent, MemoryUse, Pipeline};
use crate::scene::View;
use std::ops::Range;

/// A number per pixel.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Aov {
    /// View-space depth in metres.
    Depth,
    /// The DEM's own height.
    Elevation,
    /// The patch's upward unit normal in the world.
    Normal,
    /// World x and y in metres.
    Ground,
}

impl Aov {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Depth, Self::Elevation, Self::Normal, Self::Ground];

    /// As users spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Elevation => "elevation",
            Self::Normal => "normal",
            Self::Ground => "ground",
        }
    }

    /// Floats a pixel.
    pub fn channels(self) -> usize {
        match self {
            Self::Depth | Self::Elevation => 1,
            Self::Ground => 2,
            Self::Normal => 3,
        }
    }

    /// The shader's name for it.
    fn kind(self) -> kinds::Aov {
        match self {
            Self::Depth => kinds::Aov::Depth,
            Self::Elevation => kinds::Aov::Elevation,
            Self::Normal => kinds::Aov::Normal,
            Self::Ground => kinds::Aov::Ground,
        }
    }

    /// The AOV of that name.
    pub fn parse(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|aov| aov.name() == name)
            .ok_or_else(|| Error::none_of("each of aovs", name, &Self::ALL.map(Self::name)))
    }
}

/// One AOV of a whole picture: row-major, `aov.channels()` floats a pixel, NaN where no ground is
/// seen.
#[derive(Debug)]
pub struct AovValues {
    /// Which.
    pub aov: Aov,
    /// The numbers.
    pub values: Vec<f32>,
}

/// As many numbers; what does not fit into memory is an error.
fn copied(numbers: &[f32], aov: Aov) -> Result<Vec<f32>> {
    let mut own = try_vec(numbers.len(), aov.name())?;
    own.extend_from_slice(numbers);
    Ok(own)
}

impl Engine {
    /// The AOVs of a view, in the order asked for, and the depths of the same rays, so that one
    /// picture gives one answer: empty unless `depth`.
    pub(super) fn aovs(
        &self,
        sent: &Sent<'_>,
        view: &View,
        wanted: &[Aov],
        depth: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<(Vec<AovValues>, Vec<f32>)> {
        let mut exact = if depth || wanted.contains(&Aov::Depth) || sent.space.is_some() {
            self.aov(sent, view, Aov::Depth, &[], interrupted)?
        } else {
            Values::default()
        };
        let Values { ground, seen } = &mut exact;
        to_depths(start(sent.terrain, view), seen);
        let mut results = Vec::new();
        for &aov in wanted {
            let values = match aov {
                Aov::Depth => copied(seen, aov)?,
                _ => self.aov(sent, view, aov, ground, interrupted)?.seen,
            };
            results.push(AovValues { aov, values });
        }
        Ok((results, if depth { exact.seen } else { Vec::new() }))
    }

    fn aov_pipeline(&self, terrain: &Terrain, view: &View, aov: Aov) -> Pipeline<Shader> {
        self.pipeline(&Constants {
            has_holes: terrain.extent.has_holes,
            sheets: terrain.sheets.is_some(),
            aov: aov.kind(),
            base: view.scenery.base.is_some(),
            painted_holes: terrain.painted_holes.is_some(),
            loads: self.device().limits().prefers_loads,
            along_borders: has_rays_along_borders(terrain, view),
            straight_down: view.camera.is_map(),
        })
    }

    /// One at a time, so that each result is written contiguously and needs no second pass on the
    /// host. Depths are still parameters of rays. `grounds` are the ground's, which all but those
    /// themselves want where there are things.
    fn aov(
        &self,
        sent: &Sent<'_>,
        view: &View,
        aov: Aov,
        grounds: &[f32],
        interrupted: Interrupted<'_>,
    ) -> Result<Values> {
        let terrain = sent.terrain;
        let blank = self.no_drape(interrupted)?;
        let numbers = blocks(terrain, view, None, &blank)?;
        let asking = sent
            .space
            .map(|space| Asking::new(self, space, terrain, view, &numbers, (aov.kind(), false)));
        let drawing = Drawing {
            engine: self,
            terrain,
            aov,
            width: view.size[0] as usize,
            pipeline: self.aov_pipeline(terrain, view, aov),
            blank: &blank,
            blocks: self.lend_value("blocks", &numbers)?,
            asking: asking.transpose()?,
            grounds,
            interrupted,
        };
        let [width, height] = view.size.map(|side| side as usize);
        let channels = aov.channels();
        let grounds_too =
            if drawing.asking.is_some() && aov == Aov::Depth { width * height } else { 0 };
        let mut found = Values {
            ground: try_vec(grounds_too, "depths of the ground")?,
            seen: try_vec(width * height * channels, aov.name())?,
        };
        let most_bytes = self.device().limits().max_storage_bytes;
        let draw = |part: &Region, _| drawing.part(part);
        for rows in bands(view.size, 0..view.size[1], 1, 4 * channels as u64, most_bytes, u32::MAX)
        {
            let region = Region { rows: rows.clone(), columns: 0..view.size[0] };
            let whole = Whole { region, least: 1, block: None };
            let (ground, seen) = (found.ground.len(), found.seen.len());
            terrain.in_parts(self, &whole, interrupted, draw, |part, drawn| {
                let down = (part.rows.start - rows.start) as usize;
                let columns = part.columns.start as usize..part.columns.end as usize;
                lay_out(
                    &drawn.ground,
                    width,
                    columns.clone(),
                    &mut found.ground,
                    ground + width * down,
                );
                let columns = channels * columns.start..channels * columns.end;
                lay_out(
                    &drawn.seen,
                    width * channels,
                    columns,
                    &mut found.seen,
                    seen + width * channels * down,
                );
                Ok(())
            })?;
        }
        Ok(found)
    }
}

/// One AOV of a picture, a part at a time.
struct Drawing<'d> {
    engine: &'d Engine,
    terrain: &'d Terrain,
    aov: Aov,
    /// Of the picture, in pixels.
    width: usize,
    pipeline: Pipeline<Shader>,
    blank: &'d DrapeLayer,
    blocks: Lent<'d>,
    asking: Option<Asking<'d>>,
    grounds: &'d [f32],
    interrupted: Interrupted<'d>,
}

impl Drawing<'_> {
    fn part(&self, part: &Region) -> Result<Values> {
        let rows = part.rows.end - part.rows.start;
        let (width, aov) = (self.width, self.aov);
        let bytes = 4 * width * rows as usize * aov.channels();
        let target = self.engine.borrow_buffer(aov.name(), bytes as u64, MemoryUse::ReadBack)?;
        let parameters = Band {
            first_row: part.rows.start,
            rows,
            columns: [part.columns.start, part.columns.end],
            spacing: self.terrain.extent.spacing.map(|metres| metres as f32),
        };
        let known =
            self.grounds.get(width * part.rows.start as usize..width * part.rows.end as usize);
        let known = self.engine.lend_values("depths of the ground", known.unwrap_or(&[0.0]))?;
        let mut commands = Commands::new(self.engine.device())?;
        self.terrain.record_start(&mut commands)?;
        let bindings = bindings(self.terrain, self.blank, &self.blocks, &target);
        let strips = Strips::new(width as u32);
        let threads = [strips.width, rows, strips.count];
        commands.dispatch(&self.pipeline, threads, &parameters, &bindings)?;
        let read = |target: &Lent<'_>| {
            copied(bytemuck::cast_slice(target.read()?.get(..bytes).unwrap_or_default()), aov)
        };
        let mut ground = Vec::new();
        let Some(asking) = &self.asking else {
            commands.submit_and_wait(self.interrupted)?;
            return Ok(Values { ground, seen: read(&target)? });
        };
        if aov == Aov::Depth {
            // The others look no farther than the ground.
            commands.submit_and_wait(self.interrupted)?;
            ground = read(&target)?;
            commands = Commands::new(self.engine.device())?;
        }
        asking.record(
            &mut commands,
            [width as u32, rows, part.rows.start],
            &known,
            &known,
            &target,
        )?;
        commands.submit_and_wait(self.interrupted)?;
        Ok(Values { ground, seen: read(&target)? })
    }
}

/// What aov.comp reads, and `target`, which it writes.
fn bindings<'b>(
    terrain: &'b Terrain,
    blank: &'b DrapeLayer,
    blocks: &'b Lent<'_>,
    target: &'b Lent<'_>,
) -> Bindings<'b> {
    Bindings {
        blocks,
        directory: terrain.directory(),
        directory_texels: terrain.directory(),
        heights: &terrain.heights,
        height_texels: &terrain.heights,
        maxima: terrain.maxima(),
        maxima_texels: terrain.maxima(),
        painted_holes: terrain.painted_holes.as_ref().unwrap_or(blank.texels()),
        sheet_use: terrain.usage(target),
        values: target,
    }
}

/// Puts `columns` of rows of `width` numbers from `found` into `all`, from the number `first` on;
/// what is not there yet is NaN.
fn lay_out(found: &[f32], width: usize, columns: Range<usize>, all: &mut Vec<f32>, first: usize) {
    if found.is_empty() {
        return;
    }
    if columns == (0..width) && all.len() == first {
        all.extend_from_slice(found);
        return;
    }
    all.resize(all.len().max(first + found.len()), f32::NAN);
    let lines = all.get_mut(first..).unwrap_or_default().chunks_exact_mut(width);
    for (line, found) in lines.zip(found.chunks_exact(width)) {
        line[columns.clone()].copy_from_slice(&found[columns.clone()]);
    }
}

/// Numbers of what is seen and, where there are things before it and it is the depth, of the
/// ground.
#[derive(Default)]
struct Values {
    ground: Vec<f32>,
    seen: Vec<f32>,
}
