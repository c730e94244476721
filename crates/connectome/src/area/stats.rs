//! What an engine has done so far (FE-11).

/// Counters, from the first propagation or from the last reset on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PropagationStats {
    /// Propagations, also those of nobody.
    pub propagations: u64,
    /// Synapses of who fired, once for each time it stands in `fired`; those to unmapped targets too.
    pub synapses: u64,
    /// Of these, those whose target is in no area (FE-6): no result has them.
    pub unmapped: u64,
    /// Entries of `fired` at which no synapse of the index begins.
    pub unknown: u64,
}
