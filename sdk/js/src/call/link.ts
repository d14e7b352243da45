// One RTCPeerConnection with one member: its negotiation, tracks, channels, and what it has seen.
// Where it cannot be mended it is replaced by another one.
import { asError, type CarillonError } from "../errors.ts";
import { randomText } from "../random.ts";
import type { Sighting } from "./diagnosis.ts";
import type { LocalTrack } from "./local_media.ts";
import { Negotiation } from "./negotiation.ts";
import type { CallSignal, SignalBody, StreamKinds } from "./signal.ts";

export interface LinkOptions {
  isPolite: boolean;
  mayBegin: boolean;
  configuration: RTCConfiguration;
  peerConnection: typeof RTCPeerConnection;
  /** Kinds of our streams, as they are when a description is sent. */
  kinds(): StreamKinds;
  send(body: SignalBody): void;
  onState(state: RTCPeerConnectionState): void;
  onTrack(event: RTCTrackEvent): void;
  /** The channel for short words between the two is open, says something, or has ended. */
  onOpen(): void;
  onWord(text: string): void;
  onEnd(): void;
  onFileChannel(channel: RTCDataChannel): void;
  onError(error: CarillonError): void;
}

/** Both sides make it, so that there is always something to connect for. No browser gives others this id. */
const words = { label: "carillon", negotiated: true, id: 200 } as const;
const fileLabel = "file";

export class Link {
  /** Tells it from others between the same two. */
  readonly id = randomText();
  /** The other side's, once it has described itself. */
  remoteId: string | undefined;
  /** Kinds of the streams that come. */
  remoteKinds: StreamKinds = {};
  readonly #options: LinkOptions;
  readonly #connection: RTCPeerConnection;
  readonly #negotiation: Negotiation;
  readonly #words: RTCDataChannel;
  readonly #senders = new Map<string, RTCRtpSender>();
  readonly #candidates = new Set<string>();
  readonly #errors = new Set<number>();
  #isClosed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connection = new options.peerConnection(options.configuration);
    this.#negotiation = new Negotiation(this.#connection, {
      isPolite: options.isPolite,
      mayBegin: options.mayBegin,
      send: (description) => options.send({ ...description, streams: options.kinds() }),
    });
    this.#words = this.#connection.createDataChannel(words.label, words);
    this.#listen();
  }

  get isOpen(): boolean {
    return this.#words.readyState === "open";
  }

  get sighting(): Sighting {
    const servers = this.#connection.getConfiguration().iceServers ?? [];
    const urls = servers.flatMap((server) => server.urls);
    return { hasRelay: urls.some((url) => /^turns?:/.test(url)), candidates: this.#candidates, errors: this.#errors };
  }

  receive(signal: CallSignal): void {
    if (signal.type === "bye") return;
    if (signal.type !== "candidate") this.remoteKinds = signal.streams;
    this.#do(this.#negotiation.receive(signal));
  }

  /** The other side was to begin, and has not. */
  begin(): void {
    this.#do(this.#negotiation.begin());
  }

  restartIce(): void {
    this.#connection.restartIce();
  }

  configure(configuration: RTCConfiguration): void {
    try {
      this.#connection.setConfiguration(configuration);
    } catch (thrown) {
      this.#options.onError(asError(thrown, "no_path"));
    }
  }

  /** What we send from now on. A track in the place of another needs no negotiation. */
  show(tracks: readonly LocalTrack[]): void {
    for (const [slot, sender] of this.#senders) {
      if (tracks.some((each) => each.slot === slot)) continue;
      this.#connection.removeTrack(sender);
      this.#senders.delete(slot);
    }
    for (const { slot, track, stream } of tracks) {
      const sender = this.#senders.get(slot);
      if (!sender) this.#senders.set(slot, this.#connection.addTrack(track, stream));
      else if (sender.track !== track) this.#do(sender.replaceTrack(track));
    }
  }

  /** Nothing where the other side cannot hear it now. */
  say(word: object): void {
    if (this.isOpen) this.#words.send(JSON.stringify(word));
  }

  openFileChannel(): RTCDataChannel {
    return this.#connection.createDataChannel(fileLabel, { ordered: true });
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.close();
  }

  #listen(): void {
    const connection = this.#connection;
    const on = (target: EventTarget, name: string, listener: (event: never) => void) =>
      target.addEventListener(name, (event) => { if (!this.#isClosed) listener(event as never); });
    on(connection, "negotiationneeded", () => this.#do(this.#negotiation.offer()));
    on(connection, "icecandidate", (event: RTCPeerConnectionIceEvent) => this.#onCandidate(event.candidate));
    on(connection, "icecandidateerror", (event: RTCPeerConnectionIceErrorEvent) => this.#errors.add(event.errorCode));
    on(connection, "connectionstatechange", () => this.#options.onState(connection.connectionState));
    on(connection, "track", (event: RTCTrackEvent) => this.#options.onTrack(event));
    on(connection, "datachannel", ({ channel }: RTCDataChannelEvent) => {
      if (channel.label === fileLabel) this.#options.onFileChannel(channel);
      else channel.close();
    });
    on(this.#words, "open", () => this.#options.onOpen());
    on(this.#words, "message", ({ data }: MessageEvent) => this.#options.onWord(String(data)));
    on(this.#words, "close", () => this.#options.onEnd());
  }

  #onCandidate(candidate: RTCIceCandidate | null): void {
    if (candidate?.type) this.#candidates.add(candidate.type);
    this.#options.send({ type: "candidate", candidate: candidate?.toJSON() ?? null });
  }

  /** What the browser does not take is told, and mended by what watches the connection. */
  #do(work: Promise<void>): void {
    work.catch((thrown) => { if (!this.#isClosed) this.#options.onError(asError(thrown, "no_path")); });
  }
}
