//! One measurement: calibrate, warm up, then interleaved rounds.

use super::{Bench, Contender, Options, Report, bare_ping_pong_ns};
use std::time::{Duration, Instant};

/// A run shorter than this part of a round says nothing about how long the next one takes.
const TELLING: u32 = 8;

/// Measures all contenders of `bench` in turn, round by round.
///
/// Each runs for about the same time. The one to begin moves on with each round, so that none always follows the same.
pub fn measure(bench: &mut Bench, options: &Options) -> Report {
    let counts: Vec<u64> =
        bench.contenders.iter_mut().map(|contender| fill(contender.as_mut(), options.round)).collect();
    let mut report = Report::new(bench);
    for round in 0..options.rounds {
        let ping_pong_ns = bare_ping_pong_ns();
        let mut figures = vec![0.0; counts.len()];
        for step in 0..counts.len() {
            let at = (round + step) % counts.len();
            figures[at] = bench.contenders[at].figure(bench.unit, counts[at]);
        }
        report.add(ping_pong_ns, figures);
    }
    report
}

/// How many things fill `round`; finding out warms up.
fn fill(contender: &mut dyn Contender, round: Duration) -> u64 {
    let mut count = contender.first_count();
    loop {
        let begun = Instant::now();
        contender.run(count);
        let took = begun.elapsed();
        if took >= round / TELLING {
            let factor = round.as_secs_f64() / took.as_secs_f64();
            return ((count as f64 * factor) as u64).max(contender.first_count().min(count));
        }
        count = count.saturating_mul(4);
    }
}
