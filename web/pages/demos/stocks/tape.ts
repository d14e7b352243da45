// What has been heard of the prices, and how much of it there was.
export interface Line {
  symbol: string;
  price: number;
  /** Since the look before this one. */
  change: number;
}

const smoothing = 0.25;

export class Tape {
  heard_count = 0;
  per_second = 0;
  #prices = new Map<string, number>();
  #shown = new Map<string, number>();
  #changes = new Map<string, number>();
  #since_tick = 0;
  #first_offset: number | undefined;
  #last_offset = 0;

  hear({ symbol, price }: { symbol: string; price: number }, offset: number): void {
    this.#first_offset ??= offset;
    this.#last_offset = offset;
    this.heard_count++;
    this.#since_tick++;
    this.#prices.set(symbol, price);
  }

  /** Which part of what was published did not have to be told. */
  get skipped_share(): number | undefined {
    if (this.#first_offset === undefined) return undefined;
    const published_count = this.#last_offset - this.#first_offset + 1;
    return Math.max(0, 1 - this.heard_count / published_count);
  }

  /** So much time has passed since the last one. */
  tick(passed_ms: number): void {
    const rate = (this.#since_tick * 1000) / passed_ms;
    this.per_second += (rate - this.per_second) * smoothing;
    this.#since_tick = 0;
    for (const [symbol, price] of this.#prices) {
      const shown = this.#shown.get(symbol);
      if (shown !== undefined && shown !== price) this.#changes.set(symbol, price - shown);
      this.#shown.set(symbol, price);
    }
  }

  /** By symbol. */
  quotes(): Line[] {
    return [...this.#shown]
      .map(([symbol, price]) => ({ symbol, price, change: this.#changes.get(symbol) ?? 0 }))
      .sort((first, second) => first.symbol.localeCompare(second.symbol));
  }
}
