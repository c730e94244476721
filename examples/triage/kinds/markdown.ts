/**
 * Markdown. Any text is Markdown, so only what is no text is an error. Imports: `marked`.
 */
import { lexer, type Token, walkTokens } from 'marked';
import type { Finding, Kind } from './kind.js';
import { messageOf, WholeText } from './whole.js';

/** The tokens that are counted, and as what. */
const COUNTED: Readonly<Record<string, string>> = {
  heading: 'headings',
  code: 'code blocks',
  link: 'links',
  table: 'tables',
};

/** Markdown files. */
export const markdown: Kind = {
  id: 'markdown',
  title: 'Markdown',
  names: '*.md, *.markdown',
  matches: (name) => /\.(?:md|markdown)$/i.test(name),
  open: () => new WholeText(parse),
};

function parse(text: string): Finding {
  const found: Record<string, number> = {};
  const count = (token: Token): void => {
    const name = COUNTED[token.type];
    if (name !== undefined) found[name] = (found[name] ?? 0) + 1;
  };
  try {
    walkTokens(lexer(text), count);
    return { found };
  } catch (error) {
    return { error: messageOf(error), found: {} };
  }
}
