//! What the tests share: spikes that can be checked for being whole.
#![allow(dead_code)]

use neuronbus_spike::{Spike, SpikeBuilder, SpikeKind};

/// `count`, or few enough of it for Miri, which interprets.
pub const fn scaled(count: u64) -> u64 {
    if !cfg!(miri) {
        return count;
    }
    if count < 20_000 { 20 } else { count / 1_000 }
}

/// The spike number `seq`, with its number mixed into every word.
pub fn spike(seq: u64) -> Spike {
    let mut payload = [0; 46];
    for (index, byte) in payload.iter_mut().enumerate() {
        *byte = mix(seq, index) as u8;
    }
    let kind = if seq.is_multiple_of(2) { SpikeKind::Excitatory } else { SpikeKind::Inhibitory };
    SpikeBuilder::new()
        .timestamp_ns(seq)
        .sequence(mix(seq, 99) as u32)
        .kind(kind)
        .priority(mix(seq, 98) as u8)
        .payload(&payload)
        .build()
        .unwrap()
}

/// The number of a spike made by [`spike`], after checking that each byte of it belongs to that number.
pub fn number(found: &Spike) -> u64 {
    let seq = found.timestamp_ns();
    assert_eq!(*found, spike(seq), "torn");
    seq
}

fn mix(seq: u64, index: usize) -> u64 {
    (seq ^ (index as u64) << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}
