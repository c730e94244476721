//! An environment that is a few vectors: its outbox, its bounded inbox, and what the cortex shows it.

use neuronbus_arena::Arena;
use neuronbus_cortex::{Notice, Port, Record, Sleep};
use neuronbus_spike::{ArenaRef, NeuronId, Spike, SpikeBuilder, SpikeError, Target};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

/// The environment's side.
#[derive(Clone)]
pub struct Mail(Arc<Mutex<State>>);

/// The cortex's side.
pub struct FakePort(pub Mail);

struct State {
    outbox: VecDeque<Record>,
    fired: u64,
    sequences: BTreeMap<u16, u32>,
    slots: usize,
    /// Written, not yet shown.
    staged: Vec<(NeuronId, Spike)>,
    /// Shown, not yet read.
    inbox: VecDeque<(NeuronId, Spike)>,
    /// Read, not yet released.
    held: u64,
    released: u64,
    done: BTreeMap<u16, u32>,
    crossed: BTreeMap<u16, u32>,
    clock_ns: u64,
    settled: u64,
    sleep: Option<Sleep>,
    notices: Vec<Notice>,
    panics: bool,
    /// Looks of either side.
    touches: u64,
}

impl Mail {
    pub fn new(slots: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            outbox: VecDeque::new(),
            fired: 0,
            sequences: BTreeMap::new(),
            slots,
            staged: Vec::new(),
            inbox: VecDeque::new(),
            held: 0,
            released: 0,
            done: BTreeMap::new(),
            crossed: BTreeMap::new(),
            clock_ns: 0,
            settled: 0,
            sleep: None,
            notices: Vec::new(),
            panics: false,
            touches: 0,
        })))
    }

    fn with<R>(&self, call: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.0.lock().unwrap();
        state.touches += 1;
        call(&mut state)
    }

    /// How often either side has looked here.
    pub fn touches(&self) -> u64 {
        self.with(|state| state.touches)
    }

    /// Fires as a neuron of this environment; does not look at its credit.
    pub fn fire(&self, source: NeuronId, target: impl Into<Target>, payload: &[u8]) -> u32 {
        self.put(source, false, |spike| spike.target(target).payload(payload))
    }

    pub fn fire_direct(&self, source: NeuronId, target: NeuronId, payload: &[u8]) -> u32 {
        self.put(source, true, |spike| spike.target(target).payload(payload))
    }

    /// Fires bytes that lie in the arena.
    pub fn fire_stored(&self, arena: &Arena, source: NeuronId, target: impl Into<Target>, bytes: &[u8]) -> ArenaRef {
        let at = arena.write(bytes).unwrap();
        arena.hold(at).unwrap();
        self.put(source, false, |spike| spike.target(target).arena_ref(at));
        at
    }

    pub fn put(&self, source: NeuronId, direct: bool, make: impl FnOnce(SpikeBuilder) -> SpikeBuilder) -> u32 {
        self.with(|state| {
            let sequence = state.sequences.entry(source.raw()).or_default();
            let used = *sequence;
            *sequence += 1;
            let spike = make(SpikeBuilder::new().source(source).sequence(used)).build();
            state.fired += 1;
            state.outbox.push_back(Record { spike, direct });
            used
        })
    }

    /// A record that is no spike.
    pub fn put_garbage(&self) {
        self.with(|state| {
            state.fired += 1;
            state.outbox.push_back(Record { spike: Err(SpikeError::UnknownKind { found: 3 }), direct: false });
        });
    }

    /// Reads everything that is shown, without releasing it.
    pub fn read(&self) -> Vec<(NeuronId, Spike)> {
        self.with(|state| {
            let read: Vec<_> = state.inbox.drain(..).collect();
            state.held += read.len() as u64;
            read
        })
    }

    /// Reads at most `max`, without releasing them.
    pub fn read_some(&self, max: usize) -> Vec<(NeuronId, Spike)> {
        self.with(|state| {
            let count = max.min(state.inbox.len());
            state.held += count as u64;
            state.inbox.drain(..count).collect()
        })
    }

    /// Gives back what was read.
    pub fn release(&self) {
        self.with(|state| state.released += std::mem::take(&mut state.held));
    }

    /// Reads and gives back everything that is shown.
    pub fn take(&self) -> Vec<(NeuronId, Spike)> {
        let read = self.read();
        self.release();
        read
    }

    pub fn done(&self, id: NeuronId) -> u32 {
        self.with(|state| state.done.get(&id.raw()).copied().unwrap_or_default())
    }

    pub fn crossed(&self, id: NeuronId) -> u32 {
        self.with(|state| state.crossed.get(&id.raw()).copied().unwrap_or_default())
    }

    pub fn clock_ns(&self) -> u64 {
        self.with(|state| state.clock_ns)
    }

    pub fn settled(&self) -> u64 {
        self.with(|state| state.settled)
    }

    pub fn sleep(&self) -> Option<Sleep> {
        self.with(|state| state.sleep)
    }

    pub fn notices(&self) -> Vec<Notice> {
        self.with(|state| std::mem::take(&mut state.notices))
    }

    /// Lets the next notice panic, as only a bug can.
    pub fn panic_next(&self) {
        self.with(|state| state.panics = true);
    }
}

impl Port for FakePort {
    fn front(&mut self) -> Option<Record> {
        self.0.with(|state| state.outbox.front().copied())
    }
    fn pop(&mut self) {
        self.0.with(|state| state.outbox.pop_front());
    }
    fn backlog(&self) -> usize {
        self.0.with(|state| state.outbox.len())
    }
    fn fired(&self) -> u64 {
        self.0.with(|state| state.fired)
    }
    fn deliver(&mut self, recipient: NeuronId, spike: &Spike) -> bool {
        self.0.with(|state| {
            let room = state.staged.len() + state.inbox.len() + (state.held as usize) < state.slots;
            if room {
                state.staged.push((recipient, *spike));
            }
            room
        })
    }
    fn publish(&mut self) {
        self.0.with(|state| {
            let staged = std::mem::take(&mut state.staged);
            state.inbox.extend(staged);
        });
    }
    fn released(&mut self) -> u64 {
        self.0.with(|state| state.released)
    }
    fn set_done(&mut self, sender: NeuronId, done: u32) {
        self.0.with(|state| state.done.insert(sender.raw(), done));
    }
    fn set_crossed(&mut self, neuron: NeuronId, crossed: u32) {
        self.0.with(|state| state.crossed.insert(neuron.raw(), crossed));
    }
    fn set_clock(&mut self, now_ns: u64) {
        self.0.with(|state| state.clock_ns = now_ns);
    }
    fn set_settled(&mut self, settled: u64) {
        self.0.with(|state| state.settled = settled);
    }
    fn set_sleep(&mut self, sleep: Sleep) {
        self.0.with(|state| state.sleep = Some(sleep));
    }
    fn notify(&mut self, notice: Notice) {
        let panics = self.0.with(|state| {
            state.notices.push(notice);
            std::mem::take(&mut state.panics)
        });
        assert!(!panics, "told to");
    }
}
