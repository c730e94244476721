//! A pool gives the same bits with every set of vector instructions that this machine has (FE-16, NP-1). With the feature `std`
//! there are several.
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{InstructionSet, NeuronPool, PoolConfig, codec};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn np_1_fe_16_each_instruction_set_gives_the_bits_of_the_portable_one(
        // Also such as leave a block half empty.
        neurons in 1_usize..300,
        refractory in any::<u8>(),
        trace_decay in any::<u8>(),
        stdp_positive in 0..=i8::MAX,
        columns in prop::collection::vec((any::<i16>(), any::<i16>(), any::<[u8; 3]>()), 1..80),
        inputs in prop::collection::vec((any::<i16>(), any::<bool>()), 1..40),
    ) {
        let config = PoolConfig { refractory: refractory % 6, trace_decay, stdp_positive, ..PoolConfig::default() };
        let mut pool = NeuronPool::with_random_connectivity("p", neurons, 0.1, config).unwrap();
        for (at, (membrane, threshold, [leak, refractory, trace])) in columns.into_iter().cycle().take(neurons).enumerate() {
            let to = pool.columns_mut();
            (to.membrane[at], to.threshold[at], to.leak[at]) = (membrane, threshold, leak);
            (to.refractory[at], to.trace[at]) = (refractory % 8, trace.cast_signed());
        }
        let lives = InstructionSet::all().into_iter().map(|set| {
            let mut pool = pool.clone();
            pool.set_instruction_set(set);
            let fired: Vec<_> = inputs.iter().map(|(seed, silent)| {
                let input: Vec<i16> = (0..neurons).map(|at| seed.wrapping_mul(at as u8 as i16 * 2 + 1)).collect();
                pool.tick(if *silent { &[] } else { &input }).unwrap();
                pool.fired().to_vec()
            }).collect();
            (fired, codec::write(&pool))
        });
        let lives: Vec<_> = lives.collect();
        prop_assert!(lives.iter().all(|life| *life == lives[0]));
    }
}
