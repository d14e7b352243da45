// permessage-deflate (RFC 7692) between the real server and npm's `ws`, and frame by frame.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { deflate, inflate, sample } from "../support/deflate.mjs";
import { parse_answer } from "../support/http_wire.mjs";
import { metric } from "../support/metrics.mjs";
import { Server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";
import { frame, opcodes, parse_deflate_frame, upgrade_request } from "../support/websocket_wire.mjs";
import { open_wire } from "../support/wire.mjs";

const { continuation, text, close, ping } = opcodes;
const both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/** Cut before their server ends, which would wait for their close frames. @type {import("../support/wire.mjs").Wire[]} */
const wires = [];

/** @param {import("node:test").TestContext} context @param {import("../support/server.mjs").ServerOptions} [options] */
async function start_server(context, options = {}) {
  const server = new Server(options);
  context.after(async () => {
    for (const wire of wires.splice(0)) wire.cut();
    await server.stop();
  });
  await server.listening();
  return server;
}

/** @param {string} [more] keys of [websocket] */
const config_of = (more = "") => `[websocket]\ncompression = "on"\n${more}\n`;

/**
 * Upgrades with these offers; the frames are the test's to look at.
 * @param {import("node:test").TestContext} context @param {string} url @param {string} [offers]
 */
async function open_compressed_wire(context, url, offers = "permessage-deflate") {
  const wire = await open_wire(context, url);
  wires.push(wire);
  wire.write(upgrade_request({ "Sec-WebSocket-Extensions": offers }));
  const answer = await wire.take((bytes, over) => parse_answer(bytes, over, "GET"), "the 101");
  assert.equal(answer.status, 101, String(answer.body));
  const next = () => wire.take(parse_deflate_frame, "a frame");
  const message = async () => {
    const { payload, compressed } = await next();
    return { compressed, ...JSON.parse((compressed ? inflate(payload) : payload).toString()) };
  };
  /** @param {...Uint8Array} frames */
  const send = (...frames) => wire.write(Buffer.concat(frames));
  const closed = async () => {
    const { opcode, payload } = await next();
    assert.equal(opcode, close);
    await wire.ended();
    return payload.readUInt16BE(0);
  };
  assert.equal((await message()).type, "welcome");
  return { agreed: answer.fields.get("sec-websocket-extensions"), send, next, message, closed };
}

/** @param {unknown} command */
const compressed_command = (command) => frame(text, deflate(JSON.stringify(command)), { rsv: 4 });

test("it is off unless the configuration turns it on", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url, { perMessageDeflate: true });
  assert.equal(socket.extensions, "");
  const wire = await open_compressed_wire(context, server.url);
  assert.equal(wire.agreed, undefined);
  wire.send(frame(text, deflate('{"type":"ping"}'), { rsv: 4 }));
  assert.equal(await wire.closed(), 1002);
});

test("the first offer that can be honoured is accepted, and an odd one is no error", async (context) => {
  const server = await start_server(context, { config: config_of() });
  const cases = {
    "permessage-deflate": both,
    "permessage-deflate; client_max_window_bits": both,
    "permessage-deflate; server_max_window_bits=10": `${both}; server_max_window_bits=10`,
    "permessage-deflate; server_max_window_bits=8": undefined,
    "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=9":
      `${both}; server_max_window_bits=9`,
    "permessage-deflate; nonsense": undefined,
    "permessage-deflate; client_no_context_takeover=1": undefined,
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover": undefined,
    "permessage-bzip2, permessage-deflate": both,
  };
  for (const [offers, agreed] of Object.entries(cases)) {
    const wire = await open_compressed_wire(context, server.url, offers);
    assert.equal(wire.agreed, agreed, offers);
    wire.send(frame(ping, "?"));
    assert.equal((await wire.next()).payload.toString(), "?");
  }
});

test("npm's ws and the server understand each other under every agreement", async (context) => {
  const clients = [
    true,
    { threshold: 0 },
    { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
    { threshold: 0, serverMaxWindowBits: 12, clientMaxWindowBits: 8 },
    { threshold: 0, serverMaxWindowBits: 15, clientMaxWindowBits: 15, clientNoContextTakeover: true },
  ];
  for (const more of ["", 'compression_context = "server"', 'compression_context = "client"',
    'compression_context = "both"\ncompression_window_bits = 10', 'compression_context = "both"']) {
    const server = await start_server(context, { config: config_of(more) });
    for (const perMessageDeflate of clients) {
      const socket = await open_socket(context, server.url, { perMessageDeflate });
      assert.match(socket.extensions, /^permessage-deflate/);
      await socket.must({ type: "subscribe", channel: "chat", after: await server.http.position("chat") });
      const sent = [];
      for (const size of [1, 16, 64, 255, 256, 1024, 4096, 16_384, 60_000, 300, 300]) {
        sent.push(sample(size, size));
        await socket.must({ type: "message", channel: "chat", data: sent.at(-1) });
      }
      const heard = await socket.messages_up_to(sent.length);
      assert.deepEqual(heard.map((message) => message.data), sent);
      // A reply of its own between those that are shared, and shared ones after it.
      const page = await socket.must({ type: "history", channel: "chat", limit: sent.length });
      assert.deepEqual(page.messages.map((/** @type {any} */ each) => each.data), sent);
      await socket.must({ type: "message", channel: "chat", data: sample(2000, 7) });
      const again = await socket.must({ type: "history", channel: "chat", limit: 3 });
      assert.equal(again.messages[2].data, sample(2000, 7));
      assert.equal((await socket.messages_up_to(sent.length + 1)).at(-1).data, sample(2000, 7));
      socket.cut();
    }
    await server.stop();
  }
});

test("what is sent to many is compressed once per window and reactor", async (context) => {
  const reactors = Number(process.env.CARILLON_TEST_REACTORS ?? 1);
  const server = await start_server(context, { config: config_of() });
  const readers = await Promise.all(Array.from({ length: 12 }, (_, index) => open_socket(context, server.url, {
    perMessageDeflate: index % 3 === 2 ? { serverMaxWindowBits: 10 } : index % 3 === 1 ? false : true,
  })));
  for (const reader of readers) await reader.must({ type: "subscribe", channel: "news" });
  const before = readers.map((reader) => reader.received_bytes);
  const data = sample(20_000);
  assert.equal((await server.http.post_json("/api/messages", { channel: "news", data })).status, 200);
  for (const [index, reader] of readers.entries()) {
    assert.equal((await reader.messages_up_to(1))[0].data, data);
    const size = reader.received_bytes - before[index];
    if (index % 3 === 1) assert.ok(size > 20_000, `${size}`);
    else assert.ok(size < 12_000, `${size}`);
  }
  const plain = await metric(server.http, "carillon_websocket_deflate_bytes_total", { direction: "sent", form: "plain" });
  const compressed = await metric(server.http, "carillon_websocket_deflate_bytes_total", { direction: "sent", form: "compressed" });
  // Two windows, each at most once on every reactor.
  assert.ok(plain >= 2 * 20_000 && plain <= 2 * reactors * 20_300, `${plain}`);
  assert.ok(compressed < plain / 1.5, `${compressed} of ${plain}`);
});

test("small messages and those of an exempted namespace go as they are", async (context) => {
  const server = await start_server(context, {
    config: config_of("compression_min_bytes = 400") + '[namespace.secret]\nwebsocket_compression = "off"\n',
  });
  const wire = await open_compressed_wire(context, server.url);
  assert.equal(wire.agreed, both);
  for (const [channel, size, compressed] of /** @type {[string, number, boolean][]} */ ([
    ["open", 1000, true], ["open", 100, false], ["open:secret", 1000, true], ["secret:open", 1000, false],
    ["secret", 1000, true],
  ])) {
    const publication = { channel, data: sample(size) };
    assert.equal((await server.http.post_json("/api/messages", publication)).status, 200);
    // As something missed, as a page, and live.
    wire.send(frame(text, JSON.stringify({ type: "subscribe", channel, history: 1 })));
    const missed = await wire.message();
    assert.equal(missed.data, publication.data);
    assert.equal(missed.compressed, compressed, `${channel} ${size}`);
    assert.equal((await wire.message()).type, "ok");
    wire.send(frame(text, JSON.stringify({ type: "history", channel, limit: 1, id: 1 })));
    const page = await wire.message();
    assert.equal(page.messages[0].data, publication.data);
    assert.equal(page.compressed, compressed, `${channel} ${size}`);
    await server.http.post_json("/api/messages", publication);
    assert.equal((await wire.message()).compressed, compressed, `${channel} ${size}`);
    wire.send(frame(text, JSON.stringify({ type: "unsubscribe", channel, id: 1 })));
    assert.equal((await wire.message()).type, "ok");
  }
});

test("compressed messages may be empty, in fragments, and split anywhere", async (context) => {
  const server = await start_server(context, { config: config_of() });
  const wire = await open_compressed_wire(context, server.url);
  const payload = deflate(JSON.stringify({ type: "ping", id: 1, fill: sample(300) }));
  const fragments = Buffer.concat([
    frame(text, payload.subarray(0, 5), { fin: false, rsv: 4 }),
    frame(ping, "between"),
    frame(continuation, payload.subarray(5, 6), { fin: false }),
    frame(continuation, "", { fin: false }),
    frame(continuation, payload.subarray(6)),
  ]);
  for (let at = 1; at < fragments.length; at += 7) {
    wire.send(fragments.subarray(0, at));
    wire.send(fragments.subarray(at));
    assert.equal((await wire.next()).payload.toString(), "between");
    assert.equal((await wire.message()).type, "pong");
  }
  // Both forms of the empty message: no command, but no fault of the frames either.
  for (const empty of [Buffer.from([0]), Buffer.alloc(0)]) {
    wire.send(frame(text, empty, { rsv: 4 }));
    assert.equal((await wire.message()).code, "bad_request");
  }
  // Messages as they are may come between.
  wire.send(frame(text, '{"type":"ping","id":2}'), compressed_command({ type: "ping", id: 3 }));
  assert.deepEqual([(await wire.message()).id, (await wire.message()).id], [2, 3]);
});

test("what breaks the extension's rules ends the connection with the code for it", async (context) => {
  const server = await start_server(context, { config: config_of() });
  const command = deflate('{"type":"ping"}');
  const bomb = deflate(Buffer.alloc(60 * 1024 * 1024));
  /** @type {[string, Uint8Array, number][]} */
  const cases = [
    ["the bit on a continuation", Buffer.concat([frame(text, command.subarray(0, 3), { fin: false, rsv: 4 }), frame(continuation, command.subarray(3), { rsv: 4 })]), 1002],
    ["the bit on a ping", frame(ping, "", { rsv: 4 }), 1002],
    ["the bit on a close", frame(close, "", { rsv: 4 }), 1002],
    ["the second bit", frame(text, command, { rsv: 2 }), 1002],
    ["the third bit as well", frame(text, command, { rsv: 5 }), 1002],
    ["no DEFLATE", frame(text, "\x07 not compressed", { rsv: 4 }), 1007],
    ["a cut message", frame(text, command.subarray(0, -4), { rsv: 4 }), 1007],
    ["text that is not UTF-8", frame(text, deflate(Buffer.from([0xc3, 0x28])), { rsv: 4 }), 1007],
    ["one octet over the limit", frame(text, deflate(Buffer.alloc(65_537, 32)), { rsv: 4 }), 1009],
    ["a bomb", frame(text, bomb, { rsv: 4 }), 1009],
    ["more on the wire than any message", frame(text, "", { rsv: 4, length: 70_000 }), 1009],
  ];
  for (const [what, bytes, code] of cases) {
    const wire = await open_compressed_wire(context, server.url);
    wire.send(bytes);
    assert.equal(await wire.closed(), code, what);
  }
  const within = await open_compressed_wire(context, server.url);
  within.send(frame(text, deflate(Buffer.alloc(65_536, 32)), { rsv: 4 }));
  assert.equal((await within.message()).code, "bad_request");
});

test("many well compressed messages at once let others have their turn", async (context) => {
  const server = await start_server(context, { config: config_of(), reactors: 1 });
  const wire = await open_compressed_wire(context, server.url);
  const command = compressed_command({ type: "ping", id: 1, fill: " ".repeat(60_000) });
  const count = 400;
  wire.send(Buffer.concat(Array.from({ length: count }, () => command)));
  for (let index = 0; index < count; index++) assert.equal((await wire.message()).type, "pong");
  const inflated = await metric(server.http, "carillon_websocket_deflate_bytes_total", { direction: "received", form: "plain" });
  assert.ok(inflated > count * 60_000, `${inflated}`);
});

test("connections hold no compressor unless contexts are taken over, and a silent one not even then", async (context) => {
  for (const [who, sent, received] of /** @type {[string, number, number][]} */ ([
    ["none", 0, 0], ["server", 1, 0], ["client", 0, 1], ["both", 1, 1],
  ])) {
    const server = await start_server(context, {
      config: config_of(`compression_context = "${who}"\nping_s = 1`),
    });
    const held = (/** @type {string} */ direction) =>
      metric(server.http, "carillon_websocket_deflate_contexts", { direction });
    await server.http.post_json("/api/messages", { channel: "chat", data: sample(2000) });
    const socket = await open_socket(context, server.url, { perMessageDeflate: { threshold: 0 } });
    await socket.must({ type: "ping", fill: sample(1000) });
    await socket.must({ type: "history", channel: "chat" });
    assert.equal(await held("received"), received, who);
    // Pings come after a second of silence.
    await until(async () => (await held("sent")) === 0, { what: "the server's context to go" });
    await socket.must({ type: "history", channel: "chat" });
    assert.equal(await held("sent"), sent, who);
    socket.cut();
    await until(async () => (await held("sent")) + (await held("received")) === 0, { what: "all to go" });
    await server.stop();
  }
});
