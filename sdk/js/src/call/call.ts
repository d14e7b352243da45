// A call: a channel whose members are connected with each other directly, each with each (a mesh).
import type { Carillon } from "../client.ts";
import { Emitter } from "../emitter.ts";
import { CarillonError } from "../errors.ts";
import type { LeaveCause, Member } from "../roster.ts";
import type { Signal } from "../signals.ts";
import { EarlySignals } from "./early_signals.ts";
import { LocalMedia, type MediaChoice, type Muted } from "./local_media.ts";
import { isBefore, meshOf } from "./mesh.ts";
import { watchMoves } from "./network_watch.ts";
import { Peer, type PeerHost } from "./peer.ts";
import { RtcConfig, rtcConfigPath } from "./rtc_config.ts";
import { type CallSignal, readSignal, type StreamKind } from "./signal.ts";

export interface CallOptions {
  /** Instead of what the server names (`GET /api/rtc/config`). */
  configuration?: RTCConfiguration;
  /** Where the platform has none: that of `@roamhq/wrtc` or the like. */
  peerConnection?: typeof RTCPeerConnection;
  /** Who comes when so many are there is not connected; by default 8. A mesh is for few. */
  mostMembers?: number;
}

export interface JoinOptions extends MediaChoice {
  /** What others see of me in the roster: a name, say. */
  data?: unknown;
}

/** `full`: it is joined, and waits for a place. */
export type CallState = "idle" | "joining" | "joined" | "full" | "left";

export interface CallEvents {
  state: CallState;
  /** Somebody has come: listen to it for streams and files. */
  peer: Peer;
  leave: { peer: Peer; cause: LeaveCause };
  /** What I show has changed: `call.streams`, `call.muted`. */
  local: ReadonlyMap<StreamKind, MediaStream>;
  /** Something failed, and the call goes on without it. */
  error: CarillonError;
}

const defaultMostMembers = 8;
const lookMs = 2_000;

export class Call extends Emitter<CallEvents> {
  readonly name: string;
  readonly #client: Carillon;
  readonly #options: CallOptions;
  readonly #media: LocalMedia;
  readonly #peers = new Map<string, Peer>();
  readonly #early = new EarlySignals();
  /** Who has said goodbye, by which connection, until the roster says so too. */
  readonly #gone = new Map<string, string>();
  #configuration: RtcConfig;
  #state: CallState = "idle";
  #self: string | undefined;
  #unlisten: (() => void)[] = [];
  /** Counts joins and leaves: what belongs to an earlier one has nothing to say any more. */
  #run = 0;

  /** @internal `client.call(name)` makes it. */
  constructor(client: Carillon, name: string, options: CallOptions) {
    super();
    this.name = name;
    this.#client = client;
    this.#options = options;
    this.#media = new LocalMedia(() => this.#onMediaChanged(), (error) => this.emit("error", error));
    this.#configuration = this.#makeConfiguration();
  }

  get state(): CallState {
    return this.#state;
  }

  /** Those that are connected, or are being connected, by their clients' ids. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  /** What I show: `camera` (with the microphone) and `screen`. */
  get streams(): ReadonlyMap<StreamKind, MediaStream> {
    return this.#media.streams;
  }

  get muted(): Readonly<Muted> {
    return this.#media.muted;
  }

  /**
   * Opens what is asked for, and enters. A camera that cannot be had is an `error` event, and the call is
   * joined without it. Rejects where the channel may not be entered.
   */
  async join({ data = null, audio = false, video = false }: JoinOptions = {}): Promise<void> {
    if (this.#state !== "idle" && this.#state !== "left") return;
    if (!this.#peerConnection) {
      throw new CarillonError("not_supported", "there is no WebRTC here", { hint: "Pass `peerConnection`, or take a browser." });
    }
    this.#setState("joining");
    const run = ++this.#run;
    const configuration = (this.#configuration = this.#makeConfiguration());
    const [errors] = await Promise.all([this.#media.use({ audio, video }), configuration.start()]);
    // It was left while the browser asked.
    if (run !== this.#run) return configuration.stop();
    for (const error of errors) this.emit("error", error);
    this.#listen();
    try {
      await this.#presence.enter(data);
    } catch (thrown) {
      // It was left meanwhile, and nobody waits.
      if (run !== this.#run) return;
      this.leave();
      throw thrown;
    }
  }

  /** The others hear of it at once. Devices are let go. */
  leave(): void {
    if (this.#state === "idle" || this.#state === "left") return;
    this.#run++;
    for (const peer of [...this.#peers.values()]) this.#remove(peer, "left", true);
    for (const end of this.#unlisten.splice(0)) end();
    this.#configuration.stop();
    this.#presence.leave();
    this.#media.stop();
    this.#gone.clear();
    this.#setState("left");
  }

  /** Chooses devices, or does without; what is not named stays. Rejects where one cannot be had. */
  async use(choice: MediaChoice): Promise<void> {
    const [error] = await this.#media.use(choice);
    if (error) throw error;
  }

  /** The browser asks what to show. */
  shareScreen(): Promise<void> {
    return this.#media.shareScreen();
  }

  stopScreen(): void {
    this.#media.stopScreen();
  }

  /** Switches the microphone or the picture off, or on again, without letting go of the device. */
  mute(change: Partial<Muted>): void {
    this.#media.mute(change);
  }

  /** What others see of me in the roster from now on. */
  update(data: unknown): Promise<void> {
    return this.#presence.update(data);
  }

  // --- Members ----------------------------------------------------------------------------------

  get #presence() {
    return this.#client.channel(this.name).presence;
  }

  get #peerConnection(): typeof RTCPeerConnection | undefined {
    return this.#options.peerConnection ?? globalThis.RTCPeerConnection;
  }

  #listen(): void {
    const timer = setInterval(() => this.#look(), lookMs);
    const leave = (event: Event) => { if (!(event as PageTransitionEvent).persisted) this.leave(); };
    globalThis.addEventListener?.("pagehide", leave);
    this.#unlisten = [
      this.#client.on("signal", (signal) => this.#onSignal(signal)),
      this.#presence.on("leave", (member) => this.#onLeave(member)),
      this.#presence.on("change", (roster) => this.#onRoster(roster)),
      this.#presence.on("error", (error) => this.emit("error", error)),
      watchMoves(() => {
        for (const peer of this.#peers.values()) peer.networkChanged();
      }),
      () => clearInterval(timer),
      () => globalThis.removeEventListener?.("pagehide", leave),
    ];
  }

  #onRoster(roster: ReadonlyMap<string, Member>): void {
    const self = this.#client.id;
    // Under another name we are somebody else to the others.
    if (this.#self !== self) for (const peer of [...this.#peers.values()]) this.#remove(peer, "missed");
    this.#self = self;
    if (self === undefined || !roster.has(self)) return;
    const mesh = meshOf(roster.values(), this.#options.mostMembers ?? defaultMostMembers);
    const members = mesh.has(self) ? mesh : new Map<string, Member>();
    this.#setState(mesh.has(self) ? "joined" : "full");
    for (const peer of [...this.#peers.values()]) if (!members.has(peer.id)) this.#remove(peer, "missed");
    for (const member of members.values()) {
      if (member.client === self || this.#gone.has(member.client)) continue;
      const peer = this.#peers.get(member.client);
      if (peer) peer.memberChanged(member);
      else this.#add(member);
    }
  }

  #onLeave(member: Member & { cause: LeaveCause }): void {
    this.#gone.delete(member.client);
    this.#early.forget(member.client);
    const peer = this.#peers.get(member.client);
    if (peer) this.#remove(peer, member.cause);
  }

  #add(member: Member): void {
    const peer = new Peer(member, this.#host());
    this.#peers.set(peer.id, peer);
    this.emit("peer", peer);
    for (const signal of this.#early.take(peer.id)) peer.receive(signal);
  }

  #remove(peer: Peer, cause: LeaveCause, saysBye = false): void {
    this.#peers.delete(peer.id);
    peer.stop(saysBye);
    this.emit("leave", { peer, cause });
  }

  #onSignal({ data, from }: Signal): void {
    const signal = readSignal(data);
    const client = from?.client;
    if (!signal || client === undefined || (signal.channel ?? this.name) !== this.name) return;
    if (signal.type === "offer" && this.#isBack(client, signal.connection)) this.#onRoster(this.#presence.roster);
    const peer = this.#peers.get(client);
    if (!peer) this.#early.keep(client, signal);
    else if (signal.type !== "bye") peer.receive(signal);
    else if (peer.isOf(signal)) {
      this.#gone.set(client, signal.connection);
      this.#remove(peer, "left");
    }
  }

  /** Whether somebody who has said goodbye, and stayed in the channel, calls again. */
  #isBack(client: string, connection: string): boolean {
    const gone = this.#gone.get(client);
    return gone !== undefined && (gone !== connection || connection === "") && this.#gone.delete(client);
  }

  #host(): PeerHost {
    return {
      channel: this.name,
      media: this.#media,
      peerConnection: this.#peerConnection!,
      isPolite: (id) => this.#self! < id,
      mayBegin: (member) => isBefore(this.#presence.roster.get(this.#self!) ?? member, member),
      configuration: () => this.#options.configuration ?? this.#configuration.current,
      send: (to: string, signal: CallSignal) => this.#client.signal(to, signal),
      onError: (error) => this.emit("error", error),
    };
  }

  // --- What changes around it -------------------------------------------------------------------

  #makeConfiguration(): RtcConfig {
    const isGiven = this.#options.configuration !== undefined;
    return new RtcConfig({
      ask: async () => (isGiven ? {} : this.#client.ask(rtcConfigPath)),
      onRenewed: (configuration) => {
        for (const peer of this.#peers.values()) peer.configure(configuration);
      },
      onError: (error) => this.emit("error", error),
    });
  }

  #onMediaChanged(): void {
    for (const peer of this.#peers.values()) peer.mediaChanged();
    this.emit("local", this.streams);
  }

  #look(): void {
    for (const peer of this.#peers.values()) peer.look().catch(() => {});
  }

  #setState(state: CallState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit("state", state);
  }
}
