//! The memory of a ring in a loom model: the same verbs as `ring.rs`, over words that loom watches.

use crate::AxonError;
use neuronbus_sync::AtomicU64;
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
