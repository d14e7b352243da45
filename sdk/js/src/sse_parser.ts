// text/event-stream, piece by piece (WHATWG HTML 9.2.6). Comments are told too: they are heartbeats.

export interface ServerEvent {
  name: string;
  data: string;
  id: string;
}

/** Characters of one line or one event's data: a message of 64 KiB in its widest form, many times over. */
const longestEvent = 16 * 1024 * 1024;

export class SseParser {
  readonly #decoder = new TextDecoder();
  #rest = "";
  #name = "";
  #id = "";
  #data: string[] = [];
  #size = 0;
  #skipsLineFeed = false;

  /** The events that `bytes` complete. Throws a RangeError where one has no end. */
  push(bytes: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    let text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    if (this.#skipsLineFeed && text !== "") {
      if (text.startsWith("\n")) text = text.slice(1);
      this.#skipsLineFeed = false;
    }
    const lines = text.split(/\r\n|\n|\r/);
    this.#skipsLineFeed = text.endsWith("\r");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line, events);
    if (this.#rest.length + this.#size > longestEvent) throw new RangeError("an event without an end");
    return events;
  }

  #take(line: string, events: ServerEvent[]): void {
    if (line === "") return this.#dispatch(events);
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "data") {
      this.#data.push(value);
      this.#size += value.length;
    }
  }

  #dispatch(events: ServerEvent[]): void {
    if (this.#data.length > 0) {
      events.push({ name: this.#name || "message", data: this.#data.join("\n"), id: this.#id });
    }
    this.#name = "";
    this.#data = [];
    this.#size = 0;
  }
}
