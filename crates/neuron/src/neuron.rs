//! What is called back (NB-37).

use crate::Handle;
use neuronbus_spike::Spike;

/// An agent on the bus. The cortex calls it from one thread at a time.
pub trait Neuron: Send {
    /// A spike has arrived. What is fired here is seen in the next tick at the earliest.
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>);

    /// A tick has ended; `fired` tells whether the membrane crossed its threshold since the last call.
    fn tick(&mut self, handle: &mut Handle<'_>, fired: bool) {
        let _ = (handle, fired);
    }

    /// Whether [`Self::tick`] does anything; a neuron that says no is spared the call. Asked once, when it is registered.
    fn wants_tick(&self) -> bool {
        true
    }

    /// What it can do, beside what its card says. Asked once, when it is registered.
    fn capabilities(&self) -> Vec<String> {
        Vec::new()
    }
}
