//! Work on a `Renderer`'s session, with the interpreter detached.

use pyo3::prelude::*;

use super::errors::detached_interruptible;
use super::renderer::PyRenderer;
use crate::error::Result;
use crate::render::{Frame, Session};
use crate::scene::Light;

impl PyRenderer {
    /// Runs `work` on the session, detached.
    pub(super) fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Session) -> Result<T> + Send,
    ) -> PyResult<T> {
        self.with_interrupt(py, |session, _| work(session))
    }

    /// Changes the session by what cannot fail.
    pub(super) fn set(&self, py: Python<'_>, change: impl FnOnce(&mut Session) + Send) -> PyResult<()> {
        self.with(py, |session| {
            change(session);
            Ok(())
        })
    }

    pub(super) fn light(&self, py: Python<'_>, change: impl FnOnce(&mut Light) + Send) -> PyResult<()> {
        self.with(py, |session| session.change_light(change))
    }

    /// Runs long `work` on the session, detached; Ctrl-C ends it.
    pub(super) fn with_interrupt<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Session, &dyn Fn() -> bool) -> Result<T> + Send,
    ) -> PyResult<T> {
        detached_interruptible(py, |interrupted| work(&mut *self.0.lock(interrupted)?, interrupted))
    }

    pub(super) fn triangle(&self, py: Python<'_>) -> PyResult<(Vec<u8>, [u32; 2])> {
        self.with_interrupt(py, |session, interrupted| {
            Ok((session.engine().triangle(session.size(), interrupted)?, session.size()))
        })
    }

    pub(super) fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        self.with_interrupt(py, |session, interrupted| Ok(session.draw(false, &[], interrupted)?.frame))
    }
}
