//! What shaders became, kept for the next build: with other features, for tests, for lints or in
//! another profile cargo runs this script anew, and each time it would make the same of them.

use super::{Failure, entries};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

/// Where things made of the sources as they are belong, in cargo's target folder; None where the
/// versions of what makes them are not known, as in the build of a dependency. A shaderc that takes
/// another's place in one folder is not seen.
pub(crate) fn place(manifest: &Path, out: &Path) -> Result<Option<PathBuf>, Failure> {
    let mut hash = DefaultHasher::new();
    let Ok(versions) = fs::read(manifest.join("Cargo.lock")) else { return Ok(None) };
    versions.hash(&mut hash);
    env::var_os("SHADERC_LIB_DIR").hash(&mut hash);
    let mut waiting = vec![manifest.join("build"), manifest.join("shaders")];
    while let Some(path) = waiting.pop() {
        path.strip_prefix(manifest)?.hash(&mut hash);
        if path.is_dir() {
            waiting.extend(entries(&path)?);
        } else {
            fs::read(&path)?.hash(&mut hash);
        }
    }
    // OUT_DIR is target/PROFILE/build/PACKAGE/out.
    let target = out.ancestors().nth(4);
    Ok(target.map(|target| target.join("shaders").join(format!("{:016x}", hash.finish()))))
}

/// Puts what is kept into `out`; false where nothing is.
pub(crate) fn taken(kept: &Path, out: &Path) -> bool {
    kept.is_dir() && copied(kept, out).is_ok()
}

/// Keeps what lies in `out`, whole or not at all, in place of what was kept before.
pub(crate) fn keep(out: &Path, kept: &Path) -> io::Result<()> {
    let Some(folder) = kept.parent() else { return Ok(()) };
    let partial = folder.join(format!("partial-{}", process::id()));
    fs::create_dir_all(&partial)?;
    copied(out, &partial)?;
    for old in fs::read_dir(folder)? {
        let old = old?.path();
        if old != partial {
            fs::remove_dir_all(old)?;
        }
    }
    fs::rename(partial, kept)
}

fn copied(from: &Path, to: &Path) -> io::Result<()> {
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
