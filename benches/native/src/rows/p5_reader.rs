//! What P5 is compared with: Rust on the other side of a bridge. Its neurons fire through the outbox and one of them reads the inbox,
//! by the protocols of `docs/boundary.md`, on the workload that benches/rows/p5.ts gives to TypeScript.

use crate::harness::{Sample, fail};
use neuronbus::{
    AgentCard, Body, Bus, Connection, Cortex, Membrane, NeuronId, Payload, Rate, Registration, Spike, SpikeBuilder,
    axon::{Axon, Cancel, Publisher, Reader, Region, SpinHint, layout::ring_bytes},
    bridge::{
        Bridge, BridgeMemory,
        layout::{BridgeLayout, BridgeSizes, FLAG_DIRECT},
    },
};
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

/// Slots of the outbox, as in TypeScript.
const OUTBOX_SLOTS: usize = 4096;
/// Spikes that the reader takes before it gives them back.
const TAKE: usize = 256;

/// The far side of a bridge.
struct Environment {
    outbox: Publisher,
    inbox: Reader,
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
        let (mut environment, bridge) = self.bridge()?;
        let (receiver, senders) = self.register(&bus, bridge)?;
        for sender in senders {
            (0..self.each)
                .try_for_each(|sequence| environment.fire(&bus, sender, receiver, sequence as u32, self.direct))?;
        }
        bus.cortex(Cortex::settle);
        let touch = bus.toucher(environment.memory.clone());
        thread::scope(|scope| {
            let read = scope.spawn(move || environment.read(receiver, self, touch));
            bus.start(Rate::AsNeeded)?;
            let sample = read.join().unwrap_or_else(|_| fail("bridge", "the reader panicked"));
            bus.close();
            Ok(sample)
        })
    }

    fn bridge(self) -> Result<(Environment, Bridge), Box<dyn Error>> {
        let Self { inbox_slots, senders, .. } = self;
        let sizes = BridgeSizes { outbox_slots: OUTBOX_SLOTS, inbox_slots, max_neurons: senders + 1 };
        let layout = BridgeLayout::new(sizes)?;
        let region = Region::zeroed(layout.bytes)?;
        let memory = BridgeMemory::new(region.clone(), layout)?;
        let bridge = Bridge::new(memory.clone(), Box::new(|| {}))?;
        let ring = |offset, slots| Axon::over(region.slice(offset, ring_bytes(slots))?, slots);
        let outbox = ring(layout.outbox, OUTBOX_SLOTS)?.publisher()?;
        let inbox_ring = ring(layout.inbox, inbox_slots)?;
        let inbox = inbox_ring.reader()?;
        // Gate 0 is for a reader outside Rust; this one has a gate of its own.
        inbox_ring.release_gate(0);
        Ok((Environment { outbox, inbox, region, memory }, bridge))
    }

    fn register(self, bus: &Bus<Bridge>, bridge: Bridge) -> Result<(NeuronId, Vec<NeuronId>), Box<dyn Error>> {
        let membrane = Membrane { threshold: 1e30, ..Membrane::default() };
        bus.cortex(|cortex| {
            let port = cortex.add_port(bridge);
            let mut ids = Vec::new();
            for index in 0..=self.senders {
                let card = AgentCard::builder(format!("neuron-{index}")).build()?;
                ids.push(cortex.register(Registration { card, membrane, body: Body::Port(port) })?);
            }
            let receiver = ids.remove(0);
            for sender in ids.iter().filter(|_| !self.direct) {
                cortex.connect(*sender, receiver, Connection::new())?;
            }
            Ok((receiver, ids))
        })
    }
}

impl Environment {
    fn fire(
        &mut self,
        bus: &Bus<Bridge>,
        sender: NeuronId,
        receiver: NeuronId,
        sequence: u32,
        direct: bool,
    ) -> Result<(), Box<dyn Error>> {
        let spike = SpikeBuilder::new().source(sender).target(receiver).sequence(sequence);
        let spike = spike.payload(&u64::from(sequence).to_le_bytes()).build()?;
        if !self.outbox.has_room(1) {
            bus.cortex(Cortex::settle);
        }
        let slot = self.outbox.stage(&spike)?;
        let flags = self.region.u16s(self.memory.layout().outbox_flags, OUTBOX_SLOTS)?;
        // Relaxed: the commit publishes it.
        flags[slot].store(if direct { FLAG_DIRECT } else { 0 }, Ordering::Relaxed);
        self.outbox.commit();
        Ok(())
    }

    /// Reads and verifies all spikes, and wakes the cortex when it sleeps.
    fn read(mut self, receiver: NeuronId, load: BridgeReader, touch: impl Fn()) -> Sample {
        let total = (load.senders * load.each) as u64;
        let mut next = vec![0_u32; load.senders + 1];
        let (mut seen, mut begun) = (0, Instant::now());
        while seen < total {
            let there = self.inbox.wait_available(&mut SpinHint, &Cancel::never());
            let count = there.unwrap_or_else(|stopped| fail("bridge", stopped)).min(TAKE);
            if seen == 0 {
                begun = Instant::now();
            }
            (0..count).for_each(|index| self.see(index, receiver, &mut next));
            self.inbox.release(count);
            if self.memory.sleep() == Sleep::UntilTouched {
                touch();
            }
            seen += count as u64;
        }
        Sample { count: total, elapsed: begun.elapsed() }
    }

    fn see(&self, index: usize, receiver: NeuronId, next: &mut [u32]) {
        let Ok(Some(spike)) = self.inbox.get(index) else { fail("verification", "no spike") };
        let expected = next.get_mut(usize::from(spike.source_raw()));
        let Some(expected) = expected else { fail("verification", format!("unknown source: {spike:?}")) };
        if !is_intact(&spike, *expected) || self.recipient(index) != Some(receiver.raw()) {
            fail("verification", format!("expected {expected}, got {spike:?}"));
        }
        *expected += 1;
    }

    fn recipient(&self, index: usize) -> Option<u16> {
        let layout = self.memory.layout();
        let slot = (self.inbox.read_pos() as usize + index) & (layout.sizes.inbox_slots - 1);
        let column = self.region.u16s(layout.recipients + 2 * slot, 1).ok()?;
        // Relaxed: the commit cursor of the ring was acquired.
        Some(column.first()?.load(Ordering::Relaxed))
    }
}

fn is_intact(spike: &Spike, sequence: u32) -> bool {
    let bytes = u64::from(sequence).to_le_bytes();
    spike.sequence() == sequence && matches!(spike.payload(), Payload::Inline(found) if found == bytes)
}
