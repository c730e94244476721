//! A coordinator finds its workers by what they can do, spreads tasks over them and counts who answers (NB-55). With `--json`
//! the figures are one JSON object.
#![allow(clippy::print_stdout)]

mod reference;

use neuronbus::{AgentCard, Bus, Connection, FireOptions, Handle, Membrane, Neuron, NeuronId, Spike};
use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

const WORKERS: u16 = 8;
const TASKS: u32 = 4_000;

/// Squares numbers; the odd ones among the workers are busy with something else half of the time.
struct Worker {
    lazy: bool,
    seen: u32,
}

impl Neuron for Worker {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        self.seen += 1;
        let number = handle.payload(spike, number).unwrap_or_default();
        if let (Some(asker), false) = (spike.source(), self.lazy && self.seen.is_multiple_of(2)) {
            let direct = FireOptions { direct: true, ..FireOptions::default() };
            // Refused only without credit; the coordinator counts what it gets.
            let _answered = handle.fire(asker, &(number * number).to_le_bytes(), direct);
        }
    }

    fn wants_tick(&self) -> bool {
        false
    }

    fn capabilities(&self) -> Vec<String> {
        vec!["math/square".to_owned()]
    }
}

/// Collects answers by who gave them.
struct Coordinator(Arc<Mutex<BTreeMap<u16, (u32, u64)>>>);

impl Neuron for Coordinator {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        let number = handle.payload(spike, number).unwrap_or_default();
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, sum) = answers.entry(spike.source_raw()).or_default();
        *count += 1;
        *sum += number;
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// What a run is told as.
struct Report {
    task_ns: f64,
    /// Name, answers, sum of the answers.
    workers: Vec<(String, u32, u64)>,
    fired: u64,
    delivered: u64,
    balanced: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let report = run()?;
    if reference::wants_json() {
        print_json(&report);
    } else {
        print_text(&report);
    }
    Ok(())
}

fn run() -> Result<Report, Box<dyn Error>> {
    let bus = Bus::builder().build()?;
    let calm = Membrane { refractory_ticks: 0, ..Membrane::default() };
    let answers = Arc::new(Mutex::new(BTreeMap::new()));
    let card = AgentCard::builder("coordinator").region("swarm").build()?;
    let coordinator = bus.register_with(card, calm, Coordinator(Arc::clone(&answers)))?;
    for raw in 0..WORKERS {
        let card = AgentCard::builder(format!("worker {raw}")).region("swarm/workers").build()?;
        bus.register_with(card, calm, Worker { lazy: raw % 2 == 1, seen: 0 })?;
    }
    let workers = bus.cortex(|cortex| cortex.discover(Some("math/square"), Some("swarm")));
    for worker in &workers {
        bus.connect(coordinator, *worker, Connection::new())?;
    }
    let start = Instant::now();
    for task in 0..TASKS {
        let worker: NeuronId = workers[task as usize % workers.len()];
        bus.lend(coordinator, |handle| handle.fire_to(worker, &u64::from(task).to_le_bytes()))??;
        bus.run(2)?;
    }
    let task_ns = start.elapsed().as_nanos() as f64 / f64::from(TASKS);
    let answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    let workers = workers.iter().map(|worker| {
        let (count, sum) = answers.get(&worker.raw()).copied().unwrap_or_default();
        let name = bus.cortex(|cortex| cortex.card(*worker).map_or_else(String::new, |card| card.name().to_owned()));
        (name, count, sum)
    });
    let (workers, books) = (workers.collect(), bus.counters());
    Ok(Report { task_ns, workers, fired: books.fired, delivered: books.delivered, balanced: books.balanced() })
}

fn print_text(Report { task_ns, workers, fired, delivered, balanced }: &Report) {
    println!("{TASKS} tasks over {} workers, {task_ns:.0} ns each with its two ticks", workers.len());
    println!("  {:<10} {:>8} {:>14}", "worker", "answers", "sum");
    for (name, count, sum) in workers {
        println!("  {name:<10} {count:>8} {sum:>14}");
    }
    println!("  fired {fired} · delivered {delivered} · balanced: {balanced}");
    println!("{}", reference::TEXT);
}

fn print_json(Report { task_ns, workers, fired, delivered, balanced }: &Report) {
    let answers: u32 = workers.iter().map(|(_, count, _)| count).sum();
    println!(
        r#"{{"example": "swarm", "figures": {{"tasks": {TASKS}, "workers": {}, "answers": {answers}, "taskNs": {task_ns:.1}, "fired": {fired}, "delivered": {delivered}}}, "balanced": {balanced}, {}}}"#,
        workers.len(),
        reference::JSON
    );
}
