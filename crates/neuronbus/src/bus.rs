//! The bus: a cortex behind a lock, driven by hand or by its own thread.

use crate::{
    Builder, BusError, WaitStrategy,
    bridge::{Bridge, BridgeMemory, layout::CLOCK_NS},
    driver::{Driver, Rate, Shared},
};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Body, Connection, Cortex, CortexError, Counters, NoPort, Port, Registration, TickReport};
use neuronbus_neuron::{AgentCard, Handle, Membrane, Neuron};
use neuronbus_spike::{Clock, NeuronId};
use parking_lot::Mutex;
use std::{sync::Arc, time::Duration};

/// A nervous system. Shared by reference among threads; every verb takes effect between two ticks.
pub struct Bus<P: Port + 'static = NoPort> {
    shared: Arc<Shared<P>>,
    driver: Mutex<Option<Driver>>,
}

impl Bus {
    /// Begins to build a bus.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl<P: Port + 'static> Bus<P> {
    pub(crate) fn new(cortex: Cortex<P>, arena: Arena, clock: Arc<dyn Clock>, wait: WaitStrategy) -> Self {
        Self { shared: Arc::new(Shared::new(cortex, arena, clock, wait)), driver: Mutex::new(None) }
    }

    /// Registers a native neuron with the default membrane.
    ///
    /// # Errors
    /// As [`Cortex::register`].
    pub fn register(&self, card: AgentCard, neuron: impl Neuron + 'static) -> Result<NeuronId, BusError> {
        self.register_with(card, Membrane::default(), neuron)
    }

    /// Registers a native neuron.
    ///
    /// # Errors
    /// As [`Cortex::register`].
    pub fn register_with(
        &self,
        card: AgentCard,
        membrane: Membrane,
        neuron: impl Neuron + 'static,
    ) -> Result<NeuronId, BusError> {
        let card = card.with_capabilities(neuron.capabilities()).map_err(CortexError::from)?;
        let registration = Registration { card, membrane, body: Body::Native(Box::new(neuron)) };
        Ok(self.cortex(|cortex| cortex.register(registration))?)
    }

    /// Removes a neuron.
    ///
    /// # Errors
    /// As [`Cortex::unregister`].
    pub fn unregister(&self, id: NeuronId) -> Result<AgentCard, BusError> {
        Ok(self.cortex(|cortex| cortex.unregister(id))?)
    }

    /// Connects two neurons, or updates their synapse.
    ///
    /// # Errors
    /// As [`Cortex::connect`].
    pub fn connect(&self, pre: NeuronId, post: NeuronId, connection: Connection) -> Result<(), BusError> {
        Ok(self.cortex(|cortex| cortex.connect(pre, post, connection))?)
    }

    /// Lends the hand of a native neuron to the caller: what it fires is what the neuron fires (NB-46, injection from
    /// outside).
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`] for one that is not native, [`CortexError::Closed`].
    pub fn lend<R>(&self, id: NeuronId, call: impl FnOnce(&mut Handle<'_>) -> R) -> Result<R, BusError> {
        let result = self.cortex(|cortex| cortex.lend(id, call))?;
        self.shared.wake_if_parked();
        Ok(result)
    }

    /// One tick by hand (NB-46: `run(n)` is `n` of them).
    ///
    /// While a thread drives the bus this is one tick more, between two of its own.
    pub fn tick(&self) -> TickReport {
        self.cortex(Cortex::tick)
    }

    /// `ticks` ticks by hand.
    pub fn run(&self, ticks: u64) {
        for _ in 0..ticks {
            self.tick();
        }
    }

    /// Starts the cortex thread; does nothing more if it runs.
    ///
    /// # Errors
    /// [`CortexError::Closed`], [`BusError::Thread`].
    pub fn start(&self, rate: Rate) -> Result<(), BusError> {
        let mut driver = self.driver.lock();
        if driver.is_none() {
            self.cortex(|cortex| if cortex.is_closed() { Err(CortexError::Closed) } else { Ok(()) })?;
            *driver = Some(Driver::start(Arc::clone(&self.shared), rate)?);
        }
        Ok(())
    }

    /// Whether a thread drives the bus.
    pub fn is_started(&self) -> bool {
        self.driver.lock().is_some()
    }

    /// Stops the cortex thread and waits for it; does nothing if there is none.
    pub fn stop(&self) {
        if let Some(driver) = self.driver.lock().take() {
            driver.stop();
        }
    }

    /// Waits until nothing is in flight, at most for `timeout`; ticks by hand if no thread does. True if it came to that.
    pub fn drain(&self, timeout: Duration) -> bool {
        let deadline = std::time::Instant::now() + timeout;
        loop {
            if self.counters().in_flight == 0 {
                return true;
            }
            if std::time::Instant::now() >= deadline {
                return false;
            }
            if self.is_started() {
                std::thread::sleep(Duration::from_micros(100));
            } else {
                self.tick();
            }
        }
    }

    /// Stops the thread, counts what is left as `closed`, and refuses everything from now on but [`Self::counters`].
    /// Idempotent. Drain first to lose nothing.
    pub fn close(&self) {
        self.stop();
        self.cortex(Cortex::close);
        self.shared.arena.close();
    }

    /// The books.
    pub fn counters(&self) -> Counters {
        self.cortex(|cortex| cortex.counters())
    }

    /// Ticks that a fixed rate owed and did not make up.
    pub fn late_ticks(&self) -> u64 {
        self.shared.late_ticks()
    }

    /// The arena.
    pub fn arena(&self) -> &Arena {
        &self.shared.arena
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// Does something with the cortex between two ticks. Every verb without a shorthand here is called through this.
    pub fn cortex<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> R {
        call(&mut self.shared.cortex.lock())
    }

    /// Wakes the cortex thread if it sleeps until touched. Takes no lock of the cortex.
    pub fn touch(&self) {
        self.shared.wake_if_parked();
    }
}

impl Bus<Bridge> {
    /// The hot verb of the other side of a bridge: makes the clock in `memory` fresh, and wakes the thread if it sleeps.
    /// Takes no lock of the cortex, and keeps neither the bus nor its neurons.
    pub fn toucher(&self, memory: BridgeMemory) -> impl Fn() + Send + Sync + 'static {
        let (bell, clock) = (self.shared.bell(), Arc::clone(&self.shared.clock));
        move || {
            memory.store_u64(CLOCK_NS, clock.now_ns());
            bell.ring();
        }
    }
}

impl<P: Port + 'static> Drop for Bus<P> {
    fn drop(&mut self) {
        self.stop();
    }
}
