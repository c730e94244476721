//! Who fired sends to its targets: what arrives, arrives in the next burst (FE-20).

use super::BurstEngine;
use crate::store::{Busy, Share};
use alloc::vec::Vec;

/// The least number of synapses for which threads are woken: below, one is through before the others are awake.
const LEAST_SYNAPSES: usize = 32_768;

/// What one task sends: to the neurons of its share, and so into sums of its own.
struct Delivery<'a> {
    share: &'a Share,
    sums: Vec<&'a mut [i32]>,
    busy: &'a mut Busy,
}

impl BurstEngine {
    pub(super) fn propagate(&mut self) {
        let threads = self.options.threads;
        self.store.refresh(threads);
        // To ask for the load takes as long as to send along short rows.
        let load = if threads > 1 { self.store.load(&self.fired.ids) } else { 0 };
        match self.crew.tasks(load, LEAST_SYNAPSES) {
            1 => self.deliver_alone(),
            tasks => self.deliver_together(tasks),
        }
    }

    fn deliver_alone(&mut self) {
        let Self { store, sums, fired, .. } = self;
        let slots = sums.slots();
        for share in store.shares(1) {
            let busy = store.deliver(&fired.ids, &share, slots, sums.rows_mut());
            sums.mark(busy);
        }
    }

    fn deliver_together(&mut self, tasks: usize) {
        let Self { store, sums, fired, crew, .. } = self;
        let (slots, store, fired) = (sums.slots(), &*store, &fired.ids[..]);
        let shares: Vec<Share> = store.shares(tasks).collect();
        let mut busy = alloc::vec![Busy::default(); tasks];
        let deliveries = shares.iter().zip(sums.split(&shares)).zip(&mut busy);
        let deliveries = deliveries.map(|((share, sums), busy)| Delivery { share, sums, busy }).collect();
        crew.each(deliveries, |Delivery { share, mut sums, busy }| {
            *busy = store.deliver(fired, share, slots, &mut sums);
        });
        for busy in busy {
            sums.mark(busy);
        }
    }
}
