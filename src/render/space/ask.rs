//! Things in numbers: what is seen at pixels' centres, or how deep at any places, before the ground
//! that is known there.

use super::Space;
use crate::error::Result;
use crate::gpu::shaders::things_at::{Asked, Bindings, Constants, Shader};
use crate::gpu::shaders::{blocks, kinds};
use crate::gpu::{Buffer, Commands, Lent, Pipeline};
use crate::render::{Engine, Terrain};
use crate::scene::View;

/// One kind of number of a view.
pub(in crate::render) struct Asking<'e> {
    space: &'e Space,
    pipeline: Pipeline<Shader>,
    blocks: Lent<'e>,
    spacing: [f32; 2],
    samples: [f32; 2],
}

impl<'e> Asking<'e> {
    /// With the view's own blocks; at places between the pixels' centres if `at_places`.
    pub(in crate::render) fn new(
        engine: &'e Engine,
        space: &'e Space,
        terrain: &Terrain,
        view: &View,
        of_view: &blocks::All,
        (aov, at_places): (kinds::Aov, bool),
    ) -> Result<Self> {
        let pipeline = engine.pipeline(&Constants {
            aov,
            at_places,
            from_within: space.starts_within(terrain, view),
            loads: engine.device().limits().prefers_loads,
            prisms: space.prisms,
            tubes: space.tubes,
            seen_through: space.through > 0,
            boards: space.boards,
            images: space.images.is_some(),
        });
        Ok(Self {
            space,
            pipeline,
            blocks: engine.lend_value("things", &space.blocks(terrain, view, of_view))?,
            spacing: terrain.extent.spacing.map(|metres| metres as f32),
            samples: [terrain.extent.columns, terrain.extent.rows]
                .map(|samples| samples as f32 - 1.0),
        })
    }

    /// Puts things into `values`, in which numbers of the ground are: of `rows` rows of `count`, of
    /// which the first is row `first_row` of the picture. `grounds` are the ground's depths there,
    /// `places` where that is.
    pub(in crate::render) fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        [count, rows, first_row]: [u32; 3],
        places: &'r Buffer,
        grounds: &'r Buffer,
        values: &'r Buffer,
    ) -> Result<()> {
        let asked = Asked { count, first_row, spacing: self.spacing, samples: self.samples };
        let bindings = Bindings {
            blocks: &self.blocks,
            grounds,
            maxima: &self.space.tops,
            maxima_texels: &self.space.tops,
            places,
            space_cells: &self.space.cells,
            space_images: self.space.images.as_ref().unwrap_or(&self.space.cells),
            space_marks: &self.space.marks,
            space_shapes: &self.space.shapes,
            values,
        };
        commands.dispatch(&self.pipeline, [count, rows, 1], &asked, &bindings)
    }
}
