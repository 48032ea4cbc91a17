//! Images to the device and back, through staging memory of bounded size.

use super::image::{Image, Texel};
use super::{Buffer, Commands, Device, MemoryUse, Pages};
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

/// Fills staging memory with so many texels of whole rows, from row `first` on.
fn fill<T: Texel>(
    staging: &mut Buffer,
    first: usize,
    texels: usize,
    read: ReadRows<'_, T>,
) -> Result<()> {
    if texels == 0 {
        return Ok(());
    }
    let target = staging
        .write()?
        .get_mut(..4 * texels)
        .and_then(|bytes| bytemuck::try_cast_slice_mut(bytes).ok());
    read(first, target.ok_or_else(|| Error::Internal("staging is too small".into()))?)
}

/// Reads from an array in memory.
fn rows_of<T: Texel>(
    texels: &[T],
    columns: usize,
) -> impl Fn(usize, &mut [T]) -> Result<()> + Sync {
    move |first, target| {
        let start = first * columns;
        let rows = texels.get(start..start + target.len());
        target
            .copy_from_slice(rows.ok_or_else(|| Error::Internal("an array is too short".into()))?);
        Ok(())
    }
}

/// Fills a block of whole rows, from a row on.
pub(crate) type ReadRows<'a, T> = &'a (dyn Fn(usize, &mut [T]) -> Result<()> + Sync);

impl<T: Texel> Image<T> {
    /// Makes the image of a row-major array of `columns` columns.
    pub(crate) fn upload(
        device: &Arc<Device>,
        name: &str,
        texels: &[T],
        columns: usize,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let rows = texels.len() / columns.max(1);
        Self::of_rows(device, name, [columns, rows], &rows_of(texels, columns), interrupted)
    }

    /// Makes the image of (columns, rows) that are read block by block.
    pub(crate) fn of_rows(
        device: &Arc<Device>,
        name: &str,
        size: [usize; 2],
        read: ReadRows<'_, T>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let image = Self::new(device, name, size.map(side))?;
        image.fill_rows(size, read, interrupted)?;
        Ok(image)
    }

    /// Copies a row-major array of `columns` columns to the corner of a new image, in its first
    /// layer.
    pub(crate) fn fill(
        &self,
        texels: &[T],
        columns: usize,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<()> {
        let rows = texels.len() / columns.max(1);
        self.fill_rows([columns, rows], &rows_of(texels, columns), interrupted)
    }

    /// Copies a row-major array into the rectangle [x, y, width, height] of an image that is in
    /// use.
    pub(crate) fn write_part(
        &self,
        texels: &[T],
        [x, y, width, height]: [u32; 4],
        interrupted: &dyn Fn() -> bool,
    ) -> Result<()> {
        let (columns, rows) = (width as usize, height as usize);
        let step = rows_per_step(columns, rows);
        let read = rows_of(texels, columns);
        let mut staging = Buffer::new(
            self.device(),
            "image staging",
            (4 * columns * step) as u64,
            MemoryUse::Upload,
        )?;
        for first in (0..rows).step_by(step) {
            let count = step.min(rows - first);
            fill(&mut staging, first, columns * count, &read)?;
            let mut commands = Commands::new(self.device())?;
            commands.write_rectangle(&staging, self, [x, y + side(first), width, side(count)]);
            commands.submit_and_wait(interrupted)?;
        }
        Ok(())
    }

    fn fill_rows(
        &self,
        size: [usize; 2],
        read: ReadRows<'_, T>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<()> {
        let bytes = 4 * size[0] * size[1];
        let pages = self.pages().filter(|_| bytes > LARGE_BYTES).map(|pages| pages.up_to(bytes));
        std::thread::scope(|scope| {
            if let Some(pages) = pages {
                // On the host, which has less to do than the thread that is the device.
                let _ = std::thread::Builder::new().spawn_scoped(scope, || pages.provide());
            }
            self.copy_in_steps(size, read, interrupted)
        })
    }

    fn copy_in_steps(
        &self,
        [columns, rows]: [usize; 2],
        read: ReadRows<'_, T>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<()> {
        let device = self.device();
        let step = rows_per_step(columns, rows);
        let staging =
            || Buffer::new(device, "image staging", (4 * columns * step) as u64, MemoryUse::Upload);
        let (mut full, mut idle) = (staging()?, staging()?);
        let count = |first: usize| step.min(rows.saturating_sub(first));
        fill(&mut full, 0, columns * count(0), read)?;
        for first in (0..rows).step_by(step) {
            let mut commands = Commands::new(device)?;
            if first == 0 {
                commands.initialise(self);
            }
            commands.write_rectangle(
                &full,
                self,
                [0, side(first), side(columns), side(count(first))],
            );
            // The device copies one part while the host fills the next.
            let following = (first + step, columns * count(first + step));
            let filled = std::thread::scope(|scope| {
                let work = || fill(&mut idle, following.0, following.1, read);
                let filler = std::thread::Builder::new().spawn_scoped(scope, work);
                commands.submit_and_wait(interrupted)?;
                Ok(filler.ok().and_then(|filler| filler.join().ok()))
            })?;
            // Without a thread, or with one that died, the work is still ours.
            filled.unwrap_or_else(|| fill(&mut idle, following.0, following.1, read))?;
            std::mem::swap(&mut full, &mut idle);
        }
        Ok(())
    }

    /// The rectangle [x, y, width, height], which must lie inside, as a row-major array.
    pub fn read(
        &self,
        [x, y, width, height]: [u32; 4],
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Vec<T>> {
        let (columns, rows) = (width as usize, height as usize);
        let mut texels = try_vec(columns * rows, "image read-back")?;
        if columns * rows == 0 {
            return Ok(texels);
        }
        if 4 * columns * rows > LARGE_BYTES {
            Pages::of(texels.spare_capacity_mut()).provide();
        }
        let step = rows_per_step(columns, rows);
        let target = Buffer::new(
            self.device(),
            "image read-back",
            (4 * columns * step) as u64,
            MemoryUse::ReadBack,
        )?;
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
