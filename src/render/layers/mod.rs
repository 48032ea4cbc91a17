//! Lines, polygons and points on the ground: made ready for a device when a picture first needs them, and drawn into it.
//!
//! What is drawn is `shaders/layer.comp`, once for each part, between the pass that finds what rays meet and the one that colours it.

mod block;
mod draws;
mod grid;
mod index;
mod items;
mod levels;
mod map;
mod upload;

pub(super) use draws::{HIT_BYTES, LayerDraws};

use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::scene::{GroundLayer, View};
use grid::Grid;
use levels::Levels;
use map::LayerMap;
use std::sync::{Arc, Mutex, PoisonError};
use upload::{Indexed, Uploaded};

/// A layer with what is on a device of it. Pictures of several renderers may share it.
pub struct Layer {
    scene: GroundLayer,
    ready: Mutex<Option<Ready>>,
    /// Of the last picture whose topmost layer this was.
    map: Mutex<Option<Arc<LayerMap>>>,
}

/// A layer's parts on a device, for DEMs of one grid.
struct Ready {
    grid: Grid,
    parts: Vec<Arc<Uploaded>>,
}

impl Layer {
    /// Of valid data.
    pub fn new(scene: GroundLayer) -> Self {
        Self { scene, ready: Mutex::default(), map: Mutex::default() }
    }

    /// What it was made of.
    pub fn scene(&self) -> &GroundLayer {
        &self.scene
    }

    /// The map of `parts` of all layers of a picture, of which this is the topmost.
    fn map(
        &self,
        parts: &[Arc<Uploaded>],
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Arc<LayerMap>> {
        let grid = Grid::new(terrain.extent.columns, terrain.extent.rows, terrain.extent.spacing);
        let mut kept = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        let map = LayerMap::of(parts, kept.take(), &grid, terrain, view, interrupted)?;
        Ok(kept.insert(map).clone())
    }

    /// Its parts on the engine's device, the lowest first, with the levels that `view` wants; those that are there are kept.
    fn parts(
        &self,
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<Arc<Uploaded>>> {
        let grid = Grid::new(terrain.extent.columns, terrain.extent.rows, terrain.extent.spacing);
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = ready.take().filter(|ready| {
            ready.grid == grid && ready.parts.iter().all(|part| Arc::ptr_eq(part.device(), engine.device()))
        });
        let mut kept = kept.map_or_else(Vec::new, |ready| ready.parts).into_iter();
        let mut indices: Vec<Arc<Indexed>> = Vec::new();
        let mut parts = Vec::with_capacity(self.scene.parts.len());
        for part in &self.scene.parts {
            let levels = Levels::wanted(part, &grid, terrain, view);
            let made = kept.next().filter(|made| made.index.levels.holds(&levels));
            let made = match made {
                Some(made) => made,
                None => Arc::new(Uploaded::new(engine.device(), part, &grid, levels, &indices, interrupted)?),
            };
            indices.push(made.index.clone());
            parts.push(made);
        }
        *ready = Some(Ready { grid, parts: parts.clone() });
        Ok(parts)
    }
}
