/** A promise that is settled from outside. */

/** A promise and the two ways to settle it. */
export interface Settled<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/**
 * A promise to be settled from outside.
 *
 * @param timeoutMs after which it rejects
 * @param late says what is missing then
 */
export function settled<T>(timeoutMs: number, late: () => string): Settled<T> {
  let [resolve, reject]: [(value: T) => void, (reason: unknown) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const timer = setTimeout(() => reject(new Error(late())), timeoutMs);
  return { promise: promise.finally(() => clearTimeout(timer)), resolve, reject };
}
