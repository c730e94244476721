/** A worker thread with a bus under traffic. What it does at the end is in `workerData`. */
import { parentPort, workerData } from 'node:worker_threads';
import { NeuronBus } from 'neuronbus';

const { ending, tickMs = 0 } = workerData;
const bus = new NeuronBus({ arenaBytes: 2 ** 18, axonSlots: 64, tickMs });
const neurons = Array.from({ length: 8 }, (_, i) =>
  bus.register(
    { name: `n${i}`, membrane: { threshold: 2, refractoryTicks: 1 } },
    {
      onSpike: (spike, self) => {
        self.tryFire((spike.source + 3) % 8, spike.payload, { direct: true });
        if (++heard === 300) report();
      },
    },
  ),
);
let heard = 0;
for (const neuron of neurons) {
  bus.connect(neuron, (neuron.id + 1) % 8, { weight: 0.9 });
  neuron.reader({ mode: 'lossy' });
  for (let i = 0; i < 20; i++) neuron.fire(i % 8, 'x'.repeat(i * 5), { direct: true });
}
// From close() on fire throws E_CLOSED, also in handlers.
if (ending === 'close') bus.on('error', () => {});
bus.start();

function report() {
  parentPort.postMessage('busy');
  if (ending === 'exit') process.exit();
  if (ending === 'throw') throw new Error('in a handler of a worker');
  if (ending === 'close') bus.close().then(() => parentPort.postMessage(bus.stats()));
  if (ending === 'dispose') bus[Symbol.dispose]();
}
