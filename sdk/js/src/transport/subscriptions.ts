// The subscriptions of one WebSocket, held against the channels that are to be heard.
import type { CarillonError } from "../errors.ts";
import { type Message, readEphemeral, readMessage, type Wire } from "../message.ts";
import type { Feed, TransportHost } from "./transport.ts";
import type { Waiter } from "./replies.ts";

type Ask = (command: Wire, waiter: Waiter) => void;
type Phase = "asked" | "heard" | "leaving" | "waiting";

interface Subscription {
  phase: Phase;
  /** From where it was asked for. */
  after: string | undefined;
  /**
   * What came before the answer: missed messages, or those of a subscription that the token has joined by
   * itself. Only the answer tells which.
   */
  held: Message[];
}

const retryMs = 1_000;

export class Subscriptions {
  readonly #host: TransportHost;
  readonly #ask: Ask;
  readonly #open = new Map<string, Subscription>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(host: TransportHost, ask: Ask) {
    this.#host = host;
    this.#ask = ask;
  }

  /** Asks for what is wanted and not there yet, and leaves what is not wanted any more. */
  sync(): void {
    const wanted = new Map(this.#host.feeds().map((feed) => [feed.channel, feed]));
    for (const feed of wanted.values()) if (!this.#open.has(feed.channel)) this.#subscribe(feed);
    for (const [channel, subscription] of [...this.#open]) {
      if (!wanted.has(channel) && subscription.phase !== "leaving") this.#leave(channel, () => {});
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#open.clear();
  }

  onFrame(frame: Wire): void {
    const { channel, position } = frame;
    if (typeof channel !== "string" || !this.#isHeard(channel)) return;
    if (frame.type === "message" || frame.type === "signal") {
      const message = readMessage(frame);
      if (message) this.#onMessage(message);
    } else if (frame.type === "ephemeral") {
      const ephemeral = readEphemeral(frame);
      if (ephemeral) this.#host.onEphemeral(ephemeral);
    } else if (frame.type === "presence") {
      this.#host.onPresence(frame);
    } else if (frame.type === "gap" && typeof position === "string") {
      this.#host.onGap(channel, position);
      // After a subscription that could not go on, this is where it begins.
      this.#host.onPosition(channel, position);
    }
  }

  #onMessage(message: Message): void {
    const subscription = this.#open.get(message.channel);
    if (subscription?.phase === "asked") subscription.held.push(message);
    else this.#host.onMessage(message);
  }

  #isHeard(channel: string): boolean {
    const phase = this.#open.get(channel)?.phase;
    return phase === "asked" || phase === "heard";
  }

  #subscribe({ channel, after }: Feed): void {
    const subscription: Subscription = { phase: "asked", after, held: [] };
    this.#open.set(channel, subscription);
    this.#ask(after === undefined ? { type: "subscribe", channel } : { type: "subscribe", channel, after }, {
      onOk: (reply) => this.#onSubscribed(channel, subscription, reply),
      onError: (error) => this.#onRefused(channel, subscription, error),
    });
  }

  #onSubscribed(channel: string, subscription: Subscription, reply: Wire): void {
    if (subscription.phase !== "asked") return;
    subscription.phase = "heard";
    for (const message of subscription.held.splice(0)) this.#host.onMessage(message);
    const position = String(reply["position"]);
    const isRecovered = reply["recovered"] !== false;
    if (reply["contiguous"] === false) this.#host.onNotContiguous(channel);
    if (reply["more"] === true && subscription.after !== undefined) {
      // More was missed than one subscription brings: again, from where it has come to.
      const again = () => this.#again(channel);
      const { after } = subscription;
      this.#leave(channel, isRecovered ? again : () => this.#askForRetained(channel, after, position));
    } else if (isRecovered) {
      this.#host.onPosition(channel, position);
    }
  }

  #onRefused(channel: string, subscription: Subscription, error: CarillonError): void {
    if (subscription.phase !== "asked") return;
    if (error.code === "lost") return;
    // The token has joined it: from now on, where we may have to hear what was before.
    if (error.code === "conflict") return this.#leave(channel, () => this.#again(channel));
    if (!error.retryable) {
      this.#open.delete(channel);
      return this.#host.onRefused(channel, error);
    }
    subscription.phase = "waiting";
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#open.get(channel) === subscription) this.#again(channel);
    }, error.waitMs ?? retryMs);
    this.#timers.add(timer);
  }

  /** Nothing of the channel is heard from here on; `next` follows when the server has left it too. */
  #leave(channel: string, next: () => void): void {
    const subscription = this.#open.get(channel)!;
    const isKnown = subscription.phase !== "waiting";
    subscription.phase = "leaving";
    const onGone = () => {
      if (this.#open.get(channel) !== subscription) return;
      this.#open.delete(channel);
      next();
      this.sync();
    };
    if (isKnown) this.#ask({ type: "unsubscribe", channel }, { onOk: onGone, onError: onGone });
    else onGone();
  }

  #again(channel: string): void {
    this.#open.delete(channel);
    const feed = this.#host.feeds().find((each) => each.channel === channel);
    if (feed) this.#subscribe(feed);
  }

  /** The refusal of a page after a position that is gone says from where everything is retained. */
  #askForRetained(channel: string, after: string | undefined, now: string): void {
    const subscription: Subscription = { phase: "leaving", after, held: [] };
    this.#open.set(channel, subscription);
    const goOn = (position: string | undefined) => {
      if (this.#open.get(channel) !== subscription) return;
      if (position !== undefined) this.#host.onGap(channel, position);
      this.#again(channel);
    };
    this.#ask({ type: "history", channel, after, limit: 1 }, {
      onOk: () => goOn(undefined),
      onError: (error) => { if (error.code !== "lost") goOn(error.retained ?? now); },
    });
  }
}
