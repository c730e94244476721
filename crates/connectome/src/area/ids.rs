//! What a number names: a neuron is not an area, a weight not a conductance (FE-2).

/// The id of a neuron of an area; every number is one. (The bus has a `NeuronId` of its own, of 16 bits.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct CellId(pub u32);

/// The id of an area; every number is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct AreaId(pub u32);

/// How strong a synapse is: 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Weight(pub u8);

/// How well a synapse conducts: 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Conductance(pub u8);

/// A column of neurons: what the caller has, lent and not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellIds<'a>(pub &'a [u32]);

/// A column of areas: what the caller has, lent and not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaIds<'a>(pub &'a [u32]);
