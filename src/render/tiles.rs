//! The list of a band's tiles in which something may be met: see `shaders/include/tiles.glsl`.

use super::mosaic::{Mosaic, TILE, TILE_PIXELS};
use super::space::Space;
use super::strips::Strips;
use super::view::start;
use super::{Engine, Region, Terrain, scenery};
use crate::error::Result;
use crate::gpu::shaders::approach::{Band, Bindings, Constants, Shader};
use crate::gpu::shaders::blocks::Tiles;
use crate::gpu::{Buffer, Commands, Lent, MemoryUse, Pipeline, Recipe};
use crate::scene::View;
use std::mem::offset_of;

/// Tiles that a list may hold: a dispatch has a row of workgroups for each, and no device must take
/// more.
pub(super) const MOST_TILES: u32 = 65_535;
/// Bytes of the list before its tiles, and of each of them.
const HEAD: u64 = size_of::<Tiles>() as u64;
const ENTRY: u64 = Tiles::ENTRY_BYTES;

/// What finds the tiles of a view.
pub(super) struct Approach {
    pipeline: Pipeline<Shader>,
    strips: Strips,
    width: u32,
    /// Parameter of rays before which nothing is met in a far tile.
    far_from: f32,
    /// Relative to the reference height.
    water_level: f32,
    /// Of things over the ground.
    rise: f32,
}

/// A share of the tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    Near,
    Far,
}

/// The tiles of a band.
pub(super) struct TileList<'e> {
    buffer: Lent<'e>,
    /// The same for the host.
    copy: Lent<'e>,
    /// Columns and rows of tiles of the band.
    count: [u32; 2],
    /// Entries that there is room for.
    room: u32,
}

impl Approach {
    /// Tiles are listed too in which `space` may be met before, or without, the ground.
    pub(super) fn new(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        far_from: f32,
        space: Option<&Space>,
    ) -> Self {
        // A sky is everywhere.
        let pipeline = engine.pipeline(&Constants {
            together: !view.camera.is_map(),
            every_tile: view.scenery.sky.is_some()
                || space.is_some_and(|space| space.rise.is_none()),
            water: view.scenery.water_level().is_some(),
            solid: view.scenery.base.is_some(),
            loads: engine.device().limits().prefers_loads,
        });
        let water_level =
            view.scenery.water.as_ref().map_or(0.0, |water| scenery::water_level(terrain, water));
        let rise = space.and_then(|space| space.rise).unwrap_or(0.0);
        Self {
            pipeline,
            strips: Strips::new(view.size[0]),
            width: view.size[0],
            far_from: far_from - start(terrain, view) as f32,
            water_level,
            rise,
        }
    }

    /// What its pipeline is made of.
    pub(super) fn recipe(&self) -> &Recipe {
        self.pipeline.recipe()
    }

    /// Memory for the list of the tiles that are drawn of a part.
    pub(super) fn list<'e>(
        &self,
        engine: &'e Engine,
        part: &Region,
        which: super::Tiles,
    ) -> Result<TileList<'e>> {
        let Region { rows, columns } = part;
        let count = [self.width, rows.end - rows.start].map(|side| side.div_ceil(TILE));
        let own = [columns.end.div_ceil(TILE) - columns.start / TILE, count[1]];
        let room = which.most_of(own).into_iter().product();
        let bytes = HEAD + ENTRY * u64::from(room);
        Ok(TileList {
            buffer: engine.borrow_buffer("tiles", bytes, MemoryUse::Device)?,
            copy: engine.borrow_buffer("tiles for the host", bytes, MemoryUse::ReadBack)?,
            count,
            room,
        })
    }

    /// Fills the list of a band with the tiles of its columns; each tile will take `parts`
    /// workgroups of a thread a ray.
    pub(super) fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        list: &'r TileList<'_>,
        terrain: &'r Terrain,
        block: &'r Buffer,
        (part, which): (&Region, super::Tiles),
        parts: u32,
    ) -> Result<()> {
        let head = Tiles {
            pixel_groups: [1, 0, 1],
            ray_groups: [parts, 0, 1],
            far_pixel_groups: [1, 0, 1],
            far_ray_groups: [parts, 0, 1],
        };
        commands.write_start(&list.buffer, &head)?;
        let dilated = terrain.dilated();
        let [width, height] = terrain.layout.dilated_cells();
        let [looked_at, chosen] = which.chosen();
        let band = Band {
            first_row: part.rows.start,
            columns: [part.columns.start / TILE, part.columns.end.div_ceil(TILE)],
            looked_at,
            chosen,
            count: list.count,
            base_cells: [width as i32, height as i32],
            base_level: terrain.layout.dilated_level() as i32,
            far_from: self.far_from,
            last: list.last(),
            water_level: self.water_level,
            rise: self.rise,
        };
        let across = self.strips.width.div_ceil(TILE);
        commands.dispatch(
            &self.pipeline,
            [across, list.count[1], self.strips.count],
            &band,
            &Bindings {
                blocks: block,
                maxima: dilated,
                maxima_texels: dilated,
                tiles: &list.buffer,
            },
        )
    }
}

impl TileList<'_> {
    pub(super) fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Pixels of all tiles that there is room for.
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.room) * TILE_PIXELS as u64
    }

    /// Hands the list to the host, once it is made.
    pub(super) fn record_copy<'r>(&'r self, commands: &mut Commands<'r>) -> Result<()> {
        let bytes = HEAD + ENTRY * (u64::from(self.last()) + 1);
        commands.copy(&self.buffer, &self.copy, bytes)
    }

    /// Which tile lies where, once the device is done.
    pub(super) fn mosaic(&self) -> Result<Mosaic> {
        let words: &[u32] = bytemuck::cast_slice(self.copy.read()?);
        let (head, listed) = words.split_at_checked(HEAD as usize / 4).unwrap_or_default();
        let mut mosaic = Mosaic::new(self.count);
        for share in [Share::Near, Share::Far] {
            let [first, step] = self.entries(share);
            // The second of three words counts the tiles.
            let found =
                head.get(self.pixel_groups(share).1 as usize / 4 + 1).copied().unwrap_or_default();
            for entry in (0..found as i32).map(|at| first + at * step) {
                let tile = listed.get(entry as usize * (ENTRY as usize / 4));
                tile.into_iter().for_each(|&tile| mosaic.place(tile, entry as u32));
            }
        }
        Ok(mosaic)
    }

    fn last(&self) -> u32 {
        self.room.saturating_sub(1)
    }

    /// Entry of the first tile of a share, and from one to the next.
    pub(super) fn entries(&self, share: Share) -> [i32; 2] {
        match share {
            Share::Near => [0, 1],
            Share::Far => [self.last() as i32, -1],
        }
    }

    /// Where the workgroups of a thread a pixel are counted, for an indirect dispatch.
    pub(super) fn pixel_groups(&self, share: Share) -> (&Buffer, u64) {
        let at = match share {
            Share::Near => offset_of!(Tiles, pixel_groups),
            Share::Far => offset_of!(Tiles, far_pixel_groups),
        };
        (&self.buffer, at as u64)
    }

    /// The same of a thread a ray.
    pub(super) fn ray_groups(&self, share: Share) -> (&Buffer, u64) {
        let at = match share {
            Share::Near => offset_of!(Tiles, ray_groups),
            Share::Far => offset_of!(Tiles, far_ray_groups),
        };
        (&self.buffer, at as u64)
    }
}
