// "Anything new?", again and again.
import { endpoint, type Query } from "./endpoint.ts";
import { HttpReader } from "./http_reader.ts";

export class Polling extends HttpReader {
  protected override readonly patience_ms = 10_000;

  protected override get pause_ms(): number {
    return this.options.pause_ms?.() ?? 2_000;
  }

  protected override url(more: Query): string {
    return endpoint("api/messages", { channel: this.channel, after: this.position, ...more });
  }
}
