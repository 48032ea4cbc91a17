//! What can go wrong, in one enum; each message says what was expected, what was got, and the cure.

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A fluid is unknown, or was asked for a state that its equation does not cover.
    #[error("{0}")]
    Fluid(String),
    /// An argument is not what it has to be.
    #[error("{0}")]
    Validation(String),
}

impl Error {
    pub(crate) fn fluid(text: impl Into<String>) -> Self {
        Self::Fluid(text.into())
    }
}
