// What polling and long polling share: requests one after another, each from the last position.
import { again_in, Backoff } from "./backoff.ts";
import type { Query } from "./endpoint.ts";
import type { Listener, Message, Reader, ReaderOptions } from "./message.ts";

interface Page {
  messages: Message[];
  position: string | null;
  gap: boolean;
}

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
    protected readonly options: ReaderOptions = {},
  ) {
    this.#listener = listener;
  }

  /** The next request, from `position`, with these parameters as well. */
  protected abstract url(more: Query): string;
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
      this.options.on_request?.();
      const response = await fetch(this.url(this.options.query?.() ?? {}), { signal, cache: "no-store" });
      const page = await this.#read(response);
      if (abort.signal.aborted) return;
      if (page.gap) this.#listener.on_gap();
      this.options.on_answer?.(page.messages.length);
      for (const message of page.messages) this.#listener.on_message(message);
      this.position = page.position ?? this.position;
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

  async #read(response: Response): Promise<Page> {
    if (response.status === 410) {
      // What is still kept comes after `retained`.
      const { retained } = (await response.json()) as { retained: string };
      return { messages: [], position: retained, gap: true };
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    return {
      messages: (await response.json()) as Message[],
      position: response.headers.get("Carillon-Position"),
      gap: response.headers.has("Carillon-Gap"),
    };
  }
}
