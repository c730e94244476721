//! P8: ticks of a cortex whose neurons are native.
//!
//! The neurons form a circle; each has a synapse to the next and fires one spike along it before each timed tick. Thresholds are
//! out of reach, so that no membrane is ever refractory. The reference of the design took 4.1 ms for the tick of P8a.

use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, fail},
    message,
};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Body, Connection, Cortex, CortexConfig, NoPort, Registration};
use neuronbus_neuron::{AgentCard, Handle, Membrane, Neuron};
use neuronbus_spike::{NeuronId, Payload, RealClock, Spike, layout::INLINE_BYTES};
use neuronbus_sync::{Arc, AtomicU64, Ordering};
use std::{
    error::Error,
    time::{Duration, Instant},
};

/// Sizes of P8c.
const SIZES: [usize; 3] = [1_000, 10_000, 60_000];
/// More than all the spikes of a bench weigh.
const OUT_OF_REACH: f32 = 1e30;

pub(super) fn thousand() -> Bench {
    bench(
        Verdict { id: "P8a", what: "cortex tick, 1,000 neurons x 1 spike", aim: Aim::Figure(50.0) },
        Unit::Us,
        Box::new(Busy(Circle::new(SIZES[0]))),
    )
}

pub(super) fn idle() -> Bench {
    bench(
        Verdict { id: "P8b", what: "idle cortex tick, 60,000 neurons", aim: Aim::Figure(1.0) },
        Unit::Us,
        Box::new(Idle(Circle::new(SIZES[2]))),
    )
}

pub(super) fn flat() -> Bench {
    bench(
        Verdict {
            id: "P8c",
            what: "time per spike of a tick at 1,000, 10,000 and 60,000 neurons, worst over best",
            aim: Aim::Figure(1.5),
        },
        Unit::Factor,
        Box::new(Flat(SIZES.map(Circle::new))),
    )
}

fn bench(verdict: Verdict, unit: Unit, ours: Box<dyn Contender>) -> Bench {
    let topology = "1 thread, native neurons in a circle, 46-byte payloads, default learning, 16 slots".to_owned();
    Bench { verdicts: vec![verdict], unit, topology, contenders: vec![ours] }
}

/// Verifies what it gets: from its one sender, in order, once, intact.
struct Receiver {
    sender: u16,
    next: u32,
    seen: Arc<AtomicU64>,
}

impl Neuron for Receiver {
    fn on_spike(&mut self, spike: &Spike, _: &mut Handle<'_>) {
        let expected = payload(self.next);
        let intact = matches!(spike.payload(), Payload::Inline(found) if found == expected);
        if !intact || spike.sequence() != self.next || spike.source_raw() != self.sender {
            fail("verification", format!("neuron after {} got {spike:?} for {}", self.sender, self.next));
        }
        self.next = self.next.wrapping_add(1);
        // Relaxed: one thread.
        self.seen.fetch_add(1, Ordering::Relaxed);
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

#[inline]
fn payload(sequence: u32) -> [u8; INLINE_BYTES] {
    let mut bytes = [0; INLINE_BYTES];
    for (chunk, word) in bytes.chunks_mut(8).zip(message::words(sequence.into())) {
        chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
    }
    bytes
}

/// A cortex of neurons in a circle.
struct Circle {
    cortex: Cortex<NoPort>,
    ids: Vec<NeuronId>,
    turn: u32,
    seen: Arc<AtomicU64>,
}

impl Circle {
    fn new(neurons: usize) -> Self {
        Self::build(neurons).unwrap_or_else(|error| fail("cortex", error))
    }

    fn build(neurons: usize) -> Result<Self, Box<dyn Error>> {
        let config = CortexConfig { max_neurons: neurons, axon_slots: 16, ..CortexConfig::default() };
        let cortex = Cortex::new(config, Arc::new(RealClock::new()), Arena::anonymous(1 << 16)?)?;
        let mut circle = Self { cortex, ids: Vec::new(), turn: 0, seen: Arc::default() };
        for place in 0..neurons {
            let id = circle.register(place.checked_sub(1).unwrap_or(neurons - 1))?;
            circle.ids.push(id);
        }
        for place in 0..neurons {
            let post = circle.ids[(place + 1) % neurons];
            circle.cortex.connect(circle.ids[place], post, Connection::new())?;
        }
        Ok(circle)
    }

    fn register(&mut self, sender: usize) -> Result<NeuronId, Box<dyn Error>> {
        let receiver = Receiver { sender: sender as u16, next: 0, seen: Arc::clone(&self.seen) };
        Ok(self.cortex.register(Registration {
            card: AgentCard::builder(format!("after-{sender}")).build()?,
            membrane: Membrane { threshold: OUT_OF_REACH, ..Membrane::default() },
            body: Body::Native(Box::new(receiver)),
        })?)
    }

    /// Fires one spike each, then ticks. Only the tick is timed.
    fn tick(&mut self) -> Duration {
        let bytes = payload(self.turn);
        let neurons = self.ids.len();
        for place in 0..neurons {
            let post = self.ids[(place + 1) % neurons];
            match self.cortex.lend(self.ids[place], |handle| handle.fire_to(post, &bytes)) {
                Ok(Ok(())) => {}
                refused => fail("fire", format!("{refused:?}")),
            }
        }
        let begun = Instant::now();
        self.cortex.tick();
        let elapsed = begun.elapsed();
        self.turn = self.turn.wrapping_add(1);
        self.verify();
        elapsed
    }

    fn verify(&self) {
        let (counters, fired) = (self.cortex.counters(), u64::from(self.turn) * self.ids.len() as u64);
        // Relaxed: one thread.
        let seen = self.seen.load(Ordering::Relaxed);
        if seen != fired || counters.delivered != fired || !counters.balanced() {
            fail("verification", format!("{seen} of {fired} were seen: {counters:?}"));
        }
    }

    fn ticks(&mut self, count: u64) -> Sample {
        let elapsed = (0..count).map(|_| self.tick()).sum();
        Sample { count, elapsed }
    }
}

struct Busy(Circle);

impl Contender for Busy {
    fn name(&self) -> &'static str {
        "cortex"
    }

    fn run(&mut self, count: u64) -> Sample {
        self.0.ticks(count)
    }

    fn first_count(&self) -> u64 {
        8
    }
}

struct Idle(Circle);

impl Contender for Idle {
    fn name(&self) -> &'static str {
        "cortex"
    }

    fn run(&mut self, count: u64) -> Sample {
        let before = self.0.cortex.ticks();
        let begun = Instant::now();
        for _ in 0..count {
            std::hint::black_box(self.0.cortex.tick());
        }
        let elapsed = begun.elapsed();
        if self.0.cortex.ticks() != before + count {
            fail("verification", "ticks are missing");
        }
        Sample { count, elapsed }
    }
}

struct Flat([Circle; 3]);

impl Contender for Flat {
    fn name(&self) -> &'static str {
        "cortex"
    }

    /// About `count` spikes at the largest size.
    fn run(&mut self, count: u64) -> Sample {
        let largest = &mut self.0[2];
        let spikes = largest.ids.len() as u64;
        let sample = largest.ticks(count.div_ceil(spikes));
        Sample { count: sample.count * spikes, ..sample }
    }

    /// Every size routes about `count` spikes; a figure is the time per spike of the slowest over the fastest.
    fn figure(&mut self, _: Unit, count: u64) -> f64 {
        let per_spike = self.0.each_mut().map(|circle| {
            let spikes = circle.ids.len() as u64;
            let sample = circle.ticks(count.div_ceil(spikes));
            sample.elapsed.as_secs_f64() / (sample.count * spikes) as f64
        });
        let best = per_spike.into_iter().fold(f64::INFINITY, f64::min);
        per_spike.into_iter().fold(0.0, f64::max) / best
    }

    fn first_count(&self) -> u64 {
        SIZES[2] as u64
    }
}
