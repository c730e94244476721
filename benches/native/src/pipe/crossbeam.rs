//! `crossbeam-channel`: bounded, blocking; it spins a little before it sleeps.

use super::{Pipe, Receiver, Sender};
use crate::{harness::fail, message::Meter};
use crossbeam_channel as channel;
use neuronbus_spike::Spike;

/// Item by item.
pub struct CrossbeamPipe;

impl Pipe for CrossbeamPipe {
    type Sender = channel::Sender<Spike>;
    type Receiver = channel::Receiver<Spike>;
    const NAME: &'static str = "crossbeam-channel";

    fn open(slots: usize) -> (Self::Sender, Self::Receiver) {
        channel::bounded(slots)
    }
}

impl Sender for channel::Sender<Spike> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        if let Err(error) = channel::Sender::send(self, *spike) {
            fail("crossbeam-channel", error);
        }
    }
}

impl Receiver for channel::Receiver<Spike> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        match self.recv() {
            Ok(spike) => meter.see_spike(&spike),
            Err(error) => fail("crossbeam-channel", error),
        }
    }
}
