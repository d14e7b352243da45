// What back ends do with connected clients: list, subscribe, unsubscribe and disconnect them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api_key, bearer, call, config, connected, open_all, small_key, token_for } from "../support/back_end.mjs";
import { cbor_codec } from "../support/cbor_codec.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { start_server } from "../support/server.mjs";
import { soon } from "../support/wait.mjs";

test("clients of a user are listed, page by page", async (context) => {
  const server = await start_server(context, { config });
  assert.deepEqual((await call(server, "/api/clients?user=ann")).json, { clients: [] });
  const before = Date.now() - 1000;
  const { socket } = await open_all(context, server, token_for({ sub: "ann" }));
  await open_all(context, server, token_for({ sub: "bob" }));
  await connected(server, "ann", 3);
  const { json, status } = await call(server, "/api/clients?user=ann");
  assert.equal(status, 200);
  const names = json.clients.map((/** @type {any} */ each) => each.transport).sort();
  assert.deepEqual(names, ["longpoll", "sse", "websocket"]);
  for (const each of json.clients) {
    assert.deepEqual([each.user, each.channels, each.subscriptions], ["ann", ["chat"], 1]);
    assert.ok(each.since >= before && each.since <= Date.now());
  }
  const paged = [];
  let next = "";
  do {
    const page = (await call(server, `/api/clients?user=ann&limit=1${next && `&after=${next}`}`)).json;
    assert.equal(page.clients.length, 1);
    paged.push(...page.clients);
    next = page.next ?? "";
  } while (next);
  assert.deepEqual(paged, json.clients);
  const one = await call(server, `/api/clients?client=${socket.welcome.client}`);
  assert.deepEqual(one.json.clients.map((/** @type {any} */ each) => each.client), [socket.welcome.client]);
});

test("a user is disconnected on every transport, and others are not", async (context) => {
  const server = await start_server(context, { config });
  const ann = await open_all(context, server, token_for({ sub: "ann" }));
  const bob = await open_all(context, server, token_for({ sub: "bob" }));
  await connected(server, "ann", 3);
  await connected(server, "bob", 3);
  const { json } = await call(server, "/api/disconnect", { user: "ann" });
  assert.deepEqual(json, { clients: 3, disconnected: 3 });
  const closing = await ann.socket.frame((frame) => frame.type === "closing", "closing");
  assert.deepEqual([closing.code, closing.reconnect], ["forbidden", false]);
  assert.equal(await soon(ann.socket.closed, { what: "the close" }), 4403);
  const [event] = await ann.events.up_to("closing", 1);
  assert.deepEqual([event.data.code, event.data.reconnect], ["forbidden", false]);
  const polled = await soon(ann.poll, { what: "the poll" });
  assert.deepEqual([polled.status, polled.json.code], [403, "forbidden"]);
  await connected(server, "ann", 0);
  await connected(server, "bob", 3);
  await bob.socket.settle();
});

test("who is to come back is told so; one client alone", async (context) => {
  const server = await start_server(context, { config });
  const token = token_for({ sub: "ann" });
  const ann = await open_all(context, server, token);
  const other = await open_socket(context, server.url, { headers: bearer(token) });
  await connected(server, "ann", 4);
  const client = other.welcome.client;
  assert.deepEqual((await call(server, "/api/disconnect", { client, reconnect: true })).json,
    { clients: 1, disconnected: 1 });
  const closing = await other.frame((frame) => frame.type === "closing", "closing");
  assert.deepEqual([closing.code, closing.reconnect], ["shutdown", true]);
  assert.equal(await soon(other.closed, { what: "the close" }), 1001);
  await call(server, "/api/disconnect", { user: "ann", reconnect: true });
  const polled = await soon(ann.poll, { what: "the poll" });
  assert.deepEqual([polled.status, polled.json], [200, []]);
  assert.deepEqual((await call(server, "/api/disconnect", { user: "ann" })).json, { clients: 0, disconnected: 0 });
});

test("whom a back end takes out of a channel has been sent away, as its roster says", async (context) => {
  const server = await start_server(context, { config });
  const [ann, bob] = [await open_socket(context, server.url, { headers: bearer(token_for({ sub: "ann" })) }),
    await open_socket(context, server.url, { headers: bearer(token_for({ sub: "bob" })) })];
  for (const socket of [ann, bob]) await socket.must({ type: "subscribe", channel: "call:x" });
  assert.deepEqual((await call(server, "/api/unsubscribe", { user: "bob", channel: "call:x" })).json,
    { clients: 1, unsubscribed: 1 });
  const left = await ann.frame((frame) => frame.type === "presence" && frame.event === "leave", "the leave");
  assert.deepEqual([left.user, left.cause], ["bob", "ended"]);
});

test("a back end subscribes and unsubscribes WebSockets, in both encodings", async (context) => {
  const server = await start_server(context, { config });
  const token = token_for({ sub: "ann", channels: { chat: ["*"] } });
  const text = await open_socket(context, server.url, { headers: bearer(token) });
  const binary = await open_socket(context, server.url, { headers: bearer(token) }, cbor_codec);
  const subscribe = { user: "ann", channels: ["news:a", "news:b"] };
  assert.deepEqual((await call(server, "/api/subscribe", subscribe)).json, { clients: 2, subscribed: 4 });
  assert.deepEqual((await call(server, "/api/subscribe", subscribe)).json, { clients: 2, subscribed: 0 });
  for (const socket of [text, binary]) {
    const ok = await socket.frame((frame) => frame.channel === "news:b" && frame.type === "ok", "an ok");
    assert.equal(ok.id, undefined);
    assert.match(ok.position, /^[a-z0-9]+:0$/);
  }
  await call(server, "/api/messages?channel=news:a", { hello: 1 });
  await text.messages_up_to(1, "news:a");
  await binary.messages_up_to(1, "news:a");
  // Its token says nothing of news: a new one is taken all the same.
  await text.must({ type: "connect", token });

  const one = { client: text.welcome.client, channel: "news:a" };
  assert.deepEqual((await call(server, "/api/unsubscribe", one)).json, { clients: 1, unsubscribed: 1 });
  assert.deepEqual((await call(server, "/api/unsubscribe", { user: "ann", channel: "news:b" })).json,
    { clients: 2, unsubscribed: 2 });
  await text.frame((frame) => frame.type === "unsubscribed" && frame.channel === "news:a", "unsubscribed");
  await binary.frame((frame) => frame.type === "unsubscribed" && frame.channel === "news:b", "unsubscribed");
  await call(server, "/api/messages?channel=news:a", { hello: 2 });
  await binary.messages_up_to(2, "news:a");
  await text.settle();
  assert.equal(text.messages("news:a").length, 1);
});

test("what a client heard already stays by the back end's word", async (context) => {
  const server = await start_server(context, { config });
  const socket = await open_socket(context, server.url, { headers: bearer(token_for({ sub: "ann" })) });
  await socket.must({ type: "subscribe", channel: "room:1" });
  assert.deepEqual((await call(server, "/api/subscribe", { user: "ann", channel: "room:1" })).json, { clients: 1, subscribed: 0 });
  await socket.must({ type: "connect", token: token_for({ sub: "ann", channels: { chat: ["*"] } }) });
  await call(server, "/api/messages?channel=room:1", { hello: 1 });
  await socket.messages_up_to(1, "room:1");
});

test("a back end sees clients in the channels of its patterns alone", async (context) => {
  const server = await start_server(context, { config });
  const socket = await open_socket(context, server.url, { headers: bearer(token_for({ sub: "ann" })) });
  for (const channel of ["news:a", "payroll:b"]) await socket.must({ type: "subscribe", channel });
  const seen = async (/** @type {string} */ key) => (await call(server, "/api/clients?user=ann", undefined, { key })).json.clients[0];
  assert.deepEqual((await seen(api_key)).channels.sort(), ["news:a", "payroll:b"]);
  const { channels, subscriptions } = await seen(small_key);
  assert.deepEqual([channels, subscriptions], [["news:a"], 1]);
  const nobody = await call(server, "/api/disconnect", { client: `c_${"a".repeat(13)}` });
  assert.equal(nobody.status, 400, "the id of no session is nobody's");
});

test("bodies that are wrong, and callers who may not", async (context) => {
  const server = await start_server(context, { config });
  const ann = token_for({ sub: "ann" });
  /** @type {[string, unknown, RegExp][]} */
  const wrong = [
    ["disconnect", "{", /./],
    ["disconnect", {}, /"user" or "client"/],
    ["disconnect", { user: "a", client: "c_abcdefghijkmn" }, /"user" or "client"/],
    ["disconnect", { user: 7 }, /"user" must be a string/],
    ["disconnect", { client: "me" }, /"client" must be the id/],
    ["disconnect", { user: "a", reconnect: "yes" }, /"reconnect" must be/],
    ["disconnect", { user: "a", recconect: true }, /"recconect" means nothing/],
    ["subscribe", { user: "a" }, /"channels"/],
    ["subscribe", { user: "a", channels: [] }, /"channels" must be a list/],
    ["subscribe", { user: "a", channels: ["a b"] }, /"channels"/],
    ["subscribe", { user: "a", channels: ["a", "a"] }, /twice/],
    ["unsubscribe", { user: "a", channel: "é" }, /"channel"/],
    ["revoke", {}, /"token"/],
    ["revoke", { token: "a", user: "b" }, /"token"/],
    ["revoke", { user: "a", issued_before: "now" }, /"issued_before"/],
    ["revoke", { user: "a", for_s: 0 }, /"for_s"/],
  ];
  for (const [path, body, words] of wrong) {
    const { status, json } = await call(server, `/api/${path}`, body);
    const told = `${path} ${JSON.stringify(body)}: ${JSON.stringify(json)}`;
    assert.deepEqual([status, json.code], [400, "bad_request"], told);
    assert.match(json.detail, words, told);
  }
  for (const path of ["", "?user=a&after=x", "?user=a&limit=101", "?client=x", "?user=a&client=c_abcdefghijkmn"]) {
    assert.equal((await call(server, `/api/clients${path}`)).status, 400, path);
  }
  for (const [path, body] of [["disconnect", { user: "a" }], ["revoke", { user: "a" }], ["clients?user=a", undefined]]) {
    for (const [key, statuses] of [[ann, [401, 403]], [`${api_key}x`, [401]]]) {
      const { status } = await call(server, `/api/${path}`, body, { key: /** @type {string} */ (key) });
      assert.ok(/** @type {number[]} */ (statuses).includes(status), `${path}: ${status}`);
    }
  }
  assert.equal((await call(server, "/api/revoke", { user: "a" }, { key: small_key })).status, 403);
  assert.equal((await call(server, "/api/subscribe", { user: "a", channel: "news:a" }, { key: small_key })).status, 200);
  assert.equal((await call(server, "/api/subscribe", { user: "a", channel: "chat" }, { key: small_key })).status, 403);
  assert.equal((await call(server, "/api/subscribe", { user: "a", channel: "_carillon:x" })).status, 403);
});
