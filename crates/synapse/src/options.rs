//! The constants of pair STDP (NB-31).

use crate::{SynapseError, error::in_range};

/// The weight of a synapse that was given none (NB-35).
pub const DEFAULT_WEIGHT: f32 = 0.5;

/// The shortest time constant, ms: one nanosecond, the resolution of the clock.
const TAU_MIN_MS: f32 = 1e-6;

/// How a synapse learns, and the bounds of its weight. The fields are those of pair STDP as in Bi and Poo,
/// *J. Neurosci.* 18 (1998); the defaults are the spec's (NB-31).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StdpOptions {
    /// Gain in weight when the post fires right after the pre. At least 0; default 0.01.
    pub a_plus: f32,
    /// Loss in weight when the pre fires right after the post. At least 0; default 0.012.
    pub a_minus: f32,
    /// Time in which the gain falls to 1/e, ms. More than 0; default 20.
    pub tau_plus_ms: f32,
    /// Time in which the loss falls to 1/e, ms. More than 0; default 20.
    pub tau_minus_ms: f32,
    /// The least weight. More than 0, at most `w_max`; default 0.001.
    pub w_min: f32,
    /// The greatest weight. Default 1.
    pub w_max: f32,
    /// How fast an untouched weight fades, 1/s: weight × e^(−d·t), down to `w_min`. At least 0; default 0, never.
    pub decay_per_second: f32,
}

impl Default for StdpOptions {
    fn default() -> Self {
        Self {
            a_plus: 0.01,
            a_minus: 0.012,
            tau_plus_ms: 20.0,
            tau_minus_ms: 20.0,
            w_min: 0.001,
            w_max: 1.0,
            decay_per_second: 0.0,
        }
    }
}

impl StdpOptions {
    /// The bounds of a weight whose synapse does not learn: the default `w_min` and `w_max`.
    pub const FIXED_BOUNDS: (f32, f32) = (0.001, 1.0);

    /// Checks every field.
    ///
    /// # Errors
    /// [`SynapseError::OutOfRange`] for the first field that is not finite or not in its range.
    pub fn validate(&self) -> Result<(), SynapseError> {
        in_range("a_plus", self.a_plus, 0.0, f32::MAX)?;
        in_range("a_minus", self.a_minus, 0.0, f32::MAX)?;
        in_range("tau_plus_ms", self.tau_plus_ms, TAU_MIN_MS, f32::MAX)?;
        in_range("tau_minus_ms", self.tau_minus_ms, TAU_MIN_MS, f32::MAX)?;
        in_range("w_min", self.w_min, f32::MIN_POSITIVE, f32::MAX)?;
        in_range("w_max", self.w_max, self.w_min, f32::MAX)?;
        in_range("decay_per_second", self.decay_per_second, 0.0, f32::MAX)?;
        Ok(())
    }

    /// Least and greatest weight.
    pub fn bounds(&self) -> (f32, f32) {
        (self.w_min, self.w_max)
    }
}

/// Some of the constants of [`StdpOptions`]; what is `None` keeps its value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StdpPatch {
    /// See [`StdpOptions::a_plus`].
    pub a_plus: Option<f32>,
    /// See [`StdpOptions::a_minus`].
    pub a_minus: Option<f32>,
    /// See [`StdpOptions::tau_plus_ms`], ms.
    pub tau_plus_ms: Option<f32>,
    /// See [`StdpOptions::tau_minus_ms`], ms.
    pub tau_minus_ms: Option<f32>,
    /// See [`StdpOptions::w_min`].
    pub w_min: Option<f32>,
    /// See [`StdpOptions::w_max`].
    pub w_max: Option<f32>,
    /// See [`StdpOptions::decay_per_second`], 1/s.
    pub decay_per_second: Option<f32>,
}

impl StdpPatch {
    /// `base` with what this patch gives. Not validated.
    #[must_use]
    pub fn over(&self, base: StdpOptions) -> StdpOptions {
        StdpOptions {
            a_plus: self.a_plus.unwrap_or(base.a_plus),
            a_minus: self.a_minus.unwrap_or(base.a_minus),
            tau_plus_ms: self.tau_plus_ms.unwrap_or(base.tau_plus_ms),
            tau_minus_ms: self.tau_minus_ms.unwrap_or(base.tau_minus_ms),
            w_min: self.w_min.unwrap_or(base.w_min),
            w_max: self.w_max.unwrap_or(base.w_max),
            decay_per_second: self.decay_per_second.unwrap_or(base.decay_per_second),
        }
    }
}

impl From<StdpOptions> for StdpPatch {
    fn from(all: StdpOptions) -> Self {
        Self {
            a_plus: Some(all.a_plus),
            a_minus: Some(all.a_minus),
            tau_plus_ms: Some(all.tau_plus_ms),
            tau_minus_ms: Some(all.tau_minus_ms),
            w_min: Some(all.w_min),
            w_max: Some(all.w_max),
            decay_per_second: Some(all.decay_per_second),
        }
    }
}
