//! What every version holds: name, config, neurons, synapses.

use super::bytes::Bytes;
use crate::{
    ConnectomeError, Mode, PoolConfig, Rows, Synapse,
    pool::{Body, Columns, FLAG_BITS},
};
use alloc::{string::String, vec::Vec};

/// More ticks than a pool will ever have, and far from the end of their count.
const MAX_TICKS: u64 = 1 << 62;

/// Neurons of a body, as a file counts them.
pub(super) fn count(body: &Body) -> [u8; 4] {
    // A pool has at most 65,536.
    (body.columns.len() as u32).to_le_bytes()
}

pub(super) fn write(name: &str, body: &Body, out: &mut Vec<u8>) {
    let neurons = count(body);
    write_head(name, body, neurons, out);
    write_config(&body.config, out);
    write_columns(body, out);
    out.extend_from_slice(&neurons);
    write_rows(&body.rows, out);
}

fn write_head(name: &str, body: &Body, neurons: [u8; 4], out: &mut Vec<u8>) {
    let columns = &body.columns;
    let inhibitory = (0..columns.len()).filter(|at| columns.is_inhibitory(*at)).count();
    // The name of a pool has at most 65,535 bytes.
    out.extend_from_slice(&(name.len() as u16).to_le_bytes());
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(&neurons);
    out.extend_from_slice(&((columns.len() - inhibitory) as u32).to_le_bytes());
    out.extend_from_slice(&(inhibitory as u32).to_le_bytes());
    out.extend_from_slice(&body.ticks.to_le_bytes());
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

fn write_columns(body: &Body, out: &mut Vec<u8>) {
    let columns = &body.columns;
    out.extend(columns.membrane.iter().chain(&*columns.threshold).flat_map(|potential| potential.to_le_bytes()));
    for bytes in [&columns.leak, &columns.refractory, &columns.flags] {
        out.extend_from_slice(bytes);
    }
    out.extend(columns.trace.iter().map(|trace| trace.cast_unsigned()));
    out.extend_from_slice(&body.fired);
}

fn write_rows(rows: &Rows, out: &mut Vec<u8>) {
    out.extend(rows.starts().iter().flat_map(|start| start.to_le_bytes()));
    // 65,536 rows of at most 65,535.
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    out.extend(rows.synapses().iter().flat_map(|synapse| synapse.to_bytes()));
}

/// Reads what [`write()`] wrote for so many neurons; mode and seed stand elsewhere, or nowhere.
pub(super) fn read(
    file: &mut Bytes<'_>,
    neurons: usize,
    (mode, seed): (Mode, u64),
) -> Result<(String, Body), ConnectomeError> {
    let length = usize::from(u16::from_le_bytes(file.array()?));
    let name = String::from_utf8(file.take(length)?.to_vec()).map_err(|_| file.wrong("the name is not UTF-8"))?;
    file.expect(neurons, "the neurons are counted twice, not the same")?;
    let (excitatory, inhibitory) = (file.count()?, file.count()?);
    let ticks = u64::from_le_bytes(file.array()?);
    if ticks > MAX_TICKS {
        return Err(file.wrong("its ticks are more than any pool has"));
    }
    let config = read_config(file, mode, seed)?;
    let (columns, fired) = read_columns(file, neurons)?;
    let inhibiting = (0..neurons).filter(|at| columns.is_inhibitory(*at)).count();
    if (excitatory, inhibitory) != (neurons - inhibiting, inhibiting) {
        return Err(file.wrong("the flags say another number of inhibitory neurons"));
    }
    file.expect(neurons, "the rows are of another number of neurons")?;
    let rows = read_rows(file, neurons, &config)?;
    Ok((name, Body { config, columns, fired, rows, ticks }))
}

fn read_config(file: &mut Bytes<'_>, mode: Mode, seed: u64) -> Result<PoolConfig, ConnectomeError> {
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
        mode,
        seed,
        ..PoolConfig::default()
    };
    config.validate().map(|()| config)
}

fn read_columns(file: &mut Bytes<'_>, neurons: usize) -> Result<(Columns, Vec<u8>), ConnectomeError> {
    let columns = Columns {
        membrane: file.numbers(neurons, i16::from_le_bytes)?.into(),
        threshold: file.numbers(neurons, i16::from_le_bytes)?.into(),
        leak: file.take(neurons)?.to_vec().into(),
        refractory: file.take(neurons)?.to_vec().into(),
        flags: file.take(neurons)?.to_vec().into(),
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
    let starts = file.numbers(neurons + 1, u32::from_le_bytes)?;
    let count = file.count()?;
    let synapses = file.numbers(count, Synapse::from_bytes)?;
    if synapses.iter().any(|synapse| !(1..=config.max_delay).contains(&synapse.delay)) {
        return Err(file.wrong("a synapse has a delay that the config does not allow"));
    }
    let rows = Rows::from_parts(starts, synapses).ok_or_else(|| file.wrong("rows and synapses do not fit together"))?;
    let full = |source: usize| rows.row(source).len() > usize::from(config.max_synapses);
    if (0..neurons).any(full) { Err(file.wrong("a row is longer than the config allows")) } else { Ok(rows) }
}
