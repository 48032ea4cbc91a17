//! A lock for objects that Python shares between threads: it refuses forked children before it
//! waits, can be interrupted while it waits, and knows when the thread that asks is the one that
//! holds it.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use crate::error::{Error, Result};

thread_local! {
    /// Its address tells threads apart.
    static MARK: u8 = const { 0 };
}

fn this_thread() -> usize {
    MARK.with(|mark| std::ptr::from_ref(mark).addr())
}

/// How long a waiting thread sleeps before it tries again and asks whether it was interrupted.
const NAP: Duration = Duration::from_millis(2);

/// A value behind such a lock. Take it only while detached from Python, so that it cannot wait for
/// the interpreter's.
pub(super) struct Guarded<T> {
    object: &'static str,
    process: u32,
    /// The holder's mark; 0 while nobody holds it.
    holder: AtomicUsize,
    value: Mutex<T>,
}

impl<T> Guarded<T> {
    /// `object` is the value's type as users know it.
    pub(super) fn new(object: &'static str, value: T) -> Self {
        Self {
            object,
            process: std::process::id(),
            holder: AtomicUsize::new(0),
            value: Mutex::new(value),
        }
    }

    /// [`Error::ForkedProcess`] in any process but the one that made it.
    pub(super) fn check(&self) -> Result<()> {
        let user = std::process::id();
        if user == self.process {
            return Ok(());
        }
        Err(Error::ForkedProcess { object: self.object, owner: self.process, user })
    }

    /// Waits for the value; `interrupted` ends the wait.
    pub(super) fn lock(&self, interrupted: &dyn Fn() -> bool) -> Result<Guard<'_, T>> {
        // Before the lock: a thread that held it while the process forked does not exist in the
        // child.
        self.check()?;
        loop {
            let value = match self.value.try_lock() {
                Ok(value) => value,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    if self.holder.load(Ordering::Relaxed) == this_thread() {
                        return Err(Error::invalid(format!(
                            "{} must not be used by what interrupts it; expected the call at hand to end first, got another \
                             one from a signal handler; note the signal there and act after the call",
                            self.object
                        )));
                    }
                    if interrupted() {
                        return Err(Error::Interrupted);
                    }
                    std::thread::sleep(NAP);
                    continue;
                }
            };
            self.holder.store(this_thread(), Ordering::Relaxed);
            return Ok(Guard { holder: &self.holder, value });
        }
    }
}

/// The value, until dropped.
pub(super) struct Guard<'g, T> {
    holder: &'g AtomicUsize,
    value: MutexGuard<'g, T>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.holder.store(0, Ordering::Relaxed);
    }
}
