//! Rows with delays against plain loops: no engine has such rows yet, so this cannot be seen from outside.

use super::{
    bounds::Bounds,
    deliver::{Busy, DelaySums},
    record::{Channel, Edge, Group, Place},
    rows::{Order, StaticRows},
};
use alloc::{vec, vec::Vec};
use proptest::prelude::*;

fn edges(neurons: u32) -> impl Strategy<Value = Vec<Option<Edge>>> {
    let delay = prop_oneof![1_u8..4, 250_u8..=255];
    let edge = (0..neurons, 0..neurons, any::<u16>(), delay, any::<bool>());
    let edge = edge.prop_map(|(source, target, weight, delay, excites)| {
        let channel = if excites { Channel::Excitatory } else { Channel::Inhibitory };
        Edge { source, target, weight, delay, channel }
    });
    prop::collection::vec(prop::option::weighted(0.9, edge), 0..600)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn fe_16_rows_with_delays_give_what_plain_loops_give_in_any_number_of_tasks(
        edges in edges(300), tasks in 1_usize..9,
        fired in prop::collection::vec(prop::collection::btree_set(0_u32..300, 0..150), 1..12),
    ) {
        let mut incoming = [0; 300];
        edges.iter().flatten().for_each(|edge| incoming[edge.target as usize] += 1);
        let edge = |id: u32| edges[id as usize];
        let rows = StaticRows::new(&Order { sources: 300, bounds: &Bounds::new(&incoming, tasks), ids: edges.len() as u32, edge: &edge });
        let mut order = Vec::new();
        rows.order(edges.len() as u32, &edge).each(|id, place, edge| order.push((edge.source, place, id)));
        prop_assert!(order.is_sorted());
        prop_assert_eq!((rows.len(), order.len()), (edges.iter().flatten().count(), rows.len()));
        let mut sums = DelaySums::new(255);
        sums.grow(300);
        let mut expected = vec![[[0_i32; 2]; 300]; 300];
        for (now, step) in expected.clone().iter().enumerate() {
            prop_assert_eq!(step.len(), 300);
            let arrived = sums.take_due().map_or_else(|| vec![[0; 2]; 300], |(excitatory, inhibitory)| {
                let both = excitatory.iter().zip(inhibitory.iter()).map(|(one, other)| [*one, *other]).collect();
                excitatory.fill(0);
                inhibitory.fill(0);
                both
            });
            prop_assert_eq!(&arrived[..], &expected[now][..]);
            // What was taken is not looked at again.
            prop_assert!(sums.due().is_none());
            for source in fired.get(now).into_iter().flatten() {
                for edge in edges.iter().flatten().filter(|edge| edge.source == *source) {
                    if let Some(later) = expected.get_mut(now + usize::from(edge.delay)) {
                        later[edge.target as usize][edge.channel as usize] += i32::from(edge.weight);
                    }
                }
            }
            let (slots, shares) = (sums.slots(), rows.shares(300).collect::<Vec<_>>());
            let mut busy = Busy::default();
            for (share, mut slices) in shares.iter().zip(sums.split(&shares)) {
                let sources = fired.get(now).into_iter().flatten().copied().collect::<Vec<_>>();
                rows.deliver(&sources, share, slots, &mut slices, &mut busy);
            }
            sums.mark(busy);
            sums.advance();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn shares_lie_side_by_side_and_have_as_many_synapses_as_steps_of_64_neurons_allow(
        incoming in prop::collection::vec(prop_oneof![Just(0), 0_u32..200, Just(33_025)], 0..3_000),
        tasks in 1_usize..9, younger in 0_usize..100,
    ) {
        let (bounds, neurons) = (Bounds::new(&incoming, tasks), incoming.len() + younger);
        let shares: Vec<_> = bounds.shares(neurons).map(|share| share.neurons).collect();
        prop_assert!((1..=tasks).contains(&shares.len()) && shares.len() == bounds.len());
        prop_assert_eq!((shares[0].start, shares[shares.len() - 1].end), (0, neurons));
        prop_assert!(shares.windows(2).all(|pair| pair[0].end == pair[1].start));
        for neuron in 0..neurons as u32 {
            let (partition, place) = bounds.place(neuron);
            prop_assert!(shares[partition].contains(&(neuron as usize)));
            prop_assert_eq!(shares[partition].start + place as usize, neuron as usize);
        }
        let load = |neurons: &[u32]| neurons.iter().map(|count| *count as usize).sum::<usize>();
        let most = incoming.chunks(64).map(load).max().unwrap_or(0);
        for share in shares {
            let known = share.start..share.end.min(incoming.len());
            prop_assert!(load(&incoming[known]) <= load(&incoming).div_ceil(tasks) + most);
        }
    }
}

#[test]
fn a_share_begins_at_a_multiple_of_64_where_enough_synapses_end() {
    let begins = |incoming: &[u32], tasks| {
        let bounds = Bounds::new(incoming, tasks);
        bounds.shares(incoming.len()).map(|share| share.neurons.start).collect::<Vec<_>>()
    };
    assert_eq!(begins(&[], 4), [0]);
    assert_eq!(begins(&[0; 1_000], 4), [0]);
    assert_eq!(begins(&[1; 65], 1), [0]);
    assert_eq!(begins(&[1; 65], 8), [0, 64]);
    assert_eq!(begins(&[1; 1_000], 4), [0, 256, 512, 768]);
    // If neurons were counted, the first share would have nothing to do.
    let at_the_end: Vec<u32> = (0..1_024).map(|neuron| u32::from(neuron >= 768)).collect();
    assert_eq!(begins(&at_the_end, 2), [0, 896]);
}

#[test]
fn places_ascend_by_partition_then_part_then_delay_then_channel_then_target() {
    let bounds = Bounds::new(&[1; 128], 2);
    let place = |target, delay, channel| Place::new(&Edge { source: 0, target, weight: 0, delay, channel }, &bounds);
    let ascending = [
        place(62, 1, Channel::Excitatory),
        place(63, 1, Channel::Excitatory),
        place(0, 1, Channel::Inhibitory),
        place(0, 255, Channel::Excitatory),
        place(64, 1, Channel::Excitatory),
        place(64 + 65_536, 1, Channel::Excitatory),
    ];
    assert!(ascending.is_sorted());
    assert_eq!(ascending.map(Place::partition), [0, 0, 0, 0, 1, 1]);
    let group = ascending[3].begin_group(7);
    assert_eq!((group.begin, group.part, group.delay, group.channel), (7, 0, 255, 0));
    let place = place(64 + 65_536 * 700 + 3, 2, Channel::Inhibitory);
    let group = place.begin_group(0);
    assert_eq!((group.part, group.channel, group.first(), place.record(9).target), (700, 1, 65_536 * 700, 3));
    assert!(group.is_like(Group { begin: 9, ..group }) && !group.is_like(Group { delay: 3, ..group }));
}
