//! A naive model (a map from reference to bytes and counts) and random calls: the arena answers as the model does.

#![allow(clippy::unwrap_used, clippy::panic)]

use neuronbus_arena::{Arena, ArenaError, ArenaRef, Lease};
use proptest::prelude::*;
use std::collections::HashMap;

/// Few for Miri, which interprets.
const CASES: u32 = if cfg!(miri) { 2 } else { 400 };
const CALLS: usize = if cfg!(miri) { 40 } else { 300 };

#[derive(Debug, Clone)]
enum Call {
    Write(usize),
    AddRef(usize),
    Release(usize),
    Read(usize),
    Unread(usize),
    Hold(usize),
    DropHeld(usize),
    Stale(usize),
    Forged(usize, u64, u32, u32),
    Reset,
}

fn call() -> impl Strategy<Value = Call> {
    let which = any::<usize>;
    prop_oneof![
        8 => prop_oneof![1..200usize, 200..3_000usize, 3_000..30_000usize].prop_map(Call::Write),
        2 => which().prop_map(Call::AddRef),
        6 => which().prop_map(Call::Release),
        3 => which().prop_map(Call::Read),
        3 => which().prop_map(Call::Unread),
        1 => which().prop_map(Call::Hold),
        2 => which().prop_map(Call::DropHeld),
        1 => which().prop_map(Call::Stale),
        1 => (which(), any::<u64>(), any::<u32>(), any::<u32>()).prop_map(|(a, b, c, d)| Call::Forged(a, b, c, d)),
        1 => Just(Call::Reset),
    ]
}

/// What the model knows of a payload.
#[derive(Default)]
struct Entry {
    bytes: Vec<u8>,
    refs: u32,
    held: u32,
    leases: u32,
}

struct Model {
    arena: Arena,
    alive: HashMap<ArenaRef, Entry>,
    order: Vec<ArenaRef>,
    gone: Vec<ArenaRef>,
    leases: Vec<Lease>,
    epoch: u64,
    writes: u8,
}

impl Model {
    fn new(capacity: u64) -> Self {
        let arena = Arena::anonymous(capacity).unwrap();
        let (alive, order, gone, leases) = Default::default();
        Self { arena, alive, order, gone, leases, epoch: 0, writes: 0 }
    }

    fn usable(&self) -> u64 {
        self.arena.capacity() & !7
    }

    fn pick(&self, which: usize) -> Option<ArenaRef> {
        (!self.order.is_empty()).then(|| self.order[which % self.order.len()])
    }

    /// Forgets `at` if nobody keeps it; whether that is so.
    fn bury(&mut self, at: ArenaRef) -> bool {
        let entry = &self.alive[&at];
        let dead = entry.refs + entry.held + entry.leases == 0;
        if dead {
            self.alive.remove(&at);
            self.order.retain(|&other| other != at);
            self.gone.push(at);
        }
        dead
    }

    fn write(&mut self, len: usize) {
        self.writes = self.writes.wrapping_add(1);
        let bytes = vec![self.writes; len];
        match self.arena.write(&bytes) {
            Ok(at) => {
                assert!(!self.gone.contains(&at), "a dead reference came back");
                self.order.push(at);
                assert!(self.alive.insert(at, Entry { bytes, refs: 1, ..Entry::default() }).is_none());
            }
            Err(ArenaError::OutOfSpace { requested, available }) => {
                assert_eq!(requested, len as u64);
                assert_eq!(available, self.usable() - self.arena.used());
                assert!(
                    !self.alive.is_empty() || requested > self.usable(),
                    "an empty arena had no room for {len} bytes"
                );
            }
            Err(other) => panic!("{other}"),
        }
    }

    fn release(&mut self, at: ArenaRef, held: bool) {
        let entry = self.alive.get_mut(&at).unwrap();
        let result = if held { self.arena.drop_held(at) } else { self.arena.release(at) };
        let count = if held { &mut entry.held } else { &mut entry.refs };
        *count -= 1;
        assert_eq!(result.unwrap(), self.bury(at));
    }

    fn step(&mut self, call: &Call) {
        match *call {
            Call::Write(len) => self.write(len),
            Call::Stale(which) => self.expect_stale(which),
            Call::Forged(which, offset, len, ref_slot) => self.forged(which, offset, len, ref_slot),
            Call::Reset => self.reset(),
            Call::Unread(which) => self.unread(which),
            Call::AddRef(which)
            | Call::Release(which)
            | Call::Read(which)
            | Call::Hold(which)
            | Call::DropHeld(which) => {
                if let Some(at) = self.pick(which) {
                    self.step_at(call, at);
                }
            }
        }
    }

    fn step_at(&mut self, call: &Call, at: ArenaRef) {
        let entry = self.alive.get_mut(&at).unwrap();
        match call {
            Call::AddRef(_) => {
                entry.refs += 1;
                assert_eq!(self.arena.add_ref(at).unwrap(), entry.refs + entry.held + entry.leases);
            }
            Call::Release(_) if entry.refs > 0 => self.release(at, false),
            Call::DropHeld(_) if entry.held > 0 => self.release(at, true),
            Call::Hold(_) if entry.refs > 0 => {
                (entry.refs, entry.held) = (entry.refs - 1, entry.held + 1);
                self.arena.hold(at).unwrap();
            }
            Call::Read(_) => {
                entry.leases += 1;
                self.leases.push(self.arena.read(at).unwrap());
            }
            // Only leases are left: a release too many.
            Call::Release(_) if entry.held == 0 => {
                assert_eq!(self.arena.release(at).unwrap_err().code(), "E_STALE_REF");
            }
            _ => {}
        }
    }

    fn unread(&mut self, which: usize) {
        if self.leases.is_empty() {
            return;
        }
        let lease = self.leases.swap_remove(which % self.leases.len());
        let at = lease.reference();
        assert_eq!(&*lease, self.alive[&at].bytes);
        drop(lease);
        self.alive.get_mut(&at).unwrap().leases -= 1;
        self.bury(at);
    }

    fn expect_stale(&self, which: usize) {
        if !self.gone.is_empty() {
            let at = self.gone[which % self.gone.len()];
            let codes =
                [self.arena.read(at).map(drop), self.arena.release(at).map(drop), self.arena.add_ref(at).map(drop)];
            for result in codes {
                assert_eq!(result.unwrap_err().code(), "E_STALE_REF");
            }
        }
    }

    fn forged(&self, which: usize, offset: u64, len: u32, ref_slot: u32) {
        let real = self.pick(which).unwrap_or(ArenaRef { offset: 0, len: 8, ref_slot: 0 });
        let tries = [
            ArenaRef { offset, len, ref_slot },
            ArenaRef { offset, ..real },
            ArenaRef { len, ..real },
            ArenaRef { ref_slot, ..real },
            ArenaRef { offset: real.offset.wrapping_add(8), ..real },
        ];
        for at in tries.into_iter().filter(|at| !self.alive.contains_key(at)) {
            let error = self.arena.read(at).unwrap_err();
            assert!(matches!(error, ArenaError::InvalidRef { .. } | ArenaError::StaleRef { .. }), "{error}");
            assert!(self.arena.release(at).is_err() && self.arena.hold(at).is_err());
        }
    }

    fn reset(&mut self) {
        let leases = self.leases.len() as u64;
        let in_flight = self.alive.values().map(|entry| u64::from(entry.held)).sum();
        match self.arena.reset() {
            Ok(()) => {
                assert_eq!((leases, in_flight), (0, 0));
                self.epoch += 1;
                self.alive.clear();
                self.gone.append(&mut self.order);
            }
            Err(ArenaError::Busy { leases: found, in_flight: flying }) => {
                assert_eq!((found, flying), (leases, in_flight));
                assert!(leases + in_flight > 0);
            }
            Err(other) => panic!("{other}"),
        }
    }

    fn check(&self) {
        assert_eq!(self.arena.epoch(), self.epoch);
        let rounded: u64 = self.alive.values().map(|entry| (entry.bytes.len() as u64).next_multiple_of(8)).sum();
        assert!(self.arena.used() >= rounded && self.arena.used() <= self.arena.capacity());
        assert!(self.arena.high_water() >= self.arena.used());
        for (&at, entry) in &self.alive {
            assert_eq!(&*self.arena.read(at).unwrap(), entry.bytes);
        }
    }

    fn end(mut self) {
        while !self.leases.is_empty() {
            self.unread(0);
        }
        while let Some(at) = self.pick(0) {
            let held = self.alive[&at].refs == 0;
            self.release(at, held);
        }
        assert_eq!((self.arena.used(), self.arena.in_flight(), self.arena.spans_taken()), (0, 0, 0));
        assert!(self.arena.write(&vec![0; self.arena.capacity() as usize * 9 / 10]).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nb_24_to_nb_28_as_the_model(log in 6..22u32, odd in 0..40u64, calls in prop::collection::vec(call(), 1..CALLS)) {
        let mut model = Model::new((1 << log) + odd);
        for (at, call) in calls.into_iter().enumerate() {
            model.step(&call);
            if at % 16 == 0 {
                model.check();
            }
        }
        model.check();
        model.end();
    }
}
