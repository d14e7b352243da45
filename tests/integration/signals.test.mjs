// Signals to one client: over every transport, in order, to whom one shares a channel with alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cbor_codec } from "../support/cbor_codec.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @param {import("../support/server.mjs").Server} server */
async function begin_session(server) {
  const reply = await server.http.post_json("/api/commands", { type: "connect", id: 1 });
  return /** @type {{ client: string, session: string }} */ (reply.json);
}

/** @param {import("../support/server.mjs").Server} server @param {string} session @param {object} command */
const command = async (server, session, command) =>
  (await server.http.request("POST", `/api/commands?session=${session}`, {
    headers: { "content-type": "application/json" }, body: JSON.stringify(command) })).json;

/** @param {import("../support/command_socket.mjs").CommandSocket} socket */
const signals = (socket) => socket.frames.filter((frame) => frame.type === "signal");

/** @param {import("node:test").TestContext} context @param {import("../support/server.mjs").Server} server */
async function member(context, server, channel = "call:x") {
  const socket = await open_socket(context, server.url);
  assert.equal((await socket.ask({ type: "subscribe", channel })).type, "ok");
  await until(() => socket.frames.some((frame) => frame.type === "presence" && frame.client === socket.welcome.client),
    { what: "the join" });
  return socket;
}

test("a signal reaches one WebSocket, in order, with its sender", async (context) => {
  const server = await start_server(context);
  const ann = await member(context, server);
  const bob = await member(context, server);
  const eve = await member(context, server);
  const count = 40;
  for (let n = 0; n < count; n += 1) ann.send({ type: "signal", to: bob.welcome.client, data: { n } });
  assert.equal((await ann.ask({ type: "signal", to: bob.welcome.client, data: "last" })).type, "ok");
  await until(() => signals(bob).length === count + 1, { what: "all signals" });
  assert.deepEqual(signals(bob).map((frame) => frame.data.n ?? frame.data), [...Array(count).keys(), "last"]);
  const [first] = signals(bob);
  assert.deepEqual(
    [first.from, first.channel, first.offset],
    [{ client: ann.welcome.client }, `client:${bob.welcome.client}`, 1]);
  assert.deepEqual([signals(ann), signals(eve)], [[], []]);
  // Its own channel is none that a publish without a channel could mean.
  assert.equal((await bob.ask({ type: "message", data: 1 })).channel, "call:x");
});

test("SSE, polling and resumed clients get them alike", async (context) => {
  const server = await start_server(context);
  const ann = await member(context, server);
  const { client, session } = await begin_session(server);
  const own = `client:${client}`;
  const stream = read_events(context, `${server.url}/api/events?channel=call:x&channel=${own}&session=${session}`);
  await until(() => ann.frames.some((frame) => frame.event === "join" && frame.client === client), { what: "its join" });
  assert.equal((await ann.ask({ type: "signal", to: client, data: 1 })).type, "ok");
  await until(() => stream.named("signal").length === 1, { what: "the event" });
  const event = stream.named("signal")[0];
  assert.deepEqual([event.data.type, event.data.data, event.id.split(",").length], ["signal", 1, 2]);
  stream.close();
  // While it is away, signals wait.
  assert.equal((await ann.ask({ type: "signal", to: client, data: 2 })).type, "ok");
  const after = `${event.data.epoch}:${event.data.offset}`;
  const poll = await server.http.get(`/api/messages?channel=${own}&after=${after}&session=${session}`);
  assert.deepEqual(poll.json.map((/** @type {any} */ each) => [each.type, each.data]), [["signal", 2]]);
  const long = await server.http.get(`/api/messages/subscribe?channel=${own}&after=${after}&session=${session}`);
  assert.equal(long.json[0].data, 2);
  const socket = await open_socket(context, server.url, undefined, cbor_codec);
  await socket.ask({ type: "connect", session });
  const resumed = await socket.ask({ type: "subscribe", channel: own, after });
  assert.equal(resumed.recovered, true);
  assert.deepEqual(signals(socket).map((frame) => frame.data), ["2"]);
  await socket.ask({ type: "subscribe", channel: "call:x" });
  assert.equal((await command(server, session, { type: "signal", id: 7, to: ann.welcome.client, data: 3 })).type, "ok");
  await until(() => signals(ann).length === 1, { what: "the answer" });
  assert.deepEqual(signals(ann)[0].from, { client });
});

test("a client that comes back without a position is given what it may have missed", async (context) => {
  const server = await start_server(context);
  const ann = await member(context, server);
  const bob = await member(context, server);
  bob.cut();
  await bob.closed;
  assert.equal((await ann.ask({ type: "signal", to: bob.welcome.client, data: "missed" })).type, "ok");
  const again = await open_socket(context, server.url);
  await again.ask({ type: "connect", session: bob.welcome.session });
  await again.ask({ type: "subscribe", channel: "call:x" });
  await until(() => signals(again).length === 1, { what: "what was missed" });
  assert.equal(signals(again)[0].data, "missed");
});

test("only members of a shared channel are reached, and nobody reads another's channel", async (context) => {
  const server = await start_server(context, { config: "[limits]\nexempt = []\nsignals_per_s = 1\n" });
  const ann = await member(context, server);
  const bob = await member(context, server, "call:y");
  const code = async (/** @type {object} */ frame) => (await ann.ask(frame)).code;
  assert.equal(await code({ type: "signal", to: bob.welcome.client, data: 1 }), "forbidden");
  assert.equal(await code({ type: "signal", to: "c_nobody", data: 1 }), "bad_request");
  assert.equal(await code({ type: "signal", to: bob.welcome.client }), "bad_request");
  assert.equal(await code({ type: "signal", to: bob.welcome.client, data: "x".repeat(33_000) }), "too_large");
  const others = `client:${bob.welcome.client}`;
  for (const type of ["subscribe", "history", "message", "ephemeral", "presence"]) {
    assert.equal(await code({ type, channel: others, data: 1 }), "forbidden", type);
  }
  for (const path of ["messages", "messages/subscribe", "events", "presence"]) {
    assert.equal((await server.http.get(`/api/${path}?channel=${others}`)).status, 403, path);
  }
  const single = await server.http.post_json("/api/commands", { type: "signal", to: bob.welcome.client, data: 1 });
  assert.equal(single.json.code, "bad_request", "without a session there is no sender");
  await ann.ask({ type: "subscribe", channel: "call:y" });
  const codes = [];
  for (let n = 0; n < 14; n += 1) codes.push(await code({ type: "signal", to: bob.welcome.client, data: n }));
  assert.equal(codes[0], undefined);
  assert.ok(codes.includes("rate_limited"));
});
