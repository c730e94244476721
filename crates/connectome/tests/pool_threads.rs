//! A pool gives the same bits for any number of threads (FE-16). Without the feature `threads` one thread does the tasks of all.
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Levels, Mode, NeuronPool, PoolConfig, codec};

/// A current for each neuron, another one in each tick.
fn current(tick: usize) -> Vec<i16> {
    (0..1_200).map(|at| i16::try_from((at * 977 + tick * 331) % 12_000).unwrap()).collect()
}

/// A life with enough to do for several threads: the file at its end, who fired in each tick, and the file in the middle.
fn life(threads: usize) -> (Vec<u8>, Vec<Vec<u8>>, Vec<u8>) {
    let config = PoolConfig { max_synapses: 400, seed: 5, threads, ..PoolConfig::default() };
    let mut pool = NeuronPool::with_random_connectivity("p", 1_200, 0.3, config).unwrap();
    let (mut fired, mut middle) = (Vec::new(), Vec::new());
    for tick in 0..60_usize {
        pool.tick(&current(tick)).unwrap();
        fired.push(pool.fired().to_vec());
        if tick % 20 == 9 {
            pool.apply_modulation(Levels { dopamine: 200, cortisol: 40, acetylcholine: 0 });
        }
        if tick == 33 {
            middle = codec::write(&pool);
        }
    }
    pool.settle();
    (codec::write(&pool), fired, middle)
}

#[test]
fn fe_16_np_24_a_pool_gives_the_same_bits_for_every_number_of_threads() {
    let one = life(1);
    let most = one.1.iter().map(|fired| fired.iter().filter(|fired| **fired != 0).count()).max().unwrap();
    // So many rows of about 360 are above the bound from which on threads are used.
    assert!(most * 360 > 16_384, "{most}");
    for threads in [2, 3, 4, 64] {
        assert!(life(threads) == one, "{threads}");
    }
}

#[test]
fn fe_16_the_number_of_threads_can_change_at_any_time() {
    let config = PoolConfig { max_synapses: 400, seed: 5, ..PoolConfig::default() };
    let mut one = NeuronPool::with_random_connectivity("p", 1_200, 0.3, config).unwrap();
    let mut many = one.clone();
    for tick in 0..40_usize {
        many.set_threads(1 + tick % 5).unwrap();
        one.tick(&current(tick)).unwrap();
        many.tick(&current(tick)).unwrap();
        assert_eq!(one.fired(), many.fired());
    }
    assert_eq!(codec::write(&one), codec::write(&many));
    let before = many.clone();
    assert!(many.set_threads(0).is_err() && many.set_threads(65).is_err());
    assert_eq!(many, before);
}

#[test]
fn fe_16_np_24_what_several_threads_have_sent_is_in_the_file() {
    let (_, fired, middle) = life(4);
    let mut pool = codec::read(&middle, Mode::Product).unwrap();
    for (tick, fired) in fired.iter().enumerate().skip(34).take(6) {
        pool.tick(&current(tick)).unwrap();
        assert_eq!(pool.fired(), fired);
    }
}
