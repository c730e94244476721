//! `.pool` files of version 1: what they hold, and that a bad one is refused whatever its checksum says (NP-24, NP-25).
#![allow(clippy::unwrap_used)]

mod common;

use common::compat;
use neuronbus_connectome::{ConnectomeError, Levels, Mode, NeuronPool, PoolConfig, codec};
use proptest::prelude::*;

/// Both modes read the same files.
fn read(file: &[u8]) -> Result<NeuronPool, ConnectomeError> {
    let product = codec::read(file, Mode::Product);
    let read = codec::read(file, Mode::Compat);
    assert_eq!(product.err(), read.as_ref().err().cloned());
    read
}

fn sealed(mut file: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&file[16..]);
    file[12..16].copy_from_slice(&checksum.to_le_bytes());
    file
}

fn small() -> NeuronPool {
    NeuronPool::with_random_connectivity("ab", 10, 0.2, compat()).unwrap()
}

/// Driven for a while, then left until nothing is on its way.
fn used(neurons: usize, ticks: usize) -> NeuronPool {
    let mut pool = NeuronPool::with_random_connectivity("used", neurons, 0.1, compat()).unwrap();
    let input: Vec<i16> = (0..neurons).map(|at| if at % 3 == 0 { 9_000 } else { 0 }).collect();
    for tick in 0..ticks {
        pool.tick(&input).unwrap();
        if tick % 7 == 0 {
            pool.apply_modulation(Levels { dopamine: 200, cortisol: 40, acetylcholine: 0 });
        }
    }
    for _ in 0..9 {
        pool.tick(&vec![-9_000; neurons]).unwrap();
    }
    pool
}

#[test]
fn np_24_a_pool_named_ab_of_ten_neurons_is_196_bytes() {
    let file = codec::write_v1(&NeuronPool::new("ab", 10, compat()).unwrap());
    assert_eq!(file.len(), 196);
    assert_eq!(&file[..12], b"POOL\x01\0\0\0\x0a\0\0\0");
    assert_eq!(&file[16..20], b"\x02\0ab");
    assert_eq!(file[20..32], [10, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(file[40..54], [0x00, 0xBA, 0x00, 0xC9, 0x00, 0xBF, 2, 230, 1, 128, 0, 20, 0xF6, 8]);
}

#[test]
fn np_24_a_quiet_pool_and_its_copy_stay_the_same_for_a_thousand_ticks() {
    let config = PoolConfig { homeostasis: 0, ..compat() };
    let mut pool = NeuronPool::with_random_connectivity("quiet", 60, 0.1, config).unwrap();
    let mut copy = read(&codec::write_v1(&pool)).unwrap();
    assert_eq!(copy, pool);
    for tick in 0..1_000_i32 {
        let input: Vec<i16> = (0..60).map(|at| ((at * 977 + tick * 331) % 8_000) as i16).collect();
        assert_eq!(copy.tick(&input), pool.tick(&input));
        assert_eq!(copy, pool, "tick {tick}");
    }
    assert!(pool.fired().contains(&1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn np_24_a_file_read_and_written_again_is_the_same_file(neurons in 1_usize..80, ticks in 0_usize..60) {
        let file = codec::write_v1(&used(neurons, ticks));
        let read = read(&file).unwrap();
        prop_assert_eq!(codec::write_v1(&read), file);
    }

    #[test]
    fn np_25_bytes_at_random_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn np_25_bytes_at_random_under_a_right_head_do_no_harm(
        place in 0_usize..400,
        bytes in prop::collection::vec(any::<u8>(), 1..9),
    ) {
        let mut file = codec::write_v1(&small());
        let place = 16 + place % (file.len() - 16);
        for (byte, new) in file[place..].iter_mut().zip(bytes) {
            *byte = new;
        }
        // Whether it is a pool or not: what was read can be written, ticked and pruned.
        let file = sealed(file);
        for mut pool in [Mode::Product, Mode::Compat].into_iter().filter_map(|mode| codec::read(&file, mode).ok()) {
            for _ in 0..20 {
                pool.tick(&[i16::MAX; 10]).unwrap();
            }
            pool.apply_modulation(Levels { dopamine: 255, cortisol: 0, acetylcholine: 0 });
            pool.synaptogenesis(200);
            pool.prune_dead();
            prop_assert!(read(&codec::write_v1(&pool)).is_ok());
            prop_assert_eq!(codec::read(&codec::write(&pool), Mode::Product), Ok(pool));
        }
    }
}

#[test]
fn np_25_every_flip_of_a_bit_and_every_truncation_is_refused() {
    let file = codec::write_v1(&small());
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            assert!(read(&flipped).is_err(), "bit {bit} of byte {at}");
        }
        assert!(read(&file[..at]).is_err(), "{at} bytes");
        assert!(at < 16 || read(&sealed(file[..at].to_vec())).is_err(), "{at} bytes, sealed");
    }
    assert!(read(&sealed([&file[..], b"\0"].concat())).is_err());
}

#[test]
fn np_25_hostile_content_under_a_right_checksum_is_refused_by_name() {
    let file = codec::write_v1(&small());
    let synapses = file.len() - 8 * small().rows().len();
    let rows = synapses - 4 - 4 * 11;
    let arrays = rows - 4 - 90;
    for (what, at, bytes) in [
        ("neurons are not 1 to 65,536", 8, &[0, 0, 0, 0][..]),
        ("neurons are not 1 to 65,536", 8, &[1, 0, 1, 0]),
        ("neurons are not 1 to 65,536", 8, &[255; 4]),
        ("the name is not UTF-8", 18, &[255, 255]),
        ("the neurons are counted twice, not the same", 20, &[9]),
        ("the flags say another number of inhibitory neurons", 24, &[9]),
        ("its ticks are more than any pool has", 39, &[0x41]),
        ("the flags say another number of inhibitory neurons", 28, &[255; 4]),
        ("a neuron has flags that nobody knows", arrays + 60, &[8]),
        ("a neuron has fired other than once or not", arrays + 80, &[2]),
        ("the rows are of another number of neurons", rows - 4, &[11]),
        ("rows and synapses do not fit together", rows, &[1]),
        ("rows and synapses do not fit together", rows + 4, &[255; 4]),
        ("it ends too early", synapses - 4, &[255; 4]),
        ("rows and synapses do not fit together", synapses, &[10]),
        ("rows and synapses do not fit together", synapses, &[255, 255]),
        ("a synapse has a delay that the config does not allow", synapses + 3, &[0]),
        ("a synapse has a delay that the config does not allow", synapses + 3, &[9]),
        ("a row is longer than the config allows", 49, &[1, 0]),
    ] {
        let mut bad = file.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        let refused = read(&sealed(bad)).unwrap_err();
        assert!(matches!(refused, ConnectomeError::Corrupt { what: found, .. } if found == what), "{what}: {refused}");
        assert_eq!(refused.code(), "E_CORRUPT");
    }
    let mut bad = file.clone();
    bad[53] = 9;
    let refused = read(&sealed(bad)).unwrap_err();
    assert_eq!(refused, ConnectomeError::OutOfRange { name: "max_delay", value: 9, min: 1, max: 8 });
    for (at, byte, what) in [
        (0, b'Q', "it does not begin with POOL"),
        (4, 3, "its version is neither 1 nor 2"),
        (6, 1, "flags that nobody knows"),
    ] {
        let mut bad = file.clone();
        bad[at] = byte;
        assert!(read(&bad).unwrap_err().to_string().contains(what));
    }
}
