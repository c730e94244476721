//! Where payloads over 46 bytes lie, as a neuron sees it: the bus hands in its arena behind this trait.

use crate::PayloadError;
use neuronbus_spike::ArenaRef;

/// A store of payloads.
pub trait PayloadStore {
    /// Copies `bytes` in. The reference is owned by the spike that will carry it.
    ///
    /// # Errors
    /// [`PayloadError::OutOfSpace`] or [`PayloadError::Closed`].
    fn write(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError>;

    /// Shows the bytes of `reference` to `view`, in place, exactly once unless it fails.
    ///
    /// # Errors
    /// [`PayloadError::Stale`] or [`PayloadError::Closed`].
    fn read(&self, reference: ArenaRef, view: &mut dyn FnMut(&[u8])) -> Result<(), PayloadError>;
}
