// The seam between the client and a way to hear: WebSocket, event stream, polls; later a data channel
// or WebTransport.
import type { CarillonError } from "../errors.ts";
import type { Http } from "../http.ts";
import type { Ephemeral, Message, Wire } from "../message.ts";
import type { Session } from "../session.ts";
import type { Timings } from "../timings.ts";
import type { Tokens } from "../token.ts";

/** A channel to hear, from where on. */
export interface Feed {
  channel: string;
  /** A position; undefined: from now. */
  after: string | undefined;
}

/** The way up: commands of the protocol and their replies, in order. */
export interface Commands {
  /** Commands are answered one request after the other, so that only one may be under way. */
  readonly isSerial: boolean;
  /** Replies are `ok` only; a refusal rejects, and so does a connection that ends before. */
  send(commands: readonly Wire[]): Promise<Wire>[];
}

/** What a transport is told and tells. After its `stop` it calls nothing. */
export interface TransportHost {
  readonly http: Http;
  readonly tokens: Tokens;
  readonly session: Session;
  readonly timings: Timings;
  readonly webSocket: WebSocketClass | undefined;
  /** Where the server has a transport, or takes commands. */
  urlOf(what: "websocket" | "sse" | "longpoll" | "polling" | "commands"): string;
  /** What is to be heard now, and from where. */
  feeds(): Feed[];

  /** There is useful traffic: more than an open connection. Called once. */
  onUseful(): void;
  onMessage(message: Message): void;
  onEphemeral(ephemeral: Ephemeral): void;
  /** Somebody joined, left, or shows something else. */
  onPresence(frame: Wire): void;
  /** Everything up to here is told: the channel is heard. */
  onPosition(channel: string, position: string): void;
  onGap(channel: string, position: string): void;
  /** This server leaves messages of the channel out for slow readers. */
  onNotContiguous(channel: string): void;
  /** This channel alone cannot be heard. */
  onRefused(channel: string, error: CarillonError): void;
  /** The end: it has stopped itself. */
  onFailed(error: CarillonError): void;
}

export type Purpose = "probe" | "hear";

export interface Transport {
  readonly name: string;
  /** It brings messages only: no ephemeral ones, no joins and leaves. */
  readonly isPolled?: boolean;
  /** Its own way up; without one, commands are posted. Usable once there was useful traffic. */
  readonly commands?: Commands;
  /** Connects and hears `feeds()`; as a probe it only shows whether the way is open. */
  start(purpose: Purpose): void;
  /** A probe that has shown it hears from now on. Otherwise nothing happens. */
  activate(): void;
  feedsChanged(): void;
  tokenRenewed(): void;
  /** The network may have changed: find out soon whether this still lives. */
  check(): void;
  stop(): void;
}

export type TransportFactory = (host: TransportHost) => Transport;

/** What browsers, Node 22, and npm's `ws` have in common. */
export type WebSocketClass = new (url: string, protocols?: string | string[]) => WebSocketLike;
export interface WebSocketLike {
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}
