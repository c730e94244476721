//! Every set of vector instructions that this machine has gives the bits of the portable one (FE-16).
#![allow(clippy::unwrap_used)]

mod bursts;

use bursts::{all, bits, drive, engine, plain};
use neuronbus_connectome::{BurstOptions, InstructionSet, NeuronTable, Potential};
use proptest::prelude::*;

/// Finite numbers of every kind, the smallest and the largest too.
fn number() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => -2.0_f32..2.0,
        1 => any::<f32>().prop_filter("finite", |number| number.is_finite()),
        1 => prop::sample::select(vec![0.0, -0.0, f32::MIN_POSITIVE / 2.0, f32::MAX, f32::MIN, 1e37]),
    ]
}

fn neurons() -> impl Strategy<Value = NeuronTable> {
    let potential = || number().prop_map(|number| number.clamp(-1e37, 1e37));
    let hot = (number(), prop_oneof![0.0_f32..=1.0, Just(0.0), Just(1.0)], potential(), potential(), 0_u16..4);
    let rare = (prop_oneof![3 => Just(1.0_f32), 1 => 0.0_f32..1.0], 0_u16..3, 0_u16..3, 0_u8..2);
    prop::collection::vec((hot, rare), 1..300).prop_map(|all| {
        let mut table = plain(all.len());
        for (at, ((threshold, leak, rest, reset, refractory), rare)) in all.into_iter().enumerate() {
            table.thresholds[at] = threshold;
            table.leaks[at] = leak;
            table.rests[at] = rest;
            table.resets[at] = reset;
            table.refractory[at] = refractory;
            (table.excitabilities[at], table.consecutive_limits[at]) = (rare.0, rare.1);
            (table.snoozes[at], table.accumulate[at]) = (rare.2, rare.3);
        }
        table
    })
}

#[test]
fn fe_16_the_portable_set_is_always_there_and_the_best_is_used() {
    let names: Vec<_> = InstructionSet::all().into_iter().map(InstructionSet::name).collect();
    assert_eq!((names[0], names.last()), ("portable", Some(&InstructionSet::best().name())));
    let engine = engine(BurstOptions::default(), plain(1).columns());
    assert_eq!(engine.instruction_set(), InstructionSet::best());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fe_16_each_instruction_set_gives_the_bits_of_the_portable_one(
        table in neurons(), injected in prop::collection::vec(number(), 300), seed in any::<u64>(),
    ) {
        let neurons = table.areas.len();
        let lives = InstructionSet::all().into_iter().map(|set| {
            let mut engine = engine(BurstOptions { seed, ..BurstOptions::default() }, table.columns());
            // Each to three others, so that sums arrive.
            let pairs: Vec<_> = (0..neurons * 3).map(|at| ((at % neurons) as u32, (at * 7 % neurons) as u32)).collect();
            bursts::connect(&mut engine, &pairs);
            engine.set_instruction_set(set);
            let mut life = Vec::new();
            for _ in 0..12 {
                drive(&mut engine, &all(neurons));
                engine.inject(&all(neurons), Potential::Each(&injected[..neurons])).unwrap();
                let fired = engine.burst(|| 0).fired.to_vec();
                life.push((fired, bits(&engine), engine.save()));
            }
            life
        });
        let lives: Vec<_> = lives.collect();
        for life in &lives {
            prop_assert_eq!(life, &lives[0]);
        }
    }
}
