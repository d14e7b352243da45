// Who is connected with whom, and who begins: as every member sees it from the same roster. Pure.
import type { Member } from "../roster.ts";

/** Those that came first. */
export function meshOf(roster: Iterable<Member>, mostMembers: number): Map<string, Member> {
  const inOrder = [...roster].sort((one, other) => (isBefore(one, other) ? -1 : 1));
  return new Map(inOrder.slice(0, mostMembers).map((member) => [member.client, member]));
}

/** Of two members, the one that was there first makes the first offer. */
export function isBefore(one: Member, other: Member): boolean {
  const [since, otherSince] = [one.since ?? 0, other.since ?? 0];
  return since === otherSince ? one.client < other.client : since < otherSince;
}
