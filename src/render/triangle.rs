//! The smoke picture: a fixed triangle that needs no terrain.

use super::bands::bands;
use super::{Engine, Interrupted};
use crate::error::{Result, try_vec};
use crate::gpu::shaders::triangle::{Band, Bindings, Constants, Shader};
use crate::gpu::{Commands, MemoryUse};
use crate::scene::view::check_size;

impl Engine {
    /// RGBA bytes of the smoke picture.
    pub fn triangle(&self, size: [u32; 2], interrupted: Interrupted<'_>) -> Result<Vec<u8>> {
        check_size(size)?;
        let pipeline = self.pipeline::<Shader>(&Constants {});
        let [width, height] = size.map(|side| side as usize);
        let mut rgba = try_vec(4 * width * height, "the picture")?;
        for band in
            bands(size, 0..size[1], 4, 4, self.device().limits().max_storage_bytes, u32::MAX)
        {
            let rows = band.end - band.start;
            let bytes = 4 * width * rows as usize;
            let pixels = self.borrow_buffer("pixels", bytes as u64, MemoryUse::ReadBack)?;
            let mut commands = Commands::new(self.device())?;
            let parameters = Band { size, first_row: band.start, rows };
            commands.dispatch(
                &pipeline,
                [size[0], rows, 1],
                &parameters,
                &Bindings { pixels: &pixels },
            )?;
            commands.submit_and_wait(interrupted)?;
            rgba.extend_from_slice(pixels.read()?.get(..bytes).unwrap_or_default());
        }
        Ok(rgba)
    }
}
