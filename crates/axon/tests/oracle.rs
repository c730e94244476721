//! The ring against a naive model: a list of all that was published, and positions in it.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{number, spike};
use neuronbus_axon::{Axon, BatchError, LossyError, LossyReader, PublishError, Publisher, Reader, layout};
use proptest::prelude::*;

/// Few for Miri, which interprets.
const CASES: u32 = if cfg!(miri) { 2 } else { 512 };
const OPS: usize = if cfg!(miri) { 60 } else { 200 };

#[derive(Debug, Clone)]
enum Op {
    Publish,
    Stage,
    Commit,
    Discard,
    Batch(usize),
    Warm,
    NewPublisher,
    Attach,
    Clone(usize),
    Detach(usize),
    Read(usize),
    ReadBatch(usize, usize),
    AttachLossy,
    CloneLossy(usize),
    ReadLossy(usize),
    ReadLossyBatch(usize, usize),
    Close,
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        8 => Just(Op::Publish),
        3 => Just(Op::Stage),
        2 => Just(Op::Commit),
        1 => Just(Op::Discard),
        4 => (0..20_usize).prop_map(Op::Batch),
        2 => Just(Op::Warm),
        1 => Just(Op::NewPublisher),
        2 => Just(Op::Attach),
        1 => (0..8_usize).prop_map(Op::Clone),
        1 => (0..8_usize).prop_map(Op::Detach),
        8 => (0..8_usize).prop_map(Op::Read),
        4 => (0..8_usize, 0..20_usize).prop_map(|(reader, max)| Op::ReadBatch(reader, max)),
        1 => Just(Op::AttachLossy),
        1 => (0..8_usize).prop_map(Op::CloneLossy),
        6 => (0..8_usize).prop_map(Op::ReadLossy),
        3 => (0..8_usize, 0..20_usize).prop_map(|(reader, max)| Op::ReadLossyBatch(reader, max)),
        1 => Just(Op::Close),
    ];
    prop::collection::vec(op, 1..OPS)
}

/// The ring and what it should be. Spike number n is the n-th published.
struct World {
    axon: Axon,
    publisher: Option<Publisher>,
    slots: u64,
    published: u64,
    staged: u64,
    closed: bool,
    readers: Vec<(Reader, u64)>,
    lossy: Vec<(LossyReader, u64)>,
}

impl World {
    fn new(slots: usize) -> Self {
        let (publisher, axon) = Axon::new(slots).unwrap();
        Self {
            axon,
            publisher: Some(publisher),
            slots: slots as u64,
            published: 0,
            staged: 0,
            closed: false,
            readers: vec![],
            lossy: vec![],
        }
    }

    fn room(&self) -> u64 {
        let last = self.readers.iter().map(|(_, position)| *position).fold(self.published, u64::min);
        self.slots - (self.published + self.staged - last)
    }

    fn publisher(&mut self) -> &mut Publisher {
        self.publisher.as_mut().unwrap()
    }

    fn publish(&mut self, commit: bool) {
        let (next, room, closed) = (spike(self.published + self.staged), self.room(), self.closed);
        let publisher = self.publisher();
        let result = if commit { publisher.try_publish(&next) } else { publisher.stage(&next).map(drop) };
        match (closed, room) {
            (true, _) => assert_eq!(result, Err(PublishError::Closed)),
            (_, 0) => assert_eq!(result, Err(PublishError::Full)),
            _ => {
                assert_eq!(result, Ok(()));
                self.staged += 1;
                self.settle(commit);
            }
        }
    }

    fn settle(&mut self, commit: bool) {
        if commit {
            self.published += std::mem::take(&mut self.staged);
        }
    }

    fn batch(&mut self, len: usize) {
        let first = self.published + self.staged;
        let spikes: Vec<_> = (first..first + len as u64).map(spike).collect();
        let (room, slots, closed) = (self.room(), self.slots, self.closed);
        let result = self.publisher().publish_batch(&spikes);
        if len as u64 > slots {
            assert_eq!(result, Err(BatchError::TooLong { len, slots: slots as usize }));
        } else if closed {
            assert_eq!(result, Err(BatchError::Closed));
        } else if len as u64 > room {
            assert_eq!(result, Err(BatchError::Full { len, room: room as usize }));
        } else {
            self.staged += len as u64;
            self.settle(true);
        }
    }

    fn new_publisher(&mut self) {
        if !self.closed {
            self.publisher = None;
            self.publisher = Some(self.axon.publisher().unwrap());
            self.staged = 0;
        }
    }

    fn read_batch(&mut self, index: usize, max: usize) {
        let published = self.published;
        let Some((reader, position)) = pick(&mut self.readers, index) else { return };
        reader.poll();
        let batch = reader.read_batch(max);
        assert_eq!(batch.len() as u64, (published - *position).min(max as u64));
        for spike in &batch {
            assert_eq!(number(&spike.unwrap()), *position);
            *position += 1;
        }
    }

    fn read(&mut self, index: usize) {
        let published = self.published;
        let Some((reader, position)) = pick(&mut self.readers, index) else { return };
        let expected = (*position < published).then_some(*position);
        assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), expected);
        *position += u64::from(expected.is_some());
        assert_eq!(reader.read_pos(), *position);
    }

    /// Where the oldest spike is that the publisher is not allowed to overwrite yet, by what it has said in memory.
    fn oldest(&self) -> u64 {
        let intent = self.axon.region().words()[layout::INTENT / 8].load(neuronbus_sync::Ordering::Relaxed);
        assert!(intent >= self.published + self.staged && intent <= self.published + self.slots);
        intent.saturating_sub(self.slots)
    }

    fn read_lossy(&mut self, index: usize) {
        let (published, oldest) = (self.published, self.oldest());
        let Some((reader, position)) = pick(&mut self.lossy, index) else { return };
        let result = reader.try_read_next();
        if *position == published {
            assert_eq!(result, Ok(None));
        } else if *position < oldest {
            assert_eq!(result, Err(LossyError::Lagged(oldest - *position)));
            *position = oldest;
        } else {
            assert_eq!(result.unwrap().as_ref().map(number), Some(*position));
            *position += 1;
        }
        assert_eq!(reader.read_pos(), *position);
    }

    fn read_lossy_batch(&mut self, index: usize, max: usize) {
        let oldest = self.oldest();
        let Some((reader, position)) = pick(&mut self.lossy, index) else { return };
        let batch = reader.read_batch(max);
        assert!(batch.len() <= max && (batch.lagged() == 0 || *position + batch.lagged() == oldest));
        *position += batch.lagged();
        for spike in batch.iter() {
            assert_eq!(number(&spike.unwrap()), *position);
            *position += 1;
        }
        assert_eq!(reader.read_pos(), *position);
    }

    fn apply(&mut self, op: &Op) {
        let published = self.published;
        match *op {
            Op::Publish => self.publish(true),
            Op::Stage => self.publish(false),
            Op::Commit => {
                self.publisher().commit();
                self.settle(true);
            }
            Op::Discard => {
                self.publisher().discard();
                self.staged = 0;
            }
            Op::Batch(len) => self.batch(len),
            Op::Warm => self.publisher().warm(),
            Op::NewPublisher => self.new_publisher(),
            Op::Attach if self.readers.len() < 8 => self.readers.push((self.axon.reader().unwrap(), published)),
            Op::Clone(index) if self.readers.len() < 8 => {
                let clone = pick(&mut self.readers, index).map(|(reader, at)| (reader.try_clone().unwrap(), *at));
                self.readers.extend(clone);
            }
            Op::Detach(index) if !self.readers.is_empty() => drop(self.readers.remove(index % self.readers.len())),
            Op::Read(index) => self.read(index),
            Op::ReadBatch(index, max) => self.read_batch(index, max),
            Op::AttachLossy if self.lossy.len() < 8 => self.lossy.push((self.axon.lossy_reader(), published)),
            Op::CloneLossy(index) if self.lossy.len() < 8 => {
                let clone = pick(&mut self.lossy, index).map(|(reader, at)| (reader.clone(), *at));
                self.lossy.extend(clone);
            }
            Op::ReadLossy(index) => self.read_lossy(index),
            Op::ReadLossyBatch(index, max) => self.read_lossy_batch(index, max),
            Op::Close if published % 7 == 6 => {
                self.axon.close();
                self.closed = true;
            }
            _ => {}
        }
    }

    fn check(&mut self) {
        let (room, staged) = (self.room() as usize, self.staged as usize);
        assert_eq!((self.axon.published(), self.axon.is_closed()), (self.published, self.closed));
        assert_eq!((self.publisher().room(), self.publisher().staged()), (room, staged));
        let last = self.readers.iter().map(|(_, position)| *position).fold(self.published, u64::min);
        assert_eq!(self.axon.gates_min(None), last);
    }
}

fn pick<T>(list: &mut [T], index: usize) -> Option<&mut T> {
    let len = list.len().max(1);
    list.get_mut(index % len)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ring_does_what_the_list_does(slots in prop_oneof![Just(2), Just(4), Just(16)], ops in ops()) {
        let mut world = World::new(slots);
        for op in &ops {
            world.apply(op);
            world.check();
        }
    }

    #[test]
    fn without_looking_at_the_room_in_between(slots in prop_oneof![Just(2), Just(4), Just(16)], ops in ops()) {
        let mut world = World::new(slots);
        for op in &ops {
            world.apply(op);
        }
        world.check();
    }
}
