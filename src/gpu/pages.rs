//! Fresh memory from the system, many pages at a time.
//!
//! Memory that was never written comes page by page, at the first write to each, which for a large
//! DEM takes longer than to write it. Asking for all of it is several times as fast, and any thread
//! can.

use std::marker::PhantomData;

/// Bytes of one request: in between, other threads get their turn.
#[cfg(target_os = "linux")]
const STEP: usize = 4 << 20;

/// Memory of this process that may never have been written.
pub struct Pages<'m> {
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    start: *mut u8,
    bytes: usize,
    memory: PhantomData<&'m mut [u8]>,
}

// SAFETY: nothing is read or written through the pointer; it only names the memory.
unsafe impl Send for Pages<'_> {}

impl<'m> Pages<'m> {
    /// That of a slice.
    pub fn of<T>(memory: &'m mut [T]) -> Self {
        Self { start: memory.as_mut_ptr().cast(), bytes: size_of_val(memory), memory: PhantomData }
    }

    /// # Safety
    ///
    /// `bytes` from `start` on are mapped for `'m`.
    pub(super) unsafe fn mapped(start: *mut u8, bytes: usize) -> Self {
        Self { start, bytes, memory: PhantomData }
    }

    /// No more than the first `bytes`.
    pub(super) fn up_to(self, bytes: usize) -> Self {
        Self { bytes: self.bytes.min(bytes), ..self }
    }

    /// Has the system provide the pages, with their content as it is. Where it cannot, each comes
    /// when it is written.
    #[cfg(target_os = "linux")]
    pub fn provide(self) {
        let page = rustix::param::page_size();
        let mut at = self.start.align_offset(page);
        while at < self.bytes {
            let bytes = STEP.min(self.bytes - at);
            // SAFETY: the range is mapped while `self` lives, and this advice changes no content:
            // others may write meanwhile.
            let provided = unsafe {
                let start = self.start.add(at).cast();
                rustix::mm::madvise(start, bytes, rustix::mm::Advice::LinuxPopulateWrite)
            };
            if provided.is_err() {
                return;
            }
            at += STEP;
        }
    }

    /// Here each page comes when it is written.
    #[cfg(not(target_os = "linux"))]
    pub fn provide(self) {}
}

#[cfg(test)]
mod tests {
    use super::Pages;

    #[test]
    fn content_stays_as_it_is() {
        for bytes in [0, 1, 4095, 3 << 20, (9 << 20) + 5] {
            let mut memory: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
            Pages::of(&mut memory).provide();
            assert!(
                memory.iter().enumerate().all(|(at, &byte)| byte == (at % 251) as u8),
                "{bytes}"
            );
        }
    }
}
