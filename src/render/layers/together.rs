//! Work on every core that makes something.

use crate::error::{Error, Result};
use crate::render::Interrupted;
use crate::scene::windows::in_parallel;
use std::sync::{Mutex, PoisonError};

/// What `work` makes of each of `count` things, in their order.
pub(super) fn side_by_side<T: Send>(
    count: usize,
    interrupted: Interrupted<'_>,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    if count < 2 {
        if interrupted() {
            return Err(Error::Interrupted);
        }
        return (0..count).map(work).collect();
    }
    let done: Mutex<Vec<(usize, T)>> = Mutex::default();
    in_parallel(count, interrupted, &|_| Ok(()), |index, _| {
        let made = work(index)?;
        done.lock().unwrap_or_else(PoisonError::into_inner).push((index, made));
        Ok(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}
