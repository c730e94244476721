//! The rows, one file each. A file says who takes part; what all streams have in common is in `stream`.

mod n10;
mod n10_whole;
mod n8;
mod n9;
mod p12;
mod p1a;
mod p1b;
mod p2;
mod p2_writer;
mod p3;
mod p5_reader;
mod p8;
mod p9;
mod stream;

pub use p5_reader::BridgeReader;

use crate::harness::Bench;

/// Slots of every ring (speed.md).
pub const SLOTS: usize = 4096;

/// Ids of the rows that one measurement gives, and what builds it.
pub struct Entry {
    /// The ids.
    pub ids: &'static [&'static str],
    /// Builds the measurement; it can take memory and time.
    pub build: fn() -> Bench,
}

/// All measurements, in the order of their rows.
pub const ENTRIES: &[Entry] = &[
    Entry { ids: &["P1a"], build: p1a::bench },
    Entry { ids: &["P1b", "P1b-bare"], build: p1b::bench },
    Entry { ids: &["P2a"], build: p2::three },
    Entry { ids: &["P2b"], build: p2::eight },
    Entry { ids: &["P2c"], build: p2_writer::bench },
    Entry { ids: &["P2d"], build: p2::crowd },
    Entry { ids: &["P3", "P3-bare"], build: p3::bench },
    Entry { ids: &["P8a"], build: p8::thousand },
    Entry { ids: &["P8b"], build: p8::idle },
    Entry { ids: &["P8c"], build: p8::flat },
    Entry { ids: &["P9"], build: p9::bench },
    Entry { ids: &["P12a"], build: p12::small },
    Entry { ids: &["P12b"], build: p12::page },
    Entry { ids: &["P12c"], build: p12::large },
    Entry { ids: &["P12d"], build: p12::small_by_four },
    Entry { ids: &["P12e"], build: p12::page_by_four },
    Entry { ids: &["P12f"], build: p12::large_by_four },
    Entry { ids: &["N8", "N8-peers"], build: n8::bench },
    Entry { ids: &["N9", "N9-peers"], build: n9::tick },
    Entry { ids: &["N9-threads"], build: n9::threads },
    Entry { ids: &["N9-events"], build: n9::events },
    Entry { ids: &["N9-bytes"], build: n9::bytes },
    Entry { ids: &["N10", "N10-peers"], build: n10::sparse },
    Entry { ids: &["N10-random"], build: n10::sparse_by_chance },
    Entry { ids: &["N10-whole"], build: n10_whole::sparse },
    Entry { ids: &["N11", "N11-peers"], build: n10::dense },
    Entry { ids: &["N11-threads"], build: n10::dense_by_two },
    Entry { ids: &["N11-random"], build: n10::dense_by_chance },
    Entry { ids: &["N11-whole"], build: n10_whole::dense },
    Entry { ids: &["N11-whole-threads"], build: n10_whole::dense_by_two },
    Entry { ids: &["N11-events"], build: n10_whole::events },
    Entry { ids: &["N12", "N12-peers"], build: n10::million },
    Entry { ids: &["N12-threads"], build: n10::million_by_two },
    Entry { ids: &["N12-random"], build: n10::million_by_chance },
    Entry { ids: &["N12-whole"], build: n10_whole::million },
];
