//! The whole burst against a naive one: plain loops over a list of synapses (FE-16, FE-19 to FE-22, defects 1, 2, 3 and 6).
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod bursts;

use bursts::{bits, burst, plain};
use neuronbus_connectome::{
    BurstEngine, BurstOptions, Hebb, InstructionSet, NeuronPatch, Potential, SynapseColumns, SynapsePatch,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Neuron {
    alive: bool,
    threshold: f32,
    leak: f32,
    rest: f32,
    reset: f32,
    refractory: u16,
    /// 0 or 1: what lies between is a matter of the seed.
    excitability: f32,
    limit: u16,
    snooze: u16,
    accumulate: bool,
    potential: f32,
    blocked: u32,
    streak: u16,
    /// Whether it has fired in each burst since in which it was not blocked.
    in_a_row: bool,
}

#[derive(Debug, Clone)]
struct Synapse {
    alive: bool,
    source: u32,
    target: u32,
    weight: u8,
    conductance: u8,
    kind: u8,
}

#[derive(Debug, Default)]
struct Oracle {
    neurons: Vec<Neuron>,
    synapses: Vec<Synapse>,
    injected: Vec<(u32, f32)>,
    sums: Vec<i64>,
    before: Vec<bool>,
    hebb: Option<(u8, u8)>,
}

impl Oracle {
    fn burst(&mut self) -> Vec<u32> {
        let sums = std::mem::take(&mut self.sums);
        let mut fired = vec![false; self.neurons.len()];
        for (id, neuron) in self.neurons.iter_mut().enumerate().filter(|(_, neuron)| neuron.alive) {
            let injected = self.injected.iter().filter(|(to, _)| *to as usize == id);
            let injected = injected.fold(0.0_f32, |sum, (_, potential)| sum + potential);
            let arrived = (sums.get(id).copied().unwrap_or(0) as f64 / 65_025.0) as f32;
            fired[id] = step(neuron, arrived + injected);
        }
        self.injected.clear();
        self.before.resize(self.neurons.len(), false);
        self.learn(&fired);
        self.sums = vec![0; self.neurons.len()];
        for synapse in self.synapses.iter().filter(|synapse| synapse.alive && fired[synapse.source as usize]) {
            let amount = i64::from(synapse.weight) * i64::from(synapse.conductance);
            self.sums[synapse.target as usize] += if synapse.kind == 0 { amount } else { -amount };
        }
        self.before.clone_from(&fired);
        (0..fired.len() as u32).filter(|id| fired[*id as usize]).collect()
    }

    fn learn(&mut self, fired: &[bool]) {
        let Some((up, down)) = self.hebb else { return };
        for synapse in self.synapses.iter_mut().filter(|synapse| synapse.alive) {
            if self.before[synapse.source as usize] {
                let weight = synapse.weight;
                let post = fired[synapse.target as usize];
                synapse.weight = if post { weight.saturating_add(up) } else { weight.saturating_sub(down) };
            }
        }
    }
}

fn step(neuron: &mut Neuron, input: f32) -> bool {
    let base = if neuron.accumulate { neuron.potential } else { neuron.rest };
    let full_leak = neuron.leak == 1.0;
    neuron.potential = if full_leak { neuron.rest } else { base + (neuron.rest - base) * neuron.leak };
    if neuron.blocked > 0 {
        neuron.blocked -= 1;
        return false;
    }
    neuron.potential += input;
    let fires = neuron.potential >= neuron.threshold && neuron.excitability == 1.0;
    if !fires {
        neuron.in_a_row = false;
        return false;
    }
    neuron.potential = neuron.reset;
    neuron.blocked = neuron.refractory.into();
    if neuron.limit > 0 {
        neuron.streak = if neuron.in_a_row { neuron.streak + 1 } else { 1 };
        neuron.in_a_row = true;
        if neuron.streak >= neuron.limit {
            neuron.in_a_row = false;
            neuron.blocked += u32::from(neuron.snooze);
        }
    }
    true
}

/// What a program does; numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Op {
    AddNeurons(Vec<Neuron>),
    RemoveNeurons(Vec<u32>),
    SetThreshold(u32, f32),
    AddSynapses(Vec<Synapse>),
    RemoveSynapses(Vec<u32>),
    Weights(Vec<(u32, u8, u8)>),
    Rewire(Vec<(u32, Synapse)>),
    Inject(Vec<(u32, f32)>),
    Burst,
}

fn neuron() -> impl Strategy<Value = Neuron> {
    let quarters = |range: std::ops::Range<i8>| range.prop_map(|quarter| f32::from(quarter) / 4.0);
    let numbers = (quarters(0..6), quarters(0..5), quarters(-2..2), quarters(-3..2), 0_u16..3);
    let rare = (prop::sample::select(vec![1.0_f32, 1.0, 1.0, 0.0]), 0_u16..4, 0_u16..3, any::<bool>());
    (numbers, rare).prop_map(
        |((threshold, leak, rest, reset, refractory), (excitability, limit, snooze, accumulate))| {
            let (potential, blocked, streak, in_a_row, alive) = (rest, 0, 0, false, true);
            Neuron {
                alive,
                threshold,
                leak,
                rest,
                reset,
                refractory,
                excitability,
                limit,
                snooze,
                accumulate,
                potential,
                blocked,
                streak,
                in_a_row,
            }
        },
    )
}

fn synapse() -> impl Strategy<Value = Synapse> {
    let ends = (any::<u32>(), any::<u32>());
    (ends, any::<u8>(), any::<u8>(), 0_u8..3, prop::bool::weighted(0.9)).prop_map(
        |((source, target), weight, conductance, kind, alive)| Synapse {
            alive,
            source,
            target,
            weight,
            conductance,
            kind,
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    let id = || any::<u32>();
    let potential = (-8_i8..16).prop_map(|eighth| f32::from(eighth) / 8.0 + 0.01);
    prop_oneof![
        1 => prop::collection::vec(neuron(), 1..30).prop_map(Op::AddNeurons),
        1 => prop::collection::vec(id(), 1..3).prop_map(Op::RemoveNeurons),
        1 => (id(), 0_i8..4).prop_map(|(id, quarter)| Op::SetThreshold(id, f32::from(quarter) / 4.0)),
        3 => prop::collection::vec(synapse(), 1..400).prop_map(Op::AddSynapses),
        1 => prop::collection::vec(id(), 1..60).prop_map(Op::RemoveSynapses),
        1 => prop::collection::vec((id(), any::<u8>(), any::<u8>()), 1..20).prop_map(Op::Weights),
        1 => prop::collection::vec((id(), synapse()), 1..20).prop_map(Op::Rewire),
        4 => prop::collection::vec((id(), potential), 1..40).prop_map(Op::Inject),
        6 => Just(Op::Burst),
    ]
}

/// The oracle and an engine, which do the same.
struct Pair {
    oracle: Oracle,
    engine: BurstEngine,
}

impl Pair {
    /// A neuron that there is.
    fn living(&self, number: u32) -> Option<u32> {
        let alive: Vec<u32> =
            (0..self.oracle.neurons.len() as u32).filter(|id| self.oracle.neurons[*id as usize].alive).collect();
        (!alive.is_empty()).then(|| alive[number as usize % alive.len()])
    }

    /// A synapse that there is.
    fn connected(&self, number: u32) -> Option<u32> {
        let alive: Vec<u32> =
            (0..self.oracle.synapses.len() as u32).filter(|id| self.oracle.synapses[*id as usize].alive).collect();
        (!alive.is_empty()).then(|| alive[number as usize % alive.len()])
    }

    /// Between neurons that there are.
    fn ended(&self, synapse: &Synapse) -> Option<Synapse> {
        let (source, target) = (self.living(synapse.source)?, self.living(synapse.target)?);
        Some(Synapse { source, target, ..synapse.clone() })
    }

    fn add_neurons(&mut self, neurons: &[Neuron]) {
        let mut table = plain(neurons.len());
        for (at, neuron) in neurons.iter().enumerate() {
            table.areas[at] = at as u32;
            table.thresholds[at] = neuron.threshold;
            table.leaks[at] = neuron.leak;
            table.rests[at] = neuron.rest;
            table.resets[at] = neuron.reset;
            table.refractory[at] = neuron.refractory;
            table.excitabilities[at] = neuron.excitability;
            table.consecutive_limits[at] = neuron.limit;
            table.snoozes[at] = neuron.snooze;
            table.accumulate[at] = neuron.accumulate.into();
        }
        let ids = self.engine.add_neurons(&table.columns()).unwrap();
        assert_eq!(ids.start as usize, self.oracle.neurons.len());
        self.oracle.neurons.extend_from_slice(neurons);
    }

    fn remove_neurons(&mut self, numbers: &[u32]) {
        let mut removed = 0;
        let ids: Vec<u32> =
            numbers.iter().map(|number| number % (self.oracle.neurons.len().max(1) as u32 + 2)).collect();
        for id in &ids {
            let neuron = self.oracle.neurons.get_mut(*id as usize);
            removed += usize::from(neuron.is_some_and(|neuron| std::mem::take(&mut neuron.alive)));
            let ends = |synapse: &&mut Synapse| synapse.source == *id || synapse.target == *id;
            self.oracle.synapses.iter_mut().filter(ends).for_each(|synapse| synapse.alive = false);
        }
        assert_eq!(self.engine.remove_neurons(&ids), removed);
    }

    fn add_synapses(&mut self, synapses: &[Synapse]) {
        let synapses: Vec<Synapse> = synapses.iter().filter_map(|synapse| self.ended(synapse)).collect();
        let column = |byte: fn(&Synapse) -> u8| synapses.iter().map(byte).collect::<Vec<u8>>();
        let columns = SynapseColumns {
            sources: &synapses.iter().map(|synapse| synapse.source).collect::<Vec<_>>(),
            targets: &synapses.iter().map(|synapse| synapse.target).collect::<Vec<_>>(),
            weights: &column(|synapse| synapse.weight),
            conductances: &column(|synapse| synapse.conductance),
            types: &column(|synapse| synapse.kind),
            valid: Some(&column(|synapse| synapse.alive.into())),
        };
        self.engine.add_synapses(&columns).unwrap();
        self.oracle.synapses.extend(synapses);
    }

    fn remove_synapses(&mut self, numbers: &[u32]) {
        let ids: Vec<u32> = numbers.iter().map(|number| number % (self.oracle.synapses.len() as u32 + 3)).collect();
        let synapses = &mut self.oracle.synapses;
        let mut remove =
            |id: &&u32| synapses.get_mut(**id as usize).is_some_and(|synapse| std::mem::take(&mut synapse.alive));
        let removed = ids.iter().filter(|id| remove(id)).count();
        assert_eq!(self.engine.remove_synapses(&ids), removed);
    }

    fn weights(&mut self, changes: &[(u32, u8, u8)]) {
        let known = changes
            .iter()
            .filter_map(|(number, weight, conductance)| Some((self.connected(*number)?, *weight, *conductance)));
        let known: Vec<(u32, u8, u8)> = known.collect();
        let ids: Vec<u32> = known.iter().map(|(id, ..)| *id).collect();
        let weights: Vec<u8> = known.iter().map(|(_, weight, _)| *weight).collect();
        let conductances: Vec<u8> = known.iter().map(|(.., conductance)| *conductance).collect();
        let patch = SynapsePatch { weights: Some(&weights), ..SynapsePatch::default() };
        // Every other time both at once.
        let both = SynapsePatch { conductances: Some(&conductances), ..patch };
        let is_both = known.len().is_multiple_of(2);
        self.engine.update_synapses(&ids, if is_both { &both } else { &patch }).unwrap();
        for (id, weight, conductance) in known {
            let synapse = &mut self.oracle.synapses[id as usize];
            synapse.weight = weight;
            synapse.conductance = if is_both { conductance } else { synapse.conductance };
        }
    }

    fn rewire(&mut self, changes: &[(u32, Synapse)]) {
        let known =
            changes.iter().filter_map(|(number, synapse)| Some((self.connected(*number)?, self.ended(synapse)?)));
        let known: Vec<(u32, Synapse)> = known.collect();
        let ids: Vec<u32> = known.iter().map(|(id, _)| *id).collect();
        let sources: Vec<u32> = known.iter().map(|(_, synapse)| synapse.source).collect();
        let targets: Vec<u32> = known.iter().map(|(_, synapse)| synapse.target).collect();
        let types: Vec<u8> = known.iter().map(|(_, synapse)| synapse.kind).collect();
        let weights: Vec<u8> = known.iter().map(|(_, synapse)| synapse.weight).collect();
        let (sources, targets) = (Some(&sources[..]), Some(&targets[..]));
        let patch = SynapsePatch { sources, targets, weights: Some(&weights), types: Some(&types), conductances: None };
        self.engine.update_synapses(&ids, &patch).unwrap();
        for (id, Synapse { source, target, weight, kind, .. }) in known {
            let old = &mut self.oracle.synapses[id as usize];
            (old.source, old.target, old.weight, old.kind) = (source, target, weight, kind);
        }
    }

    fn inject(&mut self, injections: &[(u32, f32)]) {
        let known = injections.iter().filter_map(|(number, potential)| Some((self.living(*number)?, *potential)));
        let (ids, potentials): (Vec<u32>, Vec<f32>) = known.unzip();
        self.engine.inject(&ids, Potential::Each(&potentials)).unwrap();
        self.oracle.injected.extend(ids.into_iter().zip(potentials));
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::AddNeurons(neurons) => self.add_neurons(neurons),
            Op::RemoveNeurons(numbers) => self.remove_neurons(numbers),
            Op::SetThreshold(number, threshold) => {
                if let Some(id) = self.living(*number) {
                    let patch = NeuronPatch { thresholds: Some(&[*threshold]), ..NeuronPatch::default() };
                    self.engine.update_neurons(&[id], &patch).unwrap();
                    self.oracle.neurons[id as usize].threshold = *threshold;
                }
            }
            Op::AddSynapses(synapses) => self.add_synapses(synapses),
            Op::RemoveSynapses(numbers) => self.remove_synapses(numbers),
            Op::Weights(changes) => self.weights(changes),
            Op::Rewire(changes) => self.rewire(changes),
            Op::Inject(injections) => self.inject(injections),
            Op::Burst => assert_eq!(burst(&mut self.engine), self.oracle.burst()),
        }
    }

    /// That both have the same potentials and weights.
    fn compare(&self) {
        let found = bits(&self.engine);
        for (id, neuron) in self.oracle.neurons.iter().enumerate().filter(|(_, neuron)| neuron.alive) {
            assert_eq!(found[id], neuron.potential.to_bits(), "neuron {id}");
        }
        let table = self.engine.export().synapses;
        let alive = || self.oracle.synapses.iter().enumerate().filter(|(_, synapse)| synapse.alive);
        assert!(table.ids.iter().copied().eq(alive().map(|(id, _)| id as u32)));
        assert!(table.weights.iter().copied().eq(alive().map(|(_, synapse)| synapse.weight)));
        assert!(table.targets.iter().copied().eq(alive().map(|(_, synapse)| synapse.target)));
        assert_eq!(self.engine.stats().synapses, table.ids.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn fe_16_19_20_21_22_defects_2_3_6_a_burst_is_that_of_the_naive_one(
        neurons in prop::collection::vec(neuron(), 1..200),
        // About half of the programs begin with so many that they are compiled, so that what comes later lies beside rows.
        synapses in prop::collection::vec(synapse(), 700..1_600),
        ops in prop::collection::vec(op(), 1..60),
        hebb in any::<Option<(u8, u8)>>(),
        set in any::<prop::sample::Index>(),
        threads in 1_usize..5,
    ) {
        let mut engine = BurstEngine::new(BurstOptions { threads, ..BurstOptions::default() }).unwrap();
        let sets = InstructionSet::all();
        engine.set_instruction_set(sets[set.index(sets.len())]);
        if let Some((potentiation, depression)) = hebb {
            engine.use_rule(Box::new(Hebb { potentiation, depression }));
        }
        let mut pair = Pair { oracle: Oracle { hebb, ..Oracle::default() }, engine };
        pair.add_neurons(&neurons);
        pair.add_synapses(&synapses);
        pair.apply(&Op::Burst);
        for op in ops.iter().chain([&Op::Burst, &Op::Burst, &Op::Burst]) {
            pair.apply(op);
            pair.compare();
        }
    }
}
