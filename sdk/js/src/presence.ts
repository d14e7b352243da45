// Who is in a channel, and what they show of themselves: asked for, or kept up to date while somebody
// listens. It holds over lost connections and changes of transport, since it is read anew after each.
import { dataMembers } from "./data.ts";
import { Emitter } from "./emitter.ts";
import { asError, CarillonError } from "./errors.ts";
import type { Wire } from "./message.ts";
import { type LeaveCause, type Member, mostMembers, Roster, type RosterChange } from "./roster.ts";

export interface PresenceEvents {
  join: Member;
  /** It shows something else of itself, or its token does. */
  update: Member;
  leave: Member & { cause: LeaveCause };
  /** The roster is another one: after each of these, and once it is known who was there before. */
  change: ReadonlyMap<string, Member>;
  /** It cannot be known who is there: messages are heard all the same. */
  error: CarillonError;
}

export interface PresenceCount {
  clients: number;
  /** Those that are named, each once. */
  users: number;
}

/** What it needs of its channel. */
export interface PresenceHost {
  readonly name: string;
  readonly rosterMs: number;
  command(command: Wire): Promise<Wire>;
  /** Whether the channel is heard now. */
  isHeard(): boolean;
  /** Whether nobody tells us of joins and leaves. */
  isPolled(): boolean;
  wantedChanged(): void;
}

/** The protocol's own cap. */
const pageCount = 1_000;
/** Where they are told, somebody who asks now and then sees that the last one was not. */
const toldRarely = 12;
const retryMs = 500;
/** The server may hear of our being there a moment after it has answered. */
const mostConflicts = 10;

interface Waiter {
  resolve(): void;
  reject(error: CarillonError): void;
}

export class Presence extends Emitter<PresenceEvents> {
  readonly #host: PresenceHost;
  readonly #roster = new Roster();
  #isEntered = false;
  #isWanted = false;
  /** What I show. */
  #mine: Wire = {};
  #isTold = true;
  #isTelling = false;
  #waiters: Waiter[] = [];
  /** Counts what begins anew: answers to an earlier question do not count any more. */
  #run = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @internal */
  constructor(host: PresenceHost) {
    super();
    this.#host = host;
  }

  /** Who is there, by `client`, as far as it is known: kept up to date while somebody listens. */
  get roster(): ReadonlyMap<string, Member> {
    return this.#roster.members;
  }

  /** I am there from now on, and show `data`. Resolves once the server knows. */
  enter(data: unknown = null): Promise<void> {
    try {
      this.#mine = dataMembers(data);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
    this.#isEntered = true;
    this.#wantedChanged();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      void this.#tell();
    });
  }

  /** What others see of me from now on. */
  update(data: unknown): Promise<void> {
    return this.enter(data);
  }

  /** I show nothing any more, and am gone unless somebody listens to the channel. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#mine = { data: null };
    this.fail(new CarillonError("closed", "the channel was left"));
    this.#wantedChanged();
    void this.#tell();
  }

  /** Who is there now, by their ids: the first `limit`. */
  async members({ limit = pageCount }: { limit?: number } = {}): Promise<Member[]> {
    return (await this.#read(limit)).members;
  }

  async count(): Promise<PresenceCount> {
    const { clients, users } = await this.#ask({ limit: 0 });
    return { clients: Number(clients), users: Number(users) };
  }

  // --- For the channel --------------------------------------------------------------------------

  /** @internal Whether the channel is to be heard for it. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** @internal The channel is heard, over another connection. */
  onHeard(): void {
    this.check();
    if (this.#isEntered || !this.#isTold) void this.#tell();
  }

  /** @internal */
  onUnheard(): void {
    this.#run++;
    clearTimeout(this.#timer);
  }

  /** @internal Events may be missing, or something is allowed that was not. */
  check(): void {
    this.onUnheard();
    if (!this.#host.isHeard()) return;
    if (this.#listens) void this.#synchronise(this.#run);
    else this.#watch(this.#run);
  }

  /** @internal */
  onEvent(frame: Wire): void {
    if (!this.#listens) return;
    const changes = this.#roster.event(frame);
    if (changes) this.#emitAll(changes, changes.length > 0);
    else this.check();
  }

  /** @internal Nobody waits any more. */
  fail(error: CarillonError): void {
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }

  /** @internal */
  protected override listenersChanged(): void {
    this.#wantedChanged();
  }

  get #listens(): boolean {
    return this.hasListeners("join", "update", "leave", "change");
  }

  #wantedChanged(): void {
    const { version } = this.#roster;
    if (!this.#listens) this.#roster.forget();
    if (!this.#listens || version === undefined) this.check();
    const isWanted = this.#listens || this.#isEntered;
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#host.wantedChanged();
  }

  // --- The others -------------------------------------------------------------------------------

  /** Reads the roster; while pages come, events are held for it. */
  async #synchronise(run: number): Promise<void> {
    this.#roster.begin();
    try {
      const { members, version } = await this.#read(mostMembers);
      if (run !== this.#run) return;
      const isFirst = this.#roster.version === undefined;
      const changes = this.#roster.finish(members, version);
      if (!changes) return this.check();
      this.#emitAll(changes, isFirst || changes.length > 0);
      this.#watch(run);
    } catch (thrown) {
      if (run !== this.#run) return;
      const error = asError(thrown);
      if (error.retryable) return this.#later(error.waitMs ?? retryMs, () => this.check());
      this.#roster.forget();
      this.emit("error", error);
    }
  }

  /** Who polls is told nothing, and may have been gone for a while without knowing. */
  #watch(run: number): void {
    if (!this.#isEntered && !this.#listens) return;
    const isPolled = this.#host.isPolled();
    this.#later(this.#host.rosterMs * (isPolled ? 1 : toldRarely), async () => {
      if (isPolled && this.#isEntered) void this.#tell();
      // An answer without members says whether they are others now.
      const asked = this.#listens ? this.#ask({ limit: 0 }) : Promise.resolve<Wire>({});
      const { version } = await asked.catch((): Wire => ({}));
      if (run !== this.#run) return;
      if (!this.#listens || version === this.#roster.version) this.#watch(run);
      else this.check();
    });
  }

  #later(waitMs: number, next: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(next, waitMs);
  }

  /** Up to `limit`, by pages; the version is that of the first. */
  async #read(limit: number): Promise<{ members: Member[]; version: number }> {
    const members: Member[] = [];
    let version: number | undefined;
    for (let after: unknown; members.length < limit; ) {
      const page = await this.#ask({ limit: Math.min(pageCount, limit - members.length), after });
      version ??= Number(page["version"]);
      if (Array.isArray(page["members"])) members.push(...page["members"]);
      after = page["next"];
      if (after === undefined) break;
    }
    return { members, version: version ?? 0 };
  }

  #ask(members: Wire): Promise<Wire> {
    return this.#host.command({ type: "presence", channel: this.#host.name, ...members });
  }

  #emitAll(changes: readonly RosterChange[], isAnother: boolean): void {
    for (const { event, member } of changes) this.emit(event, member as PresenceEvents["leave"]);
    if (isAnother) this.emit("change", this.roster);
  }

  // --- Me ---------------------------------------------------------------------------------------

  /** One after the other, and of several that wait the latest alone. */
  async #tell(): Promise<void> {
    this.#isTold = false;
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let conflicts = 0; !this.#isTold && this.#host.isHeard(); ) {
      this.#isTold = true;
      const waiters = this.#waiters.splice(0);
      try {
        await this.#ask(this.#mine);
        for (const { resolve } of waiters) resolve();
      } catch (thrown) {
        const error = asError(thrown);
        if (error.code !== "conflict" ? error.retryable : ++conflicts < mostConflicts) {
          this.#waiters.unshift(...waiters);
          this.#isTold = false;
          await new Promise((resolve) => setTimeout(resolve, error.waitMs ?? retryMs));
        } else {
          for (const { reject } of waiters) reject(error);
        }
      }
    }
    this.#isTelling = false;
  }
}
