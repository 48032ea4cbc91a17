//! How deep what is seen lies at places between pixel centres, by one exact ray each.

use super::blocks::blocks;
use super::ground::Sent;
use super::space::Asking;
use super::view::{has_rays_along_borders, start, to_depths};
use super::{Engine, Interrupted, Region, Whole};
use crate::error::Result;
use crate::gpu::shaders::anchors::{Asked, Bindings, Constants, Shader};
use crate::gpu::shaders::kinds;
use crate::gpu::{Commands, MemoryUse};
use crate::scene::View;

/// Rays of one dispatch.
const MOST: usize = 1 << 20;

impl Engine {
    /// View depth in metres of what is seen at each of `places`, in pixels from the picture's
    /// corner; NaN where nothing is.
    pub(super) fn depths_at(
        &self,
        sent: &Sent<'_>,
        view: &View,
        places: &[[f32; 2]],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<f32>> {
        let terrain = sent.terrain;
        let mut depths = Vec::with_capacity(places.len());
        if places.is_empty() {
            return Ok(depths);
        }
        let pipeline = self.pipeline::<Shader>(&Constants {
            has_holes: terrain.extent.has_holes,
            sheets: terrain.sheets.is_some(),
            base: view.scenery.base.is_some(),
            loads: self.device().limits().prefers_loads,
            along_borders: has_rays_along_borders(terrain, view),
            straight_down: view.camera.is_map(),
        });
        let blank = self.no_drape(interrupted)?;
        let numbers = blocks(terrain, view, None, &blank)?;
        let blocks = self.lend_value("blocks", &numbers)?;
        let asking = sent.space.map(|space| {
            Asking::new(self, space, terrain, view, &numbers, (kinds::Aov::Depth, true))
        });
        let asking = asking.transpose()?;
        let draw = |part: &Region, _| {
            let range = part.columns.start as usize..part.columns.end as usize;
            let part = places.get(range).unwrap_or_default();
            let bytes = size_of_val(part);
            let mut asked =
                self.borrow_buffer("places in the picture", bytes as u64, MemoryUse::Upload)?;
            if let Some(start) = asked.write()?.get_mut(..bytes) {
                start.copy_from_slice(bytemuck::cast_slice(part));
            }
            let bytes = size_of::<f32>() * part.len();
            let found = self.borrow_buffer(
                "depths at places in the picture",
                bytes as u64,
                MemoryUse::ReadBack,
            )?;
            let parameters = Asked { count: part.len() as u32 };
            let bindings = Bindings {
                blocks: &blocks,
                directory: terrain.directory(),
                directory_texels: terrain.directory(),
                heights: &terrain.heights,
                height_texels: &terrain.heights,
                maxima: terrain.maxima(),
                maxima_texels: terrain.maxima(),
                places: &asked,
                sheet_use: terrain.usage(&found),
                depths: &found,
            };
            let mut commands = Commands::new(self.device())?;
            terrain.record_start(&mut commands)?;
            commands.dispatch(&pipeline, [parameters.count, 1, 1], &parameters, &bindings)?;
            if let Some(asking) = &asking {
                asking.record(&mut commands, [parameters.count, 1, 0], &asked, &asked, &found)?;
            }
            commands.submit_and_wait(interrupted)?;
            Ok((found, bytes))
        };
        for first in (0..places.len()).step_by(MOST) {
            let region =
                Region { rows: 0..1, columns: first as u32..places.len().min(first + MOST) as u32 };
            let all = Whole { region, least: 1, block: None };
            terrain.in_parts(self, &all, interrupted, draw, |_, (found, bytes)| {
                depths.extend_from_slice(bytemuck::cast_slice(
                    found.read()?.get(..bytes).unwrap_or_default(),
                ));
                Ok(())
            })?;
        }
        to_depths(start(terrain, view), &mut depths);
        Ok(depths)
    }
}
