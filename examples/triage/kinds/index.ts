/**
 * The table of kinds. To add one: write its file, add it here. Imports: the kinds.
 */
import { json } from './json.js';
import { baseName, type Kind } from './kind.js';
import { licence } from './licence.js';
import { markdown } from './markdown.js';
import { other } from './other.js';
import { source } from './source.js';

export { type Assembly, baseName, type Finding, type Kind } from './kind.js';
export { messageOf } from './whole.js';

/** All kinds. A file is of the first one that matches its name; the last one takes all. */
export const KINDS: readonly Kind[] = [json, source, licence, markdown, other];

/** The kind of a file. */
export function kindOf(path: string): Kind {
  const name = baseName(path);
  return KINDS.find((kind) => kind.matches(name)) ?? other;
}
