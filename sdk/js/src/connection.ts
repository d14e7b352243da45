// Keeps one transport working: asks what the server offers, takes the best that gives useful traffic,
// falls back when it gives none, waits as the server advises, and climbs again later.
import { Backoff } from "./backoff.ts";
import { rank, type Requirements } from "./choose.ts";
import { discover, type Discovery } from "./discovery.ts";
import { watchNetwork } from "./environment.ts";
import { asError, CarillonError, type ErrorCode } from "./errors.ts";
import type { Http } from "./http.ts";
import { Ladder } from "./ladder.ts";
import type { State } from "./state.ts";
import type { Timings } from "./timings.ts";
import type { Tokens } from "./token.ts";
import type { Transport, TransportFactory, TransportHost } from "./transport/transport.ts";

/** What a transport tells that is not about the connection, and what it needs. */
export type TransportSurroundings = Omit<TransportHost, "urlOf" | "onUseful" | "onFailed">;

export interface ConnectionOptions {
  http: Http;
  tokens: Tokens;
  timings: Timings;
  /** Those that can be used here. */
  factories: ReadonlyMap<string, TransportFactory>;
  requirements: Requirements | undefined;
  surroundings: TransportSurroundings;
}

export interface ConnectionListener {
  onState(state: State): void;
  /** Something failed that is being mended. */
  onTrouble(error: CarillonError): void;
  /** A transport gives useful traffic, or none does any more. */
  onWay(transport: Transport | undefined, commandsUrl: string): void;
}

/** Where they are where the server does not say. */
const standardPaths: Record<string, string> = { longpoll: "api/messages/subscribe", polling: "api/messages" };
/** The server ended it for reasons that are no fault of the transport's. */
const orderlyEnds: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["shutdown", "slow", "idle", "replaced"]);
const tokenProblems: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["unauthenticated", "expired", "revoked"]);

export class Connection {
  readonly counts = { connections: 0, failures: 0, fallbacks: 0, upgrades: 0 };
  #state: State = { name: "idle" };
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #ladder: Ladder;
  readonly #backoff: Backoff;
  #discovery: Discovery | undefined;
  #abort = new AbortController();
  #active: Transport | undefined;
  #probe: Transport | undefined;
  /** When the active transport began to be useful. */
  #usefulAtMs: number | undefined;
  #lastTrouble: CarillonError | undefined;
  #triedFreshToken = false;
  /** The server's advice: no try before this. */
  #notBeforeMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #upgrade: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#ladder = new Ladder(options.timings);
    this.#backoff = new Backoff(options.timings.backoffFirstMs, options.timings.backoffLongestMs);
  }

  get state(): State {
    return this.#state;
  }
  /** The one that gives useful traffic now. */
  get transport(): Transport | undefined {
    return this.#usefulAtMs === undefined ? undefined : this.#active;
  }

  /** Connects if nothing is under way; the network counts as changed otherwise. */
  start(): void {
    if (this.#state.name === "closed") return;
    this.#unwatch ??= watchNetwork({ onChange: () => this.networkChanged(), onOffline: () => this.#onOffline() });
    if (this.#state.name === "denied") this.#triedFreshToken = false;
    if (["idle", "denied", "offline"].includes(this.#state.name)) this.#begin();
  }

  stop(state: State = { name: "closed" }): void {
    this.#halt();
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#setState(state);
  }

  feedsChanged(): void {
    this.#active?.feedsChanged();
  }

  tokenRenewed(): void {
    this.#active?.tokenRenewed();
  }

  /** What was heard of the network is no longer sure: look at once. */
  networkChanged(): void {
    // What the server asked for counts whatever the network does.
    if (Date.now() < this.#notBeforeMs) return;
    this.#backoff.reset();
    if (this.#state.name === "offline") this.#begin();
    else if (this.#state.name === "connecting" && this.#retry !== undefined) this.#open();
    else this.#active?.check();
  }

  /** Messages came: what carries them works. */
  progressed(): void {
    this.#backoff.reset();
  }

  /** The token was refused elsewhere. Whether another one is asked for. */
  mendToken(): boolean {
    if (!this.#options.tokens.canRenew) return false;
    if (this.#state.name === "connecting") return true;
    if (this.#triedFreshToken) return false;
    this.#onFailed(this.#active, new CarillonError("unauthenticated", "the token was refused"));
    return true;
  }

  // --- Beginning --------------------------------------------------------------------------------

  #begin(): void {
    this.#halt();
    this.#setState({ name: "connecting" });
    this.#discover((discovery) => this.#onDiscovered(discovery));
  }

  #discover(next: (discovery: Discovery) => void): void {
    const abort = (this.#abort = new AbortController());
    discover(this.#options.http, this.#options.timings.proofMs, abort.signal).then(
      (discovery) => { if (!abort.signal.aborted) next(discovery); },
      (thrown) => { if (!abort.signal.aborted) this.#onFailed(undefined, asError(thrown)); },
    );
  }

  #onDiscovered(discovery: Discovery): void {
    this.#discovery = discovery;
    const usable = [...discovery.transports.keys()].filter((name) => this.#options.factories.has(name));
    if (usable.length === 0) {
      const offered = [...discovery.transports.keys()].join(", ");
      return this.#deny(new CarillonError("no_transport", `none of the server's transports can be used: ${offered}`));
    }
    this.#ladder.set(rank(usable, this.#options.requirements));
    this.#open();
  }

  #open(): void {
    this.#drop();
    this.#clearTimers();
    this.#setState({ name: "connecting" });
    const transport = this.#make(this.#ladder.current, {
      onUseful: () => this.#onUseful(transport),
      onFailed: (error) => this.#onFailed(transport, error),
    });
    this.#active = transport;
    this.counts.connections++;
    transport.start("hear");
  }

  #make(name: string, listener: Pick<TransportHost, "onUseful" | "onFailed">): Transport {
    const discovery = this.#discovery!;
    const placeOf = (other: string) =>
      discovery.transports.get(other) ?? new URL(standardPaths[other]!, this.#options.http.base).href;
    const urlOf = (what: string) => (what === "commands" ? discovery.commands : placeOf(what));
    return this.#options.factories.get(name)!({ ...this.#options.surroundings, urlOf, ...listener });
  }

  #onUseful(transport: Transport): void {
    if (transport !== this.#active) return;
    this.#usefulAtMs = Date.now();
    this.#triedFreshToken = false;
    this.#announce();
    transport.activate();
    if (this.#ladder.isDegraded) this.#planUpgrade();
    else this.#upgrade = setTimeout(() => this.#ladder.settled(), this.#options.timings.upgradeFirstMs * 2);
  }

  #announce(): void {
    const { name } = this.#active!;
    this.#setState(this.#ladder.isDegraded
      ? { name: "degraded", transport: name, error: this.#lastTrouble }
      : { name: "online", transport: name });
    this.#listener.onWay(this.#active, this.#discovery!.commands);
  }

  // --- Failing ----------------------------------------------------------------------------------

  #onFailed(transport: Transport | undefined, error: CarillonError): void {
    if (transport !== this.#active) return;
    this.counts.failures++;
    const usefulMs = this.#usefulAtMs === undefined ? undefined : Date.now() - this.#usefulAtMs;
    this.#halt();
    this.#lastTrouble = error;
    this.#notBeforeMs = Date.now() + (error.waitMs ?? 0);
    this.#listener.onTrouble(error);
    if (tokenProblems.has(error.code)) return this.#onTokenRefused(error);
    if (!transport || error.code === "token_failed") {
      return error.retryable ? this.#waitOffline(error) : this.#deny(error);
    }
    if (error.waitMs !== undefined || orderlyEnds.has(error.code)) {
      return this.#openIn(this.#advised(error));
    }
    this.#step(error, usefulMs);
  }

  #step(error: CarillonError, usefulMs: number | undefined): void {
    if (usefulMs !== undefined && usefulMs >= this.#options.timings.provenMs) this.#backoff.reset();
    switch (this.#ladder.failed({ usefulMs, wasSilent: error.code === "silent" })) {
      case "same": return this.#openIn(this.#backoff.next());
      case "down": return this.#verify();
      case "bottom": return error.retryable ? this.#waitOffline(error) : this.#deny(error);
    }
  }

  /** Only where the server answers at all is the transport at fault. */
  #verify(): void {
    this.#setState({ name: "connecting" });
    this.#discover((discovery) => {
      this.#discovery = discovery;
      this.counts.fallbacks++;
      this.#ladder.descend();
      this.#open();
    });
  }

  #onTokenRefused(error: CarillonError): void {
    const { tokens } = this.#options;
    if (!tokens.canRenew || this.#triedFreshToken) return this.#deny(error);
    // What ended in order is replaced as usual; only a refusal of the fresh one is final.
    this.#triedFreshToken = true;
    tokens.forget();
    this.#openIn(error.waitMs ?? 0);
  }

  /** The server gives each client a moment of its own when it closes; other advice is spread here. */
  #advised(error: CarillonError): number {
    const waitMs = error.waitMs ?? 0;
    return error.code === "shutdown" ? waitMs : waitMs + this.#backoff.next();
  }

  #openIn(waitMs: number): void {
    this.#setState({ name: "connecting" });
    this.#retry = setTimeout(() => (this.#discovery ? this.#open() : this.#begin()), waitMs);
  }

  #waitOffline(error: CarillonError): void {
    const retryMs = (error.waitMs ?? 0) + this.#backoff.next();
    this.#setState({ name: "offline", error, retryMs });
    this.#retry = setTimeout(() => this.#begin(), retryMs);
  }

  #deny(error: CarillonError): void {
    this.#halt();
    this.#setState({ name: "denied", error });
  }

  #onOffline(): void {
    if (["idle", "denied", "closed"].includes(this.#state.name)) return;
    this.#halt();
    this.#waitOffline(new CarillonError("offline", "the device is offline"));
  }

  // --- Climbing ---------------------------------------------------------------------------------

  #planUpgrade(): void {
    clearTimeout(this.#upgrade);
    this.#upgrade = setTimeout(() => this.#tryBetter(this.#ladder.better), this.#ladder.nextUpgradeMs());
  }

  /** The first that shows useful traffic takes over; until then nothing changes for anybody. */
  #tryBetter([name, ...rest]: string[]): void {
    if (name === undefined) return this.#planUpgrade();
    const transport = this.#make(name, {
      onUseful: () => { if (transport === this.#probe) this.#climb(transport); },
      onFailed: (error) => {
        if (transport !== this.#probe) return this.#onFailed(transport, error);
        this.#probe = undefined;
        this.#tryBetter(rest);
      },
    });
    this.#probe = transport;
    transport.start("probe");
  }

  #climb(transport: Transport): void {
    this.#probe = undefined;
    this.#active?.stop();
    this.#listener.onWay(undefined, this.#discovery!.commands);
    this.#active = transport;
    this.counts.upgrades++;
    this.counts.connections++;
    this.#ladder.climbed(transport.name);
    this.#onUseful(transport);
  }

  // --- Ends -------------------------------------------------------------------------------------

  #halt(): void {
    this.#abort.abort();
    this.#clearTimers();
    this.#drop();
  }

  #drop(): void {
    const transport = this.#active;
    this.#active = undefined;
    this.#usefulAtMs = undefined;
    this.#probe?.stop();
    this.#probe = undefined;
    transport?.stop();
    if (transport) this.#listener.onWay(undefined, this.#discovery?.commands ?? "");
  }

  #clearTimers(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#upgrade);
    this.#retry = undefined;
  }

  #setState(state: State): void {
    if (state.name === "connecting" && this.#state.name === "connecting") return;
    this.#state = state;
    this.#listener.onState(state);
  }
}
