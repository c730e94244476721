//! Spikes that are read in place and released together.

use super::Reader;
use neuronbus_spike::{Spike, SpikeError};
use std::ops::Range;

/// The next spikes of a [`Reader`], in the ring. Dropping it releases them.
#[derive(Debug)]
#[must_use = "a batch that is dropped at once releases spikes that nobody has seen"]
pub struct Batch<'a> {
    reader: &'a mut Reader,
    len: usize,
}

impl<'a> Batch<'a> {
    pub(super) fn new(reader: &'a mut Reader, len: usize) -> Self {
        Self { reader, len }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The spike at `index`, if it is below [`Self::len`].
    ///
    /// # Errors
    /// What is wrong with the frame, which can happen in foreign memory only.
    #[inline]
    pub fn get(&self, index: usize) -> Result<Option<Spike>, SpikeError> {
        if index < self.len { self.reader.get(index) } else { Ok(None) }
    }

    /// The spikes in order; an error stands for a frame that is none, as in [`Self::get`].
    pub fn iter(&self) -> Iter<'_> {
        Iter { reader: self.reader, rest: 0..self.len }
    }
}

impl<'a> IntoIterator for &'a Batch<'_> {
    type Item = Result<Spike, SpikeError>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.len > 0 {
            self.reader.release(self.len);
        }
    }
}

/// See [`Batch::iter`].
#[derive(Debug)]
pub struct Iter<'a> {
    reader: &'a Reader,
    rest: Range<usize>,
}

impl Iterator for Iter<'_> {
    type Item = Result<Spike, SpikeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let index = self.rest.next()?;
        self.reader.words(index).map(Spike::from_words)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}
