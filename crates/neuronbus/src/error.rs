//! What a bus refuses beyond what its cortex does.

use neuronbus_arena::ArenaError;
use neuronbus_axon::AxonError;
use neuronbus_connectome::ConnectomeError;
use neuronbus_cortex::CortexError;

/// A call that the bus refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// A number outside its range.
    #[error("{name} is {value}; allowed: {allowed}")]
    OutOfRange {
        /// The option or argument.
        name: &'static str,
        /// The value found.
        value: String,
        /// The values allowed.
        allowed: &'static str,
    },
    /// The call does not fit the state of the bus: ticking by hand while it is started, advancing a real clock.
    #[error("{call} is not possible {state}")]
    State {
        /// The verb.
        call: &'static str,
        /// The state, as in "while the bus is started".
        state: &'static str,
    },
    /// A verb of a bus in a callback of one of its own neurons.
    #[error("this is a callback of the bus: the call has to wait until the tick ends")]
    Reentrant,
    /// The operating system gave no thread.
    #[error("no thread for the cortex: {0}")]
    Thread(#[from] std::io::Error),
    /// From the cortex.
    #[error(transparent)]
    Cortex(#[from] CortexError),
    /// From the arena.
    #[error(transparent)]
    Arena(#[from] ArenaError),
    /// From a ring.
    #[error(transparent)]
    Axon(#[from] AxonError),
    /// From a population.
    #[error(transparent)]
    Connectome(#[from] ConnectomeError),
}

impl BusError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } => "E_OUT_OF_RANGE",
            Self::State { .. } => "E_STATE",
            Self::Reentrant => "E_REENTRANT",
            Self::Thread(_) => "E_IO",
            Self::Cortex(error) => error.code(),
            Self::Arena(error) => error.code(),
            Self::Axon(error) => error.code(),
            Self::Connectome(error) => error.code(),
        }
    }
}
