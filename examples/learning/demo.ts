/**
 * The learning demo of the reference (NP-26): 32 neurons are shown the same input over and over, a little dopamine follows each
 * answer, and synapses that lost all their steps are removed. Imports: `neuronbus`.
 */
import { NeuronPool, type PoolConfig, type PoolStats } from 'neuronbus';

const NEURONS = 32;
const DENSITY = 0.25;
const TICKS = 40;
export const EPOCHS = 200;
const PRUNE_EVERY = 10;
const CONFIG: Partial<PoolConfig> = {
  stdpPositive: 30,
  stdpNegative: -15,
  traceDecay: 240,
  homeostasis: 2,
  maxSynapses: 32,
  maxDelay: 3,
};
/** What is driven, how strongly (Q8.8), and what is read. */
const [INPUTS, CURRENT, OUTPUTS] = [8, 10_000, [24, 32]] as const;
const REWARD = { dopamine: 135, cortisol: 30, acetylcholine: 100 };

/** What a run of the demo was. */
export interface Learned {
  readonly before: PoolStats;
  readonly after: PoolStats;
  /** Spikes of the outputs in a presentation: before the first epoch, in each, and after the last. */
  readonly outputs: readonly number[];
  /** Synapses after each epoch. */
  readonly synapses: readonly number[];
}

/** Runs it once, to the end. */
export function learn(config: Partial<PoolConfig>): Learned {
  const pool = NeuronPool.withRandomConnectivity('demo', NEURONS, DENSITY, { ...CONFIG, ...config });
  const before = pool.stats();
  const [outputs, synapses] = [[present(pool)], [before.synapses]];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const output = present(pool);
    if (output > 0) pool.applyModulation(REWARD);
    if (epoch % PRUNE_EVERY === 0) pool.pruneDead();
    outputs.push(output);
    synapses.push(pool.stats().synapses);
  }
  outputs.push(present(pool));
  return { before, after: pool.stats(), outputs, synapses };
}

/** From rest, with steady input; the spikes of the outputs. */
function present(pool: NeuronPool): number {
  pool.membrane.fill(pool.config.rest);
  pool.refractory.fill(0);
  const input = new Int16Array(NEURONS).fill(CURRENT, 0, INPUTS);
  let spikes = 0;
  for (let tick = 0; tick < TICKS; tick++) {
    pool.tick(input);
    spikes += pool.fired(OUTPUTS).length;
  }
  return spikes;
}
