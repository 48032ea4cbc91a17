//! What draws: a workshop, seen as the place where terrains become pictures.

use crate::error::Result;
use crate::gpu::{Device, DeviceRequest, Lent, MemoryUse, Pipeline, Shader, Workshop};
use std::sync::Arc;

/// Draws terrains. Holds no terrain itself; may be shared between threads.
pub struct Engine {
    workshop: Workshop,
}

impl Engine {
    /// Opens the device that fits `request`.
    pub fn new(request: &DeviceRequest) -> Result<Self> {
        Ok(Self { workshop: Workshop::new(request)? })
    }

    /// The device with its pipelines and buffers, for work that is no picture.
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// The device.
    pub fn device(&self) -> &Arc<Device> {
        self.workshop.device()
    }

    /// The pipeline of a shader with these specialisation constants.
    pub(crate) fn pipeline(&self, shader: &'static Shader, constants: &[u32]) -> Result<Arc<Pipeline>> {
        self.workshop.pipeline(shader, constants)
    }

    /// A buffer of at least `bytes` that frames hand on to each other.
    pub(super) fn borrow_buffer(&self, name: &str, bytes: u64, memory: MemoryUse) -> Result<Lent<'_>> {
        self.workshop.borrow_buffer(name, bytes, memory)
    }
}
