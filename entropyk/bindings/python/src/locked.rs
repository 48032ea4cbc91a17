//! What one thread at a time may use, and waiting for it without the interpreter.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use entropyk::{Error, Result};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::errors::raise;

/// A value behind a lock that knows who has it.
///
/// Whoever has it may need the interpreter, for a function of Python's or to look for signals; so
/// nobody waits for the value and holds the interpreter meanwhile. A function that asks for what it
/// is called by would wait for itself.
pub(crate) struct Locked<T> {
    inner: Mutex<T>,
    owner: Mutex<Option<ThreadId>>,
}

/// The value, until this is dropped.
pub(crate) struct Held<'a, T> {
    guard: MutexGuard<'a, T>,
    owner: &'a Mutex<Option<ThreadId>>,
}

impl<T> Locked<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { inner: Mutex::new(value), owner: Mutex::new(None) }
    }

    /// For who holds the interpreter, which is released while it waits.
    pub(crate) fn attached(&self, py: Python<'_>) -> PyResult<Held<'_, T>> {
        self.not_mine().map_err(raise)?;
        Ok(self.held(self.inner.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)))
    }

    /// For who has released the interpreter.
    pub(crate) fn detached(&self) -> Result<Held<'_, T>> {
        self.not_mine()?;
        Ok(self.held(self.inner.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    fn not_mine(&self) -> Result<()> {
        let owner = *self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        if owner != Some(thread::current().id()) {
            return Ok(());
        }
        let text = "the system is being solved, so a function that it calls cannot use it; take values as arguments";
        Err(Error::Validation(text.to_owned()))
    }

    fn held<'a>(&'a self, guard: MutexGuard<'a, T>) -> Held<'a, T> {
        *self.owner.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        Held { guard, owner: &self.owner }
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        *self.owner.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
