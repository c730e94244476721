//! Checkpoints, little endian: everything but the rules, so that an engine that was loaded goes on bit for bit (FE-22).
//!
//! `NBRS`, version 1 (u16), flags 0 (u16); then five sections in this order, and nothing after them, as [`section`] has them.
//!
//! | tag | content |
//! |---|---|
//! | `HEAD` | threads u32, seed u64, ledger u32, ids of neurons u32, ids of synapses u32, bursts u64, firings u64 |
//! | `NEUR` | for each id whether there is a neuron u8; of those that there are the columns of [`NeuronTable`], then potential f32, bursts for which it is blocked u32, firings in a row u16, the burst that goes on with them u64 |
//! | `SYNA` | for each id whether there is a synapse u8; of those that there are the columns of [`SynapseTable`] |
//! | `QUEU` | whether spikes are on their way u8; if so, for each id of a neuron the excitatory sum i32, then the inhibitory ones; injections u32, their neurons u32, their potentials f32 |
//! | `LEDG` | who fired in the last burst; bursts that are kept u32, who fired in each, the oldest first. Who fired: how many u32, their ids u32 |
//!
//! A file is believed in nothing, whatever its checksums say.

mod queue;
mod tables;

use super::{BurstEngine, BurstOptions, MAX_LEDGER, MAX_NEURONS};
use crate::{
    ConnectomeError,
    codec::{
        bytes::Bytes,
        section::{inside, section},
    },
    error::in_range,
    store::MAX_SYNAPSES,
    threads::MAX_THREADS,
};
use alloc::vec::Vec;

const MAGIC: &[u8; 4] = b"NBRS";
const VERSION: u16 = 1;
const HEAD: [u8; 4] = *b"HEAD";
const NEURONS: [u8; 4] = *b"NEUR";
const SYNAPSES: [u8; 4] = *b"SYNA";
const QUEUE: [u8; 4] = *b"QUEU";
const LEDGER: [u8; 4] = *b"LEDG";
/// More bursts, and more firings, than any engine will have, and far from the end of their counts.
const MAX_COUNT: u64 = 1 << 62;

/// What comes first.
struct Head {
    options: BurstOptions,
    neuron_ids: usize,
    synapse_ids: usize,
    bursts: u64,
    firings: u64,
}

impl BurstEngine {
    /// The bytes of a checkpoint. The rules are not in it: who loads it uses them again.
    pub fn save(&self) -> Vec<u8> {
        let mut out = [&MAGIC[..], &VERSION.to_le_bytes(), &[0; 2]].concat();
        section(&mut out, HEAD, |out| self.write_head(out));
        section(&mut out, NEURONS, |out| tables::write_neurons(&self.neurons, out));
        section(&mut out, SYNAPSES, |out| tables::write_synapses(self.store.list(), &self.store.table(), out));
        section(&mut out, QUEUE, |out| queue::write_queue(self, out));
        section(&mut out, LEDGER, |out| queue::write_ledger(self, out));
        out
    }

    /// The engine of a checkpoint: each burst from now on is that of the engine that was saved, once it has the same rules.
    ///
    /// # Errors
    /// [`ConnectomeError::Corrupt`].
    pub fn load(bytes: &[u8]) -> Result<Self, ConnectomeError> {
        let mut file = Bytes::new(bytes);
        if file.array()? != *MAGIC {
            return Err(file.wrong("it does not begin with NBRS"));
        }
        if u16::from_le_bytes(file.array()?) != VERSION {
            return Err(file.wrong("its version is not 1"));
        }
        if file.array()? != [0; 2] {
            return Err(file.wrong("it has flags that nobody knows"));
        }
        Self::read(&mut file)
    }

    fn read(file: &mut Bytes<'_>) -> Result<Self, ConnectomeError> {
        let head = inside(file, HEAD, read_head)?;
        let (neurons, states) = inside(file, NEURONS, |file| tables::read_neurons(file, &head))?;
        let synapses = inside(file, SYNAPSES, |file| tables::read_synapses(file, head.synapse_ids))?;
        let (neurons, synapses) = ((&neurons, head.neuron_ids), (&synapses, head.synapse_ids));
        let built = Self::with(head.options, neurons, synapses);
        let mut engine = built.map_err(|_| file.wrong("its neurons and synapses do not fit together"))?;
        (engine.bursts, engine.firings) = (head.bursts, head.firings);
        states.give(&neurons.0.ids, &mut engine.neurons.lif);
        inside(file, QUEUE, |file| queue::read_queue(file, &mut engine))?;
        inside(file, LEDGER, |file| queue::read_ledger(file, &mut engine))?;
        file.end().map(|()| engine)
    }

    fn write_head(&self, out: &mut Vec<u8>) {
        // Each has 32 bits: the range of its option, or of ids.
        let count = |count: usize| (count as u32).to_le_bytes();
        out.extend_from_slice(&count(self.options.threads));
        out.extend_from_slice(&self.options.seed.to_le_bytes());
        out.extend_from_slice(&count(self.options.ledger));
        out.extend_from_slice(&count(self.neurons.len()));
        out.extend_from_slice(&self.store.list().ids().to_le_bytes());
        out.extend_from_slice(&self.bursts.to_le_bytes());
        out.extend_from_slice(&self.firings.to_le_bytes());
    }
}

fn read_head(file: &mut Bytes<'_>) -> Result<Head, ConnectomeError> {
    // In the order of the file.
    let head = Head {
        options: BurstOptions {
            threads: file.count()?,
            seed: u64::from_le_bytes(file.array()?),
            ledger: file.count()?,
        },
        neuron_ids: file.count()?,
        synapse_ids: file.count()?,
        bursts: u64::from_le_bytes(file.array()?),
        firings: u64::from_le_bytes(file.array()?),
    };
    let sound = in_range("threads", head.options.threads, 1, MAX_THREADS)
        .and(in_range("ledger", head.options.ledger, 0, MAX_LEDGER))
        .and(in_range("neurons", head.neuron_ids, 0, MAX_NEURONS))
        .and(in_range("synapses", head.synapse_ids, 0, MAX_SYNAPSES))
        .is_ok();
    if !sound || head.bursts > MAX_COUNT || head.firings > MAX_COUNT {
        return Err(file.wrong("its head has numbers that no engine has"));
    }
    Ok(head)
}

/// Adds numbers.
fn put<T: Copy, const N: usize>(out: &mut Vec<u8>, numbers: &[T], bytes: fn(T) -> [u8; N]) {
    out.extend(numbers.iter().flat_map(|number| bytes(*number)));
}
