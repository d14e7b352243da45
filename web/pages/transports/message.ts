// The message, the same on every transport, and what a reader tells its pane.

export interface Message {
  type: "message";
  channel: string;
  offset: number;
  epoch: string;
  /** Milliseconds since 1970, with three decimals. */
  timestamp: number;
  data?: unknown;
  encoding?: "base64";
}

/** The place right behind a message: what a reader sends as `after`. */
export function position_of(message: Message): string {
  return `${message.epoch}:${message.offset}`;
}

/** One line for the eye: the text where there is one, the JSON otherwise. */
export function text_of(message: Message): string {
  const { data } = message;
  if (message.encoding === "base64") return `binary, ${String(data)}`;
  if (typeof data === "string") return data;
  if (typeof data === "object" && data !== null && "text" in data && typeof data.text === "string") {
    return data.text;
  }
  return JSON.stringify(data);
}

export type State = "connecting" | "listening" | "waiting" | "cut";

export interface Listener {
  on_message(message: Message): void;
  on_state(state: State, detail?: string): void;
  /** The server cannot continue from where this reader stood. */
  on_gap(): void;
}

/** What a page may want otherwise; each is asked before every request. */
export interface ReaderOptions {
  /** More parameters. */
  query?: () => Record<string, string | undefined>;
  /** Between two short polls. */
  pause_ms?: () => number;
  on_request?: () => void;
  /** An answer to a poll, with so many messages in it. */
  on_answer?: (message_count: number) => void;
}

/** A way to hear one channel. It reconnects by itself until it is stopped. */
export interface Reader {
  start(position: string | undefined): void;
  /** Quiet at once: no callback follows. */
  stop(): void;
  readonly position: string | undefined;
}
