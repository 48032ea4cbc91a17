//! What ends long work before its time: a limit of time, or somebody who asks to stop.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// One watch for all attempts of a solution: they share its time.
pub(crate) struct Watch<'a> {
    start: Instant,
    limit: Option<f64>,
    interrupted: &'a dyn Fn() -> bool,
    asked: Cell<Instant>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(limit: Option<f64>, interrupted: &'a dyn Fn() -> bool) -> Self {
        let now = Instant::now();
        Self { start: now, limit, interrupted, asked: Cell::new(now) }
    }

    /// An error if the time is over, or somebody asked to stop; the latter is looked for now and
    /// then.
    pub(crate) fn may_go_on(&self) -> Result<()> {
        let now = Instant::now();
        let elapsed = (now - self.start).as_secs_f64();
        if self.limit.is_some_and(|limit| elapsed > limit) {
            return Err(Error::Timeout { elapsed_ms: elapsed * 1e3 });
        }
        if now - self.asked.get() > Duration::from_millis(30) {
            self.asked.set(now);
            if (self.interrupted)() {
                return Err(Error::Interrupted);
            }
        }
        Ok(())
    }
}

/// What an attempt found; None if another attempt may find more, and an error if there shall be
/// none.
pub(crate) fn attempt<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error @ (Error::Timeout { .. } | Error::Interrupted)) => Err(error),
        Err(_) => Ok(None),
    }
}
