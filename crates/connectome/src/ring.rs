//! What is on its way: one slot of sums for each tick ahead (NP-8).
#![deny(clippy::float_arithmetic)]

use alloc::{collections::BTreeMap, vec, vec::Vec};

/// What a sum of 16 bits is short of when it has gone round once.
const ROUND: i32 = 1 << 16;

/// Sums that arrive in later ticks. They are exact: what 16 bits do not hold is noted apart, which takes a sum that 258 of the
/// strongest synapses reach together. So the order of adding does not matter, and a slot is half as large as one of 32 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DelayRing {
    /// Slot by slot, the low 16 bits of a sum for each neuron, as a number with a sign.
    sums: Vec<i16>,
    neurons: usize,
    /// The slot that is due now.
    due: usize,
    /// Slots into which something was sent; the others hold nothing and need not be looked at.
    busy: Vec<bool>,
    /// What `sums` leaves out, by the place there: never zero.
    excess: BTreeMap<usize, i32>,
}

/// What arrives in one tick.
pub(crate) struct Arrivals<'a> {
    sums: &'a [i16],
    begin: usize,
    /// None where all of it is in `sums`.
    excess: Option<&'a BTreeMap<usize, i32>>,
}

impl Arrivals<'_> {
    /// What arrives at a neuron.
    #[inline]
    pub(crate) fn at(&self, neuron: usize) -> i32 {
        let sum = i32::from(self.sums[neuron]);
        match self.excess {
            None => sum,
            Some(excess) => sum + excess.get(&(self.begin + neuron)).copied().unwrap_or(0),
        }
    }
}

impl DelayRing {
    /// Of so many slots, at least one.
    pub(crate) fn new(neurons: usize, slots: usize) -> Self {
        let sums = vec![0; neurons * slots];
        Self { sums, neurons, due: 0, busy: vec![false; slots], excess: BTreeMap::new() }
    }

    /// From what [`Self::due`], [`Self::busy`] and [`Self::sums`] show; `None` unless it fits together.
    pub(crate) fn from_parts(neurons: usize, due: usize, busy: Vec<bool>, sums: &[i32]) -> Option<Self> {
        let fits = due < busy.len() && busy.len().checked_mul(neurons) == Some(sums.len());
        let empty = |slot: &[i32]| slot.iter().all(|sum| *sum == 0);
        // A slot that is not busy is never looked at: it must hold nothing.
        let told = fits && sums.chunks_exact(neurons).zip(&busy).all(|(slot, busy)| *busy || empty(slot));
        // The low half, and the rest; a difference of 32 bits that would not fit into 32 is none of a pool.
        let rest = |sum: i32| sum.checked_sub((sum as i16).into());
        let excess: Option<Vec<i32>> = sums.iter().map(|sum| rest(*sum)).collect();
        let excess = excess.filter(|_| told)?.into_iter().enumerate().filter(|(_, excess)| *excess != 0).collect();
        Some(Self { sums: sums.iter().map(|sum| *sum as i16).collect(), neurons, due, busy, excess })
    }

    /// The slot that is due.
    pub(crate) fn due(&self) -> usize {
        self.due
    }

    /// Which slots are busy.
    pub(crate) fn busy(&self) -> &[bool] {
        &self.busy
    }

    /// All sums, slot by slot.
    pub(crate) fn sums(&self) -> impl Iterator<Item = i32> {
        let whole = |(at, sum): (usize, &i16)| i32::from(*sum) + self.excess.get(&at).copied().unwrap_or(0);
        self.sums.iter().enumerate().map(whole)
    }

    /// Whether something may arrive in this tick.
    pub(crate) fn is_due(&self) -> bool {
        self.busy[self.due]
    }

    /// What arrives in this tick.
    pub(crate) fn arrivals(&self) -> Arrivals<'_> {
        let begin = self.due * self.neurons;
        let sums = &self.sums[begin..begin + self.neurons];
        Arrivals { sums, begin, excess: (!self.excess.is_empty()).then_some(&self.excess) }
    }

    /// Sends to `target`, so many slots `ahead` of the one that is due. To a neuron or a slot that there is not, nothing goes:
    /// others may write to the memory of synapses.
    #[inline]
    pub(crate) fn send(&mut self, target: u16, ahead: u8, amount: i16) {
        let Some(at) = self.place(target, ahead) else { return };
        let (sum, round) = self.sums[at].overflowing_add(amount);
        self.sums[at] = sum;
        if round {
            self.exceed(at, if amount < 0 { -ROUND } else { ROUND });
        }
    }

    /// The same, but the sum stays at the end of 16 bits when it gets there, as in the reference.
    #[inline]
    pub(crate) fn send_saturating(&mut self, target: u16, ahead: u8, amount: i16) {
        let Some(at) = self.place(target, ahead) else { return };
        self.sums[at] = self.sums[at].saturating_add(amount);
    }

    /// The next slot is due.
    pub(crate) fn advance(&mut self) {
        if core::mem::take(&mut self.busy[self.due]) {
            let slot = self.due * self.neurons..(self.due + 1) * self.neurons;
            self.sums[slot.clone()].fill(0);
            if !self.excess.is_empty() {
                self.excess.retain(|at, _| !slot.contains(at));
            }
        }
        self.due = (self.due + 1) % self.busy.len();
    }

    /// Where the sum of a neuron lies, in a slot that is busy from now on.
    #[inline]
    fn place(&mut self, target: u16, ahead: u8) -> Option<usize> {
        let (target, ahead, slots) = (usize::from(target), usize::from(ahead), self.busy.len());
        if target >= self.neurons || ahead >= slots {
            return None;
        }
        // Both are below the slots: a division would cost more than all the rest.
        let slot = if self.due + ahead < slots { self.due + ahead } else { self.due + ahead - slots };
        self.busy[slot] = true;
        Some(slot * self.neurons + target)
    }

    #[cold]
    fn exceed(&mut self, at: usize, by: i32) {
        let excess = self.excess.entry(at).or_insert(0);
        *excess += by;
        if *excess == 0 {
            self.excess.remove(&at);
        }
    }
}
