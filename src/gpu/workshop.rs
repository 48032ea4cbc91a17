//! One device with what its users share: pipelines, each compiled when it is first needed, and idle buffers.

use super::{Buffer, Device, DeviceRequest, Instance, MemoryUse, Pipeline, Shader};
use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
        let instance = Instance::new()?;
        let device = Device::open(&instance, request)?;
        Ok(Self { device, pipelines: Mutex::default(), buffers: Mutex::default() })
    }

    /// The device.
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// The pipeline of a shader with these specialisation constants.
    pub(crate) fn pipeline(&self, shader: &'static Shader, constants: &[u32]) -> Result<Arc<Pipeline>> {
        let mut pipelines = self.pipelines.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (shader.name, constants.to_vec());
        if let Some(pipeline) = pipelines.get(&key) {
            return Ok(pipeline.clone());
        }
        let pipeline = Arc::new(Pipeline::new(&self.device, shader, constants)?);
        pipelines.insert(key, pipeline.clone());
        Ok(pipeline)
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

/// Idle buffers kept at most; a frame uses up to four.
const KEPT: usize = 8;

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
