//! Two neurons throw one spike back and forth (NB-55): by hand, and with the bus in a thread of its own. With `--json` the
//! figures are one JSON object.
#![allow(clippy::print_stdout)]

mod reference;

use neuronbus::{AgentCard, Bus, Connection, Handle, Membrane, Neuron, NeuronId, Rate, Spike};
use std::{
    error::Error,
    sync::mpsc,
    time::{Duration, Instant},
};

const ROUND_TRIPS: u32 = 200_000;

/// Throws back what it gets, `left` times.
struct Player {
    partner: NeuronId,
    left: u32,
    over: mpsc::Sender<()>,
}

impl Neuron for Player {
    fn on_spike(&mut self, _: &Spike, handle: &mut Handle<'_>) {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            // One spike is under way: there is credit.
            let _thrown = handle.fire_to(self.partner, b"ball");
        } else {
            let _heard = self.over.send(());
        }
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

/// Plays one match; `drive` makes the bus go.
fn play(drive: impl FnOnce(&Bus) -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let bus = Bus::builder().build()?;
    let (over, end) = mpsc::channel();
    let ids = [NeuronId::new(0)?, NeuronId::new(1)?];
    // A refractory neuron would let the ball wait.
    let membrane = Membrane { refractory_ticks: 0, ..Membrane::default() };
    for partner in [ids[1], ids[0]] {
        let player = Player { partner, left: ROUND_TRIPS, over: over.clone() };
        bus.register_with(AgentCard::builder("player").build()?, membrane, player)?;
    }
    bus.connect(ids[0], ids[1], Connection::new())?;
    bus.connect(ids[1], ids[0], Connection::new())?;
    let start = Instant::now();
    bus.lend(ids[0], |handle| handle.fire_to(ids[1], b"ball"))??;
    drive(&bus)?;
    end.recv_timeout(Duration::from_secs(30))?;
    Ok(start.elapsed())
}

fn main() -> Result<(), Box<dyn Error>> {
    let by_hand = play(|bus| {
        bus.run(u64::from(ROUND_TRIPS) * 2)?;
        Ok(())
    })?;
    let started = play(|bus| Ok(bus.start(Rate::AsNeeded)?))?;
    let [by_hand, started] = [by_hand, started].map(|took| took.as_nanos() as f64 / f64::from(ROUND_TRIPS));
    if reference::wants_json() {
        println!(
            r#"{{"example": "ping_pong", "figures": {{"roundTrips": {ROUND_TRIPS}, "byHandNs": {by_hand:.1}, "startedNs": {started:.1}}}, {}}}"#,
            reference::JSON
        );
    } else {
        println!("{ROUND_TRIPS} round trips between two neurons, ns each");
        println!("  ticked by hand {by_hand:>8.0}");
        println!("  started        {started:>8.0}");
        println!("{}", reference::TEXT);
    }
    Ok(())
}
