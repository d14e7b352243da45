// The client: its channels, one connection for all of them, and what waits to be published.
import { Channel, type ChannelOptions } from "./channel.ts";
import type { Requirements } from "./choose.ts";
import { Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { asError, CarillonError } from "./errors.ts";
import { Http } from "./http.ts";
import { type Ephemeral, type Message, parseWire, type Wire } from "./message.ts";
import { Outbox, type Receipt } from "./outbox.ts";
import { randomText } from "./random.ts";
import { parseServerUrl } from "./server_url.ts";
import { Session } from "./session.ts";
import { type Signal, Signals } from "./signals.ts";
import type { State } from "./state.ts";
import { defaultTimings, type Timings } from "./timings.ts";
import { Tokens, type TokenSource } from "./token.ts";
import { makeFactories, type TransportName } from "./transport/factories.ts";
import { PostedCommands } from "./transport/posted_commands.ts";
import type { Commands, Feed, Transport, WebSocketClass } from "./transport/transport.ts";

export interface CarillonOptions {
  /** A token of your back end, or what fetches one: called again before it ends and when it is refused. */
  token?: TokenSource;
  /** For Node 18 and 20, which have none: npm's `ws`. */
  webSocket?: WebSocketClass;
  fetch?: typeof fetch;
  /** Only these; by default all that the server offers. */
  transports?: TransportName[];
  /** What the application needs: the transport that `chooseTransport` answers is tried first. */
  requirements?: Requirements;
  /** How many publications may wait; by default 1,000. */
  queueCount?: number;
  /** For odd networks. */
  timings?: Partial<Timings>;
}

export interface CarillonEvents {
  state: State;
  /** Something failed; `state` says what comes of it. */
  error: CarillonError;
  /** Another client has written to this one. */
  signal: Signal;
}

export interface Stats {
  state: State["name"];
  /** The one in use. */
  transport: string | undefined;
  /** Transports that were begun, that failed, and changes to a lesser and to a better one. */
  connections: number;
  failures: number;
  fallbacks: number;
  upgrades: number;
  /** Messages that were told, that came twice and were not told, and gaps. */
  messages: number;
  repeated: number;
  gaps: number;
  /** Publications that the server has, sendings that were repetitions, and what waits. */
  published: number;
  republished: number;
  queued: number;
}

/** Tries of a question that changes nothing. */
const mostTries = 5;
const retryMs = 500;

export class Carillon extends Emitter<CarillonEvents> {
  readonly #channels = new Map<string, Channel>();
  readonly #session = new Session();
  readonly #timings: Timings;
  readonly #tokens: Tokens;
  readonly #http: Http;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #signals: Signals;
  #way: Commands | undefined;
  #posted: PostedCommands | undefined;
  #waiting: { resolve(way: Commands): void; reject(error: CarillonError): void }[] = [];
  #syncs = false;
  #messageCount = 0;
  #gapCount = 0;
  readonly #keyPrefix = randomText();
  #lastKey = 0;

  /** Connects when a channel is listened to or published to, or with `connect()`. Fails with `bad_url`. */
  constructor(url: string, options: CarillonOptions = {}) {
    super();
    const webSocket = options.webSocket ?? (globalThis.WebSocket as unknown as WebSocketClass | undefined);
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#tokens = new Tokens(options.token);
    this.#tokens.onRenewed = () => this.#onTokenRenewed();
    this.#http = new Http(parseServerUrl(url), options.fetch ?? globalThis.fetch, this.#tokens);
    this.#connection = new Connection({
      http: this.#http,
      tokens: this.#tokens,
      timings: this.#timings,
      factories: makeFactories(webSocket, options.transports),
      requirements: options.requirements,
      surroundings: this.#surroundings(webSocket),
    }, {
      onState: (state) => this.#onState(state),
      onTrouble: (error) => this.emit("error", error),
      onWay: (transport, commandsUrl) => this.#onWay(transport, commandsUrl),
    });
    this.#outbox = new Outbox({ ...this.#timings, queueCount: options.queueCount ?? 1_000 }, {
      commands: () => this.#way,
      publisher: () => this.#tokens.user ?? this.#session.client,
      mendToken: () => this.#connection.mendToken(),
    });
    this.#signals = new Signals({
      commands: () => this.#way,
      channel: () => this.#ownChannel,
      onSignal: (signal) => this.emit("signal", signal),
      onError: (error) => this.emit("error", error),
    });
    this.#session.onChanged = () => this.#onSessionChanged();
  }

  get state(): State {
    return this.#connection.state;
  }

  /** What others see in `from.client` and in rosters, once there is a session. */
  get id(): string | undefined {
    return this.#session.client;
  }

  get stats(): Stats {
    const repeated = [...this.#channels.values()].reduce((sum, channel) => sum + channel.repeatedCount, 0);
    return {
      state: this.state.name,
      transport: this.#connection.transport?.name,
      ...this.#connection.counts,
      messages: this.#messageCount,
      repeated,
      gaps: this.#gapCount,
      published: this.#outbox.publishedCount,
      republished: this.#outbox.repeatedCount,
      queued: this.#outbox.count,
    };
  }

  /** The same object for the same name; the options count when it is made. */
  channel(name: string, options: ChannelOptions = {}): Channel {
    let channel = this.#channels.get(name);
    if (!channel) {
      channel = new Channel(name, options, {
        publish: (command) => this.#publish(command),
        command: (command, when) => this.#command(command, when),
        rosterMs: this.#timings.rosterMs,
        feedsChanged: () => this.#feedsChanged(),
        isPolled: () => this.#connection.transport?.isPolled === true,
        isMine: ({ from }) => from?.client !== undefined && from.client === this.#session.client,
        onGap: () => this.#gapCount++,
        newKey: () => `${this.#keyPrefix}-${++this.#lastKey}`,
      });
      this.#channels.set(name, channel);
    }
    return channel;
  }

  /**
   * Writes to one client that is in a channel with this one, where the server knows who is there. It is sent
   * once, as soon as there is a connection; after `lost` it may have arrived. It is heard as `signal`.
   */
  async signal(to: string, data: unknown): Promise<void> {
    this.#mustBeOpen();
    this.#connection.start();
    return this.#signals.send(to, data);
  }

  /** @internal An answer of the server's own, for what is built on the client. */
  async ask(path: string): Promise<Wire> {
    const { signal } = new AbortController();
    const { text } = await this.#http.text({ url: path, timeoutMs: this.#timings.requestMs, signal });
    return parseWire(text) ?? {};
  }

  /** Connects now; after `denied` it tries again. */
  connect(): void {
    for (const channel of this.#channels.values()) channel.forgive();
    this.#connection.start();
    this.#feedsChanged();
  }

  /** For programs that hear of the network what this client does not: look at once whether all is well. */
  networkChanged(): void {
    this.#connection.networkChanged();
  }

  /** Ends everything; what waits to be published fails with `closed`. */
  close(): void {
    this.#connection.stop();
    this.#tokens.stop();
    this.#giveUp(new CarillonError("closed", "the client was closed"));
  }

  // --- Up ---------------------------------------------------------------------------------------

  async #publish(command: Wire): Promise<Receipt> {
    this.#mustBeOpen();
    this.#connection.start();
    return this.#outbox.publish(command);
  }

  async #command(command: Wire, when: "now" | "connected"): Promise<Wire> {
    this.#mustBeOpen();
    if (when === "now") {
      if (!this.#way) throw new CarillonError("offline", "there is no connection now");
      return this.#way.send([command])[0]!;
    }
    for (let tries = 1; ; tries++) {
      const way = await this.#connected();
      try {
        return await way.send([command])[0]!;
      } catch (thrown) {
        const error = asError(thrown);
        if (!error.retryable || tries === mostTries) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.waitMs ?? retryMs));
      }
    }
  }

  #connected(): Promise<Commands> {
    this.#connection.start();
    if (this.#way) return Promise.resolve(this.#way);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #mustBeOpen(): void {
    const { state } = this;
    if (state.name === "closed") throw new CarillonError("closed", "the client was closed");
    if (state.name === "denied") throw state.error;
  }

  #giveUp(error: CarillonError): void {
    this.#outbox.fail(error);
    this.#signals.fail(error);
    for (const channel of this.#channels.values()) channel.presence.fail(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  // --- Down -------------------------------------------------------------------------------------

  #surroundings(webSocket: WebSocketClass | undefined) {
    const of = (name: string) => (name === this.#ownChannel ? this.#signals : this.#channels.get(name));
    return {
      http: this.#http,
      tokens: this.#tokens,
      session: this.#session,
      timings: this.#timings,
      webSocket,
      feeds: () => this.#feeds(),
      onMessage: (message: Message) => this.#onMessage(message),
      onEphemeral: (ephemeral: Ephemeral) => this.#channels.get(ephemeral.channel)?.onEphemeral(ephemeral),
      onPresence: (frame: Wire) => this.#channels.get(String(frame.channel))?.presence.onEvent(frame),
      onPosition: (channel: string, position: string) => of(channel)?.onPosition(position, channel),
      onGap: (channel: string, position: string) => of(channel)?.onGap(position, channel),
      onNotContiguous: (channel: string) => of(channel)?.onNotContiguous(channel),
      onRefused: (channel: string, error: CarillonError) => {
        of(channel)?.onRefused(error, channel);
        this.#feedsChanged();
      },
    };
  }

  #onMessage(message: Message): void {
    if (message.channel === this.#ownChannel) return this.#signals.onMessage(message);
    const channel = this.#channels.get(message.channel);
    if (!channel?.isWanted) return;
    this.#messageCount++;
    this.#connection.progressed();
    channel.onMessage(message);
  }

  #feeds(): Feed[] {
    const sources = [this.#signals, ...this.#channels.values()];
    return sources.map((source) => source.feed).filter((feed) => feed !== undefined);
  }

  /** Where signals are heard, while somebody listens to them. */
  get #ownChannel(): string | undefined {
    const { client } = this.#session;
    return client !== undefined && this.hasListeners("signal") ? `client:${client}` : undefined;
  }

  protected override listenersChanged(): void {
    this.#feedsChanged();
  }

  /** Once for all changes of a turn. */
  #feedsChanged(): void {
    if (this.#syncs || this.state.name === "closed") return;
    this.#syncs = true;
    queueMicrotask(() => {
      this.#syncs = false;
      if (["closed", "denied"].includes(this.state.name)) return;
      const wanted = [...this.#channels.values()].filter((channel) => channel.isWanted);
      if (wanted.length > 0) this.#connection.start();
      if (this.hasListeners("signal") || wanted.some(({ presence }) => presence.isWanted)) {
        this.#session.isShown = true;
      }
      this.#connection.feedsChanged();
    });
  }

  // --- The connection ---------------------------------------------------------------------------

  #onState(state: State): void {
    if (state.name === "denied") this.#giveUp(state.error);
    this.emit("state", state);
  }

  #onWay(transport: Transport | undefined, commandsUrl: string): void {
    const posted = this.#posted;
    this.#posted = undefined;
    this.#way = undefined;
    if (transport) {
      if (!transport.commands) {
        this.#posted = new PostedCommands(this.#http, this.#session, commandsUrl, this.#timings.requestMs);
      }
      this.#way = transport.commands ?? this.#posted;
    } else {
      for (const channel of this.#channels.values()) channel.onUnheard();
    }
    // Its requests are decided or repeated from here on; the way must be the new one by then.
    posted?.stop();
    if (!this.#way) return;
    for (const { resolve } of this.#waiting.splice(0)) resolve(this.#way);
    this.#outbox.pump();
    this.#signals.pump();
  }

  /** What is heard by requests is heard anew, as the new client. */
  #onSessionChanged(): void {
    if (!this.#session.isShown) return;
    for (const channel of this.#channels.values()) channel.onUnheard();
    this.#feedsChanged();
  }

  #onTokenRenewed(): void {
    for (const channel of this.#channels.values()) channel.forgive();
    this.#connection.tokenRenewed();
    this.#feedsChanged();
  }
}
