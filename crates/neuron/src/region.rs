//! Where a neuron lives: a path in a tree (NB-45).

use crate::NeuronError;
use std::{borrow::Borrow, fmt};

/// What joins the segments of a path.
pub(crate) const SEPARATOR: char = '/';

/// A path of segments joined by `/`, none of them empty: `cortex/language`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// The region at `path`.
    ///
    /// # Errors
    /// [`NeuronError::BadRegion`] for an empty path or an empty segment.
    pub fn new(path: impl Into<String>) -> Result<Self, NeuronError> {
        let path = path.into();
        if has_empty_segment(&path) { Err(NeuronError::BadRegion { found: path }) } else { Ok(Self(path)) }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` lies below, at any depth: `a/b` is a parent of `a/b/c`, never of `a/bc` nor of itself.
    pub fn is_parent_of(&self, other: &Region) -> bool {
        is_below(&self.0, &other.0)
    }

    /// Whether `other` is this region or lies below it.
    pub fn contains(&self, other: &Region) -> bool {
        self == other || self.is_parent_of(other)
    }
}

impl Borrow<str> for Region {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Whether `path` begins with `parent` and a separator.
pub(crate) fn is_below(parent: &str, path: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with(SEPARATOR))
}

/// True for the empty path too: its one segment is empty.
pub(crate) fn has_empty_segment(path: &str) -> bool {
    path.split(SEPARATOR).any(str::is_empty)
}
