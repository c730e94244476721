//! NB-34, NB-36, defect 4: one suite for both kinds of table.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::NeuronId;
use neuronbus_synapse::{DENSE_NEURONS, Fanout, StdpOptions, SynapseBuilder, SynapseError, SynapseTable, TableKind};

const MS: u64 = 1_000_000;
const S: u64 = 1_000_000_000;

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

fn both(neurons: usize, test: impl Fn(SynapseTable)) {
    for kind in [TableKind::Dense, TableKind::Sparse] {
        let table = SynapseTable::new(neurons, kind).unwrap();
        assert_eq!((table.kind(), table.neurons()), (kind, neurons));
        test(table);
    }
}

fn connect(table: &mut SynapseTable, pre: u16, post: u16, weight: f32) {
    table.connect(id(pre), id(post), SynapseBuilder::new().weight(weight), 0).unwrap();
}

fn pairs(table: &SynapseTable) -> Vec<(u16, u16)> {
    table.iter().map(|synapse| (synapse.pre().raw(), synapse.post().raw())).collect()
}

fn ids(side: impl Iterator<Item = (NeuronId, neuronbus_synapse::SynapseIndex)>) -> Vec<u16> {
    side.map(|(other, _)| other.raw()).collect()
}

fn weight(table: &SynapseTable, pre: u16, post: u16) -> Option<f32> {
    Some(table.get(id(pre), id(post))?.weight_at(0))
}

#[test]
fn nb_36_the_kind_follows_the_size_or_is_chosen() {
    let kind = |neurons, kind| SynapseTable::new(neurons, kind).map(|table| table.kind());
    assert_eq!(kind(1, TableKind::Auto), Ok(TableKind::Dense));
    assert_eq!(kind(DENSE_NEURONS, TableKind::Auto), Ok(TableKind::Dense));
    assert_eq!(kind(DENSE_NEURONS + 1, TableKind::Auto), Ok(TableKind::Sparse));
    assert_eq!(kind(4, TableKind::Sparse), Ok(TableKind::Sparse));
    for (neurons, kind_asked) in
        [(0, TableKind::Auto), (0, TableKind::Sparse), (DENSE_NEURONS + 1, TableKind::Dense), (65_536, TableKind::Auto)]
    {
        let error = kind(neurons, kind_asked).unwrap_err();
        assert!(matches!(error, SynapseError::TableSize { neurons: found, .. } if found == neurons));
        assert_eq!(error.code(), "E_OUT_OF_RANGE");
    }
}

#[test]
fn nb_36_sixty_thousand_neurons() {
    let mut table = SynapseTable::new(60_000, TableKind::Auto).unwrap();
    for pre in (0..60_000).step_by(7) {
        connect(&mut table, pre, 59_999 - pre, 0.5);
    }
    assert_eq!(table.len(), 60_000_usize.div_ceil(7));
    assert_eq!(weight(&table, 7, 59_992), Some(0.5));
    assert_eq!(weight(&table, 8, 59_991), None);
    let error = table.connect(id(60_000), id(0), SynapseBuilder::new(), 0).unwrap_err();
    assert_eq!(error, SynapseError::UnknownNeuron { id: id(60_000), neurons: 60_000 });
}

#[test]
fn nb_36_the_last_possible_id() {
    let mut table = SynapseTable::new(NeuronId::COUNT, TableKind::Auto).unwrap();
    connect(&mut table, 65_534, 65_534, 0.5);
    let mut walk = Fanout::new(id(65_534));
    assert!(table.next(&mut walk).is_some());
    assert_eq!((table.next(&mut walk), walk.from_post()), (None, 65_535));
}

#[test]
fn nb_36_ids_past_the_end_are_refused() {
    both(16, |mut table| {
        for (pre, post, bad) in [(0, 16, 16), (16, 0, 16), (0, 65_534, 65_534), (17, 18, 17)] {
            let error = table.connect(id(pre), id(post), SynapseBuilder::new(), 0).unwrap_err();
            assert_eq!(error, SynapseError::UnknownNeuron { id: id(bad), neurons: 16 });
            assert_eq!(error.code(), "E_UNKNOWN_NEURON");
            assert_eq!(error.to_string(), format!("neuron {bad} is unknown; this bus has ids 0 to 15"));
            assert!(table.get(id(pre), id(post)).is_none() && table.disconnect(id(pre), id(post)).is_none());
        }
        assert!(table.is_empty());
        assert_eq!(ids(table.outgoing(id(16))), []);
        assert_eq!(ids(table.incoming(id(65_534))), []);
        assert_eq!(table.next_outgoing(id(99), 0), None);
        assert_eq!((table.remove_incoming(id(16)), table.remove_outgoing(id(16))), (0, 0));
        table.on_post_fired(id(16), 0, 1.0);
    });
}

#[test]
fn defect_4_no_pair_answers_for_another() {
    both(16, |mut table| {
        connect(&mut table, 1, 1, 0.7);
        assert_eq!(weight(&table, 0, 17), None);
        assert_eq!(weight(&table, 1, 1), Some(0.7));
        for pre in 0..64 {
            for post in 0..64 {
                assert_eq!(table.get(id(pre), id(post)).is_some(), (pre, post) == (1, 1), "({pre}, {post})");
            }
        }
    });
}

#[test]
fn nb_36_connect_again_updates_and_keeps() {
    both(4, |mut table| {
        connect(&mut table, 2, 3, 0.7);
        let index = table.index(id(2), id(3)).unwrap();
        let fast = StdpOptions { tau_plus_ms: 1.0, ..StdpOptions::default() };
        let synapse = table.connect(id(2), id(3), SynapseBuilder::new().stdp(fast), 0).unwrap();
        assert_eq!((synapse.weight_at(0).to_bits(), synapse.stdp()), (0.7_f32.to_bits(), Some(&fast)));
        assert_eq!((table.len(), table.index(id(2), id(3))), (1, Some(index)));
        assert!(table.connect(id(2), id(3), SynapseBuilder::new().weight(5.0), 0).is_err());
        assert!(table.connect(id(3), id(2), SynapseBuilder::new().weight(5.0), 0).is_err());
        assert_eq!((table.len(), weight(&table, 2, 3), weight(&table, 3, 2)), (1, Some(0.7), None));
    });
}

#[test]
fn nb_36_everything_is_in_id_order() {
    both(8, |mut table| {
        for (pre, post) in [(3, 7), (3, 0), (5, 3), (3, 3), (0, 3), (3, 5), (7, 3)] {
            connect(&mut table, pre, post, 0.5);
        }
        assert_eq!(pairs(&table), [(0, 3), (3, 0), (3, 3), (3, 5), (3, 7), (5, 3), (7, 3)]);
        assert_eq!(ids(table.outgoing(id(3))), [0, 3, 5, 7]);
        assert_eq!(ids(table.incoming(id(3))), [0, 3, 5, 7]);
        for (post, index) in table.outgoing(id(3)) {
            assert_eq!(table.at(index).map(|synapse| (synapse.pre(), synapse.post())), Some((id(3), post)));
        }
        let from = |post| table.next_outgoing(id(3), post).map(|(post, _)| post.raw());
        assert_eq!([from(0), from(1), from(3), from(6), from(8)], [Some(0), Some(3), Some(3), Some(7), None]);
    });
}

#[test]
fn nb_36_a_walk_goes_on_though_the_table_changes() {
    both(16, |mut table| {
        (0..16).step_by(2).for_each(|post| connect(&mut table, 1, post, 0.5));
        let mut walk = Fanout::new(id(1));
        let mut step = |table: &SynapseTable| table.next(&mut walk).map(|(post, _)| post.raw());
        assert_eq!([step(&table), step(&table)], [Some(0), Some(2)]);
        connect(&mut table, 1, 1, 0.5);
        connect(&mut table, 1, 5, 0.5);
        table.disconnect(id(1), id(0));
        assert_eq!([step(&table), step(&table), step(&table)], [Some(4), Some(5), Some(6)]);
        table.remove_outgoing(id(1));
        assert_eq!(step(&table), None);
        connect(&mut table, 1, 15, 0.5);
        assert_eq!([step(&table), step(&table)], [Some(15), None]);
        let resumed = table.next(&mut Fanout::from(id(1), 3)).map(|(post, _)| post.raw());
        assert_eq!(resumed, Some(15));
    });
}

#[test]
fn nb_36_a_freed_place_is_given_out_again() {
    both(4, |mut table| {
        connect(&mut table, 0, 1, 0.3);
        let index = table.index(id(0), id(1)).unwrap();
        let gone = table.disconnect(id(0), id(1)).unwrap();
        assert_eq!((gone.pre(), gone.post()), (id(0), id(1)));
        assert!(table.at(index).is_none() && table.is_empty() && table.disconnect(id(0), id(1)).is_none());
        connect(&mut table, 2, 3, 0.4);
        assert_eq!(table.index(id(2), id(3)), Some(index));
        assert_eq!((weight(&table, 0, 1), weight(&table, 2, 3)), (None, Some(0.4)));
    });
}

#[test]
fn nb_42_a_neuron_that_leaves_takes_its_synapses_along() {
    both(4, |mut table| {
        for pre in 0..4 {
            (0..4).for_each(|post| connect(&mut table, pre, post, 0.5));
        }
        assert_eq!(table.remove_incoming(id(2)), 4);
        assert_eq!((ids(table.incoming(id(2))), ids(table.outgoing(id(2)))), (vec![], vec![0, 1, 3]));
        assert_eq!(table.remove_outgoing(id(2)), 3);
        assert_eq!((table.len(), ids(table.incoming(id(0)))), (9, vec![0, 1, 3]));
    });
}

#[test]
fn nb_34_prune_takes_what_is_weak_now_and_the_path_stops() {
    both(8, |mut table| {
        let fading = StdpOptions { decay_per_second: 1.0, ..StdpOptions::default() };
        table.connect(id(5), id(1), SynapseBuilder::new().stdp(fading), 0).unwrap();
        table.connect(id(0), id(4), SynapseBuilder::new().stdp(fading), 0).unwrap();
        connect(&mut table, 0, 2, 0.01);
        connect(&mut table, 0, 3, 0.02);
        connect(&mut table, 7, 7, 0.001);
        let ends = |table: &mut SynapseTable, now_ns| -> Vec<_> {
            table.prune(0.01, now_ns).iter().map(|(pre, post, _)| (pre.raw(), post.raw())).collect()
        };
        assert_eq!(ends(&mut table, 0), [(0, 2), (7, 7)]);
        assert_eq!(ends(&mut table, S), []);
        // 0.5 · e^(−4) = 0.0092.
        let pruned = table.prune(0.01, 4 * S);
        let faded = 0.5 * (-4.0_f32).exp();
        assert!(pruned.iter().all(|(_, _, weight)| (weight - faded).abs() < 1e-6), "{pruned:?}");
        assert_eq!(pruned.iter().map(|(pre, post, _)| (pre.raw(), post.raw())).collect::<Vec<_>>(), [(0, 4), (5, 1)]);
        assert_eq!(pairs(&table), [(0, 3)]);
        assert_eq!((ids(table.outgoing(id(5))), ids(table.incoming(id(1)))), (vec![], vec![]));
        assert_eq!(table.prune(f32::NAN, 0), []);
    });
}

/// By Marsaglia's xorshift64.
fn one_in_fifty(state: &mut u64) -> bool {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    state.is_multiple_of(50)
}

/// Neuron 2 hears a driver (0) and a chatterer (1). Both speak at random; the driver's spikes make it fire.
/// Every 1,000 ticks, what is weak is pruned.
#[test]
fn nb_34_the_causal_path_grows_and_the_uncorrelated_one_is_pruned() {
    both(3, |mut table| {
        connect(&mut table, 0, 2, 0.5);
        connect(&mut table, 1, 2, 0.5);
        let (mut random, mut pruned) = (88_172_645_463_325_252_u64, Vec::new());
        for tick in 0..200_000_u64 {
            let (drives, chats) = (one_in_fifty(&mut random), one_in_fifty(&mut random));
            for pre in [drives.then_some(0), chats.then_some(1)].into_iter().flatten() {
                if let Some(synapse) = table.get_mut(id(pre), id(2)) {
                    synapse.on_delivery(tick * MS, 1.0);
                }
            }
            if drives {
                table.on_post_fired(id(2), tick * MS, 1.0);
            }
            if tick.is_multiple_of(1_000) {
                pruned.extend(table.prune(0.01, tick * MS));
            }
        }
        assert_eq!(pruned.iter().map(|(pre, post, _)| (pre.raw(), post.raw())).collect::<Vec<_>>(), [(1, 2)]);
        assert!(pruned[0].2 <= 0.01, "{pruned:?}");
        assert_eq!(weight(&table, 0, 2), Some(1.0));
        assert_eq!((weight(&table, 1, 2), ids(table.outgoing(id(1)))), (None, vec![]));
    });
}

#[test]
fn defect_5_a_firing_touches_only_what_comes_in() {
    both(8, |mut table| {
        for (pre, post) in [(0, 1), (1, 0), (2, 1), (1, 2)] {
            connect(&mut table, pre, post, 0.5);
            table.get_mut(id(pre), id(post)).unwrap().on_delivery(0, 1.0);
        }
        table.on_post_fired(id(1), 0, 1.0);
        let grown = |pre, post| weight(&table, pre, post).unwrap() > 0.5;
        assert!(grown(0, 1) && grown(2, 1) && !grown(1, 0) && !grown(1, 2));
    });
}
