// Signals of clients that the roster does not name yet: it may hear of them a moment later.
import type { CallSignal } from "./signal.ts";

/** Of all together; the oldest give way. */
const mostKept = 200;

export class EarlySignals {
  #kept: { client: string; signal: CallSignal }[] = [];

  keep(client: string, signal: CallSignal): void {
    this.#kept.push({ client, signal });
    if (this.#kept.length > mostKept) this.#kept.shift();
  }

  /** In the order in which they came. */
  take(client: string): CallSignal[] {
    const taken = this.#kept.filter((each) => each.client === client);
    this.forget(client);
    return taken.map(({ signal }) => signal);
  }

  forget(client: string): void {
    this.#kept = this.#kept.filter((each) => each.client !== client);
  }
}
