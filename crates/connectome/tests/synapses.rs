//! Synapses and their rows: bytes, stages, and the order of rows (NP-6, NP-7, NP-16).
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Connection, Maturity, Rows, Stage, Synapse};
use proptest::prelude::*;
use std::mem::offset_of;

#[test]
fn np_6_a_synapse_is_eight_bytes() {
    assert_eq!(size_of::<Synapse>(), 8);
    let offsets = [
        offset_of!(Synapse, target),
        offset_of!(Synapse, weight),
        offset_of!(Synapse, delay),
        offset_of!(Synapse, eligibility),
        offset_of!(Synapse, maturity),
        offset_of!(Synapse, reserved),
    ];
    assert_eq!(offsets, [0, 2, 3, 4, 5, 6]);
    let synapse = Synapse { eligibility: -3, reserved: [9, 10], ..Synapse::new(0x1234, -5, 7) };
    assert_eq!(synapse.to_bytes(), [0x34, 0x12, 0xFB, 7, 0xFD, 4 << 2, 9, 10]);
    assert_eq!(Synapse::from_bytes(synapse.to_bytes()), synapse);
}

#[test]
fn np_16_a_synapse_ripens_in_exactly_8_24_and_63_steps() {
    let mut maturity = Maturity::new(Stage::Hot, 0);
    for (stage, steps) in [(Stage::Hot, 8), (Stage::Warm, 24), (Stage::Cool, 63)] {
        for step in 0..steps {
            assert_eq!((maturity.stage(), maturity.steps()), (stage, step));
            maturity = maturity.ripened();
        }
    }
    assert_eq!((maturity.stage(), maturity.steps()), (Stage::Cold, 0));
    assert_eq!((maturity.ripened(), maturity.withered()), (maturity, maturity));
}

#[test]
fn np_18_a_synapse_withers_to_half_of_the_stage_below_and_dies_hot() {
    let mut maturity = Maturity::new(Stage::Cool, 1);
    let mut seen = Vec::new();
    while !maturity.is_dead() {
        maturity = maturity.withered();
        seen.push((maturity.stage(), maturity.steps()));
    }
    let down = |stage, from: u8| (0..=from).rev().map(move |steps| (stage, steps));
    let expected = down(Stage::Cool, 0).chain(down(Stage::Warm, 12)).chain(down(Stage::Hot, 4));
    assert_eq!(seen, expected.collect::<Vec<_>>());
    assert_eq!(maturity.withered(), maturity);
    assert!(!maturity.ripened().is_dead());
}

fn connections() -> impl Strategy<Value = (usize, Vec<Connection>)> {
    (1_usize..20).prop_flat_map(|neurons| {
        let ids = 0..neurons as u16;
        let one =
            (ids.clone(), ids, any::<i8>(), 1_u8..9, any::<u8>()).prop_map(|(source, target, weight, delay, ripe)| {
                let synapse = Synapse { maturity: Maturity(ripe & 0b111), ..Synapse::new(target, weight, delay) };
                Connection { source, synapse }
            });
        (Just(neurons), prop::collection::vec(one, 0..100))
    })
}

proptest! {
    #[test]
    fn np_7_rows_hold_what_an_unsorted_list_holds((neurons, connections) in connections()) {
        let mut rows = Rows::build(neurons, &connections).unwrap();
        let of = |source, alive: bool| {
            let mine = connections.iter().filter(move |one| usize::from(one.source) == source);
            mine.map(|one| one.synapse).filter(move |synapse| !alive || !synapse.maturity.is_dead()).collect::<Vec<_>>()
        };
        for source in 0..neurons {
            prop_assert_eq!(rows.row(source), of(source, false));
        }
        let dead = connections.iter().filter(|one| one.synapse.maturity.is_dead()).count();
        prop_assert_eq!(rows.prune_dead(), dead);
        for source in 0..neurons {
            prop_assert_eq!(rows.row(source), of(source, true));
        }
        prop_assert_eq!((rows.neurons(), rows.len(), rows.is_empty()), (neurons, connections.len() - dead, connections.len() == dead));
        prop_assert!(rows.starts().is_sorted() && rows.row(neurons).is_empty() && rows.row_mut(neurons).is_empty());
    }
}

#[test]
fn defect_5_a_synapse_past_the_end_is_refused_and_not_wrapped() {
    for (source, target) in [(4, 0), (0, 4), (65_535, 65_535)] {
        let connection = Connection { source, synapse: Synapse::new(target, 1, 1) };
        assert!(Rows::build(4, &[connection]).is_err());
    }
    assert!(Rows::build(0, &[Connection { source: 0, synapse: Synapse::new(0, 1, 1) }]).is_err());
    assert!(Rows::build(0, &[]).unwrap().is_empty());
}
