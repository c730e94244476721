//! The synapses of all neurons, by source: compressed sparse rows (NP-7).

use crate::{Column, ColumnName, ConnectomeError, Home, Synapse};
use alloc::{vec, vec::Vec};

/// A synapse, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// The neuron it begins at.
    pub source: u16,
    /// The synapse.
    pub synapse: Synapse,
}

/// Some rows that follow each other, to change apart from the others.
#[derive(Debug)]
pub(crate) struct RowsMut<'a> {
    /// Of all rows.
    starts: &'a [u32],
    /// Where the first of these synapses stands among all.
    begin: usize,
    synapses: &'a mut [Synapse],
}

/// Rows that are taken once.
struct Once<'a> {
    rows: &'a Rows,
    /// Synapses before this one were taken.
    taken: usize,
}

/// The rows of all neurons. A row keeps the order in which its synapses came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Where each row begins, and at the end how many synapses there are: neurons + 1 entries.
    starts: Column<u32>,
    synapses: Column<Synapse>,
}

impl Rows {
    /// No synapse at all.
    pub fn empty(neurons: usize) -> Self {
        Self { starts: vec![0; neurons + 1].into(), synapses: Vec::new().into() }
    }

    /// From connections in any order; those of one source keep theirs.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for a source or a target past the end.
    pub fn build(neurons: usize, connections: &[Connection]) -> Result<Self, ConnectomeError> {
        let mut rows = Self::empty(neurons);
        rows.add(connections).map(|()| rows)
    }

    /// Adds connections in any order, each at the end of its row; those of one source keep theirs.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for a source or a target past the end; then none was added.
    pub fn add(&mut self, connections: &[Connection]) -> Result<(), ConnectomeError> {
        let neurons = self.neurons();
        for Connection { source, synapse } in connections {
            known("source of a synapse", *source, neurons)?;
            known("target of a synapse", synapse.target, neurons)?;
        }
        let mut sorted = connections.to_vec();
        // Stable: the order within a row is kept.
        sorted.sort_by_key(|connection| connection.source);
        let mut starts = Vec::with_capacity(neurons + 1);
        let (mut synapses, mut added) = (Vec::with_capacity(self.len() + sorted.len()), sorted.as_slice());
        let mut old = self.once();
        for source in 0..neurons {
            // 65,536 rows of at most 65,535.
            starts.push(synapses.len() as u32);
            let mine = added.partition_point(|connection| usize::from(connection.source) == source);
            synapses.extend_from_slice(old.row(source));
            synapses.extend(added[..mine].iter().map(|connection| connection.synapse));
            added = &added[mine..];
        }
        starts.push(synapses.len() as u32);
        *self = Self { starts: starts.into(), synapses: synapses.into() };
        Ok(())
    }

    /// From the parts that [`Self::starts`] and [`Self::synapses`] show; `None` unless they fit together.
    pub(crate) fn from_parts(starts: Vec<u32>, synapses: Vec<Synapse>) -> Option<Self> {
        let neurons = starts.len().checked_sub(1)?;
        let ordered = starts.first() == Some(&0) && starts.is_sorted() && starts[neurons] as usize == synapses.len();
        let inside = || synapses.iter().all(|synapse| usize::from(synapse.target) < neurons);
        (ordered && inside()).then(|| Self { starts: starts.into(), synapses: synapses.into() })
    }

    /// How many neurons have a row.
    pub fn neurons(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many synapses there are.
    pub fn len(&self) -> usize {
        self.synapses.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.synapses.is_empty()
    }

    /// Where each row begins, and at the end how many synapses there are: neurons + 1 entries.
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// All synapses, row by row.
    pub fn synapses(&self) -> &[Synapse] {
        &self.synapses
    }

    /// All synapses, row by row, to change.
    pub fn synapses_mut(&mut self) -> &mut [Synapse] {
        &mut self.synapses
    }

    /// The synapses of one neuron; none if it has no row, or one that someone who sees the memory has led astray.
    pub fn row(&self, source: usize) -> &[Synapse] {
        self.span(source).and_then(|span| self.synapses.get(span)).unwrap_or_default()
    }

    /// The same, to change.
    pub fn row_mut(&mut self, source: usize) -> &mut [Synapse] {
        self.span(source).and_then(|span| self.synapses.get_mut(span)).unwrap_or_default()
    }

    /// All rows, cut before each of these sources, which ascend: one part more than there are cuts.
    pub(crate) fn cut(&mut self, cuts: impl Iterator<Item = usize>) -> Vec<RowsMut<'_>> {
        let (starts, mut begin, mut rest) = (&*self.starts, 0, &mut *self.synapses);
        let mut parts = Vec::new();
        for cut in cuts {
            let end = starts.get(cut).map_or(begin, |start| *start as usize).clamp(begin, begin + rest.len());
            let (synapses, later) = rest.split_at_mut(end - begin);
            parts.push(RowsMut { starts, begin, synapses });
            (begin, rest) = (end, later);
        }
        parts.push(RowsMut { starts, begin, synapses: rest });
        parts
    }

    /// Removes the dead synapses (NP-18); how many there were. The others move into memory of their own.
    pub fn prune_dead(&mut self) -> usize {
        let lives = |synapse: &&Synapse| !synapse.maturity.is_dead();
        let living = self.synapses.iter().filter(lives).count();
        let dead = self.len() - living;
        if dead > 0 {
            let (mut starts, mut synapses) = (Vec::with_capacity(self.starts.len()), Vec::with_capacity(living));
            let mut old = self.once();
            for source in 0..self.neurons() {
                starts.push(synapses.len() as u32);
                synapses.extend(old.row(source).iter().filter(lives));
            }
            starts.push(synapses.len() as u32);
            *self = Self { starts: starts.into(), synapses: synapses.into() };
        }
        dead
    }

    /// The rows one after the other, of which none has what an earlier one has: others may write to the memory of `starts`.
    fn once(&self) -> Once<'_> {
        Once { rows: self, taken: 0 }
    }

    /// Moves both columns into a home, unless they live in one.
    pub(crate) fn settle_in(&mut self, home: &mut impl Home) {
        self.starts.settle_in(ColumnName::Starts, home);
        self.synapses.settle_in(ColumnName::Synapses, home);
    }

    fn span(&self, source: usize) -> Option<core::ops::Range<usize>> {
        let (begin, end) = (self.starts.get(source)?, self.starts.get(source + 1)?);
        Some(*begin as usize..*end as usize)
    }
}

impl<'a> Once<'a> {
    /// What is left of the row of a source.
    fn row(&mut self, source: usize) -> &'a [Synapse] {
        let Some(span) = self.rows.span(source) else { return &[] };
        let row = self.rows.synapses.get(span.start.max(self.taken)..span.end).unwrap_or_default();
        if !row.is_empty() {
            self.taken = span.end;
        }
        row
    }
}

impl RowsMut<'_> {
    /// The synapses of one neuron; none if its row is not among these.
    pub(crate) fn row(&mut self, source: usize) -> &mut [Synapse] {
        let end = |at: usize| (self.starts.get(at).copied()? as usize).checked_sub(self.begin);
        let span = end(source).zip(end(source + 1));
        span.and_then(|(begin, end)| self.synapses.get_mut(begin..end)).unwrap_or_default()
    }
}

fn known(name: &'static str, neuron: u16, neurons: usize) -> Result<(), ConnectomeError> {
    if usize::from(neuron) < neurons {
        return Ok(());
    }
    // Fewer than 65,536.
    Err(ConnectomeError::OutOfRange {
        name,
        value: neuron.into(),
        min: 0,
        max: i64::try_from(neurons).unwrap_or(0) - 1,
    })
}
