//! Where the memory comes from: a sealed `memfd`, private memory where there is none, or a file that did not exist
//! before.

use crate::map::Map;
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Memory of all zeros without a file. Pages come when they are first touched.
pub(crate) fn anonymous(bytes: u64) -> io::Result<Map> {
    let bytes = length(bytes)?;
    // Miri maps private memory alone.
    #[cfg(all(target_os = "linux", not(miri)))]
    if let Ok(file) = sealed(bytes as u64) {
        return Map::shared(&file, bytes);
    }
    Map::private(bytes)
}

/// A new file of all zeros. Its pages are allocated at once, so that a full disk is an error here and not a SIGBUS
/// later. A file that exists is refused and left as it is: it may be somebody's live arena.
pub(crate) fn create(path: &Path, bytes: u64) -> io::Result<Map> {
    let len = length(bytes)?;
    let file = File::options().read(true).write(true).create_new(true).open(path)?;
    allocate(&file, bytes).and_then(|()| Map::shared(&file, len)).inspect_err(|_| {
        // The file is ours and useless; that it cannot be removed adds nothing to the error at hand.
        drop(fs::remove_file(path));
    })
}

fn length(bytes: u64) -> io::Result<usize> {
    usize::try_from(bytes).map_err(|_| io::ErrorKind::OutOfMemory.into())
}

#[cfg(all(target_os = "linux", not(miri)))]
fn sealed(bytes: u64) -> io::Result<File> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
    let file = memfd_create("neuronbus-arena", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&file, bytes)?;
    // Nobody who gets the descriptor can cut the memory off under a reader.
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
    Ok(file.into())
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::{
        fs::{FallocateFlags, fallocate},
        io::Errno,
    };
    file.set_len(bytes)?;
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => fill(file, bytes),
        done => done.map_err(Into::into),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    fill(file, bytes)
}

/// Allocates by writing zeros, for file systems that know no other way.
fn fill(file: &File, bytes: u64) -> io::Result<()> {
    use std::io::Read;
    io::copy(&mut io::repeat(0).take(bytes), &mut &*file).map(drop)
}
