// A user's plain JavaScript, through `require`: run by scripts/check-package.mjs in a project that has installed the packages.
const assert = require('node:assert/strict');
const { NeuronBus, SynapticPropagationEngine } = require('neuronbus');
const golden = require('./golden.cjs');

const bus = new NeuronBus();
const heard = [];
const sender = bus.register({ name: 'sender' });
const receiver = bus.register({ name: 'receiver' }, { onSpike: (spike) => heard.push(spike.text()) });
bus.connect(sender, receiver, { weight: 0.8 });
sender.fire(receiver, 'hello');
bus.tick(2);
assert.deepEqual(heard, ['hello']);
bus.close().then(() => assert.throws(() => bus.tick()));

golden(SynapticPropagationEngine);
