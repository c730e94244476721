//! The clock of a bridge: two sides show the time, and neither turns it back.
#![allow(clippy::unwrap_used)]

use neuronbus::{
    axon::Region,
    bridge::{
        BridgeMemory,
        layout::{BridgeLayout, BridgeSizes, CLOCK_NS},
    },
};
use neuronbus_sync::Ordering;

#[test]
fn whoever_shows_an_old_time_late_does_not_turn_the_clock_back() {
    let layout = BridgeLayout::new(BridgeSizes { outbox_slots: 2, inbox_slots: 2, max_neurons: 1 }).unwrap();
    let region = Region::zeroed(layout.bytes).unwrap();
    let memory = BridgeMemory::new(region.clone(), layout).unwrap();
    let shown = || region.words()[CLOCK_NS / 8].load(Ordering::Relaxed);
    for (now_ns, expected) in [(10, 10), (7, 10), (10, 10), (11, 11), (0, 11)] {
        memory.advance_clock(now_ns);
        assert_eq!(shown(), expected);
    }
}
