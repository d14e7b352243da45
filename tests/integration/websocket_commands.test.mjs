// The native protocol at /ws: every command, its reply, and the order of both.
import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import { open_socket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/command_socket.mjs").CommandSocket} CommandSocket */
/** @typedef {import("../support/server.mjs").Server} Server */

/** @param {Server} server @param {string} channel @param {number} count */
async function publish_numbers(server, channel, count) {
  for (let first = 1; first <= count; first += 1000) {
    const length = Math.min(1000, count - first + 1);
    const items = Array.from({ length }, (_, index) => ({ channel, data: first + index }));
    assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
  }
  return (await server.http.position(channel)).split(":")[0];
}

/** @param {any[]} messages */
function numbers(messages) {
  return messages.map((message) => message.data);
}

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The types of all frames after `welcome`. @param {CommandSocket} socket */
function types(socket) {
  return socket.frames.slice(1).map((frame) => frame.type);
}

/**
 * Sockets that together are on every reactor, as far as chance allows.
 * @param {import("node:test").TestContext} context
 * @param {Server} server
 */
function several_sockets(context, server) {
  return Promise.all(Array.from({ length: 8 }, () => open_socket(context, server.url)));
}

test("the first frame is the welcome", async (context) => {
  const server = await start_server(context);
  const { welcome } = await open_socket(context, server.url);
  assert.match(welcome.client, /^c_[a-z0-9]{13}$/);
  assert.ok(welcome.session.length > 20);
  const { client, session } = welcome;
  assert.deepEqual(welcome, {
    type: "welcome", version: 1, client, session, ping_s: 25, max_message_bytes: 65_536, max_subscriptions: 1000,
  });
});

test("the subprotocol is carillon.json or none", async (context) => {
  const server = await start_server(context);
  for (const offered of [[], ["carillon.json"], ["other", "carillon.json"]]) {
    const socket = new WebSocket(`${server.url}/ws`, offered);
    await soon(new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject)), {
      what: "the socket to open"
    });
    assert.equal(socket.protocol, offered.length > 0 ? "carillon.json" : "");
    socket.terminate();
  }
});

test("an id of either kind is echoed, and without one there is no ok", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  for (const id of [1, 0, -7, 1.5, "", "a \"quoted\" ü", 9007199254740991]) {
    socket.send({ type: "ping", id });
    assert.deepEqual(await socket.reply(id), { type: "pong", id });
  }
  socket.send({ type: "ping" });
  await socket.frame((frame) => frame.type === "pong" && !("id" in frame), "a pong");

  const before = socket.frames.length;
  socket.send({ type: "message", channel: "c", data: 1 });
  socket.send({ type: "ephemeral", channel: "c", data: 1 });
  socket.send({ type: "connect" });
  await socket.settle();
  await until(
    async () => (await server.http.get("/api/messages?channel=c")).json.length === 1, { what: "the message" }
  );
  await socket.settle();
  assert.deepEqual(socket.frames.slice(before).map((frame) => frame.type), ["pong", "pong"]);

  socket.send({ type: "subscribe", channel: "c" });
  const ok = await socket.frame((frame) => frame.type === "ok", "the ok of a subscribe");
  assert.equal("id" in ok, false);
  assert.equal(ok.channel, "c");
  socket.send({ type: "unsubscribe", channel: "never" });
  assert.equal((await socket.frame((frame) => frame.type === "error", "an error")).code, "not_found");
});

test("a subscription tells where it stands, then what is published", async (context) => {
  const server = await start_server(context);
  const epoch = await publish_numbers(server, "c", 2);
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "c" });
  assert.deepEqual(
    ok, { type: "ok", id: 1, channel: "c", position: `${epoch}:2`, recovered: true, contiguous: true }
  );
  const receipt = await server.http.publish("c", { n: 3 });
  const [message] = await socket.messages_up_to(1);
  assert.deepEqual(message, { type: "message", ...receipt });
});

test("missed messages come first, then the ok, then live ones", async (context) => {
  const server = await start_server(context);
  const epoch = await publish_numbers(server, "c", 9);
  for (const socket of await several_sockets(context, server)) {
    const ok = await socket.must({ type: "subscribe", channel: "c", after: `${epoch}:4` });
    const last = Number(ok.position.split(":")[1]);
    assert.deepEqual(types(socket), [...range(5, last).map(() => "message"), "ok"]);
    assert.equal(ok.recovered, true);
    const { offset } = await server.http.publish("c", "live");
    await socket.frame((frame) => frame.offset === offset, "the live message");
    assert.deepEqual(socket.messages().map((message) => message.offset), range(5, offset));
  }
});

test("`history` asks for the latest n", async (context) => {
  const server = await start_server(context);
  const epoch = await publish_numbers(server, "c", 9);
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "c", history: 3 });
  assert.deepEqual(numbers(socket.messages()), [7, 8, 9]);
  assert.deepEqual(types(socket), ["message", "message", "message", "ok"]);
  assert.equal(ok.position, `${epoch}:9`);
  assert.equal(ok.recovered, true);
  assert.equal(ok.more, undefined);
  const none = await open_socket(context, server.url);
  await none.must({ type: "subscribe", channel: "c", history: 0 });
  assert.deepEqual(types(none), ["ok"]);
  const both = { history: 1, after: `${epoch}:1` };
  for (const wrong of [{ history: -1 }, { history: 1001 }, { history: "3" }, { after: "x" }, both]) {
    assert.equal(
      (await none.ask({ type: "subscribe", channel: "d", ...wrong })).code, "bad_request", JSON.stringify(wrong)
    );
  }
});

test("with `echo:false` my own messages are left out, live and missed", async (context) => {
  const server = await start_server(context);
  const [socket, other] = await several_sockets(context, server);
  await socket.must({ type: "subscribe", channel: "c", echo: false });
  const mine = await socket.must({ type: "message", channel: "c", data: "mine" });
  await other.must({ type: "message", channel: "c", data: "theirs" });
  await socket.messages_up_to(1);
  await socket.must({ type: "unsubscribe", channel: "c" });
  const after = `${mine.epoch}:0`;
  const ok = await socket.must({ type: "subscribe", channel: "c", after, echo: false });
  assert.equal(ok.recovered, true);
  assert.equal(ok.position, `${mine.epoch}:2`);
  await socket.must({ type: "message", channel: "c", data: "mine again" });
  await other.must({ type: "message", channel: "c", data: "theirs again" });
  await socket.messages_up_to(3);
  assert.deepEqual(numbers(socket.messages()), ["theirs", "theirs", "theirs again"]);
  assert.equal(socket.frames.some((frame) => frame.type === "gap"), false);
});

test("messages name the client that sent them", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  await socket.must({ type: "message", channel: "c", text: "hi", n: 1 });
  await socket.must({ type: "ephemeral", channel: "c", data: "typing" });
  const [message] = await socket.messages_up_to(1);
  assert.deepEqual(message.data, { text: "hi", n: 1 });
  assert.deepEqual(message.from, { client: socket.welcome.client });
  const ephemeral = await socket.frame((frame) => frame.type === "ephemeral", "the ephemeral message");
  assert.deepEqual(
    ephemeral, { type: "ephemeral", channel: "c", data: "typing", from: { client: socket.welcome.client } }
  );
});

test("a publish without a channel goes to the one that is subscribed to", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  assert.equal((await socket.ask({ type: "message", data: 1 })).code, "bad_request");
  await socket.must({ type: "subscribe", channel: "one" });
  assert.equal((await socket.must({ type: "message", text: "hi" })).channel, "one");
  await socket.must({ type: "ephemeral", data: 1 });
  await socket.must({ type: "subscribe", channel: "two" });
  assert.equal((await socket.ask({ type: "message", data: 1 })).code, "bad_request");
  assert.equal((await socket.ask({ type: "ephemeral", data: 1 })).code, "bad_request");
  await socket.must({ type: "unsubscribe", channel: "one" });
  assert.equal((await socket.must({ type: "message", data: 1 })).channel, "two");
});

test("a repeated `dedupe` gets the first receipt, another data an error", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  const command = { type: "message", channel: "c", data: 1, dedupe: "d", key: "k" };
  const first = await socket.must(command);
  const again = await socket.must(command);
  assert.deepEqual(again, { ...first, id: 2, duplicate: true });
  assert.equal((await socket.ask({ ...command, data: 2 })).code, "invalid");
  const other = await open_socket(context, server.url);
  assert.equal((await other.must(command)).offset, 2, "another client's keys are its own");
});

test("a position that cannot be continued from: the ok, the gap, then what is retained", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 3\n" });
  const epoch = await publish_numbers(server, "c", 6);
  for (const after of [`${epoch}:1`, "another1:1"]) {
    const socket = await open_socket(context, server.url);
    const ok = await socket.must({ type: "subscribe", channel: "c", after });
    await socket.messages_up_to(3);
    assert.deepEqual(types(socket), ["ok", "gap", "message", "message", "message"]);
    assert.equal(ok.recovered, false);
    assert.equal(ok.position, `${epoch}:3`);
    assert.deepEqual(socket.frames[2], { type: "gap", channel: "c", position: `${epoch}:3` });
    assert.deepEqual(socket.messages().map((message) => message.offset), [4, 5, 6]);
  }
  const future = await open_socket(context, server.url);
  const ok = await future.must({ type: "subscribe", channel: "c", after: `${epoch}:99` });
  assert.equal(ok.recovered, false);
  await server.http.publish("c", 7);
  await future.messages_up_to(1);
  assert.deepEqual(types(future), ["ok", "gap", "message"]);
  assert.equal(future.frames[2].position, `${epoch}:6`);
});

test("of more than a thousand missed the rest comes by `history`, up to the ok's position", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 4000\nbytes = 10_000_000\n" });
  const epoch = await publish_numbers(server, "c", 2_500);
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "c", after: `${epoch}:0` });
  assert.equal(ok.recovered, true);
  assert.equal(ok.more, true);
  assert.equal(ok.position, `${epoch}:2500`);
  const read = numbers(socket.messages());
  assert.equal(read.length, 1000);
  await server.http.publish("c", 2_501);
  for (let after = `${epoch}:1000`, more = true; more; ) {
    const page = await socket.must({ type: "history", channel: "c", after, limit: 600 });
    read.push(...numbers(page.messages.filter((/** @type {any} */ message) => message.offset <= 2_500)));
    ({ position: after, more } = page);
  }
  await socket.messages_up_to(1001);
  assert.deepEqual([...read, socket.messages()[1000].data], range(1, 2_501));
});

test("more than a thousand retained behind a gap are not sent", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 4000\nbytes = 10_000_000\n" });
  const epoch = await publish_numbers(server, "c", 1_500);
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "c", after: "another1:1" });
  await server.http.publish("c", "live");
  await socket.messages_up_to(1);
  assert.deepEqual(types(socket), ["ok", "gap", "message"]);
  assert.equal(ok.recovered, false);
  assert.equal(ok.more, true);
  assert.equal(ok.position, `${epoch}:1500`);
  assert.equal(socket.frames[2].position, `${epoch}:1500`);
});

test("after an unsubscribe nothing more comes", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  assert.deepEqual(await socket.must({ type: "unsubscribe", channel: "c" }), { type: "ok", id: 2 });
  await server.http.publish("c", 1);
  await socket.settle();
  const ok = await socket.must({ type: "subscribe", channel: "c" });
  assert.deepEqual(types(socket), ["ok", "ok", "pong", "ok"]);
  const last = await server.http.publish("c", 2);
  await socket.frame((frame) => frame.offset === last.offset, "the next message");
  const start = Number(ok.position.split(":")[1]);
  assert.deepEqual(socket.messages().map((message) => message.offset), range(start + 1, last.offset));
  assert.equal((await socket.ask({ type: "unsubscribe", channel: "d" })).code, "not_found");
});

test("a subscription that is ended before its answer is answered all the same", async (context) => {
  const server = await start_server(context);
  for (const socket of await several_sockets(context, server)) {
    for (const channel of range(1, 10).map((number) => `c${number}`)) {
      socket.send({ type: "subscribe", channel, id: `subscribe ${channel}` });
      socket.send({ type: "unsubscribe", channel, id: `unsubscribe ${channel}` });
      socket.send({ type: "subscribe", channel, id: `again ${channel}` });
    }
    for (const channel of range(1, 10).map((number) => `c${number}`)) {
      const first = await socket.reply(`subscribe ${channel}`);
      assert.ok(first.type === "ok" || first.code === "conflict", JSON.stringify(first));
      assert.equal((await socket.reply(`unsubscribe ${channel}`)).type, "ok");
      assert.equal((await socket.reply(`again ${channel}`)).type, "ok");
    }
    await socket.settle();
    const ids = socket.frames.map((frame) => frame.id).filter((id) => id !== undefined);
    assert.equal(new Set(ids).size, ids.length, "one reply to each");
    socket.cut();
  }
});

test("a second subscribe to a channel is a conflict, and the first one stays", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  assert.equal((await socket.ask({ type: "subscribe", channel: "c" })).code, "conflict");
  await server.http.publish("c", 1);
  await socket.messages_up_to(1);
  await socket.settle();
  assert.equal(socket.messages().length, 1);
});

test("a socket has at most a thousand subscriptions", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  for (const number of range(1, 1001)) socket.send({ type: "subscribe", channel: `c${number}`, id: number });
  assert.equal((await socket.reply(1001)).code, "too_large");
  for (const number of range(1, 1000)) await socket.reply(number);
  assert.equal(socket.frames.filter((frame) => frame.type === "ok").length, 1000);
  await socket.must({ type: "unsubscribe", channel: "c1" });
  await socket.must({ type: "subscribe", channel: "c1001" });
  socket.close();
  await until(async () => (await metric(server.http, "carillon_subscriptions")) === 0, { what: "all to be gone" });
});

test("history is paged forwards and backwards, and by time", async (context) => {
  const server = await start_server(context, { config: "[history]\ncount = 20\n" });
  const epoch = await publish_numbers(server, "c", 25);
  const socket = await open_socket(context, server.url);
  const history = (/** @type {object} */ start) => socket.must({ type: "history", channel: "c", ...start });

  const latest = await history({ limit: 4 });
  assert.deepEqual(numbers(latest.messages), range(22, 25));
  assert.equal((await history({})).messages.length, 20);

  const forwards = [];
  for (let page = await history({ after: `${epoch}:5`, limit: 6 }); ; ) {
    forwards.push(...numbers(page.messages));
    if (!page.more) break;
    page = await history({ after: page.position, limit: 6 });
  }
  assert.deepEqual(forwards, range(6, 25));

  const backwards = numbers(latest.messages);
  for (let before = `${epoch}:${latest.messages[0].offset}`, more = true; more; ) {
    const page = await history({ before, limit: 6 });
    backwards.unshift(...numbers(page.messages));
    ({ position: before, more } = page);
  }
  assert.deepEqual(backwards, range(6, 25));

  const [first] = latest.messages;
  assert.deepEqual(numbers((await history({ since: first.timestamp })).messages), [23, 24, 25]);
  assert.equal(first.type, "message");
  assert.equal(first.channel, "c");

  const gone = await socket.ask({ type: "history", channel: "c", after: `${epoch}:1` });
  assert.equal(gone.code, "gone");
  assert.equal(gone.position, `${epoch}:25`);
  assert.equal(gone.retained, `${epoch}:5`);
  assert.equal((await history({ since: 1 })).gap, true, "some after it are pruned");
  assert.equal((await history({ since: first.timestamp })).gap, undefined);
  assert.deepEqual((await history({ channel: "empty" })).messages, []);
  const both = { after: `${epoch}:6`, before: `${epoch}:9` };
  for (const wrong of [{ limit: 0 }, { limit: 1001 }, { since: -1 }, { after: 5 }, both]) {
    assert.equal(
      (await socket.ask({ type: "history", channel: "c", ...wrong })).code, "bad_request", JSON.stringify(wrong)
    );
  }
});

test("what is not served is said to be not supported", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  const commands = [
    { type: "presence", channel: "c" },
    { type: "rpc", method: "m" },
    { type: "connect", token: "t" },
  ];
  for (const command of commands) {
    const reply = await socket.ask(command);
    assert.equal(reply.type, "error");
    assert.equal(reply.code, "not_supported", command.type);
    assert.ok(reply.message.length > 0);
  }
});

test("errors keep the connection", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  const wrong = [
    "",
    "{",
    "[]",
    "7",
    '"text"',
    "null",
    "{}",
    '{"type":7}',
    '{"type":"nope"}',
    '{"type":"message","channel":7}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","channel":"a b"}',
    '{"type":"subscribe","channel":"d","echo":1}',
    '{"type":"ping","id":{}}',
    `{"type":"ping","id":"${"x".repeat(200)}"}`,
    `{"type":"message","channel":"d","data":${"[".repeat(30_000)}}`,
    '{"type":"message","channel":"d","data":1,"key":1}',
  ];
  for (const [index, text] of wrong.entries()) {
    socket.send(text);
    await until(() => socket.frames.filter((frame) => frame.type === "error").length === index + 1, {
      what: `the error of ${text.slice(0, 80)}`
    });
    assert.equal(socket.frames.at(-1).code, "bad_request", text.slice(0, 80));
  }
  const denied = await socket.ask({ type: "message", channel: "_carillon:x", data: 1 });
  assert.equal(denied.code, "forbidden");
  await server.http.publish("c", "still there");
  await socket.messages_up_to(1);
});

test("unknown members are ignored", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c", colour: "red", nested: { id: 7 } });
  await socket.must({ type: "message", channel: "c", data: 1, colour: "red" });
  assert.deepEqual((await socket.messages_up_to(1))[0].data, 1);
});

test("a session is restored, and the newest connection holds it", async (context) => {
  const server = await start_server(context);
  let holder = await open_socket(context, server.url);
  const { client, session } = holder.welcome;
  for (const next of await several_sockets(context, server)) {
    const ok = await next.must({ type: "connect", session });
    assert.equal(ok.client, client);
    assert.equal(ok.version, 1);
    assert.ok(ok.session && ok.max_subscriptions);
    assert.equal(await soon(holder.closed, { what: "the older connection to be closed" }), 4409);
    assert.deepEqual(holder.frames.at(-1), { type: "closing", code: "replaced", reconnect: false });
    await next.must({ type: "subscribe", channel: "c" });
    const receipt = await next.must({ type: "message", channel: "c", data: 1 });
    const message =
      await next.frame((frame) => frame.type === "message" && frame.offset === receipt.offset, "my message");
    assert.deepEqual(message.from, { client });
    holder = next;
  }
  assert.equal((await holder.must({ type: "connect", session })).client, client, "the holder itself may ask again");
  assert.equal((await holder.ask({ type: "connect", session: "forged" })).code, "unauthenticated");
  assert.equal((await holder.ask({ type: "connect", session: `${session}x` })).code, "unauthenticated");
  await holder.settle();
});

test("a restored session keeps its idempotency keys and its echo", async (context) => {
  const server = await start_server(context);
  const [first, second] = await several_sockets(context, server);
  const command = { type: "message", channel: "c", data: 1, dedupe: "d" };
  const receipt = await first.must(command);
  await second.must({ type: "connect", session: first.welcome.session });
  assert.equal((await second.must(command)).duplicate, true);
  await second.must({ type: "subscribe", channel: "c", after: `${receipt.epoch}:0`, echo: false });
  assert.deepEqual(second.messages(), [], "what this client sent before it came back is its own");
});

test("who answers pings stays, who does not is sent away", async (context) => {
  const server = await start_server(context, { config: "[websocket]\nping_s = 1\npong_s = 1\n" });
  const lively = await open_socket(context, server.url);
  const silent = await open_socket(context, server.url, { autoPong: false });
  assert.equal(await soon(silent.closed, { what: "the silent one to be sent away" }), 4412);
  const { wait_ms, ...closing } = silent.frames.at(-1);
  assert.deepEqual(closing, { type: "closing", code: "idle", reconnect: true });
  assert.ok(wait_ms >= 0);
  await lively.settle();
});

test("a server that stops says when to come back", async (context) => {
  const server = await start_server(context);
  const sockets = await several_sockets(context, server);
  server.kill("SIGTERM");
  for (const socket of sockets) {
    assert.equal(await soon(socket.closed, { what: "the socket to be closed" }), 1001);
    const { wait_ms, ...closing } = socket.frames.at(-1);
    assert.deepEqual(closing, { type: "closing", code: "shutdown", reconnect: true });
    assert.ok(wait_ms >= 0 && wait_ms <= 5_000);
  }
  assert.equal((await soon(server.exited, { what: "the server to stop" })).code, 0);
});
