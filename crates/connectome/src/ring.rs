//! What is on its way: one slot of sums for each tick ahead (NP-8).
#![deny(clippy::float_arithmetic)]

use crate::{
    Synapse,
    cell::{BLOCK, lanes},
};
use alloc::{collections::BTreeMap, vec, vec::Vec};

/// What a sum of 16 bits is short of when it has gone round once.
const ROUND: i32 = 1 << 16;
/// The most that a sum is short of: so that sum and rest together have 32 bits. Who injects a hundred million weights gets there.
const MOST_EXCESS: i32 = (i32::MAX / ROUND - 1) * ROUND;
/// More delays than there are, and a power of two: none needs a check.
const DELAYS: usize = 16;

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
    pub(crate) fn at(&self, neuron: usize) -> i32 {
        i32::from(self.sums[neuron]).saturating_add(self.excess.map_or(0, |excess| self.beyond(excess, neuron)))
    }

    /// What arrives at the neurons of a block; zeros behind the last.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    pub(crate) fn block(&self, block: usize) -> [i32; BLOCK] {
        let mut arrived = lanes(self.sums, block).map(i32::from);
        if let Some(excess) = self.excess {
            for (lane, sum) in arrived.iter_mut().enumerate() {
                *sum = sum.saturating_add(self.beyond(excess, block * BLOCK + lane));
            }
        }
        arrived
    }

    #[cold]
    fn beyond(&self, excess: &BTreeMap<usize, i32>, neuron: usize) -> i32 {
        excess.get(&(self.begin + neuron)).copied().unwrap_or(0)
    }
}

impl DelayRing {
    /// Of one to nine slots.
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
        let beyond = |at| self.excess.get(&at).copied().unwrap_or(0);
        let whole = move |(at, sum): (usize, &i16)| i32::from(*sum).saturating_add(beyond(at));
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
        if let Some(at) = self.place(target, ahead) {
            self.add(at, amount);
        }
    }

    /// Sends the spikes of neurons along their rows, one slot less ahead than the delays: the ring has moved on in the tick that is
    /// under way. The same as [`Self::send`] for each synapse, and nearly all there is to do in a busy tick. Of a delay that no pool
    /// has, the last four bits count.
    pub(crate) fn send_rows<'a>(&mut self, rows: impl Iterator<Item = &'a [Synapse]>) {
        let Self { sums, neurons, due, busy, excess } = self;
        let (neurons, due, count) = (*neurons, *due, busy.len());
        let slot = |delay| slot_ahead(due, delay - 1, count);
        let mut slots: [&mut [i16]; DELAYS] = Default::default();
        // From the one that is due on, and round.
        let (behind, ahead) = sums.split_at_mut(due * neurons);
        let slices = ahead.chunks_exact_mut(neurons).chain(behind.chunks_exact_mut(neurons));
        slots.iter_mut().skip(1).zip(slices).for_each(|(slot, sums)| *slot = sums);
        let mut used = 0_u32;
        for row in rows {
            let mut left = row.iter();
            // Nothing is called in this loop: all that it needs stays in registers.
            while let Some(Synapse { target, weight, delay, .. }) = left.find(|synapse| {
                let delay = usize::from(synapse.delay) % DELAYS;
                let Some(sum) = slots[delay].get_mut(usize::from(synapse.target)) else { return false };
                used |= 1 << delay;
                let (exact, round) = sum.overflowing_add(synapse.weight.into());
                *sum = exact;
                round
            }) {
                let place = slot(usize::from(*delay) % DELAYS) * neurons + usize::from(*target);
                exceed(excess, place, if *weight < 0 { -ROUND } else { ROUND });
            }
        }
        for delay in (1..DELAYS).filter(|delay| used & 1 << delay != 0) {
            busy[slot(delay)] = true;
        }
    }

    /// As [`Self::send`], but the sum stays at the end of 16 bits when it gets there, as in the reference.
    #[inline]
    pub(crate) fn send_saturating(&mut self, target: u16, ahead: u8, amount: i16) {
        let Some(at) = self.place(target, ahead) else { return };
        self.sums[at] = self.sums[at].saturating_add(amount);
    }

    /// One with nothing in it that stands at the same slot.
    pub(crate) fn alike(&self) -> Self {
        Self { due: self.due, ..Self::new(self.neurons, self.busy.len()) }
    }

    /// Takes what is due in another ring of as many neurons and slots that stands at the same slot.
    pub(crate) fn absorb_due(&mut self, other: &mut Self) {
        self.absorb(other, self.due);
    }

    /// Takes all that is on its way in such a ring.
    pub(crate) fn absorb_all(&mut self, other: &mut Self) {
        (0..self.busy.len()).for_each(|slot| self.absorb(other, slot));
    }

    fn absorb(&mut self, other: &mut Self, slot: usize) {
        if core::mem::take(&mut other.busy[slot]) {
            let places = slot * self.neurons..(slot + 1) * self.neurons;
            for at in places.clone() {
                self.add(at, core::mem::take(&mut other.sums[at]));
            }
            for (at, by) in core::mem::take(&mut other.excess) {
                let of = if places.contains(&at) { &mut self.excess } else { &mut other.excess };
                exceed(of, at, by);
            }
            self.busy[slot] = true;
        }
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
        let (target, ahead) = (usize::from(target), usize::from(ahead));
        if target >= self.neurons || ahead >= self.busy.len() {
            return None;
        }
        let slot = slot_ahead(self.due, ahead, self.busy.len());
        self.busy[slot] = true;
        Some(slot * self.neurons + target)
    }

    #[inline]
    fn add(&mut self, at: usize, amount: i16) {
        let (sum, round) = self.sums[at].overflowing_add(amount);
        self.sums[at] = sum;
        if round {
            exceed(&mut self.excess, at, if amount < 0 { -ROUND } else { ROUND });
        }
    }
}

/// The slot that is so many `ahead` of the one that is due, of so many; `ahead` is less.
fn slot_ahead(due: usize, ahead: usize, slots: usize) -> usize {
    // A division would cost more than all the rest.
    if due + ahead < slots { due + ahead } else { due + ahead - slots }
}

/// Notes what a sum is short of.
#[cold]
fn exceed(excess: &mut BTreeMap<usize, i32>, at: usize, by: i32) {
    let short = excess.entry(at).or_insert(0);
    *short = short.saturating_add(by).clamp(-MOST_EXCESS, MOST_EXCESS);
    if *short == 0 {
        excess.remove(&at);
    }
}
