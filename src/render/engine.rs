//! What draws: a workshop, seen as the place where terrains become pictures.

use super::{DrapeLayer, Interrupted};
use crate::error::Result;
use crate::gpu::{Device, DeviceRequest, Lent, MemoryUse, Pipeline, Recipe, Shader, Workshop};
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
    pub(crate) fn pipeline(&self, shader: &'static Shader, constants: &[u32]) -> Result<Arc<Pipeline>> {
        self.workshop.pipeline(shader, constants)
    }

    /// The pipeline of a recipe.
    pub(super) fn made(&self, recipe: &Recipe) -> Result<Arc<Pipeline>> {
        self.workshop.made(recipe)
    }

    /// Makes the pipelines of several recipes side by side, those that are not made yet.
    pub(super) fn prepare<'r>(&self, recipes: impl Iterator<Item = &'r Recipe>) -> Result<()> {
        self.workshop.prepare(recipes)
    }

    /// A buffer of at least `bytes` that frames hand on to each other.
    pub(super) fn borrow_buffer(&self, name: &str, bytes: u64, memory: MemoryUse) -> Result<Lent<'_>> {
        self.workshop.borrow_buffer(name, bytes, memory)
    }
}
