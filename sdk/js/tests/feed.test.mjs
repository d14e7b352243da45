import assert from "node:assert/strict";
import { test } from "node:test";
import { FeedState } from "../src/feed.ts";

/** @param {string} [after] */
function make_feed(after) {
  /** @type {any[]} */
  const told = [];
  const feed = new FeedState("c", after, {
    onMessage: ({ position }) => told.push(position),
    onGap: ({ from, position, missedCount }) => told.push({ from, position, missedCount }),
  });
  /** @param {string} position */
  const hear = (position) => {
    const [epoch, offset] = position.split(":");
    feed.message({ channel: "c", epoch, offset: Number(offset), position, timestamp: 1, data: null });
  };
  return { feed, hear, told };
}

test("each message is told once, in order", () => {
  const { feed, hear, told } = make_feed("a:1");
  for (const position of ["a:1", "a:2", "a:2", "a:3", "a:1", "a:4"]) hear(position);
  assert.deepEqual(told, ["a:2", "a:3", "a:4"]);
  assert.deepEqual([feed.position, feed.repeatedCount], ["a:4", 3]);
});

test("without a position the first message is where it begins", () => {
  const { hear, told } = make_feed();
  hear("a:7");
  hear("a:8");
  assert.deepEqual(told, ["a:7", "a:8"]);
});

test("a gap is told with what is missing, and what follows it is heard", () => {
  const { feed, hear, told } = make_feed("a:3");
  feed.gap("a:5");
  hear("a:6");
  feed.gap("b:0");
  hear("b:1");
  assert.deepEqual(told, [
    { from: "a:3", position: "a:5", missedCount: 2 }, "a:6",
    { from: "a:6", position: "b:0", missedCount: undefined }, "b:1",
  ]);
});

test("a gap backwards, behind a position that never was, loses nothing that follows", () => {
  const { feed, hear, told } = make_feed("a:99");
  feed.gap("a:6");
  hear("a:7");
  assert.deepEqual(told, [{ from: "a:99", position: "a:6", missedCount: undefined }, "a:7"]);
});

test("a hole that nobody told is told, but not where the server leaves messages out", () => {
  const strict = make_feed("a:1");
  strict.hear("a:4");
  strict.hear("b:3");
  assert.deepEqual(strict.told, [
    { from: "a:1", position: "a:3", missedCount: 2 }, "a:4",
    { from: "a:4", position: "b:2", missedCount: undefined }, "b:3",
  ]);
  const loose = make_feed("a:1");
  loose.feed.notContiguous();
  loose.hear("a:4");
  assert.deepEqual(loose.told, ["a:4"]);
});
