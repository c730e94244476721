//! Membranes and refractoriness through the loop (NB-38, NB-39; semantics.md, "The membrane").
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Connection, CortexConfig, Wake};
use neuronbus_neuron::{FireOptions, Membrane};
use neuronbus_spike::{NeuronId, SpikeKind};
use support::{World, eager, inline, quiet, small};

fn pair(membrane: Membrane) -> (World, NeuronId, NeuronId) {
    let mut world = World::default();
    let (pre, post) = (world.native(quiet()), world.native(membrane));
    (world, pre, post)
}

fn send(world: &mut World, pre: NeuronId, post: NeuronId, weight: f32, kind: SpikeKind) {
    world.cortex.connect(pre, post, Connection::new().weight(weight).no_stdp()).unwrap();
    let options = FireOptions { kind, ..FireOptions::default() };
    world.cortex.lend(pre, |handle| handle.fire(post, b"", options)).unwrap().unwrap();
    world.cortex.settle();
}

#[test]
fn nb_38_potential_after_a_tick_with_one_half_is_0_475() {
    let (mut world, pre, post) = pair(Membrane::default());
    send(&mut world, pre, post, 0.5, SpikeKind::Excitatory);
    world.tick();
    assert_eq!(world.cortex.potential(post).unwrap().to_bits(), 0.475_f32.to_bits());
    assert_eq!(world.cortex.crossed(post).unwrap(), 0);
}

#[test]
fn nb_38_half_and_half_does_not_fire_half_and_six_tenths_does() {
    for (second, fires) in [(0.5, 0), (0.6, 1)] {
        let mut world = World::default();
        let (a, b, post) = (world.native(quiet()), world.native(quiet()), world.native(Membrane::default()));
        send(&mut world, a, post, 0.5, SpikeKind::Excitatory);
        send(&mut world, b, post, second, SpikeKind::Excitatory);
        world.tick();
        assert_eq!(world.cortex.crossed(post).unwrap(), fires, "0.5 + {second}");
        let potential = world.cortex.potential(post).unwrap();
        assert!(if fires == 1 { potential == 0.0 } else { (potential - 0.95).abs() < 1e-6 }, "{potential}");
    }
}

#[test]
fn nb_38_inhibition_takes_away_and_the_last_spike_of_a_tick_decides() {
    let (mut world, pre, post) = pair(Membrane { leak: 1.0, ..Membrane::default() });
    send(&mut world, pre, post, 0.8, SpikeKind::Excitatory);
    world.tick();
    send(&mut world, pre, post, 0.5, SpikeKind::Inhibitory);
    world.tick();
    assert!((world.cortex.potential(post).unwrap() - 0.3).abs() < 1e-6);
    // Above the threshold in between, below it at the end: no crossing.
    let other = world.native(quiet());
    send(&mut world, pre, post, 0.9, SpikeKind::Excitatory);
    send(&mut world, other, post, 0.9, SpikeKind::Inhibitory);
    world.tick();
    assert_eq!(world.cortex.crossed(post).unwrap(), 0);
}

#[test]
fn nb_38_the_floor_acts_after_each_spike() {
    let mut world = World::default();
    let (a, b, post) =
        (world.native(quiet()), world.native(quiet()), world.native(Membrane { leak: 1.0, ..Membrane::default() }));
    for _ in 0..3 {
        send(&mut world, a, post, 1.0, SpikeKind::Inhibitory);
    }
    send(&mut world, b, post, 0.25, SpikeKind::Excitatory);
    world.tick();
    assert!((world.cortex.potential(post).unwrap() + 0.75).abs() < 1e-6, "rest − 1, then up again");
}

#[test]
fn nb_39_a_neuron_that_fires_in_tick_k_takes_nothing_until_k_plus_n_plus_1() {
    let mut world = World::default();
    let (pre, post) = (world.native(quiet()), world.native(eager(2)));
    world.connect(pre, post, 1.0);
    world.fire(pre, post, b"k");
    world.tick();
    assert_eq!(world.cortex.crossed(post).unwrap(), 1);
    assert_eq!(world.payloads(), [b"k"]);
    for tick in 1..=2_u8 {
        world.fire(pre, post, &[tick]);
        world.tick();
        assert!(world.seen().is_empty(), "defect 8: refractory neurons still got on_spike");
        let books = world.books();
        assert_eq!((books.deferred, books.in_flight), (u64::from(tick), u64::from(tick)));
        let credit = world.cortex.lend(pre, |handle| handle.credit()).unwrap();
        assert_eq!(credit, 1024 - u32::from(tick), "waiting ones keep their credit");
    }
    world.fire(pre, post, b"newer");
    world.tick();
    assert_eq!(world.payloads(), [&[1][..], &[2], b"newer"], "first in, first out, before newer spikes");
    assert_eq!(world.books().deferred, 0);
}

#[test]
fn nb_39_a_full_waiting_queue_holds_back_only_that_sender_at_the_head_of_its_axon() {
    let mut world = World::new(small(), 64);
    let (pre, other, post, free) =
        (world.native(quiet()), world.native(quiet()), world.native(eager(3)), world.native(quiet()));
    for (from, to) in [(pre, post), (pre, free), (other, post), (other, free)] {
        world.connect(from, to, 1.0);
    }
    world.fire(pre, post, b"cross");
    world.tick();
    for payload in [b"w0", b"w1", b"w2"] {
        world.fire(pre, post, payload);
    }
    world.fire(pre, free, b"behind");
    world.fire(other, free, b"passes");
    world.tick();
    assert_eq!(world.payloads(), [&b"cross"[..], b"passes"], "`pre` stands still, `other` goes on");
    assert_eq!((world.books().deferred, world.books().in_flight), (2, 4));
    let refused = world.cortex.lend(pre, |handle| handle.fire_to(free, b"more")).unwrap();
    assert_eq!(refused.unwrap_err().code(), "E_BACK_PRESSURE");
    world.ticks(2);
    assert!(world.seen().is_empty());
    world.tick();
    assert_eq!(world.payloads(), [&b"w0"[..], b"w1", b"w2", b"behind"]);
}

#[test]
fn nb_39_waiting_spikes_whose_inbox_is_full_never_reach_a_neuron_that_is_refractory_again() {
    let config = CortexConfig { defer_slots: 8, ..small() };
    let mut world = World::new(config, 2);
    let (pre, post) = (world.native(quiet()), world.outside(eager(1)));
    world.connect(pre, post, 1.0);
    world.fire(pre, post, b"0");
    world.tick();
    for payload in [b"1", b"2", b"3"] {
        world.fire(pre, post, payload);
    }
    world.tick();
    assert_eq!(world.books().deferred, 3);
    // One slot of the inbox is free: "1" arrives, makes the neuron cross, and leaves two spikes waiting.
    world.tick();
    assert_eq!(world.mail.crossed(post), 2);
    assert_eq!(world.books().deferred, 2);
    world.mail.take();
    world.tick();
    assert!(world.mail.take().is_empty(), "refractory");
    world.tick();
    let got: Vec<_> = world.mail.take().iter().map(|(_, spike)| inline(spike)).collect();
    assert_eq!(got, [b"2", b"3"]);
}

#[test]
fn nb_39_direct_waits_too_and_still_needs_no_synapse() {
    let mut world = World::default();
    let (pre, stranger, post) = (world.native(quiet()), world.outside(quiet()), world.native(eager(2)));
    world.connect(pre, post, 1.0);
    world.fire(pre, post, b"cross");
    world.tick();
    world.mail.fire_direct(stranger, post, b"direct");
    world.fire(pre, post, b"pruned");
    world.tick();
    assert_eq!(world.books().deferred, 2);
    world.cortex.disconnect(pre, post).unwrap();
    world.ticks(2);
    assert_eq!(world.payloads(), [&b"cross"[..], b"direct"]);
    let drops = world.drops();
    assert_eq!(
        drops,
        [(neuronbus_cortex::DropReason::NotConnected, pre.raw(), post.raw(), 1)],
        "pruning stops delivery"
    );
}

#[test]
fn nb_39_a_direct_spike_that_waits_survives_the_end_of_the_synapse_beside_it() {
    let mut world = World::default();
    let (pre, post) = (world.outside(quiet()), world.native(eager(2)));
    world.connect(pre, post, 1.0);
    world.mail.fire(pre, post, b"cross");
    world.tick();
    world.mail.fire_direct(pre, post, b"direct");
    world.tick();
    world.cortex.disconnect(pre, post).unwrap();
    world.ticks(2);
    assert_eq!(world.payloads(), [&b"cross"[..], b"direct"]);
}

#[test]
fn wake_tells_the_tick_in_which_a_waiting_queue_opens_and_skip_to_goes_there() {
    let mut world = World::default();
    let (pre, post) = (world.native(quiet()), world.native(eager(1000)));
    world.connect(pre, post, 1.0);
    assert_eq!(world.cortex.wake(), Wake::Never);
    world.fire(pre, post, b"cross");
    assert_eq!(world.cortex.wake(), Wake::Now);
    world.tick();
    world.fire(pre, post, b"waits");
    world.ticks(2);
    assert_eq!(world.cortex.wake(), Wake::AtTick(1002));
    world.cortex.skip_to(1002);
    world.seen();
    world.tick();
    assert_eq!(world.payloads(), [b"waits"]);
    assert_eq!(world.cortex.ticks(), 1002);
    world.ticks(2);
    assert_eq!(world.cortex.wake(), Wake::Never);
}

#[test]
fn a_direct_spike_leaves_the_membrane_alone_unless_there_is_a_synapse() {
    let mut world = World::default();
    let (pre, post) = (world.outside(quiet()), world.native(quiet()));
    world.mail.fire_direct(pre, post, b"direct");
    world.tick();
    assert_eq!((world.payloads(), world.cortex.potential(post).unwrap()), (vec![b"direct".to_vec()], 0.0));
    world.connect(pre, post, 0.5);
    world.mail.fire_direct(pre, post, b"direct");
    world.tick();
    assert!(world.cortex.potential(post).unwrap() > 0.4, "its weight applies");
}
