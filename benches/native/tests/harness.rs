//! The harness itself: what a meter refuses, what options mean, how a report is made.

#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp)]

use neuronbus_benches::{
    harness::{Aim, Bench, Contender, Json, Options, Sample, Unit, Verdict, measure, median},
    message::{Meter, spike, words},
};
use std::time::Duration;

fn complaint(sequences: &[u64]) -> Option<String> {
    let mut meter = Meter::new(3);
    for seq in sequences {
        meter.see(&words(*seq));
    }
    meter.finish().err()
}

#[test]
fn a_meter_takes_what_is_complete_in_order_and_intact() {
    assert_eq!(complaint(&[0, 1, 2]), None);
}

#[test]
fn a_meter_refuses_loss_doubles_disorder_and_what_is_missing() {
    for wrong in [&[0, 2][..], &[0, 0, 1], &[1, 0, 2], &[0, 1]] {
        assert!(complaint(wrong).is_some(), "{wrong:?}");
    }
}

#[test]
fn a_meter_refuses_a_message_with_one_other_bit() {
    for bit in 0..512 {
        let mut found = words(0);
        found[bit / 64] ^= 1 << (bit % 64);
        let mut meter = Meter::new(1);
        meter.see(&found);
        assert!(meter.finish().is_err(), "bit {bit}");
    }
}

#[test]
fn a_message_is_its_words() {
    assert_eq!(spike(77).to_words(), words(77));
}

#[test]
fn options_select_rows_by_their_number() {
    let options = Options::parse(["P1", "P2b", "--quick", "--rounds", "2"].map(String::from)).unwrap();
    assert_eq!((options.rounds, options.round), (2, Options::quick().round));
    let wanted = ["P1a", "P1b", "P1b-bare", "P2b", "P10", "P2a", "P12a"].map(|id| options.wants(id));
    assert_eq!(wanted, [true, true, true, true, false, false, false]);
    assert!(Options::default().wants("P9"));
    let exact = Options { exact: true, ..options };
    assert_eq!(["P2b", "P2b-bare", "P1a"].map(|id| exact.wants(id)), [true, false, false]);
    for wrong in [&["--rounds"][..], &["--rounds", "0"], &["--wrong"], &["--probe"]] {
        assert!(Options::parse(wrong.iter().map(ToString::to_string)).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!([median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0])], [2.0, 2.5]);
}

/// Takes a given time for each thing.
struct Fixed(&'static str, u64);

impl Contender for Fixed {
    fn name(&self) -> &str {
        self.0
    }

    fn run(&mut self, count: u64) -> Sample {
        std::thread::sleep(Duration::from_millis(1));
        Sample { count, elapsed: Duration::from_nanos(self.1 * count) }
    }
}

fn rows(unit: Unit, verdicts: Vec<Verdict>) -> Vec<Json> {
    let contenders: Vec<Box<dyn Contender>> =
        vec![Box::new(Fixed("ours", 50)), Box::new(Fixed("slow", 200)), Box::new(Fixed("fast", 100))];
    let mut bench = Bench { verdicts, unit, topology: "none".into(), contenders };
    measure(&mut bench, &Options { rounds: 3, round: Duration::from_micros(10), ..Options::default() }).rows()
}

fn number(row: &Json, name: &str) -> f64 {
    match row.get(name) {
        Some(Json::Number(value)) => (value * 1e6).round() / 1e6,
        found => panic!("{name}: {found:?}"),
    }
}

#[test]
fn a_report_compares_with_the_best_of_the_peers_asked_for() {
    let verdict = |id, aim| Verdict { id, what: "", aim };
    let verdicts = || {
        vec![
            verdict("all", Aim::Ratio(2.0, &[])),
            verdict("slow", Aim::Ratio(4.5, &["slow"])),
            verdict("absolute", Aim::Figure(40.0)),
        ]
    };
    for unit in [Unit::Ns, Unit::MillionPerSecond] {
        let rows = rows(unit, verdicts());
        assert_eq!([number(&rows[0], "ratio"), number(&rows[1], "ratio")], [2.0, 4.0]);
        assert_eq!([rows[0].get("met"), rows[1].get("met")], [Some(&Json::Bool(true)), Some(&Json::Bool(false))]);
    }
    let rows = rows(Unit::Ns, verdicts());
    assert_eq!([number(&rows[2], "ours"), number(&rows[2], "ratio")], [50.0, 0.8]);
    assert_eq!(rows[2].get("peers"), Some(&Json::object()));
}

#[test]
fn json_is_written_with_escapes_and_four_digits() {
    let json = Json::object()
        .with("a\"\n", 1.234_56)
        .with("b", f64::NAN)
        .with("c", Json::list([Json::from(true)].into_iter()));
    assert_eq!(json.to_string(), "{\"a\\\"\\u000a\":1.235,\"b\":null,\"c\":[true]}");
}
