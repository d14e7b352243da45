// What polling and long polling share: requests one after another, each from the last position.
import { again_in, Backoff } from "../backoff.ts";
import type { Listener, Message, Reader } from "../message.ts";

export abstract class HttpReader implements Reader {
  position: string | undefined;
  /** Whether the last request was answered. */
  protected answered = false;
  readonly #listener: Listener;
  readonly #backoff = new Backoff();
  #abort: AbortController | undefined;

  constructor(
    protected readonly channel: string,
    listener: Listener,
  ) {
    this.#listener = listener;
  }

  /** The next request, from `position`. */
  protected abstract url(): string;
  /** How long an answer may take before the connection counts as dead. */
  protected abstract readonly patience_ms: number;
  /** The pause between two requests. */
  protected abstract readonly pause_ms: number;

  start(position: string | undefined): void {
    this.position = position;
    this.answered = false;
    void this.#ask();
  }

  stop(): void {
    this.#backoff.cancel();
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #ask(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(this.patience_ms)]);
      const response = await fetch(this.url(), { signal, cache: "no-store" });
      const messages = await this.#messages_in(response);
      if (abort.signal.aborted) return;
      for (const message of messages) this.#listener.on_message(message);
      this.position = response.headers.get("Carillon-Position") ?? this.position;
      this.answered = true;
      this.#backoff.succeeded();
      this.#listener.on_state("listening");
      this.#backoff.retry(() => void this.#ask(), this.pause_ms);
    } catch {
      if (abort.signal.aborted) return;
      this.answered = false;
      const wait_ms = this.#backoff.retry(() => void this.#ask());
      this.#listener.on_state("waiting", again_in(wait_ms));
    }
  }

  async #messages_in(response: Response): Promise<Message[]> {
    if (response.status === 410 || response.headers.has("Carillon-Gap")) this.#listener.on_gap();
    // The position that comes with 410 is where to go on: nothing older is kept.
    if (response.status === 410) return [];
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }
}
