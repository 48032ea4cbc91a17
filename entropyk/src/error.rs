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
    /// A component was given what it cannot be.
    #[error("{0}")]
    Component(String),
    /// The network does not determine its unknowns, or says more than there is to know.
    #[error("{0}")]
    Topology(String),
    /// No solution was found in the iterations allowed.
    #[error("{0}")]
    NonConvergence(String),
    /// What was to be held cannot be, within the limits of what is moved for it.
    #[error("{0}")]
    ControlSaturation(String),
    /// The time allowed for a solution was over.
    #[error(
        "no solution within {elapsed_ms:.1} ms: allow more time, or start from a solution that is nearer"
    )]
    Timeout {
        /// How long was tried.
        elapsed_ms: f64,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// An argument is not what it has to be.
    #[error("{0}")]
    Validation(String),
}

impl Error {
    pub(crate) fn fluid(text: impl Into<String>) -> Self {
        Self::Fluid(text.into())
    }
}
