//! Where payloads over 46 bytes lie, as a neuron sees it: the bus hands in its arena behind this trait.

use crate::PayloadError;
use neuronbus_spike::ArenaRef;

/// A store of payloads.
pub trait PayloadStore {
    /// Copies `bytes` in. The reference is the caller's, until [`Self::release`] or until the bus is closed.
    ///
    /// # Errors
    /// [`PayloadError::OutOfSpace`] or [`PayloadError::Closed`].
    fn write(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError>;

    /// Shows the bytes of `reference` to `view`, in place, exactly once unless it fails.
    ///
    /// # Errors
    /// [`PayloadError::Stale`] or [`PayloadError::Closed`].
    fn read(&self, reference: ArenaRef, view: &mut dyn FnMut(&[u8])) -> Result<(), PayloadError>;

    /// Gives a reference of the caller back; true if nobody keeps the payload any more. Quiet (false) once closed.
    ///
    /// # Errors
    /// [`PayloadError::Stale`], also for one release too many.
    fn release(&mut self, reference: ArenaRef) -> Result<bool, PayloadError>;
}
