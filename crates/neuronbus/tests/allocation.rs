//! No allocation per tick once a bus is warm: unicast, broadcast, deferral, payloads in the arena, watched axons (NB-9); and
//! the ring of a watched axon goes with its neuron (NB-42).
#![allow(clippy::unwrap_used, unsafe_code, clippy::disallowed_types)]

use neuronbus::{AgentCard, Bus, Connection, Handle, Membrane, Neuron, NeuronId, Spike};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    /// By this thread alone: the test harness allocates on its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// Bytes that this thread has taken and not given back.
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

fn allocations() -> u64 {
    ALLOCATIONS.get()
}

fn count() {
    // A thread that ends may allocate when its locals are gone; nobody asks for its count.
    let _gone = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

fn live(change: isize) {
    // As in `count`.
    let _gone = LIVE.try_with(|live| live.set(live.get() + change));
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; the count beside it touches no memory of the caller.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        live(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        live(-layout.size().cast_signed());
        // SAFETY: as for `alloc`.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        live(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as for `alloc`.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Fires one of each kind in each tick.
struct Busy(NeuronId);

impl Neuron for Busy {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        assert!(handle.payload(spike, <[u8]>::len).is_ok());
    }

    fn tick(&mut self, handle: &mut Handle<'_>, _: bool) {
        let _held_back = handle.fire_to(self.0, b"unicast").is_err()
            || handle.broadcast(b"broadcast").is_err()
            || handle.fire_to(self.0, &[1; 200]).is_err()
            || handle.broadcast(&[2; 200]).is_err();
    }
}

#[test]
fn nb_9_a_warm_tick_allocates_nothing() {
    let bus = Bus::builder().axon_capacity(64).defer_slots(8).max_neurons(64).build().unwrap();
    // Every third one crosses often, and is refractory for long: its waiting queue fills and holds senders back.
    let membrane =
        |raw: u16| Membrane { refractory_ticks: if raw.is_multiple_of(3) { 5 } else { 0 }, ..Membrane::default() };
    let id = |raw: u16| NeuronId::new(raw % 30).unwrap();
    for raw in 0..30 {
        let card = AgentCard::builder("busy").build().unwrap();
        bus.register_with(card, membrane(raw), Busy(id(raw + 1))).unwrap();
    }
    for raw in 0..30 {
        for next in 1..4 {
            bus.connect(id(raw), id(raw + next), Connection::new()).unwrap();
        }
    }
    let mut reader = bus.reader(id(7)).unwrap();
    let mut round = |ticks: u64| {
        for _ in 0..ticks {
            bus.tick().unwrap();
            while reader.try_read_next().unwrap().is_some() {}
        }
    };
    round(2_000);
    let (before, delivered) = (allocations(), bus.counters().delivered);
    round(1_000);
    let allocations = allocations() - before;
    let books = bus.counters();
    assert!(books.delivered - delivered > 50_000 && books.deferred > 0, "{books:?}");
    assert!(books.balanced() && books.handler_errors == 0);
    assert_eq!(allocations, 0, "in 1,000 ticks");
}

/// Only listens.
struct Silent;

impl Neuron for Silent {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}

    fn wants_tick(&self) -> bool {
        false
    }
}

#[test]
fn nb_42_the_ring_of_a_watched_axon_goes_with_its_neuron_and_its_last_reader() {
    const RING: isize = 4 << 20;
    let bus = Bus::builder().axon_capacity(1 << 16).max_neurons(4).build().unwrap();
    let register = || bus.register(AgentCard::builder("x").build().unwrap(), Silent).unwrap();
    let receiver = register();
    let round = |watched: bool| {
        let sender = register();
        bus.connect(sender, receiver, Connection::new()).unwrap();
        let before = LIVE.get();
        let reader = watched.then(|| bus.reader(sender).unwrap());
        assert_eq!(LIVE.get() - before > RING, watched, "a ring is made for a reader only");
        bus.lend(sender, |handle| handle.fire_to(receiver, b"")).unwrap().unwrap();
        bus.run(3).unwrap();
        bus.unregister(sender).unwrap();
        bus.run(3).unwrap();
        assert_eq!(LIVE.get() - before > RING, watched, "what a reader holds stays");
        drop(reader);
        before
    };
    round(false);
    let before = round(true);
    for watched in [true, true, false, true] {
        round(watched);
    }
    let left = LIVE.get() - before;
    assert!(left < RING / 16, "{left} bytes are left of four rings");
}
