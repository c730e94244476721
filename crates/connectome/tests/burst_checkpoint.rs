//! Checkpoints of bursts: save, load and run is run, bit for bit, and a bad file is refused (FE-22, defect 4).
#![allow(clippy::unwrap_used)]

mod bursts;
mod sections;

use bursts::{all, bits, connect, drive, lively, plain, run, wired};
use neuronbus_connectome::{BurstEngine, BurstOptions, ConnectomeError, Hebb, Potential};
use proptest::prelude::*;
use sections::{sealed, sections};

const TAGS: [&[u8; 4]; 5] = [b"HEAD", b"NEUR", b"SYNA", b"QUEU", b"LEDG"];

/// One in the middle of its life: spikes on their way, injections pending, some neurons and synapses gone.
fn small() -> BurstEngine {
    let mut engine = lively(BurstOptions { threads: 2, seed: 5, ledger: 3 }, 6, 4);
    run(&mut engine, &all(6), 9);
    // Until spikes are on their way.
    while engine.ledger(0).is_none_or(|fired| fired.len() < 3) {
        engine.inject(&all(6), Potential::One(2.0)).unwrap();
        engine.burst(|| 0);
    }
    engine.remove_neurons(&[4]);
    engine.remove_synapses(&[2]);
    engine.inject(&[0, 1], Potential::One(0.75)).unwrap();
    engine
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn fe_22_defect_4_save_load_and_run_is_run(
        neurons in 2_usize..150, before in 0_usize..40, rule in any::<bool>(), seed in any::<u64>(), young in 0_usize..30,
    ) {
        let teach = |engine: &mut BurstEngine| {
            if rule {
                engine.use_rule(Box::new(Hebb { potentiation: 3, depression: 2 }));
            }
        };
        let mut engine = lively(BurstOptions { seed, ledger: 5, ..BurstOptions::default() }, neurons, 12);
        teach(&mut engine);
        run(&mut engine, &all(neurons), before);
        connect(&mut engine, &vec![(0, 1); young]);
        let gone = neurons as u32 / 2;
        engine.inject(&[gone], Potential::One(0.5)).unwrap();
        engine.remove_neurons(&[gone]);
        engine.remove_synapses(&[1, 3, 8]);
        let ids = engine.export().neurons.ids;
        drive(&mut engine, &ids);
        let file = engine.save();
        let mut copy = BurstEngine::load(&file).unwrap();
        prop_assert_eq!(copy.save(), file);
        teach(&mut copy);
        prop_assert_eq!((copy.options(), copy.export()), (engine.options(), engine.export()));
        prop_assert_eq!(run(&mut copy, &ids, 100), run(&mut engine, &ids, 100));
        let bits = |engine: &BurstEngine| ids.iter().map(|id| bits(engine)[*id as usize]).collect::<Vec<_>>();
        prop_assert_eq!(bits(&copy), bits(&engine));
        prop_assert_eq!(copy.save(), engine.save());
        prop_assert_eq!((0..5).map(|back| copy.ledger(back)).collect::<Vec<_>>(), (0..5).map(|back| engine.ledger(back)).collect::<Vec<_>>());
    }

    #[test]
    fn fe_22_bytes_at_random_under_right_checksums_do_no_harm(
        place in any::<usize>(), bytes in prop::collection::vec(any::<u8>(), 1..9),
    ) {
        let mut file = small().save();
        let sections = sections(&file, TAGS);
        let content: Vec<usize> = sections.iter().cloned().flatten().collect();
        let place = place % content.len();
        for (at, new) in content[place..].iter().zip(bytes) {
            file[*at] = new;
        }
        if let Ok(mut engine) = BurstEngine::load(&sealed(file, &sections)) {
            engine.use_rule(Box::new(Hebb { potentiation: 3, depression: 2 }));
            for _ in 0..30 {
                engine.burst(|| 0);
            }
            let saved = engine.save();
            prop_assert_eq!(BurstEngine::load(&saved).unwrap().save(), saved);
        }
    }
}

#[test]
fn fe_22_every_flip_of_a_bit_and_every_truncation_is_refused() {
    let file = small().save();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            assert!(BurstEngine::load(&flipped).is_err(), "bit {bit} of byte {at}");
        }
        assert!(BurstEngine::load(&file[..at]).is_err(), "{at} bytes");
    }
    assert!(BurstEngine::load(&[&file[..], b"\0"].concat()).is_err());
}

#[test]
fn fe_22_hostile_content_under_right_checksums_is_refused_by_name() {
    let engine = small();
    let file = engine.save();
    let all = sections(&file, TAGS);
    let [head, neurons, synapses, queue, ledger] = all.clone();
    // Six ids, five neurons; the columns of each stand behind the ids.
    let (living, alive) = (5, neurons.start + 6);
    let state = neurons.end - living * (4 + 4 + 2 + 8);
    let numbers = "its head has numbers that no engine has";
    let apart = "its neurons and synapses do not fit together";
    let state_of = "a neuron is in a state that none can be in";
    for (what, at, bytes) in [
        (numbers, head.start, &[0, 0, 0, 0][..]),
        (numbers, head.start, &[65]),
        (numbers, head.start + 12, &[1, 0, 1, 0]),
        (numbers, head.start + 16, &[255; 4]),
        (numbers, head.start + 20, &[255; 4]),
        (numbers, head.start + 24, &[255; 8]),
        (numbers, head.start + 32, &[255; 8]),
        // As many as the numbers allow: the bytes are not there.
        ("it ends too early", head.start + 16, &[0, 0, 0, 128]),
        ("it ends too early", head.start + 20, &[255, 255, 255, 127]),
        ("something is other than there or not", neurons.start, &[2]),
        ("something is other than there or not", synapses.start, &[2]),
        // A leak of NaN.
        (apart, alive + 8 * living, &[0, 0, 192, 127]),
        // A synapse of the neuron that is gone.
        (apart, synapses.start + 24, &[4, 0, 0, 0]),
        (state_of, state, &[0, 0, 128, 127]),
        (state_of, state + 4 * living, &[255; 4]),
        (state_of, state + 8 * living, &[255; 2]),
        ("its queue is other than busy or not", queue.start, &[2]),
        ("a sum is more than what can arrive", queue.start + 1, &[255; 4]),
        ("a sum is more than what can arrive", queue.start + 1, &[255, 255, 255, 127]),
        ("it injects what cannot be", queue.end - 16, &[6]),
        ("it injects what cannot be", queue.end - 8, &[0, 0, 128, 127]),
        ("it ends too early", queue.end - 20, &[255; 4]),
        ("it ends too early", ledger.start, &[255; 4]),
        ("who fired is not an ascending list of neurons", ledger.end - 4, &[6]),
    ] {
        let mut bad = file.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        let refused = BurstEngine::load(&sealed(bad, &all)).unwrap_err();
        assert!(
            matches!(refused, ConnectomeError::Corrupt { what: found, .. } if found == what),
            "{what} at {at}: {refused}"
        );
    }
    assert_eq!(BurstEngine::load(&sealed(file.clone(), &all)).unwrap().save(), file);
}

#[test]
fn fe_22_defect_5_a_file_of_nothing_and_one_of_quiet_neurons_are_read() {
    let empty = BurstEngine::new(BurstOptions::default()).unwrap();
    assert_eq!(BurstEngine::load(&empty.save()).unwrap().stats(), empty.stats());
    let mut quiet = wired(70, &[(0, 1)]);
    quiet.add_neurons(&plain(3).columns()).unwrap();
    let mut copy = BurstEngine::load(&quiet.save()).unwrap();
    assert!(copy.burst(|| 0).fired.is_empty());
    assert_eq!((copy.stats().neurons, copy.stats().synapses), (73, 1));
}
