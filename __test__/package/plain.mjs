// A user's plain JavaScript, as an ES module: run by scripts/check-package.mjs in a project that has installed the packages.
import assert from 'node:assert/strict';
import { NeuronBus, NeuronBusError, SynapticPropagationEngine } from 'neuronbus';
import golden from './golden.cjs';

const bus = new NeuronBus();
const heard = [];
const sender = bus.register({ name: 'sender' });
const receiver = bus.register({ name: 'receiver' }, { onSpike: (spike) => heard.push(spike.text()) });
bus.connect(sender, receiver, { weight: 0.8 });
sender.fire(receiver, 'hello');
bus.tick(2);
assert.deepEqual(heard, ['hello']);
await bus.close();
assert.throws(() => bus.tick(), NeuronBusError);

golden(SynapticPropagationEngine);
