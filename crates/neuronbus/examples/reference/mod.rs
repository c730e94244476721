//! What the earlier Rust-only NeuronBus published of itself, to stand beside our figures (NB-55).

/// Its figures, as a member of a JSON object.
pub const JSON: &str = concat!(
    r#""reference": {"spikeNs": 12.5, "spscMillionsPerS": 98, "spmc8ReadsMillionsPerS": 109, "arenaMillionsPerS": 192, "#,
    r#""note": "published by the reference, on another machine; rings: one thread that publishes, then reads; arena: nothing given back"}"#,
);

/// The same for people.
pub const TEXT: &str = "\
The reference published 12.5 ns to make a spike, 98 M spikes/s one to one, 109 M reads/s one to eight and 192 M arena
allocations/s: on another machine, by one thread that publishes, then reads. Ours are ways through a whole bus.";

/// Whether the figures are wanted as one JSON object.
pub fn wants_json() -> bool {
    std::env::args().any(|argument| argument == "--json")
}
