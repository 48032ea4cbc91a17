//! The ground of a picture: a DEM with what lies on it, on the host and on the device.

use super::labels::Anchored;
use super::space::{Made, Room, Space, Things, Under, corners, is_same, place};
use super::sun_map::is_walked;
use super::{DrapeLayer, Engine, Interrupted, Source, Terrain, ms_since};
use crate::error::{Error, Result};
use crate::scene::vector::Vec3;
use crate::scene::{Drape, Heightfield, Light, Scene, SpaceLayer, Survey, View, Water};
use std::sync::Arc;
use std::time::Instant;

mod heights;

use heights::not_in_memory;
pub(super) use heights::zeros;

/// A DEM. Its heights are on the host or, once sent, on the device alone; while holes are painted
/// they are on the host, and the device has others.
pub struct Ground {
    field: Heightfield,
    /// Of a DEM in sheets: where its heights stay.
    source: Option<Source>,
    terrain: Option<Terrain>,
    layer: Option<(Arc<Drape>, DrapeLayer)>,
    /// Labels with their places on the surface that is drawn.
    labels: Vec<Anchored>,
    /// What stands on it, if that was asked.
    things: Option<Made>,
    /// Corners of that, if a camera was to have it in frame.
    corners: Option<Corners>,
}

/// Where things end that a camera has in frame.
struct Corners {
    layers: Vec<Arc<SpaceLayer>>,
    places: Arc<[Vec3]>,
    /// The things, until a picture has them.
    things: Option<Things>,
}

/// The ground as it is on the device.
pub(super) struct Sent<'g> {
    pub(super) terrain: &'g Terrain,
    pub(super) layer: Option<&'g DrapeLayer>,
    pub(super) labels: &'g [Anchored],
    pub(super) space: Option<&'g Space>,
    /// What it took now.
    pub(super) bytes: u64,
    pub(super) ms: f64,
}

impl Ground {
    /// That of a DEM which is on the host.
    pub fn new(field: Heightfield) -> Self {
        Self {
            field,
            source: None,
            terrain: None,
            layer: None,
            labels: Vec::new(),
            things: None,
            corners: None,
        }
    }

    /// That of a DEM which stays where it is; `field` is what was surveyed of it.
    pub fn in_sheets(field: Heightfield, source: Source) -> Self {
        Self { source: Some(source), ..Self::new(field) }
    }

    /// The DEM; its heights may be on the device alone.
    pub fn field(&self) -> &Heightfield {
        &self.field
    }

    /// Puts another DEM in its place; what lies on it stays.
    pub(super) fn replace(&mut self, other: Self) {
        (self.field, self.source, self.terrain) = (other.field, other.source, None);
        self.forget_places();
    }

    /// What lies on another surface lies elsewhere.
    fn forget_places(&mut self) {
        self.labels.clear();
        (self.things, self.corners) = (None, None);
    }

    /// What a survey has found, of a DEM in sheets.
    pub(super) fn survey(&self) -> Option<&Survey> {
        self.source.as_ref().map(|source| source.survey.as_ref())
    }

    /// (W·dx, H·dy) in metres.
    pub fn footprint(&self) -> [f64; 2] {
        let [dx, dy] = self.field.spacing();
        [self.field.columns() as f64 * dx, self.field.rows() as f64 * dy]
    }

    /// Sends to the device what a picture of `scene`, as `view` has it, needs and is not there yet.
    pub(super) fn send(
        &mut self,
        engine: &Engine,
        scene: &Scene,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Sent<'_>> {
        let mut bytes = 0;
        let mut ms = 0.0;
        if self.send_heights(engine, scene, interrupted)? {
            let sent = |terrain: &Terrain| (terrain.bytes_uploaded(), terrain.upload_ms());
            (bytes, ms) = self.terrain.as_ref().map(sent).unwrap_or_default();
        }
        let walked = self.terrain.as_mut().filter(|terrain| is_walked(terrain, scene, view));
        ms += walked.map_or(Ok(0.0), |terrain| terrain.build_pyramid(engine, interrupted))?;
        ms += self.see_sky(engine, &scene.light, interrupted)?;
        self.find_labels(scene, interrupted)?;
        let found = Instant::now();
        if self.find_things(engine, scene, view, interrupted)? {
            let space = self.things.as_ref().and_then(|made| made.space.as_ref());
            bytes += space.map_or(0, |space| space.bytes);
            ms += ms_since(found);
        }
        if !is_of(self.layer.as_ref(), scene.drape.as_ref()) {
            self.layer = None;
            if let Some(drape) = &scene.drape {
                let layer = DrapeLayer::new(engine, drape, interrupted)?;
                bytes += layer.bytes_uploaded();
                self.layer = Some((drape.clone(), layer));
            }
        }
        let Some(terrain) = &mut self.terrain else {
            return Err(Error::Internal("no terrain was sent".into()));
        };
        terrain.set_water_mask(
            engine,
            scene.scenery.water.as_ref().and_then(Water::mask),
            interrupted,
        )?;
        let layer = self.layer.as_ref().map(|(_, layer)| layer);
        let things = self.things.as_ref().filter(|_| !scene.things.is_empty());
        let space = things.and_then(|made| made.space.as_ref());
        Ok(Sent { terrain, layer, labels: &self.labels, space, bytes, ms })
    }

    /// Sends the heights, and makes what rays walk through.
    pub(super) fn upload(
        &mut self,
        engine: &Engine,
        scene: &Scene,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        self.send_heights(engine, scene, interrupted)?;
        let pyramid = |terrain: &mut Terrain| terrain.build_pyramid(engine, interrupted);
        self.terrain.as_mut().map_or(Ok(0.0), pyramid).map(drop)
    }

    /// Sends the heights, unless those that `scene` shows are there: then false.
    fn send_heights(
        &mut self,
        engine: &Engine,
        scene: &Scene,
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        let painted = scene.bad.is_some() && self.field.has_holes();
        if let Some(source) = &self.source {
            if painted {
                return Err(not_in_memory("bad", "leave it out: one sees through holes then"));
            }
            if self.terrain.is_none() {
                self.terrain = Some(Terrain::in_sheets(engine, &self.field, source, interrupted)?);
                return Ok(true);
            }
            return Ok(false);
        }
        if let Some(terrain) = &self.terrain {
            if terrain.paints_holes() == painted {
                return Ok(false);
            }
            self.fetch_heights(interrupted)?;
            self.terrain = None;
            self.forget_places();
        }
        // Ambient occlusion looks at the heights next.
        let keep = scene.light.has_occlusion();
        let terrain = if painted {
            Terrain::new(engine, &mut self.field.with_painted_holes()?, false, interrupted)?
        } else {
            Terrain::new(engine, &mut self.field, keep, interrupted)?
        };
        self.terrain = Some(terrain);
        Ok(true)
    }

    /// Finds how much of the sky each place sees, if that is wanted; milliseconds that it took.
    fn see_sky(
        &mut self,
        engine: &Engine,
        light: &Light,
        interrupted: Interrupted<'_>,
    ) -> Result<f64> {
        if !self.terrain.as_ref().is_some_and(|terrain| terrain.lacks_sky(light)) {
            return Ok(0.0);
        }
        if let (Some(source), Some(terrain)) = (&self.source, &mut self.terrain) {
            return terrain.see_sky(engine, &source.windows.as_ref(), light, interrupted);
        }
        self.with_heights(interrupted, |field, terrain| {
            let Some(terrain) = terrain else { return Ok(0.0) };
            let filled = terrain.paints_holes().then(|| field.with_painted_holes()).transpose()?;
            terrain.see_sky(engine, filled.as_ref().unwrap_or(field), light, interrupted)
        })
    }

    /// Puts the scene's labels on the surface, those that are not there yet.
    fn find_labels(&mut self, scene: &Scene, interrupted: Interrupted<'_>) -> Result<()> {
        let mut known = std::mem::take(&mut self.labels);
        let mut labels = Vec::with_capacity(scene.labels.len());
        for layer in &scene.labels {
            let place = known.iter().position(|anchored| Arc::ptr_eq(&anchored.layer, layer));
            labels.push(match place {
                Some(place) => known.swap_remove(place),
                None => self.with_ground(scene, interrupted, |under| {
                    Anchored::new(layer.clone(), under, interrupted)
                })?,
            });
        }
        self.labels = labels;
        Ok(())
    }

    /// Corners of the scene's things, where its camera is to have them in frame.
    pub(super) fn framed(
        &mut self,
        engine: &Engine,
        scene: &Scene,
        interrupted: Interrupted<'_>,
    ) -> Result<Arc<[Vec3]>> {
        if scene.things.is_empty() || !scene.is_fitted() {
            return Ok(Arc::new([]));
        }
        if let Some(Corners { layers, places, .. }) = &self.corners
            && is_same(layers, &scene.things)
        {
            return Ok(places.clone());
        }
        let (things, places) = self.with_ground(scene, interrupted, |under| {
            let room = Room::of(engine.device());
            let things = place(&scene.things, under, room, interrupted)?;
            let places = corners(&things, under.field);
            Ok((things, places))
        })?;
        let (layers, places): (_, Arc<[Vec3]>) = (scene.things.clone(), places.into());
        self.corners = Some(Corners { layers, places: places.clone(), things: Some(things) });
        Ok(places)
    }

    /// Forgets things that are shown no more, unless all of their layers are held elsewhere: then
    /// they may be shown again.
    fn forget_things(&mut self) {
        let framed = |made: &Made| {
            self.corners.as_ref().is_some_and(|corners| is_same(&corners.layers, made.layers()))
        };
        if let Some(made) = &self.things {
            let own = 1 + usize::from(framed(made));
            if made.layers().iter().any(|layer| Arc::strong_count(layer) <= own) {
                self.things = None;
            }
        }
    }

    /// Puts the scene's things over the ground, unless they are there: then false.
    fn find_things(
        &mut self,
        engine: &Engine,
        scene: &Scene,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        if scene.things.is_empty() {
            self.forget_things();
            return Ok(false);
        }
        if let Some(made) = self.things.as_mut().filter(|made| made.is_of(engine, &scene.things)) {
            return made.set_view(&self.field, view, interrupted);
        }
        self.things = None;
        let placed = match &mut self.corners {
            Some(corners) if is_same(&corners.layers, &scene.things) => corners.things.take(),
            _ => None,
        };
        let things = match placed {
            Some(things) => things,
            None => self.with_ground(scene, interrupted, |under| {
                place(&scene.things, under, Room::of(engine.device()), interrupted)
            })?,
        };
        self.things =
            Some(Made::new(engine, &scene.things, things, &self.field, view, interrupted)?);
        Ok(true)
    }

    /// What `work` makes of the ground that a picture of `scene` shows, where it has or finds its
    /// heights.
    fn with_ground<T>(
        &mut self,
        scene: &Scene,
        interrupted: Interrupted<'_>,
        work: impl FnOnce(Under<'_>) -> Result<T>,
    ) -> Result<T> {
        if let Some(source) = &self.source {
            return work(Under { field: &self.field, source: Some(source) });
        }
        let painted = scene.bad.is_some() && self.field.has_holes();
        self.with_heights(interrupted, |field, _| {
            let filled = painted.then(|| field.with_painted_holes()).transpose()?;
            work(Under { field: filled.as_ref().unwrap_or(field), source: None })
        })
    }
}

/// Whether a layer is that of a drape, or both are none.
fn is_of(layer: Option<&(Arc<Drape>, DrapeLayer)>, drape: Option<&Arc<Drape>>) -> bool {
    match (layer, drape) {
        (Some((there, _)), Some(wanted)) => Arc::ptr_eq(there, wanted),
        (None, None) => true,
        _ => false,
    }
}
