// How far one channel has been heard: each message once and in order, or a gap that says what is missing.
import type { Gap, Message } from "./message.ts";
import { formatPosition, parsePosition, type Position } from "./position.ts";

export interface FeedListener {
  onMessage(message: Message): void;
  onGap(gap: Gap): void;
}

export class FeedState {
  readonly channel: string;
  /** Messages that came a second time, and were not told. */
  repeatedCount = 0;
  readonly #listener: FeedListener;
  #position: Position | undefined;
  #isContiguous = true;

  constructor(channel: string, after: string | undefined, listener: FeedListener) {
    this.channel = channel;
    this.#position = parsePosition(after);
    this.#listener = listener;
  }

  get position(): string | undefined {
    return this.#position && formatPosition(this.#position);
  }

  /** The server leaves messages out here for slow readers: holes are no gaps. */
  notContiguous(): void {
    this.#isContiguous = false;
  }

  /** Whether nothing is missing in front of it. */
  follows({ epoch, offset }: Message): boolean {
    const last = this.#position;
    return last?.epoch === epoch && (offset === last.offset + 1 || (offset > last.offset && !this.#isContiguous));
  }

  message(message: Message): void {
    const { epoch, offset } = message;
    const last = this.#position;
    if (last?.epoch === epoch && offset <= last.offset) {
      this.repeatedCount++;
      return;
    }
    // The server tells its gaps; should one ever be untold, it is told here.
    if (last && !this.follows(message)) this.gap(formatPosition({ epoch, offset: offset - 1 }));
    this.#position = { epoch, offset };
    this.#listener.onMessage(message);
  }

  /** Everything up to here was told. */
  moved(position: string): void {
    this.#position = parsePosition(position) ?? this.#position;
  }

  gap(text: string): void {
    const position = parsePosition(text);
    if (!position) return;
    const last = this.#position;
    this.#position = position;
    const missed = last?.epoch === position.epoch ? position.offset - last.offset : undefined;
    this.#listener.onGap({
      channel: this.channel,
      from: last && formatPosition(last),
      position: text,
      missedCount: missed !== undefined && missed >= 0 ? missed : undefined,
    });
  }
}
