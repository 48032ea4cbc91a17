//! A heightfield on the device.

use super::pyramid::{self, Pyramid};
use super::sky::SkyView;
use super::sun_map::SunMap;
use super::{Engine, Interrupted, ms_since};
use crate::error::{Error, Result};
use crate::gpu::{FloatImage, WordImage};
use crate::scene::Heightfield;
use crate::scene::water::Mask;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The height texture with its pyramid, and what a view must know of the DEM.
pub struct Terrain {
    pub(super) heights: FloatImage,
    pub(super) pyramid: Pyramid,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) spacing: [f64; 2],
    pub(super) exaggeration: f64,
    pub(super) has_holes: bool,
    pub(super) range: [f32; 2],
    /// Middle of the height range: walking relative to it keeps the digits of a float for the relief.
    pub(super) reference_height: f32,
    /// Once a picture has asked for it.
    pub(super) sky: Option<SkyView>,
    /// Of the sun of the last picture that wanted one.
    pub(super) sun_map: Mutex<Option<Arc<SunMap>>>,
    /// Which samples are water, with the mask that it was made of.
    pub(super) water_mask: Option<(FloatImage, Arc<Mask>)>,
    /// Which patches were holes that the picture paints.
    pub(super) painted_holes: Option<WordImage>,
    upload_ms: f64,
}

impl Terrain {
    /// Uploads the heights and builds the pyramid. Unless it is to `keep` them, `field` loses its heights in between, so that
    /// they and the pyramid never take memory at once; if the pyramid fails it has them back.
    pub fn new(
        engine: &Engine,
        field: &mut Heightfield,
        keep: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let start = Instant::now();
        let heights =
            FloatImage::upload(engine.device(), "heights", field.heights(), field.columns(), interrupted)?;
        if !keep {
            field.release_heights();
        }
        // A DEM without a single finite sample has no surface; any range will do for it.
        let range = field.range().unwrap_or([0.0, 0.0]);
        let reference_height = range[0] * 0.5 + range[1] * 0.5;
        let painted_holes = field.painted_holes().map(|mask| {
            WordImage::upload(engine.device(), "painted holes", &mask.words, mask.width, interrupted)
        });
        let pyramid = match pyramid::build(engine, &heights, reference_height, field.has_holes(), interrupted)
        {
            Ok(pyramid) => pyramid,
            Err(error) => {
                if !keep {
                    let whole = [0, 0, field.columns() as u32, field.rows() as u32];
                    field.restore_heights(heights.read(whole, &|| false)?);
                }
                return Err(error);
            }
        };
        Ok(Self {
            heights,
            pyramid,
            columns: field.columns(),
            rows: field.rows(),
            spacing: field.spacing(),
            exaggeration: field.exaggeration(),
            has_holes: field.has_holes(),
            range,
            reference_height,
            sky: None,
            sun_map: Mutex::default(),
            water_mask: None,
            painted_holes: painted_holes.transpose()?,
            upload_ms: ms_since(start),
        })
    }

    /// Whether its heights are ground where the DEM has holes.
    pub(super) fn paints_holes(&self) -> bool {
        self.painted_holes.is_some()
    }

    /// (columns, rows) of the DEM.
    pub fn size(&self) -> [usize; 2] {
        [self.columns, self.rows]
    }

    /// Metres that its cells cover, east-west and north-south.
    pub(super) fn footprint(&self) -> [f64; 2] {
        [self.columns as f64 * self.spacing[0], self.rows as f64 * self.spacing[1]]
    }

    /// Milliseconds that upload and pyramid took.
    pub fn upload_ms(&self) -> f64 {
        self.upload_ms
    }

    /// Bytes sent to the device.
    pub fn bytes_uploaded(&self) -> u64 {
        4 * self.columns as u64 * self.rows as u64
    }

    /// Sends a mask of water to the device, unless that one is there; None takes it away.
    pub fn set_water_mask(
        &mut self,
        engine: &Engine,
        mask: Option<&Arc<Mask>>,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        let Some(mask) = mask else {
            self.water_mask = None;
            return Ok(());
        };
        if [mask.columns, mask.rows] != self.size() {
            return Err(Error::invalid(format!(
                "water mask must have the DEM's shape; expected ({}, {}), got ({}, {}); pass one bool for each sample",
                self.rows, self.columns, mask.rows, mask.columns
            )));
        }
        if !self.water_mask.as_ref().is_some_and(|(_, there)| Arc::ptr_eq(there, mask)) {
            let image =
                FloatImage::upload(engine.device(), "water mask", &mask.samples, mask.columns, interrupted)?;
            self.water_mask = Some((image, mask.clone()));
        }
        Ok(())
    }

    /// Whether the ground is above a place in the world, or has a hole there.
    pub(super) fn is_above(&self, [x, y, z]: [f64; 3], interrupted: Interrupted<'_>) -> Result<bool> {
        let [last_column, last_row] = [(self.columns - 1) as f64, (self.rows - 1) as f64];
        let column = x / self.spacing[0] + last_column / 2.0;
        let row = last_row / 2.0 - y / self.spacing[1];
        let over_dem = (0.0..=last_column).contains(&column) && (0.0..=last_row).contains(&row);
        if !over_dem || z > f64::from(self.range[1]) * self.exaggeration {
            return Ok(false);
        }
        let [west, north] = [column.floor().min(last_column - 1.0), row.floor().min(last_row - 1.0)];
        let corners = self.read_heights([west as u32, north as u32, 2, 2], interrupted)?;
        let [east, south] = [column - west, row - north];
        let weights =
            [(1.0 - east) * (1.0 - south), east * (1.0 - south), (1.0 - east) * south, east * south];
        let height: f64 =
            corners.iter().zip(weights).map(|(corner, weight)| f64::from(*corner) * weight).sum();
        let ground = height * self.exaggeration;
        Ok(ground.is_nan() || z < ground)
    }

    /// Heights as they are on the device: [x, y, width, height], which must lie inside.
    pub fn read_heights(&self, rectangle: [u32; 4], interrupted: Interrupted<'_>) -> Result<Vec<f32>> {
        self.heights.read(rectangle, interrupted)
    }
}
