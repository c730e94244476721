//! Pools that the tests of several files build.
#![allow(dead_code, reason = "each file uses its part")]

use neuronbus_connectome::{Mode, NeuronPool, PoolConfig, codec};

/// The default, by the rules of the reference.
pub fn compat() -> PoolConfig {
    PoolConfig { mode: Mode::Compat, ..PoolConfig::default() }
}

/// A pool with these synapses, by way of a file: source, then the eight bytes.
pub fn with_synapses(neurons: usize, config: PoolConfig, synapses: &[(usize, [u8; 8])]) -> NeuronPool {
    let mut file = codec::write_v1(&NeuronPool::new("p", neurons, config).unwrap());
    let rows = file.len() - 4 - 4 * (neurons + 1);
    file.truncate(rows);
    for source in 0..=neurons {
        let before = synapses.iter().filter(|(of, _)| *of < source).count() as u32;
        file.extend(before.to_le_bytes());
    }
    file.extend((synapses.len() as u32).to_le_bytes());
    for (_, bytes) in synapses {
        file.extend(bytes);
    }
    let checksum = crc32fast::hash(&file[16..]);
    file[12..16].copy_from_slice(&checksum.to_le_bytes());
    codec::read(&file, config.mode).unwrap()
}

/// The bytes of a hot synapse.
pub fn synapse(target: u8, weight: i8, delay: u8) -> [u8; 8] {
    [target, 0, weight.cast_unsigned(), delay, 0, 4 << 2, 0, 0]
}

/// Who fired in the last tick.
pub fn fired(pool: &NeuronPool) -> Vec<usize> {
    (0..pool.fired().len()).filter(|at| pool.fired()[*at] != 0).collect()
}

/// A current for one neuron of a few.
pub fn only(neurons: usize, at: usize, current: i16) -> Vec<i16> {
    (0..neurons).map(|other| if other == at { current } else { 0 }).collect()
}
