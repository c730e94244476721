//! The constants of a pool (NP-3, NP-20).

use crate::{ConnectomeError, error::in_range, threads::MAX_THREADS};

/// Most neurons of a pool: a synapse names its target in 16 bits (NP-28).
pub(crate) const MAX_NEURONS: usize = 1 << 16;

/// By which rules a pool lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Those of spec/pool.md, without the defects of the reference.
    #[default]
    Product,
    /// Those of the reference, to the last bit, its defects included.
    Compat,
}

/// What a pool is made with. Potentials are Q8.8 millivolts: −70 is −17,920.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolConfig {
    /// Where a membrane leaks to. Default −17,920 (−70 mV).
    pub rest: i16,
    /// Where it fires, at first. Default −14,080 (−55 mV).
    pub threshold: i16,
    /// Where it is after it fired. Default −16,640 (−65 mV).
    pub reset: i16,
    /// Ticks after a spike in which it takes nothing. Default 2.
    pub refractory: u8,
    /// What a tick leaves of traces and eligibilities, of 256. Default 230.
    pub trace_decay: u8,
    /// How far homeostasis moves a threshold, Q8.8: in product mode every 100 ticks 4 × this for each spike more or less than 5,
    /// in compat mode this at once; 0 is off. Default 1.
    pub homeostasis: u8,
    /// Most synapses of a neuron. Default 128.
    pub max_synapses: u16,
    /// What a causal pairing adds to an eligibility, 0 to 127. Default 20.
    pub stdp_positive: i8,
    /// What one of a target that fired first adds, −128 to 0. Default −10. (Compat: one that fires together with its source.)
    pub stdp_negative: i8,
    /// Most ticks that a spike takes, 1 to 8 (NP-8). Default 8.
    pub max_delay: u8,
    /// By which rules it lives. Default product.
    pub mode: Mode,
    /// What all that is random in product mode grows from. Default 0.
    pub seed: u64,
    /// Threads that a tick of product mode may use, 1 to 64: every number gives the same bits. No file keeps it. Default 1.
    pub threads: usize,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            rest: -17_920,
            threshold: -14_080,
            reset: -16_640,
            refractory: 2,
            trace_decay: 230,
            homeostasis: 1,
            max_synapses: 128,
            stdp_positive: 20,
            stdp_negative: -10,
            max_delay: 8,
            mode: Mode::Product,
            seed: 0,
            threads: 1,
        }
    }
}

impl PoolConfig {
    /// Checks every constant.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`].
    pub fn validate(&self) -> Result<(), ConnectomeError> {
        in_range("rest", self.rest, i16::MIN, i16::MAX - 1)?;
        in_range("threshold", self.threshold, self.rest + 1, i16::MAX)?;
        in_range("reset", self.reset, i16::MIN, self.threshold - 1)?;
        in_range("max_synapses", self.max_synapses, 1, u16::MAX)?;
        in_range("stdp_positive", self.stdp_positive, 0, i8::MAX)?;
        in_range("stdp_negative", self.stdp_negative, i8::MIN, 0)?;
        in_range("max_delay", self.max_delay, 1, 8)?;
        in_range("threads", self.threads, 1, MAX_THREADS)?;
        Ok(())
    }
}
