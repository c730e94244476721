/**
 * Measures how long spikes take from `fire` to their handler. Memory does not grow with their number.
 * Imports: `neuronbus`.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { NeuronBus, Spike } from 'neuronbus';

/** Times from fire to handler, ns. */
export interface LatencyReport {
  readonly p50: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly max: number;
}

/** The latencies of one bus. */
export class Latency {
  readonly #bus: NeuronBus;
  readonly #times: RecordableHistogram = createHistogram();

  constructor(bus: NeuronBus) {
    this.#bus = bus;
  }

  /** To be called first thing in a handler. */
  note(spike: Spike): void {
    const elapsed = this.#bus.nowNs - spike.timestampNs;
    this.#times.record(elapsed > 0n ? elapsed : 1n);
  }

  /** What was measured; zeros if nothing was. */
  report(): LatencyReport {
    const times = this.#times;
    if (times.count === 0) return { p50: 0, p99: 0, 'p99.9': 0, max: 0 };
    return { p50: times.percentile(50), p99: times.percentile(99), 'p99.9': times.percentile(99.9), max: times.max };
  }
}
