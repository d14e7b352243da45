// Server-Sent Events over fetch: unlike EventSource it sends headers, sees the heartbeats and is told
// what a refusal says. It is useful with the first event: what buffers streams lets none through.
import { asError, CarillonError } from "../errors.ts";
import type { Deadline } from "../http.ts";
import { parseWire, readEphemeral, readMessage } from "../message.ts";
import { formatPositions, parsePositions } from "../position.ts";
import { type ServerEvent, SseParser } from "../sse_parser.ts";
import { asClient } from "./as_client.ts";
import { readClosing } from "./closing.ts";
import { namesOf } from "./groups.ts";
import { type GroupListener, HttpTransport } from "./http_transport.ts";
import type { Feed } from "./transport.ts";

export class SseTransport extends HttpTransport {
  override readonly name = "sse";

  protected override async probe(feed: Feed, signal: AbortSignal): Promise<void> {
    const { chunks, deadline } = await this.#open([feed], signal);
    try {
      for await (const events of chunks) if (events.length > 0) return;
      throw new CarillonError("lost", "the event stream ended");
    } catch (thrown) {
      throw deadline.explain(thrown);
    } finally {
      deadline.done();
    }
  }

  protected override async read(
    feeds: readonly Feed[], listener: GroupListener, signal: AbortSignal,
  ): Promise<void> {
    const { chunks, deadline } = await this.#open(feeds, signal);
    const names = namesOf(feeds);
    try {
      for await (const events of chunks) {
        for (const event of events) {
          if (signal.aborted) return;
          this.#onEvent(event, names);
          listener.onUseful();
        }
        // Heartbeats come without events: anything shows that the stream lives.
        if (events.length > 0 || deadline.isExtended) deadline.extend(this.host.timings.silenceMs);
      }
    } catch (thrown) {
      throw deadline.explain(asError(thrown, "lost", "the event stream broke: "));
    } finally {
      deadline.done();
    }
  }

  async #open(feeds: readonly Feed[], signal: AbortSignal): Promise<{ chunks: AsyncGenerator<ServerEvent[]>; deadline: Deadline }> {
    const { response, deadline } = await asClient(this.host, (headers) => this.host.http.open({
      url: this.host.urlOf("sse"),
      channels: namesOf(feeds),
      query: { after: formatPositions(feeds.map((feed) => feed.after)) },
      headers: { Accept: "text/event-stream", ...headers },
      timeoutMs: this.host.timings.proofMs,
      signal,
    }));
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream") || !response.body) {
      deadline.abort();
      throw new CarillonError("not_carillon", "an answer that is no event stream");
    }
    return { chunks: eventsOf(response.body, deadline), deadline };
  }

  #onEvent({ name, data }: ServerEvent, names: readonly string[]): void {
    const wire = parseWire(data);
    if (!wire) throw new CarillonError("not_carillon", "an event that is no JSON object");
    if (name === "message" || name === "signal") {
      const message = readMessage(wire);
      if (message) this.host.onMessage(message);
    } else if (name === "ephemeral") {
      const ephemeral = readEphemeral(wire);
      if (ephemeral) this.host.onEphemeral(ephemeral);
    } else if (name === "presence") {
      this.host.onPresence(wire);
    } else if (name === "gap") {
      if (typeof wire.channel === "string") this.host.onGap(wire.channel, String(wire["position"]));
    } else if (name === "position") {
      if (wire["contiguous"] === false) for (const channel of names) this.host.onNotContiguous(channel);
      const positions = parsePositions(String(wire["position"]), names.length) ?? [];
      positions.forEach((position, index) => position && this.host.onPosition(names[index]!, position));
    } else if (name === "closing") {
      throw readClosing(wire);
    }
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>, deadline: Deadline): AsyncGenerator<ServerEvent[]> {
  const reader = body.getReader();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield parser.push(value);
    }
  } finally {
    // Ends the request, whoever stopped reading.
    deadline.abort();
    reader.cancel().catch(() => {});
  }
}
