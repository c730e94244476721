//! NB-37, NB-40: what a neuron is called with, and what it can do then.

#![allow(clippy::unwrap_used)]

use neuronbus_axon::{Axon, AxonError, Publisher, Reader};
use neuronbus_neuron::{
    AgentCard, BusSide, FireError, FireOptions, Handle, Neuron, Outbox, PayloadError, PayloadStore,
};
use neuronbus_spike::{ArenaRef, NeuronId, Payload, Spike, SpikeBuilder, SpikeError, SpikeKind, Target};
use proptest::prelude::*;
use std::collections::VecDeque;

/// A store of a few payloads, and an axon: what was put on it, and what its readers see.
struct Shelf {
    payloads: Vec<Vec<u8>>,
    room: usize,
    put: VecDeque<(Spike, bool)>,
    axon: (Publisher, Axon),
}

impl Default for Shelf {
    fn default() -> Self {
        Self { payloads: Vec::new(), room: 0, put: VecDeque::new(), axon: Axon::new(8).unwrap() }
    }
}

impl PayloadStore for Shelf {
    fn write(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError> {
        let left = self.room.saturating_sub(self.payloads.iter().map(Vec::len).sum());
        if bytes.len() > left {
            return Err(PayloadError::OutOfSpace { requested: bytes.len() as u64, available: left as u64 });
        }
        self.payloads.push(bytes.to_vec());
        Ok(ArenaRef::new(self.payloads.len() as u64 - 1, bytes.len() as u32, 0, 0))
    }

    fn read(&self, found: ArenaRef, view: &mut dyn FnMut(&[u8])) -> Result<(), PayloadError> {
        view(self.payloads.get(found.offset as usize).ok_or(PayloadError::Stale { found })?);
        Ok(())
    }

    fn release(&mut self, found: ArenaRef) -> Result<bool, PayloadError> {
        let kept = self.payloads.get_mut(found.offset as usize).filter(|kept| !kept.is_empty());
        kept.map(Vec::clear).ok_or(PayloadError::Stale { found })?;
        Ok(true)
    }
}

impl BusSide for Shelf {
    fn store(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError> {
        self.write(bytes)
    }

    fn put(&mut self, spike: &Spike, direct: bool) {
        self.put.push_back((*spike, direct));
        self.axon.0.try_publish(spike).unwrap();
    }

    fn reader(&mut self) -> Result<Reader, AxonError> {
        self.axon.1.reader()
    }
}

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

/// One neuron's surroundings.
struct Bench {
    card: AgentCard,
    outbox: Outbox,
    shelf: Shelf,
    now_ns: u64,
}

impl Bench {
    fn new(slots: u32) -> Self {
        let card = AgentCard::builder("echo").build().unwrap();
        Self { card, outbox: Outbox::new(id(7), slots), shelf: Shelf { room: 4096, ..Shelf::default() }, now_ns: 5 }
    }

    fn handle(&mut self) -> Handle<'_> {
        Handle::new(&self.card, &mut self.outbox, &mut self.shelf, self.now_ns)
    }

    fn pop(&mut self) -> Spike {
        self.shelf.put.pop_front().unwrap().0
    }
}

#[test]
fn nb_40_fire_stamps_source_sequence_and_time() {
    let mut bench = Bench::new(8);
    for now_ns in [10, 20, 20] {
        bench.now_ns = now_ns;
        bench.handle().fire_to(id(3), b"hello").unwrap();
    }
    assert_eq!(bench.handle().sequence(), 3);
    for (sequence, now_ns) in [(0, 10), (1, 20), (2, 20)] {
        let spike = bench.pop();
        assert_eq!((spike.source(), spike.target()), (Some(id(7)), Target::Neuron(id(3))));
        assert_eq!((spike.sequence(), spike.timestamp_ns()), (sequence, now_ns));
        assert_eq!((spike.kind(), spike.priority()), (SpikeKind::Excitatory, 0));
        assert_eq!(spike.payload(), Payload::Inline(b"hello"));
    }
}

#[test]
fn nb_40_options_and_broadcast() {
    let mut bench = Bench::new(8);
    let options = FireOptions { kind: SpikeKind::Modulatory, priority: 9, direct: true };
    bench.handle().fire(id(1), &[200, 0, 0], options).unwrap();
    bench.handle().broadcast(b"").unwrap();
    assert!(bench.shelf.put[0].1);
    let spike = bench.pop();
    assert_eq!((spike.kind(), spike.priority()), (SpikeKind::Modulatory, 9));
    let (broadcast, direct) = bench.shelf.put.pop_front().unwrap();
    assert_eq!((broadcast.target(), direct), (Target::Broadcast, false));
    assert_eq!(broadcast.payload(), Payload::Inline(b""));
}

#[test]
fn nb_40_a_handle_knows_who_and_when() {
    let mut bench = Bench::new(8);
    let handle = bench.handle();
    assert_eq!((handle.id(), handle.card().name(), handle.now_ns(), handle.credit()), (id(7), "echo", 5, 8));
}

#[test]
fn nb_40_payloads_over_46_bytes_go_to_the_arena_and_back() {
    let mut bench = Bench::new(8);
    for len in [0, 46, 47, 1000] {
        bench.handle().fire_to(id(1), &vec![len as u8; len]).unwrap();
    }
    assert_eq!(bench.shelf.payloads.len(), 2);
    for len in [0, 46, 47, 1000] {
        let spike = bench.pop();
        assert_eq!(spike.arena_ref().is_some(), len > 46);
        assert_eq!(bench.handle().payload(&spike, <[u8]>::len), Ok(len));
        assert_eq!(bench.handle().payload_vec(&spike).unwrap(), vec![len as u8; len]);
    }
    let found = ArenaRef::new(99, 50, 0, 0);
    let forged = SpikeBuilder::new().arena_ref(found).build().unwrap();
    assert_eq!(bench.handle().payload_vec(&forged), Err(PayloadError::Stale { found }));
}

#[test]
fn nb_40_the_arena_is_open_inside_a_callback() {
    let mut bench = Bench::new(8);
    let reference = bench.handle().arena().write(b"kept").unwrap();
    let mut seen = Vec::new();
    bench.handle().arena().read(reference, &mut |bytes| seen = bytes.to_vec()).unwrap();
    assert_eq!(seen, b"kept");
    assert_eq!(bench.handle().arena().release(reference), Ok(true));
    assert_eq!(bench.handle().arena().release(reference), Err(PayloadError::Stale { found: reference }));
}

#[test]
fn nb_40_a_reader_sees_what_is_fired_from_now_on() {
    let mut bench = Bench::new(8);
    let mut handle = bench.handle();
    handle.fire_to(id(1), b"0").unwrap();
    handle.fire_to(id(1), b"1").unwrap();
    let mut reader = handle.reader().unwrap();
    handle.fire_to(id(1), b"2").unwrap();
    assert_eq!((handle.sequence(), handle.credit()), (3, 5));
    assert_eq!(reader.try_read_next().unwrap().unwrap().sequence(), 2);
    assert!(reader.try_read_next().unwrap().is_none());
}

#[test]
fn back_pressure_loses_nothing_and_uses_no_number() {
    let mut bench = Bench::new(2);
    bench.handle().fire_to(id(1), b"0").unwrap();
    bench.handle().fire_to(id(1), b"1").unwrap();
    let long = [1; 100];
    for payload in [b"2".as_slice(), &long] {
        let error = bench.handle().fire_to(id(1), payload).unwrap_err();
        assert_eq!(error, FireError::BackPressure { slots: 2 });
        assert_eq!((error.code(), error.is_refusal()), ("E_BACK_PRESSURE", true));
    }
    assert!(bench.shelf.payloads.is_empty(), "nothing may be written for a spike without credit");
    assert_eq!((bench.outbox.sequence(), bench.outbox.fired(), bench.outbox.refused()), (2, 2, 2));
    // Leaving for the axon gives no credit back; being done does.
    assert_eq!(bench.pop().payload(), Payload::Inline(b"0"));
    assert_eq!((bench.outbox.credit(), bench.outbox.in_flight()), (0, 2));
    assert!(bench.handle().fire_to(id(1), b"2").is_err());
    bench.outbox.done(1);
    bench.handle().fire_to(id(1), b"2").unwrap();
    assert_eq!((bench.pop().sequence(), bench.pop().sequence()), (1, 2));
    assert!(bench.shelf.put.is_empty());
}

#[test]
fn no_room_in_the_arena_is_a_refusal_that_costs_no_credit() {
    let mut bench = Bench::new(2);
    bench.shelf.room = 60;
    let error = bench.handle().fire_to(id(1), &[0; 61]).unwrap_err();
    assert_eq!(error, FireError::Payload(PayloadError::OutOfSpace { requested: 61, available: 60 }));
    assert_eq!((error.code(), error.is_refusal()), ("E_OUT_OF_SPACE", true));
    assert_eq!((bench.outbox.credit(), bench.outbox.refused(), bench.outbox.sequence()), (2, 1, 0));
    bench.handle().fire_to(id(1), &[0; 60]).unwrap();
}

#[test]
fn a_malformed_spike_is_refused_before_all_else_and_counted_nowhere() {
    let mut bench = Bench::new(0);
    let options = FireOptions { kind: SpikeKind::Modulatory, ..FireOptions::default() };
    for len in [0, 2, 4, 46, 47] {
        let error = bench.handle().fire(id(1), &vec![0; len], options).unwrap_err();
        assert_eq!(error, FireError::Spike(SpikeError::ModulatoryLength { len }));
        assert_eq!((error.code(), error.is_refusal()), ("E_OUT_OF_RANGE", false));
    }
    assert_eq!((bench.outbox.refused(), bench.shelf.payloads.len()), (0, 0));
}

#[test]
fn error_codes_are_stable() {
    let found = ArenaRef::new(8, 50, 1, 2);
    let stale = FireError::from(PayloadError::Stale { found });
    let closed = FireError::from(PayloadError::Closed);
    assert_eq!((stale.code(), closed.code()), ("E_STALE_REF", "E_CLOSED"));
    assert!(!stale.is_refusal() && !closed.is_refusal());
    assert_eq!(stale.to_string(), "reference to 50 bytes at 8 is stale or was never given");
}

/// Answers each spike with what it carried, and counts its ticks.
struct Echo {
    ticks: u32,
}

impl Neuron for Echo {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        let (Some(source), Ok(bytes)) = (spike.source(), handle.payload_vec(spike)) else { return };
        handle.fire_to(source, &bytes).unwrap();
    }

    fn tick(&mut self, handle: &mut Handle<'_>, fired: bool) {
        self.ticks += 1;
        if fired {
            handle.broadcast(b"fired").unwrap();
        }
    }

    fn capabilities(&self) -> Vec<String> {
        vec!["echo".to_owned()]
    }
}

/// Only listens.
struct Quiet;

impl Neuron for Quiet {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}

    fn wants_tick(&self) -> bool {
        false
    }
}

#[test]
fn nb_40_an_echo_agent_answers_from_its_callback() {
    let mut bench = Bench::new(8);
    let mut echo: Box<dyn Neuron> = Box::new(Echo { ticks: 0 });
    let long = vec![9; 300];
    for (sequence, payload) in (0..).zip([b"ping".as_slice(), &long]) {
        let mut asker = Outbox::new(id(2), 4);
        asker.fire(id(7).into(), payload, FireOptions::default(), 1, &mut bench.shelf).unwrap();
        let question = bench.pop();
        echo.on_spike(&question, &mut bench.handle());
        let answer = bench.pop();
        assert_eq!((answer.source(), answer.target()), (Some(id(7)), Target::Neuron(id(2))));
        assert_eq!(answer.sequence(), sequence);
        assert_eq!(bench.handle().payload_vec(&answer).unwrap(), payload);
    }
}

#[test]
fn nb_37_a_neuron_gets_both_calls_and_names_its_capabilities() {
    let mut bench = Bench::new(8);
    let mut echo = Echo { ticks: 0 };
    echo.tick(&mut bench.handle(), false);
    assert!(bench.shelf.put.is_empty());
    echo.tick(&mut bench.handle(), true);
    assert_eq!((echo.ticks, bench.pop().target()), (2, Target::Broadcast));
    assert!(echo.wants_tick() && echo.capabilities() == ["echo"]);
    let mut quiet = Quiet;
    quiet.tick(&mut bench.handle(), true);
    assert!(!quiet.wants_tick() && quiet.capabilities().is_empty() && bench.shelf.put.is_empty());
}

proptest! {
    /// Steps: 0 fire, 1 one is done.
    #[test]
    fn an_outbox_equals_two_counts(steps in prop::collection::vec(0_u8..2, 1..200), slots in 0_u32..10) {
        let mut bench = Bench::new(slots);
        let (mut sequence, mut done, mut refused) = (0_u32, 0_u32, 0);
        for step in steps {
            match step {
                0 => {
                    let taken = bench.handle().fire_to(id(1), &sequence.to_le_bytes()).is_ok();
                    prop_assert_eq!(taken, sequence - done < slots);
                    let put = bench.shelf.put.pop_front().map(|(spike, _)| spike.sequence());
                    prop_assert_eq!(put, taken.then_some(sequence));
                    sequence += u32::from(taken);
                    refused += u64::from(!taken);
                }
                _ if done < sequence => {
                    bench.outbox.done(1);
                    done += 1;
                }
                _ => {}
            }
            let outbox = &bench.outbox;
            prop_assert_eq!((outbox.in_flight(), outbox.credit()), (sequence - done, slots - (sequence - done)));
            prop_assert_eq!((outbox.fired(), outbox.refused()), (u64::from(sequence), refused));
            prop_assert_eq!(outbox.sequence(), sequence);
        }
    }
}
