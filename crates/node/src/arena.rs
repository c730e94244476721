//! Cold verbs on the arena.

use crate::{
    bus::Bus,
    error::guard,
    pin,
    records::{ArenaStats, RefInit},
};
use napi::{
    Env,
    bindgen_prelude::{ArrayBuffer, Result, Uint8Array},
};
use napi_derive::napi;
use neuronbus::{ArenaError, ArenaRef, bridge::layout::SCRATCH};

/// Payloads begin and end at multiples of this, bytes.
const PIECE: u64 = 8;

/// Takes the memory away from a buffer that `arenaBuffer` made, and so from all views of it: their length is 0.
#[napi]
pub fn detach(buffer: ArrayBuffer<'_>) -> Result<()> {
    buffer.detach()
}

#[napi]
impl Bus {
    /// Copies a payload in for the spike that will carry it; the reference is left in the `scratch` words.
    #[napi]
    pub fn arena_store(&self, env: Env, bytes: Uint8Array) -> Result<()> {
        guard(env, || {
            let at = self.write(&bytes)?;
            self.inner.arena().hold(at)?;
            self.memory.store_u32(SCRATCH, at.offset as u32);
            self.memory.store_u32(SCRATCH + 4, (at.offset >> 32) as u32);
            self.memory.store_u32(SCRATCH + 8, at.len);
            self.memory.store_u32(SCRATCH + 12, at.ref_slot);
            Ok(())
        })
    }

    /// Copies bytes in; the caller owns the reference.
    #[napi]
    pub fn arena_write(&self, env: Env, bytes: Uint8Array) -> Result<RefInit> {
        guard(env, || Ok(RefInit::from_ref(self.write(&bytes)?)))
    }

    /// Whether a payload of so many bytes would find room now.
    #[napi]
    pub fn arena_fits(&self, bytes: f64) -> bool {
        self.inner.arena().fits(bytes as u64)
    }

    /// Takes a lease: the bytes stay until it is given back. Returns its number.
    #[napi]
    pub fn arena_lease(&mut self, env: Env, at: RefInit) -> Result<u32> {
        let lease = guard(env, || Ok(self.inner.arena().read(at.to_ref())?))?;
        Ok(self.leases.keep(lease))
    }

    /// Gives a lease back; quiet if it was.
    #[napi]
    pub fn arena_unlease(&mut self, lease: u32) {
        self.leases.give_back(lease);
    }

    /// One more reference to the same bytes.
    #[napi]
    pub fn arena_add_ref(&self, env: Env, at: RefInit) -> Result<()> {
        guard(env, || Ok(self.inner.arena().add_ref(at.to_ref()).map(drop)?))
    }

    /// Gives a reference back; true if it was the last. Quiet (false) after close.
    #[napi]
    pub fn arena_release(&self, env: Env, at: RefInit) -> Result<bool> {
        guard(env, || Ok(self.inner.arena().release(at.to_ref())?))
    }

    /// Forgets everything at once.
    #[napi]
    pub fn arena_reset(&self, env: Env) -> Result<()> {
        guard(env, || {
            self.inner.cortex(neuronbus::Cortex::settle);
            Ok(self.inner.arena().reset()?)
        })
    }

    /// What the arena holds.
    #[napi]
    pub fn arena_stats(&self) -> ArenaStats {
        let arena = self.inner.arena();
        ArenaStats {
            used: arena.used() as f64,
            capacity: arena.capacity() as f64,
            largest: (arena.capacity() & !(PIECE - 1)) as f64,
            epoch: arena.epoch() as f64,
            high_water: arena.high_water() as f64,
            leases: self.leases.open(),
        }
    }

    /// The data of the arena: byte 0 is offset 0 of a reference.
    #[napi]
    pub fn arena_buffer<'env>(&self, env: &'env Env) -> Result<ArrayBuffer<'env>> {
        pin::arena_buffer(env, self.inner.arena())
    }
}

impl Bus {
    /// Without room it lets the cortex take back what was released first: a refusal costs an exception in JavaScript, a look
    /// does not.
    fn write(&self, bytes: &[u8]) -> std::result::Result<ArenaRef, ArenaError> {
        let arena = self.inner.arena();
        match arena.write(bytes) {
            Err(ArenaError::OutOfSpace { .. } | ArenaError::OutOfSlots) => {
                self.inner.cortex(neuronbus::Cortex::settle);
                arena.write(bytes)
            }
            other => other,
        }
    }
}
