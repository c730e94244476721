//! Every row runs and verifies what it moves, on a small workload; a failure ends the process with an error.

use neuronbus_benches::{
    harness::Contender,
    rows::{BridgeReader, ENTRIES},
};

/// Large: 60,000 neurons.
const LARGE: [&str; 2] = ["P8b", "P8c"];

#[test]
fn every_contender_of_every_row_delivers_all_in_order_once_intact() {
    for entry in ENTRIES.iter().filter(|entry| !LARGE.contains(&entry.ids[0])) {
        let bench = (entry.build)();
        assert_eq!(bench.verdicts.iter().map(|verdict| verdict.id).collect::<Vec<_>>(), entry.ids);
        for mut contender in bench.contenders {
            let sample = run(contender.as_mut(), entry.ids[0]);
            assert!(sample > 0, "{} of {} did nothing", contender.name(), entry.ids[0]);
        }
    }
}

fn run(contender: &mut dyn Contender, id: &str) -> u64 {
    let count = match id {
        "N9-events" | "N11-events" => 1_000_000,
        id if id.starts_with('N') => 3,
        id if id.starts_with("P12") || id.starts_with("P8") => 20,
        _ => 10_000,
    };
    contender.run(count).count
}

#[test]
fn the_reader_of_a_bridge_gets_all() {
    for direct in [false, true] {
        let load = BridgeReader { senders: 3, each: 1 << 10, inbox_slots: 64, direct };
        assert_eq!(load.run().map(|sample| sample.count).ok(), Some(3 << 10));
    }
}
