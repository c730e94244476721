//! One synapse between areas: twelve bytes (FE-1), and what it gives to its target (FE-9).

use super::{CellId, Conductance, Weight};

/// Bytes of a synapse: source u32, target u32, weight u8, conductance u8, kind u8, valid u8; little endian.
const RECORD_BYTES: usize = 12;
/// The greatest weight, and the greatest conductance.
const FULL: f32 = u8::MAX as f32;

/// A synapse between two neurons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct SynapseRecord {
    /// The neuron it begins at.
    pub source: CellId,
    /// The neuron it ends at.
    pub target: CellId,
    /// How strong it is.
    pub weight: Weight,
    /// How well it conducts.
    pub conductance: Conductance,
    /// 0 excites, everything else inhibits.
    pub kind: u8,
    /// Whether it counts: 1 in an index, which has no others (FE-5).
    pub valid: u8,
}

/// In what a contribution is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Weight and conductance as shares of 255: −1 to 1.
    #[default]
    Normalised,
    /// Their product as it is: −65,025 to 65,025, in whole numbers.
    Raw,
}

impl SynapseRecord {
    /// What a spike of the source gives to the target: sign × weight × conductance. A zero that inhibits is −0.
    pub fn contribution(&self, scale: Scale) -> f32 {
        let (weight, conductance) = (f32::from(self.weight.0), f32::from(self.conductance.0));
        let amount = match scale {
            Scale::Normalised => (weight / FULL) * (conductance / FULL),
            // Below 2^24: exact.
            Scale::Raw => weight * conductance,
        };
        if self.kind == 0 { amount } else { -amount }
    }

    /// Its bytes, as they lie in memory on a little-endian machine.
    pub fn to_bytes(self) -> [u8; RECORD_BYTES] {
        let [s0, s1, s2, s3] = self.source.0.to_le_bytes();
        let [t0, t1, t2, t3] = self.target.0.to_le_bytes();
        [s0, s1, s2, s3, t0, t1, t2, t3, self.weight.0, self.conductance.0, self.kind, self.valid]
    }
}

const _: () = assert!(size_of::<SynapseRecord>() == RECORD_BYTES);
