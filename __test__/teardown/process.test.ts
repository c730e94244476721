/** How programs end: by themselves, by exit, by an error, by a signal. */
import { expect, test } from 'vitest';
import { program } from './run.js';

test.concurrent.each(['manual', 'started'])(
  'process.exit in a handler ends the process with its code (%s)',
  async (argument) => {
    const { code, signal, stderr } = await program('exitInHandler', { argument });
    expect([code, signal, stderr]).toEqual([7, null, '']);
  },
);

test.concurrent.each(['idle', 'busy'])(
  'Life: a program that forgets close() on a bus driven by hand ends by itself (%s)',
  async (argument) => {
    const { code, said, ms } = await program('forgetManual', { argument });
    expect(code).toBe(0);
    expect(said).toMatchObject([{ code: 0, balanced: true }]);
    expect(ms).toBeLessThan(10_000);
  },
);

test.concurrent('Life: an idle started bus does not keep the process alive', async () => {
  const { code, said } = await program('forgetStarted', { argument: 'idle' });
  expect(code).toBe(0);
  expect(said).toMatchObject([{ code: 0, fired: 0, balanced: true }]);
});

test.concurrent('Life: a started bus keeps it alive only while spikes are in flight: they are delivered, then it ends', async () => {
  const { code, said } = await program('forgetStarted', { argument: 'busy' });
  expect(code).toBe(0);
  expect(said).toEqual([{ code: 0, fired: 1_000, delivered: 1_000, inFlight: 0, balanced: true }]);
});

test.concurrent('Life: a chain of spikes that beget spikes is finished before the program ends', async () => {
  const { said } = await program('forgetChain');
  expect(said).toMatchObject([{ code: 0, fired: 300, delivered: 300 }]);
});

test.concurrent('Life: a spike that waits for a refractory neuron is delivered before the program ends', async () => {
  const { said } = await program('forgetDeferred');
  expect(said).toMatchObject([{ code: 0, fired: 2, delivered: 2 }]);
});

test.concurrent('Life: spikes fired after an idle time are delivered before the program ends', async () => {
  const { said } = await program('forgetLater');
  expect(said).toMatchObject([{ code: 0, fired: 10, delivered: 10 }]);
});

test.concurrent.each(['iterator', 'unreadReader', 'tickHandler', 'fixedRate', 'readyManual'])(
  'Readers, Room: nothing that waits keeps a program alive (%s)',
  async (argument) => {
    const { code, said, stderr } = await program('waitForever', { argument });
    expect([code, stderr]).toEqual([0, '']);
    expect(said).toContainEqual({ waits: argument });
  },
);

test.concurrent('Life: a bus that ticks at a fixed rate, with tick handlers, does not keep the process alive', async () => {
  const { code } = await program('fixedRateIdle');
  expect(code).toBe(0);
});

test.concurrent('an exception in a handler without an error listener is an unhandled rejection: the process ends with 1', async () => {
  const { code, stderr } = await program('throwInHandler');
  expect(code).toBe(1);
  expect(stderr).toContain('from a handler');
});

test.concurrent('an unhandledRejection listener hears it; the program goes on and ends by itself', async () => {
  const { code, said } = await program('throwInHandler', { argument: 'caught' });
  expect(code).toBe(0);
  expect(said).toEqual([{ unhandled: 'Error: from a handler' }]);
});

test.concurrent('Ctrl-C under traffic ends the process by its signal', async () => {
  const { signal, code } = await program('ctrlC', { onFirst: (child) => child.kill('SIGINT') });
  expect([signal, code]).toEqual(['SIGINT', null]);
});

test.concurrent('Ctrl-C with a listener that closes: the books balance, the process ends with 0', async () => {
  const { code, said } = await program('ctrlC', { argument: 'closes', onFirst: (child) => child.kill('SIGINT') });
  expect(code).toBe(0);
  expect(said.at(-1)).toMatchObject({ code: 0, inFlight: 0, balanced: true });
});

test('a 1 ms timer under a flood of spikes: the worst gap stays below 100 ms', { retry: 3 }, async () => {
  const { said } = await program('timerGap');
  const [{ worst, count, delivered } = {}] = said;
  process.stderr.write(
    `worst gap of a 1 ms timer under a flood: ${Number(worst).toFixed(1)} ms in ${String(count)} calls\n`,
  );
  expect(Number(worst)).toBeLessThan(100);
  expect(Number(count)).toBeGreaterThan(100);
  expect(Number(delivered)).toBeGreaterThan(50_000);
});
