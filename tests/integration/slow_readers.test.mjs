// What becomes of a reader that stops reading, by the policy of its channel's namespace.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * Publishes while the reader has paused, until the server keeps back or drops something.
 * @param {Server} server
 * @param {string} reason of carillon_drops_total
 * @param {(number: number) => object} message
 */
async function publish_until_dropped(server, reason, message) {
  let number = 0;
  await until(
    async () => {
      const items = Array.from({ length: 20 }, () => message(number++));
      assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
      return (await metric(server.http, "carillon_drops_total", { reason })) > 0;
    },
    { what: `a drop because of '${reason}'` },
  );
  return number;
}

const filling = "x".repeat(30_000);

test("`drop_oldest` tells a paused reader a gap, and goes on with the newest", async (context) => {
  const server = await start_server(context, { config: '[namespace.stock]\noutbox = "drop_oldest"\n' });
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "stock:a" });
  assert.equal(ok.contiguous, true);
  socket.pause();
  await publish_until_dropped(server, "oldest", (number) => ({ channel: "stock:a", data: { number, filling } }));
  const last = await server.http.publish("stock:a", "last");
  socket.resume();
  await socket.frame((frame) => frame.type === "message" && frame.offset === last.offset, "the last message");
  assert.ok(socket.frames.some((frame) => frame.type === "gap"), "a gap is told");
  let next = 1;
  for (const frame of socket.frames) {
    if (frame.type === "gap") next = Number(frame.position.split(":")[1]) + 1;
    if (frame.type !== "message") continue;
    assert.equal(frame.offset, next, "contiguous but for the gaps");
    next++;
  }
  await server.http.publish("stock:a", "live again");
  await socket.frame((frame) => frame.type === "message" && frame.data === "live again", "a live message");
});

test("`conflate` keeps the latest of each key for a paused reader", async (context) => {
  const server = await start_server(context, { config: '[namespace.stock]\noutbox = "conflate"\n' });
  const socket = await open_socket(context, server.url);
  const ok = await socket.must({ type: "subscribe", channel: "stock:a" });
  assert.equal(ok.contiguous, false, "it is said beforehand");
  socket.pause();
  const key = (/** @type {number} */ number) => `k${number % 3}`;
  await publish_until_dropped(
    server, "conflated", (number) => ({ channel: "stock:a", data: { number, filling }, key: key(number) })
  );
  for (const number of [0, 1, 2]) {
    await server.http.post_json(
      "/api/messages", { channel: "stock:a", data: `last of ${key(number)}`, key: key(number) }
    );
  }
  socket.resume();
  for (const number of [0, 1, 2]) {
    await socket.frame((frame) => frame.data === `last of ${key(number)}`, `the latest of ${key(number)}`);
  }
  const offsets = socket.messages().map((message) => message.offset);
  assert.deepEqual(offsets, [...offsets].sort((left, right) => left - right), "in order");
  assert.ok(offsets.length < offsets.at(-1), "some were left out");
  assert.equal(socket.frames.some((frame) => frame.type === "gap"), false);
});

test("a reader that does not read is sent away, and resumes without a loss", async (context) => {
  const config = "[history]\ncount = 10000\nbytes = 200_000_000\n";
  const server = await start_server(context, { config });
  const socket = await open_socket(context, server.url);
  await socket.must({ type: "subscribe", channel: "c" });
  socket.pause();
  let last = 0;
  await until(
    async () => {
      const items = Array.from({ length: 20 }, () => ({ channel: "c", data: filling }));
      last = (await server.http.post_json("/api/messages", items)).json.at(-1).offset;
      return (await metric(server.http, "carillon_limits_hit_total", { limit: "outbox" })) > 0;
    },
    { what: "the outbox limit to be hit" },
  );
  socket.resume();
  assert.equal(await soon(socket.closed, { what: "the socket to be closed" }), 4408);
  const { wait_ms, ...closing } = socket.frames.at(-1);
  assert.deepEqual(closing, { type: "closing", code: "slow", reconnect: true });
  assert.ok(wait_ms > 0);

  const read = socket.messages();
  const { epoch, offset } = read.at(-1);
  const next = await open_socket(context, server.url);
  const ok = await next.must({ type: "subscribe", channel: "c", after: `${epoch}:${offset}` });
  assert.equal(ok.recovered, true);
  const all = [...read, ...next.messages()].map((message) => message.offset);
  assert.deepEqual(all, range(1, last));
});

test("a burst larger than an outbox sends nobody away who reads", async (context) => {
  const limit = "max_outbox_bytes = 65_536\n";
  const policies = '[namespace.conf]\noutbox = "conflate"\n[namespace.drop]\noutbox = "drop_oldest"\n';
  const server = await start_server(context, { config: `[websocket]\n${limit}[sse]\n${limit}${policies}` });
  const count = 5;
  for (const channel of ["plain", "conf:a", "drop:a"]) {
    const socket = await open_socket(context, server.url);
    await socket.must({ type: "subscribe", channel });
    const reader = read_events(context, `${server.url}/api/events?channel=${channel}`);
    await reader.up_to("position", 1);
    const items = Array.from({ length: count }, () => ({ channel, data: filling }));
    for (let burst = 1; burst <= 3; burst++) {
      assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
      await socket.messages_up_to(burst * count, channel);
      await reader.up_to("message", burst * count);
    }
    assert.equal(socket.frames.some((frame) => ["closing", "gap"].includes(frame.type)), false);
    assert.deepEqual(reader.named("closing").concat(reader.named("gap")), []);
  }
  assert.equal(await metric(server.http, "carillon_limits_hit_total", { limit: "outbox" }), 0);
});
