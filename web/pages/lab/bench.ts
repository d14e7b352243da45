// Runs the lab: one source, one reader for each technology, and what they have cost.
import { Carillon, type Channel } from "@carillon/client";
import { opening_position } from "../live/history.ts";
import { server_root } from "../transports/endpoint.ts";
import type { Listener, Message, Reader } from "../transports/message.ts";
import { type Figures, Recorder } from "./recorder.ts";
import { first_settings, type Settings } from "./settings.ts";
import { technologies, type Technology } from "./technologies.ts";
import { both_ways, cut_connection, read_tallies, since, type Tallies } from "./wire.ts";

const tick_ms = 500;
const wire_every_ticks = 2;

interface Sample {
  number: number;
  sent_ms: number;
}

/** What the server measures: not looked at yet, not offered, or the latest tallies. */
export type WireState = "unknown" | "absent" | "measured";

export interface Row {
  technology: Technology;
  figures: Figures;
  bytes_per_message: number | undefined;
  bytes: number | undefined;
}

interface Lane {
  technology: Technology;
  recorder: Recorder;
  reader: Reader;
}

/** A clock that this page's messages share: monotonic, so that a delay is never negative. */
function now_ms(): number {
  return performance.timeOrigin + performance.now();
}

export class Bench {
  readonly visitor = Array.from(crypto.getRandomValues(new Uint8Array(10)), (octet) => (octet % 36).toString(36)).join("");
  readonly channel = `lab:${this.visitor}`;
  settings: Settings = { ...first_settings };
  running = true;
  wire: WireState = "unknown";
  source_trouble = "";
  #client = new Carillon(server_root());
  #source: Channel = this.#client.channel(this.channel);
  #lanes: Lane[];
  #tallies: Tallies = {};
  #first_tallies: Tallies = {};
  #number = 0;
  #due_ms = 0;
  #ticks = 0;
  #on_change: () => void;

  constructor(on_change: () => void) {
    this.#on_change = on_change;
    this.#lanes = technologies.map((technology) => {
      const recorder = new Recorder();
      const options = {
        query: () => this.#query(technology),
        pause_ms: () => this.settings.poll_interval_ms,
        on_request: () => recorder.on_request(),
        on_answer: (count: number) => recorder.on_answer(count),
      };
      const reader = new technology.Reader(this.channel, this.#listener(recorder), options);
      return { technology, recorder, reader };
    });
  }

  async start(): Promise<void> {
    this.wire = (await read_tallies(this.visitor)) ? "measured" : "absent";
    const position = await opening_position(this.channel);
    for (const lane of this.#lanes) lane.reader.start(position);
    this.#due_ms = now_ms();
    setInterval(() => this.#publish_due(), 10);
    setInterval(() => void this.#tick(), tick_ms);
    this.#on_change();
  }

  set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    if (change.websocket_blocked) {
      for (const { technology } of this.#lanes) if (technology.uses_websocket) void this.cut(technology.id);
    }
    this.#on_change();
  }

  set_running(running: boolean): void {
    this.running = running;
    this.#due_ms = now_ms();
    this.#on_change();
  }

  /** From here on counts begin anew. */
  reset(): void {
    for (const lane of this.#lanes) lane.recorder.reset();
    this.#first_tallies = this.#tallies;
    this.#on_change();
  }

  /** By the server, which is what a network does; where it does not offer that, by the page. */
  async cut(id: string): Promise<void> {
    const lane = this.#lanes.find(({ technology }) => technology.id === id);
    if (!lane) return;
    if (this.wire === "measured" && (await cut_connection(`${this.visitor}.${id}`))) return;
    lane.recorder.on_state("waiting");
    const { position } = lane.reader;
    lane.reader.stop();
    lane.reader.start(position);
  }

  rows(): Row[] {
    return this.#lanes.map(({ technology, recorder }) => {
      const figures = recorder.figures();
      const tally = this.#tallies[technology.id];
      const bytes = tally && both_ways(since(tally, this.#first_tallies[technology.id]));
      const bytes_per_message = bytes !== undefined && figures.heard_count > 0 ? bytes / figures.heard_count : undefined;
      return { technology, figures, bytes, bytes_per_message };
    });
  }

  #query(technology: Technology): Record<string, string | undefined> {
    const { delay_ms, websocket_blocked } = this.settings;
    return {
      lab: `${this.visitor}.${technology.id}`,
      lab_delay_ms: delay_ms > 0 ? String(delay_ms) : undefined,
      lab_block: websocket_blocked && technology.uses_websocket ? "websocket" : undefined,
    };
  }

  #listener(recorder: Recorder): Listener {
    return {
      on_state: (state, detail) => recorder.on_state(state, detail),
      on_gap: () => undefined,
      on_message: (message: Message) => {
        const { number, sent_ms } = message.data as Sample;
        recorder.on_message(number, now_ms() - sent_ms);
      },
    };
  }

  /** Timers of browsers are coarse: whatever is due by now goes out. */
  #publish_due(): void {
    if (!this.running || document.hidden) {
      this.#due_ms = now_ms();
      return;
    }
    const step_ms = 1000 / this.settings.messages_per_s;
    // A page that slept does not make up for it.
    this.#due_ms = Math.max(this.#due_ms, now_ms() - 200);
    while (this.#due_ms <= now_ms()) {
      this.#due_ms += step_ms;
      const sample = { number: ++this.#number, sent_ms: now_ms(), filling: "" };
      sample.filling = "x".repeat(Math.max(0, this.settings.size_bytes - JSON.stringify(sample).length));
      this.#source.publish(sample).then(
        () => (this.source_trouble = ""),
        (error: Error) => (this.source_trouble = error.message),
      );
    }
  }

  async #tick(): Promise<void> {
    for (const { recorder } of this.#lanes) recorder.on_tick();
    this.#ticks++;
    if (this.wire === "measured" && this.#ticks % wire_every_ticks === 0) {
      this.#tallies = (await read_tallies(this.visitor)) ?? this.#tallies;
    }
    this.#on_change();
  }
}
