/**
 * JavaScript and TypeScript source. Imports: `oxc-parser`.
 */
import { parseSync } from 'oxc-parser';
import { baseName, type Finding, type Kind } from './kind.js';
import { messageOf, WholeText } from './whole.js';

/** Source files. A `.js` file may be a module or a script: the parser finds out. */
export const source: Kind = {
  id: 'source',
  title: 'JavaScript/TypeScript',
  names: '*.js, *.mjs, *.cjs, *.jsx, *.ts, *.mts, *.cts, *.tsx',
  matches: (name) => /\.(?:[cm]?[jt]s|[jt]sx)$/i.test(name),
  open: (path) => new WholeText((text) => parse(baseName(path).toLowerCase(), text)),
};

function parse(name: string, text: string): Finding {
  const result = parseSync(name, text, /\.jsx?$/.test(name) ? { sourceType: 'unambiguous' } : {});
  const [first] = result.errors;
  if (first !== undefined) return { error: messageOf(first.message), found: {} };
  const { staticImports, staticExports, dynamicImports } = result.module;
  return { found: { imports: staticImports.length + dynamicImports.length, exports: staticExports.length } };
}
