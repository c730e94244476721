//! The constants of integrate-and-fire (NB-38, NB-39).

use crate::NeuronError;

/// How a membrane integrates, leaks and fires. Potentials have no unit; a weight of 1 adds 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Membrane {
    /// Potential at which it fires, compared after the leak. Above `rest`; default 1.
    pub threshold: f32,
    /// Potential to which it leaks and falls back. Default 0.
    pub rest: f32,
    /// What a tick leaves of the distance from rest: 0 (nothing) to 1 (all of it, no leak). Default 0.95.
    pub leak: f32,
    /// Ticks after one in which it fired during which it takes nothing. Default 2.
    pub refractory_ticks: u32,
    /// The least potential, held after each spike. At most `rest`; default (`None`) `rest − 1`.
    pub floor: Option<f32>,
}

impl Default for Membrane {
    fn default() -> Self {
        Self { threshold: 1.0, rest: 0.0, leak: 0.95, refractory_ticks: 2, floor: None }
    }
}

impl Membrane {
    /// The least potential.
    pub fn floor(&self) -> f32 {
        self.floor.unwrap_or(self.rest - 1.0)
    }

    /// Checks every constant.
    ///
    /// # Errors
    /// [`NeuronError::OutOfRange`] or [`NeuronError::ThresholdNotAboveRest`].
    pub fn validate(&self) -> Result<(), NeuronError> {
        in_range("rest", self.rest, f32::MIN, f32::MAX)?;
        in_range("leak", self.leak, 0.0, 1.0)?;
        in_range("floor", self.floor(), f32::MIN, self.rest)?;
        if self.threshold > self.rest && self.threshold.is_finite() {
            Ok(())
        } else {
            Err(NeuronError::ThresholdNotAboveRest { threshold: self.threshold, rest: self.rest })
        }
    }

    /// Where `potential` is after `ticks` leaks: rest + (potential − rest) · leak^ticks.
    ///
    /// The power is by squaring, in f64, rounded once: the same bits on every machine (`powi` promises none), and equal
    /// to a step-by-step leak up to the rounding that the steps would add.
    pub fn leaked(&self, potential: f32, ticks: u64) -> f32 {
        let rest = f64::from(self.rest);
        (rest + (f64::from(potential) - rest) * power(f64::from(self.leak), ticks)) as f32
    }
}

fn power(base: f64, exponent: u64) -> f64 {
    let (mut square, mut left, mut product) = (base, exponent, 1.0);
    while left > 0 {
        if left & 1 == 1 {
            product *= square;
        }
        square *= square;
        left >>= 1;
    }
    product
}

fn in_range(name: &'static str, value: f32, min: f32, max: f32) -> Result<(), NeuronError> {
    if value >= min && value <= max { Ok(()) } else { Err(NeuronError::OutOfRange { name, value, min, max }) }
}
