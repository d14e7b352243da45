// A reader who goes from connection to connection, and from transport to transport, and goes on where
// it was.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { open_client } from "./clients/index.mjs";
import { until } from "./wait.mjs";

/** A reader that has heard nothing for so long takes its connection for dead, as real clients do. */
const usual_silence_limit_ms = 1_000;
/** Nobody keeps more than this without a resume; what came beyond it is as lost as with a crash. */
export const longest_visit_count = 120;

/**
 * What a reader shows at the door, and how it gets another one.
 * @typedef {object} Passport
 * @property {() => string} valid    a token that has not ended; a new one where it has
 * @property {() => boolean} is_worn whether it is time to show a new one on a connection that stays
 * @property {() => string} renewed  a new one
 *
 * @typedef {object} TravelOptions
 * @property {readonly import("./clients/index.mjs").Transport[]} choices taken in turn
 * @property {string} channel
 * @property {string} start          a position
 * @property {import("./random.mjs").Random} random
 * @property {{ count: number }} goal how many messages there are to be had; it may change
 * @property {Passport} [passport]
 * @property {number} [silence_limit_ms]
 */

/** One reader, who keeps messages and position across connections. */
export class TravellingReader {
  /** @type {import("../support/clients/client.mjs").Message[]} */
  messages = [];
  resume_count = 0;
  /** @type {Set<string>} */
  used_transports = new Set();
  #options;
  #position;

  /** @param {string} name @param {TravelOptions} options */
  constructor(name, options) {
    this.name = name;
    this.#options = options;
    this.#position = options.start;
  }

  get #left_count() {
    return this.#options.goal.count - this.messages.length;
  }

  /** Reads until everything is here, or the test is over. @param {string} url @param {AbortSignal} over */
  async read_all(url, over) {
    while (this.#left_count > 0 && !over.aborted) {
      await this.#visit(url);
      this.resume_count++;
    }
  }

  /** One connection, from the first byte to its end by fault, by chance or by silence. @param {string} url */
  async #visit(url) {
    const { choices, channel, random, passport, silence_limit_ms = usual_silence_limit_ms } = this.#options;
    const transport = choices[this.resume_count % choices.length];
    this.used_transports.add(transport);
    const client = open_client(transport, { url, channel, after: this.#position, token: passport?.valid() });
    const wanted_count = random.between(1, longest_visit_count);
    let over = false;
    void client.ended.then(() => (over = true));

    let heard_count = 0;
    let silent_since = performance.now();
    await until(
      () => {
        if (client.messages.length > heard_count) silent_since = performance.now();
        heard_count = client.messages.length;
        const silent = performance.now() - silent_since > silence_limit_ms;
        if (passport && client.show && passport.is_worn()) client.show(passport.renewed());
        return over || silent || heard_count >= Math.min(wanted_count, this.#left_count);
      },
      { what: () => `${this.name} to hear something over ${transport}` },
    );
    if (random.chance(0.5)) client.cut();
    else await Promise.race([client.close(), pause(silence_limit_ms)]);
    client.cut();

    assert.deepEqual(client.gaps, [], "the whole history is kept, so nobody may be told of a gap");
    const kept = client.messages.slice(0, wanted_count);
    this.messages.push(...kept);
    const last = kept.at(-1);
    const all_kept = kept.length === client.messages.length;
    if (all_kept) this.#position = client.position ?? this.#position;
    else if (last) this.#position = `${last.epoch}:${last.offset}`;
  }
}
