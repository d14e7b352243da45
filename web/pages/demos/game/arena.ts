// The rules that need no server: where the bell is, and where somebody was a moment ago.
export interface Place {
  x: number;
  y: number;
}

const bell_every_ms = 4000;
const kept_count = 20;

/** The bell of this moment, the same for all: its place follows from its number. */
export function bell_of(time_ms: number): Place & { number: number } {
  const number = Math.floor(time_ms / bell_every_ms);
  const spread = (seed: number) => {
    const value = Math.sin(number * seed) * 43_758.5453;
    return 0.1 + 0.8 * (value - Math.floor(value));
  };
  return { number, x: spread(12.9898), y: spread(78.233) };
}

/** The latest places of a player, and those in between. */
export class Track {
  #places: (Place & { time_ms: number })[] = [];

  add(time_ms: number, { x, y }: Place): void {
    this.#places.push({ time_ms, x, y });
    if (this.#places.length > kept_count) this.#places.shift();
  }

  /** Before the first and after the last it stands still. */
  at(time_ms: number): Place | undefined {
    const next = this.#places.findIndex((place) => place.time_ms >= time_ms);
    if (next === -1) return this.#places.at(-1);
    const to = this.#places[next]!;
    const from = this.#places[next - 1] ?? to;
    const part = to === from ? 1 : (time_ms - from.time_ms) / (to.time_ms - from.time_ms);
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  }
}
