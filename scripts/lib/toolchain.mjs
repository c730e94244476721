/** What must be on the machine: Node and Rust. Each complaint is one sentence that names the remedy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from './platform.mjs';
import { capture, Failure, root } from './run.mjs';

/** Throws unless this Node is new enough for the package. */
export function checkNode() {
  const wanted = manifest().engines.node.replace('>=', '');
  if (isOlder(process.versions.node, wanted)) {
    throw new Failure(`Node ${wanted} or newer is needed, and this is Node ${process.versions.node}.`);
  }
}

/** Throws unless cargo and a new enough rustc are on the PATH. */
export async function checkRust() {
  const wanted = /rust-version = "([\d.]+)"/.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))[1];
  const remedy = `Install Rust ${wanted} or newer (https://rustup.rs) and run this command again.`;
  const [cargo, rustc] = await Promise.all([capture('cargo', ['--version']), capture('rustc', ['--version'])]);
  for (const [name, { code, text }] of Object.entries({ cargo, rustc })) {
    if (code === 127) throw new Failure(`Rust builds the core of NeuronBus, and ${name} was not found. ${remedy}`);
    if (code !== 0)
      throw new Failure(`Rust builds the core of NeuronBus, and ${name} does not run: ${text}. ${remedy}`);
  }
  const found = /(\d+\.\d+\.\d+)/.exec(rustc.text)?.[1] ?? '0';
  if (isOlder(found, wanted)) throw new Failure(`rustc ${found} is too old for NeuronBus. ${remedy}`);
}

/** Whether version `a` comes before version `b`; parts that `b` does not have count as 0. */
export function isOlder(a, b) {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
