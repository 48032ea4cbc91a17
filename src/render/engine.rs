//! What draws: a workshop, seen as the place where terrains become pictures.

use super::{DrapeLayer, Interrupted};
use crate::error::Result;
use crate::gpu::{Device, DeviceRequest, Lent, MemoryUse, Pipeline, Program, Recipe, Workshop};
use bytemuck::Pod;
use std::sync::{Arc, Mutex, PoisonError};

/// Draws terrains. Holds no terrain itself; may be shared between threads.
pub struct Engine {
    workshop: Workshop,
    no_drape: Mutex<Option<Arc<DrapeLayer>>>,
}

impl Engine {
    /// Opens the device that fits `request`.
    pub fn new(request: &DeviceRequest) -> Result<Self> {
        Ok(Self { workshop: Workshop::new(request)?, no_drape: Mutex::default() })
    }

    /// The device with its pipelines and buffers, for work that is no picture.
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// The device.
    pub fn device(&self) -> &Arc<Device> {
        self.workshop.device()
    }

    /// What pictures without a drape bind in its place, made once.
    pub(super) fn no_drape(&self, interrupted: Interrupted<'_>) -> Result<Arc<DrapeLayer>> {
        let mut kept = self.no_drape.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(blank) = kept.as_ref() {
            return Ok(blank.clone());
        }
        let blank = Arc::new(DrapeLayer::blank(self.device(), interrupted)?);
        *kept = Some(blank.clone());
        Ok(blank)
    }

    /// The pipeline of a shader with these specialisation constants.
    pub(super) fn pipeline<P: Program>(&self, constants: &P::Constants) -> Pipeline<P> {
        self.workshop.pipeline(constants)
    }

    /// Compiles the pipelines of several recipes side by side, those that are not yet.
    pub(super) fn prepare<'r>(&self, recipes: impl Iterator<Item = &'r Recipe>) -> Result<()> {
        self.workshop.prepare(recipes)
    }

    /// A buffer for the device to read, with `value` at its start.
    pub(super) fn lend_value<T: Pod>(&self, name: &str, value: &T) -> Result<Lent<'_>> {
        self.lend_values(name, std::slice::from_ref(value))
    }

    /// The same with several.
    pub(super) fn lend_values<T: Pod>(&self, name: &str, values: &[T]) -> Result<Lent<'_>> {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        let mut buffer = self.borrow_buffer(name, bytes.len() as u64, MemoryUse::Upload)?;
        if let Some(start) = buffer.write()?.get_mut(..bytes.len()) {
            start.copy_from_slice(bytes);
        }
        Ok(buffer)
    }

    /// A buffer of at least `bytes` that frames hand on to each other.
    pub(super) fn borrow_buffer(
        &self,
        name: &str,
        bytes: u64,
        memory: MemoryUse,
    ) -> Result<Lent<'_>> {
        self.workshop.borrow_buffer(name, bytes, memory)
    }
}
