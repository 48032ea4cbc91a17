//! A session: one engine, one picture size, one terrain, and settings that stay until changed.

use super::{Aov, AovValues, DrapeLayer, Engine, Frame, Interrupted, Metrics, Terrain};
use crate::error::{Error, Result, try_vec};
use crate::gpu::DeviceRequest;
use crate::scene::percentiles::percentiles;
use crate::scene::view::{check_background, check_bad, check_range, check_samples, check_size};
use crate::scene::{Colormap, Drape, Heightfield, Light, Normalize, Scenery, Stats, View, Viewpoint, Water};

/// What [`Session`] draws with, besides the terrain.
struct Settings {
    colormap: Colormap,
    range: Option<[f32; 2]>,
    bad: Option<[f32; 4]>,
    camera: Option<Viewpoint>,
    light: Light,
    background: [f32; 4],
    samples: u32,
    scenery: Scenery,
}

/// The terrain of a session. Its heights are on the host or, once uploaded, on the device alone; while holes are painted they are
/// on the host, and the device has others.
struct Ground {
    field: Heightfield,
    uploaded: Option<Terrain>,
}

impl Ground {
    /// What `work` makes of the field with its heights, read back from the device if need be.
    fn with_heights<T>(
        &mut self,
        interrupted: Interrupted<'_>,
        work: impl FnOnce(&Heightfield, Option<&mut Terrain>) -> Result<T>,
    ) -> Result<T> {
        self.fetch_heights(interrupted)?;
        let result = work(&self.field, self.uploaded.as_mut());
        if self.uploaded.as_ref().is_some_and(|terrain| !terrain.paints_holes()) {
            self.field.release_heights();
        }
        result
    }

    fn fetch_heights(&mut self, interrupted: Interrupted<'_>) -> Result<()> {
        if let (false, Some(terrain)) = (self.field.has_heights(), &self.uploaded) {
            let [columns, rows] = terrain.size().map(|side| side as u32);
            self.field.restore_heights(terrain.read_heights([0, 0, columns, rows], interrupted)?);
        }
        Ok(())
    }
}

/// Heights, before exaggeration, that a colour range may start from.
#[derive(Clone, Copy, Debug)]
pub struct Landmarks {
    /// Least and greatest; None where all is hole.
    pub range: Option<[f32; 2]>,
    /// The 2nd and 98th percentile.
    pub robust: Option<[f64; 2]>,
    /// The least that is above 0; 0 where there is none.
    pub least_positive: f32,
}

/// A renderer that keeps its terrain and settings between pictures.
pub struct Session {
    engine: Engine,
    size: [u32; 2],
    settings: Settings,
    ground: Option<Ground>,
    metrics: Metrics,
    drape: Option<Drape>,
    // The same on the device, made when it is first drawn.
    layer: Option<DrapeLayer>,
    revision: u64,
}

/// A picture with all that was asked for, and what it is of.
pub struct Drawing {
    /// Pixels and depths.
    pub frame: Frame,
    /// The arrays asked for.
    pub aovs: Vec<AovValues>,
    /// What was drawn.
    pub view: View,
    /// (W·dx, H·dy) of the terrain in metres.
    pub footprint: [f64; 2],
}

fn no_terrain() -> Error {
    Error::invalid("no terrain uploaded; call add_terrain() first")
}

impl Session {
    /// Opens the device that fits `request`, for pictures of `size` = (width, height) pixels.
    pub fn new(size: [u32; 2], request: &DeviceRequest) -> Result<Self> {
        check_size(size)?;
        let settings = Settings {
            colormap: Colormap::named("viridis")?,
            range: None,
            bad: None,
            camera: None,
            light: Light::default(),
            background: [1.0; 4],
            samples: 4,
            scenery: Scenery::default(),
        };
        Ok(Self {
            engine: Engine::new(request)?,
            size,
            settings,
            ground: None,
            metrics: Metrics::default(),
            drape: None,
            layer: None,
            revision: 0,
        })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// (width, height) of the pictures.
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// Numbers of the last frame.
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// Changes with everything that a picture shows, except the camera.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Puts `field` in place of whatever terrain there is.
    pub fn set_terrain(&mut self, field: Heightfield, colormap: Colormap) {
        self.revision += 1;
        self.ground = Some(Ground { field, uploaded: None });
        self.settings.colormap = colormap;
    }

    /// Statistics of height · exaggeration.
    pub fn stats(&mut self, interrupted: Interrupted<'_>) -> Result<Stats> {
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        match ground.field.known_stats() {
            Some(stats) => Ok(stats),
            None => ground.with_heights(interrupted, |field, _| Ok(field.stats())),
        }
    }

    /// Rescales the heights in place; what is on the device is out of date then, and goes.
    pub fn normalize(&mut self, mode: Normalize, interrupted: Interrupted<'_>) -> Result<()> {
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        ground.fetch_heights(interrupted)?;
        self.revision += 1;
        ground.field.normalize(mode)?;
        ground.uploaded = None;
        Ok(())
    }

    /// What a colour range needs to know of the terrain.
    pub fn landmarks(&mut self, interrupted: Interrupted<'_>) -> Result<Landmarks> {
        self.ground.as_mut().ok_or_else(no_terrain)?.with_heights(interrupted, |field, _| {
            let positive = field.heights().iter().copied().filter(|height| *height > 0.0);
            let least = positive.fold(f32::INFINITY, f32::min);
            Ok(Landmarks {
                range: field.range(),
                robust: percentiles(field.heights(), [2.0, 98.0]),
                least_positive: if least.is_finite() { least } else { 0.0 },
            })
        })
    }

    /// Colours by height with the heights of their two ends, before exaggeration; None: the terrain's own.
    pub fn set_colormap(&mut self, colormap: Colormap, range: Option<[f32; 2]>) -> Result<()> {
        if let Some(range) = range {
            check_range(range)?;
        }
        self.revision += 1;
        self.settings.colormap = colormap;
        self.settings.range = range;
        Ok(())
    }

    /// Heights, before exaggeration, at the two ends of the colormap.
    pub fn set_range(&mut self, range: [f32; 2]) -> Result<()> {
        check_range(range)?;
        self.revision += 1;
        self.settings.range = Some(range);
        Ok(())
    }

    /// An image on the ground, or none.
    pub fn set_drape(&mut self, drape: Option<Drape>) {
        self.revision += 1;
        self.drape = drape;
        self.layer = None;
    }

    /// sRGB with straight alpha of holes, which are ground then; None: one sees through them.
    pub fn set_bad(&mut self, bad: Option<[f32; 4]>, interrupted: Interrupted<'_>) -> Result<()> {
        if let Some(bad) = bad {
            check_bad(bad)?;
        }
        let turned = bad.is_some() != self.settings.bad.is_some();
        if let Some(ground) = self.ground.as_mut().filter(|ground| turned && ground.field.has_holes()) {
            ground.fetch_heights(interrupted)?;
            ground.uploaded = None;
        }
        self.revision += 1;
        self.settings.bad = bad;
        Ok(())
    }

    /// Where the pictures are taken from.
    pub fn set_camera(&mut self, camera: Viewpoint) {
        self.settings.camera = Some(camera);
    }

    /// Changes the light; an invalid result is refused and changes nothing.
    pub fn change_light(&mut self, change: impl FnOnce(&mut Light)) -> Result<()> {
        let mut light = self.settings.light;
        change(&mut light);
        light.validate()?;
        self.revision += 1;
        self.settings.light = light;
        Ok(())
    }

    /// Rays for each pixel.
    pub fn set_samples(&mut self, samples: u32) -> Result<()> {
        check_samples(samples)?;
        self.revision += 1;
        self.settings.samples = samples;
        Ok(())
    }

    /// sRGB with straight alpha where no ground is seen.
    pub fn set_background(&mut self, background: [f32; 4]) -> Result<()> {
        check_background(background)?;
        self.revision += 1;
        self.settings.background = background;
        Ok(())
    }

    /// Changes base, water, haze, contours or sky; an invalid result is refused and changes nothing.
    pub fn change_scenery(&mut self, change: impl FnOnce(&mut Scenery)) -> Result<()> {
        let mut scenery = self.settings.scenery.clone();
        change(&mut scenery);
        scenery.validate()?;
        if let (Some(ground), Some(mask)) = (&self.ground, scenery.water.as_ref().and_then(Water::mask)) {
            mask.check_size([ground.field.columns(), ground.field.rows()])?;
        }
        self.revision += 1;
        self.settings.scenery = scenery;
        Ok(())
    }

    /// Sends the heights to the device, unless they are there.
    pub fn upload(&mut self, interrupted: Interrupted<'_>) -> Result<&Terrain> {
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        let terrain = match ground.uploaded.take() {
            Some(terrain) => terrain,
            None if self.settings.bad.is_some() && ground.field.has_holes() => {
                let mut filled = ground.field.with_painted_holes()?;
                Terrain::new(&self.engine, &mut filled, false, interrupted)?
            }
            None => Terrain::new(&self.engine, &mut ground.field, false, interrupted)?,
        };
        Ok(ground.uploaded.insert(terrain))
    }

    /// Heights on the device with (rows, columns): zeros before an upload, nothing without a terrain.
    pub fn read_heights(&self, interrupted: Interrupted<'_>) -> Result<(Vec<f32>, [usize; 2])> {
        let [columns, rows] =
            self.ground.as_ref().map_or([0, 0], |ground| [ground.field.columns(), ground.field.rows()]);
        let heights = self.read_patch([0, 0, columns as u64, rows as u64], interrupted)?;
        Ok((heights, [rows, columns]))
    }

    /// The rectangle [x, y, width, height] of the heights on the device; zeros while there are none.
    pub fn read_patch(&self, [x, y, w, h]: [u64; 4], interrupted: Interrupted<'_>) -> Result<Vec<f32>> {
        let size = self.ground.as_ref().map(|ground| [ground.field.columns(), ground.field.rows()]);
        if let Some([columns, rows]) = size
            && (x.saturating_add(w) > columns as u64 || y.saturating_add(h) > rows as u64)
        {
            return Err(Error::invalid(format!(
                "patch out of bounds; expected x + w <= {columns} and y + h <= {rows}, got x={x}, y={y}, w={w}, h={h}; \
                 ask for a patch inside the terrain"
            )));
        }
        let terrain = self.ground.as_ref().and_then(|ground| ground.uploaded.as_ref());
        if let (Some(terrain), Some(ground)) = (terrain, self.ground.as_ref()) {
            let mut heights = terrain.read_heights([x, y, w, h].map(|side| side as u32), interrupted)?;
            if terrain.paints_holes() {
                ground.field.mark_holes(&mut heights, [x, y, w].map(|side| side as usize));
            }
            return Ok(heights);
        }
        let samples =
            w.checked_mul(h).and_then(|samples| usize::try_from(samples).ok()).unwrap_or(usize::MAX);
        let mut zeros = try_vec(samples, "a patch of heights")?;
        zeros.resize(samples, 0.0);
        Ok(zeros)
    }

    /// (W·dx, H·dy) of the terrain in metres; zeros without one.
    pub fn footprint(&self) -> [f64; 2] {
        self.ground.as_ref().map_or([0.0; 2], |ground| {
            let [dx, dy] = ground.field.spacing();
            [ground.field.columns() as f64 * dx, ground.field.rows() as f64 * dy]
        })
    }

    fn view(&self, camera: Option<Viewpoint>) -> Result<View> {
        let field = &self.ground.as_ref().ok_or_else(no_terrain)?.field;
        let settings = &self.settings;
        let viewpoint = camera.or_else(|| settings.camera.clone());
        let viewpoint = viewpoint.map_or_else(|| Viewpoint::of(field), Ok)?;
        let camera = viewpoint.camera(field, self.size, &settings.scenery, settings.bad.is_some())?;
        Ok(View {
            size: self.size,
            camera,
            colormap: settings.colormap.clone(),
            range: settings.range,
            bad: settings.bad,
            light: settings.light,
            background: settings.background,
            samples: settings.samples,
            scenery: settings.scenery.clone(),
        })
    }

    /// Draws the terrain, with its depths if `depth`, uploading it first if need be.
    pub fn draw(&mut self, depth: bool, wanted: &[Aov], interrupted: Interrupted<'_>) -> Result<Drawing> {
        let drawing = self.draw_from(None, depth, wanted, interrupted)?;
        self.hand_out(&drawing);
        Ok(drawing)
    }

    /// [`Session::draw`] from `camera` in place of the session's own, and not yet the last frame of its metrics.
    pub fn draw_from(
        &mut self,
        camera: Option<Viewpoint>,
        depth: bool,
        wanted: &[Aov],
        interrupted: Interrupted<'_>,
    ) -> Result<Drawing> {
        let view = self.view(camera)?;
        let fresh = self.ground.as_ref().is_some_and(|ground| ground.uploaded.is_none());
        self.upload(interrupted)?;
        let mut sent = 0;
        if let (Some(drape), None) = (&self.drape, &self.layer) {
            let layer = DrapeLayer::new(&self.engine, drape, interrupted)?;
            sent = layer.bytes_uploaded();
            self.layer = Some(layer);
        }
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        let mut sky_ms = 0.0;
        if ground.uploaded.as_ref().is_some_and(|terrain| terrain.lacks_sky(&view.light)) {
            sky_ms = ground.with_heights(interrupted, |field, terrain| {
                let terrain = terrain.ok_or_else(no_terrain)?;
                let filled = terrain.paints_holes().then(|| field.with_painted_holes()).transpose()?;
                terrain.see_sky(&self.engine, filled.as_ref().unwrap_or(field), &view.light, interrupted)
            })?;
        }
        let terrain = ground.uploaded.as_mut().ok_or_else(no_terrain)?;
        let mask = view.scenery.water.as_ref().and_then(Water::mask);
        terrain.set_water_mask(&self.engine, mask, interrupted)?;
        let mut frame = self.engine.draw(terrain, &view, self.layer.as_ref(), depth, interrupted)?;
        frame.metrics.bytes_uploaded += sent;
        frame.metrics.total_ms += sky_ms;
        if fresh {
            frame.metrics.bytes_uploaded += terrain.bytes_uploaded();
            frame.metrics.total_ms += terrain.upload_ms();
        }
        let aovs = self.engine.aovs(terrain, &view, wanted, interrupted)?;
        Ok(Drawing { frame, aovs, view, footprint: self.footprint() })
    }

    /// From now on `drawing` is the last frame.
    pub fn hand_out(&mut self, drawing: &Drawing) {
        self.metrics = drawing.frame.metrics;
    }
}
