//! A file that appears whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file beside the one that is to be written, which takes its name at last; without that it goes.
pub(super) struct Draft {
    path: PathBuf,
    target: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Draft {
    /// For `path`, if a file may be there.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let target = writable_target(path)?;
        // Opened by hand, because tempfile's own files are private and the picture must follow the
        // umask.
        let make = || {
            let file = tempfile::Builder::new()
                .prefix(".vulkan_forge-")
                .suffix(".tmp")
                .make_in(folder_of(&target), |name| {
                    OpenOptions::new().write(true).create_new(true).open(name)
                })?;
            if let Ok(before) = fs::metadata(&target) {
                fs::set_permissions(file.path(), before.permissions())?;
            }
            Ok(file)
        };
        let file = make().map_err(|cause| unwritable(path, &cause))?;
        Ok(Self { path: path.to_owned(), target, file })
    }

    /// The error of a write that failed.
    pub(super) fn refused(&self, cause: &io::Error) -> Error {
        unwritable(&self.path, cause)
    }

    /// Gives the file its name.
    pub(super) fn keep(self) -> Result<()> {
        let Self { path, target, file } = self;
        let fail = |cause: io::Error| unwritable(&path, &cause);
        file.as_file().sync_all().map_err(fail)?;
        file.persist(&target).map_err(|refusal| fail(refusal.error))?;
        // The new name survives a power cut only with its folder; not every system lets a folder be
        // synced.
        if let Ok(folder) = File::open(folder_of(&target)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

fn unwritable(path: &Path, cause: &io::Error) -> Error {
    let message = format!(
        "expected to write the file, got: {cause}; check that the folder exists, may be written and has room"
    );
    Error::ImageFile { path: path.to_owned(), message }
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where a file for `path` must go: `path`, or what it links to. Refuses what exists and is no
/// regular file.
fn writable_target(path: &Path) -> Result<PathBuf> {
    let fail = |message: String| Err(Error::ImageFile { path: path.to_owned(), message });
    if path.file_name().is_none() {
        return fail(
            "expected the path of a file, got none; pass a name such as picture.png".into(),
        );
    }
    match fs::metadata(path) {
        Ok(about) if about.is_file() => {}
        Ok(about) => {
            let got = kind(&about);
            return fail(format!(
                "expected a regular file or a new name, got {got}; pass the path of a file, e.g. picture.png"
            ));
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            if path.is_symlink() {
                return fail(
                    "expected a regular file or a new name, got a symbolic link that leads nowhere; remove it".into(),
                );
            }
            return Ok(path.to_owned());
        }
        Err(cause) => {
            return fail(format!("expected a writable place, got: {cause}; check the path"));
        }
    }
    // A rename would replace what the system forbids to write.
    if let Err(cause) = OpenOptions::new().write(true).open(path) {
        return fail(format!(
            "expected a file that may be written, got: {cause}; check its permissions"
        ));
    }
    match fs::canonicalize(path) {
        Ok(target) => Ok(target),
        Err(cause) => fail(format!("expected a writable place, got: {cause}; check the path")),
    }
}

pub(super) fn kind(about: &fs::Metadata) -> &'static str {
    if about.is_dir() { "a directory" } else { "a device, pipe or socket" }
}
