/** What a soak run takes from chance, all of it from one seed, and payloads that check themselves. */

/** mulberry32: what is random here comes from one seed. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** 0 … below − 1 */
  below(below) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  of(items) {
    return items[this.below(items.length)];
  }
}

/** A payload whose bytes all follow from its length and its first byte. */
export function payload(size, salt) {
  const bytes = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) bytes[i] = (salt + i * (1 + (size & 7))) & 0xff;
  return bytes;
}

/** Whether a payload is one that {@link payload} made. */
export function isWhole(bytes) {
  const salt = bytes[0];
  const step = 1 + (bytes.length & 7);
  for (let i = 1; i < bytes.length; i++) if (bytes[i] !== ((salt + i * step) & 0xff)) return false;
  return true;
}
