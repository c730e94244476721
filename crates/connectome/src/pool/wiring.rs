//! The random wiring of the reference (spec/pool.md, "compat"): each source meets each target in order, by one generator.

use crate::{Connection, ConnectomeError, Mode, PoolConfig, Synapse, error::in_range};
use alloc::{string::ToString, vec::Vec};

/// Most synapses that a pool is wired with at random: two gigabytes of them.
const MAX_SYNAPSES: u64 = 1 << 28;

/// Refuses a density that is not a share.
pub(super) fn check(density: f32) -> Result<(), ConnectomeError> {
    let share = (0.0..=1.0).contains(&density);
    if share { Ok(()) } else { Err(ConnectomeError::Density { found: density.to_string() }) }
}

/// Refuses what no memory should be asked for: more synapses than are expected of a pool that is wired like this.
pub(super) fn check_size(neurons: usize, density: f32, config: &PoolConfig) -> Result<(), ConnectomeError> {
    // Twice what is asked for in compat mode: defect 3.
    let share = if config.mode == Mode::Compat { 2.0 } else { 1.0 };
    let row = (f64::from(density) * share * neurons as f64).min(f64::from(config.max_synapses));
    in_range("synapses expected", (row * neurons as f64) as u64, 0, MAX_SYNAPSES).map(drop)
}

/// The generator: a linear congruence modulo 2^64, of which the upper 31 bits are used.
struct Congruence(u64);

impl Congruence {
    fn new(neurons: usize) -> Self {
        Self(0xDEAD_BEEF_CAFE_1337 ^ neurons as u64)
    }

    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }
}

/// Connections of a pool whose neurons from `excitatory` on inhibit. What is drawn has 31 bits and is compared with a share of
/// 32, so a density of 0.25 connects half of all pairs: the reference does so (defect 3).
pub(super) fn congruent(neurons: usize, excitatory: usize, density: f32, config: &PoolConfig) -> Vec<Connection> {
    let bound = (density * u32::MAX as f32) as u32;
    let (mut draw, mut connections) = (Congruence::new(neurons), Vec::new());
    for source in 0..neurons {
        let mut room = config.max_synapses;
        for target in (0..neurons).filter(|target| *target != source) {
            if room == 0 {
                break;
            }
            if draw.next() < bound {
                let magnitude = (draw.next() % 60 + 10) as i8;
                let delay = (draw.next() % u32::from(config.max_delay) + 1) as u8;
                let weight = if source < excitatory { magnitude } else { -magnitude };
                let synapse = Synapse::new(target as u16, weight, delay);
                connections.push(Connection { source: source as u16, synapse });
                room -= 1;
            }
        }
    }
    connections
}
