/**
 * Finds the SPDX licence whose text is closest to a given one: Dice's coefficient over the sets of words, as GitHub's
 * licensee does it. Imports: `spdx-license-list`.
 */
import licences from 'spdx-license-list/full.js';

/** From this likeness on (0 to 1) two texts are the same licence. */
const ALIKE = 0.9;

interface Known {
  readonly id: string;
  readonly words: ReadonlySet<string>;
}

/** All licences of the SPDX list. Building it takes some hundred milliseconds, so build it once. */
export class LicenceIndex {
  readonly #known: readonly Known[] = Object.entries(licences).map(([id, { licenseText }]) => ({
    id,
    words: wordsOf(licenseText),
  }));
  readonly #answers: Map<string, string | undefined> = new Map();

  /** The id of the licence with (nearly) this text. */
  identify(text: string): string | undefined {
    const words = wordsOf(text);
    const key = [...words].sort().join(' ');
    if (!this.#answers.has(key)) this.#answers.set(key, this.#closest(words));
    return this.#answers.get(key);
  }

  #closest(words: ReadonlySet<string>): string | undefined {
    let best = ALIKE;
    let found: string | undefined;
    for (const { id, words: other } of this.#known) {
      const score = likeness(words, other, best);
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
  for (const word of small) if (large.has(word)) common++;
  return (2 * common) / total;
}

/** The words of a licence, without the lines that differ from owner to owner. */
function wordsOf(text: string): ReadonlySet<string> {
  const lines = text.split('\n').filter((line) => !/^\W*(?:copyright\b|\(c\)|©|all rights reserved)/i.test(line));
  return new Set(lines.join(' ').toLowerCase().match(/[a-z0-9]+/g) ?? []);
}
