//! Measures: interleaved rounds, the bare ping-pong before each, medians and in-round ratios.

mod json;
mod measure;
mod options;
mod pin;
mod ping;
mod report;
mod stats;

pub use json::Json;
pub use measure::measure;
pub use options::Options;
pub use pin::{cores, pin, pin_this_thread};
pub use ping::{Lines, bare_ping_pong_ns};
pub use report::{Each, Report};
pub use stats::median;

use std::{fmt, time::Duration};

/// One timed run.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Things done in that time: messages, round trips, ticks.
    pub count: u64,
    /// How long they took.
    pub elapsed: Duration,
}

/// How a sample becomes a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Millions each second; more is better.
    MillionPerSecond,
    /// Nanoseconds for each; less is better.
    Ns,
    /// Microseconds for each; less is better.
    Us,
    /// A factor that the contender works out itself; less is better.
    Factor,
    /// Bytes that the contender works out itself; less is better.
    Bytes,
}

impl Unit {
    /// As it is written in the results.
    pub fn name(self) -> &'static str {
        match self {
            Self::MillionPerSecond => "M/s",
            Self::Ns => "ns",
            Self::Us => "us",
            Self::Factor => "x",
            Self::Bytes => "B",
        }
    }

    /// Whether more is better.
    pub fn higher_is_better(self) -> bool {
        self == Self::MillionPerSecond
    }

    /// The figure of a sample.
    pub fn of(self, sample: Sample) -> f64 {
        let (seconds, count) = (sample.elapsed.as_secs_f64(), sample.count as f64);
        match self {
            Self::MillionPerSecond => count / seconds / 1e6,
            Self::Ns | Self::Factor | Self::Bytes => seconds / count * 1e9,
            Self::Us => seconds / count * 1e6,
        }
    }
}

/// One of those that are compared.
pub trait Contender {
    /// Its name in the results.
    fn name(&self) -> &str;

    /// Does `count` things, verifies every one, and tells how long they took. Fewer may be timed than were done.
    fn run(&mut self, count: u64) -> Sample;

    /// The figure of one round of about `count` things.
    fn figure(&mut self, unit: Unit, count: u64) -> f64 {
        unit.of(self.run(count))
    }

    /// Things to begin with when the harness looks for how many fill a round.
    fn first_count(&self) -> u64 {
        10_000
    }
}

/// What is asked of a measurement; each verdict is a row of the results.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Id of the row.
    pub id: &'static str,
    /// What it says.
    pub what: &'static str,
    /// What it is compared with.
    pub aim: Aim,
}

/// When a row is met.
#[derive(Debug, Clone, Copy)]
pub enum Aim {
    /// Ours is at least so many times as good as the best of these peers (all if empty).
    Ratio(f64, &'static [&'static str]),
    /// Ours is at least as good as this figure.
    Figure(f64),
}

/// A measurement: contenders on one workload.
pub struct Bench {
    /// The rows that it gives.
    pub verdicts: Vec<Verdict>,
    /// Of the figures.
    pub unit: Unit,
    /// Threads, cores, sizes.
    pub topology: String,
    /// Ours first.
    pub contenders: Vec<Box<dyn Contender>>,
}

/// Ends the process: a bench whose workload went wrong has no figure, and its other threads may wait for ever.
#[allow(clippy::exit, clippy::print_stderr)]
pub fn fail(what: &str, error: impl fmt::Display) -> ! {
    eprintln!("bench failed: {what}: {error}");
    std::process::exit(1)
}
