//! One device with what its users share: a pipeline cache, whose pipelines are compiled when they
//! are first needed, and a buffer pool.

use super::pipeline::Recipe;
use super::{Buffer, Device, DeviceRequest, MemoryUse, Pipeline, Program};
use crate::error::Result;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, ScopedJoinHandle};

/// Name of a shader, and numbers and values of its specialisation constants.
type PipelineKey = (&'static str, Vec<(u32, u32)>);

/// A device with its pipelines and lent buffers, for rooms that do not know each other. May be
/// shared between threads.
pub struct Workshop {
    device: Arc<Device>,
    recipes: Mutex<HashMap<PipelineKey, Arc<Recipe>>>,
    buffers: Mutex<Vec<Buffer>>,
}

impl Workshop {
    /// Opens the device that fits `request`.
    pub fn new(request: &DeviceRequest) -> Result<Self> {
        let device = Device::fitting(request)?;
        Ok(Self { device, recipes: Mutex::default(), buffers: Mutex::default() })
    }

    /// The device.
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// The pipeline of a shader with these specialisation constants; compiled by
    /// [`Workshop::prepare`], or else by the first dispatch.
    pub(crate) fn pipeline<P: Program>(&self, constants: &P::Constants) -> Pipeline<P> {
        let words = P::words(constants);
        let mut recipes = self.recipes.lock().unwrap_or_else(PoisonError::into_inner);
        let recipe = recipes
            .entry((P::code().name, words.clone()))
            .or_insert_with(|| Arc::new(Recipe::new(&self.device, P::code(), words)));
        Pipeline::of(recipe.clone())
    }

    /// Compiles those of `recipes` that are not yet, side by side: software drivers take up to 30
    /// ms of one core for each.
    pub(crate) fn prepare<'r>(&self, recipes: impl Iterator<Item = &'r Recipe>) -> Result<()> {
        let mut missing: Vec<&Recipe> = Vec::new();
        for recipe in recipes.filter(|recipe| !recipe.is_made()) {
            if missing.iter().all(|other| !std::ptr::eq(*other, recipe)) {
                missing.push(recipe);
            }
        }
        let Some((last, others)) = missing.split_last() else { return Ok(()) };
        std::thread::scope(|scope| {
            // Where there is no thread for one it is compiled when it is dispatched.
            let spawn = |recipe: &'r Recipe| {
                Builder::new().spawn_scoped(scope, || recipe.made().map(drop)).ok()
            };
            let threads: Vec<_> = others.iter().copied().filter_map(spawn).collect();
            let last = last.made().map(drop);
            let joined = |thread: ScopedJoinHandle<'_, Result<()>>| {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic))
            };
            threads.into_iter().map(joined).fold(last, Result::and)
        })
    }

    /// A buffer of at least `bytes` that callers hand on to each other, because fresh memory costs
    /// a page fault every 4 KiB.
    pub(crate) fn borrow_buffer(
        &self,
        name: &str,
        bytes: u64,
        memory: MemoryUse,
    ) -> Result<Lent<'_>> {
        let found = {
            let mut idle = self.idle();
            let fits = |buffer: &Buffer| {
                buffer.memory() == memory
                    && (bytes..=4 * bytes.max(1 << 16)).contains(&buffer.bytes())
            };
            idle.iter().position(fits).map(|at| idle.swap_remove(at))
        };
        let buffer = match found {
            Some(buffer) => buffer,
            None => Buffer::new(&self.device, name, bytes, memory)?,
        };
        Ok(Lent { workshop: self, buffer: Some(buffer) })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Buffer>> {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A buffer that goes back to its workshop.
pub(crate) struct Lent<'w> {
    workshop: &'w Workshop,
    buffer: Option<Buffer>,
}

impl std::ops::Deref for Lent<'_> {
    type Target = Buffer;

    fn deref(&self) -> &Buffer {
        match &self.buffer {
            Some(buffer) => buffer,
            None => unreachable!("taken only by drop"),
        }
    }
}

impl std::ops::DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Buffer {
        match &mut self.buffer {
            Some(buffer) => buffer,
            None => unreachable!("taken only by drop"),
        }
    }
}

/// Idle buffers kept at most; a frame uses twelve, and one for each part of a layer.
const KEPT: usize = 14;

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(buffer) = self.buffer.take() else { return };
        let mut idle = self.workshop.idle();
        if idle.len() == KEPT {
            idle.remove(0);
        }
        idle.push(buffer);
    }
}
