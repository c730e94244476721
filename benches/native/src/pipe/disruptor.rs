//! `disruptor`: a ring with one producer and any number of consumers, each of which sees everything.
//!
//! Its event pollers are used, so that the threads are pinned and timed like those of everybody else.

use super::{BatchSender, Fan, Pipe, Receiver, Sender};
use crate::{
    harness::fail,
    message::{self, Meter},
};
use disruptor::{
    EventPoller, MultiConsumerBarrier, Polling, Producer, SingleConsumerBarrier, SingleProducer, SingleProducerBarrier,
    build_single_producer,
};
use neuronbus_spike::Spike;
use neuronbus_sync::{spin_loop, yield_now};
use std::marker::PhantomData;

/// What an end does when there is nothing for it to do.
pub trait Idle: Send + 'static {
    /// Name of the pipe in the results.
    const NAME: &'static str;
    /// Does it once.
    fn idle();
}

/// Its `BusySpin`: nothing. For threads that have a core each.
pub struct BusySpin;

impl Idle for BusySpin {
    const NAME: &'static str = "disruptor";

    #[inline]
    fn idle() {}
}

/// Its `BusySpinWithSpinLoopHint`: the processor's pause instruction.
pub struct SpinLoopHint;

impl Idle for SpinLoopHint {
    const NAME: &'static str = "disruptor-hint";

    #[inline]
    fn idle() {
        spin_loop();
    }
}

/// Gives way: what its users have to write themselves when there are more threads than cores.
pub struct Yield;

impl Idle for Yield {
    const NAME: &'static str = "disruptor-yield";

    #[inline]
    fn idle() {
        yield_now();
    }
}

/// A disruptor whose ends wait by `I`. One consumer gets the cheaper barrier that the crate has for it.
pub struct DisruptorPipe<I>(PhantomData<I>);

/// The producer, of type `P`.
pub struct DisruptorSender<P, I>(P, PhantomData<I>);

/// One consumer.
pub struct DisruptorReceiver<I>(EventPoller<Spike, SingleProducerBarrier>, PhantomData<I>);

impl<I: Idle> Pipe for DisruptorPipe<I> {
    type Sender = DisruptorSender<SingleProducer<Spike, SingleConsumerBarrier>, I>;
    type Receiver = DisruptorReceiver<I>;
    const NAME: &'static str = I::NAME;

    fn open(slots: usize) -> (Self::Sender, Self::Receiver) {
        let (poller, builder) = build_single_producer(slots, blank, disruptor::BusySpin).new_event_poller();
        (DisruptorSender(builder.build(), PhantomData), DisruptorReceiver(poller, PhantomData))
    }
}

impl<I: Idle> Fan for DisruptorPipe<I> {
    type Sender = DisruptorSender<SingleProducer<Spike, MultiConsumerBarrier>, I>;
    type Receiver = DisruptorReceiver<I>;
    const NAME: &'static str = I::NAME;

    fn open_fan(slots: usize, readers: usize) -> (Self::Sender, Vec<Self::Receiver>) {
        let mut builder = build_single_producer(slots, blank, disruptor::BusySpin).with_multi_consumer();
        let mut receivers = Vec::new();
        for _ in 0..readers {
            let (poller, next) = builder.new_event_poller();
            receivers.push(DisruptorReceiver(poller, PhantomData));
            builder = next;
        }
        (DisruptorSender(builder.build(), PhantomData), receivers)
    }
}

fn blank() -> Spike {
    message::spike(0)
}

impl<P: Producer<Spike> + Send, I: Idle> Sender for DisruptorSender<P, I> {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        while self.0.try_publish(|slot| *slot = *spike).is_err() {
            I::idle();
        }
    }
}

impl<P: Producer<Spike> + Send, I: Idle> BatchSender for DisruptorSender<P, I> {
    #[inline]
    fn send_batch(&mut self, first: u64, len: usize) {
        let write = |(seq, slot): (u64, &mut Spike)| *slot = message::spike(seq);
        while self.0.try_batch_publish(len, |slots| (first..).zip(slots).for_each(write)).is_err() {
            I::idle();
        }
    }
}

impl<I: Idle> Receiver for DisruptorReceiver<I> {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        loop {
            match self.0.poll() {
                Ok(mut events) => return (&mut events).for_each(|spike| meter.see_spike(spike)),
                Err(Polling::NoEvents) => I::idle(),
                Err(Polling::Shutdown) => fail("disruptor", "shut down before all had come"),
            }
        }
    }
}
