// What one technology has done since the last reset, as its page sees it.
import type { State } from "../transports/message.ts";
import { histogram, percentile } from "./statistics.ts";

const kept_delay_count = 1000;
const kept_point_count = 120;

export interface Figures {
  state: State;
  detail: string;
  heard_count: number;
  missed_count: number;
  p50_ms: number | undefined;
  p99_ms: number | undefined;
  histogram: number[];
  /** One median for each tick; null where nothing was heard. */
  series_ms: (number | null)[];
  request_count: number;
  empty_count: number;
  reconnect_count: number;
}

export class Recorder {
  #state: State = "connecting";
  #detail = "";
  #was_listening = false;
  #delays_ms: number[] = [];
  #tick_ms: number[] = [];
  #series_ms: (number | null)[] = [];
  #last_number: number | undefined;
  #heard_count = 0;
  #missed_count = 0;
  #request_count = 0;
  #empty_count = 0;
  #reconnect_count = 0;

  on_state(state: State, detail = ""): void {
    if (state === "listening" && this.#state !== "listening") {
      if (this.#was_listening) this.#reconnect_count++;
      this.#was_listening = true;
    }
    this.#state = state;
    this.#detail = detail;
  }

  on_request(): void {
    this.#request_count++;
  }

  on_answer(message_count: number): void {
    if (message_count === 0) this.#empty_count++;
  }

  /** `number` counts up by one from message to message. */
  on_message(number: number, delay_ms: number): void {
    if (this.#last_number !== undefined) this.#missed_count += Math.max(0, number - this.#last_number - 1);
    this.#last_number = number;
    this.#heard_count++;
    this.#tick_ms.push(delay_ms);
    this.#delays_ms.push(delay_ms);
    if (this.#delays_ms.length > kept_delay_count) this.#delays_ms.shift();
  }

  /** Ends a step of the series. */
  on_tick(): void {
    this.#series_ms.push(percentile(this.#tick_ms, 0.5) ?? null);
    if (this.#series_ms.length > kept_point_count) this.#series_ms.shift();
    this.#tick_ms = [];
  }

  /** Counts begin anew; what is open stays open. */
  reset(): void {
    this.#delays_ms = [];
    this.#tick_ms = [];
    this.#series_ms = [];
    this.#heard_count = this.#missed_count = 0;
    this.#request_count = this.#empty_count = this.#reconnect_count = 0;
  }

  figures(): Figures {
    return {
      state: this.#state,
      detail: this.#detail,
      heard_count: this.#heard_count,
      missed_count: this.#missed_count,
      p50_ms: percentile(this.#delays_ms, 0.5),
      p99_ms: percentile(this.#delays_ms, 0.99),
      histogram: histogram(this.#delays_ms),
      series_ms: [...this.#series_ms],
      request_count: this.#request_count,
      empty_count: this.#empty_count,
      reconnect_count: this.#reconnect_count,
    };
  }
}
