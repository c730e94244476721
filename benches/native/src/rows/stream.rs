//! Streams: one sender, some receivers, `count` verified messages.

use crate::{
    harness::{Contender, Sample, fail, pin},
    message::{self, Meter},
    pipe::{BatchSender, Pipe, Receiver, Sender},
};
use std::{marker::PhantomData, thread};

/// One pipe between two pinned threads, one message at a time.
pub struct Single<P>(PhantomData<P>);

/// The same in batches.
pub struct Batched<P>(PhantomData<P>);

/// Messages of a batch.
pub const BATCH: usize = 64;

impl<P: Pipe + 'static> Single<P> {
    /// As a contender.
    pub fn contender(slots: usize) -> Box<dyn Contender> {
        Box::new(Stream::<P> { slots, send: send_each, name: P::NAME })
    }
}

impl<P: Pipe + 'static> Batched<P>
where
    P::Sender: BatchSender,
{
    /// As a contender.
    pub fn contender(slots: usize) -> Box<dyn Contender> {
        Box::new(Stream::<P> { slots, send: send_batches, name: P::NAME })
    }
}

struct Stream<P: Pipe> {
    slots: usize,
    /// A plain function, so that the loop is compiled with the pipe in it.
    send: fn(P::Sender, u64),
    name: &'static str,
}

impl<P: Pipe> Contender for Stream<P> {
    fn name(&self) -> &str {
        self.name
    }

    fn run(&mut self, count: u64) -> Sample {
        let count = count.next_multiple_of(BATCH as u64);
        let (sender, receiver) = P::open(self.slots);
        let (near, far, send) = (pin(0), pin(1), self.send);
        thread::scope(|scope| {
            let timed = scope.spawn(move || {
                far();
                receive_all(receiver, count)
            });
            scope.spawn(move || {
                near();
                send(sender, count);
            });
            timed.join().unwrap_or_else(|_| fail(P::NAME, "the receiver panicked"))
        })
    }
}

/// Sends messages 0 to `count`.
pub fn send_each<S: Sender>(mut sender: S, count: u64) {
    for seq in 0..count {
        sender.send(&message::spike(seq));
    }
}

fn send_batches<S: BatchSender>(mut sender: S, count: u64) {
    (0..count).step_by(BATCH).for_each(|first| sender.send_batch(first, BATCH));
}

/// Receives messages 0 to `count`.
pub fn receive_all<R: Receiver>(mut receiver: R, count: u64) -> Sample {
    let mut meter = Meter::new(count);
    while !meter.is_over() {
        receiver.receive(&mut meter);
    }
    meter.finish().unwrap_or_else(|fault| fail("verification", fault))
}
