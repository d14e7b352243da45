// Socket.IO's own client, unmodified, on channels, with no handler of anybody's: polling, a
// WebSocket, and from one to the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { io } from "socket.io-client";
import { bearer, call, config as back_end_config, connected, token_for } from "../support/back_end.mjs";
import { make_certificate, tls_section, trust } from "../support/certificates.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { now_s } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("socket.io-client").Socket} Socket */

const ways = { polling: ["polling"], "a WebSocket": ["websocket"], "both, with an upgrade": ["polling", "websocket"] };

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] */
function dial(context, url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  context.after(() => void socket.disconnect());
  return socket;
}

/** @param {Socket} socket @param {string} event @returns {Promise<any>} its first argument */
const next = (socket, event) =>
  soon(new Promise((resolve) => void socket.once(event, resolve)), { what: `the event ${event}` });

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] */
async function connect(context, url, options) {
  const socket = dial(context, url, options);
  await next(socket, "connect");
  return socket;
}

/** Waits until the client has changed to a WebSocket. @param {Socket} socket */
function upgraded(socket) {
  return until(() => socket.io.engine.transport.name === "websocket", { what: "the upgrade" });
}

/** The messages that it hears from now on. @param {Socket} socket */
function messages_of(socket) {
  /** @type {any[]} */
  const messages = [];
  socket.on("message", (message) => void messages.push(message));
  return messages;
}

for (const [name, transports] of Object.entries(ways)) {
  test(`the commands, over ${name}`, async (context) => {
    const server = await start_server(context);
    const socket = await connect(context, server.url, { transports });
    if (transports.length > 1) await upgraded(socket);
    const heard = messages_of(socket);
    const subscribed = await socket.emitWithAck("subscribe", "chat");
    assert.deepEqual(subscribed, {
      type: "ok", channel: "chat", position: subscribed.position, recovered: true, contiguous: true,
    });
    const data = { text: "Grüße, 世界 🎉", z: 1, a: [null, 1.5] };
    const receipt = await socket.emitWithAck("publish", "chat", data, { key: "k", dedupe: "d" });
    const again = await socket.emitWithAck("publish", "chat", data, { key: "k", dedupe: "d" });
    assert.deepEqual([again.offset, again.duplicate], [receipt.offset, true]);
    await socket.emitWithAck("publish", "chat", Buffer.from([0, 255]));
    await until(() => heard.length === 2, { what: "both messages" });
    const { type, offset, epoch, timestamp } = { ...receipt, type: "message" };
    assert.deepEqual(heard[0], {
      type, channel: "chat", offset, epoch, timestamp, data, from: { client: socket.id }, key: "k",
    });
    assert.deepEqual(Object.keys(heard[0].data), ["text", "z", "a"]);
    assert.deepEqual([heard[1].data, heard[1].encoding], ["AP8=", "base64"]);
    const page = await socket.emitWithAck("history", "chat", { limit: 1 });
    assert.deepEqual(page.messages, [heard[1]]);
    const ephemeral = next(socket, "ephemeral");
    assert.equal((await socket.emitWithAck("ephemeral", "chat", "typing")).type, "ok");
    assert.equal((await ephemeral).data, "typing");
    assert.deepEqual(await socket.emitWithAck("unsubscribe", "chat"), { type: "ok" });
    const last = await socket.emitWithAck("unsubscribe", "chat");
    assert.deepEqual([last.type, last.code], ["error", "not_found"]);
  });

  test(`a client goes on from where it stood, over ${name}`, async (context) => {
    const server = await start_server(context);
    const start = await server.http.position("chat");
    const items = Array.from({ length: 300 }, (_, data) => ({ channel: "chat", data }));
    await server.http.post_json("/api/messages", items);
    const socket = await connect(context, server.url, { transports });
    const heard = messages_of(socket);
    const reply = await socket.emitWithAck("subscribe", "chat", { after: start });
    assert.equal(reply.recovered, true);
    await server.http.publish("chat", 300);
    await until(() => heard.length === 301, { what: "all messages" });
    assert.deepEqual(heard.map(({ data }) => data), Array.from({ length: 301 }, (_, index) => index));
  });
}

test("what makes no command is told, with and without an acknowledgement", async (context) => {
  const server = await start_server(context);
  const socket = await connect(context, server.url);
  for (const [words, code] of /** @type {[any[], string][]} */ ([
    [["unheard_of", 1], "not_supported"],
    [["subscribe"], "bad_request"],
    [["subscribe", 5], "bad_request"],
    [["subscribe", "no channel"], "bad_request"],
    [["subscribe", "chat", 5], "bad_request"],
    [["subscribe", "chat", { after: "?" }], "bad_request"],
    [["subscribe", "chat", {}, "more"], "bad_request"],
    [["publish", "chat"], "bad_request"],
    [["publish", "chat", { inside: Buffer.from("x") }], "bad_request"],
    [["publish", "chat", 1, { channel: "other" }], "bad_request"],
    [["publish", "_carillon:x", 1], "forbidden"],
  ])) {
    const reply = await socket.emitWithAck(words[0], ...words.slice(1));
    assert.deepEqual([reply.type, reply.code], ["error", code], words.join());
    const told = next(socket, "error");
    socket.emit(words[0], ...words.slice(1));
    assert.equal((await told).code, code);
  }
});

test("other Socket.IO namespaces are refused, and the main one goes on", async (context) => {
  const server = await start_server(context);
  const socket = await connect(context, server.url);
  const other = socket.io.socket("/admin");
  other.connect();
  assert.equal((await next(other, "connect_error")).message, "Invalid namespace");
  assert.equal((await socket.emitWithAck("subscribe", "chat")).type, "ok");
});

test("the token of the handshake's auth says who it is", async (context) => {
  const server = await start_server(context, { config: back_end_config });
  const nobody = await connect(context, server.url);
  assert.equal((await nobody.emitWithAck("subscribe", "chat")).code, "unauthenticated");
  const wrong = dial(context, server.url, { auth: { token: "wrong" } });
  const error = await next(wrong, "connect_error");
  assert.match(error.message, /the token does not count/);
  assert.deepEqual(error.data, { code: "unauthenticated" });

  const ann = await connect(context, server.url, { auth: { token: token_for({ sub: "ann" }) } });
  const heard = messages_of(ann);
  assert.equal((await ann.emitWithAck("subscribe", "chat")).type, "ok");
  await ann.emitWithAck("publish", "chat", 1);
  await until(() => heard.length === 1, { what: "the message" });
  assert.deepEqual(heard[0].from, { user: "ann", client: ann.id });
  const [row] = (await call(server, "/api/clients?user=ann")).json.clients;
  assert.deepEqual([row.client, row.transport, row.channels], [ann.id, "socketio", ["chat"]]);

  const small = await connect(context, server.url, { auth: { token: token_for({ sub: "bob", channels: {} }) } });
  assert.equal((await small.emitWithAck("publish", "chat", 1)).code, "forbidden");
});

test("a back end adds and takes channels, and revokes tokens", async (context) => {
  const server = await start_server(context, { config: back_end_config });
  for (const transports of [["polling"], ["websocket"]]) {
    const socket = await connect(context, server.url, { transports, auth: { token: token_for({ sub: "ann" }) } });
    await connected(server, "ann", 1);
    const subscribed = next(socket, "subscribed");
    assert.equal((await call(server, "/api/subscribe", { user: "ann", channels: ["news"] })).status, 200);
    assert.equal((await subscribed).channel, "news");
    const unsubscribed = next(socket, "unsubscribed");
    assert.equal((await call(server, "/api/unsubscribe", { user: "ann", channels: ["news"] })).status, 200);
    assert.equal((await unsubscribed).channel, "news");
    const [closing, reason] = [next(socket, "closing"), next(socket, "disconnect")];
    assert.equal((await call(server, "/api/revoke", { user: "ann", for_s: 1 })).json.disconnected, 1);
    assert.deepEqual(await closing, { type: "closing", code: "revoked", reconnect: false });
    assert.equal(await reason, "io server disconnect");
    await connected(server, "ann", 0);
    await until(async () => (await server.http.get("/api/messages", bearer(token_for({ sub: "ann" })))).status === 200, {
      what: "the revocation to be over",
    });
  }
});

test("a token that ends, ends its connection, and the client comes back", async (context) => {
  const server = await start_server(context, { config: back_end_config });
  let connect_count = 0;
  const token = () => token_for({ sub: "ann", exp: now_s() + (connect_count > 0 ? 3600 : 2) });
  const socket = dial(context, server.url, {
    reconnection: true, reconnectionDelay: 10,
    auth: (/** @type {(auth: object) => void} */ give) => give({ token: token() }),
  });
  socket.on("connect", () => void ++connect_count);
  assert.equal((await next(socket, "closing")).code, "expired");
  await until(() => connect_count === 2, { what: "the client to come back" });
});

test("the server's end is told to every client", async (context) => {
  const server = await start_server(context);
  const told = await Promise.all(Object.values(ways).map(async (transports) => {
    const socket = await connect(context, server.url, { transports });
    return [next(socket, "closing"), next(socket, "disconnect")];
  }));
  await server.stop();
  for (const [closing, reason] of told) {
    assert.equal((await closing).code, "shutdown");
    assert.match(await reason, /^transport (close|error)$/);
  }
});

test("events have the names that the config gives them", async (context) => {
  const server = await start_server(context, {
    config: '[socketio]\nevent_names = ["message=news", "subscribe=join"]\n',
  });
  const socket = await connect(context, server.url);
  assert.equal((await socket.emitWithAck("join", "chat")).type, "ok");
  const news = next(socket, "news");
  await server.http.publish("chat", 1);
  assert.equal((await news).data, 1);
  assert.equal((await socket.emitWithAck("subscribe", "x")).code, "not_supported");
});

/** Publishes while clients come, so that some messages meet each of them half-way in its upgrade. */
async function upgrade_under_load(/** @type {import("node:test").TestContext} */ context, /** @type {import("../support/server.mjs").ServerOptions} */ options) {
  const server = await start_server(context, options);
  const publisher = await connect(context, server.url, { transports: ["websocket"] });
  const start = (await publisher.emitWithAck("history", "load")).position;
  let over = false;
  let count = 0;
  const publishing = (async () => {
    while (!over) {
      const burst = Array.from({ length: 20 }, () => publisher.emitWithAck("publish", "load", count++));
      for (const reply of await Promise.all(burst)) assert.equal(reply.type, "ok", reply.message);
    }
  })();
  const readers = await Promise.all(Array.from({ length: 8 }, async () => {
    const socket = await connect(context, server.url);
    const heard = messages_of(socket);
    await socket.emitWithAck("subscribe", "load", { after: start });
    await upgraded(socket);
    return heard;
  }));
  over = true;
  await publishing;
  await until(() => readers.every((heard) => heard.length >= count), { what: "everything" });
  const all = Array.from({ length: count }, (_, index) => index);
  for (const heard of readers) assert.deepEqual(heard.map(({ data }) => data), all);
  return server;
}

const no_limits = "[limits]\nmessages_per_s = 0\nbytes_per_s = 0\n[history]\ncount = 100000\n";

test("an upgrade under load loses nothing and doubles nothing", async (context) => {
  const server = await upgrade_under_load(context, { config: no_limits });
  assert.equal(await metric(server.http, "carillon_endpoints", { transport: "socketio" }), 9);
});

test("an upgrade over TLS loses nothing and doubles nothing", async (context) => {
  const pair = make_certificate();
  trust(pair);
  await upgrade_under_load(context, { config: no_limits + tls_section([pair]), listen: ["https://127.0.0.1:0"] });
});

test("one channel is the same over every transport", async (context) => {
  const server = await start_server(context);
  const socketio = await connect(context, server.url);
  const heard = messages_of(socketio);
  await socketio.emitWithAck("subscribe", "chat");
  const native = await open_socket(context, server.url);
  await native.must({ type: "subscribe", channel: "chat" });
  const events = read_events(context, `${server.url}/api/events?channel=chat`);
  await events.up_to("position", 1);
  await server.http.publish("chat", "by HTTP");
  await socketio.emitWithAck("publish", "chat", "by Socket.IO");
  await native.must({ type: "message", channel: "chat", data: "by WebSocket" });
  await until(() => heard.length === 3, { what: "all three" });
  assert.deepEqual(heard.map(({ data }) => data), ["by HTTP", "by Socket.IO", "by WebSocket"]);
  const frames = await until(() => {
    const found = native.frames.filter(({ type }) => type === "message");
    return found.length === 3 && found;
  }, { what: "the frames" });
  assert.deepEqual(frames, heard);
});
