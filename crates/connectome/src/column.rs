//! The memory of a column: its own, or some that somebody else looks at as well.

use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt,
    ops::{Deref, DerefMut},
};

/// Memory that lies elsewhere: so many entries, no more and no fewer, as long as it lives.
pub trait Memory<T>: DerefMut<Target = [T]> + Send + Sync {}

impl<T, M: DerefMut<Target = [T]> + Send + Sync> Memory<T> for M {}

/// Entries of one quantity; their number does not change.
pub enum Column<T> {
    /// In memory of its own.
    Own(Vec<T>),
    /// In memory from a [`Home`].
    Lent(Box<dyn Memory<T>>),
}

/// The columns of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnName {
    /// [`crate::Columns::membrane`].
    Membrane,
    /// [`crate::Columns::threshold`].
    Threshold,
    /// [`crate::Columns::leak`].
    Leak,
    /// [`crate::Columns::refractory`].
    Refractory,
    /// [`crate::Columns::flags`].
    Flags,
    /// [`crate::Columns::trace`].
    Trace,
    /// [`crate::Rows::starts`].
    Starts,
    /// [`crate::Rows::synapses`].
    Synapses,
}

/// Somebody who has memory for columns, such as one that JavaScript sees.
pub trait Home {
    /// Memory that holds these entries from now on.
    fn place<T: Copy + Send + Sync + 'static>(&mut self, name: ColumnName, entries: &[T]) -> Column<T>;
}

impl<T: Copy + Send + Sync + 'static> Column<T> {
    /// Moves it into a home, unless it lives in one.
    pub(crate) fn settle_in(&mut self, name: ColumnName, home: &mut impl Home) {
        if let Self::Own(entries) = self {
            *self = home.place(name, entries);
        }
    }
}

impl<T> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Own(entries) => entries,
            Self::Lent(memory) => memory,
        }
    }
}

impl<T> DerefMut for Column<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Own(entries) => entries,
            Self::Lent(memory) => memory,
        }
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(entries: Vec<T>) -> Self {
        Self::Own(entries)
    }
}

impl<T> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Self::Own(entries.into_iter().collect())
    }
}

/// A clone has memory of its own.
impl<T: Clone> Clone for Column<T> {
    fn clone(&self) -> Self {
        Self::Own(self.to_vec())
    }
}

impl<T: PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Column<T> {}

impl<T: fmt::Debug> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
