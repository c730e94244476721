/** One start of a bus with 1,024 neurons in a fresh process; prints what it took as JSON. */
import { readFileSync } from 'node:fs';

const NEURONS = 1_024;
const KB_PER_MB = 1_024;

/** Memory of this process, MB; virtual memory is known on Linux only. */
function memory(): { resident: number; virtual: number } {
  globalThis.gc?.();
  const resident = process.memoryUsage.rss() / 2 ** 20;
  if (process.platform !== 'linux') return { resident, virtual: Number.NaN };
  const status = readFileSync('/proc/self/status', 'utf8');
  const size = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / KB_PER_MB;
  return { resident: size('VmRSS'), virtual: size('VmSize') };
}

const before = memory();
const { NeuronBus } = await import('neuronbus');

const begun = performance.now();
const bus = new NeuronBus({ maxNeurons: NEURONS });
let delivered = 0;
const neurons = Array.from({ length: NEURONS }, (_, at) =>
  bus.register({ name: `neuron-${at}` }, { onSpike: () => void delivered++ }),
);
bus.start();
const ms = performance.now() - begun;

const after = memory();
const [first, last] = [neurons.at(0), neurons.at(-1)];
if (first === undefined || last === undefined) throw new Error('no neurons');
first.fire(last, 'up', { direct: true });
await bus.drain();
if (delivered !== 1) throw new Error(`${delivered} spikes were delivered instead of 1`);
await bus.close();
const [residentMb, virtualMb] = [after.resident - before.resident, after.virtual - before.virtual];
process.stdout.write(JSON.stringify({ ms, residentMb, virtualMb }));
