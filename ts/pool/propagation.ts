/**
 * What a propagation gives: who gets how much, by area. Imports: nothing.
 */

/** The arrays of a {@link Propagation}. */
export interface PropagationArrays {
  readonly areas: Uint32Array;
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly contributions: Float32Array;
}

/** Contributions by area, in typed arrays of their own: the next propagation leaves them as they are. */
export class Propagation implements PropagationArrays {
  /** The areas that get something, ascending. */
  readonly areas: Uint32Array;
  /** Where the entries of each area begin, and at the end how many there are: areas + 1 entries. */
  readonly offsets: Uint32Array;
  /** The neuron that each entry goes to; within an area in the order of `fired`, then of building. */
  readonly targets: Uint32Array;
  /** What it gets: −1 to 1, or whole numbers from −65,025 to 65,025 (scale `raw`). */
  readonly contributions: Float32Array;

  private constructor({ areas, offsets, targets, contributions }: PropagationArrays) {
    this.areas = areas;
    this.offsets = offsets;
    this.targets = targets;
    this.contributions = contributions;
  }

  /** @internal */
  static make(arrays: PropagationArrays): Propagation {
    return new Propagation(arrays);
  }

  /** The same as an object: area → pairs of target and contribution. */
  toObject(): Record<number, Array<[target: number, contribution: number]>> {
    const entries: Record<number, Array<[number, number]>> = {};
    this.areas.forEach((area, at) => {
      const [begin, end] = [this.offsets[at] ?? 0, this.offsets[at + 1] ?? 0];
      const contributions = this.contributions.subarray(begin, end);
      entries[area] = Array.from(this.targets.subarray(begin, end), (target, n) => [target, contributions[n] ?? 0]);
    });
    return entries;
  }
}
