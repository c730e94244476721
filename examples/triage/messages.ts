/**
 * What the agents say to each other, beside the frames of `frame.ts`. All of it is JSON. Imports: `neuronbus`, `kinds`.
 */
import type { NeuronId } from 'neuronbus';
import type { Finding } from './kinds/index.js';

/** Walker to classifier: who parses a file of this name? */
export type Question = { readonly file: number; readonly name: string };

/** Classifier to walker. */
export type Verdict = { readonly file: number; readonly parser: NeuronId };

/** Why an entry of a directory is not parsed. */
export type SkipReason = 'unreadable' | 'broken' | 'link' | 'special';

/** Parser to aggregator: a file is done. */
export type Result = Finding & {
  readonly about: 'file';
  readonly kind: string;
  readonly path: string;
  readonly bytes: number;
};

/** Walker to aggregator: an entry is passed over. */
export type Skip = {
  readonly about: 'skip';
  readonly reason: SkipReason;
  readonly path: string;
  /** What the system said. */
  readonly message?: string;
};

/** Walker to aggregator: it has sent so many files, and sends no more. */
export type End = { readonly about: 'end'; readonly files: number };

/** What the aggregator hears. */
export type News = Result | Skip | End;
