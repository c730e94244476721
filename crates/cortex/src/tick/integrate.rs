//! Integrate: a membrane takes the weight of the synapse that a spike came through (NB-38).

use crate::{Cortex, Port};
use neuronbus_spike::{NeuronId, Spike, SpikeKind};
use neuronbus_synapse::SynapseIndex;

impl<P: Port> Cortex<P> {
    /// A delivery acts on its target: a modulatory spike sets the gain; any other learns at its synapse and adds its
    /// weight. A direct spike without a synapse leaves the membrane alone.
    pub(super) fn integrate(&mut self, target: NeuronId, synapse: Option<SynapseIndex>, spike: &Spike) {
        if spike.kind() == SpikeKind::Modulatory {
            return self.modulate(target, spike);
        }
        let Some(weight) = synapse.and_then(|synapse| self.learn_on_delivery(synapse, target)) else { return };
        let current = self.progress.current();
        let soma = &mut self.somas[target.index()];
        soma.state.integrate(&soma.membrane, current, spike.kind(), weight);
        // The last spike of a tick decides; no other moment of it can end above the threshold.
        if soma.state.would_fire(&soma.membrane, current) {
            self.progress.touched.insert(target);
        }
    }
}
