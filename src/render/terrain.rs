//! The ground on the device: its heights, and what is derived from them.

use super::extent::Extent;
use super::pyramid::{self, Layout, Pyramid};
use super::sky_view::SkyView;
use super::sun_map::SunMap;
use super::{Engine, Interrupted, Sheets, Source, ms_since};
use crate::error::{Error, Result, try_zeros};
use crate::gpu::shaders::blocks;
use crate::gpu::{Buffer, Commands, FloatImage, WordImage};
use crate::scene::Heightfield;
use crate::scene::rows::Rows;
use crate::scene::water::Mask;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Heights that are on the device, and what is derived from them.
pub(super) struct Terrain {
    pub(super) extent: Extent,
    /// As one image; the atlas of a DEM in sheets.
    pub(super) heights: Arc<FloatImage>,
    /// How large the pyramid's levels are.
    pub(super) layout: Layout,
    /// None while no picture has had rays that walk.
    pyramid: Option<Pyramid>,
    pub(super) sheets: Option<Sheets>,
    /// Which patches were holes that the picture paints.
    pub(super) painted_holes: Option<WordImage>,
    pub(super) caches: Caches,
    bytes_uploaded: u64,
    upload_ms: f64,
}

/// What pictures have asked for so far.
#[derive(Default)]
pub(super) struct Caches {
    pub(super) sky_view: Option<SkyView>,
    /// Of the sun of the last picture that wanted one.
    pub(super) sun_map: Mutex<Option<Arc<SunMap>>>,
    /// Which samples are water, with the mask that it was made of.
    pub(super) water_mask: Option<(FloatImage, Arc<Mask>)>,
}

impl Terrain {
    /// Sends the heights. Unless it is to `keep` them `field` loses its own, so that they and the
    /// pyramid never take memory at once.
    pub(super) fn new(
        engine: &Engine,
        field: &mut Heightfield,
        keep: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let start = Instant::now();
        let extent = Extent::of(field);
        let heights = Arc::new(send(engine, field, interrupted)?);
        if !keep {
            field.release_heights();
        }
        let painted_holes = field.painted_holes().map(|mask| {
            WordImage::upload(
                engine.device(),
                "painted holes",
                &mask.words,
                mask.width,
                interrupted,
            )
        });
        Ok(Self {
            layout: Layout::new(heights.size().map(|side| side - 1)),
            extent,
            heights,
            pyramid: None,
            sheets: None,
            painted_holes: painted_holes.transpose()?,
            caches: Caches::default(),
            bytes_uploaded: 4 * field.columns() as u64 * field.rows() as u64,
            upload_ms: ms_since(start),
        })
    }

    /// Sends what is whole of a DEM in sheets: its coarse levels.
    pub(super) fn in_sheets(
        engine: &Engine,
        field: &Heightfield,
        source: &Source,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let start = Instant::now();
        let layout = source.cut.layout;
        let atlas = source.cut.atlas(engine.device())?;
        let [width, height] = layout.cells_of(layout.finest);
        // Five planes of the finest level, two of the next, and slopes.
        let bytes_uploaded = (5 * 4 + 2) * u64::from(width) * u64::from(height)
            + 4 * source.survey.slopes.len() as u64;
        for (plane, column) in source.survey.planes.iter().zip(layout.planes()) {
            atlas.write_part(plane, [column, height, width, height], interrupted)?;
        }
        let [means_of_next, reliefs_of_next] = &source.survey.coarser;
        let means = FloatImage::new(engine.device(), "means", [width, 2 * height])?;
        let mut commands = Commands::new(engine.device())?;
        commands.initialise(&means);
        commands.submit_and_wait(interrupted)?;
        means.write_part(&source.survey.planes[2], [0, height, width, height], interrupted)?;
        let [width, height] = layout.cells_of(layout.finest + 1);
        means.write_part(means_of_next, [0, height, width, height], interrupted)?;
        let [.., reliefs] = layout.planes();
        atlas.write_part(reliefs_of_next, [reliefs, height, width, height], interrupted)?;
        let [width, height] = layout.cells_of(layout.slopes_level());
        let place = [layout.slopes, height, width, height];
        means.write_part(&source.survey.slopes, place, interrupted)?;
        let atlas = Arc::new(atlas);
        let pyramid = pyramid::build_on(engine, atlas.clone(), &means, layout, interrupted)?;
        let sheets = Sheets::new(engine, source, atlas.clone(), interrupted)?;
        Ok(Self {
            extent: Extent::surveyed(field, &source.survey),
            heights: atlas,
            layout,
            pyramid: Some(pyramid),
            sheets: Some(sheets),
            painted_holes: None,
            caches: Caches::default(),
            bytes_uploaded,
            upload_ms: ms_since(start),
        })
    }

    /// Builds the pyramid, unless it is there: rays that walk need it. Milliseconds that it took.
    pub(super) fn build_pyramid(
        &mut self,
        engine: &Engine,
        interrupted: Interrupted<'_>,
    ) -> Result<f64> {
        if self.pyramid.is_some() {
            return Ok(0.0);
        }
        let start = Instant::now();
        let made = pyramid::build(engine, &self.heights, self.layout, &self.extent, interrupted)?;
        self.pyramid = Some(made);
        let ms = ms_since(start);
        self.upload_ms += ms;
        Ok(ms)
    }

    /// The pyramid; where there is none nothing walks, and any image will do.
    pub(super) fn maxima(&self) -> &FloatImage {
        self.pyramid.as_ref().map_or(&self.heights, |pyramid| &pyramid.maxima)
    }

    /// Its dilated twin, likewise.
    pub(super) fn dilated(&self) -> &FloatImage {
        self.pyramid.as_ref().map_or(&self.heights, |pyramid| &pyramid.dilated)
    }

    /// Where its shaders find which sheet is where. What is whole has none, and any image will do.
    pub(super) fn directory(&self) -> &FloatImage {
        self.sheets.as_ref().map_or(&self.heights, |sheets| &sheets.directory)
    }

    /// Where they note which sheets they use: `other` for what is whole.
    pub(super) fn usage<'t>(&'t self, other: &'t Buffer) -> &'t Buffer {
        self.sheets.as_ref().map_or(other, |sheets| &sheets.usage)
    }

    /// Before a pass that notes that.
    pub(super) fn record_start<'r>(&'r self, commands: &mut Commands<'r>) -> Result<()> {
        self.sheets.as_ref().map_or(Ok(()), |sheets| commands.clear(&sheets.usage))
    }

    /// Its block, for `shaders/include/terrain.glsl`; with a base down to its floor.
    pub(super) fn block(&self, floor: Option<f64>) -> blocks::Terrain {
        let [dx, dy] = self.extent.spacing;
        let exaggeration = self.extent.exaggeration;
        let layout = &self.layout;
        let [lowest, highest] = self.extent.range.map(f64::from);
        let heights = [floor.unwrap_or(lowest), highest];
        let single = |v: [f64; 3]| v.map(|value| value as f32);
        blocks::Terrain {
            reference_height: self.extent.reference_height,
            cell_metres: dx.max(dy) as f32,
            cell_height: (dx.max(dy) / exaggeration) as f32,
            height_bounds: heights
                .map(|bound| (bound - f64::from(self.extent.reference_height)) as f32),
            cells: [self.extent.columns as i32 - 1, self.extent.rows as i32 - 1],
            texel: [1.0 / self.extent.columns as f32, 1.0 / self.extent.rows as f32],
            base_cells: layout.base_cells.map(|side| side as i32),
            top_level: layout.top_level as i32,
            normal_scale: single([exaggeration / dx, -exaggeration / dy, 1.0]),
            deviation_scale: (exaggeration * (2.0 / (dx * dx + dy * dy)).sqrt()) as f32,
            world_scale: single([dx, -dy, exaggeration]),
        }
    }

    /// Whether its heights are ground where the DEM has holes.
    pub(super) fn paints_holes(&self) -> bool {
        self.painted_holes.is_some()
    }

    /// (columns, rows) of the DEM.
    pub(super) fn size(&self) -> [usize; 2] {
        [self.extent.columns, self.extent.rows]
    }

    /// Milliseconds that upload and pyramid took so far.
    pub(super) fn upload_ms(&self) -> f64 {
        self.upload_ms
    }

    /// Bytes sent to the device so far, of sheets too.
    pub(super) fn bytes_uploaded(&self) -> u64 {
        self.bytes_uploaded + self.sheets.as_ref().map_or(0, Sheets::bytes_brought)
    }

    /// Sends a mask of water to the device, unless that one is there; None takes it away.
    pub(super) fn set_water_mask(
        &mut self,
        engine: &Engine,
        mask: Option<&Arc<Mask>>,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        let Some(mask) = mask else {
            self.caches.water_mask = None;
            return Ok(());
        };
        mask.check_size(self.size())?;
        if !self.caches.water_mask.as_ref().is_some_and(|(_, there)| Arc::ptr_eq(there, mask)) {
            let image = FloatImage::upload(
                engine.device(),
                "water mask",
                &mask.samples,
                mask.columns,
                interrupted,
            )?;
            self.caches.water_mask = Some((image, mask.clone()));
        }
        Ok(())
    }

    /// Whether the ground is above a place in the world, or has a hole there.
    pub(super) fn is_above(
        &self,
        [x, y, z]: [f64; 3],
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        let [last_column, last_row] =
            [(self.extent.columns - 1) as f64, (self.extent.rows - 1) as f64];
        let column = x / self.extent.spacing[0] + last_column / 2.0;
        let row = last_row / 2.0 - y / self.extent.spacing[1];
        let over_dem = (0.0..=last_column).contains(&column) && (0.0..=last_row).contains(&row);
        if !over_dem || z > f64::from(self.extent.range[1]) * self.extent.exaggeration {
            return Ok(false);
        }
        let [west, north] =
            [column.floor().min(last_column - 1.0), row.floor().min(last_row - 1.0)];
        let corners = self.read_heights([west as u32, north as u32, 2, 2], interrupted)?;
        let [east, south] = [column - west, row - north];
        let weights = [
            (1.0 - east) * (1.0 - south),
            east * (1.0 - south),
            (1.0 - east) * south,
            east * south,
        ];
        let height: f64 =
            corners.iter().zip(weights).map(|(corner, weight)| f64::from(*corner) * weight).sum();
        let ground = height * self.extent.exaggeration;
        Ok(ground.is_nan() || z < ground)
    }

    /// Heights as they are on the device, or where a DEM in sheets stays: [x, y, width, height],
    /// which must lie inside.
    pub(super) fn read_heights(
        &self,
        rectangle: [u32; 4],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<f32>> {
        let Some(sheets) = &self.sheets else { return self.heights.read(rectangle, interrupted) };
        let [column, row, columns, rows] = rectangle.map(|side| side as usize);
        let mut heights = try_zeros(columns * rows, "a patch of heights")?;
        sheets.read([column, row, columns, rows], &mut heights)?;
        Ok(heights)
    }
}

/// Heights as an image, block by block.
fn send(engine: &Engine, rows: &dyn Rows, interrupted: Interrupted<'_>) -> Result<FloatImage> {
    let (most, [columns, row_count]) = (engine.device().limits().max_image as usize, rows.size());
    if columns.max(row_count) > most {
        return Err(Error::invalid(format!(
            "heightmap is too large for {}; expected at most {most} x {most} samples, got {row_count} x {columns}; pass \
             vf.LargeDEM(dem), cut it into parts, or resample it",
            engine.device().report().name,
        )));
    }
    let read = |first: usize, target: &mut [f32]| rows.read(first, target);
    FloatImage::of_rows(engine.device(), "heightmap", rows.size(), &read, interrupted)
}
