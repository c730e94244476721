//! What the thread of the one started bus in this process costs.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use neuronbus::{AgentCard, Bus, Connection, Handle, Neuron, NeuronId, Rate, Spike, WaitStrategy};
use std::{
    path::Path,
    time::{Duration, Instant},
};

struct Silent;

impl Neuron for Silent {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}

    fn wants_tick(&self) -> bool {
        false
    }
}

/// A started bus that has moved one spike and has had nothing to do for 50 ms; and the two neurons on it.
pub fn idle_bus(wait: WaitStrategy) -> (Bus, NeuronId, NeuronId) {
    let bus = Bus::builder().wait_strategy(wait).build().unwrap();
    let card = || AgentCard::builder("x").build().unwrap();
    let (a, b) = (bus.register(card(), Silent).unwrap(), bus.register(card(), Silent).unwrap());
    bus.connect(a, b, Connection::new()).unwrap();
    bus.start(Rate::AsNeeded).unwrap();
    bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
    assert!(bus.drain(Duration::from_secs(5)));
    std::thread::sleep(Duration::from_millis(50));
    (bus, a, b)
}

/// Which part of a core the thread takes over so much time, 0 to 1.
pub fn load_over(time: Duration) -> f64 {
    let (begin, before) = (Instant::now(), cortex_ns());
    std::thread::sleep(time);
    (cortex_ns() - before) as f64 / begin.elapsed().as_nanos() as f64
}

/// Time that the thread called neuronbus-cortex has been on a core.
fn cortex_ns() -> u64 {
    let mine = |task: &Path| {
        let name = std::fs::read_to_string(task.join("comm")).unwrap_or_default();
        name.starts_with("neuronbus-corte").then_some(())?;
        let stat = std::fs::read_to_string(task.join("schedstat")).ok()?;
        stat.split_whitespace().next()?.parse::<u64>().ok()
    };
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.into_iter().find_map(|task| mine(&task.unwrap().path())).unwrap()
}
