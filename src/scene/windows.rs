//! A DEM that stays where it is, in a file or behind an array, and gives rectangles of its heights.

use super::rows::Rows;
use crate::cores::cores;
use crate::error::{Error, Result};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// A raster of which any rectangle can be asked for, by several threads at a time.
pub trait Windows: Send + Sync {
    /// (columns, rows).
    fn size(&self) -> [usize; 2];

    /// (columns, rows) that are read together, whatever is asked for: who wants all of it does best
    /// to take what lies in such a chunk one after the other.
    fn chunk(&self) -> [usize; 2] {
        [1; 2]
    }

    /// Fills `target`, row-major, with the heights in [column, row, columns, rows], which lies
    /// inside.
    fn read(&self, window: [usize; 4], target: &mut [f32]) -> Result<()>;
}

/// Whole rows of it.
impl Rows for &dyn Windows {
    fn size(&self) -> [usize; 2] {
        Windows::size(*self)
    }

    fn read(&self, first: usize, target: &mut [f32]) -> Result<()> {
        let columns = Windows::size(*self)[0];
        Windows::read(*self, [0, first, columns, target.len() / columns.max(1)], target)
    }
}

/// Between two looks at what the caller wants, while other threads work.
const POLL: Duration = Duration::from_millis(20);

/// Has every core do its share of the pieces 0..`count`: they are begun in that order and done in
/// any; the caller's thread asks meanwhile whether to stop.
///
/// After the first failure no more pieces are begun, and a long one may ask whether to go on.
/// `done` is told how many are finished, on the caller's thread.
pub fn in_parallel(
    count: usize,
    interrupted: &dyn Fn() -> bool,
    done: &dyn Fn(usize) -> Result<()>,
    work: impl Fn(usize, &dyn Fn() -> bool) -> Result<()> + Sync,
) -> Result<()> {
    let threads = cores().min(count);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let failure: Mutex<Option<Error>> = Mutex::new(None);
    let fail = |error| {
        stop.store(true, Ordering::Relaxed);
        failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    };
    let (tell, told) = channel();
    let share = |tell: std::sync::mpsc::Sender<()>| {
        while !stop.load(Ordering::Relaxed) {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= count {
                break;
            }
            match work(piece, &|| stop.load(Ordering::Relaxed)) {
                // Nobody listens any more once the caller has its own failure.
                Ok(()) => drop(tell.send(())),
                Err(error) => fail(error),
            }
        }
    };
    std::thread::scope(|scope| {
        let spawn = |tell: std::sync::mpsc::Sender<()>| {
            Builder::new()
                .spawn_scoped(scope, {
                    let share = &share;
                    move || share(tell)
                })
                .ok()
        };
        let workers: Vec<_> = (0..threads).filter_map(|_| spawn(tell.clone())).collect();
        if workers.is_empty() {
            share(tell.clone());
        }
        drop(tell);
        let mut finished = 0;
        loop {
            match told.recv_timeout(POLL) {
                Ok(()) => finished += 1,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if !stop.load(Ordering::Relaxed) {
                if interrupted() {
                    fail(Error::Interrupted);
                } else if let Err(error) = done(finished) {
                    fail(error);
                }
            }
        }
        for worker in workers {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}
