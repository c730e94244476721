//! What P5 is compared with: a Rust thread that reads the inbox of a bridge, filled by a started bus as for TypeScript.

use crate::harness::{Sample, fail, pin_this_thread};
use neuronbus::{
    AgentCard, Body, Bus, Connection, FireOptions, Handle, Membrane, Neuron, NeuronId, Payload, Rate, Registration,
    Spike,
    axon::{Axon, Cancel, Reader, Region, SpinHint},
    bridge::{
        Bridge, BridgeMemory,
        layout::{BridgeLayout, BridgeSizes},
    },
};
use neuronbus_axon::layout::ring_bytes;
use neuronbus_cortex::Sleep;
use neuronbus_sync::Ordering;
use std::{error::Error, thread, time::Instant};

/// The workload: `senders` neurons have fired `each` spikes before the bus starts.
#[derive(Debug, Clone, Copy)]
pub struct BridgeReader {
    /// Neurons that fire.
    pub senders: usize,
    /// Spikes of each, a power of two from 2.
    pub each: usize,
    /// Slots of the inbox, a power of two.
    pub inbox_slots: usize,
    /// Fired without a synapse.
    pub direct: bool,
}

/// Spikes that the reader takes before it gives them back.
const TAKE: usize = 256;

struct Silent;

impl Neuron for Silent {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}

    fn wants_tick(&self) -> bool {
        false
    }
}

/// The reader's side of a bridge.
struct Inbox {
    reader: Reader,
    region: Region,
    memory: BridgeMemory,
}

impl BridgeReader {
    /// Runs it once; timed from the first delivery to the last.
    ///
    /// # Errors
    /// What a verb of the bus refused.
    pub fn run(self) -> Result<Sample, Box<dyn Error>> {
        let builder = Bus::builder().max_neurons(self.senders + 1).axon_capacity(self.each);
        let bus = builder.build_with_ports::<Bridge>()?;
        let (inbox, bridge) = self.bridge()?;
        let (receiver, senders) = self.register(&bus, bridge)?;
        self.fire(&bus, receiver, &senders)?;
        thread::scope(|scope| {
            let touch = bus.toucher(inbox.memory.clone());
            let read = scope.spawn(move || inbox.read(receiver, self, touch));
            bus.start(Rate::AsNeeded)?;
            let sample = read.join().unwrap_or_else(|_| fail("bridge", "the reader panicked"));
            bus.close();
            Ok(sample)
        })
    }

    fn bridge(self) -> Result<(Inbox, Bridge), Box<dyn Error>> {
        let sizes = BridgeSizes { outbox_slots: 2, inbox_slots: self.inbox_slots, max_neurons: self.senders + 1 };
        let layout = BridgeLayout::new(sizes)?;
        let region = Region::zeroed(layout.bytes)?;
        let memory = BridgeMemory::new(region.clone(), layout)?;
        let bridge = Bridge::new(memory.clone(), Box::new(|| {}))?;
        let ring = Axon::over(region.slice(layout.inbox, ring_bytes(self.inbox_slots))?, self.inbox_slots)?;
        let reader = ring.reader()?;
        // Gate 0 is for a reader outside Rust; this one has a gate of its own.
        ring.release_gate(0);
        Ok((Inbox { reader, region, memory }, bridge))
    }

    fn register(self, bus: &Bus<Bridge>, bridge: Bridge) -> Result<(NeuronId, Vec<NeuronId>), Box<dyn Error>> {
        let membrane = Membrane { threshold: 1e30, ..Membrane::default() };
        let receiver = bus.cortex(|cortex| -> Result<NeuronId, Box<dyn Error>> {
            let body = Body::Port(cortex.add_port(bridge));
            let card = AgentCard::builder("receiver").build()?;
            Ok(cortex.register(Registration { card, membrane, body })?)
        })?;
        let mut senders = Vec::new();
        for index in 0..self.senders {
            let sender = bus.register(AgentCard::builder(format!("sender-{index}")).build()?, Silent)?;
            bus.connect(sender, receiver, Connection::new())?;
            senders.push(sender);
        }
        Ok((receiver, senders))
    }

    fn fire(self, bus: &Bus<Bridge>, receiver: NeuronId, senders: &[NeuronId]) -> Result<(), Box<dyn Error>> {
        let options = FireOptions { direct: self.direct, ..FireOptions::default() };
        for sender in senders {
            bus.lend(*sender, |handle| -> Result<(), Box<dyn Error>> {
                for sequence in 0..self.each {
                    handle.fire(receiver, &(sequence as u64).to_le_bytes(), options)?;
                }
                Ok(())
            })??;
        }
        // From the outboxes onto the axons, as `fire` in TypeScript does when its outbox is full.
        bus.cortex(neuronbus::Cortex::settle);
        Ok(())
    }
}

impl Inbox {
    /// Reads and verifies all spikes; gives them back as the law of the bridge has it.
    fn read(mut self, receiver: NeuronId, load: BridgeReader, touch: impl Fn()) -> Sample {
        pin_this_thread(1);
        let total = (load.senders * load.each) as u64;
        let mut next = vec![0_u32; load.senders + 1];
        let (mut seen, mut begun) = (0, Instant::now());
        while seen < total {
            let there = self.reader.wait_available(&mut SpinHint, &Cancel::never());
            let count = there.unwrap_or_else(|stopped| fail("bridge", stopped)).min(TAKE);
            if seen == 0 {
                begun = Instant::now();
            }
            (0..count).for_each(|index| self.see(index, receiver, &mut next));
            self.reader.release(count);
            if self.memory.sleep() == Sleep::UntilTouched {
                touch();
            }
            seen += count as u64;
        }
        Sample { count: total, elapsed: begun.elapsed() }
    }

    fn see(&self, index: usize, receiver: NeuronId, next: &mut [u32]) {
        let layout = self.memory.layout();
        let slot = (self.reader.read_pos() as usize + index) & (layout.sizes.inbox_slots - 1);
        let recipient = self.region.u16s(layout.recipients + 2 * slot, 1).map(|column| {
            // Relaxed: the commit cursor of the ring was acquired.
            column[0].load(Ordering::Relaxed)
        });
        let Ok(Some(spike)) = self.reader.get(index) else { fail("verification", "no spike") };
        let expected = next.get_mut(usize::from(spike.source_raw()));
        let Some(expected) = expected else { fail("verification", format!("unknown source: {spike:?}")) };
        let bytes = u64::from(*expected).to_le_bytes();
        let intact = matches!(spike.payload(), Payload::Inline(found) if found == bytes);
        if !intact || spike.sequence() != *expected || recipient != Ok(receiver.raw()) {
            fail("verification", format!("expected {expected}, got {spike:?} for {recipient:?}"));
        }
        *expected += 1;
    }
}
