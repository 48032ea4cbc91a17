//! Things that stand or hang over the ground: placed on it, put into a grid that rays walk, and drawn into pictures.
//!
//! `things_seen.comp` puts them before the ground that rays have met, `things_light.comp` finds how much of the sun they leave to what is
//! seen, and the pass that colours hits colours them (`things.glsl`). `things_at.comp` answers for numbers beside the picture.

mod ask;
mod draws;
mod grid;
mod lists;
mod place;

pub(super) use ask::Asking;
pub(super) use draws::{Rays, ThingDraws};

use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::gpu::shaders::{blocks, numbers};
use crate::gpu::{Buffer, Commands, Device, FloatImage, MemoryUse};
use crate::scene::{Heightfield, SpaceLayer, View};
use grid::{Grid, Outlook};
use lists::Lists;
use std::sync::Arc;

/// A picture's things on a device.
pub(super) struct Space {
    device: Arc<Device>,
    layers: Vec<Arc<SpaceLayer>>,
    grid: Grid,
    /// Of the view that they were made for, if they are others in others.
    outlook: Option<Outlook>,
    prisms: bool,
    tubes: bool,
    /// How far they rise over the ground under them at most; None if there is none under some.
    pub(super) rise: Option<f32>,
    /// Greatest heights of cells.
    tops: FloatImage,
    cells: Buffer,
    shapes: Buffer,
    marks: Buffer,
    colours: Buffer,
    /// What that took to send.
    pub(super) bytes: u64,
}

impl Space {
    /// Of layers over a field that has its heights, as `view` sees them; None if nothing of them is there.
    pub(super) fn new(
        engine: &Engine,
        layers: &[Arc<SpaceLayer>],
        field: &Heightfield,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let device = engine.device();
        let outlook = Outlook::of(field, view);
        let things = place::place(layers, field, &outlook)?;
        let Some(grid) = Grid::over(&things, field) else { return Ok(None) };
        let lists = Lists::of(&things, &grid)?;
        let texels = lists.pyramid(&grid);
        let upload = |name: &str, bytes: &[u8]| upload(device, name, bytes, interrupted);
        let [shapes, marks]: [&[u8]; 2] =
            [bytemuck::cast_slice(&lists.shapes), bytemuck::cast_slice(&lists.marks)];
        let cells: &[u8] = bytemuck::cast_slice(&lists.cells);
        let colours: &[u8] = bytemuck::cast_slice(&things.colours);
        Ok(Some(Self {
            device: device.clone(),
            layers: layers.to_vec(),
            outlook: layers.iter().any(|layer| layer.depends_on_view()).then_some(outlook),
            prisms: !things.prisms.is_empty(),
            tubes: !things.tubes.is_empty(),
            rise: (!things.ungrounded).then_some((things.rise as f32).next_up()),
            tops: FloatImage::upload(
                device,
                "things' heights",
                &texels,
                grid.padded[0] as usize,
                interrupted,
            )?,
            cells: upload("things' cells", cells)?,
            shapes: upload("things' shapes", shapes)?,
            marks: upload("things' marks", marks)?,
            colours: upload("things' colours", colours)?,
            bytes: (4 * texels.len() + cells.len() + shapes.len() + marks.len() + colours.len()) as u64,
            grid,
        }))
    }

    /// Whether it is what these layers are in `view`, over the ground that it was made for.
    pub(super) fn serves(
        &self,
        engine: &Engine,
        layers: &[Arc<SpaceLayer>],
        field: &Heightfield,
        view: &View,
    ) -> bool {
        let same = |(a, b): (&Arc<SpaceLayer>, &Arc<SpaceLayer>)| Arc::ptr_eq(a, b);
        Arc::ptr_eq(&self.device, engine.device())
            && self.layers.len() == layers.len()
            && self.layers.iter().zip(layers).all(same)
            && self.outlook.is_none_or(|outlook| outlook == Outlook::of(field, view))
    }

    /// The blocks of shaders that look for things: what they say of the terrain's cells is the grid's.
    fn blocks(&self, terrain: &Terrain, view: &View, of_view: &blocks::All) -> blocks::All {
        let grid = &self.grid;
        let [dx, dy] = terrain.extent.spacing;
        let scale = f64::from(grid.level).exp2();
        let outlook = Outlook::of_rays(
            terrain.extent.columns,
            terrain.extent.rows,
            terrain.extent.spacing,
            terrain.extent.exaggeration,
            terrain.extent.reference_height,
            view,
        );
        let [x, y, z, w] = outlook.depth;
        let [left, top] = grid.corner;
        let single = |value: f64| value as f32;
        blocks::All {
            space: blocks::Space {
                corner: grid.corner.map(single),
                scale: single(1.0 / scale),
                metres: [dx * scale, dy * scale, terrain.extent.exaggeration].map(single),
                depth: [x * scale, y * scale, z, w + x * left + y * top].map(single),
                pixel: outlook.pixel.map(single),
            },
            terrain: blocks::Terrain {
                cells: grid.cells,
                base_cells: grid.padded,
                top_level: grid.top_level,
                height_bounds: grid.heights.map(single),
                ..of_view.terrain
            },
            ..*of_view
        }
    }
}

/// Of memory that has something in it.
fn upload(device: &Arc<Device>, name: &str, bytes: &[u8], interrupted: Interrupted<'_>) -> Result<Buffer> {
    let size = (bytes.len() as u64).max(16);
    let most = device.limits().max_storage_bytes;
    if size > most {
        return Err(crate::error::Error::invalid(format!(
            "things in space are too many for {}; expected at most {most} bytes for {name}, got {size}; draw fewer at once",
            device.report().name
        )));
    }
    let mut staging = Buffer::new(device, name, size, MemoryUse::Upload)?;
    if let Some(start) = staging.write()?.get_mut(..bytes.len()) {
        start.copy_from_slice(bytes);
    }
    let buffer = Buffer::new(device, name, size, MemoryUse::Device)?;
    {
        let mut commands = Commands::new(device)?;
        commands.copy(&staging, &buffer, size)?;
        commands.submit_and_wait(interrupted)?;
    }
    Ok(buffer)
}

/// What empty cells have for a height.
const NO_THING: f32 = -1e38;

/// A cell's reference point, in parts of it.
const REFERENCE: [f64; 2] = [numbers::space::REFERENCE_X as f64, numbers::space::REFERENCE_Y as f64];
