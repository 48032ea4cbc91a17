//! What a fork needs: loader and drivers at rest, so that the child finds none of their locks
//! taken, and in the child an end without the exit handlers of drivers that it inherited.
//!
//! Drivers hand handlers to `exit` that wait for their threads. A child has none of its parent's
//! threads, but has the handlers: once its own threads lie where the parent's lay, waiting for
//! those ends in a segmentation fault or never.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock};

/// The process that made the first instance; 0 before.
static FIRST: AtomicU32 = AtomicU32::new(0);

/// Read by what must not be forked in the middle, written by forks.
static FORKING: RwLock<()> = RwLock::new(());

/// Notes that this process makes an instance.
pub(super) fn note_instance() {
    watch_forks();
    // Already set where a parent made one.
    let _ = FIRST.compare_exchange(0, process::id(), Ordering::Relaxed, Ordering::Relaxed);
}

/// From here on, forks wait for loader and drivers. A fork that another thread began before does
/// not: whoever is loaded by processes that fork calls this as early as it can.
pub fn watch_forks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    handlers::install();
}

/// Runs `work`, which has the loader or a driver change what belongs to the process, not in the
/// middle of a fork.
///
/// It must not wait for Python, as a log entry does: whoever forks may hold the interpreter. Nor
/// may it nest.
pub(super) fn held_off<T>(work: impl FnOnce() -> T) -> T {
    let _reading = FORKING.read().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// Whether drivers were loaded by a process that this one was forked from.
pub(super) fn inherits_drivers() -> bool {
    ![0, process::id()].contains(&FIRST.load(Ordering::Relaxed))
}

/// What fork and exit call. Only glibc tells a handler the exit status.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod handlers {
    use super::{FORKING, inherits_drivers};
    use std::cell::Cell;
    use std::ffi::{c_int, c_void};
    use std::ptr::null_mut;
    use std::sync::{Once, PoisonError, RwLockWriteGuard};

    unsafe extern "C" {
        fn on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    thread_local! {
        /// Held by the thread that forks, which is also the child's.
        static WRITING: Cell<Option<RwLockWriteGuard<'static, ()>>> = const { Cell::new(None) };
    }

    pub(super) fn install() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // SAFETY: the functions stay mapped as long as this library, with which glibc forgets
            // them.
            let failed = unsafe { libc::pthread_atfork(Some(before), Some(after), Some(in_child)) };
            if failed != 0 {
                log::warn!("pthread_atfork failed ({failed}): a forked child may hang, or end with a signal");
            }
        });
    }

    unsafe extern "C" fn before() {
        let writing = FORKING.write().unwrap_or_else(PoisonError::into_inner);
        // Where the thread is at its end already, the lock is let go at once.
        let _ = WRITING.try_with(|slot| slot.set(Some(writing)));
    }

    unsafe extern "C" fn after() {
        let _ = WRITING.try_with(|slot| drop(slot.take()));
    }

    /// Handlers of exit run in the order opposite to that of their registration: those of the
    /// child's own libraries before this one, and those it inherited not at all.
    unsafe extern "C" fn in_child() {
        // SAFETY: `after` lets go what `before` took on this thread; `leave` stays mapped. Without
        // memory for its entry the child ends as it would have without.
        unsafe {
            after();
            if inherits_drivers() {
                on_exit(leave, null_mut());
            }
        }
    }

    extern "C" fn leave(status: c_int, _: *mut c_void) {
        // SAFETY: what other code printed is written as `exit` would; nothing of this process runs
        // after.
        unsafe {
            libc::fflush(null_mut());
            libc::_exit(status);
        }
    }
}
