//! Bursts: an engine of its own, without a bus. Rules written in JavaScript run between the two halves of a burst, so that
//! nothing here ever calls them.

use crate::{
    columns::{ConnectomeArrays, NeuronArrays, SynapseArrays},
    error::guard,
};
use napi::{
    Env,
    bindgen_prelude::{Either, Float32Array, Result, Uint8Array, Uint32Array},
};
use napi_derive::napi;
use neuronbus::{
    BusError,
    connectome::{BurstEngine, BurstOptions, ConnectomeError, HalfBurst, Hebb, Phases, Potential},
};
use std::time::Instant;

/// What an engine is made with.
#[napi(object)]
#[allow(missing_docs)]
pub struct BurstInit {
    pub threads: u32,
    pub seed: f64,
    pub ledger: u32,
}

/// How long each phase took, in microseconds.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct PhaseTimes {
    pub injection: f64,
    pub dynamics: f64,
    pub ledger: f64,
    pub plasticity: f64,
    pub propagation: f64,
    pub swap: f64,
}

/// What came of a burst.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct BurstOutcome {
    pub fired: Uint32Array,
    pub phases: PhaseTimes,
}

/// The synapses that took part in a burst, in arrays of their own.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct TouchedArrays {
    pub burst: f64,
    pub ids: Uint32Array,
    pub sources: Uint32Array,
    pub targets: Uint32Array,
    pub types: Uint8Array,
    pub weights: Uint8Array,
    pub pre: Uint8Array,
    pub post: Uint8Array,
}

/// An engine in figures.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct BurstFigures {
    pub neurons: u32,
    pub synapses: u32,
    pub young: u32,
    pub compiles: f64,
    pub bursts: f64,
    pub firings: f64,
}

/// Neurons and synapses that run in bursts.
#[napi]
pub struct Bursts {
    state: State,
    /// When its clock said zero.
    born: Instant,
}

/// Where it stands.
enum State {
    Idle(BurstEngine),
    /// A burst has begun, and its second half is to come.
    Half(HalfBurst),
    /// It panicked while it went from one to the other.
    Broken,
}

#[napi]
impl Bursts {
    /// One without neurons.
    #[napi(constructor)]
    pub fn new(env: Env, init: BurstInit) -> Result<Self> {
        guard(env, || Ok(Self::of(BurstEngine::new(options(&init))?)))
    }

    /// The engine of a checkpoint.
    #[napi(factory)]
    pub fn load(env: Env, file: Uint8Array) -> Result<Self> {
        guard(env, || Ok(Self::of(BurstEngine::load(&file)?)))
    }

    /// One with these neurons, at rest, and these synapses.
    #[napi(factory)]
    pub fn import(env: Env, init: BurstInit, connectome: ConnectomeArrays) -> Result<Self> {
        guard(env, || Ok(Self::of(BurstEngine::import(options(&init), &connectome.tables())?)))
    }

    fn of(engine: BurstEngine) -> Self {
        Self { state: State::Idle(engine), born: Instant::now() }
    }

    /// What it was made with.
    #[napi(getter)]
    pub fn options(&self, env: Env) -> Result<BurstInit> {
        guard(env, || {
            let BurstOptions { threads, seed, ledger } = *self.shown()?.options();
            Ok(BurstInit { threads: threads as u32, seed: seed as f64, ledger: ledger as u32 })
        })
    }

    /// Adds neurons; their ids.
    #[napi]
    pub fn add_neurons(&mut self, env: Env, columns: NeuronArrays) -> Result<Uint32Array> {
        guard(env, || {
            let ids = self.idle("addNeurons")?.add_neurons(&columns.columns())?;
            Ok(ids.collect::<Vec<_>>().into())
        })
    }

    /// Changes neurons.
    #[napi]
    pub fn update_neurons(&mut self, env: Env, ids: Uint32Array, columns: NeuronArrays) -> Result<()> {
        guard(env, || Ok(self.idle("updateNeurons")?.update_neurons(&ids, &columns.patch())?))
    }

    /// Removes neurons, and their synapses; how many neurons.
    #[napi]
    pub fn remove_neurons(&mut self, env: Env, ids: Uint32Array) -> Result<u32> {
        guard(env, || Ok(self.idle("removeNeurons")?.remove_neurons(&ids) as u32))
    }

    /// Adds synapses; their ids.
    #[napi]
    pub fn add_synapses(&mut self, env: Env, columns: SynapseArrays) -> Result<Uint32Array> {
        guard(env, || {
            let ids = self.idle("addSynapses")?.add_synapses(&columns.columns())?;
            Ok(ids.collect::<Vec<_>>().into())
        })
    }

    /// Changes synapses.
    #[napi]
    pub fn update_synapses(&mut self, env: Env, ids: Uint32Array, columns: SynapseArrays) -> Result<()> {
        guard(env, || Ok(self.idle("updateSynapses")?.update_synapses(&ids, &columns.patch())?))
    }

    /// Removes synapses; how many.
    #[napi]
    pub fn remove_synapses(&mut self, env: Env, ids: Uint32Array) -> Result<u32> {
        guard(env, || Ok(self.idle("removeSynapses")?.remove_synapses(&ids) as u32))
    }

    /// Learns by the built-in rule from the next burst on.
    #[napi]
    pub fn use_hebb(&mut self, env: Env, potentiation: u32, depression: u32) -> Result<()> {
        let rule = Hebb { potentiation: potentiation as u8, depression: depression as u8 };
        guard(env, || {
            self.idle("use")?.use_rule(Box::new(rule));
            Ok(())
        })
    }

    /// Adds to what neurons get in the next burst: the same for all, or to each its own.
    #[napi]
    pub fn inject(&mut self, env: Env, ids: Uint32Array, potential: Either<f64, Float32Array>) -> Result<()> {
        let potential = match &potential {
            Either::A(one) => Potential::One(*one as f32),
            Either::B(each) => Potential::Each(each),
        };
        guard(env, || Ok(self.idle("inject")?.inject(&ids, potential)?))
    }

    /// Runs one burst.
    #[napi]
    pub fn burst(&mut self, env: Env) -> Result<BurstOutcome> {
        let clock = clock(self.born);
        guard(env, || {
            let burst = self.idle("burst")?.burst(clock);
            Ok(outcome(burst.fired, burst.phases))
        })
    }

    /// Runs the first half of a burst; what took part.
    #[napi]
    pub fn begin(&mut self, env: Env) -> Result<TouchedArrays> {
        guard(env, || {
            self.idle("begin")?;
            if let State::Idle(engine) = std::mem::replace(&mut self.state, State::Broken) {
                self.state = State::Half(engine.begin(clock(self.born)));
            }
            Ok(touched(self.half()?))
        })
    }

    /// Runs the second half, with these weights of what took part.
    #[napi]
    pub fn finish(&mut self, env: Env, weights: Uint8Array) -> Result<BurstOutcome> {
        guard(env, || {
            let places = self.half()?.touched().weights;
            if places.len() != weights.len() {
                let allowed = format!("{}, as many as took part", places.len());
                return Err(ConnectomeError::Length { name: "weights", found: weights.len(), allowed }.into());
            }
            places.copy_from_slice(&weights);
            let State::Half(half) = std::mem::replace(&mut self.state, State::Broken) else { return Err(broken()) };
            let (engine, phases) = half.finish(clock(self.born));
            let outcome = outcome(engine.fired(), phases);
            self.state = State::Idle(engine);
            Ok(outcome)
        })
    }

    /// Who fired so many bursts ago; nothing if it is not kept.
    #[napi]
    pub fn ledger(&self, env: Env, back: u32) -> Result<Option<Uint32Array>> {
        guard(env, || Ok(self.shown()?.ledger(back as usize).map(Uint32Array::with_data_copied)))
    }

    /// The potential of each neuron, by id.
    #[napi]
    pub fn potentials(&self, env: Env) -> Result<Float32Array> {
        guard(env, || Ok(Float32Array::with_data_copied(self.shown()?.potentials())))
    }

    /// What it has, and what it has done.
    #[napi]
    pub fn stats(&self, env: Env) -> Result<BurstFigures> {
        guard(env, || {
            let stats = self.shown()?.stats();
            Ok(BurstFigures {
                neurons: stats.neurons as u32,
                synapses: stats.synapses as u32,
                young: stats.young as u32,
                compiles: stats.compiles as f64,
                bursts: stats.bursts as f64,
                firings: stats.firings as f64,
            })
        })
    }

    /// All neurons and synapses there are.
    #[napi]
    pub fn export(&self, env: Env) -> Result<ConnectomeArrays> {
        guard(env, || Ok(self.shown()?.export().into()))
    }

    /// The bytes of a checkpoint.
    #[napi]
    pub fn save(&mut self, env: Env) -> Result<Uint8Array> {
        guard(env, || Ok(self.idle("save")?.save().into()))
    }

    fn idle(&mut self, call: &'static str) -> std::result::Result<&mut BurstEngine, BusError> {
        match &mut self.state {
            State::Idle(engine) => Ok(engine),
            State::Half(_) => Err(BusError::State { call, state: "within a burst" }),
            State::Broken => Err(broken()),
        }
    }

    fn half(&mut self) -> std::result::Result<&mut HalfBurst, BusError> {
        match &mut self.state {
            State::Half(half) => Ok(half),
            State::Idle(_) => Err(BusError::State { call: "finish", state: "before a burst has begun" }),
            State::Broken => Err(broken()),
        }
    }

    fn shown(&self) -> std::result::Result<&BurstEngine, BusError> {
        match &self.state {
            State::Idle(engine) => Ok(engine),
            State::Half(half) => Ok(half.engine()),
            State::Broken => Err(broken()),
        }
    }
}

fn broken() -> BusError {
    BusError::State { call: "this", state: "after the engine panicked" }
}

/// Nanoseconds since then.
fn clock(born: Instant) -> impl FnMut() -> u64 {
    // 584 years have 64 bits.
    move || born.elapsed().as_nanos() as u64
}

/// Every number has been checked: it fits.
fn options(init: &BurstInit) -> BurstOptions {
    BurstOptions { threads: init.threads as usize, seed: init.seed as u64, ledger: init.ledger as usize }
}

fn outcome(fired: &[u32], phases: Phases) -> BurstOutcome {
    let us = |ns: u64| ns as f64 / 1e3;
    BurstOutcome {
        fired: Uint32Array::with_data_copied(fired),
        phases: PhaseTimes {
            injection: us(phases.injection_ns),
            dynamics: us(phases.dynamics_ns),
            ledger: us(phases.ledger_ns),
            plasticity: us(phases.plasticity_ns),
            propagation: us(phases.propagation_ns),
            swap: us(phases.swap_ns),
        },
    }
}

fn touched(half: &mut HalfBurst) -> TouchedArrays {
    let touched = half.touched();
    TouchedArrays {
        burst: touched.burst as f64,
        ids: Uint32Array::with_data_copied(touched.ids),
        sources: Uint32Array::with_data_copied(touched.sources),
        targets: Uint32Array::with_data_copied(touched.targets),
        types: Uint8Array::with_data_copied(touched.types),
        weights: Uint8Array::with_data_copied(&*touched.weights),
        pre: Uint8Array::with_data_copied(touched.pre),
        post: Uint8Array::with_data_copied(touched.post),
    }
}
