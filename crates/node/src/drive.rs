//! Cold verbs that drive a bus and read its books.

use crate::{
    bus::Bus,
    error::guard,
    records::{NativeEvent, NativeStats},
};
use napi::{Env, bindgen_prelude::Result};
use napi_derive::napi;
use neuronbus::{BusError, Clock, CortexError, DropReason, Rate, bridge::layout::CLOCK_NS};
use std::time::Duration;

#[napi]
impl Bus {
    /// Moves the outbox onto the axons, and brings credit up to date, without a tick.
    #[napi]
    pub fn settle(&self, env: Env) -> Result<()> {
        guard(env, || {
            self.inner.cortex(neuronbus::Cortex::settle);
            Ok(())
        })
    }

    /// Begins a tick, or goes on with the one begun. True: the inbox was full; drain it and call again.
    #[napi]
    pub fn route(&self, env: Env) -> Result<bool> {
        guard(env, || {
            let full = self.inner.cortex(|cortex| if cortex.is_closed() { None } else { Some(cortex.route()) });
            full.ok_or(CortexError::Closed.into())
        })
    }

    /// Ends the tick.
    #[napi]
    pub fn finish(&self, env: Env) -> Result<()> {
        guard(env, || {
            self.inner.cortex(neuronbus::Cortex::finish);
            Ok(())
        })
    }

    /// Starts the driver thread: back to back for 0, else one tick every `tickMs` milliseconds.
    #[napi]
    pub fn start(&self, env: Env, tick_ms: f64) -> Result<()> {
        let rate = if tick_ms > 0.0 { Rate::Every(Duration::from_secs_f64(tick_ms / 1e3)) } else { Rate::AsNeeded };
        guard(env, || self.inner.start(rate))
    }

    /// Stops the driver thread and waits for it.
    #[napi]
    pub fn stop(&self, env: Env) -> Result<()> {
        guard(env, || {
            self.inner.stop();
            Ok(())
        })
    }

    /// Whether drop events are queued.
    #[napi]
    pub fn watch_drops(&self, on: bool) {
        self.inner.cortex(|cortex| cortex.watch_drops(on));
    }

    /// Takes the events that wait.
    #[napi]
    pub fn events(&self) -> Vec<NativeEvent> {
        self.inner.cortex(neuronbus::Cortex::take_events).into_iter().map(NativeEvent::from).collect()
    }

    /// The books as the cortex keeps them; `delivered` counts what environments have given back too.
    #[napi]
    pub fn stats(&self) -> NativeStats {
        let books = self.inner.cortex(|cortex| {
            cortex.settle();
            cortex.counters()
        });
        let drops = DropReason::ALL.map(|reason| (reason.name().to_owned(), books.dropped_for(reason) as f64));
        NativeStats {
            fired: books.fired as f64,
            delivered: (books.delivered - (books.handed_out - books.in_inboxes)) as f64,
            deferred: books.deferred as f64,
            in_flight: (books.in_flight - books.in_inboxes) as f64,
            inbox_written: books.handed_out as f64,
            ticks: books.ticks as f64,
            late_ticks: self.inner.late_ticks() as f64,
            dropped: drops.into_iter().collect(),
            events_lost: books.events_lost as f64,
        }
    }

    /// Moves a manual clock on by `ns` nanoseconds.
    #[napi]
    pub fn advance(&self, env: Env, ns: f64) -> Result<()> {
        guard(env, || {
            let clock = self.manual.as_ref().ok_or(BusError::State { call: "advance", state: "on a real clock" })?;
            clock.advance_ns(ns as u64);
            self.memory.store_u64(CLOCK_NS, clock.now_ns());
            Ok(())
        })
    }
}
