//! The state of the neurons of a pool, a column for each quantity (NP-2).

use crate::{Column, ColumnName, Home, PoolConfig};
use alloc::vec;

/// How a neuron fires; bits 1 and 2 of its flags (NP-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Leaks a sixteenth of the way to rest in a tick.
    Regular = 0,
    /// Leaks half of it: an inhibitory interneuron.
    Fast = 1,
    /// Leaks a sixty-fourth.
    Bursting = 2,
}

/// Bit 0 of the flags: inhibitory.
const INHIBITORY: u8 = 1;
/// The bits that have a meaning.
pub(crate) const FLAG_BITS: u8 = 0b111;

/// Eight bytes a neuron, an array for each quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Potentials, Q8.8. Product mode keeps eight bits more beside them: this is the rounded state, and a write sets it.
    pub membrane: Column<i16>,
    /// Potentials at which they fire, Q8.8.
    pub threshold: Column<i16>,
    /// How fast they leak: (rest − V) / 2^(8 − min(leak, 7)) in a tick (NP-5).
    pub leak: Column<u8>,
    /// Ticks in which they still take nothing.
    pub refractory: Column<u8>,
    /// Bit 0 inhibitory, bits 1 and 2 the [`Profile`] (NP-4).
    pub flags: Column<u8>,
    /// How much they fired lately.
    pub trace: Column<i8>,
}

/// The same, to change: what is where, and how much of it, stays.
#[derive(Debug)]
pub struct ColumnsMut<'a> {
    /// As [`Columns::membrane`].
    pub membrane: &'a mut [i16],
    /// As [`Columns::threshold`].
    pub threshold: &'a mut [i16],
    /// As [`Columns::leak`].
    pub leak: &'a mut [u8],
    /// As [`Columns::refractory`].
    pub refractory: &'a mut [u8],
    /// As [`Columns::flags`].
    pub flags: &'a mut [u8],
    /// As [`Columns::trace`].
    pub trace: &'a mut [i8],
}

impl Profile {
    /// The leak of the profile (NP-5).
    pub fn leak(self) -> u8 {
        match self {
            Self::Regular => 4,
            Self::Fast => 8,
            Self::Bursting => 2,
        }
    }
}

impl Columns {
    /// Neurons at rest, the first `excitatory` of them excitatory and regular, the others inhibitory and fast.
    pub(crate) fn at_rest(neurons: usize, excitatory: usize, config: &PoolConfig) -> Self {
        let profile = |at| if at < excitatory { Profile::Regular } else { Profile::Fast };
        let flags = |at| (profile(at) as u8) << 1 | if at < excitatory { 0 } else { INHIBITORY };
        Self {
            membrane: vec![config.rest; neurons].into(),
            threshold: vec![config.threshold; neurons].into(),
            leak: (0..neurons).map(|at| profile(at).leak()).collect(),
            refractory: vec![0; neurons].into(),
            flags: (0..neurons).map(flags).collect(),
            trace: vec![0; neurons].into(),
        }
    }

    pub(crate) fn as_mut(&mut self) -> ColumnsMut<'_> {
        let Self { membrane, threshold, leak, refractory, flags, trace } = self;
        ColumnsMut { membrane, threshold, leak, refractory, flags, trace }
    }

    /// Moves all of them into a home.
    pub(super) fn settle_in(&mut self, home: &mut impl Home) {
        self.membrane.settle_in(ColumnName::Membrane, home);
        self.threshold.settle_in(ColumnName::Threshold, home);
        self.leak.settle_in(ColumnName::Leak, home);
        self.refractory.settle_in(ColumnName::Refractory, home);
        self.flags.settle_in(ColumnName::Flags, home);
        self.trace.settle_in(ColumnName::Trace, home);
    }

    /// How many neurons there are.
    pub fn len(&self) -> usize {
        self.membrane.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.membrane.is_empty()
    }

    /// Whether neuron `at` inhibits.
    pub fn is_inhibitory(&self, at: usize) -> bool {
        self.flags.get(at).is_some_and(|flags| flags & INHIBITORY != 0)
    }
}
