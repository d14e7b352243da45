// The server's name for this client. Idempotency keys count for one publisher only, so that it must
// stay the same over connections and transports.
import type { Wire } from "./message.ts";

export class Session {
  /** Told when the server knows us by another name. */
  onChanged: () => void = () => {};
  /** Whoever hears by requests sends it along: others see this client, or write to it. */
  isShown = false;
  /** What restores it. */
  token: string | undefined;
  /** What others see in `from`. */
  client: string | undefined;
  /** Octets of one command over a WebSocket: a larger one would end the connection. */
  mostBytes = Infinity;
  #beginning: Promise<void> | undefined;

  /** Once for all who need it; `ask` sends a `connect`. */
  begin(ask: () => Promise<Wire>): Promise<void> {
    if (this.token !== undefined) return Promise.resolve();
    return (this.#beginning ??= ask()
      .then((reply) => this.learn(reply))
      .finally(() => (this.#beginning = undefined)));
  }

  /** Reads a `welcome`, or the `ok` to a `connect`. */
  learn(wire: Wire): void {
    const { client } = this;
    if (typeof wire["session"] === "string") this.token = wire["session"];
    if (typeof wire["client"] === "string") this.client = wire["client"];
    if (typeof wire["max_message_bytes"] === "number") this.mostBytes = wire["max_message_bytes"];
    if (this.client !== client) this.onChanged();
  }

  /** The server does not know it any more. */
  forget(): void {
    this.token = undefined;
    this.client = undefined;
  }
}
