// Schemas of namespaces: what does not fit is refused alike on every way in, with the place.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cbor_codec } from "../support/cbor_codec.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { metric } from "../support/metrics.mjs";
import { reload } from "../support/restarts.mjs";
import { Server, library_probe, start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} RunningServer */
/** @typedef {import("node:test").TestContext} Context */
/** @typedef {{ code?: string, why?: string }} Answer  both undefined: it was taken */

const chat = {
  type: "object",
  required: ["user"],
  additionalProperties: false,
  properties: {
    user: { type: "object", properties: { name: { type: "string" } } },
    text: { type: "string", maxLength: 10 },
  },
};
const good = { user: { name: "ann" }, text: "hi" };
const bad = { user: { name: 7 } };
const complaint = "data does not fit the schema of [namespace.chat]: /user/name: must be a string";

const folder = temporary_folder();
let file_count = 0;

/** Writes a schema into a file of its own and gives its path. @param {object | string} schema */
function schema_file(schema) {
  const path = join(folder, `${++file_count}.schema.json`);
  writeFileSync(path, typeof schema === "string" ? schema : JSON.stringify(schema));
  return path;
}

/** @param {string} path */
const config_of = (path) => `[namespace.chat]\nschema = "${path}"\n`;

/** @param {any} reply a problem, an error, or anything else; of a list the first @returns {Answer} */
function answer_of(reply) {
  const { code, detail, message } = Array.isArray(reply) ? reply[0] : reply;
  return code === undefined ? {} : { code, why: detail ?? message };
}

/**
 * Every way in, by its name: publishes `data`, which is JSON text, or octets for binary data.
 * @param {Context} context @param {RunningServer} server
 * @returns {Promise<Record<string, (channel: string, data: string | Buffer) => Promise<Answer>>>}
 */
async function ways_in(context, server) {
  const post = async (/** @type {string} */ path, /** @type {string | Buffer} */ body, type = "application/json") =>
    (await server.http.request("POST", path, { headers: { "content-type": type }, body })).json;
  const binary = "application/octet-stream";
  const member = (/** @type {string | Buffer} */ data) =>
    typeof data === "string" ? `"data":${data}` : `"data":"${data.toString("base64")}","encoding":"base64"`;
  const in_cbor = (/** @type {string | Buffer} */ data) => (typeof data === "string" ? data : new Uint8Array(data));
  const json_socket = await open_socket(context, server.url);
  const cbor_socket = await open_socket(context, server.url, {}, cbor_codec);
  /** @param {string} type */
  const ask_in_json = (type) => async (/** @type {string} */ channel, /** @type {string | Buffer} */ data) => {
    const before = json_socket.frames.length;
    json_socket.send(`{"type":"${type}","id":1,"channel":"${channel}",${member(data)}}`);
    await until(() => json_socket.frames.length > before, { what: "a reply, without the id where it was no JSON" });
    return answer_of(json_socket.frames[before]);
  };
  /** @param {string} type */
  const ask_in_cbor = (type) => async (/** @type {string} */ channel, /** @type {string | Buffer} */ data) =>
    answer_of(await cbor_socket.ask({ type, channel, data: in_cbor(data) }));
  return {
    "a message": async (channel, data) => answer_of(await post("/api/messages", `{"channel":"${channel}",${member(data)}}`)),
    "a batch": async (channel, data) => answer_of(await post("/api/messages", `[{"channel":"${channel}",${member(data)}}]`)),
    "a body of data": async (channel, data) =>
      answer_of(await post(`/api/messages?channel=${channel}`, data, typeof data === "string" ? "application/json" : binary)),
    "a form": async (channel, data) =>
      answer_of(await post(`/api/messages?channel=${channel}`, data, typeof data === "string" ? "application/x-www-form-urlencoded" : binary)),
    "a command": async (channel, data) => answer_of(await post("/api/commands", `{"type":"message","channel":"${channel}",${member(data)}}`)),
    "an ephemeral command": async (channel, data) =>
      answer_of(await post("/api/commands", `{"type":"ephemeral","channel":"${channel}",${member(data)}}`)),
    "a batch of commands": async (channel, data) =>
      answer_of(await post("/api/commands", `[{"type":"message","channel":"${channel}",${member(data)}}]`)),
    "a WebSocket": ask_in_json("message"),
    "an ephemeral over a WebSocket": ask_in_json("ephemeral"),
    "CBOR": ask_in_cbor("message"),
    "an ephemeral in CBOR": ask_in_cbor("ephemeral"),
  };
}

test("what fits is taken and what does not is refused with its place, on every way in", async (context) => {
  const server = await start_server(context, { config: config_of(schema_file(chat)) });
  const ways = await ways_in(context, server);
  let refused = 0;
  for (const [name, publish] of Object.entries(ways)) {
    assert.deepEqual(await publish("chat:room", JSON.stringify(good)), {}, name);
    assert.deepEqual(await publish("chat:room", JSON.stringify(bad)), { code: "invalid", why: complaint }, name);
    assert.deepEqual(await publish("other:room", JSON.stringify(bad)), {}, `${name}, in a namespace without a schema`);
    assert.deepEqual(await publish("chat", JSON.stringify(bad)), {}, `${name}, in no namespace`);
    ++refused;
  }
  const kept = (await server.http.get("/api/messages?channel=chat:room")).json;
  assert.ok(kept.length > 0);
  for (const { data } of kept) assert.deepEqual(data, good);
  assert.equal(await metric(server.http, "carillon_refused_by_schema_total"), refused);
  const { status } = await server.http.post_json("/api/messages", { channel: "chat:room", data: bad });
  assert.equal(status, 422);
});

test("binary data and texts do not fit by chance", async (context) => {
  const server = await start_server(context, { config: config_of(schema_file({ type: "string" })) });
  const ways = await ways_in(context, server);
  const why = "data does not fit the schema of [namespace.chat]: it is binary, and must be JSON";
  for (const name of ["a body of data", "CBOR", "an ephemeral in CBOR"]) {
    assert.deepEqual(await ways[name]("chat:x", Buffer.from("octets")), { code: "invalid", why }, name);
  }
  const text = await server.http.request("POST", "/api/messages?channel=chat:x", { headers: { "content-type": "text/plain" }, body: "7" });
  assert.equal(text.status, 200, "text is a string, whatever it looks like");
  const guess = await server.http.request("POST", "/api/messages?channel=chat:x", { body: "7" });
  assert.equal(guess.status, 422, "and this is a number");
});

test("data of a message without `data` is its other members", async (context) => {
  const server = await start_server(context, { config: config_of(schema_file(chat)) });
  const { http } = server;
  assert.equal((await http.post_json("/api/messages", { channel: "chat:a", key: "k", ...good })).status, 200);
  assert.equal((await http.post_json("/api/messages", { channel: "chat:a", ...good, more: 1 })).json.detail,
    "data does not fit the schema of [namespace.chat]: /more: is not allowed");
  const socket = await open_socket(context, server.url, {}, cbor_codec);
  await socket.must({ type: "message", channel: "chat:a", ...good });
  const refused = await socket.ask({ type: "message", channel: "chat:a", user: {}, text: "12345678901" });
  assert.equal(refused.message, "data does not fit the schema of [namespace.chat]: /text: must have at most 10 characters");
});

test("in a batch each item is for itself", async (context) => {
  const server = await start_server(context, { config: config_of(schema_file(chat)) });
  const items = [good, bad, good].map((data) => ({ channel: "chat:a", data }));
  const { status, json } = await server.http.post_json("/api/messages", items);
  assert.equal(status, 200);
  assert.deepEqual(json.map((/** @type {any} */ each) => each.code ?? each.offset), [1, "invalid", 2]);
  assert.equal(json[1].status, 422);
});

test("the program's own publications are checked as well", async (context) => {
  const server = new Server({ program: library_probe(), environment: { CARILLON_NAMESPACE_CHAT_SCHEMA: schema_file(chat) } });
  context.after(() => server.stop());
  await server.listening();
  for (const query of ["", "?ephemeral=1"]) {
    const publish = (/** @type {string} */ channel, /** @type {unknown} */ data) =>
      server.http.request("POST", `/publish/${channel}${query}`, { body: JSON.stringify(data) });
    assert.equal((await publish("chat:a", good)).status, 200);
    assert.equal((await publish("chat:a", bad)).text, complaint);
    assert.equal((await publish("other:a", bad)).status, 200);
  }
  const binary = await server.http.request("POST", "/publish/chat:a?kind=binary", { body: "x" });
  assert.match(binary.text, /it is binary, and must be JSON/);
});

test("a schema that is not served stops the start, with its line", async () => {
  for (const [schema, message] of /** @type {[string, RegExp][]} */ ([
    ['{\n  "properties": {\n    "name": { "pattern": "^(a+)+$" }\n  }\n}', /schema\.json:3: 'pattern' is not supported: /],
    ['{"$ref":"http://example.com/schema"}', /schema\.json:1: '\$ref' leads to another document/],
    ["{\n", /schema\.json:2: is not valid JSON: /],
    [" ".repeat(1024 * 1024) + "true", /schema\.json: is larger than 1 MiB/],
  ])) {
    const server = new Server({ config: config_of(schema_file(schema)) });
    const { code } = await server.exited;
    assert.notEqual(code, 0);
    assert.match(server.log, /carillon\.toml:2:\d+: \[namespace\.chat\] schema /);
    assert.match(server.log, message);
    await server.stop({ expect_code: code ?? 0 });
  }
});

test("SIGHUP reads schemas again, and a bad one changes nothing", async (context) => {
  const path = schema_file({ type: "string" });
  const server = await start_server(context, { config: config_of(path) });
  const code_of = async (/** @type {unknown} */ data) =>
    (await server.http.post_json("/api/messages", { channel: "chat:a", data })).json.code;
  assert.deepEqual([await code_of("x"), await code_of(1)], [undefined, "invalid"]);

  writeFileSync(path, '{"type":"integer"}');
  server.kill("SIGHUP");
  await until(async () => (await code_of(1)) === undefined, { what: "the new schema" });
  assert.equal(await code_of("x"), "invalid");

  writeFileSync(path, '{\n"format":"email"}');
  server.kill("SIGHUP");
  await server.logged(/schema\.json:2: 'format' "email" is not supported[^]*stay as they were/);
  assert.deepEqual([await code_of(1), await code_of("x")], [undefined, "invalid"]);

  reload(server, "");
  await until(async () => (await code_of("x")) === undefined, { what: "the schema to go" });
  reload(server, config_of(schema_file({ const: 5 })));
  await until(async () => (await code_of("x")) === "invalid", { what: "a schema to come" });
});

test("a path is read from where the server was started", async (context) => {
  mkdirSync(join(folder, "schemas"));
  writeFileSync(join(folder, "schemas", "chat.json"), "false");
  const server = await start_server(context, {
    environment: { CARILLON_NAMESPACE_CHAT_SCHEMA: "schemas/chat.json" },
    under: ["env", "-C", folder],
  });
  const { json } = await server.http.post_json("/api/messages", { channel: "chat:a", data: 1 });
  assert.equal(json.detail, "data does not fit the schema of [namespace.chat]: is not allowed");
});

test("a check that would take too long ends, and the server goes on", async (context) => {
  const twice = { properties: { a: { $ref: "#" } }, not: true };
  const server = await start_server(context, { config: config_of(schema_file({ anyOf: [twice, twice] })) });
  const { status, json } = await server.http.request("POST", "/api/messages?channel=chat:a", {
    headers: { "content-type": "application/json" },
    body: '{"a":'.repeat(60) + "1" + "}".repeat(60),
  });
  assert.equal(status, 422);
  assert.match(json.detail, /checking it takes too many steps/);
  assert.equal((await server.http.get("/healthz")).status, 200);
});

// --- Without a schema: what every message is held to ----------------------------------------------

const nested = (/** @type {number} */ depth) => "[".repeat(depth) + "]".repeat(depth);

test("depth, size and keys are checked on every way in", async (context) => {
  const server = await start_server(context, { config: "[limits]\npublication_bytes = 1_000\n" });
  for (const [name, publish] of Object.entries(await ways_in(context, server))) {
    const code = async (/** @type {string} */ data) => (await publish("c", data)).code;
    assert.equal(await code(nested(60)), undefined, name);
    assert.equal(await code(`"${"x".repeat(998)}"`), undefined, name);
    assert.equal(await code(`"${"x".repeat(999)}"`), "too_large", name);
    if (name === "a form") continue; // what is no JSON is a text there
    assert.equal(await code(nested(65)), "bad_request", name);
    assert.equal(await code('{"a":{"b":1,"c":2,"\\u0062":3}}'), "bad_request", name);
    assert.equal(await code('{"a":01}'), "bad_request", name);
    assert.equal(await code('"\\ud800"'), "bad_request", name);
  }
});

test("channel names are checked on every way in", async (context) => {
  const server = await start_server(context);
  for (const [name, publish] of Object.entries(await ways_in(context, server))) {
    for (const channel of ["a%20b", "ä", "x".repeat(129), "a,b"]) {
      const is_query = name === "a body of data" || name === "a form";
      const written = is_query ? channel.replace("ä", "%C3%A4") : channel;
      assert.equal((await publish(written, "1")).code, "bad_request", `${name}: ${channel}`);
    }
    assert.equal((await publish("x".repeat(128), "1")).code, undefined, name);
    assert.equal((await publish("_carillon:x", "1")).code, "forbidden", name);
  }
});

test("what is no UTF-8 is refused on every way in", async (context) => {
  const server = await start_server(context);
  const text = Buffer.from('"\xff"', "latin1");
  const message = Buffer.from('{"channel":"c","data":"\xc0\x80"}', "latin1");
  const command = Buffer.from('{"type":"message","channel":"c","data":"\xed\xa0\x80"}', "latin1");
  for (const [path, type, body] of /** @type {[string, string, Buffer][]} */ ([
    ["/api/messages?channel=c", "application/json", text],
    ["/api/messages?channel=c", "text/plain", text],
    ["/api/messages?channel=c", "application/x-www-form-urlencoded", text],
    ["/api/messages", "application/json", message],
    ["/api/messages", "application/json", Buffer.concat([Buffer.from("["), message, Buffer.from("]")])],
    ["/api/commands", "application/json", command],
  ])) {
    const { json } = await server.http.request("POST", path, { headers: { "content-type": type }, body });
    assert.equal(json.code, "bad_request", `${path} ${type}`);
  }
  const socket = await open_socket(context, server.url, {}, cbor_codec);
  const frame = Buffer.from(/** @type {Uint8Array} */ (cbor_codec.encode({ type: "message", id: 9, channel: "c", data: '"XX"' })));
  frame[frame.indexOf("XX")] = 0xff;
  socket.send(frame);
  const refused = await socket.frame(({ type }) => type === "error", "an error");
  assert.equal(refused.code, "bad_request");
});
