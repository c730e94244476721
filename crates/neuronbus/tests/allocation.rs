//! No allocation per tick once a bus is warm: unicast, broadcast, deferral, payloads in the arena, watched axons (NB-9).
#![allow(clippy::unwrap_used, unsafe_code, clippy::disallowed_types)]

use neuronbus::{AgentCard, Bus, Connection, Handle, Membrane, Neuron, NeuronId, Spike};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    /// By this thread alone: the test harness allocates on its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn allocations() -> u64 {
    ALLOCATIONS.get()
}

fn count() {
    // A thread that ends may allocate when its locals are gone; nobody asks for its count.
    let _gone = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; the count beside it touches no memory of the caller.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as for `alloc`.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
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
