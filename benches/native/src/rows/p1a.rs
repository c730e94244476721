//! P1a: one writer, one reader, one publish for each spike.

use super::{SLOTS, stream::Single};
use crate::{
    harness::{Aim, Bench, Unit, Verdict},
    pipe::{ArrayQueuePipe, AxonPipe, BusySpin, CrossbeamPipe, DisruptorPipe, KanalPipe, RtrbPipe, SpinLoopHint},
};
use neuronbus_axon::SpinHint;

pub(super) fn bench() -> Bench {
    Bench {
        verdicts: vec![Verdict {
            id: "P1a",
            what: "axon 1 to 1 across threads, 64 B, one publish per spike",
            aim: Aim::Ratio(1.3, &[]),
        }],
        unit: Unit::MillionPerSecond,
        topology: format!("1 writer, 1 reader, pinned to cores 0 and 1, {SLOTS} slots"),
        contenders: vec![
            Single::<AxonPipe<SpinHint>>::contender(SLOTS),
            Single::<RtrbPipe>::contender(SLOTS),
            Single::<DisruptorPipe<BusySpin>>::contender(SLOTS),
            Single::<DisruptorPipe<SpinLoopHint>>::contender(SLOTS),
            Single::<ArrayQueuePipe>::contender(SLOTS),
            Single::<CrossbeamPipe>::contender(SLOTS),
            Single::<KanalPipe>::contender(SLOTS),
        ],
    }
}
