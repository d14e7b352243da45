// POST /api/commands: the way up for who reads by SSE or polling.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start_server } from "../support/server.mjs";

test("commands are answered one by one, in their order", async (context) => {
  const { http } = await start_server(context);
  const { status, json } = await http.post_json("/api/commands", [
    { type: "connect", id: 1 },
    { type: "message", id: "two", channel: "c", text: "hi" },
    { type: "message", channel: "c", data: 2 },
    { type: "history", id: 4, channel: "c" },
    { type: "ephemeral", channel: "c", data: 1 },
    { type: "ping", id: 6 },
    { type: "subscribe", id: 7, channel: "c" },
    { type: "unsubscribe", id: 8, channel: "c" },
    { type: "message", id: 9, data: 1 },
    { type: "presence", id: 10, channel: "c" },
    { type: "nope", id: 11 },
    12,
  ]);
  assert.equal(status, 200);
  assert.deepEqual(
    json.map((/** @type {any} */ reply) => `${reply.type} ${reply.id ?? ""} ${reply.code ?? ""}`.trim()),
    [
      "ok 1", "ok two", "ok", "ok 4", "ok", "pong 6", "error 7 not_supported", "error 8 not_supported",
      "error 9 bad_request", "error 10 not_supported", "error 11 bad_request", "error  bad_request",
    ],
  );
  const [{ client }, first, second, { messages }] = json;
  assert.deepEqual([first.offset, second.offset], [1, 2]);
  assert.deepEqual(messages.map((/** @type {any} */ message) => message.data), [{ text: "hi" }, 2]);
  assert.deepEqual(messages[0].from, { client }, "who has connected speaks as that client");
});

test("pages are read one after another, until the replies are large enough", async (context) => {
  const { http } = await start_server(context);
  const filling = "x".repeat(60_000);
  for (let count = 0; count < 16; count++) await http.publish("c", filling);
  const { status, text, json } = await http.post_json(
    "/api/commands", Array.from({ length: 100 }, (_, id) => ({ type: "history", id, channel: "c", limit: 1000 })));
  assert.equal(status, 200);
  assert.deepEqual(json.map((/** @type {any} */ reply) => reply.id), Array.from({ length: 100 }, (_, id) => id));
  const kinds = json.map((/** @type {any} */ reply) => reply.code ?? reply.type);
  const first_refusal = kinds.indexOf("too_large");
  assert.ok(first_refusal > 1, kinds.join());
  assert.deepEqual(new Set(kinds.slice(0, first_refusal)), new Set(["ok"]));
  assert.deepEqual(new Set(kinds.slice(first_refusal)), new Set(["too_large"]));
  assert.ok(text.length < 6_000_000, `${text.length} characters`);
});

test("a single command has a single reply", async (context) => {
  const { http } = await start_server(context);
  const { json } = await http.post_json("/api/commands", { type: "message", channel: "c", data: 1 });
  assert.deepEqual(json, { type: "ok", channel: "c", offset: 1, epoch: json.epoch, timestamp: json.timestamp });
  assert.equal((await http.post_json("/api/commands", { type: "nope" })).json.code, "bad_request");
  assert.deepEqual((await http.post_json("/api/commands", [])).json, []);
});

test("a session begins with connect and is named by header or parameter", async (context) => {
  const { http } = await start_server(context);
  const { json: begun } = await http.post_json("/api/commands", { type: "connect", id: 1 });
  assert.match(begun.client, /^c_[a-z0-9]{13}$/);
  assert.deepEqual([begun.version, begun.ping_s, begun.max_subscriptions], [1, 25, 1000]);
  const body = JSON.stringify({ type: "message", channel: "c", data: 1 });
  const headers = { "carillon-session": begun.session };
  await http.request("POST", "/api/commands", { body, headers });
  await http.request("POST", `/api/commands?session=${begun.session}`, { body });
  const restored = await http.post_json("/api/commands", { type: "connect", session: begun.session });
  assert.equal(restored.json.client, begun.client);
  const { json } = await http.get("/api/messages?channel=c");
  assert.deepEqual(json.map((/** @type {any} */ message) => message.from.client), [begun.client, begun.client]);

  const forged = await http.request("POST", "/api/commands", { body, headers: { "carillon-session": "forged" } });
  assert.equal(forged.status, 401);
  assert.equal(forged.json.code, "unauthenticated");
  assert.equal(
    (await http.post_json("/api/commands", { type: "connect", session: "forged" })).json.code, "unauthenticated"
  );
  assert.equal((await http.post_json("/api/commands", { type: "connect", token: "t" })).json.code, "not_supported");
});

test("malformed commands have an error, malformed and oversized arrays are refused", async (context) => {
  const { http } = await start_server(context);
  for (const body of ["", "{", "7"]) {
    const { status, json } = await http.request("POST", "/api/commands", { body });
    assert.deepEqual([status, json.type, json.code], [200, "error", "bad_request"], "one command, one reply");
  }
  const torn = await http.request("POST", "/api/commands", { body: '[{"type":"ping"},' });
  assert.deepEqual([torn.status, torn.json.code], [400, "bad_request"]);
  const pings = Array.from({ length: 1000 }, (_, id) => ({ type: "ping", id }));
  const most = await http.post_json("/api/commands", pings);
  assert.deepEqual(most.json.at(-1), { type: "pong", id: 999 });
  const more = await http.post_json("/api/commands", [...pings, { type: "ping" }]);
  assert.equal(more.status, 413);
  assert.equal(more.json.code, "too_large");
});
