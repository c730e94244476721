//! NB-21 to NB-23: the file, read byte by byte by somebody else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_for_each)]

use neuronbus_arena::{Arena, ArenaError, layout};
use std::fs;

const CAPACITY: u64 = 1 << 16;

fn u64_at(file: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(file[at..at + 8].try_into().unwrap())
}

fn u32_at(file: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(file[at..at + 4].try_into().unwrap())
}

#[test]
#[cfg_attr(miri, ignore = "Miri maps no files")]
fn nb_21_nb_22_nb_23_hexdump_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    let arena = Arena::file(&path, CAPACITY).unwrap();
    let (three, two) = (arena.write(&[1, 2, 3]).unwrap(), arena.write(&[4, 5]).unwrap());
    arena.add_ref(two).unwrap();
    let file = fs::read(&path).unwrap();
    assert_eq!(file.len() as u64, 262_176 + CAPACITY);
    assert_eq!([u64_at(&file, 0), u64_at(&file, 8), u64_at(&file, 16)], [16, CAPACITY, 0]);
    assert_eq!([u32_at(&file, 24), u32_at(&file, 28)], [2, 0]);
    assert_eq!(u32_at(&file, 32 + 4 * usize::from(three.slot())), 1);
    assert_eq!(u32_at(&file, 32 + 4 * usize::from(two.slot())), 2);
    assert_eq!(file[262_176..262_176 + 10], [1, 2, 3, 0, 0, 0, 0, 0, 4, 5]);
    arena.release(three).unwrap();
    arena.reset().unwrap();
    let file = fs::read(&path).unwrap();
    assert_eq!([u64_at(&file, 0), u64_at(&file, 8), u64_at(&file, 16)], [0, CAPACITY, 1]);
    assert_eq!(u32_at(&file, 24), 2);
    assert_eq!(u32_at(&file, 32 + 4 * usize::from(two.slot())) & 0xFFFF, 0);
}

#[test]
#[cfg_attr(miri, ignore = "Miri maps no files")]
fn defect_3_a_file_that_exists_is_never_touched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    let live = Arena::file(&path, CAPACITY).unwrap();
    let at = live.write(b"alive").unwrap();
    assert!(matches!(Arena::file(&path, 2 * CAPACITY), Err(ArenaError::Io { path: found, .. }) if found == path));
    assert_eq!(&*live.read(at).unwrap(), b"alive");
    assert_eq!(fs::metadata(&path).unwrap().len(), layout::file_bytes(CAPACITY));

    let foreign = dir.path().join("letter");
    fs::write(&foreign, b"dear").unwrap();
    assert_eq!(Arena::file(&foreign, CAPACITY).unwrap_err().code(), "E_IO");
    assert_eq!(fs::read(&foreign).unwrap(), b"dear");
}

#[test]
#[cfg_attr(miri, ignore = "Miri maps no files")]
fn a_failed_creation_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    fs::write(dir.path().join("arena.meta"), b"mine").unwrap();
    assert!(Arena::file(&path, CAPACITY).is_err());
    assert!(!path.exists());
    assert_eq!(fs::read(dir.path().join("arena.meta")).unwrap(), b"mine");
}

#[test]
#[cfg_attr(miri, ignore = "Miri maps no files")]
#[cfg(target_os = "linux")]
fn nb_28_a_full_file_system_is_an_error_and_not_a_signal() {
    // No test machine has 64 GiB of shared memory to spare; where one has, there is nothing to see.
    let Ok(dir) = tempfile::tempdir_in("/dev/shm") else { return };
    let path = dir.path().join("arena");
    match Arena::file(&path, layout::MAX_CAPACITY) {
        Err(error) => assert_eq!((error.code(), path.exists()), ("E_IO", false)),
        Ok(arena) => assert_eq!(arena.capacity(), layout::MAX_CAPACITY),
    }
}

#[test]
#[cfg_attr(miri, ignore = "Miri maps no files")]
#[cfg(target_os = "linux")]
fn nb_21_pages_of_a_file_are_allocated_at_once() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("arena");
    let _arena = Arena::file(&path, CAPACITY).unwrap();
    assert!(fs::metadata(&path).unwrap().blocks() * 512 >= layout::file_bytes(CAPACITY));
}
