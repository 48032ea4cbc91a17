//! One device with what its users share: pipelines, each compiled when it is first needed, and idle buffers.

use super::{Buffer, Device, DeviceRequest, MemoryUse, Pipeline, Shader};
use crate::error::Result;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, ScopedJoinHandle};

/// A shader with its specialisation constants: what a pipeline is made of.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    shader: &'static Shader,
    constants: Vec<u32>,
}

impl Recipe {
    pub(crate) fn new(shader: &'static Shader, constants: Vec<u32>) -> Self {
        Self { shader, constants }
    }

    fn key(&self) -> PipelineKey {
        (self.shader.name, self.constants.clone())
    }
}

/// Name of a shader, and its specialisation constants.
type PipelineKey = (&'static str, Vec<u32>);

/// A device with its pipelines and lent buffers, for rooms that do not know each other. May be shared between threads.
pub struct Workshop {
    device: Arc<Device>,
    pipelines: Mutex<HashMap<PipelineKey, Arc<Pipeline>>>,
    buffers: Mutex<Vec<Buffer>>,
}

impl Workshop {
    /// Opens the device that fits `request`.
    pub fn new(request: &DeviceRequest) -> Result<Self> {
        let device = Device::fitting(request)?;
        Ok(Self { device, pipelines: Mutex::default(), buffers: Mutex::default() })
    }

    /// The device.
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// The pipeline of a shader with these specialisation constants.
    pub(crate) fn pipeline(&self, shader: &'static Shader, constants: &[u32]) -> Result<Arc<Pipeline>> {
        self.made(&Recipe::new(shader, constants.to_vec()))
    }

    /// The pipeline of a recipe.
    pub(crate) fn made(&self, recipe: &Recipe) -> Result<Arc<Pipeline>> {
        let key = recipe.key();
        if let Some(pipeline) = self.pipelines().get(&key) {
            return Ok(pipeline.clone());
        }
        // Not under the lock: others are made meanwhile.
        let pipeline = Arc::new(Pipeline::new(&self.device, recipe.shader, &recipe.constants)?);
        Ok(self.pipelines().entry(key).or_insert(pipeline).clone())
    }

    /// Makes those of `recipes` that are not made yet, side by side: software drivers take up to 30 ms of one core for each.
    pub(crate) fn prepare<'r>(&self, recipes: impl Iterator<Item = &'r Recipe>) -> Result<()> {
        let mut missing: Vec<&Recipe> = Vec::new();
        {
            let made = self.pipelines();
            for recipe in recipes {
                let key = recipe.key();
                if !made.contains_key(&key) && missing.iter().all(|other| other.key() != key) {
                    missing.push(recipe);
                }
            }
        }
        let Some((last, others)) = missing.split_last() else { return Ok(()) };
        std::thread::scope(|scope| {
            // Where there is no thread for one it is made when it is asked for.
            let spawn = |recipe| Builder::new().spawn_scoped(scope, move || self.made(recipe).map(drop)).ok();
            let threads: Vec<_> = others.iter().copied().filter_map(spawn).collect();
            let last = self.made(last).map(drop);
            let joined = |thread: ScopedJoinHandle<'_, Result<()>>| {
                thread.join().unwrap_or_else(|panic| resume_unwind(panic))
            };
            threads.into_iter().map(joined).fold(last, Result::and)
        })
    }

    /// A buffer of at least `bytes` that callers hand on to each other, because fresh memory costs a page fault every 4 KiB.
    pub(crate) fn borrow_buffer(&self, name: &str, bytes: u64, memory: MemoryUse) -> Result<Lent<'_>> {
        let found = {
            let mut idle = self.idle();
            let fits = |buffer: &Buffer| {
                buffer.memory() == memory && (bytes..=4 * bytes.max(1 << 16)).contains(&buffer.bytes())
            };
            idle.iter().position(fits).map(|at| idle.swap_remove(at))
        };
        let buffer = match found {
            Some(buffer) => buffer,
            None => Buffer::new(&self.device, name, bytes, memory)?,
        };
        Ok(Lent { workshop: self, buffer: Some(buffer) })
    }

    fn pipelines(&self) -> MutexGuard<'_, HashMap<PipelineKey, Arc<Pipeline>>> {
        self.pipelines.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Idle buffers kept at most; a frame uses nine.
const KEPT: usize = 10;

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
