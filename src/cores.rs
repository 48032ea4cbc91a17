//! How many threads share a piece of work.

/// The cores that this process may use; one where the system does not say.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
