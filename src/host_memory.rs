//! What the system has left of its memory, asked before something is made that might not fit: to be
//! given memory says little on a system that promises more than it has.

use crate::error::{Error, Result};
use std::fs;

/// Bytes that may be had without swapping; None where the system does not say.
fn available() -> Option<u64> {
    let free = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available_of(&text))?;
    let group = fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    Some(group.map_or(free, |most: u64| free.min(most)))
}

/// MemAvailable, which stands there in KiB.
fn available_of(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Refuses a picture of `size` that takes more than there is.
pub(crate) fn check_room(size: [u32; 2], bytes: u64) -> Result<()> {
    match available() {
        Some(room) if bytes > room => Err(Error::PictureTooLarge { size, bytes, room }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{available_of, check_room};

    #[test]
    fn what_is_left_is_read_and_more_is_refused() {
        assert_eq!(
            available_of("MemTotal: 9 kB\nMemAvailable:   2048 kB\nSwap: 1 kB\n"),
            Some(1 << 21)
        );
        assert_eq!(available_of("MemAvailable: many\n"), None);
        assert!(check_room([1, 1], 4).is_ok());
        if cfg!(target_os = "linux") {
            let message = check_room([60_000, 50_000], u64::MAX).unwrap_err().to_string();
            assert!(message.starts_with("a picture of 60000 x 50000 pixels takes"), "{message}");
        }
    }
}
