import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/backoff.ts";
import { rank } from "../src/choose.ts";
import { Ladder } from "../src/ladder.ts";
import { defaultTimings } from "../src/timings.ts";

const useless = { usefulMs: undefined, wasSilent: false };
const brief = { usefulMs: 100, wasSilent: false };
const long = { usefulMs: 60_000, wasSilent: false };
const muted = { usefulMs: 60_000, wasSilent: true };

function make_ladder() {
  const ladder = new Ladder(defaultTimings);
  ladder.set(["websocket", "sse", "longpoll"]);
  return ladder;
}

test("what opened without useful traffic leads down at once, and the last rung is the bottom", () => {
  const ladder = make_ladder();
  for (const [step, next] of /** @type {const} */ ([["down", "sse"], ["down", "longpoll"]])) {
    assert.equal(ladder.failed(useless), step);
    ladder.descend();
    assert.equal(ladder.current, next);
  }
  assert.equal(ladder.failed(useless), "bottom");
  assert.deepEqual([ladder.isDegraded, ladder.better], [true, ["websocket", "sse"]]);
});

test("one short life is forgiven, two in a row are not; a long one clears the slate", () => {
  const ladder = make_ladder();
  assert.deepEqual([brief, long, brief, brief].map((ending) => ladder.failed(ending)), ["same", "same", "same", "down"]);
});

test("silence is a fault, however long it went well before", () => {
  assert.deepEqual([muted, muted].map((ending) => make_ladder().failed(ending)), ["same", "same"]);
  const ladder = make_ladder();
  assert.deepEqual([muted, muted].map((ending) => ladder.failed(ending)), ["same", "down"]);
});

test("it climbs later and later, and without fear once it has settled", () => {
  const ladder = make_ladder();
  const waits = Array.from({ length: 8 }, () => ladder.nextUpgradeMs());
  waits.forEach((wait, index) => {
    const bound = Math.min(defaultTimings.upgradeFirstMs * 2 ** index, defaultTimings.upgradeLongestMs);
    assert.ok(wait >= bound * 0.75 && wait <= bound, `${wait} of ${bound}`);
  });
  ladder.descend();
  ladder.climbed("websocket");
  ladder.settled();
  assert.equal(ladder.isDegraded, false);
  assert.ok(ladder.nextUpgradeMs() <= defaultTimings.upgradeFirstMs);
});

test("the backoff draws from nothing up to a bound that doubles to its end", () => {
  const highest = new Backoff(100, 1_000, () => 1);
  assert.deepEqual(Array.from({ length: 6 }, () => highest.next()), [100, 200, 400, 800, 1000, 1000]);
  highest.reset();
  assert.equal(highest.next(), 100);
  const lowest = new Backoff(100, 1_000, () => 0);
  assert.deepEqual([lowest.next(), lowest.next()], [0, 0]);
});

test("what fits the requirements comes first, then the server's order", () => {
  const offered = ["websocket", "sse", "longpoll", "polling"];
  assert.deepEqual(rank(offered, undefined), offered);
  assert.deepEqual(rank(offered, { serverToClient: true, simple: true }), ["sse", "websocket", "longpoll", "polling"]);
  assert.deepEqual(rank(offered, { infrequent: true }), ["longpoll", "websocket", "sse", "polling"]);
  assert.deepEqual(rank(offered, { videoStreaming: true }), offered, "no data channel is offered");
});
