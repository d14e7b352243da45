// Who is in a channel, as pages and events tell it: whole again after every hole. Pure: no timer, no I/O.
import type { Wire } from "./message.ts";

export interface Member<Data = any, Info = any> {
  /** One running program, however many connections it has. */
  client: string;
  user?: string;
  /** Of its token. */
  info?: Info;
  /** What it shows of itself. */
  data?: Data;
  /** Milliseconds since 1970, with three decimals. */
  since?: number;
}

/** `left` and `closed`: on purpose; `lost`: it vanished; `ended`: sent away; `missed`: while we heard nothing. */
export type LeaveCause = "left" | "closed" | "lost" | "ended" | "missed";

/** A change that is told; the member of a `leave` has its cause. */
export interface RosterChange {
  event: "join" | "update" | "leave";
  member: Member & { cause?: LeaveCause };
}

/** As many as a server lets into one channel by default; more are told of, but not held. */
export const mostMembers = 20_000;

export class Roster {
  members = new Map<string, Member>();
  /** Every change up to it is in. */
  version: number | undefined;
  /** While pages are read, what is told waits for them. */
  #held: Wire[] | undefined;

  /** Pages are about to be read. */
  begin(): void {
    this.#held = [];
  }

  forget(): void {
    this.members = new Map();
    this.version = this.#held = undefined;
  }

  /**
   * All pages have been read, the first of them as of `version`. Returns what has changed since the last
   * time, nothing where it is the first; undefined where events are missing, so that it must be read again.
   */
  finish(members: readonly Member[], version: number): RosterChange[] | undefined {
    const before = { members: this.members, version: this.version };
    const held = this.#held ?? [];
    this.#held = undefined;
    this.members = new Map(members.map((member) => [member.client, member]));
    this.version = version;
    for (const frame of held) {
      if (this.#apply(frame) !== undefined) continue;
      Object.assign(this, before);
      return undefined;
    }
    return before.version === undefined ? [] : differences(before.members, this.members);
  }

  /** Returns what has changed; undefined where events before it are missing. */
  event(frame: Wire): RosterChange[] | undefined {
    if (!this.#held) return this.version === undefined ? [] : this.#apply(frame);
    if (this.#held.length < mostMembers) this.#held.push(frame);
    return [];
  }

  #apply({ type, channel, event, version, clients, users, ...rest }: Wire): RosterChange[] | undefined {
    if ((version as number) <= this.version!) return [];
    if (version !== this.version! + 1) return undefined;
    this.version = version;
    const change = { event, member: rest as unknown as Member } as RosterChange;
    const { client } = change.member;
    const known = this.members.get(client);
    if (event === "leave") return this.members.delete(client) ? [change] : [];
    if (known || this.members.size < mostMembers) this.members.set(client, change.member);
    // A page may have told of it before.
    if (known) return isSame(known, change.member) ? [] : [{ event: "update", member: change.member }];
    return [change];
  }
}

function differences(before: Map<string, Member>, after: Map<string, Member>): RosterChange[] {
  const changes: RosterChange[] = [];
  for (const [client, member] of before) {
    if (!after.has(client)) changes.push({ event: "leave", member: { ...member, cause: "missed" } });
  }
  for (const [client, member] of after) {
    const known = before.get(client);
    if (!known) changes.push({ event: "join", member });
    else if (!isSame(known, member)) changes.push({ event: "update", member });
  }
  return changes;
}

/** Both were read from JSON, with their members in one order. */
function isSame(one: Member, other: Member): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
