// Clients that are slow, silent, gone, too many or mad, and a server that stops: nobody else notices.
// It takes long.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { read_answer } from "../support/http_wire.mjs";
import { metric } from "../support/metrics.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";
import { frame, opcodes, open_websocket_wire, text_frame, upgrade_request } from "../support/websocket_wire.mjs";
import { open_wire, Wire } from "../support/wire.mjs";

/** @typedef {import("node:test").TestContext} TestContext */
/** @typedef {import("../support/server.mjs").Server} Server */

const host = "Host: 127.0.0.1\r\n";
const get_health = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
const trickle_every_ms = 20;

/** Sends a byte now and then until the peer has ended. @param {TestContext} context @param {Wire} wire @param {string} byte */
function trickle(context, wire, byte) {
  const timer = setInterval(() => (wire.over ? clearInterval(timer) : wire.write(byte)), trickle_every_ms);
  context.after(() => clearInterval(timer));
}

/** @param {Server} server @param {string} transport */
function open_count(server, transport) {
  return metric(server.http, "carillon_endpoints", { transport });
}

test("a head or a body that trickles is told so and ended", async (context) => {
  const server = await start_server(context, { config: "[http]\nheader_s = 1\nbody_s = 1\n" });
  const beginnings = [
    "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
    "GET /",
    `POST /api/messages HTTP/1.1\r\n${host}Content-Length: 100000\r\n\r\n`,
  ];
  await Promise.all(
    beginnings.map(async (beginning) => {
      const wire = await open_wire(context, server.url);
      wire.write(beginning);
      trickle(context, wire, "x");
      const answer = await read_answer(wire);
      assert.equal(answer.status, 408);
      assert.equal(answer.fields.get("connection"), "close");
      await wire.ended();
    }),
  );
});

test("whoever says nothing is sent away, between requests and before the first", async (context) => {
  const server = await start_server(context, { config: "[http]\nheader_s = 1\nidle_s = 1\n" });
  const silent = await open_wire(context, server.url);
  const idle = await open_wire(context, server.url);
  idle.write(get_health);
  assert.equal((await read_answer(idle)).status, 200);
  await Promise.all([silent.ended(), idle.ended()]);
});

test("a WebSocket whose network is gone is noticed, and one that answers pings is kept", async (context) => {
  const server = await start_server(context, { config: "[websocket]\nping_s = 1\npong_s = 1\n" });
  const proxy = await FaultProxy.start(context, server.url, () => ({
    black_hole: { direction: "up", after_bytes: upgrade_request().length + 20 },
  }));
  const alive = await open_socket(context, server.url);
  const gone = await open_websocket_wire(context, proxy.url);
  assert.equal(await open_count(server, "websocket"), 2);
  gone.send(text_frame({ type: "subscribe", channel: "news" }));  // swallowed, and all that follows
  await until(async () => (await open_count(server, "websocket")) === 1, { what: "the dead one to be noticed" });
  await alive.settle();
  assert.ok((await metric(server.http, "carillon_timeouts_total")) >= 1);
});

test("readers that stop reading are sent away as slow, and hold up nobody", async (context) => {
  const server = await start_server(context);
  const channel = "busy";
  const stopped_socket = await open_websocket_wire(context, server.url);
  stopped_socket.send(text_frame({ type: "subscribe", channel, id: 1 }));
  assert.equal((await stopped_socket.json()).type, "ok");
  const stopped_stream = await open_wire(context, server.url);
  stopped_stream.write(`GET /api/events?channel=${channel} HTTP/1.1\r\n${host}\r\n`);
  await until(() => stopped_stream.rest.includes("event: position"), { what: "the stream to begin" });
  stopped_socket.wire.pause();
  stopped_stream.pause();

  const reader = await open_socket(context, server.url);
  await reader.must({ type: "subscribe", channel });
  const events = read_events(context, `${server.url}/api/events?channel=${channel}`);
  await events.up_to("position", 1);
  const lead_count = 8;
  const count = 400;  // 24 MB: more than the kernel's buffers and the outbox together
  for (let number = 1; number <= count; number++) {
    await server.http.publish(channel, { number, fill: "x".repeat(60_000) });
    // Those who read are kept out of slowness, however busy this machine is.
    await reader.messages_up_to(number - lead_count);
    await events.up_to("message", number - lead_count);
  }
  const numbers = (/** @type {any[]} */ messages) => messages.map((message) => message.data.number);
  const all = Array.from({ length: count }, (_, index) => index + 1);
  assert.deepEqual(numbers(await reader.messages_up_to(count)), all);
  await events.up_to("message", count);
  assert.deepEqual(numbers(events.messages), all);
  assert.equal(await metric(server.http, "carillon_limits_hit_total", { limit: "outbox" }), 2);

  stopped_socket.wire.resume();
  /** @type {any[]} */
  const frames = [];
  while (frames.at(-1)?.type !== "closing") frames.push(await stopped_socket.json());
  assert.deepEqual([frames.at(-1).code, frames.at(-1).reconnect], ["slow", true]);
  assert.equal(await stopped_socket.closed(), 4408);
  assert.deepEqual(numbers(frames.slice(0, -1)), all.slice(0, frames.length - 1), "what was sent has no hole");
  stopped_stream.resume();
  await until(() => stopped_stream.over, { what: "the end of the stream" });
  assert.equal(stopped_stream.error, undefined);
  assert.match(stopped_stream.rest.subarray(-300).toString(), /event: closing\r?\ndata: \{.*"slow"/);
});

test("whoever takes nothing at all is cut off", async (context) => {
  const server = await start_server(context, { config: "[http]\nwrite_s = 1\n" });
  const socket = await open_websocket_wire(context, server.url);
  socket.send(text_frame({ type: "subscribe", channel: "busy", id: 1 }));
  assert.equal((await socket.json()).type, "ok");
  socket.wire.pause();
  const message = { channel: "busy", data: "x".repeat(60_000) };
  await until(
    async () => {
      await server.http.post_json("/api/messages", message);
      return (await open_count(server, "websocket")) === 0;
    },
    { what: "the reader to be cut off" },
  );
  assert.ok((await metric(server.http, "carillon_streams_closed_total", { cause: "write_timeout" })) >= 1);
});

test("clients that die in mid-frame leave nothing behind", async (context) => {
  const server = await start_server(context);
  const reader = await open_socket(context, server.url);
  await reader.must({ type: "subscribe", channel: "news" });
  const half = text_frame({ type: "message", channel: "news", data: "x".repeat(20_000) }).subarray(0, 10_000);
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const socket = await open_websocket_wire(context, server.url);
      socket.send(text_frame({ type: "subscribe", channel: "news" }), half.subarray(0, 2 + index * 100));
      if (index % 2 === 0) await socket.json();
      socket.wire.cut();
    }),
  );
  await server.http.publish("news", "after");
  await reader.messages_up_to(1);
  await until(async () => (await open_count(server, "websocket")) === 1, { what: "the dead to be forgotten" });
  assert.equal(await metric(server.http, "carillon_subscriptions"), 1);
  assert.equal(reader.messages().length, 1);
});

test("without descriptors those inside are served, others are told, and it ends", async (context) => {
  const server = await start_server(context, { under: ["bash", "-c", 'ulimit -n 64; exec "$@"', "-"] });
  const began = performance.now();
  const insider = await open_socket(context, server.url);
  await insider.must({ type: "subscribe", channel: "news" });
  const count = 120;
  const wires = await Promise.all(Array.from({ length: count }, () => open_wire(context, server.url)));
  const refused = () => wires.filter((wire) => wire.over);
  await until(() => refused().length >= count - 64, { what: () => `refusals; there are ${refused().length}` });
  for (const wire of refused()) {
    const answer = await wire.take((bytes) => ({ value: bytes.toString(), size: bytes.length }), "the refusal");
    assert.match(answer, /^HTTP\/1\.1 503 .*\r\nRetry-After: \d+\r\n.*"too_many_connections"/s);
  }
  await insider.must({ type: "message", channel: "news", data: 1 });
  await insider.messages_up_to(1);
  const lines = server.log.match(/want of file descriptors/g)?.length ?? 0;
  const seconds = (performance.now() - began) / 1000;
  const listeners = Number(process.env.CARILLON_TEST_REACTORS ?? 1);
  assert.ok(lines >= 1 && lines <= listeners * (seconds + 1), `${lines} lines in ${seconds} s`);

  for (const wire of wires) wire.cut();
  await until(
    async () => {
      const wire = await open_wire(context, server.url);
      wire.write(get_health);
      await until(() => wire.rest.length > 0 || wire.over, { what: "an answer" });
      return wire.rest.toString().startsWith("HTTP/1.1 200 ");
    },
    { what: "a place to become free" },
  );
  await insider.settle();
});

/** Of the process, from the kernel. @param {Server} server @param {"VmRSS" | "VmSize"} what */
function kibibytes(server, what) {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1]);
}

/** Opens so many, half of them WebSockets with a subscription, and ends them all. @param {Server} server @param {number} count */
async function come_and_go(server, count) {
  const subscribe = text_frame({ type: "subscribe", channel: "news", id: 1 });
  const greeting = Buffer.concat([Buffer.from(upgrade_request()), subscribe]);
  /** @type {Wire[]} */
  const wires = [];
  try {
    while (wires.length < count) {
      const batch = Array.from({ length: 250 }, (_, index) => {
        const wire = new Wire(server.url, { localAddress: `127.0.0.${2 + (index % 20)}` });
        wire.write(index % 2 === 0 ? get_health : greeting);
        return wire;
      });
      wires.push(...batch);
      await Promise.all(batch.map((wire) => wire.connected));
      const answered = (/** @type {Wire} */ wire, /** @type {number} */ index) =>
        wire.rest.includes(index % 2 === 0 ? "HTTP/1.1 200 " : '"type":"ok"');
      await until(() => batch.every(answered), { what: "the answers" });
    }
    assert.ok((await metric(server.http, "carillon_streams")) >= count);
  } finally {
    for (const wire of wires) wire.cut();
  }
  await until(async () => (await metric(server.http, "carillon_streams")) < 10, { what: "all to be gone" });
}

test("10,000 connections come and go, and the memory with them", async (context) => {
  const server = await start_server(context);
  await come_and_go(server, 10_000);
  const first = kibibytes(server, "VmRSS");
  await come_and_go(server, 10_000);
  const second = kibibytes(server, "VmRSS");
  const gibibyte = 1024 * 1024;
  const sanitized = kibibytes(server, "VmSize") > 1024 * gibibyte;  // those keep what is freed, for a while
  if (!sanitized) assert.ok(second < first * 1.15 + 4096, `${first} KiB after one round, ${second} after two`);
});

test("SIGTERM: everybody is told when to come back, and whoever waits outside is still served", async (context) => {
  const server = await start_server(context);
  const sockets = await Promise.all(Array.from({ length: 6 }, () => open_socket(context, server.url)));
  const streams = Array.from({ length: 3 }, () => read_events(context, `${server.url}/api/events?channel=news`));
  for (const stream of streams) await stream.up_to("position", 1);
  const poll = server.http.get("/api/messages/subscribe?channel=news&timeout=60");
  await until(async () => (await open_count(server, "longpoll")) === 1, { what: "the poll to wait" });
  const idle = await open_wire(context, server.url);
  idle.write(get_health);
  await read_answer(idle);

  server.kill("SIGSTOP");
  const outside = await Promise.all(Array.from({ length: 8 }, () => open_wire(context, server.url)));
  for (const wire of outside) wire.write(get_health);
  const late = await open_wire(context, server.url);
  late.write(upgrade_request());
  server.kill("SIGTERM");
  server.kill("SIGCONT");

  for (const wire of outside) {
    assert.equal((await read_answer(wire)).status, 200);
    await wire.ended();
  }
  const told = await late.take((bytes) => {
    const end = bytes.indexOf('"type":"closing"');
    return end < 0 ? undefined : { value: bytes.toString(), size: bytes.length };
  }, "the farewell of a newcomer");
  assert.match(told, /"welcome".*"shutdown"/s);
  late.end();
  for (const socket of sockets) {
    assert.equal(await soon(socket.closed, { what: "the close" }), 1001);
    const last = socket.frames.at(-1);
    assert.deepEqual([last.type, last.code, last.reconnect], ["closing", "shutdown", true]);
    assert.ok(last.wait_ms >= 0);
  }
  for (const stream of streams) {
    const [closing] = await stream.up_to("closing", 1);
    assert.deepEqual([closing.data.code, closing.data.reconnect], ["shutdown", true]);
  }
  assert.deepEqual((await poll).json, []);
  await idle.ended();
  assert.deepEqual(await soon(server.exited, { what: "the exit" }), { code: 0, signal: null });
});

test("a second SIGTERM ends it at once", async (context) => {
  const server = await start_server(context, { config: "[server]\ndrain_s = 3600\n" });
  const stubborn = await open_wire(context, server.url);
  stubborn.write(`POST /api/messages HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nhalf`);
  await until(async () => (await metric(server.http, "carillon_http_requests_total")) >= 2, { what: "the head" });
  server.kill("SIGTERM");
  await server.logged(/draining/);
  await server.stop({ expect_code: 128 + 15 });
});

/** Noise of one of many kinds. @param {Random} random */
function noise(random) {
  const bytes = (/** @type {number} */ most) =>
    Buffer.from(Array.from({ length: random.between(1, most) }, () => random.between(0, 255)));
  const bent = (/** @type {Buffer} */ right) => {
    for (let count = random.between(1, 4); count > 0; count--) {
      right[random.between(0, right.length - 1)] = random.between(0, 255);
    }
    return right.subarray(0, random.between(1, right.length));
  };
  const request = `POST /api/messages?channel=noise HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`;
  const subscribe = text_frame({ type: "subscribe", channel: "news", after: "a:1" });
  return random.pick([
    () => bytes(2_000),
    () => bent(Buffer.from(get_health.repeat(3))),
    () => Buffer.concat([Buffer.from(request), bytes(500)]),
    () => bent(Buffer.from(`${request}5\r\n"abc"\r\n0\r\n\r\n${get_health}`)),
    () => Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]), bytes(500)]),
    () => Buffer.concat([Buffer.from(upgrade_request()), bytes(1_000)]),
    () => Buffer.concat([Buffer.from(upgrade_request()), bent(Buffer.concat([subscribe, frame(opcodes.ping, "x"), subscribe]))]),
    () => Buffer.concat([Buffer.from(upgrade_request()), frame(opcodes.text, bytes(300))]),
    () => Buffer.concat([Buffer.from(upgrade_request()), text_frame(bent(Buffer.from('{"type":"subscribe","channel":"news"}')).toString("latin1"))]),
    () => bent(Buffer.from(upgrade_request())),
  ])();
}

test("the noise of 500 connections disturbs nobody", async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const server = await start_server(context);
  const reader = await open_socket(context, server.url);
  await reader.must({ type: "subscribe", channel: "quiet" });
  const rounds = 50;
  for (let round = 1; round <= rounds; round++) {
    const wires = await Promise.all(Array.from({ length: 10 }, () => open_wire(context, server.url)));
    for (const wire of wires) {
      wire.write(noise(random));
      if (random.chance(0.5)) wire.end();
    }
    await server.http.publish("quiet", round);
    await reader.messages_up_to(round);
    for (const wire of wires) if (random.chance(0.7)) wire.cut();
  }
  assert.deepEqual(reader.messages().map((message) => message.data), Array.from({ length: rounds }, (_, at) => at + 1));
  await reader.settle();
  assert.equal((await server.http.get("/healthz")).status, 200);
});
