// The server's name for this client. Idempotency keys count for one publisher only, so that it must
// stay the same over connections and transports.
import type { Wire } from "./message.ts";

export class Session {
  /** What restores it. */
  token: string | undefined;
  /** What others see in `from`. */
  client: string | undefined;
  /** Octets of one command over a WebSocket: a larger one would end the connection. */
  mostBytes = Infinity;

  /** Reads a `welcome`, or the `ok` to a `connect`. */
  learn(wire: Wire): void {
    if (typeof wire["session"] === "string") this.token = wire["session"];
    if (typeof wire["client"] === "string") this.client = wire["client"];
    if (typeof wire["max_message_bytes"] === "number") this.mostBytes = wire["max_message_bytes"];
  }

  /** The server does not know it any more. */
  forget(): void {
    this.token = undefined;
    this.client = undefined;
  }
}
