//! Every ring and channel in one shape, one file each: a sending end, and one or more receiving ends.
//!
//! Each peer is driven the way that its own documentation recommends and that is fastest here; where it can hand over all that is
//! there at once, it does. All methods are generic, so that each contender is compiled as if it were written out.

mod array_queue;
mod axon;
mod bare;
mod crossbeam;
mod disruptor;
mod kanal;
mod rtrb;

pub use array_queue::ArrayQueuePipe;
pub use axon::{AxonPipe, AxonWarmTalk};
pub use bare::BarePipe;
pub use crossbeam::CrossbeamPipe;
pub use disruptor::{BusySpin, DisruptorPipe, SpinLoopHint, Yield};
pub use kanal::KanalPipe;
pub use rtrb::RtrbPipe;

use crate::message::Meter;
use neuronbus_spike::Spike;

/// A kind of ring or channel.
pub trait Pipe {
    /// The sending end.
    type Sender: Sender + 'static;
    /// The receiving end.
    type Receiver: Receiver + 'static;
    /// Its name in the results.
    const NAME: &'static str;

    /// One with room for `slots` spikes.
    fn open(slots: usize) -> (Self::Sender, Self::Receiver);
}

/// A kind of ring of which every receiver sees every spike.
pub trait Fan {
    /// The sending end.
    type Sender: Sender + 'static;
    /// A receiving end.
    type Receiver: Receiver + 'static;
    /// Its name in the results.
    const NAME: &'static str;

    /// One with `readers` receivers.
    fn open_fan(slots: usize, readers: usize) -> (Self::Sender, Vec<Self::Receiver>);
}

/// The sending end.
pub trait Sender: Send {
    /// Sends one spike; waits for room.
    fn send(&mut self, spike: &Spike);
}

/// A sending end with a verb for batches.
pub trait BatchSender: Sender {
    /// Sends messages `first` to `first + len − 1`, visible together; waits for room.
    fn send_batch(&mut self, first: u64, len: usize);
}

/// The receiving end.
pub trait Receiver: Send {
    /// Waits for at least one spike and shows all that it takes to `meter`.
    fn receive(&mut self, meter: &mut Meter);
}

/// Two pipes between two threads, seen from one of them.
pub trait Talk: Send {
    /// Sends one spike.
    fn say(&mut self, spike: &Spike);
    /// Waits for the answer.
    fn hear(&mut self, meter: &mut Meter);
}

/// Both ends that a thread has of two pipes.
pub struct Both<S, R>(pub S, pub R);

impl<S: Sender, R: Receiver> Talk for Both<S, R> {
    #[inline]
    fn say(&mut self, spike: &Spike) {
        self.0.send(spike);
    }

    #[inline]
    fn hear(&mut self, meter: &mut Meter) {
        self.1.receive(meter);
    }
}
