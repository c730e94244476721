//! Memory: bounds, alignment, widths, foreign owners, and hostile contents.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, unsafe_code, clippy::disallowed_types)]

mod common;

use common::{number, spike};
use neuronbus_axon::{Axon, AxonError, LossyError, ReadError, Region, layout};
use neuronbus_spike::SpikeError;
use neuronbus_sync::{Arc, AtomicU64, Ordering};
use std::ptr::NonNull;

#[test]
fn a_region_is_zeroed_aligned_and_bounded() {
    let region = Region::zeroed(4096).unwrap();
    assert_eq!((region.len(), region.is_empty(), region.as_ptr().addr() % 128), (4096, false, 0));
    assert!(region.words().iter().all(|word| word.load(Ordering::Relaxed) == 0));
    assert_eq!(region.words().len(), 512);
    let beyond = |offset, bytes| Err(AxonError::OutOfRegion { offset, bytes, available: 4096 });
    assert_eq!(region.slice(4096, 64).map(|_| ()), beyond(4096, 64));
    assert_eq!(region.slice(usize::MAX, 2).map(|_| ()), beyond(usize::MAX, 2));
    assert_eq!(region.u16s(4090, 4).map(|_| ()), beyond(4090, 8));
    assert_eq!(region.u64s(0, usize::MAX).map(|_| ()), beyond(0, usize::MAX));
    for (error, align) in [
        (region.slice(32, 64).map(|_| ()), 64),
        (region.u16s(1, 1).map(|_| ()), 2),
        (region.u32s(2, 1).map(|_| ()), 4),
        (region.u64s(4, 1).map(|_| ()), 8),
    ] {
        assert!(matches!(error, Err(AxonError::Misaligned { align: wanted, .. }) if wanted == align), "{error:?}");
    }
    assert!(matches!(Region::zeroed(usize::MAX / 2), Err(AxonError::OutOfMemory { .. })));
    assert!(Region::zeroed(0).unwrap().is_empty());
}

#[test]
#[cfg_attr(miri, ignore = "asks the kernel for the memory of the process")]
fn untouched_pages_cost_nothing() {
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
    };
    let before = resident();
    let rings: Vec<_> = (0..64).map(|_| Axon::new(1 << 16).unwrap()).collect();
    assert!(resident() - before < 64 << 20, "{} of {} bytes", resident() - before, rings.len() << 22);
}

#[test]
fn columns_see_the_same_little_endian_bytes() {
    let region = Region::zeroed(256).unwrap();
    let part = region.slice(64, 64).unwrap();
    region.u16s(64, 4).unwrap()[1].store(0x0102, Ordering::Relaxed);
    assert_eq!(part.u16s(2, 1).unwrap()[0].load(Ordering::Relaxed), 0x0102);
    region.u32s(72, 2).unwrap()[1].store(7, Ordering::Relaxed);
    assert_eq!(part.u64s(8, 1).unwrap()[0].load(Ordering::Relaxed), 7 << 32);
    drop(region);
    assert_eq!(part.words().len(), 8);
}

/// Words that may change behind a shared reference, as memory under a region does.
#[repr(C, align(64))]
struct Memory([AtomicU64; MEMORY_WORDS]);
const MEMORY_WORDS: usize = layout::ring_bytes(4) / 8 + 8;

#[test]
fn a_ring_lives_in_foreign_memory_and_its_owner_lives_as_long() {
    let owner: Arc<Memory> = Arc::new(Memory([const { AtomicU64::new(0) }; MEMORY_WORDS]));
    let start = NonNull::from(&*owner).cast::<u8>();
    let keep = Arc::clone(&owner);
    // SAFETY: the owner is the memory, and nothing else touches it while the region lives.
    let region = unsafe { Region::foreign(start, size_of::<Memory>(), keep) }.unwrap();
    // SAFETY: refused for its alignment, so nothing is ever accessed.
    let odd = unsafe { Region::foreign(start.add(8), 64, Arc::clone(&owner) as _) };
    assert!(matches!(odd, Err(AxonError::Misaligned { align: 64, .. })));
    let axon = Axon::over(region, 4).unwrap();
    let (mut publisher, mut reader) = (axon.publisher().unwrap(), axon.reader().unwrap());
    drop((axon, odd));
    (0..4).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), 0);
    assert!(Arc::strong_count(&owner) > 1);
    drop((publisher, reader));
    assert_eq!(Arc::strong_count(&owner), 1);
    assert_eq!(owner.0[0].load(Ordering::Relaxed), 4);
}

#[test]
fn a_frame_that_is_no_spike_is_told_and_skipped() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    let (mut reader, mut lossy) = (axon.reader().unwrap(), axon.lossy_reader());
    (0..3).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    let tag = &axon.region().words()[layout::SLOTS / 8 + 2];
    tag.store(3, Ordering::Relaxed);
    let error = SpikeError::UnknownKind { found: 3 };
    assert_eq!((reader.available(), reader.get(0), reader.words(0).unwrap()[2]), (3, Err(error), 3));
    assert_eq!(reader.read_batch(1).iter().next(), Some(Err(error)));
    assert_eq!(lossy.try_read_next(), Err(LossyError::Malformed(error)));
    assert_eq!(ReadError::from(error).code(), "E_OUT_OF_RANGE");
    assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), Some(1));
    assert_eq!(lossy.try_read_next().unwrap().as_ref().map(number), Some(1));
    tag.store(0, Ordering::Relaxed);
}

/// Few for Miri, which interprets.
const TRIES: usize = if cfg!(miri) { 1 } else { 20 };

#[test]
fn hostile_cursors_cause_neither_panic_nor_overrun() {
    for commit in [0, 1, 7, 1 << 32, u64::MAX / 2, u64::MAX / 2 + 9, u64::MAX - 1, u64::MAX] {
        for intent in [0, 3, 1 << 40, u64::MAX] {
            let (mut publisher, axon) = Axon::new(8).unwrap();
            let (mut reader, mut lossy) = (axon.reader().unwrap(), axon.lossy_reader());
            (0..5).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
            assert!(reader.try_read_next().is_ok() && lossy.try_read_next().is_ok());
            let words = axon.region().words();
            words[layout::COMMIT / 8].store(commit, Ordering::Relaxed);
            words[layout::INTENT / 8].store(intent, Ordering::Relaxed);
            words[layout::GATE_BITMAP / 8].store(u64::MAX, Ordering::Relaxed);
            words[layout::WAITERS / 8].store(u64::MAX, Ordering::Relaxed);
            for _ in 0..TRIES {
                assert!(reader.poll() <= 8);
                let (_, _) = (reader.try_read_next(), lossy.try_read_next());
                let (_, _) = (reader.read_batch(3).iter().count(), lossy.read_batch(3).iter().count());
                assert!(lossy.read_batch(9).len() <= 9);
                let _ = publisher.try_publish(&spike(0));
                publisher.warm();
                assert!(publisher.room() <= 8 && axon.reader().is_err());
                axon.gates_min(Some(3));
            }
            drop((reader, publisher));
            let _ = axon.publisher().map(|mut publisher| publisher.publish_batch(&[spike(1); 8]));
        }
    }
}

#[test]
fn cursors_wrap() {
    for first in [u64::MAX - 3, u64::MAX / 2 - 3] {
        let region = Region::zeroed(layout::ring_bytes(4)).unwrap();
        region.words()[layout::COMMIT / 8].store(first, Ordering::Relaxed);
        region.words()[layout::INTENT / 8].store(first, Ordering::Relaxed);
        let axon = Axon::over(region, 4).unwrap();
        let (mut publisher, mut reader, mut lossy) =
            (axon.publisher().unwrap(), axon.reader().unwrap(), axon.lossy_reader());
        for seq in 0..40 {
            publisher.try_publish(&spike(seq)).unwrap();
            assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), Some(seq));
            assert_eq!(lossy.try_read_next().unwrap().as_ref().map(number), Some(seq));
        }
        (0..4).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
        assert!(publisher.try_publish(&spike(4)).is_err());
    }
}
