// One other member of a call, for as long as it is in it: what it shows, how it is reached, and its files.
import type { CarillonError } from "../errors.ts";
import { Emitter } from "../emitter.ts";
import { parseWire } from "../message.ts";
import type { Member } from "../roster.ts";
import { Bucket } from "./bucket.ts";
import { diagnose } from "./diagnosis.ts";
import { FileExchange } from "./file_exchange.ts";
import type { FileReceiving } from "./file_receiving.ts";
import type { FileSending } from "./file_sending.ts";
import { Link } from "./link.ts";
import type { LocalMedia, Muted } from "./local_media.ts";
import { type Path, type PeerStats, StatsReader } from "./path.ts";
import { Recovery } from "./recovery.ts";
import type { CallSignal, SignalBody, StreamKind } from "./signal.ts";
import { SignalQueue } from "./signal_queue.ts";

/** `failed`: `error` says why; it is tried again by itself all the same. */
export type PeerState = "connecting" | "connected" | "reconnecting" | "failed" | "left";

export interface PeerEvents {
  state: PeerState;
  /** It shows or says something, or does not any more. */
  stream: { kind: StreamKind; stream: MediaStream | undefined };
  muted: Muted;
  /** It shows something else of itself: `peer.data`. */
  update: Peer;
  /** How it is reached is known, or another way. */
  path: Path | undefined;
  stats: PeerStats;
  /** It offers a file: `accept()` or `refuse()`. */
  file: FileReceiving;
}

/** What a peer needs of its call. */
export interface PeerHost {
  readonly channel: string;
  readonly media: LocalMedia;
  readonly peerConnection: typeof RTCPeerConnection;
  isPolite(id: string): boolean;
  /** Whether the first offer is ours. */
  mayBegin(member: Member): boolean;
  configuration(): RTCConfiguration;
  send(to: string, signal: CallSignal): Promise<unknown>;
  onError(error: CarillonError): void;
}

/** The side that is to begin has had so long. */
const beginMs = 4_000;
/** Connections that the other side may begin anew: so many at once, and one more in so long. */
const mostReplacedAtOnce = 5;
const replaceMs = 2_000;

export class Peer extends Emitter<PeerEvents> {
  readonly id: string;
  #member: Member;
  #state: PeerState = "connecting";
  #error: CarillonError | undefined;
  #path: Path | undefined;
  #muted: Muted = { audio: false, video: false };
  readonly #host: PeerHost;
  readonly #streams = new Map<StreamKind, MediaStream>();
  readonly #queue: SignalQueue;
  readonly #files: FileExchange;
  readonly #recovery: Recovery;
  readonly #statsReader = new StatsReader();
  readonly #replacements = new Bucket(mostReplacedAtOnce, replaceMs);
  #stats: PeerStats | undefined;
  #link: Link;
  #begin: ReturnType<typeof setTimeout> | undefined;

  /** @internal */
  constructor(member: Member, host: PeerHost) {
    super();
    this.id = member.client;
    this.#member = member;
    this.#host = host;
    this.#queue = new SignalQueue({
      send: (signal) => host.send(this.id, signal),
      // `forbidden`: it is leaving, as the roster will say.
      onFailed: (error) => { if (error.code !== "forbidden") host.onError(error); },
    });
    this.#files = new FileExchange(
      () => (this.#link.isOpen ? this.#link.openFileChannel() : undefined), (file) => this.emit("file", file));
    this.#recovery = new Recovery({
      isPolite: host.isPolite(this.id),
      restartIce: () => this.#link.restartIce(),
      rebuild: () => this.#rebuild(),
      onLate: () => this.#fail(),
    });
    this.#link = this.#makeLink();
  }

  get state(): PeerState {
    return this.#state;
  }

  /** Why it is `failed`, and what to try. */
  get error(): CarillonError | undefined {
    return this.#error;
  }

  /** Of its token, where it has one. */
  get user(): string | undefined {
    return this.#member.user;
  }

  get info(): unknown {
    return this.#member.info;
  }

  /** What it joined with. */
  get data(): any {
    return this.#member.data;
  }

  get path(): Path | undefined {
    return this.#path;
  }

  get streams(): ReadonlyMap<StreamKind, MediaStream> {
    return this.#streams;
  }

  /** What it has switched off. */
  get muted(): Muted {
    return this.#muted;
  }

  /** Offers a file, which begins to move when the other side accepts it. Fails with `too_large`. */
  sendFile(file: Blob & { name?: string }): FileSending {
    return this.#files.send(file);
  }

  /** The latest: every two seconds while it is connected. */
  get stats(): PeerStats | undefined {
    return this.#stats;
  }

  // --- For the call -----------------------------------------------------------------------------

  /** @internal */
  receive(signal: CallSignal): void {
    // What is for an earlier connection is late.
    if (signal.to !== undefined && signal.to !== this.#link.id) return;
    if (signal.connection !== this.#link.remoteId) {
      if (signal.type !== "offer" && signal.type !== "answer") return;
      // The other side has begun anew.
      if (this.#link.remoteId !== undefined) {
        if (signal.type === "answer" || !this.#replacements.take()) return;
        this.#replaceLink();
        this.#recovery.replaced();
      }
      this.#link.remoteId = signal.connection;
    }
    clearTimeout(this.#begin);
    this.#link.receive(signal);
  }

  /** @internal Whether the connection that said goodbye is the one in use. */
  isOf(signal: CallSignal): boolean {
    return signal.connection === this.#link.remoteId;
  }

  /** @internal Our streams, or what of them is muted, have changed. */
  mediaChanged(): void {
    this.#link.show(this.#host.media.tracks);
    this.#sayMuted();
  }

  /** @internal */
  memberChanged(member: Member): void {
    if (member === this.#member) return;
    this.#member = member;
    this.emit("update", this);
  }

  /** @internal */
  async look(): Promise<void> {
    if (this.#state !== "connected") return;
    const report = await this.#link.stats();
    this.#stats = this.#statsReader.read(report.values() as Iterable<Record<string, unknown>>, performance.now());
    this.#setPath(this.#stats.path);
    this.emit("stats", this.#stats);
  }

  /** @internal */
  configure(configuration: RTCConfiguration): void {
    this.#link.configure(configuration);
  }

  /** @internal */
  networkChanged(): void {
    if (this.#state !== "connecting") this.#recovery.networkChanged();
  }

  /** @internal */
  stop(saysBye: boolean): void {
    if (saysBye) this.#send({ type: "bye" });
    clearTimeout(this.#begin);
    this.#recovery.stop();
    this.#queue.stop();
    this.#link.close();
    this.#files.stop();
    for (const kind of [...this.#streams.keys()]) this.#setStream(kind, undefined);
    this.#setState("left");
  }

  // --- The connection ---------------------------------------------------------------------------

  #makeLink(): Link {
    const host = this.#host;
    const mayBegin = host.mayBegin(this.#member);
    const link: Link = new Link({
      isPolite: host.isPolite(this.id),
      mayBegin,
      configuration: host.configuration(),
      peerConnection: host.peerConnection,
      kinds: () => host.media.kinds,
      send: (body) => this.#send(body, link),
      onState: (state) => this.#onState(state),
      onTrack: (event) => this.#onTrack(event),
      onOpen: () => this.#onOpen(),
      onWord: (text) => this.#onWord(text),
      onEnd: () => {
        this.#files.onEnd();
        this.#recovery.onEnd();
        this.#setState("reconnecting");
      },
      onFileChannel: (channel) => this.#files.onChannel(channel),
      onError: (error) => host.onError(error),
    });
    link.show(host.media.tracks);
    if (!mayBegin) this.#begin = setTimeout(() => link.begin(), beginMs);
    return link;
  }

  #send(body: SignalBody, link: Link = this.#link): void {
    const { id, remoteId } = link;
    const head = { channel: this.#host.channel, connection: id };
    this.#queue.push(remoteId === undefined ? { ...head, ...body } : { ...head, to: remoteId, ...body });
  }

  #replaceLink(): void {
    clearTimeout(this.#begin);
    this.#link.close();
    this.#files.onEnd();
    for (const kind of [...this.#streams.keys()]) this.#setStream(kind, undefined);
    this.#link = this.#makeLink();
  }

  #rebuild(): void {
    this.#replaceLink();
    if (this.#state === "connected") this.#setState("reconnecting");
  }

  #onState(state: RTCPeerConnectionState): void {
    this.#recovery.onState(state);
    if (state === "connected") {
      this.#error = undefined;
      this.#setState("connected");
      this.look().catch(() => {});
    } else if (state === "failed") {
      this.#fail();
    } else if (state === "disconnected" && this.#state === "connected") {
      this.#setState("reconnecting");
    }
  }

  #fail(): void {
    this.#error = diagnose(this.#link.sighting);
    this.#setPath(undefined);
    this.#setState("failed");
  }

  #onOpen(): void {
    this.#sayMuted();
    this.#files.onOpen();
  }

  #sayMuted(): void {
    this.#link.say({ type: "muted", ...this.#host.media.muted });
  }

  #onWord(text: string): void {
    const word = parseWire(text);
    if (word?.type !== "muted") return;
    this.#muted = { audio: word["audio"] === true, video: word["video"] === true };
    this.emit("muted", this.#muted);
  }

  #onTrack({ streams: [stream] }: RTCTrackEvent): void {
    if (!stream) return;
    const kinds = this.#link.remoteKinds;
    const kind = (Object.hasOwn(kinds, stream.id) && kinds[stream.id]) || "camera";
    this.#setStream(kind, stream);
    stream.addEventListener("removetrack", () => {
      if (this.#streams.get(kind) === stream && stream.getTracks().length === 0) this.#setStream(kind, undefined);
    });
  }

  #setStream(kind: StreamKind, stream: MediaStream | undefined): void {
    if (this.#streams.get(kind) === stream) return;
    if (stream) this.#streams.set(kind, stream);
    else this.#streams.delete(kind);
    this.emit("stream", { kind, stream });
  }

  #setPath(path: Path | undefined): void {
    if (this.#path?.kind === path?.kind && this.#path?.protocol === path?.protocol) return;
    this.#path = path;
    this.emit("path", path);
  }

  #setState(state: PeerState): void {
    if (this.#state === state || this.#state === "left") return;
    this.#state = state;
    this.emit("state", state);
  }
}
