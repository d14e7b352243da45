// Who is in a channel, and signals, for Socket.IO clients on channels: by the rules of the WebSocket
// commands, and together with WebSockets.
import assert from "node:assert/strict";
import { test } from "node:test";
import { io } from "socket.io-client";
import { open_socket } from "../support/command_socket.mjs";
import { open_socket as open_engine, open_polling } from "../support/engineio_session.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

const ways = { polling: ["polling"], "a WebSocket": ["websocket"] };

/** @param {import("node:test").TestContext} context @param {string} url @param {object} [options] */
async function connect(context, url, options) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  context.after(() => void socket.disconnect());
  await soon(new Promise((resolve) => void socket.once("connect", () => resolve(null))), { what: "the connect" });
  return socket;
}

/** What it is told by an event from now on. @param {import("socket.io-client").Socket} socket @param {string} event */
function told(socket, event) {
  /** @type {any[]} */
  const all = [];
  socket.on(event, (object) => void all.push(object));
  return all;
}

for (const [name, transports] of Object.entries(ways)) {
  test(`members come, change and go, over ${name}`, async (context) => {
    const server = await start_server(context);
    const ann = await connect(context, server.url, { transports });
    const events = told(ann, "presence");
    assert.equal((await ann.emitWithAck("subscribe", "call:x")).type, "ok");
    await until(() => events.length === 1, { what: "ann's own join" });
    const bob = await connect(context, server.url, { transports });
    await bob.emitWithAck("subscribe", "call:x");
    await until(() => events.length === 2, { what: "bob's join" });
    const { version, since } = events[1];
    assert.deepEqual(events[1], {
      type: "presence", channel: "call:x", event: "join", client: bob.id, since, clients: 2, users: 0, version,
    });
    assert.equal((await bob.emitWithAck("presence", "call:x", { data: { muted: true } })).type, "ok");
    await until(() => events.length === 3, { what: "bob's update" });
    assert.deepEqual([events[2].event, events[2].client, events[2].data], ["update", bob.id, { muted: true }]);

    const page = await ann.emitWithAck("presence", "call:x");
    assert.deepEqual([page.clients, page.version, page.members.length], [2, events[2].version, 2]);
    const first = await ann.emitWithAck("presence", "call:x", { limit: 1 });
    const second = await ann.emitWithAck("presence", "call:x", { limit: 1, after: first.next });
    assert.deepEqual([first.members[0], second.members[0]], page.members);

    await bob.emitWithAck("unsubscribe", "call:x");
    await until(() => events.length === 4, { what: "that bob has left" });
    assert.deepEqual([events[3].event, events[3].client, events[3].cause], ["leave", bob.id, "left"]);
    assert.equal((await bob.emitWithAck("presence", "call:x", { data: 1 })).code, "conflict");
    await bob.emitWithAck("subscribe", "call:x");
    bob.disconnect();
    await until(() => events.length === 6, { what: "that bob has said goodbye" });
    assert.deepEqual([events[5].event, events[5].cause], ["leave", "closed"]);
  });
}

test("a Socket.IO client and a WebSocket see and signal each other", async (context) => {
  const server = await start_server(context);
  const ann = await connect(context, server.url);
  const bob = await open_socket(context, server.url);
  const signals = told(ann, "signal");
  const messages = told(ann, "message");
  await bob.ask({ type: "subscribe", channel: "call:x" });
  assert.equal((await ann.emitWithAck("signal", bob.welcome.client, 1)).code, "forbidden");
  await ann.emitWithAck("subscribe", "call:x");
  await until(() => bob.frames.some(({ type, client }) => type === "presence" && client === ann.id), {
    what: "the join of ann",
  });
  assert.deepEqual(await ann.emitWithAck("signal", bob.welcome.client, { sdp: "offer" }), { type: "ok" });
  await until(() => bob.frames.some(({ type }) => type === "signal"), { what: "the offer" });
  const offer = bob.frames.find(({ type }) => type === "signal");
  assert.deepEqual([offer.data, offer.from], [{ sdp: "offer" }, { client: ann.id }]);
  await bob.ask({ type: "signal", to: ann.id, data: { sdp: "answer" } });
  await until(() => signals.length === 1, { what: "the answer" });
  assert.deepEqual(
    [signals[0].type, signals[0].channel, signals[0].data, signals[0].from],
    ["signal", `client:${ann.id}`, { sdp: "answer" }, { client: bob.welcome.client }],
  );
  assert.deepEqual(messages, []);
});

test("its own channel does not count among the subscriptions of a session", async (context) => {
  const config = "[channels]\nsubscriptions_per_session = 2\n";
  const server = await start_server(context, { config });
  const ann = await connect(context, server.url);
  const bob = await open_socket(context, server.url);
  const first = await ann.emitWithAck("subscribe", "call:x");
  await bob.ask({ type: "subscribe", channel: "call:x" });
  for (const channel of ["call:y", "call:z"]) {
    const code = channel === "call:z" ? "too_large" : undefined;
    assert.equal((await ann.emitWithAck("subscribe", channel)).code, code);
    assert.equal((await bob.ask({ type: "subscribe", channel })).code, code);
  }
  assert.equal(first.type, "ok");
});

test("who may not know is told nothing, and asks in vain", async (context) => {
  const server = await start_server(context, {
    config: `[access]\nanonymous = []\ntoken_secret = "${secret}"\n[namespace.call]\nallow_presence = "token"\n`,
  });
  const may = (/** @type {string[]} */ ...actions) => ({ auth: { token: token_of({ sub: "u", exp: now_s() + 60, channels: { "call:*": actions } }) } });
  const ann = await connect(context, server.url, may("subscribe", "presence"));
  const bob = await connect(context, server.url, may("subscribe"));
  const to_ann = told(ann, "presence");
  const to_bob = told(bob, "presence");
  await bob.emitWithAck("subscribe", "call:x");
  await ann.emitWithAck("subscribe", "call:x");
  await until(() => to_ann.length === 1, { what: "ann's join" });
  assert.equal((await bob.emitWithAck("presence", "call:x")).code, "forbidden");
  assert.deepEqual(to_bob, []);
});

test("silence shows within the lease, over polling and over a WebSocket", async (context) => {
  const server = await start_server(context, { config: "[channels]\npresence_lease_s = 3\n" });
  const ann = await connect(context, server.url);
  const events = told(ann, "presence");
  await ann.emitWithAck("subscribe", "call:x");
  const socket = await open_engine(context, server, { EIO: "4", transport: "websocket" });
  await socket.next();
  socket.send("40");
  await socket.next();
  socket.send('42["subscribe","call:x"]');
  const polling = await open_polling(server);
  await polling.connect();
  await polling.post('42["subscribe","call:x"]');
  const gone = () => events.filter(({ event, cause }) => event === "leave" && cause === "lost");
  await until(() => gone().length === 2, { what: "that both are lost" });
  assert.equal(gone()[1].clients, 1);
});

test("the events of presence and signals may have other names", async (context) => {
  const config = '[socketio]\nevent_names = ["presence=who", "signal=whisper"]\n';
  const server = await start_server(context, { config });
  const ann = await connect(context, server.url);
  const bob = await connect(context, server.url);
  const events = told(ann, "who");
  const whispers = told(ann, "whisper");
  await ann.emitWithAck("subscribe", "call:x");
  await bob.emitWithAck("subscribe", "call:x");
  assert.equal((await bob.emitWithAck("who", "call:x")).clients, 2);
  assert.equal((await bob.emitWithAck("whisper", ann.id, "psst")).type, "ok");
  await until(() => whispers.length === 1 && events.length === 2, { what: "the whisper and the joins" });
  assert.equal(whispers[0].data, "psst");
});
