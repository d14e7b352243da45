// Who is in a channel: joins, leaves and updates over every transport, pages, counts, permissions
// and limits, and clients that vanish.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { cbor_codec } from "../support/cbor_codec.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { until } from "../support/wait.mjs";

const config = `[channels]
presence_lease_s = 3
[namespace.room]
presence = true
presence_members = 3
[limits]
exempt = []
presence_updates_per_s = 1
`;
const with_tokens = `[access]
anonymous = []
token_secret = "${secret}"
[namespace.call]
allow_presence = "token"
`;

/** @param {import("../support/command_socket.mjs").CommandSocket} socket @param {string} [event] */
const told = (socket, event) =>
  socket.frames.filter((frame) => frame.type === "presence" && (!event || frame.event === event));

/** @param {import("../support/server.mjs").Server} server @param {string} query @param {object} [headers] */
const members = async (server, query, headers) => (await server.http.get(`/api/presence?${query}`, /** @type {any} */ (headers))).json;

/** @param {import("../support/server.mjs").Server} server */
async function begin_session(server) {
  const reply = await server.http.post_json("/api/commands", { type: "connect", id: 1 });
  return /** @type {{ client: string, session: string }} */ (reply.json);
}

test("a WebSocket joins and leaves, and the others hear it", async (context) => {
  const server = await start_server(context, { config });
  const ann = await open_socket(context, server.url);
  const bob = await open_socket(context, server.url);
  assert.equal((await ann.ask({ type: "subscribe", channel: "call:x" })).type, "ok");
  await until(() => told(ann, "join").length === 1, { what: "ann's own join" });
  assert.equal((await bob.ask({ type: "subscribe", channel: "call:x" })).type, "ok");
  await until(() => told(ann, "join").length === 2, { what: "bob's join" });
  const join = told(ann, "join")[1];
  assert.deepEqual(
    [join.channel, join.client, join.clients, join.users, typeof join.since],
    ["call:x", bob.welcome.client, 2, 0, "number"],
  );
  assert.equal(join.version, told(ann)[0].version + 1);

  const page = await ann.ask({ type: "presence", channel: "call:x" });
  assert.deepEqual([page.clients, page.users, page.version], [2, 0, join.version]);
  assert.deepEqual(
    page.members.map((/** @type {any} */ member) => member.client).sort(),
    [ann.welcome.client, bob.welcome.client].sort(),
  );

  assert.equal((await bob.ask({ type: "presence", channel: "call:x", data: { muted: true } })).type, "ok");
  await until(() => told(ann, "update").length === 1, { what: "bob's update" });
  assert.deepEqual(told(ann, "update")[0].data, { muted: true });

  await bob.ask({ type: "unsubscribe", channel: "call:x" });
  await until(() => told(ann, "leave").length === 1, { what: "bob's leave" });
  assert.deepEqual([told(ann, "leave")[0].client, told(ann, "leave")[0].cause], [bob.welcome.client, "left"]);
  await bob.ask({ type: "subscribe", channel: "call:x" });
  bob.close();
  await until(() => told(ann, "leave").length === 2, { what: "bob's second leave" });
  assert.equal(told(ann, "leave")[1].cause, "closed");
  const versions = told(ann).map((frame) => frame.version);
  assert.deepEqual(versions, versions.map((_, i) => versions[0] + i), "a hole would show");
});

test("events come in order with messages, and in CBOR", async (context) => {
  const server = await start_server(context, { config });
  const ann = await open_socket(context, server.url, undefined, cbor_codec);
  await ann.ask({ type: "subscribe", channel: "call:x" });
  const bob = await open_socket(context, server.url);
  await bob.ask({ type: "subscribe", channel: "call:x" });
  await bob.ask({ type: "message", channel: "call:x", data: "hello" });
  await until(() => ann.frames.some((frame) => frame.type === "message"), { what: "the message" });
  const kinds = ann.frames.filter((frame) => ["message", "presence"].includes(frame.type));
  assert.deepEqual(kinds.map((frame) => frame.event ?? frame.type), ["join", "join", "message"]);
  await bob.ask({ type: "presence", channel: "call:x", data: [1] });
  await until(() => told(ann, "update").length === 1, { what: "the update" });
  assert.equal(told(ann, "update")[0].data, "[1]", "data that is JSON is a text string in CBOR");
  const page = await ann.ask({ type: "presence", channel: "call:x", limit: 1 });
  assert.equal(page.members.length, 1);
  assert.equal(page.next, page.members[0].client);
});

test("SSE and polls with a session count, once for each client", async (context) => {
  const server = await start_server(context, { config });
  const { client, session } = await begin_session(server);
  const watcher = read_events(context, `${server.url}/api/events?channel=call:x`);
  await until(() => watcher.named("position").length === 1, { what: "the stream to begin" });
  const stream = read_events(context, `${server.url}/api/events?channel=call:x&session=${session}`);
  await until(() => watcher.named("presence").length === 1, { what: "the join" });
  assert.equal(watcher.named("presence")[0].data.client, client);
  await server.http.get(`/api/messages?channel=call:x&session=${session}`);
  await server.http.get(`/api/messages/subscribe?channel=call:x&timeout=0&session=${session}`);
  const socket = await open_socket(context, server.url);
  await socket.ask({ type: "connect", session });
  await socket.ask({ type: "subscribe", channel: "call:x" });
  assert.equal((await members(server, "channel=call:x")).clients, 1);
  stream.close();
  socket.close();
  await until(() => watcher.named("presence").length === 2, { what: "the leave when the lease is over" });
  assert.deepEqual(
    [watcher.named("presence")[1].data.event, watcher.named("presence")[1].data.cause], ["leave", "lost"]);
  assert.equal((await members(server, "channel=call:x")).clients, 0);
});

test("a client that comes back by its session in time has not left", async (context) => {
  const server = await start_server(context, { config });
  const ann = await open_socket(context, server.url);
  await ann.ask({ type: "subscribe", channel: "call:x" });
  const bob = await open_socket(context, server.url);
  await bob.ask({ type: "subscribe", channel: "call:x" });
  bob.cut();
  const again = await open_socket(context, server.url);
  await again.ask({ type: "connect", session: bob.welcome.session });
  await again.ask({ type: "subscribe", channel: "call:x" });
  await again.ask({ type: "unsubscribe", channel: "call:x" });
  await until(() => told(ann, "leave").length > 0, { what: "the leave" });
  assert.deepEqual(told(ann).map((frame) => frame.cause ?? frame.event), ["join", "join", "left"]);
});

test("a killed client leaves within the lease, a silent one too", async (context) => {
  const server = await start_server(context, { config });
  const ann = await open_socket(context, server.url);
  await ann.ask({ type: "subscribe", channel: "call:x" });
  const script = `const socket = new (require("ws"))(process.argv[1]);
    socket.on("open", () => socket.send('{"type":"subscribe","channel":"call:x"}'));`;
  const start = () => spawn(process.execPath, ["-e", script, `${server.url.replace("http", "ws")}/ws`],
    { cwd: import.meta.dirname, stdio: "inherit" });
  for (const [signal, index] of /** @type {const} */ ([["SIGKILL", 0], ["SIGSTOP", 1]])) {
    const child = start();
    context.after(() => child.kill("SIGKILL"));
    await until(() => told(ann, "join").length === index + 2, { what: "the child's join", within_ms: 15_000 });
    child.kill(signal);
    await until(() => told(ann, "leave").length === index + 1, { what: `a leave after ${signal}`, within_ms: 15_000 });
    assert.equal(told(ann, "leave")[index].cause, "lost");
    child.kill("SIGKILL");
  }
});

test("tokens: user, info, and who may know who is there", async (context) => {
  const server = await start_server(context, { config: with_tokens });
  const token = (/** @type {string} */ sub, /** @type {string[]} */ words, info = {}) =>
    token_of({ sub, exp: now_s() + 60, info, channels: { "call:*": words } });
  const open = async (/** @type {string} */ text) => {
    const socket = await open_socket(context, `${server.url}`);
    assert.equal((await socket.ask({ type: "connect", token: text })).type, "ok");
    assert.equal((await socket.ask({ type: "subscribe", channel: "call:x" })).type, "ok");
    return socket;
  };
  const ann = await open(token("ann", ["*"]));
  const deaf = await open(token("eve", ["subscribe", "publish"]));
  const bob = await open(token("bob", ["*"], { name: "Bob" }));
  const twin = await open(token("bob", ["*"], { name: "Bob" }));
  await until(() => told(ann, "join").length === 4, { what: "all joins" });
  const join = told(ann, "join")[2];
  assert.deepEqual([join.user, join.info], ["bob", { name: "Bob" }]);
  assert.deepEqual([told(ann, "join")[3].clients, told(ann, "join")[3].users], [4, 3]);
  assert.equal((await deaf.ask({ type: "presence", channel: "call:x" })).code, "forbidden");
  assert.equal((await server.http.get("/api/presence?channel=call:x")).status, 401);
  const reader = { authorization: `Bearer ${token("rob", ["history"])}` };
  const begun = await server.http.request("POST", "/api/commands", { body: '{"type":"connect"}', headers: reader });
  const page = await server.http.get(`/api/messages?channel=call:x&session=${begun.json.session}`, reader);
  assert.equal(page.status, 200, "it may read the history");
  const anns = { authorization: `Bearer ${token("ann", ["*"])}` };
  assert.equal((await members(server, "channel=call:x", anns)).clients, 4, "which makes nobody a member");
  await twin.ask({ type: "connect", token: token("bob", ["*"], { name: "Robert" }) });
  await until(() => told(ann, "update").length === 1, { what: "the update" });
  assert.deepEqual(told(ann, "update")[0].info, { name: "Robert" });
  // What comes after it shows that nothing came before.
  await bob.ask({ type: "message", channel: "call:x", data: 1 });
  await until(() => deaf.frames.some((frame) => frame.type === "message"), { what: "the message" });
  assert.deepEqual(told(deaf), []);
  await deaf.ask({ type: "connect", token: token("eve", ["*"]) });
  await bob.ask({ type: "unsubscribe", channel: "call:x" });
  await until(() => told(deaf, "leave").length === 1, { what: "what the new token allows" });
});

test("limits: members, data and updates", async (context) => {
  const server = await start_server(context, { config });
  const sockets = [];
  for (let i = 0; i < 4; i += 1) {
    const socket = await open_socket(context, server.url);
    assert.equal((await socket.ask({ type: "subscribe", channel: "room:a" })).type, "ok");
    sockets.push(socket);
  }
  await until(async () => (await members(server, "channel=room:a&limit=0")).clients === 3, { what: "three members" });
  const outside = await sockets[3].ask({ type: "presence", channel: "room:a", data: 1 });
  assert.equal(outside.code, "conflict");
  const long = await sockets[0].ask({ type: "presence", channel: "room:a", data: "x".repeat(1024) });
  assert.equal(long.code, "too_large");
  const codes = [];
  for (let i = 0; i < 12; i += 1) {
    codes.push((await sockets[1].ask({ type: "presence", channel: "room:a", data: i })).code);
  }
  assert.ok(codes.includes("rate_limited"));
  assert.equal((await sockets[0].ask({ type: "presence", channel: "nowhere" })).code, "not_supported");
  const hits = (/** @type {string} */ limit) => metric(server.http, "carillon_limits_hit_total", { limit });
  assert.equal(await hits("presence_members"), 1);
  assert.ok((await hits("presence_updates_per_s")) > 0);
});

test("many members, by pages; an unchanged roster costs no body", async (context) => {
  const server = await start_server(context, { config: "[channels]\npresence_lease_s = 600\n" });
  const count = 1_200;
  const wave = 100;
  const clients = new Set();
  for (let done = 0; done < count; done += wave) {
    await Promise.all(Array.from({ length: wave }, async () => {
      const { client, session } = await begin_session(server);
      clients.add(client);
      await server.http.get(`/api/messages?channel=call:big&session=${session}`);
    }));
  }
  await until(async () => (await members(server, "channel=call:big&limit=0")).clients === count, { what: "all" });
  const seen = new Set();
  const sizes = [];
  for (let next = ""; next !== undefined; ) {
    const page = await members(server, `channel=call:big&limit=500${next && `&after=${next}`}`);
    for (const member of page.members) seen.add(member.client);
    sizes.push(page.members.length);
    next = page.next;
  }
  assert.deepEqual(sizes, [500, 500, 200]);
  assert.deepEqual(seen, clients);
  const first = await server.http.get("/api/presence?channel=call:big&limit=0");
  const etag = { "if-none-match": String(first.headers.etag) };
  assert.equal((await server.http.get("/api/presence?channel=call:big&limit=0", etag)).status, 304);
  assert.equal((await members(server, "channel=call:quiet")).clients, 0);
});
