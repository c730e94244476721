//! What the tests share: a cortex with a manual clock, an environment that lies in a `Vec`, and native neurons made of
//! closures.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc)]

mod port;

pub use port::{FakePort, Mail};

use neuronbus_arena::Arena;
use neuronbus_cortex::{Body, Connection, Cortex, CortexConfig, Counters, DropReason, Event, PortId, Registration};
use neuronbus_neuron::{AgentCard, Handle, Membrane, Neuron};
use neuronbus_spike::{ManualClock, NeuronId, Payload, Spike};
use std::sync::{Arc, Mutex};

/// One call of a native neuron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub who: u16,
    pub source: u16,
    pub sequence: u32,
    pub payload: Vec<u8>,
}

pub type Log = Arc<Mutex<Vec<Seen>>>;
type OnSpike = Box<dyn FnMut(&Spike, &mut Handle<'_>) + Send>;
type OnTick = Box<dyn FnMut(&mut Handle<'_>, bool) + Send>;

/// A native neuron that writes down what it receives, and then does what it was given to do.
#[derive(Default)]
pub struct Agent {
    pub log: Log,
    pub on_spike: Option<OnSpike>,
    pub on_tick: Option<OnTick>,
}

impl Neuron for Agent {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        let payload = handle.payload_vec(spike).unwrap_or_default();
        let seen = Seen { who: handle.id().raw(), source: spike.source_raw(), sequence: spike.sequence(), payload };
        self.log.lock().unwrap().push(seen);
        if let Some(call) = &mut self.on_spike {
            call(spike, handle);
        }
    }

    fn tick(&mut self, handle: &mut Handle<'_>, fired: bool) {
        if let Some(call) = &mut self.on_tick {
            call(handle, fired);
        }
    }

    fn wants_tick(&self) -> bool {
        self.on_tick.is_some()
    }
}

/// A cortex and everything around it.
pub struct World {
    pub cortex: Cortex<FakePort>,
    pub clock: Arc<ManualClock>,
    pub arena: Arena,
    pub mail: Mail,
    pub port: PortId,
    pub log: Log,
}

pub fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

/// The smallest sizes, so that limits are near.
pub fn small() -> CortexConfig {
    CortexConfig { max_neurons: 16, axon_slots: 4, defer_slots: 2, ..CortexConfig::default() }
}

/// A membrane that never crosses its threshold.
pub fn quiet() -> Membrane {
    Membrane { threshold: 1e9, ..Membrane::default() }
}

/// A membrane that one spike of weight 1 makes cross, without a leak.
pub fn eager(refractory_ticks: u32) -> Membrane {
    Membrane { leak: 1.0, threshold: 0.9, refractory_ticks, ..Membrane::default() }
}

impl Default for World {
    fn default() -> Self {
        Self::new(CortexConfig { max_neurons: 64, ..CortexConfig::default() }, 64)
    }
}

impl World {
    /// With an inbox of so many slots.
    pub fn new(config: CortexConfig, inbox_slots: usize) -> Self {
        let clock = Arc::new(ManualClock::new());
        let arena = Arena::anonymous(1 << 20).unwrap();
        let mut cortex = Cortex::new(config, clock.clone(), arena.clone()).unwrap();
        let mail = Mail::new(inbox_slots);
        let port = cortex.add_port(FakePort(mail.clone()));
        cortex.watch_drops(true);
        Self { cortex, clock, arena, mail, port, log: Log::default() }
    }

    /// A neuron in the environment.
    pub fn outside(&mut self, membrane: Membrane) -> NeuronId {
        self.register(membrane, Body::Port(self.port))
    }

    /// A native neuron that only writes down.
    pub fn native(&mut self, membrane: Membrane) -> NeuronId {
        let agent = Agent { log: self.log.clone(), ..Agent::default() };
        self.register(membrane, Body::Native(Box::new(agent)))
    }

    /// A native neuron that does something with each spike.
    pub fn acting(
        &mut self,
        membrane: Membrane,
        call: impl FnMut(&Spike, &mut Handle<'_>) + Send + 'static,
    ) -> NeuronId {
        let agent = Agent { log: self.log.clone(), on_spike: Some(Box::new(call)), on_tick: None };
        self.register(membrane, Body::Native(Box::new(agent)))
    }

    /// A native neuron that does something in each tick.
    pub fn ticking(&mut self, call: impl FnMut(&mut Handle<'_>, bool) + Send + 'static) -> NeuronId {
        let agent = Agent { log: self.log.clone(), on_spike: None, on_tick: Some(Box::new(call)) };
        self.register(Membrane::default(), Body::Native(Box::new(agent)))
    }

    pub fn register(&mut self, membrane: Membrane, body: Body) -> NeuronId {
        let card = AgentCard::builder("test").build().unwrap();
        self.cortex.register(Registration { card, membrane, body }).unwrap()
    }

    pub fn connect(&mut self, pre: NeuronId, post: NeuronId, weight: f32) {
        self.cortex.connect(pre, post, Connection::new().weight(weight)).unwrap();
    }

    /// Fires from a native neuron along its synapse.
    pub fn fire(&mut self, source: NeuronId, target: NeuronId, payload: &[u8]) {
        self.cortex.lend(source, |handle| handle.fire_to(target, payload)).unwrap().unwrap();
    }

    pub fn broadcast(&mut self, source: NeuronId, payload: &[u8]) {
        self.cortex.lend(source, |handle| handle.broadcast(payload)).unwrap().unwrap();
    }

    pub fn tick(&mut self) {
        self.cortex.tick();
        self.check();
    }

    pub fn ticks(&mut self, count: u64) {
        (0..count).for_each(|_| self.tick());
    }

    pub fn books(&self) -> Counters {
        self.cortex.counters()
    }

    pub fn check(&self) {
        let books = self.books();
        assert!(books.balanced(), "{books:?}");
    }

    /// What native neurons have seen since the last look.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    /// The payloads that native neurons have seen since the last look.
    pub fn payloads(&self) -> Vec<Vec<u8>> {
        self.seen().into_iter().map(|seen| seen.payload).collect()
    }

    /// Drops since the last look: reason, source, target, sequence.
    pub fn drops(&mut self) -> Vec<(DropReason, u16, u16, u32)> {
        let drops = self.cortex.take_events().into_iter();
        drops
            .filter_map(|event| match event {
                Event::Drop { reason, source, target, sequence, count } => {
                    assert_eq!(count, 1, "nothing is merged before there are very many");
                    Some((reason, source, target, sequence))
                }
                Event::Prune { .. } => None,
            })
            .collect()
    }

    /// Checks that nothing is under way any more and that nothing is owed.
    pub fn assert_at_rest(&self) {
        let books = self.books();
        assert!(books.balanced(), "{books:?}");
        assert_eq!((books.in_flight, books.deferred), (0, 0), "{books:?}");
        assert_eq!((self.arena.used(), self.arena.in_flight()), (0, 0));
    }
}

/// The inline bytes of a spike.
pub fn inline(spike: &Spike) -> Vec<u8> {
    match spike.payload() {
        Payload::Inline(bytes) => bytes.to_vec(),
        Payload::Arena(_) => panic!("payload in the arena"),
    }
}
