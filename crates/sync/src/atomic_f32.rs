//! An `f32` in an `AtomicU32`: the weight of a synapse, read by anyone while one learner changes it (NB-29).

use crate::{AtomicU32, Ordering};

/// An atomic `f32`. Unit: that of the value it carries.
///
/// Every access is `Relaxed`: the value is one word and publishes nothing else; whoever orders other memory by it must
/// bring an ordering of its own.
#[derive(Debug)]
pub struct AtomicF32(AtomicU32);

impl AtomicF32 {
    /// Holds `value`.
    pub fn new(value: f32) -> Self {
        Self(AtomicU32::new(value.to_bits()))
    }

    /// The value now.
    pub fn load(&self) -> f32 {
        // Relaxed: one self-contained word, see the type.
        f32::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Replaces the value.
    pub fn store(&self, value: f32) {
        // Relaxed: one self-contained word, see the type.
        self.0.store(value.to_bits(), Ordering::Relaxed);
    }

    /// Adds `delta`; returns the value before.
    pub fn fetch_add(&self, delta: f32) -> f32 {
        self.update(|value| value + delta)
    }

    /// Adds `delta` and clamps to `low..=high` inside the compare-and-swap, so that no observer ever sees a value
    /// outside; returns the value before. If `low > high` the result is `low`.
    pub fn fetch_add_clamped(&self, delta: f32, low: f32, high: f32) -> f32 {
        self.update(|value| (value + delta).min(high).max(low))
    }

    /// Replaces the value by `change(value)`, called again as long as another thread comes in between; returns the value
    /// before.
    pub fn update(&self, mut change: impl FnMut(f32) -> f32) -> f32 {
        // Relaxed: one self-contained word, see the type.
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let next = change(f32::from_bits(seen)).to_bits();
            // Relaxed twice: one self-contained word, see the type.
            match self.0.compare_exchange_weak(seen, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(before) => return f32::from_bits(before),
                Err(now) => seen = now,
            }
        }
    }
}
