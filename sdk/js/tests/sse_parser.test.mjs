import assert from "node:assert/strict";
import { test } from "node:test";
import { SseParser } from "../src/sse_parser.ts";
import { read_vectors } from "./vectors.mjs";

const { decode, parse } = read_vectors("sse");
const streams = decode ?? parse;

/** @param {{ text?: string, hex?: string }} vector */
function octets_of({ text, hex }) {
  return text === undefined ? Buffer.from(hex ?? "", "hex") : Buffer.from(text);
}

test("every stream of the vectors gives its events, however it is cut", () => {
  assert.ok(streams.length > 30);
  for (const vector of streams) {
    if (vector.error) continue;
    const octets = octets_of(vector);
    const expected = vector.outputs.filter((/** @type {any} */ output) => output.event).map((/** @type {any} */ { event }) => event);
    for (let cut = 0; cut <= octets.length; cut++) {
      const parser = new SseParser();
      const events = [...parser.push(octets.subarray(0, cut)), ...parser.push(octets.subarray(cut))];
      assert.deepEqual(events, expected, `${vector.name}, cut at ${cut}`);
    }
    const parser = new SseParser();
    const events = [...octets].flatMap((octet) => parser.push(Uint8Array.of(octet)));
    assert.deepEqual(events, expected, `${vector.name}, octet by octet`);
  }
});

test("an event without an end is refused before it fills the memory", () => {
  const parser = new SseParser();
  const line = new TextEncoder().encode(`data: ${"x".repeat(1024 * 1024)}\n`);
  assert.throws(() => {
    for (let count = 0; count < 20; count++) parser.push(line);
  }, RangeError);
});
