//! One connection: its weight, what it lets through, and how it learns.

use crate::{
    DEFAULT_WEIGHT, FilterSet, PairStdp, Rule, StdpOptions, SynapseBuilder, SynapseError, error::in_range,
    pair::Stamps, rule::decayed,
};
use neuronbus_spike::NeuronId;
use neuronbus_sync::AtomicF32;

/// A connection from one neuron to another.
///
/// Its weight lies within its bounds at every moment: setting refuses what is outside, and learning clamps inside the
/// compare-and-swap (NB-29).
#[derive(Debug)]
pub struct Synapse {
    pre: NeuronId,
    post: NeuronId,
    /// As of `touched_ns`; what has faded since is in [`Self::weight_at`].
    weight: AtomicF32,
    touched_ns: u64,
    stamps: Stamps,
    stdp: Option<StdpOptions>,
    filters: FilterSet,
}

impl Synapse {
    /// A synapse of weight 0.5 that learns by the defaults and lets everything through.
    pub fn new(pre: NeuronId, post: NeuronId, now_ns: u64) -> Self {
        Self {
            pre,
            post,
            weight: AtomicF32::new(DEFAULT_WEIGHT),
            touched_ns: now_ns,
            stamps: Stamps::default(),
            stdp: Some(StdpOptions::default()),
            filters: FilterSet::default(),
        }
    }

    /// Where its spikes come from.
    pub fn pre(&self) -> NeuronId {
        self.pre
    }

    /// Where they go.
    pub fn post(&self) -> NeuronId {
        self.post
    }

    /// The weight now, with what has faded since it was last touched. Reading is not a touch.
    pub fn weight_at(&self, now_ns: u64) -> f32 {
        let weight = self.weight.load();
        self.stdp.as_ref().map_or(weight, |options| decayed(options, weight, now_ns.saturating_sub(self.touched_ns)))
    }

    /// How it learns; `None` if it does not.
    pub fn stdp(&self) -> Option<&StdpOptions> {
        self.stdp.as_ref()
    }

    /// What it lets through.
    pub fn filters(&self) -> &FilterSet {
        &self.filters
    }

    /// Least and greatest weight.
    pub fn bounds(&self) -> (f32, f32) {
        bounds(self.stdp.as_ref())
    }

    /// Changes what `change` gives and keeps the rest: all of it or, on error, nothing.
    ///
    /// # Errors
    /// [`SynapseError::OutOfRange`] for a weight outside its bounds, a bad constant of the learning, or new bounds that
    /// leave the present weight outside.
    pub fn update(&mut self, change: SynapseBuilder, now_ns: u64) -> Result<(), SynapseError> {
        let stdp = change.stdp.over(self.stdp);
        stdp.as_ref().map_or(Ok(()), StdpOptions::validate)?;
        let (w_min, w_max) = bounds(stdp.as_ref());
        let weight = in_range("weight", change.weight.unwrap_or_else(|| self.weight_at(now_ns)), w_min, w_max)?;

        self.weight.store(weight);
        self.touched_ns = now_ns;
        if stdp.is_none() {
            self.stamps = Stamps::default();
        }
        self.stdp = stdp;
        if let Some(filters) = change.filters {
            self.filters = filters;
        }
        Ok(())
    }

    /// A spike of the pre was delivered: weakens if the post fired before and that firing is still unpaired. `gain` (0 to
    /// 2) multiplies the change. Returns the weight that acts on the membrane, after the learning.
    pub fn on_delivery(&mut self, now_ns: u64, gain: f32) -> f32 {
        let Some(options) = self.stdp else { return self.weight.load() };
        let change = self.stamps.pre_arrives(now_ns).map(|dt_ns| PairStdp(&options).depress(dt_ns));
        self.learn(&options, change, gain, now_ns)
    }

    /// The membrane of the post crossed its threshold: strengthens if a spike was delivered before, or in this very tick
    /// (dt = 0), and is still unpaired. `gain` (0 to 2) multiplies the change. Returns the weight after.
    pub fn on_post(&mut self, now_ns: u64, gain: f32) -> f32 {
        let Some(options) = self.stdp else { return self.weight.load() };
        let change = self.stamps.post_fires(now_ns).map(|dt_ns| PairStdp(&options).potentiate(dt_ns));
        self.learn(&options, change, gain, now_ns)
    }

    /// Touches the weight and adds the change of a pairing, if there was one.
    fn learn(&mut self, options: &StdpOptions, change: Option<f32>, gain: f32, now_ns: u64) -> f32 {
        if options.decay_per_second > 0.0 {
            self.weight.store(self.weight_at(now_ns));
        }
        self.touched_ns = now_ns;
        if let Some(change) = change {
            self.weight.fetch_add_clamped(change * gain, options.w_min, options.w_max);
        }
        self.weight.load()
    }
}

fn bounds(stdp: Option<&StdpOptions>) -> (f32, f32) {
    stdp.map_or(StdpOptions::FIXED_BOUNDS, StdpOptions::bounds)
}
