//! What a handle needs of the bus behind it.

use crate::{PayloadError, PayloadStore};
use neuronbus_axon::{AxonError, Reader};
use neuronbus_spike::{ArenaRef, Spike};

/// The bus as the handle of one neuron sees it: the arena, and the neuron's own axon.
pub trait BusSide: PayloadStore {
    /// Copies `bytes` in for the spike that will carry them: the reference is the spike's, and comes back with it.
    ///
    /// # Errors
    /// As [`PayloadStore::write`].
    fn store(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError>;

    /// Puts a spike of the neuron on its axon; `direct`: it needs no synapse. The neuron has credit for it, so there is room.
    fn put(&mut self, spike: &Spike, direct: bool);

    /// A reliable reader of the neuron's axon, from what is put on it next.
    ///
    /// # Errors
    /// No gate free, no memory for the ring.
    fn reader(&mut self) -> Result<Reader, AxonError>;
}
