//! Ours.

use super::{BatchSender, Fan, Pipe, Receiver, Sender, Talk};
use crate::{
    harness::fail,
    message::{self, Meter},
};
use neuronbus_axon::{Axon, Cancel, Publisher, Reader, SpinHint, Wait, YieldThenPark};
use neuronbus_spike::Spike;
use neuronbus_sync::spin_loop;
use std::marker::PhantomData;

/// How an end waits.
pub trait Strategy: Wait + Default + Send + 'static {
    /// Name of the pipe in the results.
    const NAME: &'static str;
    /// Whether a reader sleeps in its waits.
    const PARKS: bool;
}

impl Strategy for SpinHint {
    const NAME: &'static str = "axon";
    const PARKS: bool = false;
}

impl Strategy for YieldThenPark {
    const NAME: &'static str = "axon-park";
    const PARKS: bool = true;
}

/// An axon whose ends wait by `W`.
pub struct AxonPipe<W>(PhantomData<W>);

/// The publisher.
pub struct AxonSender<W> {
    publisher: Publisher,
    wait: W,
    cancel: Cancel,
}

/// A reliable reader.
pub struct AxonReceiver<W> {
    reader: Reader,
    wait: W,
    cancel: Cancel,
}

impl<W: Strategy> Pipe for AxonPipe<W> {
    type Sender = AxonSender<W>;
    type Receiver = AxonReceiver<W>;
    const NAME: &'static str = W::NAME;

    fn open(slots: usize) -> (AxonSender<W>, AxonReceiver<W>) {
        let (publisher, axon) = ring(slots);
        (AxonSender::new(publisher), AxonReceiver::new(reader(&axon)))
    }
}

impl<W: Strategy> Fan for AxonPipe<W> {
    type Sender = AxonSender<W>;
    type Receiver = AxonReceiver<W>;
    const NAME: &'static str = W::NAME;

    fn open_fan(slots: usize, readers: usize) -> (AxonSender<W>, Vec<AxonReceiver<W>>) {
        let (publisher, axon) = ring(slots);
        (AxonSender::new(publisher), (0..readers).map(|_| AxonReceiver::new(reader(&axon))).collect())
    }
}

fn ring(slots: usize) -> (Publisher, Axon) {
    Axon::new(slots).unwrap_or_else(|error| fail("axon", error))
}

fn reader(axon: &Axon) -> Reader {
    axon.reader().unwrap_or_else(|error| fail("axon reader", error))
}

impl<W: Strategy> AxonSender<W> {
    fn new(publisher: Publisher) -> Self {
        Self { publisher, wait: W::default(), cancel: Cancel::never() }
    }
}

impl<W: Strategy> Sender for AxonSender<W> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        if let Err(error) = self.publisher.publish(spike, &mut self.wait, &self.cancel) {
            fail("axon publish", error);
        }
    }
}

impl<W: Strategy> BatchSender for AxonSender<W> {
    #[inline]
    fn send_batch(&mut self, first: u64, len: usize) {
        while !self.publisher.has_room(len as u64) {
            spin_loop();
        }
        for seq in first..first + len as u64 {
            if let Err(error) = self.publisher.stage(&message::spike(seq)) {
                fail("axon publish", error);
            }
        }
        self.publisher.commit();
    }
}

impl<W: Strategy> AxonReceiver<W> {
    fn new(mut reader: Reader) -> Self {
        if W::PARKS {
            reader.expect_to_park();
        }
        Self { reader, wait: W::default(), cancel: Cancel::never() }
    }
}

impl<W: Strategy> Receiver for AxonReceiver<W> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        match self.reader.wait_available(&mut self.wait, &self.cancel) {
            Ok(count) => take(&mut self.reader, count, meter),
            Err(stopped) => fail("axon read", stopped),
        }
    }
}

/// Reads `count` spikes in place, then gives them back together.
#[inline]
fn take(reader: &mut Reader, count: usize, meter: &mut Meter) {
    for index in 0..count {
        match reader.get(index) {
            Ok(Some(spike)) => meter.see_spike(&spike),
            found => fail("axon read", format!("{found:?}")),
        }
    }
    reader.release(count);
}

/// One side of a round trip that warms its next slot while it waits.
pub struct AxonWarmTalk {
    publisher: Publisher,
    reader: Reader,
}

impl AxonWarmTalk {
    /// Both sides.
    pub fn pair(slots: usize) -> (Self, Self) {
        let ((there, there_axon), (back, back_axon)) = (ring(slots), ring(slots));
        let near = Self { publisher: there, reader: reader(&back_axon) };
        (near, Self { publisher: back, reader: reader(&there_axon) })
    }
}

impl Talk for AxonWarmTalk {
    #[inline]
    fn say(&mut self, spike: &Spike) {
        if let Err(error) = self.publisher.try_publish(spike) {
            fail("axon publish", error);
        }
    }

    #[inline]
    fn hear(&mut self, meter: &mut Meter) {
        loop {
            match self.reader.available() {
                0 => self.publisher.warm(),
                count => return take(&mut self.reader, count, meter),
            }
            spin_loop();
        }
    }
}
