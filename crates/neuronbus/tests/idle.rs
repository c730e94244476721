//! An idle started bus costs nothing (NB-11, P10).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use neuronbus::{AgentCard, Bus, Connection, Handle, Neuron, Rate, Spike};
use std::time::Duration;

struct Silent;

impl Neuron for Silent {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}
}

fn card() -> AgentCard {
    AgentCard::builder("x").build().unwrap()
}

#[test]
fn nb_11_an_idle_started_bus_sleeps() {
    let bus = Bus::builder().build().unwrap();
    let (a, b) = (bus.register(card(), Silent).unwrap(), bus.register(card(), Silent).unwrap());
    bus.connect(a, b, Connection::new()).unwrap();
    bus.start(Rate::AsNeeded).unwrap();
    bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
    assert!(bus.drain(Duration::from_secs(5)));
    std::thread::sleep(Duration::from_millis(50));
    let before = cortex_ns();
    std::thread::sleep(Duration::from_secs(1));
    let burned = cortex_ns() - before;
    assert!(burned < 10_000_000, "{burned} ns of 1 s");
    bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
    assert!(bus.drain(Duration::from_secs(5)), "and wakes");
}

/// Time that the thread called neuronbus-cortex has been on a core; there is one in this process.
fn cortex_ns() -> u64 {
    let mine = |task: &std::path::Path| {
        let name = std::fs::read_to_string(task.join("comm")).unwrap_or_default();
        name.starts_with("neuronbus-corte").then_some(())?;
        let stat = std::fs::read_to_string(task.join("schedstat")).ok()?;
        stat.split_whitespace().next()?.parse::<u64>().ok()
    };
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.into_iter().find_map(|task| mine(&task.unwrap().path())).unwrap()
}
