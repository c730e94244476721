//! Plasticity from outside (FE-19): an engine learns by the rules it is given, and by none if it is given none.

mod hebb;

pub use hebb::Hebb;

/// Changes weights after who fires is settled, in each burst. A rule is an implementation in a file of its own.
///
/// ```
/// use neuronbus_connectome::{Rule, Touched};
///
/// /// Every synapse that takes part wears out.
/// struct Fatigue;
///
/// impl Rule for Fatigue {
///     fn name(&self) -> &str {
///         "fatigue"
///     }
///
///     fn update(&mut self, touched: &mut Touched<'_>) {
///         touched.weights.iter_mut().for_each(|weight| *weight = weight.saturating_sub(1));
///     }
/// }
/// ```
pub trait Rule {
    /// What it is called.
    fn name(&self) -> &str;

    /// Changes the weights of what took part in this burst. They count from the spikes of this burst on.
    fn update(&mut self, touched: &mut Touched<'_>);
}

/// The synapses that took part in a burst: a spike of their source arrived in it, or their target fired in it. Entry n of
/// each column is a quantity of one synapse; each synapse stands once, by ascending id.
#[derive(Debug)]
pub struct Touched<'a> {
    /// The number of the burst, from 0.
    pub burst: u64,
    /// Their ids.
    pub ids: &'a [u32],
    /// The neurons they begin at.
    pub sources: &'a [u32],
    /// The neurons they end at.
    pub targets: &'a [u32],
    /// 0 for those that excite.
    pub types: &'a [u8],
    /// How strong they are, 0 to 255: a rule writes here.
    pub weights: &'a mut [u8],
    /// 1 where the source fired in the burst before, so that its spike arrived in this one; else 0.
    pub pre: &'a [u8],
    /// 1 where the target fired in this burst; else 0.
    pub post: &'a [u8],
}
