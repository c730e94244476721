//! The handle of a bus: its birth, its neurons, its end. The other cold verbs are in `wiring`, `drive` and `arena`.

use crate::{
    convert::{card, id, shortest},
    error::guard,
    leases::Leases,
    pin,
    records::{BusConfig, Card, Membrane},
};
use napi::{
    Env,
    bindgen_prelude::{ArrayBuffer, Function, Result, Uint8Array, Uint16Array},
    threadsafe_function::ThreadsafeFunctionCallMode,
};
use napi_derive::napi;
use neuronbus::{
    Body, Builder, BusError, Clock, ManualClock, NeuronId, PortId, Registration,
    bridge::{
        Bridge, BridgeMemory, Doorbell,
        layout::{BridgeLayout, CLOCK_NS},
    },
};
use std::{sync::Arc, time::Duration};

/// A bus, as seen from the environment that made it.
#[napi]
pub struct Bus {
    pub(crate) inner: Arc<neuronbus::Bus<Bridge>>,
    pub(crate) memory: BridgeMemory,
    pub(crate) manual: Option<Arc<ManualClock>>,
    pub(crate) leases: Leases,
    port: PortId,
}

#[napi]
impl Bus {
    /// Lays the bridge into `memory` (all zero, 64-byte aligned, as large as `bridgeLayout(config)` says) and keeps it
    /// pinned. `doorbell` is called from the event loop, without arguments, when the reader asked for it.
    #[napi(constructor)]
    pub fn new(env: Env, config: BusConfig, memory: Uint8Array, doorbell: Function<'_, (), ()>) -> Result<Self> {
        let doorbell = ring_by(&doorbell)?;
        let made = guard(env, || Self::build(&config, memory, doorbell))?;
        // Threads belong to the environment that made them: this hook, registered last, stops them first.
        let stopping = Arc::downgrade(&made.inner);
        env.add_env_cleanup_hook(stopping, |bus| {
            if let Some(bus) = bus.upgrade() {
                bus.close();
            }
        })?;
        Ok(made)
    }

    fn build(config: &BusConfig, memory: Uint8Array, doorbell: Doorbell) -> std::result::Result<Self, BusError> {
        let manual = config.manual_clock.then(|| Arc::new(ManualClock::new()));
        let mut builder = Builder::default()
            .arena_capacity(config.arena_bytes as usize)
            .axon_capacity(config.axon_slots as usize)
            .max_neurons(config.max_neurons as usize)
            .defer_slots(config.defer_slots as usize)
            .prune(config.prune_below as f32, config.prune_every_ticks as u64)
            // The other side drains, because only it can read the inbox; here everything ends at once.
            .close_timeout(Duration::ZERO)
            .wait_strategy(config.strategy()?);
        if let Some(clock) = &manual {
            builder = builder.clock(Arc::clone(clock) as Arc<dyn Clock>);
        }
        let memory = BridgeMemory::new(pin::pin(memory)?, BridgeLayout::new(config.sizes())?)?;
        let bridge = Bridge::new(memory.clone(), doorbell)?;
        let bus = builder.build_with_ports()?;
        let port = bus.cortex(|cortex| cortex.add_port(bridge));
        memory.store_u64(CLOCK_NS, bus.clock().now_ns());
        Ok(Self { inner: Arc::new(bus), memory, manual, leases: Leases::default(), port })
    }

    /// The argument-free function of the hot path: makes `clockNs` fresh and wakes a sleeping driver.
    #[napi(ts_return_type = "() => void")]
    pub fn touch<'env>(&self, env: &'env Env) -> Result<Function<'env, (), ()>> {
        let touch = self.inner.toucher(self.memory.clone());
        env.create_function_from_closure("touch", move |_| {
            touch();
            Ok(())
        })
    }

    /// Adds a neuron of this environment; returns its id.
    #[napi]
    pub fn register(&self, env: Env, init: Card, membrane: Membrane) -> Result<u32> {
        guard(env, || {
            let registration =
                Registration { card: card(init)?, membrane: membrane.into(), body: Body::Port(self.port) };
            Ok(self.inner.cortex(|cortex| cortex.register(registration))?.raw().into())
        })
    }

    /// Removes a neuron.
    #[napi]
    pub fn unregister(&self, env: Env, neuron: u32) -> Result<()> {
        guard(env, || self.inner.unregister(id(neuron)?).map(drop))
    }

    /// Ids with this capability, in this region or below, in id order.
    #[napi]
    pub fn discover(&self, capability: Option<String>, region: Option<String>) -> Uint16Array {
        let found = self.inner.cortex(|cortex| cortex.discover(capability.as_deref(), region.as_deref()));
        found.into_iter().map(NeuronId::raw).collect::<Vec<_>>().into()
    }

    /// The potential of a neuron after the last tick.
    #[napi]
    pub fn potential(&self, env: Env, neuron: u32) -> Result<f64> {
        guard(env, || Ok(shortest(self.inner.cortex(|cortex| cortex.potential(id(neuron)?).map_err(BusError::from))?)))
    }

    /// The memory of a neuron's axon (ring layout).
    #[napi]
    pub fn axon_buffer<'env>(&self, env: &'env Env, neuron: u32) -> Result<ArrayBuffer<'env>> {
        let region =
            guard(*env, || self.inner.cortex(|cortex| cortex.axon_region(id(neuron)?).map_err(BusError::from)))?;
        pin::region_buffer(env, region)
    }

    /// Opens a gate on a neuron's axon, standing at now; the caller moves it.
    #[napi]
    pub fn axon_claim_gate(&self, env: Env, neuron: u32) -> Result<u32> {
        guard(env, || Ok(self.inner.cortex(|cortex| cortex.claim_gate(id(neuron)?).map_err(BusError::from))? as u32))
    }

    /// Closes a gate; quiet if the neuron has gone and taken its gates along.
    #[napi]
    pub fn axon_release_gate(&self, env: Env, neuron: u32, gate: u32) -> Result<()> {
        guard(env, || {
            let neuron = id(neuron)?;
            // The neuron may have gone, and its gates with it.
            drop(self.inner.cortex(|cortex| cortex.release_gate(neuron, gate as usize)));
            Ok(())
        })
    }

    /// Stops the driver, counts what is left as `closed`, closes rings and arena. Idempotent.
    #[napi]
    pub fn close(&mut self, env: Env) -> Result<()> {
        self.leases = Leases::default();
        guard(env, || {
            self.inner.close();
            Ok(())
        })
    }
}

/// A weak threadsafe function with room for one ring: the doorbell carries nothing, so one is as good as many.
fn ring_by(doorbell: &Function<'_, (), ()>) -> Result<Doorbell> {
    let bell = doorbell
        .build_threadsafe_function::<()>()
        .callee_handled::<false>()
        .weak::<true>()
        .max_queue_size::<1>()
        .build()?;
    Ok(Box::new(move || {
        bell.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }))
}
