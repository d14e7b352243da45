// The native protocol as CBOR, and readers of both encodings on one channel.
import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { cbor_codec } from "../support/cbor_codec.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { soon } from "../support/wait.mjs";

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] */
const open_cbor = (context, url, options) => open_socket(context, url, options, cbor_codec);

/** What a reader of CBOR knows of a message, in the words of JSON. @param {any} message */
function in_json({ data, ...rest }) {
  if (typeof data === "string") return { ...rest, data: JSON.parse(data) };
  return { ...rest, data: Buffer.from(data).toString("base64"), encoding: "base64" };
}

test("the subprotocol is chosen by what is offered", async (context) => {
  const server = await start_server(context);
  for (const [offered, chosen] of /** @type {[string[], string][]} */ ([
    [["carillon.cbor"], "carillon.cbor"],
    [["other", "carillon.cbor"], "carillon.cbor"],
    [["carillon.json", "carillon.cbor"], "carillon.cbor"],
    [["carillon.json"], "carillon.json"],
    [[], ""],
  ])) {
    const socket = new WebSocket(`${server.url}/ws`, offered);
    const first = await soon(new Promise((resolve, reject) => {
      socket.once("message", (_, is_binary) => resolve(is_binary)).once("error", reject);
    }), { what: "the welcome" });
    assert.equal(socket.protocol, chosen, String(offered));
    assert.equal(first, chosen === "carillon.cbor");
    socket.terminate();
  }
});

test("every command and reply has its CBOR form", async (context) => {
  const server = await start_server(context);
  const socket = await open_cbor(context, server.url);
  const { client, session } = socket.welcome;
  assert.deepEqual(socket.welcome, {
    type: "welcome", version: 1, client, session, ping_s: 25, max_message_bytes: 65_536, max_subscriptions: 1000,
  });
  const subscribed = await socket.must({ type: "subscribe", channel: "chat" });
  assert.match(subscribed.position, /^[a-z0-9]+:0$/);
  assert.deepEqual(
    { ...subscribed, position: undefined, id: undefined },
    { type: "ok", channel: "chat", recovered: true, contiguous: true, position: undefined, id: undefined },
  );
  const receipt = await socket.must({ type: "message", data: '{"text": "hi"}', key: "k", dedupe: "d" });
  const epoch = subscribed.position.split(":")[0];
  assert.deepEqual(
    { ...receipt, id: undefined, timestamp: undefined },
    { type: "ok", channel: "chat", offset: 1, epoch, id: undefined, timestamp: undefined },
  );
  const again = await socket.must({ type: "message", data: '{"text": "hi"}', key: "k", dedupe: "d" });
  assert.equal(again.duplicate, true);
  const [message] = await socket.messages_up_to(1);
  assert.deepEqual(message, {
    type: "message", channel: "chat", offset: 1, epoch, timestamp: receipt.timestamp, key: "k",
    data: '{"text": "hi"}', from: { client },
  });
  await socket.must({ type: "ephemeral", channel: "chat", data: Buffer.from([0, 255]) });
  const ephemeral = await socket.frame((each) => each.type === "ephemeral", "the ephemeral");
  assert.deepEqual({ ...ephemeral, data: [...ephemeral.data] },
    { type: "ephemeral", channel: "chat", data: [0, 255], from: { client } });
  const page = await socket.must({ type: "history", channel: "chat", since: receipt.timestamp - 0.001 });
  assert.deepEqual(page.messages, [message]);
  const empty = await socket.must({ type: "history", channel: "chat", since: receipt.timestamp });
  assert.deepEqual(empty.messages, []);
  const restored = await socket.must({ type: "connect", session });
  assert.equal(restored.client, client);
  const pong = await socket.ask({ type: "ping" });
  assert.equal(pong.type, "pong");
  assert.equal((await socket.ask({ type: "presence", channel: "chat" })).code, "not_supported");
  assert.equal((await socket.ask({ type: "history", channel: "chat", limit: 0 })).code, "bad_request");
  const gone = await socket.ask({ type: "history", channel: "chat", after: "other:5" });
  assert.deepEqual([gone.code, gone.position, gone.retained], ["gone", `${epoch}:1`, `${epoch}:0`]);
  assert.equal((await socket.must({ type: "unsubscribe", channel: "chat" })).type, "ok");
});

test("an id is echoed as it was written, and faults are told with it", async (context) => {
  const server = await start_server(context);
  const socket = await open_cbor(context, server.url);
  for (const id of ["a", "", 0, -1, 1.5, 2 ** 40, 12345678901234567890n]) {
    socket.send({ type: "ping", id });
    await socket.frame((each) => each.type === "pong" && each.id === id, `the pong to ${id}`);
    socket.send({ type: "nonsense", id });
    await socket.frame((each) => each.type === "error" && each.id === id, `the error to ${id}`);
  }
  const count = socket.frames.length;
  for (const octets of ["", "80", "ff", "a1", "a2647479706564", "f6", "7b", "a26474797065", "00"]) {
    socket.send(Buffer.from(octets, "hex"));
  }
  await socket.settle();
  const errors = socket.frames.slice(count, -1);
  assert.equal(errors.length, 9);
  for (const error of errors) {
    assert.equal(error.code, "bad_request");
    assert.match(error.message, /^not the CBOR expected, at octet \d+: /);
  }
});

test("each subprotocol refuses the other's frames", async (context) => {
  const server = await start_server(context);
  const cbor = await open_cbor(context, server.url);
  cbor.send('{"type":"ping"}');
  assert.equal(await soon(cbor.closed, { what: "the close" }), 1003);
  const json = await open_socket(context, server.url);
  json.send(Buffer.from("a16474797065" + "6470696e67", "hex"));
  assert.equal(await soon(json.closed, { what: "the close" }), 1003);
});

test("a close that the server starts is announced in CBOR", async (context) => {
  const server = await start_server(context);
  const first = await open_cbor(context, server.url);
  const second = await open_cbor(context, server.url);
  await second.must({ type: "connect", session: first.welcome.session });
  assert.equal(await soon(first.closed, { what: "the close" }), 4409);
  assert.deepEqual(first.frames.at(-1), { type: "closing", code: "replaced", reconnect: false });
});

for (const compression of ["off", "on"]) {
  test(`readers of both encodings hear the same, with compression ${compression}`, async (context) => {
    const server = await start_server(context, {
      config: `[websocket]\ncompression = "${compression}"\ncompression_min_bytes = 100\n`,
    });
    const options = (/** @type {number} */ index) => ({ perMessageDeflate: index % 2 === 0 && { threshold: 0 } });
    const sockets = await Promise.all(Array.from({ length: 12 }, (_, index) => index % 3 === 0
      ? open_socket(context, server.url, options(index))
      : open_cbor(context, server.url, options(index))));
    const is_json = (/** @type {number} */ index) => index % 3 === 0;
    for (const socket of sockets) await socket.must({ type: "subscribe", channel: "mixed" });

    const binary = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet));
    await sockets[0].must({ type: "message", channel: "mixed", data: { "from": "json", "é": [1, 2.5, null] } });
    await sockets[1].must({ type: "message", channel: "mixed", data: '{ "from":\n"cbor" }' });
    await sockets[2].must({ type: "message", channel: "mixed", data: binary });
    await sockets[3].must({ type: "message", channel: "mixed", data: binary.toString("base64"), encoding: "base64" });
    await sockets[4].must({ type: "message", channel: "mixed", text: "without data", more: { n: 1, list: [true, null, "x"] } });
    await server.http.post_json("/api/messages", { channel: "mixed", data: "x".repeat(5000) });
    await sockets[5].must({ type: "ephemeral", channel: "mixed", data: '"typing"' });

    /** @type {any[] | undefined} */
    let expected;
    for (const [index, socket] of sockets.entries()) {
      const heard = await socket.messages_up_to(6);
      const ephemeral = await socket.frame((each) => each.type === "ephemeral", "the ephemeral");
      const all = [...heard, ephemeral].map((each) => (is_json(index) ? each : in_json(each)));
      expected ??= all;
      assert.deepEqual(all, expected, `reader ${index}`);
    }
    assert.deepEqual(expected?.map((each) => each.data).slice(0, 5), [
      { from: "json", "é": [1, 2.5, null] },
      { from: "cbor" },
      binary.toString("base64"),
      binary.toString("base64"),
      { text: "without data", more: { n: 1, list: [true, null, "x"] } },
    ]);
    // Missed messages, pages and polls say the same as what came live.
    const late = await open_cbor(context, server.url);
    await late.must({ type: "subscribe", channel: "mixed", history: 10 });
    assert.deepEqual(late.messages().map(in_json), expected?.slice(0, 6));
    const page = await late.must({ type: "history", channel: "mixed" });
    assert.deepEqual(page.messages.map(in_json), expected?.slice(0, 6));
    const polled = await server.http.get("/api/messages?channel=mixed");
    assert.deepEqual(JSON.parse(polled.text), expected?.slice(0, 6));
  });
}

test("a publication is encoded once for all readers of CBOR on a reactor", async (context) => {
  const reactors = Number(process.env.CARILLON_TEST_REACTORS ?? 1);
  const server = await start_server(context);
  const sockets = await Promise.all(Array.from({ length: 10 }, () => open_cbor(context, server.url)));
  for (const socket of sockets) await socket.must({ type: "subscribe", channel: "news" });
  await server.http.post_json("/api/messages", { channel: "news", data: 1 });
  for (const socket of sockets) await socket.messages_up_to(1);
  const encodings = await metric(server.http, "carillon_encodings_total");
  assert.ok(encodings >= 1 && encodings <= reactors, `${encodings}`);
});
