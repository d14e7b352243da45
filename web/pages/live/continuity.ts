// Holds the server to its promise: nothing lost, nothing twice.
import type { Message } from "../transports/message.ts";

export type Verdict = "next" | "repeated" | "hole";

export class Continuity {
  #epoch: string | undefined;
  #offset = 0;
  missed_count = 0;

  judge(message: Message): Verdict {
    const known = message.epoch === this.#epoch;
    if (known && message.offset <= this.#offset) return "repeated";
    const hole_count = known ? message.offset - this.#offset - 1 : 0;
    this.#epoch = message.epoch;
    this.#offset = message.offset;
    this.missed_count += hole_count;
    return hole_count > 0 ? "hole" : "next";
  }

  /** The server said that it cannot continue: what follows starts anew. */
  restart(): void {
    this.#epoch = undefined;
  }
}
