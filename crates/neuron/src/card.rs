//! What a neuron says about itself (NB-41).

use crate::{NeuronError, Region, region::has_empty_segment};

/// Who a neuron is, what it can do and where it lives. A card that exists is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCard {
    name: String,
    description: String,
    capabilities: Vec<String>,
    regions: Vec<Region>,
    slots: u32,
}

impl AgentCard {
    /// Begins the card of `name`: no description, capability or region, one slot.
    pub fn builder(name: impl Into<String>) -> AgentCardBuilder {
        AgentCardBuilder {
            name: name.into(),
            description: String::new(),
            capabilities: Vec::new(),
            regions: Vec::new(),
            slots: 1,
        }
    }

    /// Its name; never empty, not unique.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, in words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What it can do, each once, in the order given.
    pub fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    /// Where it lives, each once, in the order given.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// How many asks it serves at once; at least 1. Not the size of a ring.
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// Whether it offers exactly this capability.
    pub fn has_capability(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|have| have == capability)
    }

    /// The same card with these capabilities added: those that [`crate::Neuron::capabilities`] names.
    ///
    /// # Errors
    /// [`NeuronError::BadCapability`] for one that is empty or has an empty segment.
    pub fn with_capabilities(self, more: impl IntoIterator<Item = String>) -> Result<Self, NeuronError> {
        let mut capabilities = self.capabilities;
        for capability in more {
            push_capability(&mut capabilities, capability)?;
        }
        Ok(Self { capabilities, ..self })
    }
}

/// Collects the parts of a card.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct AgentCardBuilder {
    name: String,
    description: String,
    capabilities: Vec<String>,
    regions: Vec<String>,
    slots: u32,
}

impl AgentCardBuilder {
    /// What it is, in words.
    pub fn description(mut self, words: impl Into<String>) -> Self {
        self.description = words.into();
        self
    }

    /// One more thing it can do; one that is there already is not added again.
    pub fn capability(mut self, capability: impl Into<String>) -> Self {
        self.capabilities.push(capability.into());
        self
    }

    /// One more place where it lives; one that is there already is not added again.
    pub fn region(mut self, path: impl Into<String>) -> Self {
        self.regions.push(path.into());
        self
    }

    /// How many asks it serves at once.
    pub fn slots(mut self, slots: u32) -> Self {
        self.slots = slots;
        self
    }

    /// The card.
    ///
    /// # Errors
    /// [`NeuronError::EmptyName`], [`NeuronError::BadCapability`], [`NeuronError::BadRegion`], [`NeuronError::NoSlots`].
    pub fn build(self) -> Result<AgentCard, NeuronError> {
        if self.name.is_empty() {
            return Err(NeuronError::EmptyName);
        }
        if self.slots == 0 {
            return Err(NeuronError::NoSlots { found: self.slots });
        }
        let mut regions = Vec::with_capacity(self.regions.len());
        for path in self.regions {
            push_new(&mut regions, Region::new(path)?);
        }
        let card = AgentCard {
            name: self.name,
            description: self.description,
            capabilities: Vec::with_capacity(self.capabilities.len()),
            regions,
            slots: self.slots,
        };
        card.with_capabilities(self.capabilities)
    }
}

fn push_capability(capabilities: &mut Vec<String>, capability: String) -> Result<(), NeuronError> {
    if has_empty_segment(&capability) {
        return Err(NeuronError::BadCapability { found: capability });
    }
    push_new(capabilities, capability);
    Ok(())
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
