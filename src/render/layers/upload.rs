//! A part of a layer on a device.

use super::block::{Places, block, constants, flat_paint, paint_words, reach, symbol_words};
use super::cells::Indexed;
use super::grid::Grid;
use super::items::LAYER;
use super::laid::Laid;
use super::strands::Strands;
use crate::error::Result;
use crate::gpu::shaders::numbers::layers as bit;
use crate::gpu::shaders::{blocks, kinds};
use crate::gpu::{Buffer, Device, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::View;
use crate::scene::layers::{Kind, Part};
use std::mem::discriminant;
use std::sync::Arc;

/// How a pixel finds what of a part is near it. Parts of the same paths may share that.
#[derive(Clone)]
pub(super) enum Finding {
    /// Lines and areas: by cells of the ground.
    ByCell(Arc<Indexed>),
    /// Marks: by rows of the picture's pixels.
    ByRow(Arc<Laid>),
    /// Lines over far ground: by rows, too, as pieces that each picture makes of them.
    Strands(Arc<Strands>),
}

impl Finding {
    /// Of a part for a view, if `self` serves.
    fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain, view: &View) -> bool {
        match self {
            Self::ByCell(index) => {
                !Strands::draws(part, terrain, view) && index.serves(part, grid, terrain, view)
            }
            Self::Strands(lines) => lines.serves(part, terrain, view),
            Self::ByRow(laid) => laid.serves(part, grid, terrain),
        }
    }

    fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        (terrain, view): (&Terrain, &View),
        before: Option<&Uploaded>,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        Ok(match part.kind {
            Kind::Marks { .. } => Laid::new(device, part, grid, terrain, interrupted)?
                .map(|laid| Self::ByRow(Arc::new(laid))),
            _ if Strands::draws(part, terrain, view) => {
                let before = before.and_then(Uploaded::strands);
                let lines = Strands::new(part, grid, (terrain, view), before, interrupted)?;
                Some(Self::Strands(Arc::new(lines)))
            }
            _ => Indexed::new(device, part, grid, (terrain, view), interrupted)?
                .map(|index| Self::ByCell(Arc::new(index))),
        })
    }

    /// Whether another is of the same kind, of cells with lists that tell the same.
    fn is_like(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other) && self.has_whole() == other.has_whole()
    }

    /// The bits of LAYER that tell of it.
    fn bits(&self) -> i32 {
        let flag = |bit: i32, set: bool| if set { bit } else { 0 };
        match self {
            Self::ByCell(index) => {
                flag(bit::IN_LISTS, index.whole) | flag(bit::DIVIDED, index.divided)
            }
            Self::ByRow(_) => 0,
            Self::Strands(_) => bit::STRANDS,
        }
    }

    /// Whether its lists have their items whole.
    fn has_whole(&self) -> bool {
        matches!(self, Self::ByCell(index) if index.whole)
    }

    fn places(&self) -> Places {
        match self {
            Self::ByCell(index) => index.places(),
            _ => Places::default(),
        }
    }
}

/// A part of a layer with all that `layer.comp` needs of it.
pub(super) struct Uploaded {
    device: Arc<Device>,
    part: Part,
    pub(super) found: Finding,
    pub(super) paints: Buffer,
    pub(super) block: blocks::Layer,
    /// In whose units its places are.
    pub(super) grid: Grid,
    /// West, south, east and north of its paths; none where they have no vertex.
    bounds: Option<[f64; 4]>,
    /// LAYER and SHAPE.
    pub(super) constants: (i32, kinds::Shape),
}

impl Uploaded {
    /// With what one of `others` finds things by where that serves; None if the device has no room
    /// for it in one piece.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        (terrain, view): (&Terrain, &View),
        (before, others): (Option<&Self>, &[Finding]),
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let shared = others.iter().find(|found| found.serves(part, grid, terrain, view));
        let found = match shared {
            Some(found) => found.clone(),
            None => match Finding::new(device, part, grid, (terrain, view), before, interrupted)? {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        let mut paints: Vec<[u32; 4]> = paint_words(&part.paints).collect();
        if let Kind::Marks { edge: Some(edge), .. } = &part.kind {
            paints.extend(paint_words(edge));
        }
        if let Kind::Marks { symbol: Some(symbol), .. } = &part.kind {
            // A symbol has no edge.
            paints.extend(symbol_words(symbol)?);
        }
        Ok(Some(Self {
            device: device.clone(),
            part: part.clone(),
            paints: upload(
                device,
                LAYER,
                "layer's paints",
                &[bytemuck::cast_slice(&paints)],
                interrupted,
            )?,
            block: block(part, grid, &found.places()),
            grid: *grid,
            bounds: part.paths.bounds(),
            constants: constants(part, found.bits()),
            found,
        }))
    }

    /// Columns and rows of the DEM that lines and areas may lie on, from and to.
    pub(super) fn ground(&self, grid: &Grid) -> Option<[[f64; 2]; 2]> {
        let [west, south, east, north] = self.bounds.filter(|_| self.by_cell().is_some())?;
        let [_, beside] = reach(&self.part, grid);
        let (low, high) = (grid.place([west, north]), grid.place([east, south]));
        let within = |axis: usize, at: f64| at.clamp(0.0, f64::from(grid.cells[axis]));
        let low = [0, 1].map(|axis: usize| within(axis, low[axis] - beside));
        let high = [0, 1].map(|axis: usize| within(axis, high[axis] + beside));
        Some([low, high])
    }

    /// Whether it serves a view.
    pub(super) fn serves(&self, grid: &Grid, terrain: &Terrain, view: &View) -> bool {
        self.found.serves(&self.part, grid, terrain, view)
    }

    /// Whether it is of the same part as another, found in whatever way.
    pub(super) fn is_of(&self, part: &Part) -> bool {
        Arc::ptr_eq(&self.part.paths, &part.paths)
            && Arc::ptr_eq(&self.part.paints, &part.paints)
            && discriminant(&self.part.kind) == discriminant(&part.kind)
    }

    /// Whether both are found in the same way.
    pub(super) fn is_found_as(&self, other: &Self) -> bool {
        self.found.is_like(&other.found)
    }

    /// What it was made of.
    pub(super) fn part(&self) -> &Part {
        &self.part
    }

    /// Premultiplied linear light all over a feature, where it is the same.
    pub(super) fn flat_paint(&self, feature: u32) -> Option<[f64; 4]> {
        flat_paint(&self.part, feature)
    }

    pub(super) fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// What it is found by, if that is cells.
    pub(super) fn by_cell(&self) -> Option<&Indexed> {
        match &self.found {
            Finding::ByCell(index) => Some(index),
            _ => None,
        }
    }

    /// What it is found by, if that is rows of pixels.
    pub(super) fn by_row(&self) -> Option<&Laid> {
        match &self.found {
            Finding::ByRow(laid) => Some(laid),
            _ => None,
        }
    }

    /// Its lines, if they are laid out.
    pub(super) fn strands(&self) -> Option<&Strands> {
        match &self.found {
            Finding::Strands(lines) => Some(lines),
            _ => None,
        }
    }

    /// Its words, and its items.
    pub(super) fn buffers(&self) -> [&Buffer; 2] {
        match &self.found {
            Finding::ByCell(index) => [&index.words, &index.items],
            Finding::ByRow(laid) => [laid.items.as_ref().unwrap_or(&self.paints); 2],
            Finding::Strands(_) => [&self.paints; 2],
        }
    }
}
