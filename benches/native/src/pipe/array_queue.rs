//! `crossbeam-queue`: a queue for many threads, without waits.

use super::{Pipe, Receiver, Sender};
use crate::message::Meter;
use crossbeam_queue::ArrayQueue;
use neuronbus_spike::Spike;
use neuronbus_sync::{Arc, spin_loop};

/// Item by item.
pub struct ArrayQueuePipe;

impl Pipe for ArrayQueuePipe {
    type Sender = Arc<ArrayQueue<Spike>>;
    type Receiver = Arc<ArrayQueue<Spike>>;
    const NAME: &'static str = "crossbeam-queue";

    fn open(slots: usize) -> (Self::Sender, Self::Receiver) {
        let queue = Arc::new(ArrayQueue::new(slots));
        (Arc::clone(&queue), queue)
    }
}

impl Sender for Arc<ArrayQueue<Spike>> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        while self.push(*spike).is_err() {
            spin_loop();
        }
    }
}

impl Receiver for Arc<ArrayQueue<Spike>> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        loop {
            if let Some(spike) = self.pop() {
                return meter.see_spike(&spike);
            }
            spin_loop();
        }
    }
}
