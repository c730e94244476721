/** What a bare axon refuses (NB-2, NB-12). */
import { Axon } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, construct, pattern, refuses } from './helpers.js';

/** Frames whose sequence counts from `first`, whose payload can be checked. */
function frames(count: number, first = 0): Buffer {
  const bytes = Buffer.alloc(count * 64);
  for (let i = 0; i < count; i++) {
    bytes.writeUInt32LE(first + i, i * 64 + 8);
    bytes[i * 64 + 16] = 47 << 2;
    for (let word = 0; word < 11; word++) bytes.writeUInt32LE((first + i) ^ (word * 0x9e37), i * 64 + 18 + word * 4);
  }
  return bytes;
}

test('NB-12 capacity must be a power of two: 0, 1, 3 and 100 are refused, 2 is the least', () => {
  for (const slots of [0, 1, 3, 100, -8, 2.5, Number.NaN, Infinity]) {
    const error = refuses('E_OUT_OF_RANGE', () => new Axon({ slots }));
    expect(error.message).toContain(String(slots));
    expect(error.message).toMatch(/power/);
  }
  new Axon({ slots: 2 }).close();
  expect(new Axon().slots).toBe(1_024);
});

test('Life: after axon.close() publish, tryPublish, publishBatch and reader throw E_CLOSED; close works twice', () => {
  const axon = new Axon({ slots: 8 });
  axon.close();
  axon.close();
  refuses('E_CLOSED', () => axon.publish({}));
  refuses('E_CLOSED', () => axon.tryPublish({}));
  refuses('E_CLOSED', () => axon.publishBatch(frames(1)));
  refuses('E_CLOSED', () => axon.reader());
});

test('Readers: a bare Axon has no arena: payloads over 46 bytes and records that claim an ArenaRef are refused', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  axon.publish({ payload: pattern(46) });
  refuses('E_OUT_OF_RANGE', () => axon.publish({ payload: pattern(47) }));
  refuses('E_OUT_OF_RANGE', () => axon.publish({ payload: 'ä'.repeat(24) }));
  const claim = Buffer.alloc(64);
  claim[16] = 63 << 2;
  claim[18] = 0xa0;
  refuses('E_OUT_OF_RANGE', () => axon.publish(claim));
  refuses('E_OUT_OF_RANGE', () => axon.publishBatch(claim));
  expect(reader.poll().length).toBe(1);
});

test.each<[string, unknown, 'E_OUT_OF_RANGE' | 'E_UNKNOWN_OPTION']>([
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a number', 8, 'E_OUT_OF_RANGE'],
  ['slots as a string', { slots: '8' }, 'E_OUT_OF_RANGE'],
  ['slots null', { slots: null }, 'E_OUT_OF_RANGE'],
  ['slots a BigInt', { slots: 8n }, 'E_OUT_OF_RANGE'],
  ['slots 2^25', { slots: 2 ** 25 }, 'E_OUT_OF_RANGE'],
  ['shared a number', { shared: 1 }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { slots: 8, size: 8 }, 'E_UNKNOWN_OPTION'],
])('Life: new Axon refuses %s', (_, options, code) => {
  expect(refuses(code, () => construct(Axon, options)).message).toMatch(/allowed/);
});

test.each<[string, unknown, 'E_OUT_OF_RANGE' | 'E_UNKNOWN_OPTION']>([
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a string', 'spike', 'E_OUT_OF_RANGE'],
  ['timestampNs a number', { timestampNs: 1 }, 'E_OUT_OF_RANGE'],
  ['timestampNs −1', { timestampNs: -1n }, 'E_OUT_OF_RANGE'],
  ['timestampNs 2^64', { timestampNs: 2n ** 64n }, 'E_OUT_OF_RANGE'],
  ['sequence 2^32', { sequence: 2 ** 32 }, 'E_OUT_OF_RANGE'],
  ['sequence 0.5', { sequence: 0.5 }, 'E_OUT_OF_RANGE'],
  ['source −1', { source: -1 }, 'E_OUT_OF_RANGE'],
  ['source 65,536', { source: 65_536 }, 'E_OUT_OF_RANGE'],
  ['target 65,536', { target: 65_536 }, 'E_OUT_OF_RANGE'],
  ['priority 256', { priority: 256 }, 'E_OUT_OF_RANGE'],
  ['priority −1', { priority: -1 }, 'E_OUT_OF_RANGE'],
  ['priority NaN', { priority: Number.NaN }, 'E_OUT_OF_RANGE'],
  ['kind 1', { kind: 1 }, 'E_OUT_OF_RANGE'],
  ['kind null', { kind: null }, 'E_OUT_OF_RANGE'],
  ['payload a function', { payload: () => 1 }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { from: 1 }, 'E_UNKNOWN_OPTION'],
])('Spikes: publish refuses %s, and publishes nothing', (_, spike, code) => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  refuses(code, () => call(axon, 'publish', spike));
  refuses(code, () => call(axon, 'tryPublish', spike));
  expect(reader.poll().length).toBe(0);
});

test('Readers: options are refused: null, a wrong mode, an unknown key', () => {
  using axon = new Axon({ slots: 8 });
  for (const options of [null, 'lossy', { mode: 'fast' }, { mode: null }])
    refuses('E_OUT_OF_RANGE', () => call(axon, 'reader', options));
  refuses('E_UNKNOWN_OPTION', () => call(axon, 'reader', { kind: 'lossy' }));
  axon.reader({ mode: undefined }).close();
});

test.each(['publish', 'tryPublish'])('%s without a spike is refused, as null is', (verb) => {
  using axon = new Axon({ slots: 2 });
  using reader = axon.reader();
  for (const args of [[], [undefined], [null]]) refuses('E_OUT_OF_RANGE', () => call(axon, verb, ...args));
  expect(reader.poll().length).toBe(0);
});
