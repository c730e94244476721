/** NB-34: what nobody needs fades, is pruned, and carries nothing more. */
import type { Synapse } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, manualBus } from './helpers.js';

/** Numbers in [0, 1) that look random, and are the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([1, 2, 3])(
  'NB-34 a path without a cause fades, is pruned by itself, is told of, and carries nothing (seed %d)',
  (seed) => {
    const bus = manualBus({ prune: { everyTicks: 10 } });
    const [cause, noise] = [deaf(bus, 'cause'), deaf(bus, 'noise')];
    const heard: number[] = [];
    const post = bus.register(
      { name: 'post', membrane: { threshold: 0.45, leak: 0.5, refractoryTicks: 0 } },
      { onSpike: (spike) => heard.push(spike.source) },
    );
    const stdp = { aPlus: 0.05, aMinus: 0.06 };
    const good = bus.connect(cause, post, { weight: 1, stdp });
    bus.connect(noise, post, { weight: 0.3, stdp: { ...stdp, wMax: 0.4 } });
    const pruned: Synapse[] = [];
    bus.on('prune', (synapse) => pruned.push(synapse));
    const chance = random(seed);
    for (let ms = 0; ms < 20_000 && pruned.length === 0; ms++) {
      bus.advance(1);
      if (chance() < 0.05) cause.fire(post, 'x');
      if (chance() < 0.05) noise.fire(post, 'y');
      bus.tick();
    }
    expect(pruned.map(({ pre, post: to }) => [pre, to])).toEqual([[noise.id, post.id]]);
    expect(pruned[0]?.weight).toBeLessThanOrEqual(0.01);
    expect(bus.synapse(noise, post)).toBeUndefined();
    expect(good.weight).toBeGreaterThan(0.5);
    heard.length = 0;
    noise.fire(post, 'nobody hears this');
    noise.broadcast('nor this');
    cause.fire(post, 'this they do');
    bus.tick();
    expect(heard).toEqual([cause.id]);
    expect(bus.stats().dropped).toMatchObject({ notConnected: 1, noSynapse: 1 });
  },
);
