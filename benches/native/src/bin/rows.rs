//! `rows [ROW …] [--exact] [--quick] [--rounds N] [--list] [--probe ping-pong|bridge-reader|bridge-reader-direct]`: one JSON object
//! a line for each row, on standard output.

use neuronbus_benches::{
    harness::{Options, Unit, bare_ping_pong_ns, fail, measure},
    rows::{BridgeReader, ENTRIES, Entry},
};

fn main() {
    let options = Options::parse(std::env::args().skip(1)).unwrap_or_else(|error| fail("arguments", error));
    match options.probe.as_deref() {
        Some(probe) => print(&figure(probe).to_string()),
        None => ENTRIES
            .iter()
            .filter(|entry| entry.ids.iter().any(|id| options.wants(id)))
            .for_each(|entry| run(entry, &options)),
    }
}

fn run(entry: &Entry, options: &Options) {
    if options.list {
        return entry.ids.iter().for_each(|id| print(id));
    }
    let report = measure(&mut (entry.build)(), options);
    report.rows().iter().for_each(|row| print(&row.to_string()));
}

/// A figure for rows that are measured elsewhere, between their own rounds.
fn figure(probe: &str) -> f64 {
    let reader = |direct| {
        let workload = BridgeReader { senders: 8, each: 1 << 17, inbox_slots: 1 << 13, direct };
        Unit::MillionPerSecond.of(workload.run().unwrap_or_else(|error| fail("bridge", error)))
    };
    match probe {
        "ping-pong" => bare_ping_pong_ns(),
        "bridge-reader" => reader(false),
        "bridge-reader-direct" => reader(true),
        _ => fail("arguments", format!("unknown probe {probe}")),
    }
}

#[allow(clippy::print_stdout)]
fn print(line: &str) {
    println!("{line}");
}
