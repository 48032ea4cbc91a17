//! Images to the device and back, through staging memory of bounded size.

use super::image::{Image, Texel};
use super::{Buffer, Commands, Device, MemoryUse};
use crate::error::{Error, Result, try_vec};
use std::sync::Arc;

/// Most bytes of staging memory for one copy; an upload has it twice.
const STAGING_BYTES: usize = 2 << 20;
/// Larger images have their memory provided while they are filled.
const LARGE_BYTES: usize = 8 << 20;

fn side(cells: usize) -> u32 {
    u32::try_from(cells).unwrap_or(u32::MAX)
}

fn rows_per_step(columns: usize, rows: usize) -> usize {
    (STAGING_BYTES / (4 * columns.max(1))).clamp(1, rows.max(1))
}

fn fill(staging: &mut Buffer, bytes: &[u8]) -> Result<()> {
    staging
        .write()?
        .get_mut(..bytes.len())
        .ok_or_else(|| Error::Internal("staging is too small".into()))?
        .copy_from_slice(bytes);
    Ok(())
}

impl<T: Texel> Image<T> {
    /// Makes the image of a row-major array of `columns` columns.
    pub fn upload(
        device: &Arc<Device>,
        name: &str,
        texels: &[T],
        columns: usize,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let rows = texels.len() / columns.max(1);
        let image = Self::new(device, name, [side(columns), side(rows)])?;
        image.fill(texels, columns, interrupted)?;
        Ok(image)
    }

    /// Copies a row-major array of `columns` columns to the corner of a new image, in its first layer.
    pub(crate) fn fill(&self, texels: &[T], columns: usize, interrupted: &dyn Fn() -> bool) -> Result<()> {
        let bytes = size_of_val(texels);
        let pages = self.pages().filter(|_| bytes > LARGE_BYTES).map(|pages| pages.up_to(bytes));
        std::thread::scope(|scope| {
            if let Some(pages) = pages {
                // On the host, which has less to do than the thread that is the device.
                let _ = std::thread::Builder::new().spawn_scoped(scope, || pages.provide());
            }
            self.copy_in_steps(texels, columns, interrupted)
        })
    }

    fn copy_in_steps(&self, texels: &[T], columns: usize, interrupted: &dyn Fn() -> bool) -> Result<()> {
        let device = self.device();
        let rows = texels.len() / columns.max(1);
        let step = rows_per_step(columns, rows);
        let staging = || Buffer::new(device, "image staging", (4 * columns * step) as u64, MemoryUse::Upload);
        let (mut full, mut idle) = (staging()?, staging()?);
        let mut parts = texels.chunks(columns * step);
        let mut next = parts.next();
        let mut first_row = 0;
        fill(&mut full, bytemuck::cast_slice(next.unwrap_or_default()))?;
        while let Some(part) = next {
            let rows = part.len() / columns;
            next = parts.next();
            let mut commands = Commands::new(device)?;
            if first_row == 0 {
                commands.initialise(self);
            }
            commands.write_rectangle(&full, self, [0, side(first_row), side(columns), side(rows)]);
            // The device copies one part while the host fills the next.
            let following: &[u8] = bytemuck::cast_slice(next.unwrap_or_default());
            let filled = std::thread::scope(|scope| {
                let filler = std::thread::Builder::new().spawn_scoped(scope, || fill(&mut idle, following));
                commands.submit_and_wait(interrupted)?;
                Ok(filler.ok().and_then(|filler| filler.join().ok()))
            })?;
            // Without a thread, or with one that died, the work is still ours.
            filled.unwrap_or_else(|| fill(&mut idle, following))?;
            std::mem::swap(&mut full, &mut idle);
            first_row += rows;
        }
        Ok(())
    }

    /// The rectangle [x, y, width, height], which must lie inside, as a row-major array.
    pub fn read(&self, [x, y, width, height]: [u32; 4], interrupted: &dyn Fn() -> bool) -> Result<Vec<T>> {
        let (columns, rows) = (width as usize, height as usize);
        let mut texels = try_vec(columns * rows, "image read-back")?;
        if columns * rows == 0 {
            return Ok(texels);
        }
        let step = rows_per_step(columns, rows);
        let target =
            Buffer::new(self.device(), "image read-back", (4 * columns * step) as u64, MemoryUse::ReadBack)?;
        for first in (0..rows).step_by(step) {
            let count = step.min(rows - first);
            let mut commands = Commands::new(self.device())?;
            commands.read_rectangle(self, [x, y + first as u32, width, count as u32], &target);
            commands.submit_and_wait(interrupted)?;
            let part = target.read()?.get(..4 * columns * count).unwrap_or_default();
            texels.extend(part.chunks_exact(4).map(bytemuck::pod_read_unaligned::<T>));
        }
        Ok(texels)
    }
}
