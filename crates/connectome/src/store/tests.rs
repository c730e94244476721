//! Rows with delays against plain loops: no engine has such rows yet, so this cannot be seen from outside.

use super::{
    deliver::{Busy, DelaySums},
    record::{Channel, Edge, Place, part_size},
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
        edges in edges(300), threads in 1_usize..9, tasks in 1_usize..9,
        fired in prop::collection::vec(prop::collection::btree_set(0_u32..300, 0..150), 1..12),
    ) {
        let part_size = part_size(300, threads);
        let edge = |id: u32| edges[id as usize];
        let rows = StaticRows::new(&Order { sources: 300, part_size, ids: edges.len() as u32, edge: &edge });
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
            let (slots, shares) = (sums.slots(), rows.shares(300, tasks).collect::<Vec<_>>());
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

#[test]
fn a_part_is_a_multiple_of_64_and_its_targets_have_16_bits() {
    for (neurons, threads, size) in [(0, 1, 64), (1, 64, 64), (65, 1, 128), (1_000, 4, 256), (1 << 20, 1, 65_536)] {
        assert_eq!(part_size(neurons, threads), size);
    }
}

#[test]
fn places_ascend_by_part_then_delay_then_channel_then_target() {
    let place = |target, delay, channel| Place::new(&Edge { source: 0, target, weight: 0, delay, channel }, 64);
    let ascending = [
        place(62, 1, Channel::Excitatory),
        place(63, 1, Channel::Excitatory),
        place(0, 1, Channel::Inhibitory),
        place(0, 255, Channel::Excitatory),
        place(64, 1, Channel::Excitatory),
    ];
    assert!(ascending.is_sorted());
    let group = ascending[3].begin_group(7);
    assert_eq!((group.begin, group.part, group.delay, group.channel), (7, 0, 255, 0));
    let group = place(64 * 700 + 3, 2, Channel::Inhibitory);
    assert_eq!((group.begin_group(0).part, group.begin_group(0).channel, group.record(9).target), (700, 1, 3));
}
