//! Numbers beside the picture: depth, elevation, normal and ground place at every pixel's centre.

use super::bands::bands;
use super::passes::write_start;
use super::strips::Strips;
use super::view_block::{ViewBlock, has_rays_along_borders};
use super::{Engine, Interrupted, Terrain};
use crate::error::{Error, Result, try_vec};
use crate::gpu::{Binding, Commands, MemoryUse, gpu_struct, shaders};
use crate::scene::View;
use bytemuck::bytes_of;

gpu_struct! {
    struct Band: aov::Band {
        first_row: u32,
        rows: u32,
        spacing: [f32; 2],
    }
}

// Every shader with rays has the same View block; the twin is declared once, against the picture's.
const _: () = assert!(shaders::aov::View::SIZE == shaders::picture::View::SIZE);

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
    pub fn aovs(
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
        view.validate()?;
        let pipeline = self.pipeline(
            &shaders::aov::SHADER,
            &[
                terrain.has_holes.into(),
                aov as u32,
                view.scenery.base.is_some().into(),
                terrain.painted_holes.is_some().into(),
                self.device().limits().prefers_loads.into(),
                has_rays_along_borders(terrain, view).into(),
            ],
        )?;
        let block = ViewBlock::new(terrain, view, None)?;
        let blank = self.no_drape(interrupted)?;
        let nothing = blank.texels();
        let mut block_buffer =
            self.borrow_buffer("view", size_of::<ViewBlock>() as u64, MemoryUse::Upload)?;
        write_start(block_buffer.write()?, bytes_of(&block));
        let [width, height] = view.size.map(|side| side as usize);
        let channels = aov.channels();
        let mut values = try_vec(width * height * channels, aov.name())?;
        for band in bands(view.size, 1, 4 * channels as u64, self.device().limits().max_storage_bytes) {
            let rows = band.end - band.start;
            let bytes = 4 * width * rows as usize * channels;
            let target = self.borrow_buffer(aov.name(), bytes as u64, MemoryUse::ReadBack)?;
            let parameters =
                Band { first_row: band.start, rows, spacing: terrain.spacing.map(|metres| metres as f32) };
            let mut commands = Commands::new(self.device())?;
            let bindings = [
                Binding::Buffer(&block_buffer),
                Binding::Image(&terrain.heights),
                Binding::Image(&terrain.pyramid.maxima),
                Binding::Buffer(&target),
                terrain.painted_holes.as_ref().map_or(nothing, Binding::Words),
                Binding::Image(&terrain.heights),
                Binding::Image(&terrain.pyramid.maxima),
            ];
            let strips = Strips::new(view.size[0]);
            let threads = [strips.width, rows, strips.count];
            commands.dispatch(&pipeline, threads, bytes_of(&parameters), &bindings)?;
            commands.submit_and_wait(interrupted)?;
            values.extend_from_slice(bytemuck::cast_slice(target.read()?.get(..bytes).unwrap_or_default()));
        }
        Ok(values)
    }
}
