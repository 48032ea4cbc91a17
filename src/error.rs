//! One error for the whole crate. Every message says what was expected, what was got and the cure.

use std::borrow::Cow;
use std::path::PathBuf;

/// Letters of a caller's text that a message shows.
const MOST_SHOWN: usize = 60;

/// What went wrong, in the terms of a caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value that a caller passed is not acceptable.
    #[error("{0}")]
    InvalidInput(String),

    /// No Vulkan device fits; the text lists each device found and why it was refused.
    #[error("{0}")]
    NoDevice(String),

    /// The device stopped answering. The object that used it is dead; a new one may work.
    #[error(
        "the Vulkan device was lost in {call} (VK_ERROR_DEVICE_LOST); expected the work to finish; \
         create a new Renderer, and check the system log for a driver reset or a time-out"
    )]
    DeviceLost {
        /// The Vulkan call that reported it.
        call: &'static str,
    },

    /// Host or device memory ran out.
    #[error(
        "out of memory: expected {bytes} bytes for {purpose}, got {detail}; \
         use a smaller size or DEM, or a device with more memory"
    )]
    OutOfMemory {
        /// What the memory was for.
        purpose: String,
        /// Bytes asked for.
        bytes: u64,
        /// The refusal, in the words of whoever refused.
        detail: String,
    },

    /// A picture takes more memory than there is.
    #[error(
        "a picture of {} x {} pixels takes {bytes} bytes; expected that much memory, got {room} bytes that are free; pass a \
         smaller size, or draw it strip by strip into a file with vulkan_forge.poster(dem, path, size)",
        size[0], size[1]
    )]
    PictureTooLarge {
        /// Width and height in pixels.
        size: [u32; 2],
        /// What it takes.
        bytes: u64,
        /// What there is.
        room: u64,
    },

    /// An image file could not be read or written.
    #[error("{}: {message}", path.display())]
    ImageFile {
        /// The file.
        path: PathBuf,
        /// What was expected, what was got, the cure.
        message: String,
    },

    /// An object made in another process was used after `fork`.
    #[error(
        "{object} belongs to process {owner} but is used in its forked child {user}; expected an object made \
         in this process; create it anew in the child, or start workers with multiprocessing \"spawn\""
    )]
    ForkedProcess {
        /// The object's type.
        object: &'static str,
        /// Process that made it.
        owner: u32,
        /// Process that used it.
        user: u32,
    },

    /// A Vulkan call failed in a way that none of the above names.
    #[error(
        "{call} failed with {result} (VkResult {code}); please report this with the output of report_environment()"
    )]
    Vulkan {
        /// The Vulkan call.
        call: &'static str,
        /// Name of the result.
        result: String,
        /// Its number.
        code: i32,
    },

    /// A window cannot be shown in.
    #[error("{0}")]
    Window(String),

    /// The window is no longer there.
    #[error(
        "the window is gone ({call} reports VK_ERROR_SURFACE_LOST_KHR); expected it to be open while pictures are shown in it; close \
         this one, and make a new one once there is a display"
    )]
    WindowLost {
        /// The Vulkan call that reported it.
        call: &'static str,
    },

    /// What gives a DEM's heights has failed: its own error, as the caller's language has it.
    #[error("{0}")]
    Source(Box<dyn std::error::Error + Send + Sync>),

    /// The caller's interrupt check asked to stop (Ctrl-C in Python).
    #[error("interrupted")]
    Interrupted,

    /// A promise of our own was broken.
    #[error("internal error: {0}; please report it")]
    Internal(String),
}

/// `std::result::Result` with this crate's [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// `InvalidInput` from anything that makes a string.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidInput(message.into())
    }

    /// `InvalidInput` for an argument that is none of its words.
    pub fn none_of(argument: &str, got: &str, words: &[&str]) -> Self {
        let listed: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
        Self::invalid(format!(
            "{argument} must be one of {}; got {:?}; pass e.g. {}",
            listed.join(", "),
            cut_short(got),
            listed.first().map_or("", String::as_str)
        ))
    }
}

/// The beginning of a caller's text, for a message; "..." tells that there is more.
pub fn cut_short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]).into(),
        None => text.into(),
    }
}

/// An empty vector with room for exactly `len` items, or [`Error::OutOfMemory`] that names
/// `purpose`.
pub fn try_vec<T>(len: usize, purpose: &str) -> Result<Vec<T>> {
    let mut items = Vec::new();
    items.try_reserve_exact(len).map_err(|refusal| Error::OutOfMemory {
        purpose: purpose.into(),
        bytes: (len as u64).saturating_mul(size_of::<T>() as u64),
        detail: refusal.to_string(),
    })?;
    Ok(items)
}

/// `len` zeros, of which no page is there before it is written; or the error that names `purpose`.
pub fn try_zeros<T: bytemuck::Zeroable>(len: usize, purpose: &str) -> Result<Vec<T>> {
    bytemuck::allocation::try_zeroed_vec(len).map_err(|()| Error::OutOfMemory {
        purpose: purpose.into(),
        bytes: (len as u64).saturating_mul(size_of::<T>() as u64),
        detail: "the allocator has none to give".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::{MOST_SHOWN, cut_short};

    #[test]
    fn long_texts_are_cut_and_it_is_told() {
        let [short, long] = [0, 1].map(|more| "é".repeat(MOST_SHOWN + more));
        assert_eq!(cut_short(&short), short);
        assert_eq!(cut_short(&long), format!("{short}..."));
    }
}
