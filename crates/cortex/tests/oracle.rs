//! Random calls against a naive model: the books balance after each of them, every spike ends once and in one place, each
//! pair keeps its order, the arena is empty at the end, and the same calls leave the same trace, byte for byte.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_axon::Reader;
use neuronbus_cortex::{Connection, CortexConfig, Event, TickReport};
use neuronbus_neuron::{FireOptions, Handle, Membrane};
use neuronbus_spike::{NeuronId, SpikeKind, Target};
use neuronbus_synapse::{Filter, StdpPatch, TableKind};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{World, inline, quiet};

#[derive(Debug, Clone)]
enum Call {
    Register { outside: bool, refractory: u32 },
    Unregister(usize),
    Connect { pre: usize, post: usize, weight: u8, filtered: bool },
    Disconnect(usize, usize),
    Fire { pre: usize, post: usize, kind: u8, priority: u8, direct: bool, big: bool },
    Broadcast { pre: usize, priority: u8, big: bool },
    Tick,
    Route,
    Finish,
    Read { max: usize, release: bool },
    Settle,
    Prune,
    Watch(usize),
    Pass(usize),
    Advance(u16),
}

fn call() -> impl Strategy<Value = Call> {
    let at = || 0..4_usize;
    prop_oneof![
        2 => (any::<bool>(), 0..4_u32).prop_map(|(outside, refractory)| Call::Register { outside, refractory }),
        1 => at().prop_map(Call::Unregister),
        6 => (at(), at(), 1..=255_u8, prop::bool::weighted(0.2))
            .prop_map(|(pre, post, weight, filtered)| Call::Connect { pre, post, weight, filtered }),
        1 => (at(), at()).prop_map(|(pre, post)| Call::Disconnect(pre, post)),
        12 => (at(), at(), 0..3_u8, 0..4_u8, prop::bool::weighted(0.2), prop::bool::weighted(0.3))
            .prop_map(|(pre, post, kind, priority, direct, big)| Call::Fire { pre, post, kind, priority, direct, big }),
        5 => (at(), 0..4_u8, prop::bool::weighted(0.3))
            .prop_map(|(pre, priority, big)| Call::Broadcast { pre, priority, big }),
        8 => Just(Call::Tick),
        2 => Just(Call::Route),
        1 => Just(Call::Finish),
        3 => (0..4_usize, any::<bool>()).prop_map(|(max, release)| Call::Read { max, release }),
        1 => Just(Call::Settle),
        1 => Just(Call::Prune),
        1 => at().prop_map(Call::Watch),
        2 => at().prop_map(Call::Pass),
        2 => any::<u16>().prop_map(Call::Advance),
    ]
}

/// The world, and what a naive reader of semantics.md expects of it.
struct Run {
    world: World,
    live: Vec<(NeuronId, bool)>,
    /// Per id: how many of its credits are used, by the count of what was fired and what `done` says.
    used: BTreeMap<u16, u32>,
    readers: Vec<Reader>,
    /// Everything that was delivered, in order, and everything that was told.
    trace: Vec<String>,
    fired: u64,
    refused: u64,
    delivered: u64,
    /// The number of each payload: unique, so that a delivery can be told from any other.
    next: u32,
    /// Per receiver and payload number: how often it came.
    came: BTreeMap<(u16, u32), u32>,
    /// Drops that were told.
    dropped: u64,
    /// The number of the payload that a source fired under a sequence number, and whether it was a unicast.
    under: BTreeMap<(u16, u32), (u32, bool)>,
    /// How each accepted payload ended: arrivals and drops.
    ends: BTreeMap<u32, (bool, u32)>,
    /// Per pair: the last number that came.
    last: BTreeMap<(u16, u16), u32>,
}

impl Run {
    fn new(table: TableKind) -> Self {
        let config = CortexConfig {
            max_neurons: 128,
            axon_slots: 4,
            defer_slots: 2,
            table,
            prune_below: 0.05,
            prune_every_ticks: 7,
        };
        Self {
            world: World::new(config, 2),
            live: Vec::new(),
            used: BTreeMap::new(),
            readers: Vec::new(),
            trace: Vec::new(),
            fired: 0,
            refused: 0,
            delivered: 0,
            next: 0,
            came: BTreeMap::new(),
            dropped: 0,
            under: BTreeMap::new(),
            ends: BTreeMap::new(),
            last: BTreeMap::new(),
        }
    }

    fn pick(&self, at: usize) -> Option<(NeuronId, bool)> {
        self.live.get(at).copied()
    }

    fn apply(&mut self, call: &Call) {
        match call {
            Call::Register { outside, refractory } => self.register(*outside, *refractory),
            Call::Unregister(at) => {
                if let Some((id, _)) = self.pick(*at) {
                    self.world.cortex.unregister(id).unwrap();
                    self.live.remove(*at);
                }
            }
            Call::Connect { pre, post, weight, filtered } => {
                if let (Some((pre, _)), Some((post, _))) = (self.pick(*pre), self.pick(*post)) {
                    let fading = StdpPatch { decay_per_second: Some(50.0), ..StdpPatch::default() };
                    let connection = Connection::new().weight(f32::from(*weight) / 255.0).stdp(fading);
                    let filters = if *filtered { vec![Filter::Priority { min: 2 }] } else { vec![] };
                    self.world.cortex.connect(pre, post, connection.filters(filters.into())).unwrap();
                }
            }
            Call::Disconnect(pre, post) => {
                if let (Some((pre, _)), Some((post, _))) = (self.pick(*pre), self.pick(*post)) {
                    self.world.cortex.disconnect(pre, post).unwrap();
                }
            }
            Call::Fire { pre, post, kind, priority, direct, big } => {
                if let (Some(pre), Some((post, _))) = (self.pick(*pre), self.pick(*post)) {
                    let kind = SpikeKind::from_raw(*kind).unwrap();
                    let options = FireOptions { kind, priority: *priority, direct: *direct };
                    self.fire(pre, post.into(), options, *big);
                }
            }
            Call::Broadcast { pre, priority, big } => {
                if let Some(pre) = self.pick(*pre) {
                    let options = FireOptions { priority: *priority, ..FireOptions::default() };
                    self.fire(pre, Target::Broadcast, options, *big);
                }
            }
            Call::Tick => self.step(|world| world.cortex.tick()),
            Call::Route => {
                let paused = self.world.cortex.route();
                self.trace.push(format!("paused {paused}"));
            }
            Call::Finish => self.step(|world| world.cortex.finish()),
            Call::Read { max, release } => self.read(*max, *release),
            Call::Settle => self.world.cortex.settle(),
            Call::Prune => {
                let pruned = self.world.cortex.prune().unwrap();
                self.trace.push(format!("{pruned:?}"));
            }
            Call::Watch(at) => {
                if let Some((id, _)) = self.pick(*at) {
                    self.readers.push(self.world.cortex.reader(id).unwrap());
                }
            }
            Call::Pass(at) => self.pass(*at),
            Call::Advance(us) => self.world.clock.advance_ns(u64::from(*us) * 1000),
        }
        self.look();
    }

    fn register(&mut self, outside: bool, refractory_ticks: u32) {
        // Never more live than four, and never more calls than ids: those in quarantine do not run out.
        let membrane = Membrane { refractory_ticks, threshold: 0.6, ..Membrane::default() };
        if self.live.len() < 4 {
            let id = if outside { self.world.outside(membrane) } else { self.world.native(membrane) };
            self.used.insert(id.raw(), 0);
            self.last.retain(|(pre, post), _| *pre != id.raw() && *post != id.raw());
            self.live.push((id, outside));
        }
    }

    /// Fires one numbered payload, by the rules of credit.
    fn fire(&mut self, (pre, outside): (NeuronId, bool), target: Target, options: FireOptions, big: bool) {
        let number = self.next;
        self.next += 1;
        let mut payload = number.to_le_bytes().to_vec();
        if big && options.kind != SpikeKind::Modulatory {
            payload.resize(100, 0xAB);
        } else if options.kind == SpikeKind::Modulatory {
            payload.truncate(3);
        }
        if !outside {
            let call = |handle: &mut Handle<'_>| (handle.sequence(), handle.fire(target, &payload, options));
            let (sequence, fired) = self.world.cortex.lend(pre, call).unwrap();
            self.fired += 1;
            self.refused += u64::from(fired.is_err());
            if fired.is_ok() {
                self.accepted(pre, sequence, number, target);
            }
            return;
        }
        let used = self.used.entry(pre.raw()).or_default();
        if used.wrapping_sub(self.world.mail.done(pre)) >= 4 {
            return;
        }
        *used += 1;
        self.fired += 1;
        let arena = self.world.arena.clone();
        let sequence = self.world.mail.put(pre, options.direct, |spike| {
            let spike = spike.target(target).kind(options.kind).priority(options.priority);
            if payload.len() <= 46 {
                return spike.payload(&payload);
            }
            let at = arena.write(&payload).unwrap();
            arena.hold(at).unwrap();
            spike.arena_ref(at)
        });
        self.accepted(pre, sequence, number, target);
    }

    fn accepted(&mut self, pre: NeuronId, sequence: u32, number: u32, target: Target) {
        let unicast = target != Target::Broadcast;
        self.under.insert((pre.raw(), sequence), (number, unicast));
        self.ends.insert(number, (unicast, 0));
    }

    /// One target of the spike is through.
    fn ended(&mut self, source: u16, sequence: u32) {
        let (number, unicast) = self.under[&(source, sequence)];
        let end = self.ends.get_mut(&number).unwrap();
        end.1 += 1;
        assert!(!unicast || end.1 == 1, "a unicast ended twice");
    }

    fn step(&mut self, step: impl FnOnce(&mut World) -> TickReport) {
        let report = step(&mut self.world);
        self.trace.push(format!("{} {report:?}", self.world.cortex.ticks()));
    }

    fn read(&mut self, max: usize, release: bool) {
        for (who, spike) in self.world.mail.read_some(max) {
            let bytes = match spike.arena_ref() {
                Some(at) => self.world.arena.read(at).unwrap().to_vec(),
                None => inline(&spike),
            };
            self.arrived(who.raw(), spike.source_raw(), spike.sequence(), &bytes);
        }
        if release {
            self.world.mail.release();
        }
    }

    fn arrived(&mut self, who: u16, source: u16, sequence: u32, bytes: &[u8]) {
        self.delivered += 1;
        self.ended(source, sequence);
        self.trace.push(format!("{source} → {who}: {bytes:?}"));
        if bytes.len() < 4 {
            return;
        }
        let number = u32::from_le_bytes(bytes[..4].try_into().unwrap());
        let came = self.came.entry((who, number)).or_default();
        *came += 1;
        assert_eq!(*came, 1, "{number} came twice to {who}");
        if let Some(before) = self.last.insert((source, who), number) {
            assert!(before < number, "{source} → {who}: {number} after {before}");
        }
    }

    fn pass(&mut self, at: usize) {
        if let Some(reader) = self.readers.get_mut(at) {
            while let Some(spike) = reader.try_read_next().unwrap() {
                self.trace.push(format!("read {}", spike.sequence()));
            }
        }
        if at + 1 == self.readers.len() {
            self.readers.pop();
        }
    }

    /// After every call.
    fn look(&mut self) {
        for seen in self.world.seen() {
            self.arrived(seen.who, seen.source, seen.sequence, &seen.payload);
        }
        for event in self.world.cortex.take_events() {
            self.trace.push(format!("{event:?}"));
            if let Event::Drop { source, sequence, count: 1, .. } = event {
                self.dropped += 1;
                self.ended(source, sequence);
            }
        }
        let books = self.world.books();
        assert!(books.balanced(), "{books:?}");
        assert_eq!(books.refused, self.refused);
        assert!(books.fired >= self.fired, "a broadcast counts once at least");
        assert!(books.deferred <= books.in_flight && books.in_inboxes <= books.in_flight);
    }

    /// Lets everything come to its end.
    fn end(mut self, close: bool) -> Vec<String> {
        if close {
            self.world.cortex.close();
        }
        self.readers.clear();
        for _ in 0..40 {
            self.read(usize::MAX, true);
            self.world.cortex.tick();
            self.world.cortex.settle();
            self.look();
        }
        self.world.assert_at_rest();
        let books = self.world.books();
        assert_eq!((books.delivered, books.dropped_total()), (self.delivered, self.dropped));
        assert_eq!(books.fired, self.delivered + self.dropped + self.refused, "counted here, not there");
        assert!(self.ends.values().all(|(_, ends)| *ends > 0), "nothing is lost in silence");
        self.trace
    }
}

fn run(calls: &[Call], table: TableKind, close: bool) -> Vec<String> {
    let mut run = Run::new(table);
    // Enough to meet every limit soon: two neurons on each side, all connected.
    for (outside, refractory) in [(false, 1), (true, 2), (true, 0), (false, 3)] {
        run.register(outside, refractory);
    }
    for at in 0..16 {
        run.apply(&Call::Connect { pre: at / 4, post: at % 4, weight: 200, filtered: false });
    }
    for call in calls {
        run.apply(call);
    }
    run.end(close)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn conservation(calls in prop::collection::vec(call(), 1..120), close in prop::bool::weighted(0.3)) {
        let trace = run(&calls, TableKind::Dense, close);
        prop_assert_eq!(&trace, &run(&calls, TableKind::Dense, close), "the same calls, the same trace");
        prop_assert_eq!(&trace, &run(&calls, TableKind::Sparse, close), "whatever the table is");
    }
}

#[test]
fn defect_5_the_same_calls_give_the_same_trace_byte_for_byte() {
    let trace = || {
        let mut world = World::default();
        let ids: Vec<_> = (0..20)
            .map(|_| {
                world.acting(quiet(), |spike, handle| {
                    let next = NeuronId::new((handle.id().raw() * 7 + spike.sequence() as u16) % 20).unwrap();
                    let _full = handle.fire(
                        next,
                        &spike.sequence().to_le_bytes(),
                        FireOptions { direct: true, ..FireOptions::default() },
                    );
                })
            })
            .collect();
        for id in &ids {
            world
                .cortex
                .lend(*id, |handle| handle.fire(ids[3], b"go", FireOptions { direct: true, ..FireOptions::default() }))
                .unwrap()
                .unwrap();
        }
        world.ticks(50);
        world.seen()
    };
    let first = trace();
    assert!(first.len() > 500);
    assert_eq!(first, trace());
}
