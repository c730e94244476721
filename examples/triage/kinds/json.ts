/**
 * JSON: strict, but for the files whose tools allow comments and trailing commas. Imports: `jsonc-parser`.
 */
import { type ParseError, parse as parseWithComments, printParseErrorCode } from 'jsonc-parser';
import { baseName, type Finding, type Kind } from './kind.js';
import { messageOf, WholeText } from './whole.js';

/** Names of files whose tools read JSON with comments. */
const WITH_COMMENTS =
  /\.jsonc$|^(?:ts|js)config(?:[.-][\w.-]+)?\.json$|^\.?(?:eslintrc|jshintrc|babelrc|swcrc|devcontainer)\.json$|^api-extractor(?:-base)?\.json$/i;

/** JSON files. */
export const json: Kind = {
  id: 'json',
  title: 'JSON',
  names: '*.json, *.jsonc',
  matches: (name) => /\.jsonc?$/i.test(name),
  open: (path) => new WholeText(WITH_COMMENTS.test(baseName(path)) ? relaxed : strict),
};

function strict(text: string): Finding {
  try {
    return { found: shape(JSON.parse(text)) };
  } catch (error) {
    return { error: messageOf(error), found: {} };
  }
}

function relaxed(text: string): Finding {
  const errors: ParseError[] = [];
  const value: unknown = parseWithComments(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) return { found: shape(value) };
  return { error: `${printParseErrorCode(first.error)} at offset ${first.offset}`, found: {} };
}

function shape(value: unknown): Record<string, number> {
  if (Array.isArray(value)) return { arrays: 1, items: value.length };
  if (typeof value === 'object' && value !== null) return { objects: 1, keys: Object.keys(value).length };
  return { scalars: 1 };
}
