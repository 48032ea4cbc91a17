//! A session: one terrain, and a scene that stays until changed.

use super::ground::zeros;
use super::presenter::Presenter;
use super::{Drawing, Engine, Ground, Interrupted, Layer, Metrics, Wanted};
use crate::error::{Error, Result};
use crate::gpu::PresentMode;
use crate::scene::percentiles::percentiles;
use crate::scene::{Colormap, Normalize, Scene, Stats, Survey, Viewpoint, Water};
use raw_window_handle::{HasDisplayHandle, HasWindowHandle};
use std::sync::Arc;

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

/// A terrain and a scene, kept between pictures.
pub struct Session {
    engine: Arc<Engine>,
    scene: Scene,
    ground: Option<Ground>,
    layers: Vec<Arc<Layer>>,
    metrics: Metrics,
    revision: u64,
}

fn no_terrain() -> Error {
    Error::invalid("no terrain uploaded; call add_terrain() first")
}

impl Session {
    /// One that draws with `engine`, and has no terrain yet.
    pub fn new(engine: Arc<Engine>) -> Result<Self> {
        let scene = Scene::new(Colormap::named("viridis")?);
        Ok(Self {
            engine,
            scene,
            ground: None,
            layers: Vec::new(),
            metrics: Metrics::default(),
            revision: 0,
        })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Numbers of the last frame.
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }

    /// Changes with everything that a picture shows, except the camera.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn ground(&mut self) -> Result<&mut Ground> {
        self.ground.as_mut().ok_or_else(no_terrain)
    }

    /// Puts other ground in place of whatever terrain there is.
    pub fn set_terrain(&mut self, new: Ground, colormap: Colormap) {
        self.revision += 1;
        match &mut self.ground {
            Some(ground) => ground.replace(new),
            None => self.ground = Some(new),
        }
        self.scene.colormap = colormap;
    }

    /// Statistics of height · exaggeration.
    pub fn stats(&mut self, interrupted: Interrupted<'_>) -> Result<Stats> {
        self.ground()?.stats(interrupted)
    }

    /// Rescales the heights in place.
    pub fn normalize(&mut self, mode: Normalize, interrupted: Interrupted<'_>) -> Result<()> {
        self.ground()?.normalize(mode, interrupted)?;
        self.revision += 1;
        Ok(())
    }

    /// What a colour range needs to know of the terrain.
    pub fn landmarks(&mut self, interrupted: Interrupted<'_>) -> Result<Landmarks> {
        let ground = self.ground()?;
        if let Some(Survey { range, robust, least_positive, .. }) = ground.survey() {
            return Ok(Landmarks {
                range: *range,
                robust: *robust,
                least_positive: *least_positive,
            });
        }
        ground.with_heights(interrupted, |field, _| {
            let positive = field.heights().iter().copied().filter(|height| *height > 0.0);
            let least = positive.fold(f32::INFINITY, f32::min);
            Ok(Landmarks {
                range: field.range(),
                robust: percentiles(field.heights(), [2.0, 98.0]),
                least_positive: if least.is_finite() { least } else { 0.0 },
            })
        })
    }

    /// Least and greatest height, before exaggeration; None without a terrain, or where all is
    /// hole.
    pub fn range(&mut self) -> Result<Option<[f32; 2]>> {
        Ok(self.ground()?.field().range())
    }

    /// Changes the scene; an invalid result is refused and changes nothing.
    pub fn change(&mut self, change: impl FnOnce(&mut Scene)) -> Result<()> {
        let mut scene = self.scene.clone();
        change(&mut scene);
        scene.validate()?;
        let mask = |scene: &Scene| scene.scenery.water.as_ref().and_then(Water::mask).cloned();
        if let (Some(ground), Some(new)) = (&self.ground, mask(&scene))
            && !mask(&self.scene).is_some_and(|old| Arc::ptr_eq(&old, &new))
        {
            new.check_size([ground.field().columns(), ground.field().rows()])?;
        }
        self.revision += 1;
        self.scene = scene;
        Ok(())
    }

    /// Lines, polygons and points on the ground, in place of those that are there.
    pub fn set_layers(&mut self, layers: Vec<Arc<Layer>>) {
        self.revision += 1;
        self.layers = layers;
    }

    /// Where the pictures are taken from.
    pub fn set_camera(&mut self, camera: Viewpoint) {
        self.scene.camera = Some(camera);
    }

    /// Sends the heights to the device, unless they are there.
    pub fn upload(&mut self, interrupted: Interrupted<'_>) -> Result<()> {
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        ground.upload(&self.engine, &self.scene, interrupted)
    }

    /// Heights on the device with (rows, columns): zeros before an upload, nothing without a
    /// terrain.
    pub fn read_heights(&self, interrupted: Interrupted<'_>) -> Result<(Vec<f32>, [usize; 2])> {
        let [columns, rows] = self
            .ground
            .as_ref()
            .map_or([0, 0], |ground| [ground.field().columns(), ground.field().rows()]);
        let heights = self.read_patch([0, 0, columns as u64, rows as u64], interrupted)?;
        Ok((heights, [rows, columns]))
    }

    /// The rectangle [x, y, width, height] of the heights on the device; zeros while there are
    /// none.
    pub fn read_patch(&self, patch: [u64; 4], interrupted: Interrupted<'_>) -> Result<Vec<f32>> {
        match &self.ground {
            Some(ground) => ground.read_patch(patch, interrupted),
            None => zeros(patch[2], patch[3]),
        }
    }

    /// Draws the terrain, sending it first if need be.
    pub fn draw(&mut self, wanted: &Wanted<'_>, interrupted: Interrupted<'_>) -> Result<Drawing> {
        let drawing = self.draw_from(None, wanted, interrupted)?;
        self.hand_out(&drawing);
        Ok(drawing)
    }

    /// [`Session::draw`] from `camera` in place of the session's own, and not yet the last frame of
    /// its metrics.
    pub fn draw_from(
        &mut self,
        camera: Option<Viewpoint>,
        wanted: &Wanted<'_>,
        interrupted: Interrupted<'_>,
    ) -> Result<Drawing> {
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        match camera {
            Some(_) => {
                let scene = Scene { camera, ..self.scene.clone() };
                self.engine.picture(ground, &scene, &self.layers, wanted, interrupted)
            }
            None => self.engine.picture(ground, &self.scene, &self.layers, wanted, interrupted),
        }
    }

    /// [`Session::draw`] of the scene with a change, and with other layers if any, that hold for
    /// this picture alone; it is not the last frame of the session's metrics.
    pub fn draw_with(
        &mut self,
        change: impl FnOnce(&mut Scene),
        layers: Option<&[Arc<Layer>]>,
        wanted: &Wanted<'_>,
        interrupted: Interrupted<'_>,
    ) -> Result<Drawing> {
        let mut scene = self.scene.clone();
        change(&mut scene);
        let ground = self.ground.as_mut().ok_or_else(no_terrain)?;
        let layers = layers.unwrap_or(&self.layers);
        self.engine.picture(ground, &scene, layers, wanted, interrupted)
    }

    /// What shows this session's pictures in a window: several windows may show one terrain.
    ///
    /// ```no_run
    /// # use vulkan_forge::{Result, render::{Session, Wanted}};
    /// # use raw_window_handle::{HasDisplayHandle, HasWindowHandle};
    /// # fn once<W: HasWindowHandle + HasDisplayHandle>(session: &mut Session, window: &W) -> Result<()> {
    /// let mut presenter = session.present_to(window)?;
    /// let Some(size) = presenter.extent([1280, 720])? else { return Ok(()) }; // minimised
    /// let wanted = Wanted { size, depth: false, aovs: &[] };
    /// let drawing = session.draw(&wanted, &|| false)?;
    /// presenter.show(&drawing.frame, size, &|| false)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn present_to<W: HasWindowHandle + HasDisplayHandle>(
        &self,
        window: W,
    ) -> Result<Presenter<W>> {
        Presenter::new(&self.engine, window, PresentMode::Fifo)
    }

    /// From now on `drawing` is the last frame.
    pub fn hand_out(&mut self, drawing: &Drawing) {
        self.metrics = drawing.frame.metrics;
    }
}
