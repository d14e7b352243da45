// docs/openapi.yaml against the server: every operation is there, answers with a status that it
// states, and with a body that its schema describes; and the server has no other methods.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { api_key, bearer, config, small_key, token_for } from "../support/back_end.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { start_server } from "../support/server.mjs";

const document = parse(readFileSync(new URL("../../docs/openapi.yaml", import.meta.url), "utf8"));
const schemas = new Ajv2020({ strict: false });
schemas.addSchema(document, "openapi");

/** What is called: the operation, the path with its query, the body, and the statuses that it must bring. */
const client = "c_abcdefghijkmn";
/** @type {{ id: string, query?: string, body?: unknown, status?: number, key?: string | null, headers?: Record<string, string> }[]} */
const calls = [
  { id: "publish", body: { channel: "chat", data: 1, key: "k", dedupe: "d" } },
  { id: "publish", body: [{ channel: "chat", data: 2 }, { channel: "a b" }] },
  { id: "publish", query: "?channel=chat", body: "{", status: 400 },
  { id: "publish", query: "?channel=chat", body: 1, status: 403, key: small_key },
  { id: "publish", query: "?channel=chat", body: 1, status: 401, key: null },
  { id: "poll", query: "?channel=chat" },
  { id: "poll", query: "?channel=chat&after=zz:1", status: 410 },
  { id: "long_poll", query: "?channel=chat&timeout=0" },
  { id: "long_poll", query: "?channel=a%20b", status: 400 },
  { id: "events", query: "?channel=a%20b", status: 400 },
  { id: "websocket", status: 426 },
  { id: "commands", body: [{ type: "connect", id: 1 }, { type: "ping", id: 2 }, { type: "nothing", id: 3 }] },
  { id: "commands", body: { type: "ping", id: 2 } },
  { id: "commands", body: "[", status: 400 },
  { id: "transports" },
  { id: "channels" },
  { id: "channels", query: "?limit=1" },
  { id: "channels", query: "?limit=0", status: 400 },
  { id: "presence", query: "?channel=call:x" },
  { id: "presence", query: "?channel=chat", status: 501 },
  { id: "presence", query: "?channel=call:x&limit=1001", status: 400 },
  { id: "rtc_config" },
  { id: "rtc_config", status: 401, key: null },
  { id: "broadcast", body: { channels: ["chat", "news:a"], data: { n: 1 } } },
  { id: "broadcast", body: { channels: ["chat", "news:a"], data: 1 }, key: small_key },
  { id: "broadcast", body: {}, status: 400 },
  { id: "clients", query: "?user=ann" },
  { id: "clients", query: "?user=ann&limit=1" },
  { id: "clients", query: "?user=ann", status: 401, key: null },
  { id: "subscribe", body: { user: "ann", channels: ["news:a"] } },
  { id: "subscribe", body: { user: "ann" }, status: 400 },
  { id: "unsubscribe", body: { client, channel: "news:a" } },
  { id: "unsubscribe", body: {}, status: 400 },
  { id: "disconnect", body: { client } },
  { id: "disconnect", body: { user: "" }, status: 400 },
  { id: "revoke", body: { user: "bob", for_s: 60 } },
  { id: "revoke", body: { token: "t1" }, status: 403, key: small_key },
  { id: "delete_history", query: "?channel=chat" },
  { id: "delete_history", status: 400 },
  { id: "health" }, { id: "readiness" }, { id: "metrics" },
];

/** By its id. @type {Map<string, { path: string, method: string, operation: any, pointer: string }>} */
const operations = new Map();
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(/** @type {any} */ (methods))) {
    const pointer = `/paths/${path.replaceAll("/", "~1")}/${method}`;
    operations.set(operation.operationId, { path, method, operation, pointer });
  }
}

/** Follows a reference within the document. @param {any} object @param {string} pointer */
function resolved(object, pointer) {
  if (!object.$ref) return { object, pointer };
  const target = object.$ref.slice(1);
  return { object: target.slice(1).split("/").reduce((/** @type {any} */ at, /** @type {string} */ name) => at[name], document), pointer: target };
}

/** @param {string} what @param {string} schema_pointer @param {unknown} value */
function fits(what, schema_pointer, value) {
  const is_valid = schemas.getSchema(`openapi#${schema_pointer.replaceAll("+", "%2B")}`);
  assert.ok(is_valid, `${what}: no schema at ${schema_pointer}`);
  assert.ok(is_valid(value), `${what}: ${JSON.stringify(is_valid.errors)} in ${JSON.stringify(value)}`);
}

const escaped = (/** @type {string} */ name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

test("every operation answers as the document says", async (context) => {
  const server = await start_server(context, { config });
  const headers = bearer(token_for({ sub: "ann" }));
  await open_socket(context, server.url, { headers });
  const events = read_events(context, `${server.url}/api/events?channel=chat`, headers);
  await events.up_to("position", 1);
  for (const { id, query = "", body, status = 200, key = api_key, headers: more } of calls) {
    const found = operations.get(id);
    assert.ok(found, `${id} is not in the document`);
    const told = `${id} ${query} ${JSON.stringify(body) ?? ""}`;
    const reply = await server.http.request(found.method.toUpperCase(), found.path + query, {
      headers: { ...(key === null ? {} : bearer(key)), "content-type": "application/json", ...more },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    assert.equal(reply.status, status, `${told}: ${reply.text}`);
    const which = found.operation.responses[status] ? String(status) : "default";
    assert.ok(found.operation.responses[which], `${told}: the document has no ${status}`);
    const response = resolved(found.operation.responses[which], `${found.pointer}/responses/${which}`);
    const type = String(reply.headers["content-type"]).split(";")[0];
    assert.ok(response.object.content[type], `${told}: the document has no ${type}`);
    fits(told, `${response.pointer}/content/${escaped(type)}/schema`, reply.json ?? reply.text);
    const request = found.operation.requestBody && resolved(found.operation.requestBody, `${found.pointer}/requestBody`);
    if (status !== 200 || !request?.object.content["application/json"]) continue;
    fits(`the body of ${told}`, `${request.pointer}/content/application~1json/schema`, body);
  }
  const called = new Set(calls.map((call) => call.id));
  assert.deepEqual([...operations.keys()].filter((id) => !called.has(id)), [], "operations that are not called");
});

test("the server has the methods of the document, and no others", async (context) => {
  const server = await start_server(context, { config });
  for (const [path, methods] of Object.entries(document.paths)) {
    const { headers } = await server.http.request("OPTIONS", path, { headers: bearer(api_key) });
    const allowed = String(headers.allow).split(", ").filter((method) => !["HEAD", "OPTIONS"].includes(method));
    assert.deepEqual(allowed.sort(), Object.keys(methods).map((method) => method.toUpperCase()).sort(), path);
  }
});
