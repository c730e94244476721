/** What the bus tests share. */
import { type BusStats, type Neuron, NeuronBus, NeuronBusError, type Spike } from 'neuronbus';
import { expect } from 'vitest';

/** A membrane that never fires. */
export const CALM = { threshold: 1e30 };

/** A bus driven by hand, on a manual clock, small. */
export function manualBus(options: ConstructorParameters<typeof NeuronBus>[0] = {}): NeuronBus {
  return new NeuronBus({ clock: 'manual', arenaBytes: 2 ** 20, maxNeurons: 64, ...options });
}

/** A neuron that keeps copies of what it gets. */
export interface Keeper {
  readonly neuron: Neuron;
  readonly got: Spike[];
}

/** Registers a neuron that keeps copies of what it gets. */
export function keeper(bus: NeuronBus, name = 'keeper'): Keeper {
  const got: Spike[] = [];
  const neuron = bus.register({ name, membrane: CALM }, { onSpike: (spike) => void got.push(spike.copy()) });
  return { neuron, got };
}

/** The payloads as text. */
export function texts(spikes: readonly Spike[]): string[] {
  return spikes.map((spike) => spike.text());
}

/** Asserts that every spike is accounted for. */
export function expectBalance(stats: BusStats): void {
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  expect(stats.delivered + stats.refused + dropped + stats.inFlight).toBe(stats.fired);
  for (const count of [stats.delivered, stats.refused, stats.inFlight, ...Object.values(stats.dropped)]) {
    expect(count).toBeGreaterThanOrEqual(0);
  }
}

/** The code of what a call throws; `'none'` if it does not throw. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    return error instanceof NeuronBusError ? error.code : `foreign: ${String(error)}`;
  }
}

/** The code that a promise rejects with; `'none'` if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof NeuronBusError ? error.code : `foreign: ${String(error)}`;
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
