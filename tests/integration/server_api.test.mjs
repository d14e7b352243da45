// What else back ends do over HTTP: publish to many channels, delete histories, list channels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api_key, bearer, call, config, small_key, token_for } from "../support/back_end.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { kill, Restarts } from "../support/restarts.mjs";
import { start_server } from "../support/server.mjs";

const reactors = Number(process.env.CARILLON_TEST_REACTORS ?? 1);

/** @param {import("../support/server.mjs").Server} server @param {string} channel */
const data_in = async (server, channel) =>
  (await call(server, `/api/messages?channel=${channel}`)).json.map((/** @type {any} */ each) => each.data);

test("one message into many channels, each with its result", async (context) => {
  const server = await start_server(context, { config });
  const channels = ["news:a", "news:b", "news:c"];
  const first = await call(server, "/api/broadcast", { channels, data: { n: 1 }, dedupe: "once" });
  assert.equal(first.status, 200);
  assert.deepEqual(first.json.map((/** @type {any} */ each) => [each.channel, each.offset]), channels.map((name) => [name, 1]));
  const again = await call(server, "/api/broadcast", { channels: [...channels, "news:d"], data: { n: 1 }, dedupe: "once" });
  assert.deepEqual(again.json.map((/** @type {any} */ each) => each.duplicate ?? false), [true, true, true, false]);
  const mixed = await call(server, "/api/broadcast", { channels: ["news:a", "chat"], data: 2 }, { key: small_key });
  assert.deepEqual(mixed.json.map((/** @type {any} */ each) => each.offset ?? each.code), [2, "forbidden"]);
  assert.deepEqual(await data_in(server, "news:a"), [{ n: 1 }, 2]);
  assert.deepEqual(await data_in(server, "chat"), []);
  const binary = await call(server, "/api/broadcast", { channels: ["news:e"], data: "AAEC", encoding: "base64" });
  assert.equal(binary.json[0].offset, 1);
  const many = Array.from({ length: 101 }, (_, i) => `c${i}`);
  for (const [body, words] of /** @type {[object, RegExp][]} */ ([
    [{ data: 1 }, /"channels"/], [{ channels: ["a"] }, /"data" is missing/], [{ channels: many, data: 1 }, /1 to 100/],
    [{ channels: "a", data: 1 }, /"channels" must be a list/], [{ channels: ["a", 1], data: 1 }, /"channels"/],
    [{ channels: ["a"], data: 1, history: 1 }, /"history" means nothing/], [{ channels: ["a"], data: 1, key: "" }, /"key"/],
  ])) {
    const { status, json } = await call(server, "/api/broadcast", body);
    assert.equal(status, 400, JSON.stringify(json));
    assert.match(json.detail, words);
  }
});

test("the channel list is for API keys that may, of the channels that they are for", async (context) => {
  const server = await start_server(context, { config, listen: ["127.0.0.1:0", "unix"] });
  for (const name of ["chat", "news:a", "news:b"]) await call(server, `/api/messages?channel=${name}`, 1);
  const names = async (/** @type {string} */ query, /** @type {string} */ key) =>
    (await call(server, `/api/channels${query}`, undefined, { key })).json;
  const all = await names("", api_key);
  assert.deepEqual(all.channels.map((/** @type {any} */ each) => each.channel), ["chat", "news:a", "news:b"]);
  const some = await names("", small_key);
  assert.deepEqual(some.channels.map((/** @type {any} */ each) => each.channel), ["news:a", "news:b"]);
  const page = await names("?limit=1", small_key);
  assert.deepEqual([page.channels.length, page.next], [1, "news:a"]);
});

test("a history is deleted; readers behind it are told, and those who listen go on", async (context) => {
  const server = await start_server(context, { config });
  const token = token_for({ sub: "ann" });
  const socket = await open_socket(context, server.url, { headers: bearer(token) });
  await socket.must({ type: "subscribe", channel: "news:a" });
  const receipts = [];
  for (const n of [1, 2, 3]) receipts.push((await call(server, "/api/messages?channel=news:a", n)).json);
  const { epoch } = receipts[0];
  const deleted = await call(server, "/api/history?channel=news:a", undefined, { method: "DELETE" });
  assert.deepEqual([deleted.status, deleted.json], [200, { channel: "news:a", position: `${epoch}:3` }]);
  assert.deepEqual(await data_in(server, "news:a"), []);
  const behind = await call(server, `/api/messages?channel=news:a&after=${epoch}:1`);
  assert.deepEqual([behind.status, behind.json.position], [410, `${epoch}:3`]);
  assert.equal((await call(server, `/api/messages?channel=news:a&after=${epoch}:3`)).status, 200);
  const other = await open_socket(context, server.url, { headers: bearer(token) });
  const ok = await other.must({ type: "subscribe", channel: "news:a", after: `${epoch}:1` });
  assert.equal(ok.recovered, false);

  assert.equal((await call(server, "/api/messages?channel=news:a", 4)).json.offset, 4);
  assert.deepEqual((await socket.messages_up_to(4)).map((each) => each.data), [1, 2, 3, 4]);
  assert.ok(!socket.frames.some((frame) => frame.type === "gap"));
  assert.deepEqual(await data_in(server, "news:a"), [4]);
  const info = (await call(server, "/api/channels?prefix=news:a")).json.channels[0];
  assert.equal(info.publications, 1);

  const remove = async (/** @type {string} */ query, /** @type {string} */ key) =>
    (await call(server, `/api/history${query}`, undefined, { method: "DELETE", key })).status;
  assert.equal(await remove("?channel=nobody:knows", api_key), 200);
  assert.equal(await remove("?channel=news:b", small_key), 200);
  assert.equal(await remove("?channel=chat", small_key), 403);
  assert.equal(await remove("?channel=chat", token), 401);
  assert.equal(await remove("", api_key), 400);
  assert.equal(await remove("?channel=a%20b", api_key), 400);
});

for (const durability of ["snapshot", "log"]) {
  test(`a deleted history stays deleted over a restart (${durability})`, async (context) => {
    const restarts = new Restarts(context);
    const history = `durability = "${durability}"`;
    let server = await restarts.start(history, { config });
    for (const n of [1, 2, 3]) await call(server, "/api/messages?channel=news:a", n);
    assert.equal((await call(server, "/api/messages?channel=news:b", 1)).status, 200);
    await call(server, "/api/history?channel=news:a", undefined, { method: "DELETE" });
    await call(server, "/api/history?channel=news:b", undefined, { method: "DELETE" });
    const { epoch } = (await call(server, "/api/messages?channel=news:a", 4)).json;
    if (durability === "log") await kill(server);
    else await server.stop();

    server = await restarts.start(history, { config, reactors: reactors + 1 });
    assert.deepEqual(await data_in(server, "news:a"), [4]);
    assert.deepEqual(await data_in(server, "news:b"), []);
    assert.equal((await call(server, `/api/messages?channel=news:a&after=${epoch}:1`)).status, 410);
    assert.equal((await call(server, "/api/messages?channel=news:a", 5)).json.offset, 5);
    assert.equal((await call(server, "/api/messages?channel=news:b", 2)).json.offset, 2);
  });
}
