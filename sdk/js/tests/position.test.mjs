import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPosition, formatPositions, parsePosition, parsePositions } from "../src/position.ts";

test("positions are read and written", () => {
  assert.deepEqual(parsePosition("k3f9:42"), { epoch: "k3f9", offset: 42 });
  assert.equal(formatPosition({ epoch: "k3f9", offset: 0 }), "k3f9:0");
  for (const wrong of ["", "k3f9", "k3f9:", ":1", "K:1", "a:-1", "a:1.5", "abcdefghijklmnopq:1", "a:1 ", undefined, 7, null]) {
    assert.equal(parsePosition(wrong), undefined, String(wrong));
  }
});

test("position lists have one for each channel, or are none", () => {
  assert.equal(formatPositions(["a:1", undefined]), "a:1,-");
  assert.deepEqual(parsePositions("a:1,-", 2), ["a:1", undefined]);
  for (const [text, count] of /** @type {const} */ ([["a:1", 2], ["a:1,b:2", 1], ["a:1,x", 2], ["", 1], [null, 1], [undefined, 1]])) {
    assert.equal(parsePositions(text, count), undefined, String(text));
  }
});
