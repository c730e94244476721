//! An idle started bus costs nothing (NB-11, P10).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod cortex_thread;

use cortex_thread::{idle_bus, load_over};
use neuronbus::WaitStrategy;
use std::time::Duration;

#[test]
fn nb_11_an_idle_started_bus_sleeps() {
    let (bus, a, b) = idle_bus(WaitStrategy::YieldThenPark);
    let load = load_over(Duration::from_secs(1));
    assert!(load < 0.01, "{load} of a core over 1 s");
    bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
    assert!(bus.drain(Duration::from_secs(5)), "and wakes");
}
