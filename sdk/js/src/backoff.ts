// How long to wait before the next try: exponential with full jitter, so that a server that comes
// back is not run over by everybody at once.

export class Backoff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #boundMs: number;

  constructor(firstMs: number, longestMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
    this.#boundMs = firstMs;
  }

  /** In milliseconds: evenly from nothing up to a bound, which doubles with each call. */
  next(): number {
    const waitMs = this.#random() * this.#boundMs;
    this.#boundMs = Math.min(this.#boundMs * 2, this.#longestMs);
    return waitMs;
  }

  /** Something worked. */
  reset(): void {
    this.#boundMs = this.#firstMs;
  }
}
