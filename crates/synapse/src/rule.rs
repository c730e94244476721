//! Learning as pure functions of time: what a pairing does to a weight, and what waiting does.

use crate::StdpOptions;

/// Nanoseconds of a millisecond.
const NS_PER_MS: f64 = 1e6;
/// Nanoseconds of a second.
const NS_PER_S: f64 = 1e9;

/// What a pair of spikes does to the weight between them. `dt = t_post − t_pre`; both verbs take its size, ns.
pub trait Rule {
    /// The change for dt ≥ 0, the pre before the post: at least 0.
    fn potentiate(&self, dt_ns: u64) -> f32;

    /// The change for dt < 0, the post before the pre: at most 0.
    fn depress(&self, dt_ns: u64) -> f32;
}

/// Additive pair STDP: an exponential window to either side (NB-32, NB-33; Song, Miller and Abbott, *Nat. Neurosci.* 3
/// (2000)).
#[derive(Debug, Clone, Copy)]
pub struct PairStdp<'a>(pub &'a StdpOptions);

impl Rule for PairStdp<'_> {
    fn potentiate(&self, dt_ns: u64) -> f32 {
        self.0.a_plus * fade(dt_ns, f64::from(self.0.tau_plus_ms) * NS_PER_MS)
    }

    fn depress(&self, dt_ns: u64) -> f32 {
        -self.0.a_minus * fade(dt_ns, f64::from(self.0.tau_minus_ms) * NS_PER_MS)
    }
}

/// What `weight` is after `idle_ns` without a touch: weight × e^(−d·t), not under `w_min`.
pub(crate) fn decayed(options: &StdpOptions, weight: f32, idle_ns: u64) -> f32 {
    if options.decay_per_second > 0.0 && idle_ns > 0 {
        (weight * fade(idle_ns, NS_PER_S / f64::from(options.decay_per_second))).max(options.w_min)
    } else {
        weight
    }
}

/// e^(−t/τ), both ns.
pub(crate) fn fade(ns: u64, tau_ns: f64) -> f32 {
    (-(ns as f64) / tau_ns).exp() as f32
}

/// e^(−t / 1 s).
pub(crate) fn fade_in_a_second(ns: u64) -> f32 {
    fade(ns, NS_PER_S)
}
