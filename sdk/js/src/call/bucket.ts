// How often another member may make us do something costly: so many times at once, and once more in a while.
export class Bucket {
  readonly #most: number;
  readonly #refillMs: number;
  #used = 0;
  #atMs = 0;

  constructor(most: number, refillMs: number) {
    this.#most = most;
    this.#refillMs = refillMs;
  }

  /** False: not now. */
  take(nowMs = performance.now()): boolean {
    this.#used = Math.max(0, this.#used - (nowMs - this.#atMs) / this.#refillMs);
    this.#atMs = nowMs;
    if (this.#used + 1 > this.#most) return false;
    this.#used++;
    return true;
  }
}
