//! When synapses are touched: when their source fires, and when modulators arrive; never by a silent tick (defect 7).
#![deny(clippy::float_arithmetic)]

use super::{Product, eligibility::Events};
use crate::{
    Levels, Modulated, Stage, Synapse,
    pool::{
        Body,
        modulation::{DOPAMINE_BASELINE, STRONGEST, change, stress},
    },
};

impl Product {
    /// The spikes of this tick go on their way, and the eligibilities of their synapses are brought up to date.
    pub(super) fn fire(&mut self, body: &mut Body) {
        for at in 0..self.spiking.len() {
            let source = usize::from(self.spiking[at]);
            for synapse in body.rows.row(source) {
                // The ring has moved on: one slot ahead of the tick that is under way.
                self.ring.send(synapse.target, synapse.delay.wrapping_sub(1), synapse.weight.into());
            }
            self.touch_row(body, source);
            self.histories.record(source, body.ticks as u32);
            self.counts[source] = self.counts[source].saturating_add(1);
        }
    }

    /// Brings every eligibility up to date.
    pub(in crate::pool) fn settle(&mut self, body: &mut Body) {
        for source in 0..body.columns.len() {
            self.touch_row(body, source);
        }
        self.settled = body.ticks;
    }

    /// The same for one row; all of its synapses were touched when its source fired last, or later.
    fn touch_row(&self, body: &mut Body, source: usize) {
        let now = body.ticks as u32;
        let since = (body.ticks - self.settled).min(self.histories.since(source, now).into());
        if since == 0 {
            return;
        }
        let (left, sent) = (self.fading.after(since), self.histories.seen(source, now));
        for synapse in body.rows.row_mut(source) {
            // Cold is frozen (NP-17): it will never be asked.
            if synapse.maturity.stage() == Stage::Cold {
                continue;
            }
            let target = usize::from(synapse.target);
            let Some(fired) = body.fired.get(target) else { continue };
            // Who fires in this very tick may not be recorded yet.
            let spikes = self.histories.seen(target, now) | u64::from(*fired);
            let events = Events { arrivals: sent.unbounded_shr(synapse.delay.into()), spikes, since };
            self.fading.touch(synapse, left, &events, &body.config);
        }
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
