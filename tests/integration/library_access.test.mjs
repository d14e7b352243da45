// A program that verifies tokens in its own way, decides what clients may do, and sets limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { all_answers, upgrade_status } from "../support/all_answers.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { access_probe, start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("node:test").TestContext} Context */

/** @param {Context} context @param {Record<string, string>} [environment] */
const start = (context, environment) => start_server(context, { program: access_probe(), environment });
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });

/** The statuses and codes that are none of `expected`. @param {Record<string, number | string>} answers @param {(number | string)[]} expected */
const others = (answers, ...expected) => Object.entries(answers).filter(([, answer]) => !expected.includes(answer));

for (const way of ["at_once", "later"]) {
  test(`a token counts on every transport as the program says ${way}`, async (context) => {
    const server = await start(context);
    assert.deepEqual(others(await all_answers(context, server, `${way}:ann`, "chat:a"), 200, 101, "ok", 410), []);
    assert.deepEqual(others(await all_answers(context, server, `${way}:ann`, "news"), 403, 101, "forbidden"), []);
    assert.deepEqual(others(await all_answers(context, server, undefined, "chat:a"), 401, 101, "unauthenticated"), []);
    assert.equal(await upgrade_status(server, bearer("refuse")), 401);
  });
}

test("whatever is not a clear yes lets nobody in", async (context) => {
  const server = await start(context);
  const path = "/api/messages?channel=chat:a";
  for (const [token, status] of /** @type {[string, number][]} */ ([
    ["throw", 503], ["forget", 503], ["keep", 503], ["refuse", 401], ["wrong", 401], ["stale:ann", 401],
    ["x".repeat(8193), 401], ["ann", 200]])) {
    const reply = await server.http.get(path, bearer(token));
    assert.equal(reply.status, status, `${token.slice(0, 20)}: ${reply.text}`);
    assert.doesNotMatch(reply.text, /secret/);
  }
  assert.match((await server.http.get(path, bearer("refuse"))).json.detail, /nobody knows it/);
  const socket = await open_socket(context, server.url);
  for (const [token, code] of [["throw", "unavailable"], ["forget", "unavailable"], ["keep", "unavailable"], ["refuse", "unauthenticated"]]) {
    assert.equal((await socket.ask({ type: "connect", token })).code, code, token);
  }
  assert.equal((await socket.ask({ type: "subscribe", channel: "chat:a" })).code, "unauthenticated");
  assert.ok(await metric(server.http, "carillon_failed_token_checks_total") >= 6);
});

test("what comes behind a connect waits until it is answered", async (context) => {
  const server = await start(context);
  const socket = await open_socket(context, server.url);
  const asked = [
    socket.ask({ type: "connect", token: "later:ann" }),
    socket.ask({ type: "subscribe", channel: "chat:a" }),
    socket.ask({ type: "message", channel: "chat:a", data: 1 }),
  ];
  assert.deepEqual((await Promise.all(asked)).map(({ type }) => type), ["ok", "ok", "ok"]);
  await until(() => socket.frames.some(({ type, from }) => type === "message" && from.user === "ann"), { what: "the message" });
  assert.equal((await socket.ask({ type: "connect", token: "later:bob" })).code, "conflict");

  const batch = await server.http.post_json("/api/commands", [
    { type: "message", channel: "chat:a", data: 1, id: 1 },
    { type: "connect", token: "later:ann", id: 2 },
    { type: "message", channel: "chat:a", data: 2, id: 3 },
    { type: "connect", token: "refuse", id: 4 },
    { type: "message", channel: "chat:a", data: 3, id: 5 },
  ]);
  assert.deepEqual(batch.json.map((/** @type {any} */ { id, code }) => [id, code]),
    [[1, "unauthenticated"], [2, undefined], [3, undefined], [4, "unauthenticated"], [5, undefined]]);
});

test("a client that goes while its token is verified takes nothing along", async (context) => {
  const server = await start(context);
  for (let i = 0; i < 20; ++i) {
    const socket = await open_socket(context, server.url);
    socket.send({ type: "connect", token: "later:ann" });
    socket.cut();
    const leave = new AbortController();
    const asked = server.http.request("GET", "/api/messages?channel=chat:a", { headers: bearer("later:ann"), signal: leave.signal });
    leave.abort();
    await assert.rejects(asked);
  }
  await until(async () => (await metric(server.http, "carillon_endpoints", { transport: "websocket" })) === 0, { what: "all to be gone" });
});

test("a token ends, is refreshed, joins channels and is revoked like any other", async (context) => {
  const key = "the key of a back end, 32 characters or more";
  const server = await start(context, {
    CARILLON_API_KEY_BACK_SECRET: key, CARILLON_API_KEY_BACK_SCOPES: "revoke", CARILLON_API_KEY_BACK_CHANNELS: "*",
  });
  const socket = await open_socket(context, server.url, { headers: bearer("joins:ann") });
  await until(() => socket.frames.some(({ type, channel }) => type === "ok" && channel === "room"), { what: "the channel that it joins" });
  assert.equal((await socket.ask({ type: "connect", token: "later:ann" })).code, "forbidden", "it would lose the room");
  await socket.must({ type: "unsubscribe", channel: "room" });
  await socket.must({ type: "connect", token: "later:ann" });
  const ending = await open_socket(context, server.url, { headers: bearer("short:bob") });
  assert.equal(await soon(ending.closed, { what: "the end of a token" }), 4410);
  const reader = read_events(context, `${server.url}/api/events?channel=chat:a`, bearer("cid"));
  await until(() => reader.named("position").length > 0, { what: "the stream" });
  const revoked = await server.http.request("POST", "/api/revoke", {
    headers: { ...bearer(key), "content-type": "application/json" }, body: JSON.stringify({ token: "cid" }) });
  assert.equal(revoked.status, 200, revoked.text);
  await until(() => reader.named("closing").length > 0, { what: "the end of what is revoked" });
  assert.equal((await server.http.get("/api/messages?channel=chat:a", bearer("cid"))).status, 401);
});

test("the program decides before the rules, and refuses where it throws", async (context) => {
  const server = await start(context);
  const publish = (/** @type {string} */ channel, headers = {}) =>
    server.http.request("POST", `/api/messages?channel=${channel}`, { headers, body: "1" }).then(({ status }) => status);
  assert.deepEqual([await publish("open"), await publish("quiet"), await publish("throws"), await publish("chat:closed")], [200, 401, 401, 401]);
  assert.deepEqual([await publish("quiet", bearer("ann")), await publish("chat:closed", bearer("ann"))], [403, 403]);
  assert.deepEqual([await publish("of:ann", bearer("ann")), await publish("of:ann", bearer("bob"))], [200, 403]);
  assert.equal(await publish("_carillon:x"), 403, "nobody may touch what is the server's");
  assert.equal((await server.http.get("/api/messages?channel=quiet")).status, 200);
  assert.doesNotMatch((await server.http.get("/api/messages?channel=throws")).text, /secret/);
});

test("limits are settings like those of the file", async (context) => {
  const server = await start(context, { PROBE_LIMITED: "1" });
  const publish = (/** @type {string} */ channel, body = "1") =>
    server.http.request("POST", `/api/messages?channel=${channel}`, { body });
  assert.equal((await publish("small:a", JSON.stringify("x".repeat(128)))).status, 413);
  let refused;
  for (let i = 0; i < 60 && !refused; ++i) refused = await publish("open").then((reply) => (reply.status === 429 ? reply : undefined));
  assert.match(refused?.json.detail, /messages_per_s of \[limits\], which is 5/);
});
