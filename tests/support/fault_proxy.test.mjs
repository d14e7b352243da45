// The fault proxy must do each harm exactly as planned, and none when none is planned.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { FaultProxy, random_plan } from "./fault_proxy.mjs";
import { Random } from "./random.mjs";
import { until } from "./wait.mjs";

const long_text = Array.from({ length: 20_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join("");

/**
 * A server that keeps what it hears and says `answer` to each new connection.
 * @param {import("node:test").TestContext} context
 */
async function start_peer(context, answer = "") {
  /** @type {{ heard: string, over: boolean, socket: net.Socket }[]} */
  const visits = [];
  const listener = net.createServer({ allowHalfOpen: true }, (socket) => {
    const visit = { heard: "", over: false, socket };
    visits.push(visit);
    socket.on("data", (bytes) => (visit.heard += bytes));
    socket.on("end", () => (visit.over = true));
    socket.on("error", () => (visit.over = true));
    if (answer) socket.write(answer);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  context.after(() => {
    for (const { socket } of visits) socket.destroy();
    listener.close();
  });
  const { port } = /** @type {net.AddressInfo} */ (listener.address());
  return { url: `http://127.0.0.1:${port}`, visits };
}

/** @param {import("node:test").TestContext} context @param {string} url */
async function visit(context, url) {
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  const seen = { socket, heard: "", over: false, pieces: 0 };
  socket.on("data", (bytes) => {
    seen.heard += bytes;
    seen.pieces++;
  });
  socket.on("end", () => (seen.over = true));
  socket.on("error", () => (seen.over = true));
  context.after(() => socket.destroy());
  await once(socket, "connect");
  return seen;
}

/**
 * A peer, a proxy with one plan for all before it, and a visitor.
 * @param {import("node:test").TestContext} context
 * @param {import("./fault_proxy.mjs").Plan} plan
 */
async function set_up(context, plan, answer = "") {
  const peer = await start_peer(context, answer);
  const proxy = await FaultProxy.start(context, peer.url, () => plan);
  const client = await visit(context, proxy.url);
  await until(() => peer.visits[0], { what: "the proxy to connect" });
  return { client, server: peer.visits[0] };
}

test("without a plan everything passes, and an end passes each way by itself", async (context) => {
  const { client, server } = await set_up(context, {}, long_text);
  client.socket.end(long_text);
  await until(() => server.heard === long_text && server.over, { what: "the way up" });
  await until(() => client.heard === long_text, { what: "the way down" });
  assert.equal(client.over, false);
  server.socket.end();
  await until(() => client.over, { what: "the end" });
});

test("a delay changes nothing but the time", async (context) => {
  const { client } = await set_up(context, { delay_ms: 3 }, long_text);
  await until(() => client.heard === long_text, { what: "the text" });
});

test("a cut comes after exactly the planned bytes, and both sides learn of it", async (context) => {
  for (const after_bytes of [0, 1, 777]) {
    const { client, server } = await set_up(context, { cut: { direction: "down", after_bytes } }, long_text);
    await until(() => client.over && server.over, { what: "both ends" });
    // The reset may overtake bytes on the way: it never lets more through.
    assert.ok(long_text.slice(0, after_bytes).startsWith(client.heard));
  }
});

test("a cut on the way up leaves the server with what came before", async (context) => {
  const { client, server } = await set_up(context, { cut: { direction: "up", after_bytes: 5 } });
  client.socket.write("hello, world");
  await until(() => client.over && server.over, { what: "both ends" });
  assert.ok("hello".startsWith(server.heard));
});

test("a black hole swallows everything after it and tells nobody", async (context) => {
  const plan = /** @type {const} */ ({ black_hole: { direction: "down", after_bytes: 4 } });
  const { client, server } = await set_up(context, plan, long_text);
  await until(() => client.heard.length === 4, { what: "the bytes before it" });
  client.socket.end("anybody there?");
  // What the server writes is still taken, megabytes of it: it notices nothing.
  const big = Buffer.alloc(8 * 1024 * 1024);
  await new Promise((resolve) => server.socket.write(big, resolve));
  assert.deepEqual([client.heard, client.over], [long_text.slice(0, 4), false]);
  assert.deepEqual([server.heard, server.over], ["", false]);
});

test("an upgrade is refused, and other requests pass", async (context) => {
  const plan = /** @type {const} */ ({ upgrade: "refuse" });
  const upgrading = await set_up(context, plan);
  upgrading.client.socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nUpgr");
  upgrading.client.socket.write("ade: websocket\r\n\r\n");
  await until(() => upgrading.client.over, { what: "the refusal" });
  assert.match(upgrading.client.heard, /^HTTP\/1\.1 403 /);
  assert.equal(upgrading.server.heard, "");

  const plain = await set_up(context, plan, "HTTP/1.1 200 OK\r\n\r\nbody");
  plain.client.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await until(() => plain.client.heard.endsWith("body"), { what: "the reply" });
  await until(() => plain.server.heard === "GET / HTTP/1.1\r\nHost: a\r\n\r\n", { what: "the request" });
});

test("a killed upgrade ends right behind the 101", async (context) => {
  const accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  const { client, server } = await set_up(context, { upgrade: "kill" }, `${accepted}first frame`);
  await until(() => client.over && server.over, { what: "both ends" });
  assert.ok(accepted.startsWith(client.heard));
});

test("a trickle loses nothing and comes in small pieces", async (context) => {
  // Without the delay the kernel may put them together again.
  const plan = { trickle: { bytes: 3, for_bytes: 60 }, delay_ms: 2 };
  const { client } = await set_up(context, plan, long_text);
  await until(() => client.heard === long_text, { what: "the text" });
  assert.ok(client.pieces > 1);
});

test("event streams are held back, other answers pass", async (context) => {
  const plan = { hold_events: true };
  const stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";
  const { client, server } = await set_up(context, plan, stream);
  client.socket.write("still here");
  await until(() => server.heard === "still here", { what: "the way up" });
  assert.deepEqual([client.heard, client.over], ["", false]);
  const plain = await set_up(context, plan, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nbody");
  await until(() => plain.client.heard.endsWith("body"), { what: "another answer" });
});

test("stranded connections are cut off and not told; new ones work", async (context) => {
  const peer = await start_peer(context, "hello");
  const proxy = await FaultProxy.start(context, peer.url);
  const first = await visit(context, proxy.url);
  await until(() => first.heard === "hello", { what: "the greeting" });
  proxy.strand();
  first.socket.write("anybody there?");
  peer.visits[0].socket.write("yes");
  const second = await visit(context, proxy.url);
  await until(() => second.heard === "hello", { what: "the greeting" });
  assert.deepEqual([first.heard, first.over, peer.visits[0].heard], ["hello", false, ""]);
});

test("each connection has its own plan", async (context) => {
  const peer = await start_peer(context, "hello");
  const proxy = await FaultProxy.start(context, peer.url, (index) =>
    index === 0 ? { cut: { direction: "down", after_bytes: 0 } } : {},
  );
  const first = await visit(context, proxy.url);
  await until(() => first.socket.closed, { what: "the cut" });
  const second = await visit(context, proxy.url);
  await until(() => second.heard === "hello", { what: "the greeting" });
  assert.equal(first.heard, "");
  assert.equal(proxy.connection_count, 2);
});

test("plans by chance repeat with their seed and hold every kind", () => {
  /** @param {number} seed */
  const plans = (seed) => {
    const random = new Random(seed);
    return Array.from({ length: 300 }, () => random_plan(random));
  };
  assert.deepEqual(plans(7), plans(7));
  assert.notDeepEqual(plans(7), plans(8));
  const kinds = new Set(plans(7).flatMap((plan) => Object.keys(plan)));
  assert.deepEqual([...kinds].sort(), ["black_hole", "cut", "delay_ms", "trickle", "upgrade"]);
});
