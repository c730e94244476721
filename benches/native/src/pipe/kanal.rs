//! `kanal`: bounded, blocking; a queue behind a lock that parks early.

use super::{Pipe, Receiver, Sender};
use crate::{harness::fail, message::Meter};
use neuronbus_spike::Spike;

/// Item by item.
pub struct KanalPipe;

impl Pipe for KanalPipe {
    type Sender = kanal::Sender<Spike>;
    type Receiver = kanal::Receiver<Spike>;
    const NAME: &'static str = "kanal";

    fn open(slots: usize) -> (Self::Sender, Self::Receiver) {
        kanal::bounded(slots)
    }
}

impl Sender for kanal::Sender<Spike> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        if let Err(error) = kanal::Sender::send(self, *spike) {
            fail("kanal", error);
        }
    }
}

impl Receiver for kanal::Receiver<Spike> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        match self.recv() {
            Ok(spike) => meter.see_spike(&spike),
            Err(error) => fail("kanal", error),
        }
    }
}
