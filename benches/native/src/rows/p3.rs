//! P3: there and back between two threads; also against two lines without any ring.

use super::SLOTS;
use crate::{
    harness::{Aim, Bench, Contender, Lines, Sample, Unit, Verdict, fail, pin},
    message::{self, Meter},
    pipe::{
        ArrayQueuePipe, AxonWarmTalk, Both, BusySpin, CrossbeamPipe, DisruptorPipe, KanalPipe, Pipe, RtrbPipe,
        SpinLoopHint, Talk,
    },
};
use std::{marker::PhantomData, thread};

/// At most 0.75 of the best peer's time is at least 1/0.75 times as good.
const PEERS: Aim =
    Aim::Ratio(1.0 / 0.75, &["rtrb", "disruptor", "disruptor-hint", "crossbeam-queue", "crossbeam-channel", "kanal"]);
/// At most 1.35 times the bare time.
const BARE: Aim = Aim::Ratio(1.0 / 1.35, &["bare"]);

pub(super) fn bench() -> Bench {
    Bench {
        verdicts: vec![
            Verdict { id: "P3", what: "round trip of 64 B between two threads", aim: PEERS },
            Verdict { id: "P3-bare", what: "the same against a bare two-line ping-pong", aim: BARE },
        ],
        unit: Unit::Ns,
        topology: format!("2 threads, pinned to cores 0 and 1, two rings of {SLOTS} slots"),
        contenders: vec![
            Box::new(RoundTrip { name: "axon", pair: AxonWarmTalk::pair, kind: PhantomData::<AxonWarmTalk> }),
            talk::<RtrbPipe>(),
            talk::<DisruptorPipe<BusySpin>>(),
            talk::<DisruptorPipe<SpinLoopHint>>(),
            talk::<ArrayQueuePipe>(),
            talk::<CrossbeamPipe>(),
            talk::<KanalPipe>(),
            Box::new(Bare),
        ],
    }
}

fn talk<P: Pipe + 'static>() -> Box<dyn Contender> {
    Box::new(RoundTrip { name: P::NAME, pair: both::<P>, kind: PhantomData::<Both<P::Sender, P::Receiver>> })
}

type Ends<P> = Both<<P as Pipe>::Sender, <P as Pipe>::Receiver>;

fn both<P: Pipe>(slots: usize) -> (Ends<P>, Ends<P>) {
    let ((there, there_end), (back, back_end)) = (P::open(slots), P::open(slots));
    (Both(there, back_end), Both(back, there_end))
}

struct RoundTrip<T> {
    name: &'static str,
    pair: fn(usize) -> (T, T),
    kind: PhantomData<T>,
}

impl<T: Talk + 'static> Contender for RoundTrip<T> {
    fn name(&self) -> &str {
        self.name
    }

    fn run(&mut self, count: u64) -> Sample {
        let (asks, answers) = (self.pair)(SLOTS);
        let (near, far) = (pin(0), pin(1));
        thread::scope(|scope| {
            scope.spawn(move || {
                far();
                answer(answers, count);
            });
            let timed = scope.spawn(move || {
                near();
                ask(asks, count)
            });
            timed.join().unwrap_or_else(|_| fail(self.name, "the asking thread panicked"))
        })
    }
}

fn ask(mut talk: impl Talk, count: u64) -> Sample {
    let mut meter = Meter::new(count);
    while !meter.is_over() {
        say(&mut talk, meter.seen());
        talk.hear(&mut meter);
    }
    meter.finish().unwrap_or_else(|fault| fail("verification", fault))
}

fn answer(mut talk: impl Talk, count: u64) {
    let mut meter = Meter::new(count);
    while !meter.is_over() {
        let seq = meter.seen();
        talk.hear(&mut meter);
        say(&mut talk, seq);
    }
    if let Err(fault) = meter.finish() {
        fail("verification", fault);
    }
}

fn say(talk: &mut impl Talk, seq: u64) {
    talk.say(&message::spike(seq));
}

struct Bare;

impl Contender for Bare {
    fn name(&self) -> &'static str {
        "bare"
    }

    fn run(&mut self, count: u64) -> Sample {
        Lines::ping_pong(count)
    }
}
