//! Work in parts by several threads of the host, so that the device never waits for copies, nor
//! copies for the device.

use crate::error::{Error, Result};
use crate::gpu::Interrupted;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does `work` for each of `parts`, in order, in up to `hands` threads, of which the caller's is
/// one. Only in that one `interrupted` is asked; the others see its answer. The first failure ends
/// all, and is returned.
pub(super) fn in_hands<Part: Send>(
    parts: Vec<Part>,
    hands: usize,
    interrupted: Interrupted<'_>,
    work: impl Fn(Part, Interrupted<'_>) -> Result<()> + Sync,
) -> Result<()> {
    let helpers = hands.min(parts.len()).saturating_sub(1);
    let parts = Mutex::new(parts.into_iter());
    let (stop, failure) = (AtomicBool::new(false), Mutex::new(None));
    let hand = |interrupted: Interrupted<'_>| {
        while !stop.load(Ordering::Acquire) {
            let part = parts.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(part) = part else { break };
            if let Err(error) = work(part, interrupted) {
                // Before the stop: whoever stops because of it says that it was interrupted, and
                // the first word counts.
                failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                stop.store(true, Ordering::Release);
            }
        }
    };
    let helped = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..helpers).map(|_| scope.spawn(|| hand(&|| stop.load(Ordering::Acquire)))).collect();
        hand(&|| stop.load(Ordering::Acquire) || interrupted());
        threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
    });
    if helped.iter().any(|thread| thread.is_err()) {
        return Err(Error::Internal("a thread that copies blocks of a DEM panicked".into()));
    }
    failure.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn every_part_is_done_once() {
        for (parts, hands) in [(0, 3), (1, 3), (2, 3), (100, 3), (100, 1)] {
            let done: Vec<AtomicUsize> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
            let all = (0..parts).collect();
            let result = in_hands(all, hands, &|| false, |part: usize, _| {
                done[part].fetch_add(1, Ordering::Relaxed);
                Ok(())
            });
            assert!(result.is_ok() && done.iter().all(|count| count.load(Ordering::Relaxed) == 1));
        }
    }

    #[test]
    fn the_first_failure_ends_all_and_is_told() {
        let begun = AtomicUsize::new(0);
        let result = in_hands((0..1000).collect(), 3, &|| false, |part, interrupted| {
            begun.fetch_add(1, Ordering::Relaxed);
            if part == 5 {
                return Err(Error::invalid("part five"));
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
            if interrupted() { Err(Error::Interrupted) } else { Ok(()) }
        });
        assert!(result.is_err_and(|error| error.to_string().contains("part five")));
        assert!(begun.load(Ordering::Relaxed) < 100);
    }

    #[test]
    fn an_interruption_in_the_callers_thread_ends_all() {
        let calls = AtomicUsize::new(0);
        let interrupted = || calls.fetch_add(1, Ordering::Relaxed) > 3;
        let result = in_hands((0..10_000).collect(), 3, &interrupted, |_: usize, interrupted| {
            std::thread::sleep(std::time::Duration::from_micros(200));
            if interrupted() { Err(Error::Interrupted) } else { Ok(()) }
        });
        assert!(matches!(result, Err(Error::Interrupted)));
    }
}
