/**
 * What a kind of file is: how it is recognised and how it is parsed. Imports: nothing.
 */

/** What parsing one file has shown. */
export type Finding = {
  /** Why it does not parse; absent if it does. */
  readonly error?: string;
  /** True if it was too large to be put together; its bytes are counted, it is not parsed. */
  readonly oversize?: boolean;
  /** What was found in it, by name. */
  readonly found: Readonly<Record<string, number>>;
};

/** One file while it arrives. */
export interface Assembly {
  /** The next bytes; they are gone when this returns. */
  push(chunk: Uint8Array): void;
  /** All bytes are there. */
  finish(): Finding;
}

/** A kind of file. */
export interface Kind {
  /** Its key in the JSON report; also the last word of its parser's capability and region. */
  readonly id: string;
  /** Its name in the table. */
  readonly title: string;
  /** Which names it takes, for people. */
  readonly names: string;
  /** Whether a file of this base name is of this kind. */
  matches(name: string): boolean;
  /** Begins to parse a file. */
  open(path: string): Assembly;
}

/** The last segment of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
