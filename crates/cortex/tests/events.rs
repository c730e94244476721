//! What listeners are told of: every drop, however many there are (NB-47), and every pruned synapse (NB-34).
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Connection, CortexConfig, DropReason, Event, Events};
use neuronbus_spike::NeuronId;
use support::{World, id, quiet};

const SLOTS: usize = 4096;

/// A world with `senders` neurons, each of which may have 4,096 spikes in flight.
fn world(senders: usize) -> (World, Vec<NeuronId>) {
    let config = CortexConfig { max_neurons: 64, axon_slots: SLOTS, prune_every_ticks: 1, ..CortexConfig::default() };
    let mut world = World::new(config, 64);
    let senders = (0..senders).map(|_| world.native(quiet())).collect();
    (world, senders)
}

/// Fires as often as each can, at neurons that nobody is.
fn flood(world: &mut World, senders: &[NeuronId], targets: u16) {
    for sender in senders {
        let fire = |handle: &mut neuronbus_neuron::Handle<'_>| {
            for number in 0..SLOTS as u16 {
                handle.fire_to(id(60_000 + number % targets), b"").unwrap();
            }
        };
        world.cortex.lend(*sender, fire).unwrap();
    }
}

/// Drops told of: events, and the drops that they stand for.
fn told(events: &[Event]) -> (usize, u64) {
    let counts = events.iter().filter_map(|event| match event {
        Event::Drop { count, .. } => Some(*count),
        Event::Prune { .. } => None,
    });
    (counts.clone().count(), counts.sum())
}

#[test]
fn nb_47_above_the_bound_drops_are_merged_and_their_count_stays_exact() {
    let (mut world, senders) = world(20);
    flood(&mut world, &senders, 2);
    world.tick();
    let dropped = world.books().dropped_for(DropReason::Unknown);
    assert_eq!(dropped, 20 * SLOTS as u64);
    let events = world.cortex.take_events();
    // The first 65,536 one by one; then, of the four senders that came last, one event for each of two targets.
    assert_eq!((told(&events), world.books().events_lost), ((Events::CAPACITY + 8, dropped), 0));
    assert!(events[..Events::CAPACITY].iter().all(|event| matches!(event, Event::Drop { count: 1, .. })));
    let merged = Event::Drop { reason: DropReason::Unknown, source: 16, target: 60_001, sequence: 1, count: 2048 };
    assert_eq!(events[Events::CAPACITY + 1], merged, "with the first of its numbers, in id order");
    // What was fetched counts no more.
    flood(&mut world, &senders[..1], 1);
    world.tick();
    assert_eq!(told(&world.cortex.take_events()), (SLOTS, SLOTS as u64));
    assert!(world.cortex.take_events().is_empty());
}

#[test]
fn nb_47_the_queue_is_bounded_and_the_count_exact_whatever_the_pairs() {
    let (mut world, senders) = world(20);
    let mut dropped = 0;
    for _ in 0..4 {
        flood(&mut world, &senders, 4096);
        world.tick();
        dropped += 20 * SLOTS as u64;
    }
    let events = world.cortex.take_events();
    let bound = 2 * Events::CAPACITY + DropReason::ALL.len();
    assert_eq!(told(&events).1, dropped);
    assert!(events.len() <= bound, "{} events", events.len());
    let nameless = events.iter().filter(|event| matches!(event, Event::Drop { source: 0xFFFF, target: 0xFFFF, .. }));
    assert_eq!(nameless.count(), 1, "pairs beyond the bound are told of by their reason alone");
}

#[test]
fn nb_34_drops_crowd_out_no_pruned_synapse_and_the_queue_of_those_is_bounded_too() {
    let (mut world, senders) = world(64);
    for pre in &senders {
        for post in &senders {
            world.cortex.connect(*pre, *post, Connection::new().weight(0.005)).unwrap();
        }
    }
    flood(&mut world, &senders[..20], 1);
    world.tick();
    let events = world.cortex.take_events();
    let pruned: Vec<_> = events.iter().filter(|event| matches!(event, Event::Prune { .. })).collect();
    assert_eq!((pruned.len(), told(&events).1), (64 * 64, 20 * SLOTS as u64));
    // Nobody fetches: the queue fills up, and what finds it full is counted.
    let (mut runs, run) = (0, 64 * 64);
    while world.books().events_lost == 0 {
        for pre in &senders {
            for post in &senders {
                world.cortex.connect(*pre, *post, Connection::new().weight(0.005)).unwrap();
            }
        }
        world.tick();
        runs += 1;
    }
    assert_eq!((runs, world.books().events_lost), (Events::CAPACITY / run + 1, run as u64));
    assert_eq!(world.cortex.take_events().len(), Events::CAPACITY);
}

#[test]
fn nb_34_one_run_of_pruning_is_told_of_to_the_last_however_large() {
    let config = CortexConfig { max_neurons: 260, prune_every_ticks: 1, ..CortexConfig::default() };
    let mut world = World::new(config, 64);
    let neurons: Vec<_> = (0..260).map(|_| world.native(quiet())).collect();
    for (pre, post) in neurons.iter().flat_map(|pre| neurons.iter().map(move |post| (pre, post))) {
        world.cortex.connect(*pre, *post, Connection::new().weight(0.005)).unwrap();
    }
    world.tick();
    assert_eq!((world.cortex.take_events().len(), world.books().events_lost), (260 * 260, 0));
}

#[test]
fn who_does_not_watch_is_told_of_no_drop() {
    let (mut world, senders) = world(1);
    world.cortex.watch_drops(false);
    flood(&mut world, &senders, 1);
    world.tick();
    assert!(world.cortex.take_events().is_empty());
    assert_eq!((world.books().dropped_for(DropReason::Unknown), world.books().events_lost), (SLOTS as u64, 0));
}
