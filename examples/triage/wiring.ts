/**
 * Connects agents by where they live, not by who they are: whoever registers in a region is wired like its neighbours.
 * Imports: `neuronbus`.
 */
import type { NeuronBus, Synapse } from 'neuronbus';

/** From region, to region. A region stands for all below it. */
const WIRES: readonly (readonly [from: string, to: string])[] = [
  ['triage/walk', 'triage/classify'],
  ['triage/classify', 'triage/walk'],
  ['triage/walk', 'triage/parse'],
  ['triage/walk', 'triage/sum'],
  ['triage/parse', 'triage/sum'],
];

/** A synapse, by the names of its ends. */
export interface Wire {
  readonly pre: string;
  readonly post: string;
  readonly synapse: Synapse;
  /** Its weight when it was made. */
  readonly before: number;
}

/** Makes all synapses. */
export function wire(bus: NeuronBus): Wire[] {
  return WIRES.flatMap(([from, to]) => {
    const posts = bus.discover({ region: to });
    return bus.discover({ region: from }).flatMap((pre) => posts.map((post) => connect(bus, pre, post)));
  });
}

type End = { readonly id: number; readonly name: string };

function connect(bus: NeuronBus, pre: End, post: End): Wire {
  const synapse = bus.connect(pre.id, post.id);
  return { pre: pre.name, post: post.name, synapse, before: synapse.weight };
}
