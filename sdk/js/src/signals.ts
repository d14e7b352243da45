// From one client to another: what is sent, in order and once, and the channel of our own in which it is
// heard. The session's client has it, so that it is another one where the server has forgotten the session.
import { dataMembers } from "./data.ts";
import { asError, CarillonError } from "./errors.ts";
import { FeedState } from "./feed.ts";
import type { Message, Publisher, Wire } from "./message.ts";
import { parsePosition } from "./position.ts";
import type { Commands, Feed } from "./transport/transport.ts";

export interface Signal<Data = any> {
  data: Data;
  from?: Publisher;
  timestamp: number;
}

export interface SignalsHost {
  /** The way up, where there is one now. */
  commands(): Commands | undefined;
  /** The name of our own channel, where it is to be heard. */
  channel(): string | undefined;
  onSignal(signal: Signal): void;
  onError(error: CarillonError): void;
}

interface Item {
  command: Wire;
  resolve(): void;
  reject(error: CarillonError): void;
}

/** They are of use for seconds only. */
const mostWaiting = 100;

/** Of no epoch that a server has: what is retained comes, though somebody may listen late. */
const beforeAll = "0:0";

export class Signals {
  readonly #host: SignalsHost;
  #waiting: Item[] = [];
  #underWay = 0;
  #state: FeedState | undefined;
  #refused: string | undefined;

  constructor(host: SignalsHost) {
    this.#host = host;
  }

  /** Sent once, as soon as there is a connection; after `lost` it may have arrived. */
  async send(to: string, data: unknown): Promise<void> {
    const command: Wire = { type: "signal", to, ...dataMembers(data) };
    if (this.#waiting.length >= mostWaiting) {
      throw new CarillonError("queue_full", `${mostWaiting} signals wait already`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, resolve, reject });
      this.pump();
    });
  }

  /** To be called whenever a way up may be there. */
  pump(): void {
    const way = this.#host.commands();
    if (!way || (way.isSerial && this.#underWay > 0) || this.#waiting.length === 0) return;
    const items = this.#waiting.splice(0);
    this.#underWay += items.length;
    way.send(items.map(({ command }) => command)).forEach((reply, index) => {
      const { resolve, reject } = items[index]!;
      void reply.then(() => resolve(), (thrown) => reject(asError(thrown))).then(() => {
        this.#underWay--;
        this.pump();
      });
    });
  }

  fail(error: CarillonError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  // --- As a channel that is heard ---------------------------------------------------------------

  get feed(): Feed | undefined {
    const channel = this.#host.channel();
    if (channel === undefined || channel === this.#refused) return undefined;
    return { channel, after: this.#stateOf(channel).position ?? beforeAll };
  }

  /** A WebSocket brings them before we have asked: those before, and then these, come with the answer. */
  onMessage(message: Message): void {
    const state = this.#stateOf(message.channel);
    if (state.follows(message)) state.message(message);
  }

  onNotContiguous(channel: string): void {
    this.#stateOf(channel).notContiguous();
  }

  /** Never back: the server may hear for us from elsewhere than we have asked for. */
  onPosition(position: string, channel: string): void {
    const state = this.#stateOf(channel);
    const [last, next] = [parsePosition(state.position), parsePosition(position)];
    if (last?.epoch !== next?.epoch || (last && last.offset < next!.offset)) state.moved(position);
  }

  /** What is missing is too old to be of use. */
  onGap(position: string, channel: string): void {
    this.onPosition(position, channel);
  }

  onRefused(error: CarillonError, channel: string): void {
    this.#refused = channel;
    if (channel === this.#host.channel()) this.#host.onError(error);
  }

  #stateOf(channel: string): FeedState {
    if (this.#state?.channel === channel) return this.#state;
    return (this.#state = new FeedState(channel, undefined, {
      onMessage: ({ data, from, timestamp }) => this.#host.onSignal({ data, timestamp, ...(from && { from }) }),
      onGap: () => {},
    }));
  }
}
