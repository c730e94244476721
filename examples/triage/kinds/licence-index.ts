/**
 * Finds the SPDX licence whose text is closest to a given one: Dice's coefficient over the sets of word pairs, after taking out
 * what differs from owner to owner. Imports: `spdx-license-list`.
 */
import licences from 'spdx-license-list/full.js';

/** From this likeness on (0 to 1) two texts are the same licence. */
const ALIKE = 0.85;

/** Ids that SPDX replaced by `…-only` and `…-or-later`. The text is that of both; the first is named. */
const OUTDATED = /^[AL]?GPL-[\d.]+\+?$/;

interface Known {
  readonly id: string;
  readonly pairs: ReadonlySet<string>;
}

/** All licences of the SPDX list. Building it takes some hundred milliseconds, so build it once. */
export class LicenceIndex {
  readonly #known: readonly Known[] = Object.entries(licences)
    .filter(([id]) => !OUTDATED.test(id))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { licenseText }]) => ({ id, pairs: pairsOf(wordsOf(licenseText)) }));

  /** The id of the licence with (nearly) this text. */
  identify(text: string): string | undefined {
    const pairs = pairsOf(wordsOf(text));
    let best = ALIKE;
    let found: string | undefined;
    for (const { id, pairs: other } of this.#known) {
      const score = likeness(pairs, other, best);
      if (score > best) [best, found] = [score, id];
    }
    return found;
  }
}

/** Dice's coefficient; 0 where the sizes alone tell that it is not above `floor`. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>, floor: number): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  const total = small.size + large.size;
  if (2 * small.size <= floor * total) return 0;
  let common = 0;
  for (const pair of small) if (large.has(pair)) common++;
  return (2 * common) / total;
}

/** A line that names an owner; not one that happens to begin with the word, as "copyright notice and this …" does. */
const OWNER_LINE =
  /^\W*(?:copyright\b(?!\s+(?:notice|holder|owner|law|licen[cs]e|statement|and|or)\b)|\(c\)|©|all rights reserved)/i;
const OWNER = /\b(?:the )?(?:isc|authors?|copyright (?:holders?|owners?)|regents|contributors)\b/g;
const APPENDIX = /end of terms and conditions.*/;

/** The words of a licence that are the same whoever grants it. */
function wordsOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => !OWNER_LINE.test(line));
  const plain = lines.join(' ').toLowerCase().replace(/\s+/g, ' ').replace(APPENDIX, '').replace(OWNER, 'owner');
  return plain.match(/[a-z0-9]+/g) ?? [];
}

function pairsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map((word, at) => `${word} ${words[at + 1] ?? ''}`));
}
