// Signals on their way up: one after the other to each member, and again where the server or the
// connection could not take one for the moment.
import { asError, CarillonError } from "../errors.ts";
import type { CallSignal } from "./signal.ts";

/** To one member. An offer, an answer and their candidates are some twenty. */
const mostWaiting = 200;
/** The server keeps 32 KiB of one signal (docs/protocol.md). */
const mostBytes = 32 * 1024;
const retryMs = 500;
/** What is older helps nobody: the other side has begun anew by then. */
const mostTries = 40;

export interface SignalQueueOptions {
  send(signal: CallSignal): Promise<unknown>;
  /** It cannot be sent: the member is gone, or it is too large. */
  onFailed(error: CarillonError): void;
}

export class SignalQueue {
  readonly #options: SignalQueueOptions;
  #waiting: CallSignal[] = [];
  #isSending = false;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignalQueueOptions) {
    this.#options = options;
  }

  push(signal: CallSignal): void {
    if (this.#isOver) return;
    const size = new TextEncoder().encode(JSON.stringify(signal)).length;
    if (size > mostBytes) {
      return this.#options.onFailed(new CarillonError("too_large", `a signal of ${size} octets`));
    }
    if (this.#waiting.length >= mostWaiting) {
      return this.#options.onFailed(new CarillonError("queue_full", "too many signals wait"));
    }
    this.#waiting.push(signal);
    void this.#pump();
  }

  /** What waits is not sent any more. */
  stop(): void {
    this.#isOver = true;
    this.#waiting = [];
    clearTimeout(this.#timer);
  }

  async #pump(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let tries = 1; this.#waiting.length > 0;) {
      const signal = this.#waiting[0]!;
      try {
        await this.#options.send(signal);
      } catch (thrown) {
        const error = asError(thrown);
        if (this.#isOver) break;
        if (error.retryable && tries++ < mostTries) {
          await this.#wait(error.waitMs ?? retryMs);
          continue;
        }
        this.#waiting = [];
        this.#options.onFailed(error);
        break;
      }
      tries = 1;
      this.#waiting.shift();
    }
    this.#isSending = false;
  }

  #wait(waitMs: number): Promise<void> {
    return new Promise((resolve) => (this.#timer = setTimeout(resolve, waitMs)));
  }
}
