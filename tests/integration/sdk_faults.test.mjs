// @carillon/client behind a network that fails: a thousand messages, published and heard by it, are in the
// channel once and in order, and reach everybody once and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { FaultProxy, random_plan } from "../support/fault_proxy.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { open_sdk, record, subscribed } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/fault_proxy.mjs").Plan} Plan */

const message_count = 1000;
const window_count = 40;
const patience_ms = 100_000;
const config = `[history]\ncount = ${message_count + 10}\n`;
const transports = ["websocket", "sse", "longpoll", "polling"];

/**
 * Publishes in windows, so that faults meet some under way and some that wait.
 * @param {any} channel @param {(count: number) => void} on_progress
 */
async function publish_all(channel, on_progress) {
  const receipts = [];
  while (receipts.length < message_count) {
    const length = Math.min(window_count, message_count - receipts.length);
    const numbers = Array.from({ length }, (_, index) => receipts.length + index + 1);
    receipts.push(...(await Promise.all(numbers.map((number) => channel.publish({ number })))));
    on_progress(receipts.length);
  }
  return receipts;
}

/** A plan by chance that ends the connection sooner or later. @param {Random} random @returns {Plan} */
function mortal_plan(random) {
  const plan = random_plan(random);
  if (!plan.cut && !plan.black_hole) plan.cut = { direction: "down", after_bytes: random.between(1, 12_000) };
  return plan;
}

/**
 * @param {import("node:test").TestContext} context
 * @param {(index: number) => Plan} plan_of
 * @param {Record<string, any>} [options] of the client
 * @param {(proxy: FaultProxy, count: number) => void} [disturb] called when so many are published
 */
async function run(context, plan_of, options, disturb = () => {}) {
  const server = await start_server(context, { config });
  const proxy = await FaultProxy.start(context, server.url, plan_of);
  const reader = open_sdk(context, proxy.url, options);
  const heard = record(reader.channel("numbers", { after: await server.http.position("numbers") }));
  const writer = open_sdk(context, proxy.url, options);
  const receipts = await publish_all(writer.channel("numbers"), (count) => disturb(proxy, count));
  await until(() => heard.messages.length >= message_count, {
    what: () => `all messages; ${JSON.stringify(reader.stats)}, ${JSON.stringify(writer.stats)}`,
    within_ms: patience_ms,
  });
  const { json: kept } = await server.http.get(`/api/messages?channel=numbers&limit=${message_count}`);
  assert.deepEqual(kept.map((/** @type {any} */ { data }) => data.number), Array.from({ length: message_count }, (_, index) => index + 1));
  assert.deepEqual(receipts.map(({ offset }) => offset), kept.map((/** @type {any} */ { offset }) => offset));
  const verdict = judge(kept, heard.messages);
  assert.ok(verdict.ok, verdict.text);
  assert.deepEqual(heard.gaps, [], "everything is retained, so nobody may be told of a gap");
  context.diagnostic(`${proxy.connection_count} connections; ${JSON.stringify(reader.stats)}; ${JSON.stringify(writer.stats)}`);
  return { proxy, reader, writer };
}

test("over a slow network", { timeout: 200_000 }, async (context) => {
  await run(context, () => ({ delay_ms: 5 }));
});

test("over pieces of a few bytes", { timeout: 200_000 }, async (context) => {
  await run(context, () => ({ trickle: { bytes: 5, for_bytes: 2_000 } }));
});

for (const transport of transports) {
  test(`over ${transport}, cut in the middle of frames`, { timeout: 200_000 }, async (context) => {
    const random = new Random(run_seed());
    const { proxy } = await run(context, () => ({
      cut: { direction: random.chance(0.7) ? "down" : "up", after_bytes: random.between(600, 25_000) },
    }), { transports: [transport] });
    assert.ok(proxy.connection_count > 4, "they had to come back");
  });

  test(`over ${transport}, while the client's address changes`, { timeout: 200_000 }, async (context) => {
    const { proxy } = await run(context, () => ({}), { transports: [transport] }, (proxy, count) => {
      if (count % 240 === 0) proxy.strand();
    });
    assert.ok(proxy.connection_count > 8, "they had to come back");
  });
}

test("over connections that fall silent", { timeout: 200_000 }, async (context) => {
  const random = new Random(run_seed());
  await run(context, (index) => index % 2 === 0
    ? { black_hole: { direction: random.chance(0.5) ? "down" : "up", after_bytes: random.between(500, 40_000) } }
    : {});
});

test("over everything that a network can do", { timeout: 200_000 }, async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const { proxy } = await run(context, () => mortal_plan(random));
  assert.ok(proxy.connection_count > 10, "they had to come back");
});

for (const upgrade of /** @type {const} */ (["refuse", "kill"])) {
  test(`where something in between does ${upgrade} upgrades, by event streams`, { timeout: 200_000 }, async (context) => {
    const { reader } = await run(context, () => ({ upgrade }));
    assert.deepEqual([reader.state.name, reader.state.transport], ["degraded", "sse"]);
  });
}

test("where event streams are held back too, by long polls", { timeout: 200_000 }, async (context) => {
  const { reader } = await run(context, () => ({ upgrade: "kill", hold_events: true }), { timings: { proofMs: 700 } });
  assert.deepEqual([reader.state.name, reader.state.transport], ["degraded", "longpoll"]);
});

test("once what was in between is gone, by WebSocket again", { timeout: 200_000 }, async (context) => {
  let blocks = true;
  const server = await start_server(context, { config });
  const proxy = await FaultProxy.start(context, server.url, () => (blocks ? { upgrade: "kill" } : {}));
  const client = open_sdk(context, proxy.url);
  const channel = client.channel("numbers");
  const heard = record(channel);
  await subscribed(channel);
  await until(() => client.state.transport === "sse", { what: "the fallback" });
  const published = [];
  for (let number = 0; number < 200; number++) {
    if (number === 50) blocks = false;
    published.push(await server.http.publish("numbers", { number }));
    if (number === 150) await until(() => client.state.name === "online", { what: () => `the way up; ${JSON.stringify(client.stats)}` });
  }
  await until(() => heard.messages.length >= published.length, { what: "all messages" });
  const verdict = judge(published, heard.messages);
  assert.ok(verdict.ok, verdict.text);
  assert.deepEqual([client.state.transport, client.stats.upgrades, heard.gaps], ["websocket", 1, []]);
});
