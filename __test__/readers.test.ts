/** Readers of the axons of neurons. */
import { type AxonReader, NeuronBus } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { codeOf, expectBalance, keeper, manualBus } from './helpers/bus.js';

function drain(reader: AxonReader): string[] {
  const got: string[] = [];
  for (let batch = reader.poll(); batch.length > 0; batch = reader.poll())
    for (const spike of batch) got.push(spike.text());
  return got;
}

describe('of a neuron', () => {
  it.each(['reliable', 'lossy'] as const)('NB-40 a %s one sees all that it fires from now on, to whomever', (mode) => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    a.fire(b, 'before');
    bus.tick();
    const reader = a.reader({ mode });
    a.fire(b, 'one');
    a.broadcast('all');
    a.fire(60, 'nobody');
    expect(drain(reader)).toEqual(['one', 'all', 'nobody']);
    bus.tick();
    expect(drain(reader)).toEqual([]);
    expectBalance(bus.stats());
  });

  it('reads payloads of the arena', () => {
    using bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const readers = [a.reader(), a.reader({ mode: 'lossy' })];
    const large = 'payload '.repeat(50);
    a.fire(b, large);
    for (const reader of readers) expect(drain(reader)).toEqual([large]);
    bus.tick(2);
    expect(got.length).toBe(1);
    expect(bus.arena.used).toBe(0);
  });

  it('a reliable one that has not read keeps the payload, and the credit', () => {
    using bus = manualBus({ axonSlots: 4 });
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader();
    for (let i = 0; i < 4; i++) a.fire(b, `${i}`.repeat(100));
    bus.tick(2);
    expect(got.length).toBe(4);
    expect(a.tryFire(b, 'no')).toBe(false);
    const batch = reader.poll();
    expect(Array.from(batch, (spike) => spike.text()[0])).toEqual(['0', '1', '2', '3']);
    expect(Array.from(batch, (spike) => spike.payload.length)).toEqual([100, 100, 100, 100]);
    batch.release();
    expect(a.tryFire(b, 'yes')).toBe(true);
    bus.tick(2);
    reader.close();
    bus.tick(2);
    expect(bus.arena.used).toBe(0);
    expectBalance(bus.stats());
  });

  it('a lossy one counts spikes whose payload is gone as lagged', () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader({ mode: 'lossy' });
    a.fire(b, 'small 1');
    a.fire(b, 'large'.repeat(100));
    a.fire(b, 'small 2');
    bus.tick(2);
    const batch = reader.poll();
    expect([Array.from(batch, (spike) => spike.text()), batch.lagged]).toEqual([['small 1', 'small 2'], 1]);
  });

  it('a lossy batch holds the payloads that it shows', () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader({ mode: 'lossy' });
    const large = 'large'.repeat(100);
    a.fire(b, large);
    const batch = reader.poll();
    bus.tick(2);
    expect(bus.arena.used).toBeGreaterThan(0);
    expect(codeOf(() => bus.arena.reset())).toBe('E_BUSY');
    expect(batch.at(0).text()).toBe(large);
    batch.release();
    expect(bus.arena.used).toBe(0);
  });

  it('a lossy one does not hold the sender back, and loses count exactly', () => {
    using bus = manualBus({ axonSlots: 8 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader({ mode: 'lossy' });
    for (let i = 0; i < 50; i++) {
      a.fire(b, String(i));
      bus.tick();
    }
    const batch = reader.poll();
    expect(batch.lagged + batch.length).toBe(50);
    expect(Array.from(batch, (spike) => spike.sequence)).toEqual(
      Array.from({ length: batch.length }, (_, i) => batch.lagged + i),
    );
  });

  it('NB-15 clones go on where the original stands', () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    for (const mode of ['reliable', 'lossy'] as const) {
      const reader = a.reader({ mode });
      for (let i = 0; i < 6; i++) a.fire(b, String(i));
      expect(reader.poll(2).length).toBe(2);
      const clone = reader.clone();
      expect(drain(clone)).toEqual(['2', '3', '4', '5']);
      expect(drain(reader)).toEqual(['2', '3', '4', '5']);
      reader.close();
      clone.close();
      bus.tick();
    }
  });

  it('ends when the neuron is unregistered, after what is left', async () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader();
    a.fire(b, 'last');
    bus.tick();
    bus.unregister(a);
    bus.tick(2);
    const seen: string[] = [];
    for await (const batch of reader) for (const spike of batch) seen.push(spike.text());
    expect(seen).toEqual(['last']);
    reader.close();
  });

  it('after bus.close() gives what is left, then its iteration ends', async () => {
    const bus = new NeuronBus({ arenaBytes: 2 ** 20, maxNeurons: 8 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const reader = a.reader({ mode: 'lossy' });
    const waiting = a.reader({ mode: 'lossy' })[Symbol.asyncIterator]();
    a.fire(b, 'inline');
    await bus.close();
    expect(drain(reader)).toEqual(['inline']);
    expect(reader.poll().length).toBe(0);
    const steps = [await waiting.next(), await waiting.next()];
    expect(steps.map(({ done }) => done)).toEqual([false, true]);
    reader.close();
    expect(codeOf(() => reader.poll())).toBe('E_CLOSED');
  });

  it('a hundred of them, one after the other, leave no gate behind', () => {
    using bus = manualBus({ axonSlots: 4 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    for (let i = 0; i < 100; i++) {
      using reader = a.reader();
      a.fire(b, String(i));
      expect(drain(reader)).toEqual([String(i)]);
      bus.tick();
    }
    const many = Array.from({ length: 64 }, () => codeOf(() => a.reader()));
    expect(many.filter((code) => code === 'E_BUSY').length).toBeLessThan(3);
    expect(codeOf(() => a.reader())).toBe('E_BUSY');
  });
});
