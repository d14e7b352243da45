import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster } from "../src/roster.ts";

/** @param {string} client @param {unknown} [data] */
const member = (client, data) => ({ client, ...(data === undefined ? {} : { data }), since: 1 });

/** @param {number} version @param {string} event @param {string} client @param {unknown} [data] */
const frame = (version, event, client, data) => ({
  type: "presence", channel: "c", event, version, clients: 1, users: 0,
  ...(event === "leave" ? { client, cause: "left" } : member(client, data)),
});

/** @param {any[] | undefined} changes */
const told = (changes) => changes?.map((change) => `${change.event} ${change.member.client}`);

/** @param {Roster} roster */
const there = (roster) => [...roster.members.keys()].join("");

/** @param {any[]} members @param {number} version */
function roster_of(members, version) {
  const roster = new Roster();
  roster.begin();
  assert.deepEqual(roster.finish(members, version), [], "who was there before has not joined");
  return roster;
}

test("events change it, each once", () => {
  const roster = roster_of([member("a")], 7);
  assert.deepEqual(told(roster.event(frame(7, "join", "a"))), [], "the page has it");
  assert.deepEqual(told(roster.event(frame(8, "join", "b"))), ["join b"]);
  assert.deepEqual(told(roster.event(frame(9, "update", "b", 1))), ["update b"]);
  assert.deepEqual(told(roster.event(frame(9, "update", "b", 2))), []);
  assert.deepEqual(roster.members.get("b"), member("b", 1));
  const [left] = roster.event(frame(10, "leave", "a")) ?? [];
  assert.deepEqual(left, { event: "leave", member: { client: "a", cause: "left" } });
  assert.equal(there(roster), "b");
});

test("a hole is noticed, and what has changed meanwhile is told once it was read anew", () => {
  const roster = roster_of([member("a"), member("b"), member("c")], 3);
  assert.equal(roster.event(frame(5, "join", "d")), undefined);
  assert.equal(there(roster), "abc", "nothing by halves");
  roster.begin();
  assert.deepEqual(told(roster.event(frame(9, "join", "e"))), [], "it waits for the pages");
  const changes = roster.finish([member("a"), member("b", 1), member("d")], 8);
  assert.deepEqual(told(changes), ["leave c", "update b", "join d", "join e"]);
  assert.equal(changes?.[0]?.member.cause, "missed");
  assert.equal(roster.version, 9);
});

test("events that come while pages are read make them one", () => {
  const roster = new Roster();
  roster.begin();
  // Behind the first page of version 4, a left and z came; the second page has z already.
  roster.event(frame(4, "join", "a"));
  roster.event(frame(5, "leave", "a"));
  roster.event(frame(6, "join", "z"));
  assert.deepEqual(roster.finish([member("a"), member("m"), member("z")], 4), []);
  assert.equal(there(roster), "mz");
});

test("pages with a hole behind them are read again, and the first time stays the first", () => {
  const roster = new Roster();
  roster.begin();
  roster.event(frame(6, "join", "b"));
  assert.equal(roster.finish([member("a")], 4), undefined);
  assert.deepEqual([there(roster), roster.version], ["", undefined]);
  roster.begin();
  assert.deepEqual(roster.finish([member("a"), member("b")], 6), []);
  assert.equal(there(roster), "ab");
});
