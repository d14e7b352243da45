// Publishing over HTTP: every form of a body, batches, idempotency, and what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";

const largest_data_bytes = 65_536;
const most_items = 1000;

/** @param {import("../support/server.mjs").Server} server @param {string} channel */
async function history(server, channel) {
  const reply = await server.http.get(`/api/messages?channel=${encodeURIComponent(channel)}&limit=1000`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}

/**
 * @param {import("../support/server.mjs").Server} server
 * @param {string} path
 * @param {string | Buffer} body
 * @param {Record<string, string>} [headers]
 */
function post(server, path, body, headers) {
  return server.http.request("POST", path, { body, headers });
}

/** @param {import("../support/http.mjs").Reply} reply @param {number} status @param {string} code */
function assert_problem(reply, status, code) {
  assert.equal(reply.status, status, reply.text);
  assert.match(String(reply.headers["content-type"]), /^application\/problem\+json/);
  assert.equal(reply.json.code, code);
  assert.equal(reply.json.status, status);
  assert.ok(reply.json.title && reply.json.detail, "a problem says what it is");
}

test("a body is the message or the data, as the request and its type say", async (context) => {
  const server = await start_server(context);
  const json = { "content-type": "application/json" };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  /** @type {[string, string | Buffer, Record<string, string>, object][]} */
  const cases = [
    ["", '{"channel":"X","data":{"n":1}}', json, { data: { n: 1 } }],
    ["", '{"channel":"X","data":7}', form, { data: 7 }],
    ["", '{"channel":"X","data":"no type"}', {}, { data: "no type" }],
    ["", '{"channel":"X","data":null}', { "content-type": "text/plain" }, { data: null }],
    ["", '{"type":"message","id":4,"channel":"X","text":"hi","n":[1]}', json, { data: { text: "hi", n: [1] } }],
    ["", '{"channel":"X","data":1,"key":"AAPL"}', json, { data: 1, key: "AAPL" }],
    ["?channel=X", '{"channel":"other","data":1}', json, { data: { channel: "other", data: 1 } }],
    ["?channel=X", "[1,2]", { "content-type": "application/vnd.a+json; charset=utf-8" }, { data: [1, 2] }],
    ["?channel=X", "[1,2]", { "content-type": "text/plain" }, { data: "[1,2]" }],
    [
      "?channel=X", "Grüße \"\\\u0001", { "content-type": "text/html; charset=utf-8" },
      { data: 'Grüße "\\\u0001' }
    ],
    ["?channel=X", "", { "content-type": "text/plain" }, { data: "" }],
    ["?channel=X", '{"a":1}', form, { data: { a: 1 } }],
    ["?channel=X", "a=1&b=2", form, { data: "a=1&b=2" }],
    ["?channel=X", "just words", {}, { data: "just words" }],
    ["?channel=X", "42", {}, { data: 42 }],
    [
      "?channel=X", Buffer.from([0, 255, 10, 13]), { "content-type": "image/png" },
      { data: "AP8KDQ==", encoding: "base64" }
    ],
    [
      "?channel=X", '{"a":1}', { "content-type": "application/octet-stream" },
      { data: "eyJhIjoxfQ==", encoding: "base64" }
    ],
    ["?channel=X", "", { "content-type": "application/octet-stream" }, { data: "", encoding: "base64" }],
    ["?channel=X&key=k%20k", "1", json, { data: 1, key: "k k" }],
  ];
  for (const [index, [query, body, headers, expected]] of cases.entries()) {
    const channel = `body-${index}`;
    const sent = typeof body === "string" ? body.replace('"X"', `"${channel}"`) : body;
    const reply = await post(server, `/api/messages${query.replace("X", channel)}`, sent, headers);
    assert.equal(reply.status, 200, `case ${index}: ${reply.text}`);
    const { epoch, timestamp } = reply.json;
    assert.deepEqual(reply.json, { channel, offset: 1, epoch, timestamp }, `case ${index}`);
    const message = { type: "message", channel, offset: 1, epoch, timestamp, ...expected };
    assert.deepEqual(await history(server, channel), [message], `case ${index}`);
  }
});

test("without a channel it is the channel 'default'", async (context) => {
  const { http } = await start_server(context);
  const reply = await http.post_json("/api/messages", { text: "hi" });
  assert.equal(reply.json.channel, "default");
  assert.deepEqual((await http.get("/api/messages")).json[0].data, { text: "hi" });
});

test("the bytes of JSON are kept, and line ends between tokens become spaces", async (context) => {
  const server = await start_server(context);
  const data = '{ "big":1.10e+2,\r\n\t"long":123456789012345678901234567890,"line":"a\\r\\nb\\u2028" }';
  await post(server, "/api/messages?channel=bytes", data, { "content-type": "application/json" });
  await post(server, "/api/messages", `{"channel":"bytes",\r\n"data":${data}}`);
  const { text } = await server.http.get("/api/messages?channel=bytes");
  const kept = data.replace("\r\n", "  ");
  assert.equal(text.split(`"data":${kept}`).length, 3, text);
  assert.doesNotMatch(text, /[\r\n]/);
});

test("timestamps rise strictly and survive a JavaScript number", async (context) => {
  const server = await start_server(context);
  const items = Array.from({ length: 500 }, (_, n) => ({ channel: "time", data: n }));
  const before = Date.now();
  await server.http.post_json("/api/messages", items);
  const { text, json } = await server.http.get("/api/messages?channel=time&limit=500");
  const printed = [...text.matchAll(/"timestamp":(\d{13}\.\d{3}),/g)].map(([, each]) => each);
  assert.equal(printed.length, 500, "each has three decimals");
  for (const [index, message] of json.entries()) {
    assert.equal(message.timestamp.toFixed(3), printed[index]);
    if (index > 0) assert.ok(message.timestamp > json[index - 1].timestamp, "they rise");
  }
  assert.ok(json[0].timestamp > before - 1 && json[0].timestamp < Date.now() + 1);
});

test("a batch answers each item in its place, the bad ones with a problem", async (context) => {
  const server = await start_server(context);
  const reply = await server.http.post_json("/api/messages", [
    { channel: "one", data: 1 },
    { channel: "not a name", data: 2 },
    { channel: "two", data: 3, key: "k" },
    5,
    { channel: "one", data: "x".repeat(largest_data_bytes) },
    { channel: "_carillon:x", data: 1 },
    { channel: "one", data: 4, dedupe: "d" },
    { channel: "one", data: 4, dedupe: "d" },
    { channel: "one", data: 5, dedupe: "d" },
  ]);
  assert.equal(reply.status, 200);
  assert.deepEqual(
    reply.json.map(
      (/** @type {any} */ each) => each.code ?? `${each.channel} ${each.offset} ${each.duplicate ?? ""}`
    ),
    [
      "one 1 ", "bad_request", "two 1 ", "bad_request", "too_large", "forbidden", "one 2 ", "one 2 true",
      "invalid"
    ],
  );
  assert.deepEqual((await history(server, "one")).map((/** @type {any} */ each) => each.data), [1, 4]);

  assert.deepEqual((await server.http.post_json("/api/messages", [])).json, []);
  const most = Array.from({ length: most_items }, (_, n) => ({ channel: "most", data: n }));
  assert.equal((await server.http.post_json("/api/messages", most)).json.at(-1).offset, most_items);
  assert_problem(await server.http.post_json("/api/messages", [...most, {}]), 413, "too_large");
});

test("a repeat with the same idempotency key is answered with the first result", async (context) => {
  const server = await start_server(context);
  const key = { "idempotency-key": "order-1", "content-type": "application/json" };
  const first = (await post(server, "/api/messages?channel=idem", '{"n":1}', key)).json;
  const again = await post(server, "/api/messages?channel=idem", '{"n":1}', key);
  assert.deepEqual(again.json, { ...first, duplicate: true });
  assert_problem(await post(server, "/api/messages?channel=idem", '{"n":2}', key), 422, "invalid");
  assert.equal((await post(server, "/api/messages?channel=other", '{"n":2}', key)).json.offset, 1, "per channel");

  const by_body =
    await server.http.post_json("/api/messages", { channel: "idem", data: { n: 1 }, dedupe: "order-1" });
  assert.deepEqual(by_body.json, { ...first, duplicate: true }, "`dedupe` and the header are one thing");
  const by_command = await server.http.post_json("/api/commands", {
    type: "message", id: 1, channel: "idem", data: { n: 1 }, dedupe: "order-1",
  });
  assert.deepEqual(by_command.json, { type: "ok", id: 1, ...first, duplicate: true });
  assert.equal((await history(server, "idem")).length, 1);
});

test("idempotency keys of two clients never meet", async (context) => {
  const server = await start_server(context);
  const sessions = [];
  for (let count = 0; count < 2; count++) {
    const { json } = await server.http.post_json("/api/commands", { type: "connect", id: 1 });
    sessions.push(json);
  }
  for (const [index, { session, client }] of sessions.entries()) {
    const headers = { "carillon-session": session, "idempotency-key": "same" };
    for (const duplicate of [undefined, true]) {
      const reply = await post(server, "/api/messages?channel=scope", `"${index}"`, headers);
      assert.equal(reply.json.offset, index + 1);
      assert.equal(reply.json.duplicate, duplicate);
    }
    assert.deepEqual((await history(server, "scope"))[index].from, { client });
  }
  const named = await post(server, `/api/messages?channel=scope&session=${sessions[0].session}`, "1");
  assert.equal(named.status, 200);
  assert.deepEqual((await history(server, "scope"))[2].from, { client: sessions[0].client });
  const forged = await post(server, "/api/messages?channel=scope", "1", { "carillon-session": "forged" });
  assert_problem(forged, 401, "unauthenticated");
});

test("the latest thousand keys of a publisher in a channel are remembered", async (context) => {
  const server = await start_server(context);
  const item = (/** @type {number} */ number) => ({ channel: "many", data: number, dedupe: `key ${number}` });
  await server.http.post_json("/api/messages", Array.from({ length: 1000 }, (_, number) => item(number)));
  await server.http.post_json("/api/messages", item(1000));
  const { json } = await server.http.post_json("/api/messages", [item(1), item(1000), item(0)]);
  assert.deepEqual(json.map((/** @type {any} */ each) => [each.offset, each.duplicate]), [
    [2, true], [1001, true], [1002, undefined]
  ]);
});

test("idempotency keys outside 1 to 256 octets, or for a whole batch, are refused", async (context) => {
  const server = await start_server(context);
  const body = '{"channel":"keys","data":1}';
  const longest = "k".repeat(256);
  assert.equal((await post(server, "/api/messages", body, { "idempotency-key": longest })).status, 200);
  assert_problem(
    await post(server, "/api/messages", body, { "idempotency-key": `${longest}k` }), 400, "bad_request"
  );
  assert_problem(await post(server, "/api/messages", body, { "idempotency-key": "" }), 400, "bad_request");
  assert_problem(await post(server, "/api/messages", `[${body}]`, { "idempotency-key": "k" }), 400, "bad_request");
  const too_long = await server.http.post_json("/api/messages", { data: 1, dedupe: `${longest}k` });
  assert_problem(too_long, 400, "bad_request");
  assert_problem(await post(server, `/api/messages?channel=keys&key=${longest}k`, "1"), 400, "bad_request");
});

test("malformed and oversized publications are refused, and nothing is kept of them", async (context) => {
  const server = await start_server(context);
  const json = { "content-type": "application/json" };
  /** @type {[string, string | Buffer, Record<string, string>, number, string][]} */
  const cases = [
    ["", "", json, 400, "bad_request"],
    ["", "{", json, 400, "bad_request"],
    ["", '"text"', json, 400, "bad_request"],
    ["", '{"channel":7,"data":1}', json, 400, "bad_request"],
    ["", '{"channel":"","data":1}', json, 400, "bad_request"],
    ["", '{"channel":"bad","data":1,"key":7}', json, 400, "bad_request"],
    ["", "[".repeat(100_000), json, 400, "bad_request"],
    ["?channel=bad", "{", json, 400, "bad_request"],
    ["?channel=bad", "", {}, 400, "bad_request"],
    ["?channel=bad", Buffer.from([0x22, 0xff, 0x22]), json, 400, "bad_request"],
    ["?channel=bad", Buffer.from([0xc3, 0x28]), { "content-type": "text/plain" }, 400, "bad_request"],
    ["?channel=bad", Buffer.from([0xc3, 0x28]), {}, 400, "bad_request"],
    ["?channel=bad", "1", { "content-type": "nonsense" }, 400, "bad_request"],
    ["?channel=bad&channel=worse", "1", json, 400, "bad_request"],
    ["?channel=", "1", json, 400, "bad_request"],
    ["?channel=white%20space", "1", json, 400, "bad_request"],
    ["?channel=%00", "1", json, 400, "bad_request"],
    ["?channel=%C3%A4", "1", json, 400, "bad_request"],
    [`?channel=${"n".repeat(129)}`, "1", json, 400, "bad_request"],
    ["?channel=_carillon:x", "1", json, 403, "forbidden"],
    ["?channel=bad", `"${"x".repeat(largest_data_bytes - 1)}"`, json, 413, "too_large"],
    ["?channel=bad", "x".repeat(2 ** 20 + 1), json, 413, "too_large"],
  ];
  for (const [query, body, headers, status, code] of cases) {
    assert_problem(await post(server, `/api/messages${query}`, body, headers), status, code);
  }
  assert.deepEqual(await history(server, "bad"), []);

  const just_fits = `"${"x".repeat(largest_data_bytes - 2)}"`;
  assert.equal((await post(server, "/api/messages?channel=ok", just_fits, json)).status, 200);
  const longest_name = "A.z_0:/@|+=~!-".padEnd(128, "n");
  const reply = await post(server, `/api/messages?channel=${encodeURIComponent(longest_name)}`, "1", json);
  assert.equal(reply.json.channel, longest_name);
});

test("what people type at a shell works", async (context) => {
  const server = await start_server(context);
  const url = `${server.url}/api/messages?channel=shell`;
  /** @param {string[]} words */
  const curl = async (...words) => {
    const { code, errors } = await run_program("curl", ["-sS", "--fail-with-body", "--max-time", "20", ...words]);
    assert.equal(code, 0, errors);
  };
  await curl("-d", '{"text":"hello"}', url);
  await curl("-d", "two words", url);
  await curl("-d", '{"channel":"shell","data":3}', `${server.url}/api/messages`);
  await curl("--json", "[4]", url);
  await curl("-d", "text=5", "-d", "more=6", url);
  await curl("-X", "POST", "-H", "Content-Type: text/plain", "-d", "6", url);
  await curl("-H", "Transfer-Encoding: chunked", "-d", "7", url);
  assert.deepEqual(
    (await history(server, "shell")).map((/** @type {any} */ each) => each.data),
    [{ text: "hello" }, "two words", 3, [4], "text=5&more=6", "6", 7],
  );
});
