//! A token that ends waits (NB-10).

use crate::lot::{Lot, Parker};
use neuronbus_sync::{Arc, AtomicBool, Ordering};

/// Ends every wait that it was given to, now and later. Clones are the same token.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Option<Arc<State>>);

#[derive(Debug, Default)]
struct State {
    pulled: AtomicBool,
    sleepers: Lot,
}

impl Cancel {
    /// A token that has not been pulled.
    pub fn new() -> Self {
        Self(Some(Arc::new(State::default())))
    }

    /// A token that cannot be pulled; it costs nothing.
    pub fn never() -> Self {
        Self(None)
    }

    /// Ends the waits. Nothing happens when it is repeated, or done to [`Self::never`].
    pub fn cancel(&self) {
        if let Some(state) = &self.0 {
            // Release, partner: `is_cancelled`. Sleepers see it by the mutex of the lot: they enter, then look.
            state.pulled.store(true, Ordering::Release);
            state.sleepers.wake();
        }
    }

    /// Whether it has been pulled.
    pub fn is_cancelled(&self) -> bool {
        // Acquire, partner: `cancel`.
        self.0.as_ref().is_some_and(|state| state.pulled.load(Ordering::Acquire))
    }

    pub(crate) fn enter(&self, parker: &Arc<Parker>) {
        if let Some(state) = &self.0 {
            state.sleepers.enter(parker);
        }
    }

    pub(crate) fn leave(&self, parker: &Arc<Parker>) {
        if let Some(state) = &self.0 {
            state.sleepers.leave(parker);
        }
    }
}
