//! Cold verbs on synapses and filters.

use crate::{
    bus::Bus,
    convert::{connection, id, shortest},
    error::guard,
    records::{ConnectInit, FilterInit, NativeEvent, StdpInit, SynapseState},
};
use napi::{
    Env,
    bindgen_prelude::{Result, Uint16Array},
};
use napi_derive::napi;
use neuronbus::{BusError, Cortex, Synapse, bridge::Bridge};

#[napi]
impl Bus {
    /// Connects two neurons, or updates what `init` gives of their synapse.
    #[napi]
    pub fn connect(&self, env: Env, pre: u32, post: u32, init: ConnectInit) -> Result<()> {
        guard(env, || self.inner.connect(id(pre)?, id(post)?, connection(init)?))
    }

    /// Removes a synapse; false if there was none.
    #[napi]
    pub fn disconnect(&self, env: Env, pre: u32, post: u32) -> Result<bool> {
        guard(env, || {
            let (pre, post) = (id(pre)?, id(post)?);
            self.inner.cortex(|cortex| {
                let gone = cortex.synapse(pre, post).is_some_and(|synapse| !lives(cortex, synapse));
                if gone { Ok(false) } else { cortex.disconnect(pre, post).map_err(BusError::from) }
            })
        })
    }

    /// The synapse between two registered neurons, or null.
    #[napi]
    pub fn synapse(&self, env: Env, pre: u32, post: u32) -> Result<Option<SynapseState>> {
        guard(env, || {
            let (pre, post) = (id(pre)?, id(post)?);
            Ok(self.inner.cortex(|cortex| {
                let found = cortex.synapse(pre, post).filter(|synapse| lives(cortex, synapse))?;
                Some(state(found, cortex.weight(pre, post)?))
            }))
        })
    }

    /// All synapses of registered neurons: pre, post, pre, post, … in (pre, post) order.
    #[napi]
    pub fn synapses(&self) -> Uint16Array {
        let ends = |synapse: &Synapse| [synapse.pre().raw(), synapse.post().raw()];
        let all = |cortex: &mut Cortex<Bridge>| {
            cortex.synapses().filter(|synapse| lives(cortex, synapse)).flat_map(ends).collect::<Vec<_>>()
        };
        self.inner.cortex(all).into()
    }

    /// Removes weak synapses and returns them; they are not queued as events.
    #[napi]
    pub fn prune(&self, env: Env) -> Result<Vec<NativeEvent>> {
        let pruned = guard(env, || self.inner.cortex(|cortex| cortex.prune().map_err(BusError::from)))?;
        Ok(pruned.into_iter().map(NativeEvent::from).collect())
    }

    /// Makes the name of a custom filter known; its predicate is asked where the receiver lives.
    #[napi]
    pub fn register_filter(&self, name: String) {
        self.inner.cortex(|cortex| cortex.register_outside_filter(&name));
    }
}

/// Whether the synapse is one of users: the cortex keeps those of a neuron that left until its last spike is through.
fn lives(cortex: &Cortex<Bridge>, synapse: &Synapse) -> bool {
    cortex.card(synapse.pre()).is_some()
}

fn state(synapse: &Synapse, weight: f32) -> SynapseState {
    SynapseState {
        weight: shortest(weight),
        stdp: synapse.stdp().map(StdpInit::from),
        filters: synapse.filters().as_slice().iter().map(FilterInit::from).collect(),
    }
}
