// SHA-256 (FIPS 180-4) piece by piece: the browser's own digest wants the whole file in memory.

/** The first 32 bits of the fractions of the cube roots of the first 64 primes (§4.2.2). */
const roundWords = new Uint32Array(64);
/** … and of the square roots of the first eight (§5.3.3). */
const firstState = new Uint32Array(8);
{
  let count = 0;
  for (let number = 2; count < 64; number++) {
    let isPrime = true;
    for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) isPrime = false;
    if (!isPrime) continue;
    if (count < 8) firstState[count] = fractionOf(Math.sqrt(number));
    roundWords[count++] = fractionOf(Math.cbrt(number));
  }
}

function fractionOf(root: number): number {
  return (root - Math.floor(root)) * 2 ** 32;
}

const blockBytes = 64;

export class Sha256 {
  readonly #state = firstState.slice();
  readonly #block = new Uint8Array(blockBytes);
  readonly #words = new Uint32Array(64);
  #filled = 0;
  #length = 0;

  update(octets: Uint8Array): void {
    this.#length += octets.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(blockBytes - this.#filled, octets.length);
      this.#block.set(octets.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < blockBytes) return;
      this.#compress(this.#block, 0);
    }
    for (; at + blockBytes <= octets.length; at += blockBytes) this.#compress(octets, at);
    this.#block.set(octets.subarray(at));
    this.#filled = octets.length - at;
  }

  /** In hexadecimal. Nothing may follow. */
  digest(): string {
    const bits = this.#length * 8;
    const zeros = (blockBytes + 56 - 1 - this.#filled) % blockBytes;
    const end = new DataView(new ArrayBuffer(1 + zeros + 8));
    end.setUint8(0, 0x80);
    end.setUint32(1 + zeros, Math.floor(bits / 2 ** 32));
    end.setUint32(1 + zeros + 4, bits % 2 ** 32);
    this.update(new Uint8Array(end.buffer));
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  /** §6.2.2. */
  #compress(octets: Uint8Array, at: number): void {
    const words = this.#words;
    for (let index = 0; index < 16; index++, at += 4) {
      words[index] = (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
    }
    for (let index = 16; index < 64; index++) {
      const early = words[index - 15]!;
      const late = words[index - 2]!;
      const mixedEarly = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
      const mixedLate = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
      words[index] = words[index - 16]! + mixedEarly + words[index - 7]! + mixedLate;
    }
    let [a, b, c, d, e, f, g, h] = this.#state as unknown as [number, number, number, number, number, number, number, number];
    for (let index = 0; index < 64; index++) {
      const mixedE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + mixedE + ((e & f) ^ (~e & g)) + roundWords[index]! + words[index]!) | 0;
      const mixedA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (mixedA + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => (this.#state[index]! += word));
  }
}
