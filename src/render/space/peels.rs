//! The pipelines of things that one sees through.

use super::Space;
use crate::gpu::shaders::{things_over, things_seen};
use crate::gpu::{Pipeline, Recipe};
use crate::render::Engine;

/// One that finds the next thing of each ray, and one that lays all of them over the ray's colour.
pub(super) struct Peels {
    pub(super) seen: Pipeline<things_seen::Shader>,
    pub(super) over: Pipeline<things_over::Shader>,
}

impl Peels {
    /// `seen` are the constants of what rays see of the other things.
    pub(super) fn new(
        engine: &Engine,
        space: &Space,
        seen: things_seen::Constants,
    ) -> Option<Self> {
        let over = things_over::Constants { samples: seen.samples };
        (space.through > 0).then(|| Self {
            seen: engine.pipeline(&things_seen::Constants { peel: true, ..seen }),
            over: engine.pipeline(&over),
        })
    }

    pub(super) fn recipes(&self) -> [&Recipe; 2] {
        [self.seen.recipe(), self.over.recipe()]
    }
}
