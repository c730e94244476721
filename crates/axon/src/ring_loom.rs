//! The memory of a ring in a loom model: the same verbs as `ring.rs`, over words that loom watches.

use crate::{AxonError, layout::SLOT_WORDS};
use neuronbus_spike::layout::SPIKE_WORDS;
use neuronbus_sync::{AtomicU64, Ordering};
use std::sync::Arc;

/// Words that loom watches.
#[derive(Debug, Clone)]
pub struct Region(Arc<Vec<AtomicU64>>);

impl Region {
    /// Zeroed words.
    ///
    /// # Errors
    /// None; the signature is that of production.
    pub fn zeroed(bytes: usize) -> Result<Self, AxonError> {
        Ok(Self(Arc::new((0..bytes / 8).map(|_| AtomicU64::new(0)).collect())))
    }

    /// Only the whole can be had in a model.
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`].
    pub fn slice(&self, offset: usize, bytes: usize) -> Result<Self, AxonError> {
        let whole = offset == 0 && bytes == self.len();
        if whole { Ok(self.clone()) } else { Err(AxonError::OutOfRegion { offset, bytes, available: self.len() }) }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len() * 8
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All words.
    pub fn words(&self) -> &[AtomicU64] {
        &self.0
    }
}

/// Copies the words of a slot, each of them whole: see the callers for what orders them.
pub(crate) fn load(slot: &[AtomicU64; SLOT_WORDS]) -> [u64; SPIKE_WORDS] {
    let mut words = [0; SPIKE_WORDS];
    for (word, cell) in words.iter_mut().zip(slot) {
        // Relaxed: see the callers.
        *word = cell.load(Ordering::Relaxed);
    }
    words
}
