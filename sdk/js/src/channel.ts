// One channel, as an application sees it: what it hears, and what it says.
import { dataMembers } from "./data.ts";
import { Emitter } from "./emitter.ts";
import { asError, type CarillonError } from "./errors.ts";
import { FeedState } from "./feed.ts";
import { type Ephemeral, type Gap, isObject, type Message, type Publisher, readMessage, type Wire } from "./message.ts";
import type { Receipt } from "./outbox.ts";
import { Presence } from "./presence.ts";
import type { Feed } from "./transport/transport.ts";

export interface ChannelOptions {
  /** Go on from this position. Without it: from now. */
  after?: string | undefined;
  /** Instead of `after`: first the latest so many messages, at most 1,000. */
  history?: number;
  /** `false`: my own messages are not told. */
  echo?: boolean;
}

export interface ChannelEvents {
  message: Message;
  ephemeral: Ephemeral;
  gap: Gap;
  /** It is heard now, from the position on; again over each connection. */
  subscribed: { channel: string; position: string };
  /** It cannot be heard: the rest of the client goes on. */
  error: CarillonError;
}

export interface PublishOptions {
  /** The conflation key: a newer message replaces an older one for readers that cannot keep up. */
  key?: string;
  /** The idempotency key; by default one of the client's own. */
  dedupe?: string;
}

export interface HistoryOptions {
  /** 1 to 1,000; by default 100. */
  limit?: number;
  /** The oldest behind this position … */
  after?: string;
  /** … or behind this timestamp … */
  since?: number;
  /** … or the latest before this position. Without any: the latest. */
  before?: string;
}

export interface HistoryPage {
  /** Oldest first. */
  messages: Message[];
  /** Where the next page begins: give it as `after`, or as `before` where that was given. */
  position: string;
  /** Whether there is a next page. */
  more: boolean;
  /** Some of what was asked for is retained no longer. */
  gap: boolean;
}

/** What a channel needs of its client. */
export interface ChannelHost {
  publish(command: Wire): Promise<Receipt>;
  readonly rosterMs: number;
  /** Once, now or never; questions wait for a connection first. */
  command(command: Wire, when: "now" | "connected"): Promise<Wire>;
  feedsChanged(): void;
  isMine(said: { from?: Publisher }): boolean;
  /** Whether the transport in use tells of messages only. */
  isPolled(): boolean;
  onGap(): void;
  newKey(): string;
}

/** It is subscribed to while somebody listens; after a while without, it goes on from where it stopped. */
export class Channel extends Emitter<ChannelEvents> {
  readonly name: string;
  /** Who is there. */
  readonly presence: Presence;
  readonly #host: ChannelHost;
  readonly #options: ChannelOptions;
  readonly #feed: FeedState;
  #isHeard = false;
  #isWanted = false;
  /** The latest messages are still to come: `history` in the options. */
  #isStarting = false;
  #refusal: CarillonError | undefined;

  /** @internal */
  constructor(name: string, options: ChannelOptions, host: ChannelHost) {
    super();
    this.name = name;
    this.#options = options;
    this.#host = host;
    this.#feed = new FeedState(name, options.after, {
      onMessage: (message) => {
        if (options.echo !== false || !host.isMine(message)) this.emit("message", message);
      },
      onGap: (gap) => {
        host.onGap();
        this.emit("gap", gap);
      },
    });
    this.presence = new Presence({
      name,
      rosterMs: host.rosterMs,
      command: (command) => host.command(command, "connected"),
      isHeard: () => this.#isHeard,
      isPolled: () => host.isPolled(),
      wantedChanged: () => {
        this.listenersChanged();
        host.feedsChanged();
      },
    });
  }

  /** Right behind the last message that was told: `after` for whoever goes on from here. */
  get position(): string | undefined {
    return this.#feed.position;
  }

  /** Why it cannot be heard, where it cannot. */
  get refusal(): CarillonError | undefined {
    return this.#refusal;
  }

  /**
   * Resolves once the server has taken it, with its position. Without a connection it waits; over a broken
   * one it is repeated, and never doubled.
   */
  publish(data: unknown, { key, dedupe = this.#host.newKey() }: PublishOptions = {}): Promise<Receipt> {
    try {
      const command: Wire = { type: "message", channel: this.name, ...dataMembers(data), dedupe };
      if (key !== undefined) command["key"] = key;
      return this.#host.publish(command);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  /** To who is there now: not kept, not repeated. Fails with `offline` where there is no connection. */
  async ephemeral(data: unknown): Promise<void> {
    await this.#host.command({ type: "ephemeral", channel: this.name, ...dataMembers(data) }, "now");
  }

  async history(options: HistoryOptions = {}): Promise<HistoryPage> {
    const reply = await this.#host.command({ type: "history", channel: this.name, ...options }, "connected");
    const { messages, position, more, gap } = reply;
    const list = Array.isArray(messages) ? messages.filter(isObject).map(readMessage) : [];
    return {
      messages: list.filter((message) => message !== undefined),
      position: String(position),
      more: more === true,
      gap: gap === true,
    };
  }

  // --- For the client ---------------------------------------------------------------------------

  /** @internal */
  get repeatedCount(): number {
    return this.#feed.repeatedCount;
  }

  /** @internal What transports are to hear, if anything. */
  get feed(): Feed | undefined {
    const isReady = this.#isWanted && !this.#isStarting && !this.#refusal;
    return isReady ? { channel: this.name, after: this.#feed.position } : undefined;
  }

  /** @internal Whether it is to be heard at all. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** @internal */
  onMessage(message: Message): void {
    this.#feed.message(message);
  }

  /** @internal */
  onEphemeral(ephemeral: Ephemeral): void {
    if (this.#options.echo !== false || !this.#host.isMine(ephemeral)) this.emit("ephemeral", ephemeral);
  }

  /** @internal */
  onGap(position: string): void {
    this.#feed.gap(position);
    this.presence.check();
  }

  /** @internal */
  onPosition(position: string): void {
    this.#feed.moved(position);
    if (this.#isHeard) return;
    this.#isHeard = true;
    this.emit("subscribed", { channel: this.name, position });
    this.presence.onHeard();
  }

  /** @internal The connection is over. */
  onUnheard(): void {
    this.#isHeard = false;
    this.presence.onUnheard();
  }

  /** @internal */
  onNotContiguous(): void {
    this.#feed.notContiguous();
  }

  /** @internal */
  onRefused(error: CarillonError): void {
    this.#refusal = error;
    this.emit("error", error);
    this.presence.fail(error);
  }

  /** @internal Another token may allow it. */
  forgive(): void {
    this.#refusal = undefined;
    this.presence.check();
  }

  /** @internal */
  protected override listenersChanged(): void {
    const isWanted = this.hasListeners("message", "ephemeral", "gap") || this.presence.isWanted;
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    // Who was refused, and comes back, asks again.
    this.#refusal = undefined;
    if (isWanted) this.#begin();
    else this.onUnheard();
    this.#host.feedsChanged();
  }

  #begin(): void {
    const { history } = this.#options;
    if (!history || this.position !== undefined) return;
    this.#isStarting = true;
    this.history({ limit: history }).then(
      (page) => {
        for (const message of page.messages) this.#feed.message(message);
        this.#feed.moved(page.position);
        this.#isStarting = false;
        this.#host.feedsChanged();
      },
      (thrown) => {
        this.#isStarting = false;
        this.onRefused(asError(thrown));
        this.#host.feedsChanged();
      },
    );
  }
}
