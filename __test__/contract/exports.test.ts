/** What the package exports, and what it must not have yet. */
import * as api from 'neuronbus';
import {
  Axon,
  NeuronBus,
  NeuronBusError,
  OutOfRangeError,
  ReentrantError,
  StateError,
  UnknownOptionError,
} from 'neuronbus';
import { expect, test } from 'vitest';
import { manualBus, refuses } from './helpers.js';

test('everything is exported by name, and nothing by default', () => {
  expect(Object.keys(api)).toEqual(expect.arrayContaining(['NeuronBus', 'Axon', 'NeuronBusError']));
  expect(Object.keys(api)).not.toContain('default');
});

test.each(['ask', 'explain', 'share', 'listen', 'save'])('NeuronBus has no method %s yet', (name) => {
  expect(Reflect.has(NeuronBus.prototype, name)).toBe(false);
});

test('no static attach and load, no shared axons, no networks yet', () => {
  for (const name of ['attach', 'load']) expect(Reflect.has(NeuronBus, name)).toBe(false);
  expect(Reflect.has(Axon, 'attach') || Reflect.has(Axon.prototype, 'share')).toBe(false);
  for (const name of ['Network']) expect(Object.keys(api)).not.toContain(name);
  refuses('E_UNKNOWN_OPTION', () => Reflect.apply(bus().register, bus(), [{ name: 'a' }, { onAsk: () => 'x' }]));
});

const bus = (): NeuronBus => manualBus();

test('errors: one type with code and detail, a subclass per family, names that tell', () => {
  const error = refuses('E_OUT_OF_RANGE', () => new Axon({ slots: 3 }));
  expect(error).toBeInstanceOf(OutOfRangeError);
  expect(error).toBeInstanceOf(NeuronBusError);
  expect(error.name).toBe('OutOfRangeError');
  expect(String(error)).toContain('3');
  expect(error.stack).toContain('exports.test.ts');
  const unknown = refuses('E_UNKNOWN_OPTION', () => Reflect.construct(Axon, [{ slot: 4 }]));
  expect(unknown).toBeInstanceOf(UnknownOptionError);
  const state = refuses('E_STATE', () => new NeuronBus({ arenaBytes: 2 ** 16 }).advance(1));
  expect(state).toBeInstanceOf(StateError);
  expect(ReentrantError.prototype).toBeInstanceOf(NeuronBusError);
});

test('an error is cloned by structuredClone as an Error with its message', () => {
  const error = refuses('E_OUT_OF_RANGE', () => new Axon({ slots: 3 }));
  expect(structuredClone(error).message).toBe(error.message);
});
