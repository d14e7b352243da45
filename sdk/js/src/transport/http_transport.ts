// What event streams and polls share: one reader for each group of channels, begun anew when the group
// changes; useful once every reader is, and over when one of them fails.
import { asError, CarillonError } from "../errors.ts";
import { ensureSession } from "./as_client.ts";
import { divide, namesOf } from "./groups.ts";
import { findRefused } from "./refused_channels.ts";
import type { Feed, Purpose, Transport, TransportHost } from "./transport.ts";

export interface GroupListener {
  onUseful(): void;
}

interface Reader {
  /** What it hears, and as whom. */
  names: string;
  abort: AbortController;
  isUseful: boolean;
}

export abstract class HttpTransport implements Transport {
  abstract readonly name: string;
  protected readonly host: TransportHost;
  #readers: Reader[] = [];
  #probe: AbortController | undefined;
  #isActive = false;
  #isUseful = false;
  #isOver = false;

  constructor(host: TransportHost) {
    this.host = host;
  }

  /** Reads until `signal` is aborted; its end, and whatever it throws, is the transport's end. */
  protected abstract read(feeds: readonly Feed[], listener: GroupListener, signal: AbortSignal): Promise<void>;
  /** Whether the way is open, shown without hearing anything. */
  protected abstract probe(feed: Feed, signal: AbortSignal): Promise<void>;

  start(purpose: Purpose): void {
    if (purpose === "hear") return this.activate();
    const [first] = this.host.feeds();
    const { signal } = (this.#probe = new AbortController());
    // Without a channel there is nothing to ask: that the server answers has been seen already.
    const probing = first ? this.probe(first, signal) : Promise.resolve();
    probing.then(() => this.#onUseful(), (thrown) => this.#onFailed(asError(thrown), [], signal));
  }

  activate(): void {
    if (this.#isActive) return;
    this.#probe?.abort();
    this.#isActive = true;
    this.feedsChanged();
  }

  feedsChanged(): void {
    if (!this.#isActive || this.#isOver) return;
    const { session } = this.host;
    if (session.isShown && session.token === undefined) return this.#beginSession();
    const groups = divide(this.host.feeds());
    for (const reader of this.#readers.splice(groups.length)) reader.abort.abort();
    groups.forEach((feeds, index) => {
      const names = [...namesOf(feeds), session.isShown ? session.client : ""].join();
      if (this.#readers[index]?.names !== names) this.#restart(index, names, feeds);
    });
    if (groups.length === 0) queueMicrotask(() => this.#onUseful());
  }

  tokenRenewed(): void {
    this.check();
  }

  /** From where they stand, all readers begin anew: cheap, and the surest test. */
  check(): void {
    for (const reader of this.#readers) reader.names = "";
    this.feedsChanged();
  }

  stop(): void {
    this.#isOver = true;
    this.#probe?.abort();
    for (const reader of this.#readers) reader.abort.abort();
    this.#readers = [];
  }

  /** The name of our own channel comes with it. */
  #beginSession(): void {
    ensureSession(this.host).then(
      () => this.feedsChanged(),
      (thrown) => this.#onFailed(asError(thrown), [], new AbortController().signal),
    );
  }

  #restart(index: number, names: string, feeds: Feed[]): void {
    this.#readers[index]?.abort.abort();
    const reader: Reader = { names, abort: new AbortController(), isUseful: false };
    this.#readers[index] = reader;
    const { signal } = reader.abort;
    const listener = {
      onUseful: () => {
        reader.isUseful = true;
        if (this.#readers.every((each) => each.isUseful)) this.#onUseful();
      },
    };
    this.read(feeds, listener, signal).then(
      () => this.#onFailed(new CarillonError("lost", "the connection ended"), feeds, signal),
      (thrown) => this.#onFailed(asError(thrown), feeds, signal),
    );
  }

  #onUseful(): void {
    if (this.#isUseful || this.#isOver) return;
    this.#isUseful = true;
    this.host.onUseful();
  }

  async #onFailed(error: CarillonError, feeds: readonly Feed[], signal: AbortSignal): Promise<void> {
    if (this.#isOver || signal.aborted) return;
    try {
      // The channels that are refused are wanted no more, so that the rest begins anew.
      if (await findRefused(this.host, feeds, error, signal)) return;
    } catch {
      // The first refusal tells more.
    }
    if (this.#isOver || signal.aborted) return;
    this.stop();
    this.host.onFailed(error);
  }
}
