//! What a forked child has of its own: an end without the exit handlers of drivers that it inherited, and a SwiftShader whose
//! threads live.
//!
//! Drivers hand handlers to `exit` that wait for their threads. A child has none of its parent's threads, but has the
//! handlers: once its own threads lie where the parent's lay, waiting for those ends in a segmentation fault or never.

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that made the first instance; 0 before.
static FIRST: AtomicU32 = AtomicU32::new(0);

/// Notes that this process makes an instance.
pub(super) fn note_instance() {
    if FIRST.compare_exchange(0, process::id(), Ordering::Relaxed, Ordering::Relaxed).is_ok() {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        exits::skip_handlers_in_children();
    }
}

/// Whether drivers were loaded by a process that this one was forked from.
pub(super) fn inherits_drivers() -> bool {
    ![0, process::id()].contains(&FIRST.load(Ordering::Relaxed))
}

/// The end of a child. Only glibc tells a handler the exit status.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod exits {
    use std::ffi::{c_int, c_void};
    use std::ptr::null_mut;

    unsafe extern "C" {
        fn on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    pub(super) fn skip_handlers_in_children() {
        // SAFETY: the function stays mapped as long as this library, with which glibc forgets it.
        let failed = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        if failed != 0 {
            log::warn!("pthread_atfork failed ({failed}): a forked child may end with a signal");
        }
    }

    /// Handlers run in the order opposite to that of their registration: those of the child's own libraries before this one,
    /// and those it inherited not at all.
    unsafe extern "C" fn in_child() {
        // SAFETY: as above. Without memory for the entry the child ends as it would have without.
        unsafe { on_exit(leave, null_mut()) };
    }

    extern "C" fn leave(status: c_int, _: *mut c_void) {
        // SAFETY: what other code printed is written as `exit` would; nothing of this process runs after.
        unsafe {
            libc::fflush(null_mut());
            libc::_exit(status);
        }
    }
}
