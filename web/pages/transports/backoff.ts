// How long to wait before the next try: longer after each failure, and never for all at once.

const first_ms = 500;
const longest_ms = 15_000;

export class Backoff {
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  succeeded(): void {
    this.#failures = 0;
  }

  /** Calls `again` later and returns in how many milliseconds. `advice_ms` is the server's wish. */
  retry(again: () => void, advice_ms?: number): number {
    const ceiling = Math.min(longest_ms, first_ms * 2 ** this.#failures++);
    const wait_ms = advice_ms ?? ceiling * (0.5 + Math.random() / 2);
    this.cancel();
    this.#timer = setTimeout(again, wait_ms);
    return wait_ms;
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}

export function again_in(wait_ms: number): string {
  return `again in ${(wait_ms / 1000).toFixed(1)} s`;
}
