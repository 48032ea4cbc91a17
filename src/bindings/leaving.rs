//! The end of the process, at which drivers and layers take down what belongs to it: nothing may be
//! at work in them then, also not on threads that Python leaves behind (daemons), which it stops
//! only once they ask for the interpreter.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The process in the upper half, and how many of its threads are at work: those of its parent are
/// none of a forked child's.
static AT_WORK: AtomicU64 = AtomicU64::new(0);
/// The process that ends, in the upper half.
static LEAVING: AtomicU64 = AtomicU64::new(0);
/// How long the end waits for work that does not stop, and a thread for the end: then somebody
/// waits for that thread, and it goes on.
const PATIENCE: Duration = Duration::from_secs(5);
const NAP: Duration = Duration::from_millis(1);

thread_local! {
    /// Works of this thread: one may have come from another by way of Python.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// It works for the one that ends the process, and may go on.
    static LEAVES: Cell<bool> = const { Cell::new(false) };
}

fn own() -> u64 {
    u64::from(std::process::id()) << 32
}

fn count_of(at_work: u64, own: u64) -> u64 {
    if at_work & !0xffff_ffff == own { at_work & 0xffff_ffff } else { 0 }
}

fn change(own: u64, by: impl Fn(u64) -> u64) {
    let step = |at_work| Some(own | by(count_of(at_work, own)));
    let _ = AT_WORK.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step);
}

/// Whether what this thread does is in vain: the process ends.
pub(super) fn is_over() -> bool {
    let leaving = LEAVING.load(Ordering::SeqCst);
    leaving != 0 && leaving == own() && !LEAVES.get()
}

/// Runs `work`, which does not unwind. While the process ends it is not begun, and what called it
/// does not go on: call it detached.
pub(super) fn at_work<T>(work: impl FnOnce() -> T) -> T {
    let own = own();
    let outermost = DEPTH.replace(DEPTH.get() + 1) == 0;
    if outermost {
        begin(own);
    }
    let result = work();
    DEPTH.set(DEPTH.get() - 1);
    if outermost {
        change(own, |count| count.saturating_sub(1));
        wait_for_the_end();
    }
    result
}

fn begin(own: u64) {
    change(own, |count| count + 1);
    if is_over() {
        change(own, |count| count.saturating_sub(1));
        wait_for_the_end();
        change(own, |count| count + 1);
    }
}

/// A thread's whole `work`, which does not unwind, for this one: the end waits for it as for this
/// thread's.
pub(super) fn hired(work: impl FnOnce()) -> impl FnOnce() {
    let leaves = LEAVES.get();
    move || {
        LEAVES.set(leaves);
        let own = own();
        begin(own);
        work();
        change(own, |count| count.saturating_sub(1));
    }
}

fn wait_for_the_end() {
    let start = Instant::now();
    while is_over() && start.elapsed() < PATIENCE {
        sleep(NAP);
    }
}

/// Has all other threads stop their work, and waits for that: part of this thread's, detached.
pub(super) fn leave() {
    let own = own();
    LEAVES.set(true);
    LEAVING.store(own, Ordering::SeqCst);
    let start = Instant::now();
    while count_of(AT_WORK.load(Ordering::SeqCst), own) > 1 && start.elapsed() < PATIENCE {
        sleep(NAP);
    }
}
