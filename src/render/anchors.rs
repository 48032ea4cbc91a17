//! How deep the ground lies that is seen at places between pixel centres, by one exact ray each.

use super::passes::write_start;
use super::view_block::{ViewBlock, has_rays_along_borders};
use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::gpu::{Binding, Commands, MemoryUse, gpu_struct, shaders};
use crate::scene::View;
use bytemuck::bytes_of;

gpu_struct! {
    struct Block: anchors::Block {
        count: u32,
    }
}

// Every shader with rays has the same View block; the twin is declared once, against the picture's.
const _: () = assert!(shaders::anchors::View::SIZE == shaders::picture::View::SIZE);

/// Rays of one dispatch.
const MOST: usize = 1 << 20;

impl Engine {
    /// View depth in metres at each of `places`, in pixels from the picture's corner; NaN where no ground is seen.
    pub(super) fn depths_at(
        &self,
        terrain: &Terrain,
        view: &View,
        places: &[[f32; 2]],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<f32>> {
        let mut depths = Vec::with_capacity(places.len());
        if places.is_empty() {
            return Ok(depths);
        }
        let pipeline = self.pipeline(
            &shaders::anchors::SHADER,
            &[
                terrain.has_holes.into(),
                view.scenery.base.is_some().into(),
                self.device().limits().prefers_loads.into(),
                has_rays_along_borders(terrain, view).into(),
            ],
        )?;
        let block = ViewBlock::new(terrain, view, None)?;
        let mut block_buffer =
            self.borrow_buffer("view", size_of::<ViewBlock>() as u64, MemoryUse::Upload)?;
        write_start(block_buffer.write()?, bytes_of(&block));
        for part in places.chunks(MOST) {
            let mut asked =
                self.borrow_buffer("places in the picture", size_of_val(part) as u64, MemoryUse::Upload)?;
            write_start(asked.write()?, bytemuck::cast_slice(part));
            let bytes = size_of::<f32>() * part.len();
            let found =
                self.borrow_buffer("depths at places in the picture", bytes as u64, MemoryUse::ReadBack)?;
            let parameters = Block { count: part.len() as u32 };
            let bindings = [
                Binding::Buffer(&block_buffer),
                Binding::Image(&terrain.heights),
                Binding::Image(&terrain.pyramid.maxima),
                Binding::Buffer(&asked),
                Binding::Buffer(&found),
                Binding::Image(&terrain.heights),
                Binding::Image(&terrain.pyramid.maxima),
            ];
            let mut commands = Commands::new(self.device())?;
            commands.dispatch(&pipeline, [parameters.count, 1, 1], bytes_of(&parameters), &bindings)?;
            commands.submit_and_wait(interrupted)?;
            depths.extend_from_slice(bytemuck::cast_slice(found.read()?.get(..bytes).unwrap_or_default()));
        }
        Ok(depths)
    }
}
