//! Things that stand or hang over the ground: placed on it, put into a grid that rays walk, and
//! drawn into pictures.
//!
//! `things_seen.comp` puts them before the ground that rays have met, `things_light.comp` finds how
//! much of the sun they leave to what is seen, and the pass that colours hits colours them
//! (`things.glsl`). `things_at.comp` answers for numbers beside the picture.

mod ask;
mod clear;
mod corners;
mod crowded;
mod draws;
mod grid;
mod lists;
mod outlook;
mod parts;
mod peels;
mod place;
mod rays;
mod rise;
mod room;
mod solids;
mod things;
mod through;
mod under;

pub(super) use ask::Asking;
pub(super) use corners::corners;
pub(super) use draws::ThingDraws;
pub(super) use place::place;
pub(super) use rays::{Rays, ThingLists, Through};
pub(super) use room::Room;
pub(super) use things::Things;
pub(super) use through::{AT_ONCE, KNOWN_BYTES};
pub(super) use under::Under;

use super::upload::{Owner, upload};
use super::{Engine, Interrupted, Terrain, view};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::{blocks, numbers};
use crate::gpu::{Buffer, Device, FloatImage};
use crate::scene::{Heightfield, Light, SpaceLayer, View};
use clear::{Tops, Way};
use grid::Grid;
use lists::Lists;
use outlook::Outlook;
use rise::Rise;
use std::sync::{Arc, Mutex, PoisonError};

/// For messages.
const THINGS: Owner = ["things in space are too many", "draw fewer at once"];
const IMAGES: Owner = [
    "shapes and images of one picture are too many",
    "let layers share them, or draw fewer at once",
];

/// What was made of a picture's things.
pub(super) struct Made {
    device: Arc<Device>,
    layers: Vec<Arc<SpaceLayer>>,
    /// What makes them anew, if they are others in each view.
    remade: Option<Remade>,
    /// None if nothing of them is there.
    pub(super) space: Option<Space>,
}

/// Things in their places, which are made ready for one view after the other, without the DEM's
/// heights.
struct Remade {
    things: Things,
    /// Of the view that they are made for; None while they are for none.
    outlook: Option<Outlook>,
}

/// A picture's things on a device.
pub(super) struct Space {
    grid: Grid,
    prisms: bool,
    tubes: bool,
    /// Some of these are flat shapes.
    boards: bool,
    /// How many one sees through.
    through: u32,
    /// How far they rise over the ground under them at most; None if there is none under some.
    pub(super) rise: Option<f32>,
    /// Greatest heights of cells; the host's are fewer.
    tops: FloatImage,
    tops_of_host: Tops,
    /// Heights that are clear of them on the way to the last sun.
    clear: Mutex<Option<(Way, Arc<Buffer>)>>,
    cells: Buffer,
    shapes: Buffer,
    marks: Buffer,
    colours: Buffer,
    /// Sums of the symbols' texels; None if no board shows one.
    images: Option<Buffer>,
    /// What that took to send.
    pub(super) bytes: u64,
}

impl Made {
    /// Of layers, of which `things` are in their places over `field`, as `view` sees them.
    pub(super) fn new(
        engine: &Engine,
        layers: &[Arc<SpaceLayer>],
        things: Things,
        field: &Heightfield,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let mut made = Self {
            device: engine.device().clone(),
            layers: layers.to_vec(),
            remade: None,
            space: None,
        };
        if things.depend_on_view() {
            made.remade = Some(Remade { things, outlook: None });
            made.set_view(field, view, interrupted)?;
        } else {
            made.space = Space::new(engine.device(), &things, things.rise, field, interrupted)?;
        }
        Ok(made)
    }

    pub(super) fn layers(&self) -> &[Arc<SpaceLayer>] {
        &self.layers
    }

    /// Whether it is of these layers, over the ground that it was made for.
    pub(super) fn is_of(&self, engine: &Engine, layers: &[Arc<SpaceLayer>]) -> bool {
        Arc::ptr_eq(&self.device, engine.device()) && is_same(&self.layers, layers)
    }

    /// Makes what is there what `view` sees; false if it is that already. The field's heights are
    /// not looked at.
    pub(super) fn set_view(
        &mut self,
        field: &Heightfield,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        let Some(Remade { things, outlook }) = &mut self.remade else { return Ok(false) };
        let wanted = Outlook::of(field, things.reference, view);
        if *outlook == Some(wanted) {
            return Ok(false);
        }
        (*outlook, self.space) = (None, None);
        let rise = things.set_view(&wanted, field);
        self.space = Space::new(&self.device, things, rise, field, interrupted)?;
        *outlook = Some(wanted);
        Ok(true)
    }
}

/// Whether these are the same layers.
pub(super) fn is_same(some: &[Arc<SpaceLayer>], others: &[Arc<SpaceLayer>]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(a, b)| Arc::ptr_eq(a, b))
}

impl Space {
    /// None if there is nothing over the field or around it.
    fn new(
        device: &Arc<Device>,
        things: &Things,
        rise: Rise,
        field: &Heightfield,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let room = Room::of(device);
        room.check(things.pieces())?;
        let Some(grid) = Grid::over(things, field, room.most) else { return Ok(None) };
        let lists = Lists::of(things, &grid, room, interrupted)?;
        let texels = lists.pyramid(&grid)?;
        let sums = symbol_sums(things)?;
        let upload_of =
            |owner, name: &str, bytes: &[u8]| upload(device, owner, name, &[bytes], interrupted);
        let upload = |name: &str, bytes: &[u8]| upload_of(THINGS, name, bytes);
        let [shapes, marks]: [&[u8]; 2] =
            [bytemuck::cast_slice(&lists.shapes), bytemuck::cast_slice(&lists.marks)];
        let cells: &[u8] = bytemuck::cast_slice(&lists.cells);
        let colours: &[u8] = bytemuck::cast_slice(&things.colours);
        let images: &[u8] = bytemuck::cast_slice(&sums);
        let columns = grid.padded[0] as usize;
        Ok(Some(Self {
            prisms: !things.prisms.is_empty(),
            tubes: !things.tubes.is_empty(),
            boards: things.tubes.iter().any(|tube| tube.board.is_some()),
            through: things.through as u32,
            rise: (!rise.ungrounded).then_some((rise.most as f32).next_up()),
            tops: FloatImage::upload(device, "things' heights", &texels, columns, interrupted)?,
            tops_of_host: Tops::of(&grid, &texels)?,
            clear: Mutex::new(None),
            cells: upload("things' cells", cells)?,
            shapes: upload("things' shapes", shapes)?,
            marks: upload("things' marks", marks)?,
            colours: upload("things' colours", colours)?,
            images: (!images.is_empty())
                .then(|| upload_of(IMAGES, "things' images", images))
                .transpose()?,
            bytes: [cells, shapes, marks, colours, images]
                .iter()
                .map(|bytes| bytes.len() as u64)
                .sum::<u64>()
                + 4 * texels.len() as u64,
            grid,
        }))
    }

    /// Of each cell of a level the height above which no thing stands before the sun; None where
    /// its rays go all ways.
    fn clear(
        &self,
        engine: &Engine,
        terrain: &Terrain,
        light: &Light,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Arc<Buffer>>> {
        let scale = f64::from(self.grid.level).exp2();
        let way = Way::of(light, &self.tops_of_host, |direction| {
            let [x, y, z] = view::to_grid(terrain, direction);
            [x / scale, y / scale, z]
        });
        let Some(way) = way else { return Ok(None) };
        let mut kept = self.clear.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, clear)) = kept.as_ref().filter(|(of, _)| *of == way) {
            return Ok(Some(clear.clone()));
        }
        let heights = self.tops_of_host.clear(&way)?;
        let bytes: &[u8] = bytemuck::cast_slice(&heights);
        let name = "heights in the sun";
        let clear = Arc::new(upload(engine.device(), THINGS, name, &[bytes], interrupted)?);
        *kept = Some((way, clear.clone()));
        Ok(Some(clear))
    }

    /// Whether rays of a view may start within a thing.
    fn starts_within(&self, terrain: &Terrain, view: &View) -> bool {
        let starts = view::starts(terrain, view);
        let size = f64::from(self.grid.level).exp2();
        let corner = self.grid.corner;
        let [mut low, mut high] = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
        for [x, y, z] in starts {
            let place = [(x - corner[0]) / size, (y - corner[1]) / size, z];
            low = [0, 1, 2].map(|axis: usize| low[axis].min(place[axis]));
            high = [0, 1, 2].map(|axis: usize| high[axis].max(place[axis]));
        }
        self.tops_of_host.reach(low, high)
    }

    /// The blocks of shaders that look for things: what they say of the terrain's cells is the
    /// grid's.
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
                clear_level: self.tops_of_host.level,
                clear_width: self.tops_of_host.size[0] as i32,
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

/// Sums of all symbols, one after the other.
fn symbol_sums(things: &Things) -> Result<Vec<[u32; 4]>> {
    let count = things.symbols.iter().map(|symbol| symbol.sums.len()).sum::<usize>();
    // Where one begins is told by a float.
    if count > 1 << f32::MANTISSA_DIGITS {
        let [owner, cure] = IMAGES;
        return Err(Error::invalid(format!(
            "{owner}; expected at most {} texels of them all, got {count}; {cure}",
            1 << f32::MANTISSA_DIGITS
        )));
    }
    let mut sums = try_vec(count, "things' images")?;
    things.symbols.iter().for_each(|symbol| sums.extend_from_slice(&symbol.sums));
    Ok(sums)
}

/// What empty cells have for a height.
const NO_THING: f32 = -1e38;

/// A cell's reference point, in parts of it.
const REFERENCE: [f64; 2] =
    [numbers::space::REFERENCE_X as f64, numbers::space::REFERENCE_Y as f64];
