// Chance that repeats: a failing run is run again with its seed.

/** The seed of this run: CARILLON_TEST_SEED where it is set. */
export function run_seed() {
  const given = process.env.CARILLON_TEST_SEED;
  return given ? Number(given) : Math.floor(Math.random() * 2 ** 32);
}

/** SplitMix32: small, and good enough to choose faults with. */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next() {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. @param {number} least @param {number} most */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @template Value @param {readonly Value[]} values @returns {Value} */
  pick(values) {
    return values[this.between(0, values.length - 1)];
  }

  /** @param {number} probability */
  chance(probability) {
    return this.next() < probability;
  }
}
