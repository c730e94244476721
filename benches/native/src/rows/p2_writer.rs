//! P2c: what one reader more costs the writer, in ns for each spike.

use super::SLOTS;
use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, fail, pin},
    message::{self, Meter},
};
use neuronbus_axon::{Axon, Publisher, Reader};
use neuronbus_sync::{AtomicBool, Ordering, spin_loop};
use std::{thread, time::Duration, time::Instant};

/// Spikes of a burst: it finds room at once.
const BURST: u64 = SLOTS as u64 / 2;
/// Readers of the small and of the large ring.
const FEW: usize = 1;
const MANY: usize = 8;
/// A slope below this, ns, is noise.
const LEAST_NS: f64 = 0.01;

pub(super) fn bench() -> Bench {
    Bench {
        verdicts: vec![Verdict {
            id: "P2c",
            what: "cost of a further reader for the writer, per spike",
            aim: Aim::Figure(15.0),
        }],
        unit: Unit::Ns,
        topology: format!(
            "writer on core 0 publishes bursts of {BURST} into a ring with room; core 1 moves all readers meanwhile; \
             ({MANY} readers - {FEW} reader) / {}",
            MANY - FEW
        ),
        contenders: vec![Box::new(PerReader)],
    }
}

struct PerReader;

impl Contender for PerReader {
    fn name(&self) -> &'static str {
        "axon"
    }

    fn run(&mut self, count: u64) -> Sample {
        bursts(MANY, count)
    }

    /// The slope.
    fn figure(&mut self, unit: Unit, count: u64) -> f64 {
        let (few, many) = (unit.of(bursts(FEW, count)), unit.of(bursts(MANY, count)));
        ((many - few) / (MANY - FEW) as f64).max(LEAST_NS)
    }
}

/// Times only the bursts; between them the writer waits until all readers have read all.
fn bursts(readers: usize, count: u64) -> Sample {
    let count = count.next_multiple_of(BURST);
    let (publisher, axon) = Axon::new(SLOTS).unwrap_or_else(|error| fail("axon", error));
    let readers: Vec<Reader> = (0..readers).filter_map(|_| axon.reader().ok()).collect();
    let (near, far, over) = (pin(0), pin(1), AtomicBool::new(false));
    thread::scope(|scope| {
        let over = &over;
        scope.spawn(move || {
            far();
            move_all(readers, count, over);
        });
        let writer = scope.spawn(move || {
            near();
            write_all(publisher, &axon, count)
        });
        let elapsed = writer.join().unwrap_or_else(|_| fail("axon", "the writer panicked"));
        // Release, partner: the Acquire load in `move_all`.
        over.store(true, Ordering::Release);
        Sample { count, elapsed }
    })
}

fn write_all(mut publisher: Publisher, axon: &Axon, count: u64) -> Duration {
    let mut elapsed = Duration::ZERO;
    for first in (0..count).step_by(BURST as usize) {
        let begun = Instant::now();
        for seq in first..first + BURST {
            if let Err(error) = publisher.try_publish(&message::spike(seq)) {
                fail("axon publish", error);
            }
        }
        elapsed += begun.elapsed();
        while axon.gates_min(None) != first + BURST {
            spin_loop();
        }
    }
    elapsed
}

fn move_all(mut readers: Vec<Reader>, count: u64, over: &AtomicBool) {
    let mut meters: Vec<Meter> = readers.iter().map(|_| Meter::new(count)).collect();
    // Acquire, partner: the Release store in `bursts`.
    while !over.load(Ordering::Acquire) {
        for (reader, meter) in readers.iter_mut().zip(&mut meters) {
            let there = reader.available();
            (0..there).filter_map(|index| reader.words(index)).for_each(|words| meter.see(&words));
            reader.release(there);
        }
    }
    for meter in meters {
        meter.finish().unwrap_or_else(|fault| fail("verification", fault));
    }
}
