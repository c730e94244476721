//! The cortex thread: ticks while there is something to do, sleeps otherwise.

use crate::{BusError, WaitStrategy, shared::Shared};
use neuronbus_cortex::{Cortex, Port, Sleep, Wake};
use neuronbus_sync::{Ordering, spin_loop};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How often the thread looks before it sleeps: some hundred microseconds, longer than an event loop lingers.
const SPINS: u32 = 1_000;
/// Spin hints between two looks.
const PAUSES: u32 = 16;
/// Most late ticks that a fixed rate makes up in a row.
const MAKE_UP: u32 = 10;

/// When a started bus ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Back to back while there is something to do.
    AsNeeded,
    /// Every so often, whatever there is to do: 1 µs to 1 h.
    Every(Duration),
}

impl Rate {
    const SHORTEST: Duration = Duration::from_micros(1);
    const LONGEST: Duration = Duration::from_secs(3_600);

    /// Checks the period.
    pub(crate) fn validate(self) -> Result<(), BusError> {
        match self {
            Self::Every(period) if !(Self::SHORTEST..=Self::LONGEST).contains(&period) => {
                let value = format!("{period:?}");
                Err(BusError::OutOfRange { name: "period of a tick", value, allowed: "1 µs to 1 h" })
            }
            _ => Ok(()),
        }
    }
}

impl<P: Port + 'static> Shared<P> {
    /// The body of the thread; if a callback has closed the bus, it ends it. A panic in it, which only a port, a clock or a
    /// bug can cause, closes the bus at once: nobody waits for a thread that is gone.
    fn run(&self, rate: Rate) {
        let body = || {
            match rate {
                Rate::AsNeeded => self.run_as_needed(),
                Rate::Every(period) => self.run_every(period),
            }
            self.end();
        };
        if catch_unwind(AssertUnwindSafe(body)).is_err() {
            // What panicked once may do so again; by then the bus is closed.
            drop(catch_unwind(AssertUnwindSafe(|| self.abort())));
            self.arena.close();
            // Relaxed: a count for show. Last: a bus that has crashed is closed.
            self.crashes.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Back to back while something moves; then looks a while; then sleeps.
    fn run_as_needed(&self) {
        self.set_sleep(Sleep::Awake);
        let mut idle = 0;
        while !self.stopped() {
            match self.step(tick_if_due) {
                None => break,
                Some(true) => idle = 0,
                Some(false) => {
                    idle += 1;
                    idle = self.idle(idle);
                }
            }
        }
        self.set_sleep(Sleep::OnSchedule);
    }

    /// Passes a moment in which there was nothing to do, the `idle`-th in a row; returns which it is after that.
    fn idle(&self, idle: u32) -> u32 {
        match self.wait {
            WaitStrategy::BusySpin => {}
            WaitStrategy::SpinHint => spin_loop(),
            WaitStrategy::YieldThenPark if idle < SPINS => rest(),
            WaitStrategy::YieldThenPark => {
                self.park();
                return 0;
            }
        }
        idle
    }

    fn park(&self) {
        self.bell.sleep_unless(None, || {
            let nothing = self.step(|cortex| {
                cortex.set_sleep(Sleep::UntilTouched);
                cortex.wake() == Wake::Never
            });
            nothing != Some(true) || self.stopped()
        });
        self.set_sleep(Sleep::Awake);
    }

    fn set_sleep(&self, sleep: Sleep) {
        self.step(|cortex| cortex.set_sleep(sleep));
    }

    /// One tick per period; at most [`MAKE_UP`] late ones in a row, the rest counted.
    fn run_every(&self, period: Duration) {
        self.set_sleep(Sleep::OnSchedule);
        let mut due = Instant::now() + period;
        while !self.stopped() {
            self.sleep_until(due);
            // The one that is due, and late ones.
            for _ in 0..=MAKE_UP {
                if self.stopped() || Instant::now() < due {
                    break;
                }
                if self.step(Cortex::tick).is_none() {
                    return;
                }
                due += period;
            }
            due += self.give_up_late(due, period);
        }
    }

    /// Counts the whole periods since `due` as late; returns how long they are.
    fn give_up_late(&self, due: Instant, period: Duration) -> Duration {
        let late = Instant::now().saturating_duration_since(due).as_nanos() / period.as_nanos().max(1);
        let late = u32::try_from(late).unwrap_or(u32::MAX);
        // Relaxed: a count for show.
        self.late_ticks.fetch_add(late.into(), Ordering::Relaxed);
        period.saturating_mul(late)
    }

    /// Only the end of the thread is worth waking it before.
    fn sleep_until(&self, due: Instant) {
        while !self.stopped() && Instant::now() < due {
            self.bell.sleep_unless(Some(due), || self.stopped());
        }
    }
}

/// Leaves the cursor of the outbox to the one who fires: each look takes its line away from him.
fn rest() {
    (0..PAUSES).for_each(|_| spin_loop());
}

/// One tick, if there is anything to do; ticks in which nothing can happen are skipped. Whether there was.
pub(crate) fn tick_if_due<P: Port>(cortex: &mut Cortex<P>) -> bool {
    match cortex.wake() {
        Wake::Never => {
            // Awake means that the clock of the ports is fresh.
            cortex.read_clock();
            return false;
        }
        Wake::AtTick(tick) => cortex.skip_to(tick),
        Wake::Now => {}
    }
    cortex.tick().moved
}

/// A running cortex thread.
pub(crate) struct Driver {
    thread: JoinHandle<()>,
}

impl Driver {
    pub(crate) fn start<P: Port + 'static>(shared: Arc<Shared<P>>, rate: Rate) -> Result<Self, BusError> {
        shared.set_stop(false);
        let thread = thread::Builder::new().name("neuronbus-cortex".into()).spawn(move || shared.run(rate))?;
        Ok(Self { thread })
    }

    /// Whether the thread still runs.
    pub(crate) fn runs(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Waits for the thread, which was told to stop.
    pub(crate) fn join(self) {
        // Dropped by the thread itself, a bus does not wait for it; nor is there anybody to tell of a panic.
        if self.thread.thread().id() != thread::current().id() {
            drop(self.thread.join());
        }
    }
}
