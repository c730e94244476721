/** What the tests of pools on a bus share. */
import {
  type Bridge,
  type BusOptions,
  type FireOptions,
  type Neuron,
  type NeuronBus,
  NeuronPool,
  type PoolConfig,
} from 'neuronbus';
import { deaf, type Listener, listener, manualBus } from './helpers.js';

/** Where every neuron stands in the beginning, Q8.8. */
export const REST = -17_920;
/** Where it stands after it fired. */
export const RESET = -16_640;
/** What a weight of 1 adds to a potential, Q8.8. */
export const UNIT = 64;

/** Neurons without synapses and without homeostasis: what they do, the input alone decides. */
export function quietPool(neurons = 16, config: Partial<PoolConfig> = {}): NeuronPool {
  return NeuronPool.withRandomConnectivity('quiet', neurons, 0, { homeostasis: 0, ...config });
}

/** Ids, u16 little endian. */
export function list(...ids: number[]): Buffer {
  const bytes = Buffer.alloc(ids.length * 2);
  for (const [at, id] of ids.entries()) bytes.writeUInt16LE(id, at * 2);
  return bytes;
}

/** What a list says. */
export function ids(payload: Buffer): number[] {
  return Array.from({ length: payload.length / 2 }, (_, at) => payload.readUInt16LE(at * 2));
}

/** Registers a pool. */
export function put(bus: NeuronBus, pool: NeuronPool, bridge: Bridge, name = 'pool'): Neuron {
  return bus.registerPopulation({ name }, pool, bridge);
}

/** A pool on a bus, one who fires at it, one who hears it, and what went wrong. */
export interface Scene {
  readonly bus: NeuronBus;
  readonly pool: NeuronPool;
  readonly cell: Neuron;
  readonly sender: Neuron;
  readonly ear: Listener;
  readonly errors: unknown[];
  /** Fires at the pool without a synapse, and ticks. */
  send(payload: Buffer, options?: FireOptions): void;
  /** What the ear heard, spike by spike. */
  told(): number[][];
}

/** The ear has a synapse from the pool, the sender has none to it. */
export function scene(bridge: Bridge, pool: NeuronPool = quietPool(), options: BusOptions = {}): Scene {
  const bus = manualBus(options);
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const sender = deaf(bus, 'sender');
  const cell = put(bus, pool, bridge);
  const ear = listener(bus, 'ear');
  bus.connect(cell, ear.neuron, { weight: 1, stdp: false });
  const send = (payload: Buffer, how: FireOptions = {}): void => {
    sender.fire(cell, payload, { direct: true, ...how });
    bus.tick();
  };
  return { bus, pool, cell, sender, ear, errors, send, told: () => ear.heard.map(({ payload }) => ids(payload)) };
}

/** Who fired in the last tick of the pool. */
export function fired(pool: NeuronPool): number[] {
  return [...pool.fired()];
}
