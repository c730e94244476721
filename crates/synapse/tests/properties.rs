//! Both tables against a sorted map, and learning against a replay of the whole history.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::NeuronId;
use neuronbus_synapse::{StdpOptions, Synapse, SynapseBuilder, SynapseTable, TableKind};
use proptest::prelude::*;
use std::collections::BTreeMap;

const NEURONS: u16 = 9;
const MS: u64 = 1_000_000;

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

#[derive(Debug, Clone)]
enum Op {
    Connect(u16, u16, f32),
    Disconnect(u16, u16),
    RemoveIncoming(u16),
    RemoveOutgoing(u16),
    Prune(f32),
}

fn op() -> impl Strategy<Value = Op> {
    // Some ids are past the end, some weights outside the bounds.
    let any_id = || 0..NEURONS + 2;
    prop_oneof![
        8 => (any_id(), any_id(), -0.1_f32..1.2).prop_map(|(pre, post, weight)| Op::Connect(pre, post, weight)),
        3 => (any_id(), any_id()).prop_map(|(pre, post)| Op::Disconnect(pre, post)),
        1 => any_id().prop_map(Op::RemoveIncoming),
        1 => any_id().prop_map(Op::RemoveOutgoing),
        1 => (0.0_f32..0.4).prop_map(Op::Prune),
    ]
}

type Oracle = BTreeMap<(u16, u16), f32>;

fn apply(table: &mut SynapseTable, op: &Op) {
    match *op {
        Op::Connect(pre, post, weight) => {
            drop(table.connect(id(pre), id(post), SynapseBuilder::new().weight(weight), 0).map(|_| ()));
        }
        Op::Disconnect(pre, post) => drop(table.disconnect(id(pre), id(post))),
        Op::RemoveIncoming(post) => drop(table.remove_incoming(id(post))),
        Op::RemoveOutgoing(pre) => drop(table.remove_outgoing(id(pre))),
        Op::Prune(below) => drop(table.prune(below, 0)),
    }
}

fn apply_naively(oracle: &mut Oracle, op: &Op) {
    match *op {
        Op::Connect(pre, post, weight) if pre < NEURONS && post < NEURONS && (0.001..=1.0).contains(&weight) => {
            oracle.insert((pre, post), weight);
        }
        Op::Connect(..) => {}
        Op::Disconnect(pre, post) => drop(oracle.remove(&(pre, post))),
        Op::RemoveIncoming(id) => oracle.retain(|(_, post), _| *post != id),
        Op::RemoveOutgoing(id) => oracle.retain(|(pre, _), _| *pre != id),
        Op::Prune(below) => oracle.retain(|_, weight| *weight > below),
    }
}

fn compare(table: &SynapseTable, oracle: &Oracle) -> Result<(), TestCaseError> {
    let seen: Vec<_> = table.iter().map(|s| ((s.pre().raw(), s.post().raw()), s.weight_at(0))).collect();
    let expected: Vec<_> = oracle.iter().map(|(pair, weight)| (*pair, *weight)).collect();
    prop_assert_eq!(&seen, &expected);
    prop_assert_eq!(table.len(), oracle.len());
    for one in 0..NEURONS + 2 {
        let posts: Vec<_> = table.outgoing(id(one)).map(|(post, _)| (one, post.raw())).collect();
        let pres: Vec<_> = table.incoming(id(one)).map(|(pre, _)| (pre.raw(), one)).collect();
        prop_assert_eq!(posts, oracle.keys().filter(|(pre, _)| *pre == one).copied().collect::<Vec<_>>());
        prop_assert_eq!(pres, oracle.keys().filter(|(_, post)| *post == one).copied().collect::<Vec<_>>());
        for other in 0..NEURONS + 2 {
            let found = table.index(id(one), id(other)).and_then(|index| table.at(index));
            let found = found.map(|synapse| (synapse.pre().raw(), synapse.post().raw()));
            prop_assert_eq!(found, oracle.contains_key(&(one, other)).then_some((one, other)));
            let next = table.next_outgoing(id(one), other).map(|(post, _)| (one, post.raw()));
            prop_assert_eq!(next, oracle.range((one, other)..(one + 1, 0)).next().map(|(pair, _)| *pair));
        }
    }
    Ok(())
}

/// What the semantics say, from the whole history: a pairing consumes all that came before it; the nearest spike of the
/// other side since then is the partner.
fn replay(history: &[(u64, bool)], options: &StdpOptions) -> f64 {
    let (mut weight, mut begin) = (0.5_f64, 0);
    for (at, (now, is_pre)) in history.iter().enumerate() {
        let partner = history[begin..at].iter().rev().find(|(_, other_is_pre)| other_is_pre != is_pre);
        let Some((then, _)) = partner else { continue };
        let dt_ms = (now - then) as f64 / 1e6;
        let change = match is_pre {
            true if now == then => continue,
            true => f64::from(-options.a_minus) * (-dt_ms / f64::from(options.tau_minus_ms)).exp(),
            false => f64::from(options.a_plus) * (-dt_ms / f64::from(options.tau_plus_ms)).exp(),
        };
        weight = (weight + change).clamp(f64::from(options.w_min), f64::from(options.w_max));
        begin = at + 1;
    }
    weight
}

proptest! {
    #[test]
    fn nb_36_both_tables_equal_a_sorted_map(ops in prop::collection::vec(op(), 1..80)) {
        let mut oracle = Oracle::new();
        let mut tables = [TableKind::Dense, TableKind::Sparse]
            .map(|kind| SynapseTable::new(usize::from(NEURONS), kind).unwrap());
        for op in &ops {
            apply_naively(&mut oracle, op);
            for table in &mut tables {
                apply(table, op);
                compare(table, &oracle)?;
            }
        }
    }

    #[test]
    fn nb_33_learning_equals_a_replay_of_the_history(
        steps in prop::collection::vec((0_u64..40, any::<bool>()), 1..200),
        a_plus in 0.0_f32..0.2,
        a_minus in 0.0_f32..0.2,
        tau_minus_ms in 1.0_f32..50.0,
    ) {
        let options = StdpOptions { a_plus, a_minus, tau_minus_ms, ..StdpOptions::default() };
        let mut synapse = SynapseBuilder::new().stdp(options).build(id(0), id(1), 0).unwrap();
        let mut now = 0;
        let history: Vec<_> = steps.iter().map(|(ms, is_pre)| { now += ms * MS; (now, *is_pre) }).collect();
        for (at, (now, is_pre)) in history.iter().enumerate() {
            let after = if *is_pre { synapse.on_delivery(*now, 1.0) } else { synapse.on_post(*now, 1.0) };
            let expected = replay(&history[..=at], &options);
            prop_assert!((f64::from(after) - expected).abs() < 1e-4, "step {at}: {after}, expected {expected}");
        }
    }

    #[test]
    fn nb_29_weights_stay_in_bounds_whatever_happens(
        steps in prop::collection::vec((0_u64..1 << 40, any::<bool>(), 0.0_f32..=2.0), 1..100),
        amplitude in prop_oneof![0.0_f32..5.0, Just(f32::MAX)],
        bounds in (0.000_1_f32..0.5, 0.5_f32..20.0),
        decay_per_second in prop_oneof![Just(0.0_f32), 0.0_f32..100.0, Just(f32::MAX)],
    ) {
        let (w_min, w_max) = bounds;
        let options = StdpOptions {
            a_plus: amplitude, a_minus: amplitude, w_min, w_max, decay_per_second, ..StdpOptions::default()
        };
        let mut synapse: Synapse = SynapseBuilder::new().stdp(options).build(id(0), id(1), 0).unwrap();
        let mut now = 0;
        for (ns, is_pre, gain) in steps {
            now += ns;
            prop_assert!((w_min..=w_max).contains(&synapse.weight_at(now)));
            let after = if is_pre { synapse.on_delivery(now, gain) } else { synapse.on_post(now, gain) };
            prop_assert!((w_min..=w_max).contains(&after), "{after}");
        }
    }
}
