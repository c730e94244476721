//! A native neuron for tests.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use neuronbus::{AgentCard, Handle, Neuron, Spike};

/// A neuron made of a closure.
pub struct Acting<F>(pub F);

impl<F: FnMut(&Spike, &mut Handle<'_>) + Send> Neuron for Acting<F> {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        (self.0)(spike, handle);
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

pub fn card() -> AgentCard {
    AgentCard::builder("x").build().unwrap()
}
