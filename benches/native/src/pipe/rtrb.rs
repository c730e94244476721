//! `rtrb`: a ring for two threads, items or chunks.

use super::{BatchSender, Pipe, Receiver, Sender};
use crate::{
    harness::fail,
    message::{self, Meter},
};
use neuronbus_spike::Spike;
use neuronbus_sync::spin_loop;
use rtrb::{Consumer, Producer, RingBuffer};

/// Sends item by item or by chunks; receives all that is there as one chunk, read in place.
pub struct RtrbPipe;

impl Pipe for RtrbPipe {
    type Sender = Producer<Spike>;
    type Receiver = Consumer<Spike>;
    const NAME: &'static str = "rtrb";

    fn open(slots: usize) -> (Self::Sender, Self::Receiver) {
        RingBuffer::new(slots)
    }
}

impl Sender for Producer<Spike> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        while self.push(*spike).is_err() {
            spin_loop();
        }
    }
}

impl BatchSender for Producer<Spike> {
    #[inline]
    fn send_batch(&mut self, first: u64, len: usize) {
        let chunk = loop {
            // Two borrows: the one of a chunk that was found must outlive the loop.
            if self.cached_slots() >= len || self.slots() >= len {
                break self.write_chunk_uninit(len);
            }
            spin_loop();
        };
        let spikes = (first..first + len as u64).map(message::spike);
        match chunk.map(|chunk| chunk.fill_from_iter(spikes)) {
            Ok(sent) if sent == len => {}
            found => fail("rtrb chunk", format!("{found:?}")),
        }
    }
}

impl Receiver for Consumer<Spike> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        let there = loop {
            match self.slots() {
                0 => spin_loop(),
                there => break there,
            }
        };
        let Ok(chunk) = self.read_chunk(there) else { fail("rtrb chunk", "fewer than it said") };
        let (one, two) = chunk.as_slices();
        one.iter().chain(two).for_each(|spike| meter.see_spike(spike));
        chunk.commit_all();
    }
}
