//! How strongly a neuron's synapses learn right now (NB-48).

use crate::rule::fade_in_a_second;

/// The learning gain of one neuron: a factor of every change of its incoming weights, 0 to 2.
///
/// A modulatory spike sets it; it returns to 1 with a time constant of one second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gain {
    /// Distance from 1 at `set_ns`.
    excess: f32,
    set_ns: u64,
}

impl Gain {
    /// Dopamine that changes nothing.
    pub const DOPAMINE_NEUTRAL: u8 = 128;
    /// Cortisol up to which it changes nothing.
    pub const CORTISOL_FREE: u8 = 30;

    /// A gain of 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets it to clamp(1 + (dopamine − 128)/128 − max(0, cortisol − 30)/128, 0, 2), whatever it was.
    pub fn set(&mut self, dopamine: u8, cortisol: u8, now_ns: u64) {
        let reward = f32::from(dopamine) - f32::from(Self::DOPAMINE_NEUTRAL);
        let stress = f32::from(cortisol.saturating_sub(Self::CORTISOL_FREE));
        *self = Self { excess: ((reward - stress) / 128.0).clamp(-1.0, 1.0), set_ns: now_ns };
    }

    /// The factor now.
    pub fn at(&self, now_ns: u64) -> f32 {
        // Most neurons never see a modulator: spare them the exponential.
        if self.excess == 0.0 {
            return 1.0;
        }
        1.0 + self.excess * fade_in_a_second(now_ns.saturating_sub(self.set_ns))
    }
}
