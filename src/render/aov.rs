//! Numbers beside the picture: depth, elevation, normal and ground place at every pixel's centre.

use super::bands::bands;
use super::blocks::blocks;
use super::strips::Strips;
use super::view::has_rays_along_borders;
use super::{Engine, Interrupted, Region, Terrain};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::aov::{Band, Bindings, Constants, Shader};
use crate::gpu::shaders::kinds;
use crate::gpu::{Commands, MemoryUse};
use crate::scene::View;

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
        Self::ALL.into_iter().find(|aov| aov.name() == name).ok_or_else(|| {
            Error::invalid(format!(
                "aovs must be of \"depth\", \"elevation\", \"normal\", \"ground\"; got {name:?}; pass e.g. aovs=(\"depth\",)"
            ))
        })
    }
}

/// One AOV of a whole picture: row-major, `aov.channels()` floats a pixel, NaN where no ground is seen.
#[derive(Debug)]
pub struct AovValues {
    /// Which.
    pub aov: Aov,
    /// The numbers.
    pub values: Vec<f32>,
}

impl Engine {
    /// The AOVs of a view, in the order asked for.
    pub(super) fn aovs(
        &self,
        terrain: &Terrain,
        view: &View,
        wanted: &[Aov],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<AovValues>> {
        let mut results = Vec::new();
        for &aov in wanted {
            results.push(AovValues { aov, values: self.aov(terrain, view, aov, interrupted)? });
        }
        Ok(results)
    }

    /// One at a time, so that each result is written contiguously and needs no second pass on the host.
    fn aov(
        &self,
        terrain: &Terrain,
        view: &View,
        aov: Aov,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<f32>> {
        let pipeline = self.pipeline::<Shader>(&Constants {
            has_holes: terrain.extent.has_holes,
            sheets: terrain.sheets.is_some(),
            aov: aov.kind(),
            base: view.scenery.base.is_some(),
            painted_holes: terrain.painted_holes.is_some(),
            loads: self.device().limits().prefers_loads,
            along_borders: has_rays_along_borders(terrain, view),
        });
        let blank = self.no_drape(interrupted)?;
        let blocks = self.lend_value("blocks", &blocks(terrain, view, None, &blank)?)?;
        let [width, height] = view.size.map(|side| side as usize);
        let channels = aov.channels();
        let mut values = try_vec(width * height * channels, aov.name())?;
        let most_bytes = self.device().limits().max_storage_bytes;
        let draw = |part: &Region| {
            let rows = part.rows.end - part.rows.start;
            let bytes = 4 * width * rows as usize * channels;
            let target = self.borrow_buffer(aov.name(), bytes as u64, MemoryUse::ReadBack)?;
            let parameters = Band {
                first_row: part.rows.start,
                rows,
                columns: [part.columns.start, part.columns.end],
                spacing: terrain.extent.spacing.map(|metres| metres as f32),
            };
            let mut commands = Commands::new(self.device())?;
            terrain.record_start(&mut commands)?;
            let bindings = Bindings {
                blocks: &blocks,
                directory: terrain.directory(),
                directory_texels: terrain.directory(),
                heights: &terrain.heights,
                height_texels: &terrain.heights,
                maxima: &terrain.pyramid.maxima,
                maxima_texels: &terrain.pyramid.maxima,
                painted_holes: terrain.painted_holes.as_ref().unwrap_or(blank.texels()),
                sheet_use: terrain.usage(&target),
                values: &target,
            };
            let strips = Strips::new(view.size[0]);
            let threads = [strips.width, rows, strips.count];
            commands.dispatch(&pipeline, threads, &parameters, &bindings)?;
            commands.submit_and_wait(interrupted)?;
            Ok((target, bytes))
        };
        for rows in bands(view.size, 1, 4 * channels as u64, most_bytes, u32::MAX) {
            let first = values.len();
            values.resize(width * rows.end as usize * channels, f32::NAN);
            let whole = Region { rows: rows.clone(), columns: 0..view.size[0] };
            terrain.in_parts(self, whole, 1, interrupted, draw, |part, (target, bytes)| {
                let found: &[f32] = bytemuck::cast_slice(target.read()?.get(..bytes).unwrap_or_default());
                let start = first + width * (part.rows.start - rows.start) as usize * channels;
                let lines = values.get_mut(start..).unwrap_or_default().chunks_exact_mut(width * channels);
                let columns = channels * part.columns.start as usize..channels * part.columns.end as usize;
                for (line, found) in lines.zip(found.chunks_exact(width * channels)) {
                    line[columns.clone()].copy_from_slice(&found[columns.clone()]);
                }
                Ok(())
            })?;
        }
        Ok(values)
    }
}
