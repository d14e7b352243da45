// From publication to this page. The two clocks may differ, so a negative delay shows as none.

const kept_count = 200;

function in_words(delay_ms: number): string {
  if (delay_ms < 10) return `${Math.max(0, delay_ms).toFixed(1)} ms`;
  if (delay_ms < 1000) return `${Math.round(delay_ms)} ms`;
  return `${(delay_ms / 1000).toFixed(1)} s`;
}

export class Delays {
  #latest_ms: number[] = [];

  add(delay_ms: number): string {
    this.#latest_ms.push(delay_ms);
    if (this.#latest_ms.length > kept_count) this.#latest_ms.shift();
    return in_words(delay_ms);
  }

  median(): string | undefined {
    const sorted = this.#latest_ms.toSorted((first, second) => first - second);
    const middle = sorted[Math.floor(sorted.length / 2)];
    return middle === undefined ? undefined : in_words(middle);
  }
}
