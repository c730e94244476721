//! What a handle needs of the bus behind it.

use crate::{Outgoing, PayloadError, PayloadStore};
use neuronbus_axon::{AxonError, Reader};
use neuronbus_spike::ArenaRef;

/// The bus as the handle of one neuron sees it: the arena, and the neuron's own axon.
pub trait BusSide: PayloadStore {
    /// Copies `bytes` in for the spike that will carry them: the reference is the spike's, and comes back with it.
    ///
    /// # Errors
    /// As [`PayloadStore::write`].
    fn store(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError>;

    /// Puts a spike of the neuron on its axon now, not at the end of the callback.
    fn put(&mut self, outgoing: Outgoing);

    /// A reliable reader of the neuron's axon, from what is put on it next.
    ///
    /// # Errors
    /// No gate free, no memory for the ring.
    fn reader(&mut self) -> Result<Reader, AxonError>;
}
