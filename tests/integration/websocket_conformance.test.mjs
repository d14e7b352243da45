// RFC 6455 byte by byte against the real server: handshakes, frames, and every way to close.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { read_answer } from "../support/http_wire.mjs";
import { Server } from "../support/server.mjs";
import {
  close_frame,
  frame,
  opcodes,
  open_websocket_wire,
  text_frame,
  upgrade_request,
} from "../support/websocket_wire.mjs";
import { soon } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

const { continuation, text, binary, close, ping, pong } = opcodes;
const limit_bytes = 65_536;

/** A ping command of exactly so many bytes. @param {number} size */
function command_of(size) {
  const bare = { type: "ping", id: 1, fill: "" };
  return JSON.stringify({ ...bare, fill: "x".repeat(size - JSON.stringify(bare).length) });
}

describe("WebSocket", () => {
  const server = new Server({});
  before(() => server.listening());
  after(() => server.stop());

  /** @param {import("node:test").TestContext} context @param {Uint8Array} [first] */
  const connect = (context, first) => open_websocket_wire(context, server.url, first);

  /** The one answer to a handshake that fails, on a connection that goes on.
   * @param {import("node:test").TestContext} context @param {string} request */
  const refusal = async (context, request) => {
    const wire = await open_wire(context, server.url);
    wire.write(request);
    const answer = await read_answer(wire);
    wire.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    assert.equal((await read_answer(wire)).status, 200);
    return answer;
  };

  test("a handshake without an upgrade, or of another version, is told what is spoken", async (context) => {
    const cases = [
      { Upgrade: undefined },
      { Connection: undefined },
      { Connection: "keep-alive" },
      { Upgrade: "h2c" },
      { "Sec-WebSocket-Version": "8" },
      { "Sec-WebSocket-Version": undefined },
      { "Sec-WebSocket-Version": "13, 8" },
    ];
    for (const fields of cases) {
      const answer = await refusal(context, upgrade_request(fields));
      assert.equal(answer.status, 426, JSON.stringify(fields));
      assert.equal(answer.fields.get("sec-websocket-version"), "13");
      assert.equal(answer.fields.get("upgrade"), "websocket");
      assert.equal(answer.fields.get("connection"), "Upgrade");
    }
  });

  test("a malformed handshake is a bad request", async (context) => {
    const key = "Sec-WebSocket-Key";
    const cases = [
      { [key]: undefined },
      { [key]: "" },
      { [key]: "short" },
      { [key]: "dGhlIHNhbXBsZSBub25jZQ=" },
      { [key]: "dGhlIHNhbXBsZSBub25jZQ==AAAA" },
      { [key]: "dGhl!HNhbXBsZSBub25jZQ==" },
      { [`${key}: dGhlIHNhbXBsZSBub25jZQ==\r\n${key}`]: "dGhlIHNhbXBsZSBub25jZQ==" },
      { "Sec-WebSocket-Protocol": "a b" },
      { "Sec-WebSocket-Protocol": "a, a" },
      { "Sec-WebSocket-Extensions": "a;=" },
    ];
    for (const fields of cases) {
      assert.equal((await refusal(context, upgrade_request(fields))).status, 400, JSON.stringify(fields));
    }
    const old = await open_wire(context, server.url);
    old.write(upgrade_request({}, "GET /ws HTTP/1.0"));
    assert.equal((await read_answer(old)).status, 400);
    assert.equal((await refusal(context, upgrade_request({}, "DELETE /ws HTTP/1.1"))).status, 405);
    assert.equal((await refusal(context, upgrade_request({ Origin: "https://evil.example" }))).status, 403);
    assert.equal((await refusal(context, upgrade_request({}, "GET /elsewhere HTTP/1.1"))).status, 404);
  });

  test("handshakes are read in any case, and extensions are declined", async (context) => {
    const wire = await open_wire(context, server.url);
    wire.write(
      upgrade_request({
        Upgrade: "x/1, WebSocket",
        Connection: "keep-alive, UPGRADE",
        "sec-websocket-protocol": "other, carillon.json",
        "Sec-WebSocket-Extensions": 'permessage-deflate; client_max_window_bits, x; y="z"',
      }),
    );
    const answer = await read_answer(wire);
    assert.equal(answer.status, 101);
    assert.equal(answer.fields.get("sec-websocket-protocol"), "carillon.json");
    assert.equal(answer.fields.has("sec-websocket-extensions"), false);
  });

  test("frames may come in one packet with the handshake", async (context) => {
    const socket = await connect(context, Buffer.concat([text_frame({ type: "ping", id: 1 }), frame(ping, "x")]));
    assert.deepEqual(await socket.json(), { type: "pong", id: 1 });
    assert.equal(String((await socket.frame()).payload), "x");
  });

  test("a frame may be cut at every byte", async (context) => {
    const other = await connect(context);
    const bytes = Buffer.concat([
      frame(text, '{"type":"pi', { fin: false }),
      frame(ping, "between"),
      frame(continuation, `ng","id":"${"ü".repeat(60)}"}`),
    ]);
    const socket = await connect(context);
    for (let at = 1; at < bytes.length; at++) {
      await socket.wire.written(bytes.subarray(0, at));
      await other.alive();  // another's answer between the two pieces
      socket.wire.write(bytes.subarray(at));
      assert.equal(String((await socket.frame()).payload), "between");
      assert.deepEqual(await socket.json(), { type: "pong", id: "ü".repeat(60) });
    }
  });

  test("pings come back with their octets, and pongs are nobody's business", async (context) => {
    const socket = await connect(context);
    for (const payload of [Buffer.alloc(0), Buffer.from([0, 0xff, 0xfe]), Buffer.alloc(125, 7)]) {
      socket.send(frame(pong, payload), frame(ping, payload));
      assert.deepEqual(await socket.frame(), { fin: true, opcode: pong, payload });
    }
  });

  test("a flood of pings is answered, each of them, and nobody is called slow", async (context) => {
    const socket = await connect(context);
    const count = 300_000;
    const flood = Buffer.concat(Array.from({ length: 1000 }, () => frame(ping)));
    for (let sent = 0; sent < count; sent += 1000) socket.wire.write(flood);
    const size = 2 * count;
    const heard = await socket.wire.take(
      (bytes) => (bytes.length < size ? undefined : { value: bytes.subarray(0, size), size }),
      "the pongs",
    );
    assert.ok(heard.equals(Buffer.alloc(size, Buffer.from([0x80 | pong, 0]))));
    await socket.alive();
  });

  test("a message may come in 100,000 fragments", async (context) => {
    const socket = await connect(context);
    const message = Buffer.from(command_of(50_000));
    const fragments = [frame(text, message.subarray(0, 1), { fin: false })];
    for (let at = 1; at < message.length; at++) {
      fragments.push(frame(continuation, "", { fin: false }));
      fragments.push(frame(continuation, message.subarray(at, at + 1), { fin: at === message.length - 1 }));
      if (at % 10_000 === 0) fragments.push(frame(ping, String(at)));
    }
    socket.send(...fragments);
    for (let at = 10_000; at < message.length; at += 10_000) {
      assert.equal(String((await socket.frame()).payload), String(at));
    }
    assert.equal((await socket.json()).type, "pong");
  });

  test("a message of 64 KiB is taken, one byte more is not", async (context) => {
    const socket = await connect(context);
    socket.send(text_frame(command_of(limit_bytes)));
    assert.equal((await socket.json()).type, "pong");
    socket.send(text_frame(command_of(limit_bytes + 1)));
    assert.equal(await socket.closed(), 1009);
  });

  /** @type {[string, number, Buffer[]][]} */
  const violations = [
    ["an unmasked frame", 1002, [frame(text, "{}", { masked: false })]],
    ["an unmasked ping", 1002, [frame(ping, "", { masked: false })]],
    ...[1, 2, 4, 7].map((rsv) => /** @type {[string, number, Buffer[]]} */ ([`reserved bits ${rsv}`, 1002, [frame(text, "{}", { rsv })]])),
    ["reserved bits of a ping", 1002, [frame(ping, "", { rsv: 4 })]],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => /** @type {[string, number, Buffer[]]} */ ([`opcode ${opcode}`, 1002, [frame(opcode, "x")]])),
    ["a ping in fragments", 1002, [frame(ping, "a", { fin: false })]],
    ["a long ping", 1002, [frame(ping, Buffer.alloc(126))]],
    ["a long close frame", 1002, [frame(close, Buffer.concat([Buffer.from([3, 232]), Buffer.alloc(124, 97)]))]],
    ["a continuation of nothing", 1002, [frame(continuation, "x")]],
    ["a continuation after a whole message", 1002, [frame(pong), frame(continuation, "x", { fin: false })]],
    ["a message within a message", 1002, [frame(text, "{", { fin: false }), frame(text, "}")]],
    ["a binary one within a text", 1002, [frame(text, "{", { fin: false }), frame(binary, "}")]],
    ["a length in more octets than it needs", 1002, [frame(text, "{}", { length_bits: 16 })]],
    ["a length in eight octets", 1002, [frame(text, "{}", { length_bits: 64 })]],
    ["a binary message", 1003, [frame(binary, "{}")]],
    ["a text that is no UTF-8", 1007, [frame(text, Buffer.from([0x22, 0xff, 0x22]))]],
    ["a surrogate", 1007, [frame(text, Buffer.from([0xed, 0xa0, 0x80]))]],
    ["an overlong character", 1007, [frame(text, Buffer.from([0xc0, 0xaf]))]],
    ["a character that is cut by the end", 1007, [frame(text, Buffer.from([0xe2, 0x82]))]],
    ["a character cut over fragments", 1007, [frame(text, Buffer.from([0xe2]), { fin: false }), frame(continuation, Buffer.from([0x82]))]],
    ["a bad octet in a fragment, before its message ends", 1007, [frame(text, Buffer.from([0x7b, 0xfe]), { fin: false })]],
    ["a bad octet in a frame, before the frame ends", 1007, [frame(text, Buffer.from([0x7b, 0xfe]), { length: 5_000 })]],
    ["a frame that says it is too long", 1009, [frame(text, "", { length: limit_bytes + 1 })]],
    ["a frame that says it is far too long", 1009, [frame(text, "", { length: 2 ** 40 })]],
    ["fragments that are too long together", 1009, [frame(text, "x".repeat(40_000), { fin: false }), frame(continuation, "x".repeat(40_000))]],
    ["a close frame with half a code", 1002, [frame(close, Buffer.from([3]))]],
    ["a close frame with bad UTF-8", 1007, [close_frame(1000, Buffer.from([0xff]))]],
    ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code) => /** @type {[string, number, Buffer[]]} */ ([`a close frame with ${code}`, 1002, [close_frame(code)]]),
    ),
    ...[1000, 1001, 1003, 1007, 1011, 3000, 3999, 4000, 4999].map(
      (code) => /** @type {[string, number, Buffer[]]} */ ([`a close frame with ${code}`, code, [close_frame(code, "bye")]]),
    ),
    ["an empty close frame", 1005, [close_frame()]],
  ];
  for (const [what, code, frames] of violations) {
    test(`${what}: closed with ${code}, readable whatever follows`, async (context) => {
      const socket = await connect(context);
      const after_it = [text_frame({ type: "ping", id: 1 }), frame(ping, "late"), frame(text, "x".repeat(60_000))];
      socket.send(...frames, ...after_it);
      assert.equal(await socket.closed(), code);
    });
  }

  test("a close frame is readable behind megabytes that nobody reads", async (context) => {
    const socket = await connect(context);
    socket.send(frame(3), Buffer.alloc(8_000_000));
    assert.equal(await socket.closed(), 1002);
  });

  test("a client that ends without a close frame leaves quietly", async (context) => {
    const socket = await connect(context);
    socket.send(frame(text, '{"ty', { fin: false }));
    socket.wire.end();
    await socket.wire.ended();
  });

  test("whatever a message says, the connection stays open and tells what is wrong", async (context) => {
    const socket = await connect(context);
    const deep = "[".repeat(10_000) + "]".repeat(10_000);
    /** @type {[unknown, string][]} */
    const cases = [
      ["", "bad_request"],
      ["{", "bad_request"],
      ["nonsense", "bad_request"],
      ["[]", "bad_request"],
      ["17", "bad_request"],
      ["null", "bad_request"],
      [deep, "bad_request"],
      ['{"type":"ping"}x', "bad_request"],
      ['{"type":"\\ud800"}', "bad_request"],
      [{}, "bad_request"],
      [{ type: 5 }, "bad_request"],
      [{ type: "unheard-of" }, "bad_request"],
      [{ type: "subscribe" }, "bad_request"],
      [{ type: "subscribe", channel: "" }, "bad_request"],
      [{ type: "subscribe", channel: "a b" }, "bad_request"],
      [{ type: "subscribe", channel: "x".repeat(129) }, "bad_request"],
      [{ type: "subscribe", channel: 7 }, "bad_request"],
      [{ type: "subscribe", channel: "c", after: "nowhere" }, "bad_request"],
      [{ type: "subscribe", channel: "c", history: -1 }, "bad_request"],
      [{ type: "history", channel: "c", limit: -5 }, "bad_request"],
      [{ type: "unsubscribe", channel: "never" }, "not_found"],
      [{ type: "connect", token: "x" }, "not_supported"],
      [{ type: "presence", channel: "c" }, "not_supported"],
    ];
    for (const [message, code] of cases) {
      socket.send(text_frame(message));
      const reply = await socket.json();
      assert.deepEqual([reply.type, reply.code], ["error", code], JSON.stringify([message, reply]).slice(0, 300));
    }
    await socket.alive();
  });

  test("commands of one packet are all answered, those of one channel in order", async (context) => {
    const socket = await connect(context);
    const count = 500;
    const publishes = Array.from({ length: count }, (_, id) =>
      text_frame({ type: "message", channel: `packet${id % 5}`, data: id, id }),
    );
    socket.send(...publishes, text_frame({ type: "history", channel: "packet0", limit: 1000, id: "last" }));
    /** @type {any[]} */
    const replies = [];
    while (replies.length < count + 1) replies.push(await socket.json());
    for (let channel = 0; channel < 5; channel++) {
      const mine = replies.filter((reply) => reply.type === "ok" && reply.id % 5 === channel);
      assert.deepEqual(mine.map((reply) => reply.id), Array.from({ length: count / 5 }, (_, at) => at * 5 + channel));
    }
    const history = replies.find((reply) => reply.id === "last");
    assert.deepEqual(history.messages.map((/** @type {any} */ each) => each.data), Array.from({ length: count / 5 }, (_, at) => at * 5));
  });

  test("whoever asks for more than the outbox holds and reads it, gets all of it", async (context) => {
    const socket = await open_socket(context, server.url);
    const channels = Array.from({ length: 20 }, (_, index) => `page${index}`);
    const per_channel = 15;
    for (const channel of channels) {
      const batch = Array.from({ length: per_channel }, () => ({ channel, data: "x".repeat(20_000) }));
      assert.equal((await server.http.post_json("/api/messages", batch)).status, 200);
    }
    for (const channel of channels) socket.send({ type: "subscribe", channel, history: 1000, id: channel });
    await socket.messages_up_to(channels.length * per_channel);
    for (const channel of channels) await socket.reply(channel);
    for (const channel of channels) socket.send({ type: "history", channel, limit: 1000, id: `h-${channel}` });
    for (const channel of channels) assert.equal((await socket.reply(`h-${channel}`)).messages.length, per_channel);
    await socket.settle();
  });

  test("npm's ws gets its close code back", async (context) => {
    for (const code of [1000, 3000, 4999]) {
      const socket = await open_socket(context, server.url);
      socket.send({ type: "ping" });
      socket.close(code);
      assert.equal(await soon(socket.closed, { what: "the close" }), code);
    }
  });
});
