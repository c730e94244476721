/** The programs of README.md: what a reader copies is what `check-package.mjs` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root } from './run.mjs';

/**
 * The first `ts` block under the heading "Quick start", and what it prints by its own comments: `// → hello`.
 * @returns {{code: {module: string, script: string}, output: string}} `module` as it stands; `script` with the statements
 *   after the imports in an async function, because CommonJS has no `await` at its top level.
 */
export function quickStart() {
  const [, section] = /^## +quick start *$([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(read()) ?? [];
  if (section === undefined) throw new Failure('README.md has no section "Quick start".');
  const [, module] = /^```ts$\n([\s\S]*?)^```$/m.exec(section) ?? [];
  const printed = [...(module ?? '').matchAll(/\/\/ → (.+)$/gm)].map((match) => match[1]);
  if (printed.length === 0) throw new Failure('The quick start of README.md has no ts block that says what it prints.');
  const lines = module.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const rest = lines.filter((line) => !line.startsWith('import '));
  const script = [...imports, 'async function main(): Promise<void> {', ...rest, '}', 'void main();', ''].join('\n');
  return { code: { module, script }, output: printed.join('\n') };
}

/**
 * The `ts` blocks that import something, but the quick start: each is a program by itself.
 * @returns {{heading: string, module: string}[]}
 */
export function programs() {
  const sections = read().split(/^## +/m).slice(1);
  const found = sections.flatMap((section) => {
    const blocks = [...section.matchAll(/^```ts$\n([\s\S]*?)^```$/gm)].map(([, module]) => module);
    const heading = section.split('\n', 1)[0].trim();
    return blocks.filter((module) => /^import /m.test(module)).map((module) => ({ heading, module }));
  });
  return found.filter(({ heading }) => heading.toLowerCase() !== 'quick start');
}

function read() {
  try {
    return readFileSync(join(root, 'README.md'), 'utf8');
  } catch {
    throw new Failure('There is no README.md.');
  }
}
