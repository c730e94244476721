//! How others speak with a pool: ternary signals and modulators (NP-13, NP-22).

/// The sign of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Polarity {
    /// Inhibits.
    Negative = -1,
    /// Nothing.
    #[default]
    Zero = 0,
    /// Excites.
    Positive = 1,
}

/// A sign and a magnitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signal {
    /// Its sign.
    pub polarity: Polarity,
    /// How strong it is.
    pub magnitude: u8,
}

/// Levels of three modulators. At 128, 30 and below 140 they change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// Above 128 it reinforces what took part; in product mode it weakens that below.
    pub dopamine: u8,
    /// Above 30 it weakens what took part.
    pub cortisol: u8,
    /// From 140 on new synapses grow.
    pub acetylcholine: u8,
}

/// What a modulation did (NP-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modulated {
    /// Synapses that were reinforced.
    pub reinforced: u32,
    /// Synapses that were weakened.
    pub weakened: u32,
}

/// What a synapse of weight 1 adds to a potential, Q8.8.
pub(crate) const UNIT: i16 = 64;

impl Modulated {
    /// One synapse more, by the sign of its change.
    pub(super) fn count(&mut self, change: i16) {
        *(if change > 0 { &mut self.reinforced } else { &mut self.weakened }) += 1;
    }
}

impl Signal {
    /// One that excites.
    pub fn positive(magnitude: u8) -> Self {
        Self { polarity: Polarity::Positive, magnitude }
    }

    /// One that inhibits.
    pub fn negative(magnitude: u8) -> Self {
        Self { polarity: Polarity::Negative, magnitude }
    }

    /// None.
    pub fn zero() -> Self {
        Self::default()
    }

    /// The weight of a spike that adds as much.
    pub(crate) fn weight(self) -> i16 {
        self.polarity as i16 * i16::from(self.magnitude)
    }
}
