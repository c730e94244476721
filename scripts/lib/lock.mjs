/** One builder at a time: `npm start` and `npm test` in two terminals must not install or build over each other. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, say } from './run.mjs';

const file = join(root, 'build', 'lock');

/** Runs `body` while no other process of this checkout does. */
export async function alone(body) {
  mkdirSync(dirname(file), { recursive: true });
  for (let said = false; !take(); said = true) {
    if (!said) say(`waiting for another build of this checkout (process ${holder()}) …`);
    await sleep(200);
  }
  try {
    return await body();
  } finally {
    rmSync(file, { force: true });
  }
}

/** A link appears with its content, so that nobody sees a lock that does not name its holder yet. */
function take() {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const pid = holder();
    if (isAlive(pid)) return false;
    if (pid !== undefined) rmSync(file, { force: true });
    return take();
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The process that holds the lock; undefined if none does. */
function holder() {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
