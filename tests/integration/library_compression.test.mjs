// An echo over permessage-deflate, as the public conformance suites try it: sizes, kinds of data,
// fragments, and every offer of windows and contexts.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { deflate, inflate, sample } from "../support/deflate.mjs";
import { parse_answer } from "../support/http_wire.mjs";
import { Random } from "../support/random.mjs";
import { Server, library_probe } from "../support/server.mjs";
import { frame, opcodes, parse_deflate_frame, upgrade_request } from "../support/websocket_wire.mjs";
import { open_wire } from "../support/wire.mjs";

const { binary, close, continuation, text } = opcodes;
const sizes = [16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
const most_messages = 1000;
/** Of one size: larger messages are sent less often, so that sanitizers end in time. */
const bytes_per_size = 2 * 1024 * 1024;
/** On their way at once. */
const batch_bytes = 256 * 1024;
/** Below it the server sends a message as it is. */
const least_bytes = 256;

/** @type {Record<string, (size: number, seed: number) => Buffer>} */
const kinds = {
  "text": (size, seed) => Buffer.from(sample(size, seed + 1)),
  "text of many octets each": (size, seed) => Buffer.from(`${seed}`.padStart(4, "0") + "žluťoučký ".repeat(size)).subarray(0, size),
  "octets that do not compress": (size, seed) => random_octets(size, seed),
};

/** @param {number} size @param {number} seed */
function random_octets(size, seed) {
  const random = new Random(seed + 1);
  return Buffer.from(Array.from({ length: size }, () => random.between(0, 255)));
}

/** A text must not be cut within a character. @param {Buffer} octets */
function whole_characters(octets) {
  return Buffer.from(octets.toString("utf8").replace(/\ufffd+$/, ""));
}

/** @param {number} size */
const count_of = (size) => Math.max(4, Math.min(most_messages, Math.floor(bytes_per_size / size)));

/**
 * The frames of one compressed message, cut into pieces of so many octets.
 * @param {number} opcode @param {Buffer} payload @param {number} piece_bytes
 */
function fragments(opcode, payload, piece_bytes) {
  const frames = [];
  for (let at = 0; at === 0 || at < payload.length; at += piece_bytes) {
    const fin = at + piece_bytes >= payload.length;
    frames.push(frame(at === 0 ? opcode : continuation, payload.subarray(at, at + piece_bytes), { fin, rsv: at === 0 ? 4 : 0 }));
  }
  return Buffer.concat(frames);
}

describe("an echo of compressed messages", () => {
  const server = new Server({ program: library_probe() });
  before(() => server.listening());
  after(() => server.stop());

  /** @param {import("node:test").TestContext} context @param {string} offers */
  async function open(context, offers) {
    const wire = await open_wire(context, server.url);
    wire.write(upgrade_request({ "Sec-WebSocket-Extensions": offers }, "GET /echo HTTP/1.1"));
    const answer = await wire.take((bytes, over) => parse_answer(bytes, over, "GET"), "the 101");
    assert.equal(answer.status, 101);
    const agreed = answer.fields.get("sec-websocket-extensions") ?? "";
    const bits = (/** @type {string} */ side) => Number(new RegExp(`${side}_max_window_bits=(\\d+)`).exec(agreed)?.[1] ?? 15);
    return { wire, agreed, client_bits: bits("client"), server_bits: bits("server") };
  }

  /**
   * Sends messages and checks each that comes back.
   * @param {Awaited<ReturnType<typeof open>>} peer @param {number} opcode @param {Buffer[]} messages
   * @param {number} [piece_bytes] of each frame that we send
   */
  async function echo(peer, opcode, messages, piece_bytes = Infinity) {
    const per_batch = Math.max(1, Math.floor(batch_bytes / messages[0].length));
    for (let at = 0; at < messages.length; at += per_batch) {
      const batch = messages.slice(at, at + per_batch);
      peer.wire.write(Buffer.concat(batch.map((each) => fragments(opcode, deflate(each, peer.client_bits), piece_bytes))));
      for (const sent of batch) {
        const back = await peer.wire.take(parse_deflate_frame, "an echo");
        assert.equal(back.opcode, opcode);
        assert.ok(back.fin);
        if (sent.length < least_bytes) assert.ok(!back.compressed);
        const payload = back.compressed ? inflate(back.payload, peer.server_bits) : back.payload;
        assert.ok(payload.equals(sent), `a message of ${sent.length} octets comes back as it was`);
      }
    }
  }

  /** @param {Awaited<ReturnType<typeof open>>} peer */
  async function part(peer) {
    peer.wire.write(frame(close, Buffer.from([3, 232])));
    assert.equal((await peer.wire.take(parse_deflate_frame, "the close frame")).payload.readUInt16BE(0), 1000);
    await peer.wire.ended();
  }

  for (const [kind, make] of Object.entries(kinds)) {
    test(`messages of every size: ${kind}`, async (context) => {
      const is_text = kind.startsWith("text");
      const peer = await open(context, "permessage-deflate; client_max_window_bits");
      for (const size of sizes) {
        // A few different ones: making them costs more than sending them.
        const different = Array.from({ length: 7 }, (_, seed) => make(size, seed)).map((each) => (is_text ? whole_characters(each) : each));
        await echo(peer, is_text ? text : binary, Array.from({ length: count_of(size) }, (_, index) => different[index % 7]));
      }
      await part(peer);
    });
  }

  test("messages in fragments of every size", async (context) => {
    const peer = await open(context, "permessage-deflate");
    for (const size of [1024, 16_384, 131_072]) {
      const messages = Array.from({ length: 8 }, (_, seed) => random_octets(size, seed));
      const texts = Array.from({ length: 8 }, (_, seed) => Buffer.from(sample(size, seed + 1)));
      for (const piece_bytes of [1, 7, 64, 256, 1024, 4096, 32_768].filter((each) => size / each <= 4096)) {
        await echo(peer, binary, messages, piece_bytes);
        await echo(peer, text, texts, piece_bytes);
      }
    }
    await part(peer);
  });

  const windows = Array.from({ length: 7 }, (_, index) => 9 + index);
  const offers = [
    "permessage-deflate; client_no_context_takeover",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits",
    ...windows.map((bits) => `permessage-deflate; server_max_window_bits=${bits}`),
    ...[8, ...windows].map((bits) => `permessage-deflate; client_max_window_bits=${bits}`),
    "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=11",
    "permessage-deflate; unknown=1, permessage-deflate; client_max_window_bits, permessage-deflate",
  ];
  for (const offer of offers) {
    test(`every message is within the windows of: ${offer}`, async (context) => {
      const peer = await open(context, offer);
      assert.match(peer.agreed, /^permessage-deflate/);
      const wanted = /server_max_window_bits=(9|1\d)/.exec(offer);
      if (wanted) assert.equal(peer.server_bits, Number(wanted[1]));
      for (const size of [16, 1024, 65_536, 131_072]) {
        // What repeats at a distance shows a window that is too large.
        const far = Buffer.concat([random_octets(Math.min(size, 20_000), size), Buffer.from(sample(size))]);
        const messages = [far, Buffer.concat([far, far]), Buffer.from(sample(size, 5))];
        await echo(peer, binary, messages);
        await echo(peer, binary, messages, 4096);
      }
      await part(peer);
    });
  }
});
