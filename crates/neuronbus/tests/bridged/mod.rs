//! The other side of a bridge, played by hand on the bare words of its memory: as honest as the test wants it to be.
#![allow(dead_code, clippy::unwrap_used, clippy::missing_panics_doc)]

use neuronbus::{
    AgentCard, Body, Builder, Bus, Membrane, NeuronId, PortId, Registration, Spike, SpikeBuilder,
    axon::{Region, layout as ring},
    bridge::{
        Bridge, BridgeMemory,
        layout::{BridgeLayout, BridgeSizes},
    },
};
use neuronbus_sync::Ordering;
use std::sync::{Arc, Mutex};

pub fn spike(source: NeuronId, target: NeuronId, sequence: u32) -> Spike {
    SpikeBuilder::new().source(source).target(target).sequence(sequence).payload(b"x").build().unwrap()
}

pub struct Environment {
    pub bus: Bus<Bridge>,
    pub layout: BridgeLayout,
    /// How often the doorbell was rung.
    pub rung: Arc<Mutex<u64>>,
    region: Region,
    port: PortId,
}

impl Environment {
    pub fn new(builder: Builder, outbox_slots: usize, inbox_slots: usize) -> Self {
        let sizes = BridgeSizes { outbox_slots, inbox_slots, max_neurons: builder.config().max_neurons };
        let layout = BridgeLayout::new(sizes).unwrap();
        let region = Region::zeroed(layout.bytes).unwrap();
        let rung = Arc::new(Mutex::new(0));
        let count = Arc::clone(&rung);
        let memory = BridgeMemory::new(region.clone(), layout).unwrap();
        let bridge = Bridge::new(memory, Box::new(move || *count.lock().unwrap() += 1)).unwrap();
        let bus = builder.build_with_ports().unwrap();
        let port = bus.cortex(|cortex| cortex.add_port(bridge));
        Self { bus, layout, rung, region, port }
    }

    /// A neuron of this environment whose membrane never crosses.
    pub fn register(&self) -> NeuronId {
        let card = AgentCard::builder("outside").build().unwrap();
        let membrane = Membrane { threshold: 1e9, ..Membrane::default() };
        self.bus.cortex(|cortex| cortex.register(Registration { card, membrane, body: Body::Port(self.port) })).unwrap()
    }

    /// One word of the memory, by its byte offset.
    pub fn load(&self, offset: usize) -> u64 {
        self.region.words()[offset / 8].load(Ordering::Acquire)
    }

    pub fn store(&self, offset: usize, value: u64) {
        self.region.words()[offset / 8].store(value, Ordering::Release);
    }

    /// Fires as the protocol says: words, flag, commit. Looks at no credit.
    pub fn fire(&self, spike: &Spike) {
        self.fire_words(spike.to_words());
    }

    /// As [`Self::fire`], with whatever 64 bytes.
    pub fn fire_words(&self, words: [u64; 8]) {
        let commit = self.load(self.layout.outbox + ring::COMMIT);
        let slot = commit as usize & (self.layout.sizes.outbox_slots - 1);
        self.store(self.layout.outbox + ring::INTENT, commit.wrapping_add(1));
        for (at, word) in words.into_iter().enumerate() {
            self.store(self.layout.outbox + ring::SLOTS + slot * ring::SLOT_BYTES + at * 8, word);
        }
        self.region.u16s(self.layout.outbox_flags, slot + 1).unwrap()[slot].store(0, Ordering::Relaxed);
        self.store(self.layout.outbox + ring::COMMIT, commit.wrapping_add(1));
    }

    /// Reads and releases what is in the inbox: who receives it, and the spike.
    pub fn read(&self) -> Vec<(u16, Spike)> {
        let (gate, commit) = (self.layout.inbox + ring::GATES, self.load(self.layout.inbox + ring::COMMIT));
        let read = (self.load(gate)..commit).map(|seq| {
            let slot = seq as usize & (self.layout.sizes.inbox_slots - 1);
            let at = |word: usize| self.load(self.layout.inbox + ring::SLOTS + slot * ring::SLOT_BYTES + word * 8);
            let recipient = self.region.u16s(self.layout.recipients, slot + 1).unwrap()[slot].load(Ordering::Relaxed);
            (recipient, Spike::from_words(std::array::from_fn(at)).unwrap())
        });
        let read = read.collect();
        self.store(gate, commit);
        read
    }
}
