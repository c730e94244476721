//! How synapses learn: their eligibilities are brought up to date when modulators arrive or somebody looks, and by no tick (defect 7)
//! but where they fade slowly; modulators turn them into weights.
#![deny(clippy::float_arithmetic)]

use super::{
    Product,
    eligibility::{Fading, Pairs},
    history::Histories,
};
use crate::{
    Levels, Modulated, PoolConfig, Stage, Synapse,
    pool::{
        Body,
        modulation::{DOPAMINE_BASELINE, STRONGEST, change, stress},
    },
    rows::RowsMut,
};
use core::ops::Range;

/// Synapses from which on it is worth waking threads to touch them.
const WORTH_THREADS: usize = 16_384;
/// Ticks of which histories know everything, the longest delay included.
const REMEMBERED: u64 = 56;

/// What the synapses of all neurons look at when they are touched.
struct Events<'a> {
    fading: &'a Fading,
    histories: &'a Histories,
    config: &'a PoolConfig,
    now: u8,
    /// Ticks since all synapses were touched.
    since: u64,
    /// What is left since then, of 65,536.
    left: u32,
}

/// Neurons, and what nobody else touches meanwhile: their synapses.
struct Share<'a> {
    sources: Range<usize>,
    rows: RowsMut<'a>,
}

impl Events<'_> {
    /// Brings the eligibilities of some rows up to date.
    fn touch(&self, Share { sources, mut rows }: Share<'_>) {
        for source in sources {
            let sent = self.histories.seen(source, self.now);
            for synapse in rows.row(source) {
                // Cold is frozen (NP-17): it will never be asked.
                if synapse.maturity.stage() == Stage::Cold {
                    continue;
                }
                let arrivals = sent.unbounded_shr(synapse.delay.into());
                let spikes = self.histories.seen(synapse.target.into(), self.now);
                let pairs = Pairs { arrivals, spikes, since: self.since };
                self.fading.touch(synapse, self.left, &pairs, self.config);
            }
        }
    }
}

impl Product {
    /// Brings every eligibility up to date. No tick needs it where they fade fast: what both neurons of a synapse did in the last 64
    /// ticks is all that counts. Where they fade slowly, it is done before that is forgotten.
    pub(in crate::pool) fn settle(&mut self, body: &mut Body) {
        let Body { config, rows, ticks, .. } = body;
        let since = *ticks - core::mem::replace(&mut self.settled, *ticks);
        if since == 0 {
            return;
        }
        let (fading, histories) = (&self.fading, &self.histories);
        let events = Events { fading, histories, config, now: *ticks as u8, since, left: fading.after(since) };
        let neurons = rows.neurons();
        let chunk = neurons.div_ceil(self.crew.tasks(rows.len(), WORTH_THREADS));
        let begins = (0..neurons).step_by(chunk);
        let parts = begins.clone().zip(rows.cut(begins.skip(1)));
        let shares = parts.map(|(begin, rows)| Share { sources: begin..neurons.min(begin + chunk), rows }).collect();
        self.crew.each(shares, |share| events.touch(share));
    }

    /// How many ticks eligibilities may wait until they are brought up to date.
    pub(super) fn patience(fading: &Fading) -> u64 {
        // Half of what an eligibility shows at least: what the strongest one leaves behind is less.
        let fast = u64::from(fading.after(REMEMBERED)) * STRONGEST as u64 <= 1 << 15;
        if fast { u64::MAX } else { REMEMBERED }
    }

    /// Changes the strength of each synapse by its eligibility × modulators.
    pub(in crate::pool) fn modulate(&mut self, body: &mut Body, levels: Levels) -> Modulated {
        let (reward, stress) = (i16::from(levels.dopamine) - i16::from(DOPAMINE_BASELINE), stress(levels));
        let mut done = Modulated::default();
        if reward == 0 && stress == 0 {
            return done;
        }
        self.settle(body);
        for source in 0..body.columns.len() {
            let sign = sign(body, source);
            for synapse in body.rows.row_mut(source) {
                let change = change(synapse.eligibility, reward, stress);
                if change != 0 && apply(synapse, change, sign) {
                    done.count(change);
                }
            }
        }
        done
    }
}

/// Gives each weight the sign of its neuron (NP-9): files of the reference hold others (defect 2).
pub(in crate::pool) fn sign_rows(body: &mut Body) {
    for source in 0..body.columns.len() {
        let sign = sign(body, source);
        for synapse in body.rows.row_mut(source) {
            synapse.weight = signed(i16::from(synapse.weight).abs(), sign);
        }
    }
}

/// What the weights of a neuron are multiplied with.
pub(super) fn sign(body: &Body, source: usize) -> i8 {
    if body.columns.is_inhibitory(source) { -1 } else { 1 }
}

/// The weight of so strong a synapse, at most 127.
fn signed(strength: i16, sign: i8) -> i8 {
    strength.clamp(0, STRONGEST) as i8 * sign
}

/// Changes how strong a synapse is, and keeps the sign of its neuron (NP-9). Whether anything was different after it.
fn apply(synapse: &mut Synapse, change: i16, sign: i8) -> bool {
    if synapse.maturity.stage() == Stage::Cold {
        return false;
    }
    let before = *synapse;
    synapse.weight = signed(i16::from(before.weight).abs() + change, sign);
    synapse.maturity = if change > 0 { before.maturity.ripened() } else { before.maturity.withered() };
    *synapse != before
}
