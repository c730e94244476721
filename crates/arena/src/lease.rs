//! Borrowed bytes of the arena: a lease keeps its payload alive and is given back when dropped.

use crate::{ArenaError, arena::Arena, table::stale};
use neuronbus_spike::ArenaRef;
use std::{fmt, ops::Deref, ptr::NonNull};

/// Bytes of a payload, read in place (NB-25). Counts as a reference; dropping it gives that back.
///
/// The arena stays mapped while a lease is open, even after [`Arena::close`].
pub struct Lease {
    arena: Arena,
    at: ArenaRef,
    first: NonNull<u8>,
}

// SAFETY: `first` points into the arena's map, which `arena` (Send + Sync) keeps mapped on whichever thread the lease
// is; the lease gives out shared references to bytes that nobody writes while it lives. Test: tests/threads.rs sends
// leases between threads.
unsafe impl Send for Lease {}
// SAFETY: as for `Send`; all methods of a shared lease only read.
unsafe impl Sync for Lease {}

impl Lease {
    /// Counts one lease of what `at` names.
    pub(crate) fn new(arena: Arena, at: ArenaRef) -> Result<Self, ArenaError> {
        arena.table().lease(at)?;
        // From here on the lease is counted, and `drop` gives it back.
        let lease = Self { first: arena.data(at.offset), arena, at };
        if lease.arena.table().is_named(at) { Ok(lease) } else { Err(stale(at)) }
    }

    /// The reference that was read. It is the lease's own: to keep it longer than the lease, [`Arena::add_ref`].
    pub fn reference(&self) -> ArenaRef {
        self.at
    }
}

impl Deref for Lease {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `new` checked, with the lease counted, that `at` is exactly what its slot records, and a slot records
        // only what was allocated inside the data (spans.rs) and written in full (`Arena::write`). While the lease is
        // counted the slot is not free (table.rs, `left` and `revoke`), so nobody writes there through the arena;
        // `arena` keeps the map. Tests: tests/threads.rs, tests/oracle.rs, tests/loom.rs.
        unsafe { std::slice::from_raw_parts(self.first.as_ptr(), self.at.len as usize) }
    }
}

impl AsRef<[u8]> for Lease {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.arena.unlease(self.at.slot());
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lease").field("reference", &self.at).finish_non_exhaustive()
    }
}
