// What a client may have of everything, the same on every transport; and that those who are in stay
// served while others are turned away.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { upgrade_status } from "../support/all_answers.mjs";
import { CommandSocket, open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { reload } from "../support/restarts.mjs";
import { start_server } from "../support/server.mjs";
import { now_s, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

const key = "the key of a back end, 32 characters or more";
const everything = 'anonymous = ["subscribe", "publish", "history", "ephemeral"]';
const access = `[access]\n${everything}\ntoken_secret = "${secret}"\n`;
/** All in [limits] are off but those that a test sets; nobody is exempt. @param {Record<string, number>} limits @param {string} [more] */
function config_of(limits, more = "") {
  const off = {
    messages_per_s: 0, bytes_per_s: 0, subscribes_per_s: 0, history_reads_per_s: 0, user_messages_per_s: 0,
    user_bytes_per_s: 0, user_connects_per_s: 0, user_connections: 0, address_requests_per_s: 0,
    address_connects_per_s: 0, address_connections: 0, burst_s: 1, breaches: 0,
  };
  const lines = Object.entries({ ...off, ...limits }).map(([name, value]) => `${name} = ${value}`);
  return `${access}[limits]\nexempt = []\n${lines.join("\n")}\n${more}`;
}
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const token = (/** @type {string} */ user) => token_of({ sub: user, exp: now_s() + 3600, channels: { "*": ["*"] } });
const hits = (/** @type {Server} */ server, /** @type {string} */ limit) =>
  metric(server.http, "carillon_limits_hit_total", { limit });

/** Does `act` until it is refused, at most so often, and returns the refusal. @param {() => Promise<any>} act @param {number} most */
async function until_refused(act, most) {
  for (let i = 0; i < most; ++i) {
    const answer = await act();
    if (answer.code !== undefined || answer.status >= 400) return answer;
  }
  throw new Error(`${most} times, and never refused`);
}

/** @param {Server} server @param {Record<string, string>} [headers] */
function publishing(server, headers = {}) {
  return () => server.http.request("POST", "/api/messages?channel=c", { headers, body: "1" });
}

test("messages of an endpoint are limited, and who is told may go on a little later", async (context) => {
  const server = await start_server(context, { config: config_of({ messages_per_s: 5 }) });
  const refused = await until_refused(publishing(server), 50);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
  assert.equal(refused.json.code, "rate_limited");
  assert.ok(refused.json.wait_ms > 0 && refused.json.wait_ms <= 1000);
  assert.match(refused.json.detail, /messages_per_s/);

  const socket = await open_socket(context, server.url);
  const told = await until_refused(() => socket.ask({ type: "message", channel: "c", data: 1 }), 50);
  assert.equal(told.code, "rate_limited");
  assert.ok(told.wait_ms > 0);
  const pinged = await until_refused(() => socket.ask({ type: "ping" }), 50);
  assert.equal(pinged.code, "rate_limited", "every message counts");
  await until(async () => (await socket.ask({ type: "message", channel: "c", data: 1 })).type === "ok", { what: "a free moment" });

  const batch = await server.http.post_json("/api/messages", Array.from({ length: 50 }, () => ({ channel: "c", data: 1 })));
  assert.equal(batch.status, 200);
  assert.ok(batch.json.some((/** @type {any} */ item) => item.code === "rate_limited"), "each of a batch counts");
  assert.ok(await hits(server, "messages_per_s") >= 4);
});

test("octets, subscriptions and readings are limited", async (context) => {
  const more = "[channels]\nsubscriptions_per_session = 3\n";
  const limits = { bytes_per_s: 1000, subscribes_per_s: 3, history_reads_per_s: 3 };
  const server = await start_server(context, { config: config_of(limits, more) });
  const socket = await open_socket(context, server.url);
  const text = "x".repeat(300);
  assert.match((await until_refused(() => socket.ask({ type: "message", channel: "c", data: text }), 20)).message, /bytes_per_s/);
  const other = await open_socket(context, server.url);
  const turns = async () => {
    const subscribed = await other.ask({ type: "subscribe", channel: "c" });
    return subscribed.type === "ok" ? other.ask({ type: "unsubscribe", channel: "c" }) : subscribed;
  };
  assert.match((await until_refused(turns, 20)).message, /subscribes_per_s/);
  assert.match((await until_refused(() => other.ask({ type: "history", channel: "c" }), 20)).message, /history_reads_per_s/);
  const polled = await until_refused(() => server.http.get("/api/messages?channel=c"), 20);
  assert.equal(polled.json.code, "rate_limited");
  assert.equal((await server.http.get("/api/messages?channel=c&after=0:0")).status, 410, "going on from a position is none");
  const events = await until_refused(() => server.http.request("HEAD", "/api/events?channel=c"), 20);
  assert.equal(events.status, 429);
});

test("a user is limited over all connections, and nobody else by that", async (context) => {
  const server = await start_server(context, { config: config_of({ user_messages_per_s: 5, user_bytes_per_s: 1000 }) });
  const ann = bearer(token("ann"));
  const first = await open_socket(context, server.url, { headers: ann });
  await until_refused(() => first.ask({ type: "message", channel: "c", data: 1 }), 50);
  const refused = await until_refused(publishing(server, ann), 2);
  assert.match(refused.json.detail, /user_messages_per_s/);
  assert.equal((await publishing(server, bearer(token("bob")))()).status, 200);
  assert.equal((await publishing(server)()).status, 200);
});

test("a channel is limited for all clients, exempt or not, and not for back ends", async (context) => {
  const config = `${access}[namespace.chat]\nchannel_messages_per_s = 5\npublication_bytes = 128\n[limits]\nburst_s = 1
[api_key.back_end]\nsecret = "${key}"\n`;
  const server = await start_server(context, { config });
  const publish = (/** @type {string} */ channel, headers = {}, body = "1") =>
    server.http.request("POST", `/api/messages?channel=${channel}`, { headers, body });
  const refused = await until_refused(() => publish("chat:a"), 50);
  assert.match(refused.json.detail, /channel_messages_per_s of \[namespace\.chat\], which is 5/);
  assert.equal((await publish("chat:b")).status, 200);
  assert.equal((await publish("chat:a", bearer(key))).status, 200);
  assert.equal((await publish("chat:c", {}, JSON.stringify("x".repeat(128)))).status, 413);
  assert.equal((await publish("news", {}, JSON.stringify("x".repeat(128)))).status, 200);
  const socket = await open_socket(context, server.url);
  assert.equal((await until_refused(() => socket.ask({ type: "ephemeral", channel: "chat:a", data: 1 }), 50)).code, "rate_limited");
});

test("requests of an address are limited, whatever they ask for", async (context) => {
  const server = await start_server(context, { config: config_of({ address_requests_per_s: 10 }) });
  const refused = await until_refused(() => server.http.get("/api/transports"), 50);
  assert.equal(refused.status, 429);
  assert.ok(await upgrade_status(server, {}) === 429);
});

test("who is exempt is limited in nothing of that, and a proxy passes nobody off as exempt", async (context) => {
  const config = `${access}trusted_proxies = ["127.0.0.2"]\n[limits]\nmessages_per_s = 1\nburst_s = 1\nbreaches = 0\n`;
  const server = await start_server(context, { config });
  for (let i = 0; i < 20; ++i) assert.equal((await publishing(server)()).status, 200);
  const through = (/** @type {string} */ address) => publishing(server, { "x-forwarded-for": address });
  await until_refused(through("192.0.2.1"), 20);
  assert.equal((await publishing(server)()).status, 200, "it is who it was");
});

test("who goes on after being refused is cut", async (context) => {
  const server = await start_server(context, { config: config_of({ messages_per_s: 5, breaches: 10 }) });
  const socket = new CommandSocket(server.url);
  context.after(() => socket.cut());
  await until(() => socket.frames.length > 0, { what: "the welcome" });
  for (let i = 0; i < 200; ++i) socket.send({ type: "message", channel: "c", data: i });
  assert.equal(await soon(socket.closed, { what: "the flood to be cut" }), 4429);
  const told = socket.frames.filter((frame) => frame.type === "error").length;
  assert.ok(told >= 10 && told <= 12, `told ${told} times`);
  assert.deepEqual(socket.frames.at(-1), { type: "closing", code: "rate_limited", reconnect: true, wait_ms: 10000 });
  assert.ok(await hits(server, "breaches") >= 1);

  const answers = [];
  for (let i = 0; i < 30; ++i) answers.push(await publishing(server)());
  assert.ok(answers.some(({ status, headers }) => status === 429 && headers.connection === "close"));
});

test("a user has so many connections, on all transports together", async (context) => {
  const server = await start_server(context, { config: config_of({ user_connections: 3 }) });
  const ann = bearer(token("ann"));
  const socket = await open_socket(context, server.url, { headers: ann });
  const events = read_events(context, `${server.url}/api/events?channel=c`, ann);
  await until(() => events.named("position").length > 0, { what: "its position" });
  const poll = server.http.get("/api/messages/subscribe?channel=c&timeout=30", ann);
  await until(async () => /"channel":"c".*"subscriptions":2/.test((await server.http.get("/api/channels")).text), { what: "both readers" });
  assert.equal(await upgrade_status(server, ann), 503);
  const refused = await server.http.get("/api/events?channel=c", ann);
  assert.equal(refused.status, 503);
  assert.equal(refused.json.code, "too_many_connections");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal(await upgrade_status(server, bearer(token("bob"))), 101);
  const anonymous = await open_socket(context, server.url);
  const connected = await anonymous.ask({ type: "connect", token: token("ann") });
  assert.equal(connected.code, "too_many_connections");

  await socket.ask({ type: "message", channel: "c", data: "those who are in stay served" });
  assert.equal((await soon(poll, { what: "the poll" })).status, 200);
  await until(() => events.messages.length > 0, { what: "the event" });
  await until(async () => (await anonymous.ask({ type: "connect", token: token("ann") })).type === "ok", { what: "the poll's place" });
});

test("an address has so many connections, and so many connects", async (context) => {
  const server = await start_server(context, { config: config_of({ address_connections: 20 }) });
  const port = Number(new URL(server.url).port);
  const open = (/** @type {string} */ localAddress) =>
    new Promise((/** @type {(answer: { socket: import("node:net").Socket, refusal: string }) => void} */ resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      let refusal = "";
      context.after(() => socket.destroy());
      socket.on("error", reject);
      socket.on("data", (data) => (refusal += data));
      socket.on("end", () => resolve({ socket, refusal }));
      // Whoever is served is answered; whoever is not, too.
      socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      socket.once("data", () => /200 OK/.test(refusal) && resolve({ socket, refusal: "" }));
    });
  const inside = [];
  for (let i = 0; i < 20; ++i) inside.push(await open("127.0.0.5"));
  assert.ok(inside.every(({ refusal }) => refusal === ""));
  const refused = await open("127.0.0.5");
  assert.match(refused.refusal, /^HTTP\/1\.1 503[^]*Retry-After: 5[^]*too_many_connections/);
  assert.equal((await open("127.0.0.6")).refusal, "", "another address is another client");
  assert.ok(await hits(server, "address_connections") >= 1);
  inside[0]?.socket.destroy();
  await until(async () => (await open("127.0.0.5")).refusal === "", { what: "a free place" });
});

test("connects of an address are limited by their rate", async (context) => {
  const server = await start_server(context, { config: config_of({ address_connects_per_s: 20 }) });
  const statuses = [];
  for (let i = 0; i < 60; ++i) statuses.push(await upgrade_status(server, {}));
  assert.ok(statuses.filter((status) => status === 101).length >= 15);
  assert.ok(statuses.some((status) => status === 503));
  await until(async () => (await server.http.get("/healthz")).status === 200, { what: "a connect to be free" });
  await until(async () => (await server.http.get("/metrics")).status === 200, { what: "another" });
});

test("limits change while it runs, and what they were is forgotten by nobody who is in", async (context) => {
  const server = await start_server(context, { config: config_of({}) });
  const socket = await open_socket(context, server.url);
  for (let i = 0; i < 30; ++i) assert.equal((await socket.ask({ type: "ping" })).type, "pong");
  reload(server, config_of({ messages_per_s: 5 }));
  const refused = await until_refused(() => socket.ask({ type: "ping" }), 50);
  assert.equal(refused.code, "rate_limited");
});

test("a back end is not held back by what its address asks for", async (context) => {
  const config = config_of({ address_requests_per_s: 5 }, `[api_key.back_end]\nsecret = "${key}"\n`);
  const server = await start_server(context, { config });
  const refused = await until_refused(publishing(server), 50);
  assert.equal(refused.status, 429);
  for (let i = 0; i < 20; ++i) assert.equal((await publishing(server, bearer(key))()).status, 200);
  assert.equal((await publishing(server, bearer(`${key}x`))()).status, 429, "another secret is none");
});

test("each command of a request counts, whatever it is", async (context) => {
  const server = await start_server(context, { config: config_of({ messages_per_s: 5 }) });
  for (const command of [{ type: "ping" }, { type: "connect", token: "nonsense" }, { type: "subscribe", channel: "c" }, { type: "nonsense" }]) {
    await until(async () => (await server.http.post_json("/api/commands", { type: "ping", id: 1 })).json.type === "pong", { what: "a free moment" });
    const batch = await server.http.post_json("/api/commands", Array.from({ length: 50 }, (_, id) => ({ ...command, id })));
    assert.equal(batch.json.length, 50);
    const told = batch.json.filter((/** @type {any} */ reply) => reply.code === "rate_limited");
    assert.ok(told.length >= 40, `${JSON.stringify(command)}: ${told.length}`);
    assert.ok(told.every((/** @type {any} */ reply) => reply.id !== undefined && reply.wait_ms > 0));
  }
});

test("reading by time counts as reading, and parking anew as subscribing", async (context) => {
  const more = "[channels]\nsubscriptions_per_session = 3\n";
  const server = await start_server(context, { config: config_of({ history_reads_per_s: 3, subscribes_per_s: 3 }, more) });
  assert.match((await until_refused(() => server.http.get("/api/messages?channel=c&since=0"), 20)).json.detail, /history_reads_per_s/);
  const poll = (/** @type {string} */ after) => server.http.get(`/api/messages/subscribe?channel=c&timeout=0${after}`);
  const parked = await poll("");
  assert.match((await until_refused(() => poll(""), 20)).json.detail, /subscribes_per_s/);
  const position = parked.headers["carillon-position"];
  for (let i = 0; i < 10; ++i) assert.equal((await poll(`&after=${position}`)).status, 200, "going on is free");
});

test("what a token joins is counted for each endpoint by itself", async (context) => {
  const more = "[channels]\nsubscriptions_per_session = 3\n";
  const server = await start_server(context, { config: config_of({ subscribes_per_s: 1 }, more) });
  const joins = token_of({ exp: now_s() + 3600, join: ["a", "b", "c"] });
  for (let i = 0; i < 5; ++i) {
    const socket = await open_socket(context, server.url, { headers: bearer(joins) });
    await until(() => socket.frames.length === 4, { what: "its three channels" });
    assert.ok(socket.frames.slice(1).every((frame) => frame.type === "ok"), JSON.stringify(socket.frames));
  }
});

test("who is in and says who it is keeps its address's place", async (context) => {
  const limits = config_of({ address_connections: 1 }).replace("[access]\n", '[access]\ntrusted_proxies = ["127.0.0.1"]\n');
  const server = await start_server(context, { config: limits });
  const headers = { "x-forwarded-for": "192.0.2.7" };
  const socket = await open_socket(context, server.url, { headers });
  assert.equal((await socket.ask({ type: "connect", token: token("ann") })).type, "ok");
  assert.equal(await upgrade_status(server, headers), 503);
  assert.equal(await upgrade_status(server, { "x-forwarded-for": "192.0.2.8" }), 101);
  socket.cut();
  await until(async () => (await upgrade_status(server, headers)) === 101, { what: "the place to be free" });
});

test("clients of a proxy that nobody trusts share the proxy's places", async (context) => {
  const server = await start_server(context, {
    config: `${access}[limits]\naddress_connections = 2\naddress_connects_per_s = 0\n`,
  });
  const headers = { "x-forwarded-for": "192.0.2.7" };
  await open_socket(context, server.url, { headers });
  await open_socket(context, server.url, { headers });
  assert.equal(await upgrade_status(server, headers), 503);
  assert.equal(await upgrade_status(server, {}), 101, "who comes without one is exempt");
});

test("what others publish into a full channel cuts nobody", async (context) => {
  const more = "[namespace.chat]\nchannel_messages_per_s = 1\n";
  const server = await start_server(context, { config: config_of({ breaches: 3 }, more) });
  const socket = await open_socket(context, server.url);
  for (let i = 0; i < 20; ++i) await socket.ask({ type: "message", channel: "chat:a", data: i });
  assert.equal((await socket.ask({ type: "ping" })).type, "pong");
});

test("a page of a listed origin can read why it was refused", async (context) => {
  const config = config_of({ address_requests_per_s: 5 }).replace("[access]\n", '[access]\norigins = ["https://app.example.com"]\n');
  const server = await start_server(context, { config });
  const refused = await until_refused(publishing(server, { origin: "https://app.example.com" }), 50);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers["access-control-allow-origin"], "https://app.example.com");
});
