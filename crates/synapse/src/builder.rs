//! What `connect` is given (NB-35): the parts of a new synapse, or of the change of one.

use crate::{Filter, FilterSet, StdpOptions, StdpPatch, Synapse, SynapseError};
use neuronbus_spike::NeuronId;

/// What becomes of the learning of a synapse.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum StdpChange {
    /// It stays; a new synapse learns by the defaults.
    #[default]
    Keep,
    /// The synapse no longer learns; its weight stays within [`StdpOptions::FIXED_BOUNDS`].
    Off,
    /// The synapse learns; what the patch does not give stays, or is the default if it did not learn before.
    Patch(StdpPatch),
}

impl StdpChange {
    pub(crate) fn over(self, now: Option<StdpOptions>) -> Option<StdpOptions> {
        match self {
            Self::Keep => now,
            Self::Off => None,
            Self::Patch(patch) => Some(patch.over(now.unwrap_or_default())),
        }
    }
}

impl From<StdpPatch> for StdpChange {
    fn from(patch: StdpPatch) -> Self {
        Self::Patch(patch)
    }
}

impl From<StdpOptions> for StdpChange {
    fn from(all: StdpOptions) -> Self {
        Self::Patch(all.into())
    }
}

/// Collects the parts of a synapse. Creating, what is not set is the default (weight 0.5, learning by
/// [`StdpOptions::default`], no filter); updating, what is not set stays.
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use = "a builder does nothing until it is given to `connect`, `build` or `update`"]
pub struct SynapseBuilder {
    pub(crate) weight: Option<f32>,
    pub(crate) stdp: StdpChange,
    pub(crate) filters: Option<FilterSet>,
}

impl SynapseBuilder {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The weight, without unit; refused later if it is outside the bounds of the learning.
    pub fn weight(mut self, weight: f32) -> Self {
        self.weight = Some(weight);
        self
    }

    /// How it learns.
    pub fn stdp(mut self, stdp: impl Into<StdpChange>) -> Self {
        self.stdp = stdp.into();
        self
    }

    /// It does not learn.
    pub fn no_stdp(self) -> Self {
        self.stdp(StdpChange::Off)
    }

    /// One more filter.
    pub fn filter(mut self, filter: Filter) -> Self {
        let before = self.filters.take().unwrap_or_default();
        self.filters = Some(before.as_slice().iter().cloned().chain([filter]).collect());
        self
    }

    /// These filters and no others; an empty set takes all filters away.
    pub fn filters(mut self, filters: FilterSet) -> Self {
        self.filters = Some(filters);
        self
    }

    /// The filters set so far: the caller checks their names before it connects.
    pub fn given_filters(&self) -> Option<&FilterSet> {
        self.filters.as_ref()
    }

    /// The synapse from `pre` to `post`, touched at `now_ns`.
    ///
    /// # Errors
    /// [`SynapseError::OutOfRange`] for a weight outside its bounds (0, 5.0, −1 and NaN by default) or a bad constant of
    /// the learning.
    pub fn build(self, pre: NeuronId, post: NeuronId, now_ns: u64) -> Result<Synapse, SynapseError> {
        let mut synapse = Synapse::new(pre, post, now_ns);
        synapse.update(self, now_ns)?;
        Ok(synapse)
    }
}
