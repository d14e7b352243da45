// What waits to be published: kept while there is no connection, repeated when one broke, in order, and
// never doubled. Each publication has an idempotency key, by which the server knows it again for five
// minutes from the same publisher; where that cannot be relied on any more, `outcome_unknown` is told.
import { Backoff } from "./backoff.ts";
import { asError, CarillonError, type ErrorCode } from "./errors.ts";
import type { Wire } from "./message.ts";
import type { Timings } from "./timings.ts";
import type { Commands } from "./transport/transport.ts";

export interface Receipt {
  channel: string;
  epoch: string;
  offset: number;
  position: string;
  timestamp: number;
}

export interface OutboxOptions extends Pick<Timings, "repeatMs" | "backoffFirstMs" | "backoffLongestMs"> {
  /** Publications that may wait; more are refused with `queue_full`. */
  queueCount: number;
}

export interface OutboxHost {
  /** The way up, where there is one now. */
  commands(): Commands | undefined;
  /** As whom the server knows us: idempotency keys count for one publisher only. */
  publisher(): string | undefined;
  /** The token was refused. Whether another one may come: then it is sent again. */
  mendToken(): boolean;
}

interface Item {
  command: Wire;
  bytes: number;
  resolve(receipt: Receipt): void;
  reject(error: CarillonError): void;
  /** When it was first sent, and as whom. */
  sentAtMs: number | undefined;
  publisher: string | undefined;
  /** It may have arrived: a sending was never answered … */
  isUncertain: boolean;
  /** … before the one that is under way. */
  wasUncertain: boolean;
}

/** After these the server may have kept it all the same. */
const undecided: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["lost", "silent", "unreachable", "unavailable", "internal"]);

/** Under way at a time: far below the 1,000 keys that the server keeps of a publisher. */
const mostUnderWay = 100;
/** Characters of one request: a server takes 1 MiB, and every character may be three octets. */
const mostCharacters = 300_000;

export class Outbox {
  publishedCount = 0;
  repeatedCount = 0;
  readonly #options: OutboxOptions;
  readonly #host: OutboxHost;
  /** In the order of publishing: first those under way, then those that wait. */
  #items: Item[] = [];
  #underWay = new Set<Item>();
  #way: Commands | undefined;
  readonly #backoff: Backoff;
  #pausedUntilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions, host: OutboxHost) {
    this.#options = options;
    this.#host = host;
    this.#backoff = new Backoff(options.backoffFirstMs, options.backoffLongestMs);
  }

  get count(): number {
    return this.#items.length;
  }

  publish(command: Wire): Promise<Receipt> {
    if (this.#items.length >= this.#options.queueCount) {
      const text = `${this.#items.length} publications wait already`;
      return Promise.reject(new CarillonError("queue_full", text));
    }
    return new Promise((resolve, reject) => {
      const bytes = JSON.stringify(command).length;
      const never = { sentAtMs: undefined, publisher: undefined, isUncertain: false, wasUncertain: false };
      this.#items.push({ command, bytes, resolve, reject, ...never });
      this.pump();
    });
  }

  /** Sends what can be sent now. To be called whenever a way up may be there. */
  pump(): void {
    const way = this.#host.commands();
    if (!way || this.#waits()) return;
    // What is under way elsewhere must be decided first, or it could be overtaken.
    if (this.#underWay.size > 0 && (way !== this.#way || way.isSerial)) return;
    const items = this.#next(way);
    if (items.length === 0) return;
    this.#way = way;
    const publisher = this.#host.publisher();
    for (const item of items) {
      if (item.sentAtMs !== undefined) this.repeatedCount++;
      item.sentAtMs ??= Date.now();
      item.publisher ??= publisher;
      item.wasUncertain = item.isUncertain;
      item.isUncertain = true;
      this.#underWay.add(item);
    }
    const replies = way.send(items.map((item) => item.command));
    replies.forEach((reply, index) => {
      const item = items[index]!;
      reply.then((ok) => this.#onOk(item, ok), (thrown) => this.#onError(item, asError(thrown)));
    });
    if (!way.isSerial) this.pump();
  }

  /** Nothing will be sent any more. */
  fail(error: CarillonError): void {
    clearTimeout(this.#timer);
    const items = this.#items;
    this.#items = [];
    this.#underWay.clear();
    for (const item of items) item.reject(error);
  }

  #next(way: Commands): Item[] {
    const items: Item[] = [];
    let room = way.isSerial ? mostCharacters : Infinity;
    for (const item of [...this.#items]) {
      if (this.#underWay.size + items.length >= mostUnderWay) break;
      if (this.#underWay.has(item)) continue;
      if (item.isUncertain && !this.#isKnownAgain(item)) {
        this.#end(item).reject(new CarillonError("outcome_unknown", "whether this was published is not known"));
        continue;
      }
      room -= item.bytes;
      if (room < 0 && items.length > 0) break;
      items.push(item);
    }
    return items;
  }

  /** Whether the server will know that it has it, if it has. */
  #isKnownAgain(item: Item): boolean {
    const isInTime = Date.now() - item.sentAtMs! < this.#options.repeatMs;
    return isInTime && item.publisher === this.#host.publisher();
  }

  #waits(): boolean {
    const waitMs = this.#pausedUntilMs - Date.now();
    if (waitMs <= 0) return false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.pump(), waitMs);
    return true;
  }

  #onOk(item: Item, ok: Wire): void {
    if (!this.#underWay.has(item)) return;
    this.#end(item);
    this.publishedCount++;
    this.#backoff.reset();
    const { channel, epoch, offset, timestamp } = ok as unknown as Receipt;
    item.resolve({ channel, epoch, offset, position: `${epoch}:${offset}`, timestamp });
    this.pump();
  }

  #onError(item: Item, error: CarillonError): void {
    if (!this.#underWay.has(item)) return;
    this.#underWay.delete(item);
    // A session that began with this request is known by now; without one nothing was sent.
    item.publisher ??= this.#host.publisher();
    if (!undecided.has(error.code) || item.publisher === undefined) item.isUncertain = item.wasUncertain;
    const isMended = error.code === "unauthenticated" && this.#host.mendToken();
    if (!error.retryable && !isMended) this.#end(item).reject(error);
    else if (error.code !== "lost" || this.#way?.isSerial) this.#pause(error.waitMs);
    if (this.#underWay.size === 0 || !this.#way?.isSerial) this.pump();
  }

  #pause(adviceMs: number | undefined): void {
    const untilMs = Date.now() + (adviceMs ?? this.#backoff.next());
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }

  #end(item: Item): Item {
    this.#underWay.delete(item);
    this.#items = this.#items.filter((each) => each !== item);
    return item;
  }
}
