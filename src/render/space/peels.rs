//! The pipelines of things that one sees through.

use super::Space;
use crate::gpu::shaders::{things_next, things_over, things_seen};
use crate::gpu::{Pipeline, Recipe};
use crate::render::Engine;

/// One that finds the next thing of each ray, and one that lays all of them over the ray's colour.
pub(super) struct Peels {
    pub(super) next: Pipeline<things_next::Shader>,
    pub(super) over: Pipeline<things_over::Shader>,
}

impl Peels {
    /// `seen` are the constants of what finds the first.
    pub(super) fn new(
        engine: &Engine,
        space: &Space,
        seen: &things_seen::Constants,
    ) -> Option<Self> {
        let &things_seen::Constants {
            samples,
            together,
            from_within,
            loads,
            prisms,
            tubes,
            boards,
            images,
            seen_through,
            ..
        } = seen;
        let next = things_next::Constants {
            samples,
            together,
            from_within,
            loads,
            prisms,
            tubes,
            boards,
            images,
            seen_through,
        };
        (space.through > 0).then(|| Self {
            next: engine.pipeline(&next),
            over: engine.pipeline(&things_over::Constants {
                loads: engine.device().limits().prefers_loads,
                samples,
            }),
        })
    }

    pub(super) fn recipes(&self) -> [&Recipe; 2] {
        [self.next.recipe(), self.over.recipe()]
    }
}
