/** The checks, the errors, and the codec, each alone. */
import fc from 'fast-check';
import * as neuronbus from 'neuronbus';
import { NeuronBusError } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, failure, guarded, translate } from '../dist/errors/index.js';
import { decodeFailure, SPIKE } from '../dist/native/index.js';
import {
  checkFrames,
  clearTail,
  frameOf,
  inArena,
  inlineTag,
  KINDS,
  SpikeRegion,
  writeAscii,
  writeBytes,
} from '../dist/spike/index.js';
import { FilterBook } from '../dist/synapse/index.js';
import {
  finite,
  flag,
  integer,
  list,
  oneOf,
  option,
  optional,
  parse,
  positive,
  powerOfTwo,
  quote,
  span,
  text,
  typeName,
  word,
} from '../dist/units/index.js';
import { codeOf } from './helpers/bus.js';

describe('the public door', () => {
  it('exports these names and no others', () => {
    expect(Object.keys(neuronbus).sort()).toEqual([
      'Arena',
      'Axon',
      'AxonReader',
      'BackPressureError',
      'BurstEngine',
      'BusyError',
      'ClosedError',
      'CorruptError',
      'IoError',
      'Lease',
      'Neuron',
      'NeuronBus',
      'NeuronBusError',
      'NeuronPool',
      'NotConnectedError',
      'OutOfRangeError',
      'OutOfSpaceError',
      'PanicError',
      'Propagation',
      'ReentrantError',
      'SpikeBatch',
      'StaleRefError',
      'StateError',
      'Synapse',
      'SynapticPropagationEngine',
      'UnknownFilterError',
      'UnknownNeuronError',
      'UnknownOptionError',
      'hebb',
    ]);
  });

  it('advertises nothing that is not there yet', () => {
    const members = [neuronbus.NeuronBus, neuronbus.Axon, neuronbus.Neuron].flatMap(({ prototype }) =>
      Object.getOwnPropertyNames(prototype),
    );
    for (const later of ['ask', 'explain', 'share', 'listen', 'attach', 'save', 'load'])
      expect(members).not.toContain(later);
  });
});

describe('checks', () => {
  it('integer', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const taken = codeOf(() => integer(-3, 7)(value, 'x')) === 'none';
        expect(taken).toBe(typeof value === 'number' && Number.isInteger(value) && value >= -3 && value <= 7);
      }),
    );
    expect([-3, 0, 7].map((value) => integer(-3, 7)(value, 'x'))).toEqual([-3, 0, 7]);
  });

  it('powerOfTwo', () => {
    for (let value = 0; value <= 70; value++) {
      const taken = codeOf(() => powerOfTwo(2, 64)(value, 'x')) === 'none';
      expect(taken).toBe([2, 4, 8, 16, 32, 64].includes(value));
    }
  });

  it.each<[string, (value: unknown, name: string) => unknown, unknown[], unknown[]]>([
    ['finite', finite(0, 1), [0, 0.5, 1], [-0.1, 1.1, NaN, Infinity, '0', null]],
    ['finite without bounds', finite(), [-1e30, 0, 3.4e38], [3.5e38, -Infinity, NaN]],
    ['positive', positive, [1e-30, 5], [0, -1, NaN, Infinity, 1e39, '1']],
    ['span', span(0), [0, 5, Infinity], [-1, NaN, '1', null]],
    ['span above', span(0, true), [0.1, Infinity], [0, -1, NaN]],
    ['flag', flag, [true, false], [0, 1, 'true', null]],
    ['text', text, ['', 'x'], [1, null, undefined, {}]],
    ['word', word, ['x'], ['', 1, null]],
    ['oneOf', oneOf('a', 'b'), ['a', 'b'], ['c', '', 1, null, 'A']],
    ['list', list(flag), [[], [true]], [[1], 'x', null, {}]],
  ])('%s', (_, check, good, bad) => {
    for (const value of good) expect(codeOf(() => check(value, 'x'))).toBe('none');
    for (const value of bad) expect(codeOf(() => check(value, 'x'))).toBe('E_OUT_OF_RANGE');
  });

  it('parse reads each property once and gives defaults', () => {
    let reads = 0;
    const table = { a: option(integer(0, 9), 4), b: optional(text) };
    const input = {
      get a() {
        return ++reads;
      },
    };
    expect(parse('X', input, table)).toEqual({ a: 1, b: undefined });
    expect(reads).toBe(1);
    expect(parse('X', undefined, table)).toEqual({ a: 4, b: undefined });
    expect(codeOf(() => parse('X', { c: undefined }, table))).toBe('E_UNKNOWN_OPTION');
    expect(codeOf(() => parse('X', Object.create({ inherited: 1 }), table))).toBe('E_UNKNOWN_OPTION');
  });

  it('quote says what a program would write', () => {
    const symbol = Symbol('s');
    const values: [unknown, string, string][] = [
      [null, 'null', 'null'],
      [undefined, 'undefined', 'undefined'],
      ['a"b', '"a\\"b"', 'string'],
      [5n, '5n', 'bigint'],
      [-0, '-0', 'number'],
      [NaN, 'NaN', 'number'],
      [[1], 'array', 'array'],
      [{}, 'object', 'object'],
      [symbol, 'symbol', 'symbol'],
      [() => 1, 'function', 'function'],
      [true, 'true', 'boolean'],
    ];
    for (const [value, quoted, type] of values) expect([quote(value), typeName(value)]).toEqual([quoted, type]);
    expect(quote('x'.repeat(500)).length).toBeLessThan(70);
  });
});

describe('errors', () => {
  it('each code has its family, a name, and is an error of the package', () => {
    for (const code of ERROR_CODES) {
      const error = failure(code, 'why', { at: 1 }, 'cause');
      expect(error).toBeInstanceOf(NeuronBusError);
      expect(error).toMatchObject({
        code,
        message: 'why',
        detail: { at: 1 },
        cause: 'cause',
        name: error.constructor.name,
      });
      expect(error.constructor).not.toBe(NeuronBusError);
    }
  });

  it('of the addon are translated, others pass', () => {
    const native = Object.assign(new Error('no room'), { code: 'E_OUT_OF_SPACE', detail: { requested: 5 } });
    const error = translate(native);
    expect(error).toBeInstanceOf(neuronbus.OutOfSpaceError);
    expect(error).toMatchObject({ message: 'no room', detail: { requested: 5 }, cause: native });
    const foreign = new TypeError('x');
    expect(translate(foreign)).toBe(foreign);
    expect(() =>
      guarded(() => {
        throw foreign;
      }),
    ).toThrow(foreign);
    expect(guarded(() => 5)).toBe(5);
  });

  it('of the addon with a code that is not known become E_PANIC, and keep it', () => {
    const error = translate(Object.assign(new Error('odd'), { code: 'E_ODD', detail: {} }));
    expect(error).toMatchObject({ code: 'E_PANIC', detail: { code: 'E_ODD' } });
  });

  it.each([
    new Error('x'),
    Object.assign(new Error('x'), { code: 5, detail: {} }),
    Object.assign(new Error('x'), { code: 'ENOENT', detail: {} }),
    { code: 'E_X', detail: {} },
    null,
  ])('%s is not of the addon', (error) => {
    expect(decodeFailure(error)).toBeUndefined();
  });
});

describe('the codec', () => {
  it('tags say kind and length', () => {
    for (const [code, kind] of KINDS.entries()) {
      for (let length = 0; length <= 46; length++) {
        const tag = inlineTag(code, length);
        expect([KINDS[tag & 3], (tag >> 2) - 1, inArena(tag)]).toEqual([kind, length, false]);
      }
    }
  });

  it('NB-2 of all 256 tags a bare ring takes these', () => {
    const frame = new Uint8Array(64);
    const taken = Array.from({ length: 256 }, (_, tag) => tag).filter((tag) => {
      frame[SPIKE.tag] = tag;
      return codeOf(() => checkFrames(frame, 1)) === 'none';
    });
    const expected = Array.from({ length: 256 }, (_, tag) => tag).filter((tag) => {
      const [kind, length] = [tag & 3, tag >> 2];
      if (kind === 3 || length > 47) return false;
      return length === 0 || kind !== 2 || length === 4;
    });
    expect(taken).toEqual(expected);
  });

  it('NB-6 a frame of any fields reads back as they are', () => {
    const region = new SpikeRegion(new ArrayBuffer(64), 0, 1, undefined);
    const fields = fc.record({
      timestampNs: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      sequence: fc.nat({ max: 2 ** 31 - 1 }),
      source: fc.nat({ max: 65_534 }),
      target: fc.nat({ max: 65_535 }),
      kind: fc.constantFrom('excitatory' as const, 'inhibitory' as const),
      priority: fc.nat({ max: 255 }),
      payload: fc.uint8Array({ maxLength: 46 }),
    });
    fc.assert(
      fc.property(fields, (init) => {
        region.bytes.set(frameOf(init));
        const view = region.view(0);
        const { timestampNs, sequence, source, target, kind, priority } = view;
        expect({
          timestampNs,
          sequence,
          source,
          target,
          kind,
          priority,
          payload: Uint8Array.from(view.payload),
        }).toEqual({ ...init, payload: Uint8Array.from(init.payload) });
        expect(view.bytes.equals(Buffer.from(frameOf(init)))).toBe(true);
      }),
    );
  });

  it('text is written where it is ASCII, and only then', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 46 }), fc.nat({ max: 18 }), (string, at) => {
        const target = new Uint8Array(64);
        const ascii = Buffer.byteLength(string) === string.length;
        expect(writeAscii(target, at, string)).toBe(ascii);
        if (ascii) expect(Buffer.from(target.subarray(at, at + string.length)).toString('latin1')).toBe(string);
      }),
    );
  });

  it('bytes are written whole, by loop or by call', () => {
    for (let length = 0; length <= 46; length++) {
      const target = new Uint8Array(64);
      const source = Uint8Array.from({ length }, (_, i) => i + 1);
      writeBytes(target, 18, source, length);
      expect([...target]).toEqual([...new Uint8Array(18), ...source, ...new Uint8Array(46 - length)]);
    }
  });

  it('the tail of a slot is cleared past any payload, and nothing before its tag', () => {
    for (let kept = 0; kept <= 46; kept++) {
      const region = new SpikeRegion(new ArrayBuffer(192), 0, 3, undefined);
      region.bytes.fill(0xff);
      clearTail(region, 64, kept);
      const slot = region.bytes.subarray(64, 128);
      expect([...slot.subarray(18 + kept)].every((byte) => byte === 0)).toBe(true);
      expect([...slot.subarray(0, 16)].every((byte) => byte === 0xff)).toBe(true);
      expect([region.bytes[63], region.bytes[128]]).toEqual([0xff, 0xff]);
    }
  });

  it('views are one per place, also in regions longer than the cache', () => {
    const region = new SpikeRegion(new SharedArrayBuffer(64 * 131_072), 0, 131_072, undefined);
    const [near, far] = [region.view(5), region.view(5 + 65_536)];
    expect([near.slot, far.slot]).toEqual([5, 65_541]);
    expect(region.view(5 + 65_536)).toBe(far);
    expect(region.view(5).slot).toBe(5);
  });

  it('an arena payload without an arena is empty', () => {
    const region = new SpikeRegion(new ArrayBuffer(64), 0, 1, undefined);
    region.bytes[SPIKE.tag] = SPIKE.lengthArena << SPIKE.lengthShift;
    expect([region.view(0).payload.length, region.view(0).text()]).toEqual([0, '']);
    expect(codeOf(() => region.view(0).json())).toMatch(/^foreign: SyntaxError/);
  });
});

describe('the book of filters', () => {
  it('keeps what was given, per pair, until it is forgotten', () => {
    const book = new FilterBook();
    book.register('f', () => false);
    expect(book.idle).toBe(true);
    book.set(1, 65_534, [{ type: 'custom', name: 'f' }], 0, 0);
    book.set(65_534, 1, [{ type: 'priority', min: 1 }], 0, 0);
    expect([book.idle, book.has(1, 65_534), book.has(65_534, 1), book.has(1, 1)]).toEqual([false, true, true, false]);
    book.leave(1);
    expect([book.idle, book.leaving, book.has(1, 65_534), book.has(65_534, 1)]).toEqual([false, true, true, false]);
    book.arrive(2);
    expect(book.leaving).toBe(true);
    book.arrive(1);
    expect([book.idle, book.leaving, book.has(1, 65_534)]).toEqual([true, false, false]);
  });

  it('asks of each spike what its synapse asked when it was routed, and both where nobody can tell', () => {
    const book = new FilterBook();
    const asked: string[] = [];
    for (const name of ['old', 'new']) book.register(name, () => asked.push(name) > 0);
    book.set(1, 2, [{ type: 'custom', name: 'old' }], 10, 10);
    book.set(1, 2, [{ type: 'custom', name: 'new' }], 20, 22);
    book.forget(1, 2, 30);
    expect(book.has(1, 2)).toBe(false);
    const spike = Object.create(null);
    const at = (position: number): string => {
      asked.length = 0;
      expect(book.passes(1, 2, spike, position)).toBe(true);
      return asked.join();
    };
    const all = [9, 10, 19, 20, 21, 22, 29, 30];
    expect(all.map(at)).toEqual(['', 'old', 'old', 'old,new', 'old,new', 'new', 'new', '']);
    book.sweep(21);
    expect([book.idle, at(21)]).toEqual([false, 'old,new']);
    book.sweep(22);
    expect([book.idle, at(21), at(29)]).toEqual([false, 'new', 'new']);
    book.sweep(30);
    expect([book.idle, at(29)]).toEqual([true, '']);
  });

  it('keeps nothing of filters that were replaced before anything was routed', () => {
    const book = new FilterBook();
    book.register('f', () => false);
    for (let i = 0; i < 100; i++) book.set(1, 2, [{ type: 'custom', name: 'f' }], 5, 5);
    book.forget(1, 2, 5);
    expect(book.idle).toBe(true);
  });
});
