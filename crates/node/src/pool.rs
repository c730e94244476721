//! A pool: cold verbs, one tick, and its columns as memory that JavaScript sees.

use crate::{
    error::guard,
    pin::{self, Entries, Shown},
};
use napi::{
    Env,
    bindgen_prelude::{ArrayBuffer, Int16Array, Result, Uint8Array, Uint32Array},
};
use napi_derive::napi;
use neuronbus::{
    BusError,
    connectome::{self, Column, ColumnName, Home, Levels, Mode, NeuronPool, Polarity, Signal, codec},
};
use std::{any::Any, sync::Arc};

/// What a pool is made with.
#[napi(object)]
#[allow(missing_docs)]
pub struct PoolInit {
    pub rest: i32,
    pub threshold: i32,
    pub reset: i32,
    pub refractory: u32,
    pub trace_decay: u32,
    pub homeostasis: u32,
    pub max_synapses: u32,
    pub stdp_positive: i32,
    pub stdp_negative: i32,
    pub max_delay: u32,
    pub compat: bool,
    pub seed: f64,
    pub threads: u32,
}

/// A pool in figures.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct PoolFigures {
    pub excitatory: u32,
    pub inhibitory: u32,
    pub synapses: u32,
    pub tick: f64,
    pub hot: u32,
    pub warm: u32,
    pub cool: u32,
    pub cold: u32,
    pub dead: u32,
    pub mean_weight: f64,
    pub text: String,
}

/// How many synapses a modulation changed.
#[napi(object, object_from_js = false)]
#[allow(missing_docs)]
pub struct Changed {
    pub reinforced: u32,
    pub weakened: u32,
}

/// A population of integer neurons.
#[napi]
pub struct Pool {
    inner: NeuronPool,
    shown: Views,
}

/// The memory of each column, for JavaScript to see.
#[derive(Default)]
struct Views([Option<Arc<dyn View>>; 8]);

/// Memory that can be shown.
trait View: Any + Send + Sync {
    fn buffer(self: Arc<Self>, env: &Env) -> Result<ArrayBuffer<'_>>;
}

impl<T: Send + Sync + 'static> View for Entries<T> {
    fn buffer(self: Arc<Self>, env: &Env) -> Result<ArrayBuffer<'_>> {
        pin::entries_buffer(env, self)
    }
}

impl Home for Views {
    fn place<T: Copy + Send + Sync + 'static>(&mut self, name: ColumnName, entries: &[T]) -> Column<T> {
        let (shown, view) = Shown::new(entries);
        self.0[name as usize] = Some(view);
        Column::Lent(Box::new(shown))
    }
}

#[napi]
impl Pool {
    /// A pool in which each neuron has a synapse to each other one with a probability of `density`.
    #[napi(factory)]
    pub fn random(env: Env, name: String, neurons: f64, density: f64, init: PoolInit) -> Result<Self> {
        guard(env, || {
            let config = config(&init);
            Ok(Self::settled(NeuronPool::with_random_connectivity(&name, neurons as usize, density as f32, config)?))
        })
    }

    /// The pool of a file; `compat` says by which rules one of version 1 lives.
    #[napi(factory)]
    pub fn load(env: Env, file: Uint8Array, compat: bool) -> Result<Self> {
        guard(env, || Ok(Self::settled(codec::read(&file, mode(compat))?)))
    }

    fn settled(mut inner: NeuronPool) -> Self {
        let mut shown = Views::default();
        inner.settle_in(&mut shown);
        Self { inner, shown }
    }

    /// The bytes of its file, as it is now. They can be read: memory that JavaScript has led astray is refused here.
    #[napi]
    pub fn save(&self, env: Env) -> Result<Uint8Array> {
        guard(env, || {
            let bytes = codec::write(&self.inner);
            codec::read(&bytes, self.inner.config().mode)?;
            Ok(bytes.into())
        })
    }

    /// Its name.
    #[napi(getter)]
    pub fn name(&self) -> String {
        self.inner.name().into()
    }

    /// What it was made with.
    #[napi(getter)]
    pub fn config(&self) -> PoolInit {
        let config = self.inner.config();
        PoolInit {
            rest: config.rest.into(),
            threshold: config.threshold.into(),
            reset: config.reset.into(),
            refractory: config.refractory.into(),
            trace_decay: config.trace_decay.into(),
            homeostasis: config.homeostasis.into(),
            max_synapses: config.max_synapses.into(),
            stdp_positive: config.stdp_positive.into(),
            stdp_negative: config.stdp_negative.into(),
            max_delay: config.max_delay.into(),
            compat: config.mode == Mode::Compat,
            seed: config.seed as f64,
            threads: config.threads as u32,
        }
    }

    /// One tick; returns how many fired.
    #[napi]
    pub fn tick(&mut self, env: Env, input: Option<Int16Array>) -> Result<u32> {
        guard(env, || Ok(self.inner.tick(input.as_deref().unwrap_or_default())? as u32))
    }

    /// Adds a signal to what the neurons of a range take in the next tick.
    #[napi]
    pub fn inject(&mut self, env: Env, from: u32, to: u32, polarity: i32, magnitude: u32) -> Result<()> {
        let polarity = match polarity {
            ..0 => Polarity::Negative,
            0 => Polarity::Zero,
            1.. => Polarity::Positive,
        };
        let signal = Signal { polarity, magnitude: magnitude as u8 };
        guard(env, || Ok(self.inner.inject(from as usize..to as usize, signal)?))
    }

    /// The neurons of a range that fired in the last tick, ascending.
    #[napi]
    pub fn fired(&self, env: Env, from: u32, to: u32) -> Result<Uint32Array> {
        guard(env, || {
            let output = self.inner.read_output(from as usize..to as usize)?;
            let spikes = output.iter().zip(from..).filter(|(signal, _)| signal.magnitude > 0);
            Ok(spikes.map(|(_, neuron)| neuron).collect::<Vec<_>>().into())
        })
    }

    /// Changes the strength of each synapse by its eligibility × modulators.
    #[napi]
    pub fn apply_modulation(&mut self, env: Env, dopamine: u32, cortisol: u32, acetylcholine: u32) -> Result<Changed> {
        let [dopamine, cortisol, acetylcholine] = [dopamine, cortisol, acetylcholine].map(|level| level as u8);
        let changed = guard(env, || Ok(self.inner.apply_modulation(Levels { dopamine, cortisol, acetylcholine })))?;
        Ok(Changed { reinforced: changed.reinforced, weakened: changed.weakened })
    }

    /// Lets synapses grow; how many did. If any did, `starts` and `synapses` lie elsewhere now.
    #[napi]
    pub fn synaptogenesis(&mut self, env: Env, acetylcholine: u32) -> Result<u32> {
        guard(env, || {
            let grown = self.inner.synaptogenesis(acetylcholine as u8);
            self.inner.settle_in(&mut self.shown);
            Ok(grown as u32)
        })
    }

    /// Removes dead synapses; how many there were. If there were any, `starts` and `synapses` lie elsewhere now.
    #[napi]
    pub fn prune_dead(&mut self, env: Env) -> Result<u32> {
        guard(env, || {
            let dead = self.inner.prune_dead();
            self.inner.settle_in(&mut self.shown);
            Ok(dead as u32)
        })
    }

    /// Brings every eligibility up to date.
    #[napi]
    pub fn settle(&mut self, env: Env) -> Result<()> {
        guard(env, || {
            self.inner.settle();
            Ok(())
        })
    }

    /// The pool in figures.
    #[napi]
    pub fn stats(&self) -> PoolFigures {
        let stats = self.inner.stats();
        let thermal = stats.thermal;
        PoolFigures {
            excitatory: stats.excitatory as u32,
            inhibitory: stats.inhibitory as u32,
            synapses: stats.synapses as u32,
            tick: stats.tick as f64,
            hot: thermal.hot as u32,
            warm: thermal.warm as u32,
            cool: thermal.cool as u32,
            cold: thermal.cold as u32,
            dead: thermal.dead as u32,
            mean_weight: stats.mean_weight,
            text: stats.to_string(),
        }
    }

    /// The memory of a column; to be asked for once as long as it does not move.
    #[napi]
    pub fn column<'env>(&self, env: &'env Env, name: String) -> Result<ArrayBuffer<'env>> {
        let view = guard(*env, || {
            let found = column(&name).and_then(|name| self.shown.0[name as usize].clone());
            found.ok_or(BusError::OutOfRange { name: "column", value: name, allowed: "the names of columns" })
        })?;
        view.buffer(env)
    }
}

fn column(name: &str) -> Option<ColumnName> {
    Some(match name {
        "membrane" => ColumnName::Membrane,
        "threshold" => ColumnName::Threshold,
        "leak" => ColumnName::Leak,
        "refractory" => ColumnName::Refractory,
        "flags" => ColumnName::Flags,
        "trace" => ColumnName::Trace,
        "rowPtr" => ColumnName::Starts,
        "synapses" => ColumnName::Synapses,
        _ => return None,
    })
}

/// Every number has been checked: it fits.
fn config(init: &PoolInit) -> connectome::PoolConfig {
    connectome::PoolConfig {
        rest: init.rest as i16,
        threshold: init.threshold as i16,
        reset: init.reset as i16,
        refractory: init.refractory as u8,
        trace_decay: init.trace_decay as u8,
        homeostasis: init.homeostasis as u8,
        max_synapses: init.max_synapses as u16,
        stdp_positive: init.stdp_positive as i8,
        stdp_negative: init.stdp_negative as i8,
        max_delay: init.max_delay as u8,
        mode: mode(init.compat),
        seed: init.seed as u64,
        threads: init.threads as usize,
    }
}

fn mode(compat: bool) -> Mode {
    if compat { Mode::Compat } else { Mode::Product }
}
