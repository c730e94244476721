//! P1b: one writer, one reader, batches of 64; also against lines that are streamed without any ring.

use super::{SLOTS, stream::Batched};
use crate::{
    harness::{Aim, Bench, Unit, Verdict},
    pipe::{AxonPipe, BarePipe, BusySpin, DisruptorPipe, RtrbPipe, SpinLoopHint},
};
use neuronbus_axon::SpinHint;

pub(super) fn bench() -> Bench {
    Bench {
        verdicts: vec![
            Verdict {
                id: "P1b",
                what: "axon 1 to 1 across threads, 64 B, batches of 64",
                aim: Aim::Ratio(1.0, &["rtrb", "disruptor", "disruptor-hint"]),
            },
            Verdict {
                id: "P1b-bare",
                what: "the same against bare streaming of cache lines",
                aim: Aim::Ratio(0.95, &["bare"]),
            },
        ],
        unit: Unit::MillionPerSecond,
        topology: format!("1 writer, 1 reader, pinned to cores 0 and 1, {SLOTS} slots"),
        contenders: vec![
            Batched::<AxonPipe<SpinHint>>::contender(SLOTS),
            Batched::<RtrbPipe>::contender(SLOTS),
            Batched::<DisruptorPipe<BusySpin>>::contender(SLOTS),
            Batched::<DisruptorPipe<SpinLoopHint>>::contender(SLOTS),
            Batched::<BarePipe>::contender(SLOTS),
        ],
    }
}
