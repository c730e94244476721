//! One tick, a file per step: collect → route (integrate, deliver) → end of tick (learn).
//!
//! A tick sees what was on the axons when it began. It can pause: when the inbox of an environment is full,
//! [`Cortex::route`] says so, and goes on where it stood when it is called again.

mod collect;
mod deliver;
mod integrate;
mod learn;
mod route;

use crate::{Cortex, Notice, Port, Sleep, id_set::IdSet};
use neuronbus_spike::{Clock, NeuronId};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Spikes between two looks at the clock inside a step: some five microseconds, so that a stamp is never older than ten.
const FRESH_EVERY: u32 = 64;

/// How far the loop is.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Ticks finished.
    pub(crate) tick: u64,
    /// A tick has begun and not finished.
    begun: bool,
    /// The time of this tick.
    pub(crate) now_ns: u64,
    /// Counts the ticks begun, wrapping: what is put on an axon in this one is due in the next.
    pub(crate) epoch: u32,
    /// Axons to route in this tick, in id order.
    turns: Vec<NeuronId>,
    /// Neurons whose waiting queue opens in this tick.
    woken: Vec<NeuronId>,
    /// When waiting queues open.
    wakes: BinaryHeap<Reverse<(u64, NeuronId)>>,
    /// Neurons whose membrane may cross its threshold at the end of this tick.
    touched: IdSet,
    /// Reused by the end of the tick.
    ending: Vec<NeuronId>,
    /// Reused by the walk over outside readers.
    pub(crate) following: Vec<NeuronId>,
    /// Spikes that moved so far, wrapping.
    passed: u32,
    /// Something moved since the last report.
    pub(crate) moved: bool,
    /// Something moved in the last tick or was changed since, so what is on the axons is worth another look.
    stirred: bool,
}

/// What a tick did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickReport {
    /// Whether anything moved: a record, a delivery, a credit, a drop.
    pub moved: bool,
    /// Neurons whose membrane crossed its threshold.
    pub crossed: u32,
}

/// What the loop would do if it went on now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// There is something to do.
    Now,
    /// Nothing before this tick: some spikes wait for a refractory neuron.
    AtTick(u64),
    /// Nothing until somebody fires or gives deliveries back.
    Never,
}

impl Progress {
    pub(crate) fn new(now_ns: u64) -> Self {
        Self {
            tick: 0,
            begun: false,
            now_ns,
            epoch: 1,
            turns: Vec::new(),
            woken: Vec::new(),
            wakes: BinaryHeap::new(),
            touched: IdSet::default(),
            ending: Vec::new(),
            following: Vec::new(),
            passed: 0,
            moved: false,
            stirred: false,
        }
    }

    /// The tick that is under way, or comes next.
    pub(crate) fn current(&self) -> u64 {
        self.tick + 1
    }

    /// Looks at the clock, but in a tick that has begun: that one has one time.
    pub(crate) fn look_at(&mut self, clock: &dyn Clock) {
        if !self.begun {
            self.now_ns = clock.now_ns();
        }
    }
}

impl<P: Port> Cortex<P> {
    /// One whole tick. What finds no room in an inbox stays where it is until a later tick.
    pub fn tick(&mut self) -> TickReport {
        self.route();
        self.finish()
    }

    /// Begins a tick, or goes on with the one begun. True: an inbox was full and deliveries wait; empty it and call
    /// again, or leave them to the next tick. Nothing happens once closed.
    pub fn route(&mut self) -> bool {
        if self.closed {
            return false;
        }
        if !self.progress.begun {
            self.begin();
        }
        self.give_back();
        let paused = self.route_woken() | self.route_axons();
        self.inboxes.iter_mut().for_each(super::inbox::Inbox::publish);
        paused
    }

    /// Ends the tick: leak, threshold, learning, refractoriness, the `tick` of native neurons, the notice to ports.
    pub fn finish(&mut self) -> TickReport {
        if self.closed {
            return TickReport::default();
        }
        if !self.progress.begun {
            self.begin();
        }
        let crossed = self.end_membranes();
        self.tick_natives();
        self.progress.begun = false;
        let before = self.progress.tick;
        self.progress.tick = self.progress.current();
        self.wake_again();
        self.settle();
        self.prune_if_due(before);
        self.end_quarantine();
        self.notify();
        self.progress.stirred = std::mem::take(&mut self.progress.moved);
        TickReport { moved: self.progress.stirred, crossed }
    }

    /// What there is to do.
    pub fn wake(&mut self) -> Wake {
        if self.closed {
            return Wake::Never;
        }
        let returned = self.inboxes.iter_mut().any(|inbox| inbox.port.released() > inbox.returned());
        let fired = self.inboxes.iter().any(|inbox| inbox.port.backlog() > 0);
        if returned || fired || self.readers_moved() {
            return Wake::Now;
        }
        // What a tick without movement left on the axons is held back; only a waiting queue, an inbox or a change of the
        // wiring can free it. The same goes for ids in quarantine.
        let waits = !self.active.is_empty() || self.ids.any_quarantined();
        if waits && (self.progress.moved || self.progress.stirred) {
            return Wake::Now;
        }
        match self.progress.wakes.peek() {
            Some(Reverse((tick, _))) if *tick > self.progress.current() => Wake::AtTick(*tick),
            Some(_) => Wake::Now,
            None => Wake::Never,
        }
    }

    /// Skips ticks in which nothing happens, so that the next one is `tick`. Only for a loop whose ticks have no length.
    pub fn skip_to(&mut self, tick: u64) {
        if !self.progress.begun && !self.closed {
            let before = self.progress.tick;
            self.progress.tick = before.max(tick.saturating_sub(1));
            self.prune_if_due(before);
        }
    }

    /// What is held back is worth another look: something was changed.
    pub(crate) fn stir(&mut self) {
        self.progress.stirred = true;
    }

    fn begin(&mut self) {
        self.read_clock();
        self.progress.begun = true;
        self.collect();
        self.progress.epoch = self.progress.epoch.wrapping_add(1);
        self.progress.turns.clear();
        self.progress.turns.extend(self.active.iter());
        self.progress.woken.clear();
        while let Some(Reverse((tick, id))) = self.progress.wakes.peek().copied() {
            if tick > self.progress.current() {
                break;
            }
            self.progress.wakes.pop();
            self.progress.woken.push(id);
        }
        self.progress.woken.sort_unstable();
        self.progress.woken.dedup();
    }

    /// Tells every port how the loop that drives the cortex sleeps from now on.
    pub fn set_sleep(&mut self, sleep: Sleep) {
        // Who is told that the loop is awake takes the clock of the port for fresh.
        self.read_clock();
        for inbox in &mut self.inboxes {
            inbox.port.set_sleep(sleep);
        }
    }

    /// Brings the time of the next tick and the clocks of the ports up to date.
    pub fn read_clock(&mut self) {
        self.progress.look_at(&*self.clock);
        for inbox in &mut self.inboxes {
            inbox.port.set_clock(self.progress.now_ns);
        }
    }

    /// One more spike has moved; now and then that makes the clocks of the ports fresh, however long the step is.
    #[inline]
    pub(super) fn pass(&mut self) {
        self.progress.moved = true;
        self.progress.passed = self.progress.passed.wrapping_add(1);
        if self.progress.passed.is_multiple_of(FRESH_EVERY) {
            self.show_time();
        }
    }

    fn show_time(&mut self) {
        let now_ns = self.clock.now_ns();
        for inbox in &mut self.inboxes {
            inbox.port.set_clock(now_ns);
        }
    }

    /// Prunes if a multiple of `prune_every_ticks` lies in the ticks since `before`.
    fn prune_if_due(&mut self, before: u64) {
        let every = self.config.prune_every_ticks;
        if every > 0 && self.progress.tick / every > before / every {
            let pruned = self.prune().unwrap_or_default();
            self.events.prune(pruned);
        }
    }

    /// The waiting queues that could not be emptied open again: in the next tick, or when their neurons, which fired in
    /// this one, take spikes again.
    fn wake_again(&mut self) {
        let next = self.progress.current();
        for id in self.progress.woken.drain(..) {
            let soma = &self.somas[id.index()];
            if soma.waiting() > 0 {
                self.progress.wakes.push(Reverse((soma.state.ready_tick().max(next), id)));
            }
        }
    }

    pub(crate) fn notify(&mut self) {
        if self.inboxes.is_empty() {
            return;
        }
        let notice = Notice {
            tick: self.progress.tick,
            moved: self.progress.moved,
            dropped: self.books.dropped.iter().sum(),
            in_flight: self.in_flight_here(),
            events: self.events.len(),
        };
        for inbox in &mut self.inboxes {
            inbox.port.notify(notice);
        }
    }
}
