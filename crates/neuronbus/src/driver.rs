//! The cortex thread: ticks while there is something to do, sleeps otherwise.

use crate::{BusError, WaitStrategy};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Cortex, Port, Sleep, Wake};
use neuronbus_spike::Clock;
use neuronbus_sync::{AtomicBool, AtomicU64, Ordering, spin_loop};
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How often the thread looks before it sleeps: some ten microseconds.
const SPINS: u32 = 2_000;
/// Most late ticks that a fixed rate makes up in a row.
const MAKE_UP: u32 = 10;

/// When a started bus ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Back to back while there is something to do.
    AsNeeded,
    /// Every so often, whatever there is to do.
    Every(Duration),
}

/// What the thread and everybody else share.
pub(crate) struct Shared<P> {
    pub(crate) cortex: Mutex<Cortex<P>>,
    pub(crate) arena: Arena,
    pub(crate) clock: Arc<dyn Clock>,
    wait: WaitStrategy,
    bell: Arc<Bell>,
    stop: AtomicBool,
    late_ticks: AtomicU64,
}

/// Wakes the thread out of its sleep.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    sleeper: Condvar,
    /// The thread sleeps, or is about to.
    asleep: AtomicBool,
}

impl Bell {
    pub(crate) fn ring(&self) {
        // SeqCst, partner: the driver stores `asleep`, then looks for work; the ringer has brought work, then loads. One of
        // the two sees the other.
        if self.asleep.swap(false, Ordering::SeqCst) {
            *self.rung.lock() = true;
            self.sleeper.notify_one();
        }
    }

    fn wait(&self, deadline: Option<Instant>) {
        let mut rung = self.rung.lock();
        while !*rung {
            match deadline {
                None => self.sleeper.wait(&mut rung),
                Some(at) if self.sleeper.wait_until(&mut rung, at).timed_out() => break,
                Some(_) => {}
            }
        }
        *rung = false;
    }
}

impl<P: Port + 'static> Shared<P> {
    pub(crate) fn new(cortex: Cortex<P>, arena: Arena, clock: Arc<dyn Clock>, wait: WaitStrategy) -> Self {
        Self {
            cortex: Mutex::new(cortex),
            arena,
            clock,
            wait,
            bell: Arc::default(),
            stop: AtomicBool::new(false),
            late_ticks: AtomicU64::new(0),
        }
    }

    pub(crate) fn wake_if_parked(&self) {
        self.bell.ring();
    }

    pub(crate) fn bell(&self) -> Arc<Bell> {
        Arc::clone(&self.bell)
    }

    pub(crate) fn late_ticks(&self) -> u64 {
        // Relaxed: a count for show.
        self.late_ticks.load(Ordering::Relaxed)
    }

    fn stopped(&self) -> bool {
        // Acquire, partner: the Release store in `Driver::stop`.
        self.stop.load(Ordering::Acquire)
    }

    /// Back to back while something moves; then looks a while; then sleeps.
    fn run_as_needed(&self) {
        self.cortex.lock().set_sleep(Sleep::Awake);
        let mut idle = 0;
        while !self.stopped() {
            let mut cortex = self.cortex.lock();
            let busy = step(&mut cortex);
            // Fair: a verb that waits for the lock gets it now.
            MutexGuard::unlock_fair(cortex);
            idle = if busy { 0 } else { idle + 1 };
            if !busy {
                self.idle(idle);
            }
        }
        self.cortex.lock().set_sleep(Sleep::OnSchedule);
    }

    fn idle(&self, idle: u32) {
        match self.wait {
            WaitStrategy::BusySpin => {}
            WaitStrategy::SpinHint => spin_loop(),
            WaitStrategy::YieldThenPark if idle < SPINS => spin_loop(),
            WaitStrategy::YieldThenPark => self.park(),
        }
    }

    fn park(&self) {
        // SeqCst, partner: `Bell::ring`.
        self.bell.asleep.store(true, Ordering::SeqCst);
        let mut cortex = self.cortex.lock();
        cortex.set_sleep(Sleep::UntilTouched);
        let nothing = cortex.wake() == Wake::Never;
        drop(cortex);
        if nothing && !self.stopped() {
            self.bell.wait(None);
        }
        // SeqCst, partner: `Bell::ring`. A ring that came meanwhile only makes the next sleep short.
        self.bell.asleep.store(false, Ordering::SeqCst);
        self.cortex.lock().set_sleep(Sleep::Awake);
    }

    /// One tick per period; at most [`MAKE_UP`] late ones in a row, the rest counted.
    fn run_every(&self, period: Duration) {
        self.cortex.lock().set_sleep(Sleep::OnSchedule);
        let mut due = Instant::now() + period;
        while !self.stopped() {
            self.sleep_until(due);
            let mut made = 0;
            while Instant::now() >= due && made < MAKE_UP && !self.stopped() {
                self.cortex.lock().tick();
                due += period;
                made += 1;
            }
            let late = Instant::now().saturating_duration_since(due).as_nanos() / period.as_nanos().max(1);
            // Relaxed: a count for show.
            self.late_ticks.fetch_add(late as u64, Ordering::Relaxed);
            due += period.saturating_mul(late as u32);
        }
    }

    fn sleep_until(&self, due: Instant) {
        // SeqCst, partner: `Bell::ring`; only `stop` rings a bus that sleeps on schedule.
        self.bell.asleep.store(true, Ordering::SeqCst);
        if !self.stopped() && Instant::now() < due {
            self.bell.wait(Some(due));
        }
        // SeqCst, partner: `Bell::ring`.
        self.bell.asleep.store(false, Ordering::SeqCst);
    }
}

/// One tick, if there is anything to do; ticks in which nothing can happen are skipped. Whether there was.
fn step<P: Port>(cortex: &mut Cortex<P>) -> bool {
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
    halt: Box<dyn Fn() + Send>,
}

impl Driver {
    pub(crate) fn start<P: Port + 'static>(shared: Arc<Shared<P>>, rate: Rate) -> Result<Self, BusError> {
        // Relaxed: the spawn below publishes it.
        shared.stop.store(false, Ordering::Relaxed);
        let halted = Arc::clone(&shared);
        let halt = Box::new(move || {
            // Release, partner: the Acquire load in `stopped`.
            halted.stop.store(true, Ordering::Release);
            halted.bell.ring();
        });
        let body = move || match rate {
            Rate::AsNeeded => shared.run_as_needed(),
            Rate::Every(period) => shared.run_every(period),
        };
        let thread = thread::Builder::new().name("neuronbus-cortex".into()).spawn(body)?;
        Ok(Self { thread, halt })
    }

    /// Stops the thread and waits for it.
    pub(crate) fn stop(self) {
        (self.halt)();
        // A panic of the thread has been its end; there is nobody to tell but the counters, which stand.
        drop(self.thread.join());
    }
}
