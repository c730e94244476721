/** The quick start of README.md as programs: what a reader copies is what `check-package.mjs` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root } from './run.mjs';

/**
 * The first `ts` block under the heading "Quick start", and the `text` block after it: what it prints.
 * @returns {{code: {module: string, script: string}, output: string}} `module` as it stands; `script` with the statements
 *   after the imports in an async function, because CommonJS has no `await` at its top level.
 */
export function quickStart() {
  const [, section] = /^## +quick start *$([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(read()) ?? [];
  if (section === undefined) throw new Failure('README.md has no section "Quick start".');
  const module = block(section, 'ts');
  const lines = module.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const rest = lines.filter((line) => !line.startsWith('import '));
  const script = [...imports, 'async function main(): Promise<void> {', ...rest, '}', 'void main();', ''].join('\n');
  return { code: { module, script }, output: block(section, 'text').trim() };
}

function block(section, language) {
  const found = new RegExp(`^\`\`\`${language}$\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section);
  if (found === null) throw new Failure(`The quick start of README.md has no \`\`\`${language} block.`);
  return found[1];
}

function read() {
  try {
    return readFileSync(join(root, 'README.md'), 'utf8');
  } catch {
    throw new Failure('There is no README.md.');
  }
}
