//! How a file is read: in order, and no further than it goes.

use crate::ConnectomeError;
use alloc::vec::Vec;

/// A file, and how far it was read.
pub(crate) struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    /// From the beginning.
    pub(crate) fn new(all: &'a [u8]) -> Self {
        Self { all, at: 0 }
    }

    /// The next `len` bytes as a part that ends where they do; places are counted from the beginning of the file.
    pub(crate) fn section(&mut self, len: usize) -> Result<Self, ConnectomeError> {
        let at = self.at;
        self.take(len)?;
        Ok(Self { all: &self.all[..self.at], at })
    }

    /// All that is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.all.get(self.at..).unwrap_or_default()
    }

    /// Refuses what comes after the end.
    pub(crate) fn end(&self) -> Result<(), ConnectomeError> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.wrong("it goes on after its end")) }
    }

    /// So many numbers of `N` bytes.
    pub(crate) fn numbers<const N: usize, T>(
        &mut self,
        count: usize,
        number: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, ConnectomeError> {
        let bytes = count.checked_mul(N).ok_or_else(|| self.wrong("it counts too many"))?;
        let (numbers, _) = self.take(bytes)?.as_chunks();
        Ok(numbers.iter().map(|bytes| number(*bytes)).collect())
    }

    /// The next `len` bytes: no count makes room before the bytes are there.
    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], ConnectomeError> {
        let taken = self.rest().get(..len).ok_or_else(|| self.wrong("it ends too early"))?;
        self.at += len;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ConnectomeError> {
        self.take(N)?.try_into().map_err(|_| self.wrong("it ends too early"))
    }

    pub(crate) fn count(&mut self) -> Result<usize, ConnectomeError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    pub(crate) fn expect(&mut self, count: usize, what: &'static str) -> Result<(), ConnectomeError> {
        if self.count()? == count { Ok(()) } else { Err(self.wrong(what)) }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, ConnectomeError> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn potential(&mut self) -> Result<i16, ConnectomeError> {
        self.array().map(i16::from_le_bytes)
    }

    pub(crate) fn wrong(&self, what: &'static str) -> ConnectomeError {
        ConnectomeError::Corrupt { at: self.at, what }
    }
}
