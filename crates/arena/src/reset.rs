//! Bulk reclamation (NB-27).

use crate::{
    ArenaError,
    lane::{self, IN_FLIGHT, USED},
    memory::Memory,
};

impl Memory {
    /// Refuses while payloads are leased or held by spikes in flight.
    pub(crate) fn quiet(&self) -> Result<(), ArenaError> {
        let leases = self.slots_taken().taken().map(|slot| u64::from(self.table().leases(slot as u16))).sum();
        let in_flight = lane::sum(self.lanes(), IN_FLIGHT);
        if leases == 0 && in_flight == 0 { Ok(()) } else { Err(ArenaError::Busy { leases, in_flight }) }
    }

    /// Takes every payload that is not leased from its references.
    pub(crate) fn revoke_all(&self) {
        let lane = self.lane();
        for slot in self.slots_taken().taken().map(|slot| slot as u16).filter(|&slot| self.table().revoke(slot)) {
            let record = self.table().record(slot);
            lane.add(USED, record.place().bytes(&self.geometry, record.name().len()).wrapping_neg());
            self.detach(slot);
        }
        self.reclaim();
    }
}
