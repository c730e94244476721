//! What fires together wires together.

use super::{Rule, Touched};

/// A spike that arrives when its target fires makes the synapse stronger; one that arrives for nothing makes it weaker.
/// Weights end at 0 and at 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hebb {
    /// What a synapse gains.
    pub potentiation: u8,
    /// What it loses.
    pub depression: u8,
}

impl Rule for Hebb {
    fn name(&self) -> &'static str {
        "hebb"
    }

    fn update(&mut self, touched: &mut Touched<'_>) {
        for ((weight, pre), post) in touched.weights.iter_mut().zip(touched.pre).zip(touched.post) {
            *weight = match (pre, post) {
                (0, _) => *weight,
                (_, 0) => weight.saturating_sub(self.depression),
                _ => weight.saturating_add(self.potentiation),
            };
        }
    }
}
