//! Builds a bus, and refuses what lies out of range (NB-49).

use crate::{Bus, BusError};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Cortex, CortexConfig, NoPort, Port};
use neuronbus_spike::{Clock, RealClock};
use neuronbus_synapse::TableKind;
use std::{sync::Arc, time::Duration};

/// How the cortex thread waits when it has nothing to do (NB-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WaitStrategy {
    /// Burns a core, reacts first.
    BusySpin,
    /// Burns a core with the CPU's pause instruction.
    SpinHint,
    /// Looks for some hundred microseconds, then sleeps until something is fired.
    #[default]
    YieldThenPark,
}

/// Collects what a bus is built with. Every setting has a default.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    arena_bytes: usize,
    cortex: CortexConfig,
    wait: WaitStrategy,
    clock: Arc<dyn Clock>,
    close_timeout: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            arena_bytes: 64 << 20,
            cortex: CortexConfig::default(),
            wait: WaitStrategy::default(),
            clock: Arc::new(RealClock::new()),
            close_timeout: Duration::from_secs(5),
        }
    }
}

impl Builder {
    /// Bytes of payloads in flight. Default 64 MiB, taken from the machine as it is used.
    pub fn arena_capacity(mut self, bytes: usize) -> Self {
        self.arena_bytes = bytes;
        self
    }

    /// Spikes that one neuron may have in flight, a power of two from 2. Default 1,024.
    pub fn axon_capacity(mut self, slots: usize) -> Self {
        self.cortex.axon_slots = slots;
        self
    }

    /// Most neurons at once, 1 to 65,534. Default 1,024.
    pub fn max_neurons(mut self, neurons: usize) -> Self {
        self.cortex.max_neurons = neurons;
        self
    }

    /// Spikes that may wait for one refractory neuron, 1 to 65,536. Default 64.
    pub fn defer_slots(mut self, slots: usize) -> Self {
        self.cortex.defer_slots = slots;
        self
    }

    /// How the cortex thread waits.
    pub fn wait_strategy(mut self, wait: WaitStrategy) -> Self {
        self.wait = wait;
        self
    }

    /// How synapses are looked up (NB-36). Default: dense up to 1,024 neurons, sparse above.
    pub fn table(mut self, kind: TableKind) -> Self {
        self.cortex.table = kind;
        self
    }

    /// `prune` removes synapses with a weight up to `below` (default 0.01), by itself every so many ticks (default 0:
    /// never).
    pub fn prune(mut self, below: f32, every_ticks: u64) -> Self {
        self.cortex.prune_below = below;
        self.cortex.prune_every_ticks = every_ticks;
        self
    }

    /// The source of time. Default: the machine's monotonic clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How long [`Bus::close`] lets what is under way get through, by the wall. Default 5 s; zero: it does not tick.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close_timeout = timeout;
        self
    }

    /// The settings of the cortex.
    pub fn config(&self) -> &CortexConfig {
        &self.cortex
    }

    /// How the cortex thread waits.
    pub fn wait(&self) -> WaitStrategy {
        self.wait
    }

    /// How long [`Bus::close`] drains at most.
    pub fn close_within(&self) -> Duration {
        self.close_timeout
    }

    /// Bytes of the arena.
    pub fn arena_bytes(&self) -> usize {
        self.arena_bytes
    }

    /// A bus of native neurons.
    ///
    /// # Errors
    /// A setting out of range, no memory for the arena.
    pub fn build(self) -> Result<Bus, BusError> {
        self.build_with_ports::<NoPort>()
    }

    /// A bus that environments can join.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn build_with_ports<P: Port + 'static>(self) -> Result<Bus<P>, BusError> {
        self.cortex.validate()?;
        let arena = Arena::anonymous(self.arena_bytes as u64)?;
        let cortex = Cortex::new(self.cortex, Arc::clone(&self.clock), arena.clone())?;
        Ok(Bus::new(cortex, arena, self.clock, self.wait, self.close_timeout))
    }
}
