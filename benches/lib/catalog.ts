/** All rows in the order of speed.md, and where each is measured. */

/** Rows that one process measures. */
export interface Entry {
  readonly ids: readonly string[];
  /** The script in `rows/`; without one the native binary measures them. */
  readonly script?: string;
}

/** Every row there is. */
export const CATALOG: readonly Entry[] = [
  { ids: ['P1a'] },
  { ids: ['P1b', 'P1b-bare'] },
  { ids: ['P2a'] },
  { ids: ['P2b'] },
  { ids: ['P2c'] },
  { ids: ['P2d'] },
  { ids: ['P3', 'P3-bare'] },
  { ids: ['P5a', 'P5a-reader', 'P5a-port', 'P5b', 'P5b-reader', 'P5b-port', 'P5c', 'P5c-reader'], script: 'p5' },
  { ids: ['P6a', 'P6b', 'P6c', 'P6d'], script: 'p6' },
  { ids: ['P8a'] },
  { ids: ['P8b'] },
  { ids: ['P8c'] },
  { ids: ['P9'] },
  { ids: ['P10'], script: 'p10' },
  { ids: ['P11a', 'P11b', 'P11c'], script: 'p11' },
  { ids: ['P12a'] },
  { ids: ['P12b'] },
  { ids: ['P12c'] },
  { ids: ['P12d'] },
  { ids: ['P12e'] },
  { ids: ['P12f'] },
  { ids: ['N8', 'N8-peers'] },
  { ids: ['N9', 'N9-peers'] },
  { ids: ['N9-threads'] },
  { ids: ['N9-events'] },
  { ids: ['N9-bytes'] },
  { ids: ['N10', 'N10-peers'] },
  { ids: ['N10-random'] },
  { ids: ['N10-whole'] },
  { ids: ['N10-js', 'N10-js-peers', 'N11-js-peers'], script: 'n10' },
  { ids: ['N11', 'N11-peers'] },
  { ids: ['N11-threads'] },
  { ids: ['N11-random'] },
  { ids: ['N11-whole'] },
  { ids: ['N11-whole-threads'] },
  { ids: ['N11-events'] },
  { ids: ['N12', 'N12-peers'] },
  { ids: ['N12-threads'] },
  { ids: ['N12-random'] },
  { ids: ['N12-whole'] },
];
