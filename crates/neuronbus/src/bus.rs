//! The bus: a cortex behind a lock, driven by hand or by its own thread.

use crate::{
    Builder, BusError, WaitStrategy,
    bridge::{Bridge, BridgeMemory},
    driver::{Driver, Rate},
    shared::Shared,
};
use neuronbus_arena::Arena;
use neuronbus_axon::{LossyReader, Reader};
use neuronbus_cortex::{Body, Connection, Cortex, CortexError, Counters, NoPort, Port, Registration, TickReport};
use neuronbus_neuron::{AgentCard, Handle, Membrane, Neuron};
use neuronbus_spike::{Clock, NeuronId};
use neuronbus_sync::Ordering;
use parking_lot::{Mutex, MutexGuard};
use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// A nervous system. Shared by reference among threads; every verb takes effect between two ticks.
///
/// A callback of a neuron runs inside a tick: there, the verbs of its own bus are refused with [`BusError::Reentrant`],
/// but for [`Self::close`] and [`Self::stop`], which take effect when the tick ends.
pub struct Bus<P: Port + 'static = NoPort> {
    shared: Arc<Shared<P>>,
    driver: Mutex<Option<Driver>>,
    close_timeout: Duration,
}

impl Bus {
    /// Begins to build a bus.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl<P: Port + 'static> Bus<P> {
    pub(crate) fn new(
        cortex: Cortex<P>,
        arena: Arena,
        clock: Arc<dyn Clock>,
        wait: WaitStrategy,
        close_timeout: Duration,
    ) -> Self {
        let shared = Arc::new(Shared::new(cortex, arena, clock, wait));
        Self { shared, driver: Mutex::new(None), close_timeout }
    }

    /// Registers a native neuron with the default membrane.
    ///
    /// # Errors
    /// As [`Cortex::register`], [`BusError::Reentrant`].
    pub fn register(&self, card: AgentCard, neuron: impl Neuron + 'static) -> Result<NeuronId, BusError> {
        self.register_with(card, Membrane::default(), neuron)
    }

    /// Registers a native neuron.
    ///
    /// # Errors
    /// As [`Cortex::register`], [`BusError::Reentrant`].
    pub fn register_with(
        &self,
        card: AgentCard,
        membrane: Membrane,
        neuron: impl Neuron + 'static,
    ) -> Result<NeuronId, BusError> {
        let card = card.with_capabilities(neuron.capabilities()).map_err(CortexError::from)?;
        let registration = Registration { card, membrane, body: Body::Native(Box::new(neuron)) };
        self.verb(|cortex| cortex.register(registration))
    }

    /// Removes a neuron.
    ///
    /// # Errors
    /// As [`Cortex::unregister`], [`BusError::Reentrant`].
    pub fn unregister(&self, id: NeuronId) -> Result<AgentCard, BusError> {
        self.verb(|cortex| cortex.unregister(id))
    }

    /// Connects two neurons, or updates their synapse.
    ///
    /// # Errors
    /// As [`Cortex::connect`], [`BusError::Reentrant`].
    pub fn connect(&self, pre: NeuronId, post: NeuronId, connection: Connection) -> Result<(), BusError> {
        self.verb(|cortex| cortex.connect(pre, post, connection))
    }

    /// Lends the hand of a native neuron to the caller: what it fires is what the neuron fires (NB-46, injection from
    /// outside).
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`] for one that is not native, [`CortexError::Closed`], [`BusError::Reentrant`].
    pub fn lend<R>(&self, id: NeuronId, call: impl FnOnce(&mut Handle<'_>) -> R) -> Result<R, BusError> {
        self.verb(|cortex| cortex.lend(id, call))
    }

    /// A reliable reader of what a neuron fires, for any thread: see [`Cortex::reader`] (NB-40).
    ///
    /// # Errors
    /// As [`Cortex::reader`], [`BusError::Reentrant`].
    pub fn reader(&self, id: NeuronId) -> Result<Reader, BusError> {
        self.verb(|cortex| cortex.reader(id))
    }

    /// A lossy reader of what a neuron fires, for any thread: see [`Cortex::lossy_reader`] (NB-40).
    ///
    /// # Errors
    /// As [`Cortex::lossy_reader`], [`BusError::Reentrant`].
    pub fn lossy_reader(&self, id: NeuronId) -> Result<LossyReader, BusError> {
        self.verb(|cortex| cortex.lossy_reader(id))
    }

    /// One tick by hand.
    ///
    /// # Errors
    /// [`BusError::Reentrant`] in a callback, [`BusError::State`] while a thread drives the bus, [`CortexError::Closed`].
    pub fn tick(&self) -> Result<TickReport, BusError> {
        self.run(1)
    }

    /// `ticks` ticks by hand, one after the other (NB-46); the report of the last.
    ///
    /// # Errors
    /// As [`Self::tick`].
    pub fn run(&self, ticks: u64) -> Result<TickReport, BusError> {
        // Asked first, because the driver is locked while it is stopped: a callback must not wait for that.
        if self.shared.is_inside() {
            return Err(BusError::Reentrant);
        }
        if self.is_started() {
            return Err(BusError::State { call: "tick", state: "while the bus is started" });
        }
        let mut report = TickReport::default();
        for _ in 0..ticks {
            report = self
                .shared
                .with(|cortex| if cortex.is_closed() { None } else { Some(cortex.tick()) })?
                .ok_or(CortexError::Closed)?;
        }
        Ok(report)
    }

    /// Starts the cortex thread; does nothing more if it runs.
    ///
    /// # Errors
    /// A period out of range, [`CortexError::Closed`], [`BusError::Thread`], [`BusError::Reentrant`].
    pub fn start(&self, rate: Rate) -> Result<(), BusError> {
        rate.validate()?;
        self.shared.open()?;
        if self.shared.is_inside() {
            return Err(BusError::Reentrant);
        }
        let mut driver = self.driver.lock();
        if driver.as_ref().is_none_or(|driver| !driver.runs()) {
            *driver = Some(Driver::start(Arc::clone(&self.shared), rate)?);
        }
        Ok(())
    }

    /// Whether a thread drives the bus. In a callback, one that is being stopped does.
    pub fn is_started(&self) -> bool {
        self.driver().is_none_or(|driver| driver.as_ref().is_some_and(Driver::runs))
    }

    /// Stops the cortex thread and waits for it; does nothing if there is none. In a callback it does not wait: the thread
    /// ends after the tick.
    pub fn stop(&self) {
        let driver = self.driver();
        self.shared.set_stop(true);
        self.shared.bell.ring();
        if let Some(mut driver) = driver.filter(|_| !self.shared.is_inside())
            && let Some(driver) = driver.take()
        {
            driver.join();
        }
    }

    /// The driver; in a callback only if it is free, because it may be locked by somebody who waits for this very tick.
    fn driver(&self) -> Option<MutexGuard<'_, Option<Driver>>> {
        if self.shared.is_inside() { self.driver.try_lock() } else { Some(self.driver.lock()) }
    }

    /// Waits until nothing is in flight, at most for `timeout`; ticks by hand if no thread does. True if it came to that.
    /// In a callback it can only look.
    pub fn drain(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        loop {
            let in_flight = self.shared.with(|cortex| cortex.counters().in_flight);
            if !matches!(in_flight, Ok(1..)) || Instant::now() >= deadline {
                return matches!(in_flight, Ok(0));
            }
            if self.tick().is_err() {
                thread::sleep(Duration::from_micros(100));
            }
        }
    }

    /// Refuses everything from now on but [`Self::counters`], also what neurons fire; stops the thread; ticks until nothing
    /// is in flight, at most for [`Builder::close_timeout`], looked at between two ticks; counts what is left as `closed`.
    /// Idempotent: who comes second waits for the end too. In a callback it returns at once, and the tick is followed by
    /// the end.
    pub fn close(&self) {
        self.shared.begin_close(self.close_timeout);
        self.stop();
        if !self.shared.is_inside() {
            self.shared.end();
        }
    }

    /// The books. In a callback they are open: it gets empty ones.
    pub fn counters(&self) -> Counters {
        self.shared.with(|cortex| cortex.counters()).unwrap_or_default()
    }

    /// Ticks that a fixed rate owed and did not make up.
    pub fn late_ticks(&self) -> u64 {
        // Relaxed: a count for show.
        self.shared.late_ticks.load(Ordering::Relaxed)
    }

    /// How often the cortex thread itself panicked; the bus is closed then.
    pub fn crashes(&self) -> u64 {
        // Relaxed: a count for show.
        self.shared.crashes.load(Ordering::Relaxed)
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
    ///
    /// # Panics
    /// In a callback of a neuron of this bus, which then counts as an error of its handler; [`Self::try_cortex`] refuses.
    #[track_caller]
    #[expect(clippy::expect_used, reason = "the one misuse is documented, and cannot come from data")]
    pub fn cortex<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> R {
        self.try_cortex(call).expect("not in a callback of the same bus")
    }

    /// As [`Self::cortex`].
    ///
    /// # Errors
    /// [`BusError::Reentrant`] in a callback of a neuron of this bus.
    pub fn try_cortex<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> Result<R, BusError> {
        self.shared.with(call)
    }

    /// Wakes the cortex thread if it sleeps until touched. Takes no lock of the cortex.
    pub fn touch(&self) {
        self.shared.bell.ring();
    }

    fn verb<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> Result<R, CortexError>) -> Result<R, BusError> {
        self.shared.open()?;
        Ok(self.shared.with(call)??)
    }
}

impl Bus<Bridge> {
    /// The hot verb of the other side of a bridge: makes the clock in `memory` fresh, and wakes the thread if it sleeps.
    /// Takes no lock of the cortex, and keeps neither the bus nor its neurons.
    pub fn toucher(&self, memory: BridgeMemory) -> impl Fn() + Send + Sync + 'static {
        let (bell, clock) = (Arc::clone(&self.shared.bell), Arc::clone(&self.shared.clock));
        move || {
            memory.advance_clock(clock.now_ns());
            bell.ring();
        }
    }
}

impl<P: Port + 'static> Drop for Bus<P> {
    fn drop(&mut self) {
        self.stop();
    }
}
