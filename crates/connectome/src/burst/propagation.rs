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
        self.store.refresh(self.options.threads);
        match self.store.tasks() {
            1 => self.deliver_alone(),
            _ => self.deliver_shared(),
        }
    }

    /// Allocates nothing.
    fn deliver_alone(&mut self) {
        let Self { store, sums, fired, .. } = self;
        let slots = sums.slots();
        for share in store.shares() {
            let busy = store.deliver(&fired.ids, &share, slots, sums.rows_mut());
            sums.mark(busy);
        }
    }

    fn deliver_shared(&mut self) {
        let Self { store, sums, fired, crew, .. } = self;
        let (slots, store, fired) = (sums.slots(), &*store, &fired.ids[..]);
        let shares: Vec<Share> = store.shares().collect();
        let mut busy = alloc::vec![Busy::default(); shares.len()];
        let deliveries = shares.iter().zip(sums.split(&shares)).zip(&mut busy);
        let deliveries: Vec<_> = deliveries.map(|((share, sums), busy)| Delivery { share, sums, busy }).collect();
        let deliver = |Delivery { share, mut sums, busy }: Delivery<'_>| {
            *busy = store.deliver(fired, share, slots, &mut sums);
        };
        match crew.tasks(store.load(fired.len()), LEAST_SYNAPSES) {
            1 => deliveries.into_iter().for_each(deliver),
            _ => crew.each(deliveries, deliver),
        }
        for busy in busy {
            sums.mark(busy);
        }
    }
}
