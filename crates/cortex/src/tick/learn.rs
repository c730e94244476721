//! Learn: what the end of a tick does to membranes and weights (NB-32 to NB-34, NB-48).

use crate::{Cortex, Port, soma::Home};
use neuronbus_spike::{NeuronId, Payload, Spike};
use neuronbus_synapse::SynapseIndex;

impl<P: Port> Cortex<P> {
    /// The pre side of pair STDP; returns the weight that acts.
    pub(super) fn learn_on_delivery(&mut self, synapse: SynapseIndex, target: NeuronId) -> Option<f32> {
        let now_ns = self.progress.now_ns;
        let gain = self.somas[target.index()].gain.at(now_ns);
        Some(self.table.at_mut(synapse)?.on_delivery(now_ns, gain))
    }

    /// Sets the gain of the target from the three bytes of a modulatory spike.
    pub(super) fn modulate(&mut self, target: NeuronId, spike: &Spike) {
        if let Payload::Inline(&[dopamine, cortisol, ..]) = spike.payload() {
            self.somas[target.index()].gain.set(dopamine, cortisol, self.progress.now_ns);
        }
    }

    /// Ends the tick of every membrane that may cross its threshold, in id order: leak, threshold, post side of STDP,
    /// refractoriness. Returns how many crossed.
    pub(super) fn end_membranes(&mut self) -> u32 {
        let mut touched = std::mem::take(&mut self.progress.ending);
        self.progress.touched.drain_into(&mut touched);
        let current = self.progress.current();
        let mut crossed = 0;
        for id in touched.drain(..) {
            let soma = &mut self.somas[id.index()];
            if soma.state.end_tick(&soma.membrane, current) {
                crossed += 1;
                self.cross(id);
            }
        }
        self.progress.ending = touched;
        crossed
    }

    fn cross(&mut self, id: NeuronId) {
        let now_ns = self.progress.now_ns;
        let soma = &mut self.somas[id.index()];
        soma.crossed = soma.crossed.wrapping_add(1);
        self.table.on_post_fired(id, now_ns, soma.gain.at(now_ns));
        if let Home::Port(port) = soma.home {
            self.inboxes[port.index()].port.set_crossed(id, soma.crossed);
        }
    }

    /// Calls the `tick` of native neurons in id order.
    pub(super) fn tick_natives(&mut self) {
        let ticking = std::mem::take(&mut self.natives.ticking);
        for id in &ticking {
            let crossed = self.somas[id.index()].crossed;
            let fired = self.natives.heard(*id, crossed) != crossed;
            self.call_and_count(*id, |neuron, handle| neuron.tick(handle, fired));
        }
        self.natives.ticking = ticking;
    }
}
