//! The wait strategy of a bus is used, not just stored (NB-10, defect 8). Its cost while idle is how one can tell.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod cortex_thread;

use cortex_thread::{idle_bus, load_over};
use neuronbus::WaitStrategy;
use std::time::Duration;

/// One test, because only one thread of a bus may be in this process.
#[test]
fn defect_8_the_thread_waits_as_it_was_told() {
    for (wait, spins) in
        [(WaitStrategy::BusySpin, true), (WaitStrategy::YieldThenPark, false), (WaitStrategy::SpinHint, true)]
    {
        let (bus, a, b) = idle_bus(wait);
        let load = load_over(Duration::from_millis(300));
        assert!(if spins { load > 0.3 } else { load < 0.05 }, "{wait:?}: {load} of a core");
        bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
        assert!(bus.drain(Duration::from_secs(5)), "{wait:?} sees what is fired");
        assert_eq!(bus.counters().delivered, 2);
        bus.close();
    }
}
