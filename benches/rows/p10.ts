/** P10: what a started bus with nothing to do takes of a core. */
import { NeuronBus } from 'neuronbus';
import { type Bench, main } from '../lib/measure.js';

/** How long it is watched, ms. */
const WATCHED_MS = { full: 3_000, quick: 1_000 };
/** How long it may come to rest, ms. */
const REST_MS = 300;

async function share(ms: number): Promise<number> {
  const bus = new NeuronBus();
  let delivered = 0;
  const receiver = bus.register({ name: 'receiver' }, { onSpike: () => void delivered++ });
  const sender = bus.register({ name: 'sender' });
  bus.connect(sender, receiver);
  bus.start();
  sender.fire(receiver, 'awake');
  await bus.drain();
  if (delivered !== 1) throw new Error(`${delivered} spikes were delivered instead of 1`);
  await pause(REST_MS);
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await pause(ms);
  const { user, system } = process.cpuUsage(before);
  const percent = (user + system) / ((performance.now() - begun) * 10);
  await bus.close();
  return percent;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

await main(
  (quick): Bench => ({
    verdicts: [{ id: 'P10', what: 'idle started bus, share of a core', aim: 1 }],
    unit: '%',
    better: 'lower',
    topology: `process.cpuUsage of Node ${process.versions.node} with one started bus`,
    ours: { name: 'neuronbus', figure: () => share(quick ? WATCHED_MS.quick : WATCHED_MS.full) },
  }),
);
