//! Propagation between areas: an engine of its own, without a bus.

use crate::error::guard;
use napi::{
    Env,
    bindgen_prelude::{Float32Array, Result, Uint8Array, Uint32Array},
};
use napi_derive::napi;
use neuronbus::connectome::{
    AreaIds, CellIds, Propagation, PropagationOptions, Scale, SynapseColumns, SynapticPropagationEngine,
};

/// What a propagation gives, in arrays of its own.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct PropagationColumns {
    pub areas: Uint32Array,
    pub offsets: Uint32Array,
    pub targets: Uint32Array,
    pub contributions: Float32Array,
}

/// What an engine has done so far.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct PropagatorStats {
    pub propagations: f64,
    pub synapses: f64,
    pub unmapped: f64,
    pub unknown: f64,
}

/// Tells who gets how much when neurons fire.
#[napi]
pub struct Propagator {
    engine: SynapticPropagationEngine,
}

#[napi]
impl Propagator {
    /// `raw`: products instead of shares of 255. `merge`: one entry per target.
    #[napi(constructor)]
    pub fn new(env: Env, raw: bool, merge: bool, threads: u32) -> Result<Self> {
        let scale = if raw { Scale::Raw } else { Scale::Normalised };
        let mut engine = SynapticPropagationEngine::new(PropagationOptions { scale, merge });
        guard(env, || Ok(engine.set_threads(threads as usize)?))?;
        Ok(Self { engine })
    }

    /// Takes the synapses, in place of those it had.
    #[napi]
    #[allow(clippy::too_many_arguments)]
    pub fn build_index(
        &mut self,
        env: Env,
        sources: Uint32Array,
        targets: Uint32Array,
        weights: Uint8Array,
        conductances: Uint8Array,
        types: Uint8Array,
        valid: Option<Uint8Array>,
    ) -> Result<()> {
        guard(env, || {
            Ok(self.engine.build_index(SynapseColumns {
                sources: &sources,
                targets: &targets,
                weights: &weights,
                conductances: &conductances,
                types: &types,
                valid: valid.as_deref(),
            })?)
        })
    }

    /// Says which neuron lies in which area.
    #[napi]
    pub fn set_neuron_mapping(&mut self, env: Env, neurons: Uint32Array, areas: Uint32Array) -> Result<()> {
        guard(env, || Ok(self.engine.set_neuron_mapping(CellIds(&neurons), AreaIds(&areas))?))
    }

    /// What all synapses of `fired` give.
    #[napi]
    pub fn propagate(&mut self, env: Env, fired: Uint32Array) -> Result<PropagationColumns> {
        let mut out = Propagation::new();
        guard(env, || Ok(self.engine.propagate(CellIds(&fired), &mut out)?))?;
        Ok(PropagationColumns {
            areas: out.areas.into(),
            offsets: out.offsets.into(),
            targets: out.targets.into(),
            contributions: out.contributions.into(),
        })
    }

    /// A copy of the synapses that count, 12 bytes each, by ascending source.
    #[napi]
    pub fn synapses(&self, env: Env) -> Result<Uint8Array> {
        guard(env, || {
            let bytes = self.engine.records().iter().flat_map(|record| record.to_bytes());
            Ok(bytes.collect::<Vec<_>>().into())
        })
    }

    /// What it has done so far.
    #[napi]
    pub fn stats(&self) -> PropagatorStats {
        let stats = self.engine.stats();
        PropagatorStats {
            propagations: stats.propagations as f64,
            synapses: stats.synapses as f64,
            unmapped: stats.unmapped as f64,
            unknown: stats.unknown as f64,
        }
    }

    /// Counts from 0 again.
    #[napi]
    pub fn reset_stats(&mut self) {
        self.engine.reset_stats();
    }
}
