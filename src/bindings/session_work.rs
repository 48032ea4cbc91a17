//! Work on a session, with the interpreter detached.

use pyo3::prelude::*;

use super::errors::detached_interruptible;
use super::session::PySession;
use crate::error::Result;
use crate::render::{Frame, Session, Wanted};
use crate::scene::Scene;

impl PySession {
    /// Runs `work` on the session, detached.
    pub(super) fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Session) -> Result<T> + Send,
    ) -> PyResult<T> {
        self.with_interrupt(py, |session, _| work(session))
    }

    /// Changes the scene; an invalid result is refused and changes nothing.
    pub(super) fn change(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut Scene) + Send,
    ) -> PyResult<()> {
        self.with(py, |session| session.change(change))
    }

    /// Sets an option of the scene by its name.
    pub(super) fn option(
        &self,
        py: Python<'_>,
        name: &str,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let change = super::options::option(name, value)?;
        self.change(py, change)
    }

    /// Changes the session by what cannot fail.
    pub(super) fn set(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut Session) + Send,
    ) -> PyResult<()> {
        self.with(py, |session| {
            change(session);
            Ok(())
        })
    }

    /// Runs long `work` on the session, detached; Ctrl-C ends it.
    pub(super) fn with_interrupt<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Session, &dyn Fn() -> bool) -> Result<T> + Send,
    ) -> PyResult<T> {
        detached_interruptible(py, |interrupted| {
            work(&mut *self.session.lock(interrupted)?, interrupted)
        })
    }

    pub(super) fn triangle(&self, py: Python<'_>) -> PyResult<(Vec<u8>, [u32; 2])> {
        let size = self.size;
        self.with_interrupt(py, |session, interrupted| {
            Ok((session.engine().triangle(size, interrupted)?, size))
        })
    }

    pub(super) fn frame(&self, py: Python<'_>) -> PyResult<Frame> {
        let wanted = Wanted { size: self.size, depth: false, aovs: &[] };
        self.with_interrupt(py, |session, interrupted| {
            Ok(session.draw(&wanted, interrupted)?.frame)
        })
    }
}
