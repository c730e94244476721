/**
 * Licences: the text is compared with all texts of the SPDX list. Imports: `spdx-license-list`.
 */
import type { Finding, Kind } from './kind.js';
import { LicenceIndex } from './licence-index.js';
import { WholeText } from './whole.js';

const NAME =
  /^(?:[\w.]+[-_])*(?:licen[cs]es?|copying|unlicen[cs]e)(?:[-_][\w-]+(?:\.\d+)?)?(?:\.(?:md|markdown|txt|rst|mit|apache2?|bsd|lesser|lib))?$/i;

/** Licence files. They are matched before Markdown: LICENSE.md is a licence. */
export const licence: Kind = {
  id: 'licence',
  title: 'Licences',
  names: 'LICENSE*, LICENCE*, COPYING*, UNLICENSE* without extension or with one of a text (.md, .txt, …)',
  matches: (name) => NAME.test(name),
  open: () => new WholeText(identify),
};

let index: LicenceIndex | undefined;

function identify(text: string): Finding {
  if (text.trim() === '') return { error: 'empty', found: {} };
  index ??= new LicenceIndex();
  return { found: { [index.identify(text) ?? 'unidentified']: 1 } };
}
