/** Programs with engines of bursts. `node burst-programs.mjs NAME`: each prints one JSON object per line. */
import { BurstEngine } from 'neuronbus';

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** One neuron that fires itself for ever, started. */
function started() {
  const engine = new BurstEngine({ rateHz: 1_000 });
  const one = Uint32Array.of(0);
  const [full, type] = [Uint8Array.of(255), Uint8Array.of(0)];
  engine.addNeurons({ thresholds: Float32Array.of(1) });
  engine.addSynapses({ sources: one, targets: one, weights: full, conductances: full, types: type });
  engine.inject(one, 1);
  engine.start();
  return engine;
}

const programs = {
  /** Forgets stop(), while the program has something else to do for a moment. */
  forgets() {
    const engine = started();
    setTimeout(() => {}, 60);
    process.on('exit', (code) => {
      const { bursts, firings } = engine.stats();
      say({ code, ran: bursts > 5 && firings === bursts });
    });
  },

  /** A rule throws, and nobody listens. */
  unheard() {
    const engine = started();
    engine.use({
      name: 'throws',
      update: () => {
        throw new Error('from a rule');
      },
    });
    setTimeout(() => {}, 5_000);
  },
};

programs[process.argv[2]]();
