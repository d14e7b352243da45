// The browser's EventSource; it reconnects by itself, but gives up after an error status.
import { again_in, Backoff } from "./backoff.ts";
import { endpoint } from "./endpoint.ts";
import type { Listener, Message, Reader, ReaderOptions } from "./message.ts";

export class ServerSentEvents implements Reader {
  position: string | undefined;
  readonly #backoff = new Backoff();
  #source: EventSource | undefined;

  constructor(
    private readonly channel: string,
    private readonly listener: Listener,
    private readonly options: ReaderOptions = {},
  ) {}

  start(position: string | undefined): void {
    this.position = position;
    const url = endpoint("api/events", { channel: this.channel, after: position, ...this.options.query?.() });
    this.options.on_request?.();
    const source = new EventSource(url);
    this.#source = source;
    source.onopen = () => {
      this.#backoff.succeeded();
      this.listener.on_state("listening");
    };
    source.onmessage = (event) => {
      this.#keep_position(event);
      this.listener.on_message(JSON.parse(event.data) as Message);
    };
    source.addEventListener("position", (event) => this.#keep_position(event));
    source.addEventListener("gap", (event) => {
      this.#keep_position(event);
      this.listener.on_gap();
    });
    source.onerror = () => this.#on_error(source);
  }

  stop(): void {
    this.#backoff.cancel();
    this.#source?.close();
    this.#source = undefined;
  }

  #keep_position(event: MessageEvent): void {
    if (event.lastEventId) this.position = event.lastEventId;
  }

  #on_error(source: EventSource): void {
    if (source.readyState === EventSource.CONNECTING) {
      this.options.on_request?.();
      this.listener.on_state("connecting", "the browser tries again");
      return;
    }
    source.close();
    const wait_ms = this.#backoff.retry(() => this.start(this.position));
    this.listener.on_state("waiting", again_in(wait_ms));
  }
}
