//! The bytes of a `.pool` file, version 1, little endian (spec/pool.md).
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `POOL` |
//! | 2, 2 | version 1; flags, 0 |
//! | 4, 4 | neurons; CRC-32 of all that follows |
//! | 2 + length | name |
//! | 4, 4, 4, 8 | neurons, excitatory, inhibitory; tick |
//! | 14 | config |
//! | 9 × neurons | membrane and threshold i16; leak, refractory, flags, trace, fired |
//! | 4, 4 × (neurons + 1) | neurons; where each row begins |
//! | 4, 8 × synapses | synapses; each of them |
//!
//! What is on its way between neurons and how often they fired is not in it: a pool that was read goes on as if it had been
//! quiet. A file is believed in nothing: not its counts, not a target, not a delay, whatever its checksum says (NP-25).

use crate::{
    ConnectomeError, NeuronPool, PoolConfig, Rows, Synapse,
    pool::{Columns, FLAG_BITS, MAX_NEURONS, PoolParts},
    synapse::SYNAPSE_BYTES,
};
use alloc::{string::String, vec::Vec};

const MAGIC: &[u8; 4] = b"POOL";
const VERSION: u16 = 1;
/// Where the checksum stands, and where what it covers begins.
const CHECKSUM: usize = 12;
const BODY: usize = 16;

/// The file of a pool.
pub fn write(pool: &NeuronPool) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    // A pool has at most 65,536 neurons.
    let neurons = (pool.columns().len() as u32).to_le_bytes();
    out.extend_from_slice(&neurons);
    out.extend_from_slice(&[0; 4]);
    write_head(pool, neurons, &mut out);
    write_config(pool.config(), &mut out);
    write_columns(pool, &mut out);
    out.extend_from_slice(&neurons);
    write_rows(pool.rows(), &mut out);
    let checksum = crc32fast::hash(&out[BODY..]);
    out[CHECKSUM..BODY].copy_from_slice(&checksum.to_le_bytes());
    out
}

fn write_head(pool: &NeuronPool, neurons: [u8; 4], out: &mut Vec<u8>) {
    let columns = pool.columns();
    let inhibitory = (0..columns.len()).filter(|at| columns.is_inhibitory(*at)).count();
    // The name of a pool has at most 65,535 bytes.
    out.extend_from_slice(&(pool.name().len() as u16).to_le_bytes());
    out.extend_from_slice(pool.name().as_bytes());
    out.extend_from_slice(&neurons);
    out.extend_from_slice(&((columns.len() - inhibitory) as u32).to_le_bytes());
    out.extend_from_slice(&(inhibitory as u32).to_le_bytes());
    out.extend_from_slice(&pool.ticks().to_le_bytes());
}

fn write_config(config: &PoolConfig, out: &mut Vec<u8>) {
    for potential in [config.rest, config.threshold, config.reset] {
        out.extend_from_slice(&potential.to_le_bytes());
    }
    out.extend_from_slice(&[config.refractory, config.trace_decay, config.homeostasis]);
    out.extend_from_slice(&config.max_synapses.to_le_bytes());
    out.extend([config.stdp_positive, config.stdp_negative].map(i8::cast_unsigned));
    out.push(config.max_delay);
}

fn write_columns(pool: &NeuronPool, out: &mut Vec<u8>) {
    let columns = pool.columns();
    out.extend(columns.membrane.iter().chain(&columns.threshold).flat_map(|potential| potential.to_le_bytes()));
    for bytes in [&columns.leak, &columns.refractory, &columns.flags] {
        out.extend_from_slice(bytes);
    }
    out.extend(columns.trace.iter().map(|trace| trace.cast_unsigned()));
    out.extend_from_slice(pool.fired());
}

fn write_rows(rows: &Rows, out: &mut Vec<u8>) {
    out.extend(rows.starts().iter().flat_map(|start| start.to_le_bytes()));
    // 65,536 rows of at most 65,535.
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    out.extend(rows.synapses().iter().flat_map(|synapse| synapse.to_bytes()));
}

/// The pool of a file.
///
/// # Errors
/// [`ConnectomeError::Corrupt`]; [`ConnectomeError::OutOfRange`] for a config that no pool can have.
pub fn read(bytes: &[u8]) -> Result<NeuronPool, ConnectomeError> {
    let mut file = Bytes { all: bytes, at: 0 };
    let neurons = read_preface(&mut file)?;
    let length = usize::from(u16::from_le_bytes(file.array()?));
    let name = String::from_utf8(file.take(length)?.to_vec()).map_err(|_| file.wrong("the name is not UTF-8"))?;
    file.expect(neurons, "the neurons are counted twice, not the same")?;
    let (excitatory, inhibitory) = (file.count()?, file.count()?);
    let ticks = u64::from_le_bytes(file.array()?);
    let config = read_config(&mut file)?;
    let (columns, fired) = read_columns(&mut file, neurons)?;
    let inhibiting = (0..neurons).filter(|at| columns.is_inhibitory(*at)).count();
    if (excitatory, inhibitory) != (neurons - inhibiting, inhibiting) {
        return Err(file.wrong("the flags say another number of inhibitory neurons"));
    }
    file.expect(neurons, "the rows are of another number of neurons")?;
    let rows = read_rows(&mut file, neurons, &config)?;
    if file.at != bytes.len() {
        return Err(file.wrong("the file goes on after its end"));
    }
    Ok(NeuronPool::from_parts(PoolParts { name, config, columns, fired, rows, ticks }))
}

/// Magic, version and checksum; returns the neurons.
fn read_preface(file: &mut Bytes<'_>) -> Result<usize, ConnectomeError> {
    if file.array()? != *MAGIC {
        return Err(file.wrong("it does not begin with POOL"));
    }
    if u16::from_le_bytes(file.array()?) != VERSION {
        return Err(file.wrong("its version is not 1"));
    }
    if file.array()? != [0; 2] {
        return Err(file.wrong("it has flags that version 1 does not know"));
    }
    let neurons = file.count()?;
    let checksum = u32::from_le_bytes(file.array()?);
    if checksum != crc32fast::hash(&file.all[BODY..]) {
        return Err(file.wrong("the checksum is another"));
    }
    if (1..=MAX_NEURONS).contains(&neurons) { Ok(neurons) } else { Err(file.wrong("neurons are not 1 to 65,536")) }
}

fn read_config(file: &mut Bytes<'_>) -> Result<PoolConfig, ConnectomeError> {
    // In the order of the file.
    let config = PoolConfig {
        rest: file.potential()?,
        threshold: file.potential()?,
        reset: file.potential()?,
        refractory: file.byte()?,
        trace_decay: file.byte()?,
        homeostasis: file.byte()?,
        max_synapses: u16::from_le_bytes(file.array()?),
        stdp_positive: file.byte()?.cast_signed(),
        stdp_negative: file.byte()?.cast_signed(),
        max_delay: file.byte()?,
    };
    config.validate().map(|()| config)
}

fn read_columns(file: &mut Bytes<'_>, neurons: usize) -> Result<(Columns, Vec<u8>), ConnectomeError> {
    let columns = Columns {
        membrane: file.potentials(neurons)?,
        threshold: file.potentials(neurons)?,
        leak: file.take(neurons)?.to_vec(),
        refractory: file.take(neurons)?.to_vec(),
        flags: file.take(neurons)?.to_vec(),
        trace: file.take(neurons)?.iter().map(|trace| trace.cast_signed()).collect(),
    };
    if columns.flags.iter().any(|flags| flags & !FLAG_BITS != 0) {
        return Err(file.wrong("a neuron has flags that nobody knows"));
    }
    let fired = file.take(neurons)?.to_vec();
    if fired.iter().any(|fired| *fired > 1) {
        return Err(file.wrong("a neuron has fired other than once or not"));
    }
    Ok((columns, fired))
}

fn read_rows(file: &mut Bytes<'_>, neurons: usize, config: &PoolConfig) -> Result<Rows, ConnectomeError> {
    let (starts, _) = file.take(4 * (neurons + 1))?.as_chunks();
    let starts: Vec<u32> = starts.iter().map(|start| u32::from_le_bytes(*start)).collect();
    let count = file.count()?;
    let bytes = count.checked_mul(SYNAPSE_BYTES).ok_or_else(|| file.wrong("too many synapses"))?;
    let (synapses, _) = file.take(bytes)?.as_chunks();
    let synapses: Vec<Synapse> = synapses.iter().map(|bytes| Synapse::from_bytes(*bytes)).collect();
    if synapses.iter().any(|synapse| !(1..=config.max_delay).contains(&synapse.delay)) {
        return Err(file.wrong("a synapse has a delay that the config does not allow"));
    }
    let rows = Rows::from_parts(starts, synapses).ok_or_else(|| file.wrong("rows and synapses do not fit together"))?;
    let full = |source: usize| rows.row(source).len() > usize::from(config.max_synapses);
    if (0..neurons).any(full) { Err(file.wrong("a row is longer than the config allows")) } else { Ok(rows) }
}

/// A file, and how far it was read.
struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    /// The next `len` bytes: no count makes room before the bytes are there.
    fn take(&mut self, len: usize) -> Result<&'a [u8], ConnectomeError> {
        let rest = self.all.get(self.at..).unwrap_or_default();
        let taken = rest.get(..len).ok_or_else(|| self.wrong("it ends too early"))?;
        self.at += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ConnectomeError> {
        self.take(N)?.try_into().map_err(|_| self.wrong("it ends too early"))
    }

    fn count(&mut self) -> Result<usize, ConnectomeError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn expect(&mut self, count: usize, what: &'static str) -> Result<(), ConnectomeError> {
        if self.count()? == count { Ok(()) } else { Err(self.wrong(what)) }
    }

    fn byte(&mut self) -> Result<u8, ConnectomeError> {
        self.array().map(|[byte]| byte)
    }

    fn potential(&mut self) -> Result<i16, ConnectomeError> {
        self.array().map(i16::from_le_bytes)
    }

    fn potentials(&mut self, neurons: usize) -> Result<Vec<i16>, ConnectomeError> {
        let (potentials, _) = self.take(2 * neurons)?.as_chunks();
        Ok(potentials.iter().map(|potential| i16::from_le_bytes(*potential)).collect())
    }

    fn wrong(&self, what: &'static str) -> ConnectomeError {
        ConnectomeError::Corrupt { at: self.at, what }
    }
}
