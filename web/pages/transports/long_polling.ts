// "Tell me when there is something": the server holds the request.
import { endpoint, type Query } from "./endpoint.ts";
import { HttpReader } from "./http_reader.ts";

const held_s = 25;

export class LongPolling extends HttpReader {
  protected override readonly patience_ms = (held_s + 10) * 1000;
  protected override readonly pause_ms = 0;

  protected override url(more: Query): string {
    // The first answer comes at once, so that the reader knows that it is heard.
    const timeout = String(this.answered ? held_s : 0);
    return endpoint("api/messages/subscribe", { channel: this.channel, timeout, after: this.position, ...more });
  }
}
