//! `.pool` files of version 2: save, load and run is run, bit for bit, and a bad file is refused (NP-24, NP-25, defect 4).
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)]

mod common;
mod sections;

use common::compat;
use neuronbus_connectome::{ConnectomeError, Levels, Mode, NeuronPool, PoolConfig, codec};
use proptest::prelude::*;
use sections::{SECTION, sealed, sections};

const TAGS: [&[u8; 4]; 4] = [b"HEAD", b"BODY", b"RING", b"LIFE"];

fn random(neurons: usize, density: f32, mode: Mode, seed: u64) -> NeuronPool {
    let config = PoolConfig { mode, seed, ..PoolConfig::default() };
    NeuronPool::with_random_connectivity("ab", neurons, density, config).unwrap()
}

/// Ticks, modulators, growth and pruning, as the number of the tick has it.
fn live(pool: &mut NeuronPool, ticks: u64) {
    let neurons = pool.columns().len();
    for _ in 0..ticks {
        let tick = pool.ticks() as usize;
        let input: Vec<i16> =
            (0..neurons).map(|at| ((at * 977).wrapping_add(tick.wrapping_mul(331)) % 7_000) as i16).collect();
        pool.tick(if tick % 11 < 3 { &[] } else { &input }).unwrap();
        if tick.is_multiple_of(13) {
            pool.apply_modulation(Levels { dopamine: (tick % 256) as u8, cortisol: 40, acetylcholine: 0 });
            pool.synaptogenesis(200);
            pool.prune_dead();
        }
    }
}

/// One in the middle of its life, with spikes on their way.
fn small(mode: Mode) -> NeuronPool {
    let mut pool = random(10, 0.2, mode, 7);
    live(&mut pool, 40);
    pool
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn np_24_defect_4_save_load_and_run_is_run(
        neurons in 1_usize..60, ticks in 0_u64..350, product in any::<bool>(), seed in any::<u64>(),
    ) {
        let mode = if product { Mode::Product } else { Mode::Compat };
        let mut pool = random(neurons, 0.2, mode, seed);
        live(&mut pool, ticks);
        let file = codec::write(&pool);
        let mut copy = codec::read(&file, Mode::Compat).unwrap();
        prop_assert_eq!(&copy, &pool);
        prop_assert_eq!(codec::write(&copy), file);
        live(&mut pool, 250);
        live(&mut copy, 250);
        prop_assert_eq!(&copy, &pool);
        prop_assert_eq!(codec::write(&copy), codec::write(&pool));
    }

    #[test]
    fn np_25_bytes_at_random_under_right_checksums_do_no_harm(
        product in any::<bool>(), place in any::<usize>(), bytes in prop::collection::vec(any::<u8>(), 1..9),
    ) {
        let mut file = codec::write(&small(if product { Mode::Product } else { Mode::Compat }));
        let sections = sections(&file, TAGS);
        let content: Vec<usize> = sections.iter().cloned().flatten().collect();
        let place = place % content.len();
        for (at, new) in content[place..].iter().zip(bytes) {
            file[*at] = new;
        }
        if let Ok(mut pool) = codec::read(&sealed(file, &sections), Mode::Product) {
            live(&mut pool, 30);
            let copy = codec::read(&codec::write(&pool), Mode::Product);
            prop_assert_eq!(copy, Ok(pool));
        }
    }
}

#[test]
fn np_24_a_driven_pool_and_its_copy_stay_the_same_for_a_thousand_ticks() {
    for mode in [Mode::Product, Mode::Compat] {
        let mut pool = random(60, 0.1, mode, 1);
        live(&mut pool, 333);
        let mut copy = codec::read(&codec::write(&pool), mode).unwrap();
        for _ in 0..1_000 {
            live(&mut pool, 1);
            live(&mut copy, 1);
            assert_eq!(copy.fired(), pool.fired());
        }
        assert_eq!(copy, pool);
    }
}

#[test]
fn np_24_version_1_is_read_by_the_rules_that_one_asks_for_and_version_2_by_its_own() {
    let pool = small(Mode::Product);
    for (asked, read) in [(Mode::Product, Mode::Product), (Mode::Compat, Mode::Product)] {
        assert_eq!(codec::read(&codec::write(&pool), asked).unwrap().config().mode, read);
    }
    for asked in [Mode::Product, Mode::Compat] {
        let found = codec::read(&codec::write_v1(&pool), asked).unwrap();
        let expected = PoolConfig { mode: asked, seed: 0, ..*pool.config() };
        assert_eq!((found.config(), found.columns()), (&expected, pool.columns()));
        let mut settled = pool.clone();
        settled.settle();
        assert_eq!(found.rows(), settled.rows());
    }
}

#[test]
fn np_25_every_flip_of_a_bit_and_every_truncation_is_refused() {
    for mode in [Mode::Product, Mode::Compat] {
        let file = codec::write(&small(mode));
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut flipped = file.clone();
                flipped[at] ^= 1 << bit;
                assert!(codec::read(&flipped, mode).is_err(), "bit {bit} of byte {at}");
            }
            assert!(codec::read(&file[..at], mode).is_err(), "{at} bytes");
        }
        assert!(codec::read(&[&file[..], b"\0"].concat(), mode).is_err());
    }
}

#[test]
fn np_25_hostile_content_under_right_checksums_is_refused_by_name() {
    let file = codec::write(&small(Mode::Product));
    let all = sections(&file, TAGS);
    let [head, body, ring, life] = all.clone();
    for (what, at, bytes) in [
        ("its mode is one that nobody knows", head.start, &[2][..]),
        // Compat: a slot more, of fewer bytes each.
        ("the slots of its ring do not fit together", head.start, &[1]),
        ("neurons are not 1 to 65,536", head.start + 9, &[0; 4]),
        ("neurons are not 1 to 65,536", head.start + 9, &[255; 4]),
        ("the neurons are counted twice, not the same", head.start + 9, &[11]),
        ("its ticks are more than any pool has", body.start + 4 + 12 + 7, &[0x41]),
        ("a neuron has flags that nobody knows", body.start + 4 + 20 + 14 + 60, &[8]),
        ("the slots of its ring do not fit together", ring.start, &[8]),
        ("a slot is other than busy or not", ring.start + 1, &[2]),
        ("the slots of its ring do not fit together", ring.start + 1, &[0; 8]),
        ("it is settled up to a tick that was not yet", life.end - 8, &[255]),
        // A length under which no section can lie.
        ("it ends too early", life.start - 12, &[255; 8]),
        ("another section was to come", ring.start - SECTION, b"LIFE"),
    ] {
        let mut bad = file.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        let refused = codec::read(&sealed(bad, &all), Mode::Product).unwrap_err();
        assert!(matches!(refused, ConnectomeError::Corrupt { what: found, .. } if found == what), "{what}: {refused}");
        assert_eq!(refused.code(), "E_CORRUPT");
    }
    // A section that is longer than its content.
    let mut bad = file.clone();
    bad.push(0);
    bad[life.start - 12..life.start - 4].copy_from_slice(&(life.len() as u64 + 1).to_le_bytes());
    let longer = [head, body, ring, life.start..life.end + 1];
    assert!(codec::read(&sealed(bad, &longer), Mode::Product).is_err());
    assert!(codec::read(&codec::write(&NeuronPool::new("p", 1, compat()).unwrap()), Mode::Product).is_ok());
}
