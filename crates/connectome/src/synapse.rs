//! One synapse that learns: eight bytes (NP-6), and how it ripens (NP-16 to NP-18).

/// Bytes of a synapse: target u16, weight i8, delay u8, eligibility i8, maturity u8, two reserved; little endian.
pub(crate) const SYNAPSE_BYTES: usize = 8;

/// A synapse of a pool, in the row of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Synapse {
    /// The neuron it ends at.
    pub target: u16,
    /// What a spike adds to the target, × 64 in Q8.8. Negative inhibits.
    pub weight: i8,
    /// Ticks that a spike takes, from 1.
    pub delay: u8,
    /// How much it took part in what happened lately; positive: it may have caused a spike of its target.
    pub eligibility: i8,
    /// How settled it is.
    pub maturity: Maturity,
    /// In product mode the first is what the eligibility has beyond what it shows, in 256ths (i8); else kept as they are.
    pub reserved: [u8; 2],
}

/// How settled a synapse is: a stage in bits 0 and 1, and the steps it has made in it in bits 2 to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct Maturity(pub u8);

/// The stages of a synapse, from new to frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// New. It is dead when it has lost all its steps.
    Hot,
    /// Reinforced 8 times.
    Warm,
    /// Another 24 times.
    Cool,
    /// Another 63 times: it changes no more.
    Cold,
}

/// Steps that lead out of a stage, upwards (NP-16).
const STEPS: [u8; 3] = [8, 24, 63];

impl Synapse {
    /// A new one: hot, with half the steps to warm.
    pub fn new(target: u16, weight: i8, delay: u8) -> Self {
        let maturity = Maturity::new(Stage::Hot, STEPS[0] / 2);
        Self { target, weight, delay, eligibility: 0, maturity, reserved: [0; 2] }
    }

    /// Its bytes.
    pub fn to_bytes(self) -> [u8; SYNAPSE_BYTES] {
        let [low, high] = self.target.to_le_bytes();
        let Self { weight, delay, eligibility, maturity, reserved: [first, second], .. } = self;
        [low, high, weight.cast_unsigned(), delay, eligibility.cast_unsigned(), maturity.0, first, second]
    }

    /// From its bytes; every value is one.
    pub fn from_bytes([low, high, weight, delay, eligibility, maturity, first, second]: [u8; SYNAPSE_BYTES]) -> Self {
        Self {
            target: u16::from_le_bytes([low, high]),
            weight: weight.cast_signed(),
            delay,
            eligibility: eligibility.cast_signed(),
            maturity: Maturity(maturity),
            reserved: [first, second],
        }
    }
}

impl Maturity {
    /// A stage, and the steps made in it (0 to 63).
    pub fn new(stage: Stage, steps: u8) -> Self {
        Self(stage as u8 | steps.min(63) << 2)
    }

    /// The stage.
    pub fn stage(self) -> Stage {
        match self.0 & 0b11 {
            0 => Stage::Hot,
            1 => Stage::Warm,
            2 => Stage::Cool,
            _ => Stage::Cold,
        }
    }

    /// The steps made in it.
    pub fn steps(self) -> u8 {
        self.0 >> 2
    }

    /// Whether nothing keeps it any more (NP-18).
    pub fn is_dead(self) -> bool {
        self.0 == 0
    }

    /// One step up; the last one of a stage leads to the next.
    #[must_use]
    pub fn ripened(self) -> Self {
        let steps = self.steps().saturating_add(1);
        let up = match self.stage() {
            Stage::Hot => Stage::Warm,
            Stage::Warm => Stage::Cool,
            Stage::Cool => Stage::Cold,
            Stage::Cold => return self,
        };
        if steps >= STEPS[usize::from(self.0 & 0b11)] { Self::new(up, 0) } else { Self::new(self.stage(), steps) }
    }

    /// One step down; without steps it falls to half of the stage below.
    #[must_use]
    pub fn withered(self) -> Self {
        match (self.stage(), self.steps()) {
            (Stage::Cold, _) | (Stage::Hot, 0) => self,
            (stage, 1..) => Self::new(stage, self.steps() - 1),
            (Stage::Warm, 0) => Self::new(Stage::Hot, STEPS[0] / 2),
            (Stage::Cool, 0) => Self::new(Stage::Warm, STEPS[1] / 2),
        }
    }
}

const _: () = assert!(size_of::<Synapse>() == SYNAPSE_BYTES);
