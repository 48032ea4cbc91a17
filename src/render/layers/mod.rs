//! Lines, polygons and points on the ground: made ready for a device when a picture first needs
//! them, and drawn into it.
//!
//! What is drawn is `shaders/layer.comp`, once for each part, between the pass that finds what rays
//! meet and the one that colours it.

mod band;
mod block;
mod borders;
mod cells;
mod chain;
mod corners;
mod divided;
mod draws;
mod grid;
mod index;
mod items;
mod laid;
mod lens;
mod level_lists;
mod levels;
mod lost;
mod map;
mod row_lists;
mod rows;
mod sight;
mod spots;
mod strands;
mod surface;
mod together;
mod upload;
mod upright;
mod window;

pub(super) use draws::{HIT_BYTES, Hits, LayerDraws, Layered, lanes};
pub(super) use row_lists::RowLists;

use super::{Engine, Interrupted, Terrain};
use crate::error::{Error, Result};
use crate::scene::layers::{Part, Paths};
use crate::scene::{GroundLayer, View};
use block::reach;
use grid::Grid;
use map::LayerMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use upload::{Finding, Uploaded};

/// A layer with what is on a device of it. Pictures of several renderers may share it.
pub struct Layer {
    scene: GroundLayer,
    ready: Mutex<Option<Ready>>,
    /// Of the last picture whose topmost layer this was.
    map: Mutex<Option<Arc<LayerMap>>>,
    /// Whether it was said that something of it is lost.
    told: AtomicBool,
}

fn too_large(engine: &Engine) -> Error {
    Error::invalid(format!(
        "a layer's one feature has too many vertices for {}; expected an index of at most {} bytes; cut the feature into several",
        engine.device().report().name,
        engine.device().limits().max_storage_bytes
    ))
}

/// A layer's parts on a device, for DEMs of one grid.
struct Ready {
    grid: Grid,
    parts: Vec<Arc<Uploaded>>,
    /// Of pictures from nearer or farther than the last, which find lines and areas otherwise.
    resting: Vec<Arc<Uploaded>>,
}

impl Layer {
    /// Of valid data.
    pub fn new(scene: GroundLayer) -> Self {
        Self { scene, ready: Mutex::default(), map: Mutex::default(), told: AtomicBool::new(false) }
    }

    /// What it was made of.
    pub fn scene(&self) -> &GroundLayer {
        &self.scene
    }

    /// Says, once, that a picture does not show what is lowest of it, where there are more entries of a
    /// kind than could be.
    fn tell_lost(&self, entries: &str, lost: impl FnOnce() -> Option<[u32; 2]>) {
        if self.told.load(Ordering::Relaxed) {
            return;
        }
        let Some([most, got]) = lost() else { return };
        if !self.told.swap(true, Ordering::Relaxed) {
            let GroundLayer { kind, zorder, .. } = &self.scene;
            log::warn!(
                "a layer of {kind} (zorder {zorder}) is too dense for a picture; expected at most {most} {entries}, got {got}, of which the lowest are not drawn; draw fewer, look from nearer by, or make several layers of it"
            );
        }
    }

    /// The map of `parts` of all layers of a picture, of which this is the topmost.
    fn map(
        &self,
        parts: &[Arc<Uploaded>],
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Arc<LayerMap>> {
        // A part that is alone may be drawn with the map, in its units.
        let grid = parts.iter().map(|part| part.grid).min_by_key(|grid| grid.bits);
        let grid = grid.ok_or_else(|| Error::Internal("a map of no layers".into()))?;
        let mut kept = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        let map = LayerMap::of(parts, kept.take(), &grid, terrain, view, interrupted)?;
        Ok(kept.insert(map).clone())
    }

    /// Its parts on the engine's device, the lowest first, with the levels that `view` wants; those
    /// that are there are kept.
    fn parts(
        &self,
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<Arc<Uploaded>>> {
        let grid = Grid::new(terrain.extent.columns, terrain.extent.rows, terrain.extent.spacing);
        let beyond = self.scene.parts.iter().map(|part| reach(part, &grid)[1]);
        let grid = grid.reaching(beyond.fold(0.0, f64::max));
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = ready.take().filter(|ready| {
            ready.grid == grid
                && ready.parts.iter().all(|part| Arc::ptr_eq(part.device(), engine.device()))
        });
        // Those that were too large in one piece are there in several.
        let mut known = Vec::new();
        let wanted: Vec<Part> = match kept {
            Some(ready) => {
                known = [&ready.parts[..], &ready.resting].concat();
                ready.parts.iter().map(|made| made.part().clone()).collect()
            }
            None => self.scene.parts.clone(),
        };
        let mut found: Vec<Finding> = Vec::new();
        let mut halves: Vec<(Arc<Paths>, [Arc<Paths>; 2])> = Vec::new();
        let parts = each_or_halves(wanted, |part| {
            let same: Vec<_> = known.iter().filter(|made| made.is_of(&part)).collect();
            let serving = same.iter().find(|made| made.serves(&grid, terrain, view));
            let mut made = serving.copied().cloned();
            let cut = halves.iter().position(|(whole, _)| Arc::ptr_eq(whole, &part.paths));
            if made.is_none() && cut.is_none() {
                let (device, seen) = (engine.device(), (terrain, view));
                let before = same.iter().find(|made| made.strands().is_some());
                let others = (before.map(|made| &***made), &found[..]);
                made =
                    Uploaded::new(device, &part, &grid, seen, others, interrupted)?.map(Arc::new);
            }
            if let Some(made) = made {
                found.push(made.found.clone());
                return Ok(Made::Whole(made));
            }
            let cut = cut.or_else(|| {
                let two = part.paths.halves()?.map(Arc::new);
                halves.push((part.paths.clone(), two));
                Some(halves.len() - 1)
            });
            let Some((_, [low, high])) = cut.and_then(|cut| halves.get(cut)) else {
                return Err(too_large(engine));
            };
            Ok(Made::Halves([low, high].map(|paths| Part { paths: paths.clone(), ..part.clone() })))
        })?;
        // Of each part at most one of each other way to find it.
        known.retain(|made| {
            let now = parts.iter().find(|now| now.is_of(made.part()));
            now.is_some_and(|now| !now.is_found_as(made))
        });
        *ready = Some(Ready { grid, parts: parts.clone(), resting: known });
        Ok(parts)
    }
}

/// What comes of a part.
enum Made<P, M> {
    Whole(M),
    /// There is no room for it in one piece.
    Halves([P; 2]),
}

/// What `make` makes of parts, and of halves of those that it halves, in order.
fn each_or_halves<P, M>(
    parts: Vec<P>,
    mut make: impl FnMut(P) -> Result<Made<P, M>>,
) -> Result<Vec<M>> {
    let mut all = Vec::with_capacity(parts.len());
    let mut waiting = parts;
    waiting.reverse();
    while let Some(part) = waiting.pop() {
        match make(part)? {
            Made::Whole(made) => all.push(made),
            Made::Halves([low, high]) => waiting.extend([high, low]),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{Made, each_or_halves};

    /// Parts are ranges, of which the first is too long.
    #[test]
    fn halves_stand_where_their_part_stood() {
        let made = each_or_halves(vec![(0, 8), (8, 10), (10, 12)], |(low, high)| {
            let middle = (low + high) / 2;
            let long = high - low > 2;
            Ok(if long { Made::Halves([(low, middle), (middle, high)]) } else { Made::Whole(low) })
        });
        assert_eq!(made.unwrap_or_default(), [0, 2, 4, 6, 8, 10]);
    }
}
