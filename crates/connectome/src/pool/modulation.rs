//! The third factor as the reference has it: modulators turn eligibility into weight (NP-12 to NP-17).
#![deny(clippy::float_arithmetic)]

use super::{
    Body,
    signal::{Levels, Modulated},
};
use crate::{Stage, Synapse};

/// The level of dopamine that changes nothing.
pub(super) const DOPAMINE_BASELINE: u8 = 128;
/// The level of cortisol up to which it changes nothing.
const CORTISOL_BASELINE: u8 = 30;
/// The strongest weight.
pub(super) const STRONGEST: i16 = i8::MAX as i16;

/// Changes each weight by its eligibility × modulator: only levels above their baselines count, a weight that would change its
/// sign becomes 0, and each change is a step of maturity (NP-13, NP-14).
pub(super) fn compat(body: &mut Body, levels: Levels) -> Modulated {
    let reward = i16::from(levels.dopamine.saturating_sub(DOPAMINE_BASELINE));
    let stress = stress(levels);
    let mut done = Modulated::default();
    for synapse in body.rows.synapses_mut() {
        let change = change(synapse.eligibility, reward, stress);
        // Cold is frozen (NP-17).
        if change == 0 || synapse.maturity.stage() == Stage::Cold {
            continue;
        }
        apply(synapse, change);
        done.count(change);
    }
    done
}

/// How much of the cortisol counts.
pub(super) fn stress(levels: Levels) -> i16 {
    i16::from(levels.cortisol.saturating_sub(CORTISOL_BASELINE))
}

/// What the modulators make of an eligibility; both divisions truncate.
pub(super) fn change(eligibility: i8, reward: i16, stress: i16) -> i16 {
    let eligibility = i16::from(eligibility);
    (eligibility * reward / 64 - eligibility * stress / 64).clamp(-STRONGEST, STRONGEST)
}

fn apply(synapse: &mut Synapse, change: i16) {
    let before = i16::from(synapse.weight);
    let after = (before + change).clamp(-STRONGEST, STRONGEST);
    let crosses = before != 0 && before.signum() != after.signum();
    // At most 127 either way.
    synapse.weight = if crosses { 0 } else { after as i8 };
    synapse.maturity = if change > 0 { synapse.maturity.ripened() } else { synapse.maturity.withered() };
}
