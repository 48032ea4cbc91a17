//! A thread that works for Python while it goes on, and hands over what it makes, one thing after
//! the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::Duration;

use pyo3::prelude::*;

use super::leaving;
use crate::error::{Error, Result};

/// How often a wait for the thread asks for Ctrl-C.
const POLL: Duration = Duration::from_millis(20);
/// How long the thread sleeps while nobody takes what it has made.
const NAP: Duration = Duration::from_millis(2);

/// Such a thread; it ends with this. It never touches Python, but for the log.
pub(super) struct Worker<T> {
    thread: Option<JoinHandle<()>>,
    made: Option<Receiver<T>>,
    cancelled: Arc<AtomicBool>,
    process: u32,
}

/// The thread's end of it.
pub(super) struct Hand<T> {
    made: SyncSender<T>,
    cancelled: Arc<AtomicBool>,
}

impl<T> Hand<T> {
    /// Is the work no longer wanted?
    pub(super) fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) || leaving::is_over()
    }

    /// Hands something over; waits while the last thing but one has not been taken.
    pub(super) fn give(&self, mut thing: T) -> Result<()> {
        loop {
            match self.made.try_send(thing) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(refused)) if !self.cancelled() => thing = refused,
                Err(_) => return Err(Error::Interrupted),
            }
            sleep(NAP);
        }
    }
}

impl<T: Send + 'static> Worker<T> {
    /// None where there is no thread to be had.
    pub(super) fn start(name: &str, work: impl FnOnce(Hand<T>) + Send + 'static) -> Option<Self> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let (send, made) = sync_channel(1);
        let hand = Hand { made: send, cancelled: cancelled.clone() };
        let thread = Builder::new()
            .name(format!("vulkan_forge {name}"))
            .spawn(leaving::hired(move || work(hand)))
            .ok()?;
        Some(Self {
            thread: Some(thread),
            made: Some(made),
            cancelled,
            process: std::process::id(),
        })
    }

    /// Waits for the next thing: call it detached. None where the thread has ended.
    pub(super) fn wait(&mut self, interrupted: &dyn Fn() -> bool) -> Result<Option<T>> {
        let Some(made) = &mut self.made else { return Ok(None) };
        loop {
            match made.recv_timeout(POLL) {
                Ok(thing) => return Ok(Some(thing)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if interrupted() => return Err(Error::Interrupted),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        let thread = self.thread.take();
        if self.process != std::process::id() {
            // A forked child has no such thread to wait for, and its end of the channel may be
            // locked for ever.
            std::mem::forget((thread, self.made.take()));
            return;
        }
        self.cancelled.store(true, Ordering::Relaxed);
        let join = || thread.map(JoinHandle::join);
        // Detached: the thread may be about to log. Once the interpreter is gone nothing is left to
        // wait for.
        Python::try_attach(|py| py.detach(join));
    }
}
