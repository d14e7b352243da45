// @carillon/client in Chromium, behind a network that fails: a thousand messages, published and heard by one
// page, are in the channel once and in order, and reach it once and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { open_sdk_page } from "../support/sdk_page.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/fault_proxy.mjs").Plan} Plan */

const message_count = 1000;
const window_count = 50;
const patience_ms = 100_000;
const config = "[server]\ndrain_s = 2\n[history]\ncount = 1100\n";

/**
 * @param {import("node:test").TestContext} context
 * @param {(index: number) => Plan} plan_of for the connections of the client
 * @param {{ options?: object, timings?: object, disturb?: (proxy: FaultProxy, count: number) => void }} [how]
 */
async function run(context, plan_of, { options, timings, disturb = () => {} } = {}) {
  const server = await start_server(context, { config });
  let is_loaded = false;
  const proxy = await FaultProxy.start(context, server.url, (index) => (is_loaded ? plan_of(index) : {}));
  const page = await open_sdk_page(context, proxy.url, timings);
  is_loaded = true;
  // The browser goes on with the connection that loaded the page.
  proxy.strand();
  await page.start("numbers", await server.http.position("numbers"), options);
  const offsets = [];
  for (let first = 1; first <= message_count; first += window_count) {
    offsets.push(...(await page.publish("numbers", first, window_count)));
    disturb(proxy, offsets.length);
  }
  await until(async () => (await page.heard()).messages.length >= message_count, {
    what: "all messages", within_ms: patience_ms
  });
  await check(server, page, offsets);
  context.diagnostic(`${proxy.connection_count} connections; ${JSON.stringify(await page.stats())}`);
  return { proxy, page };
}

/** @param {import("../support/server.mjs").Server} server @param {import("../support/sdk_page.mjs").SdkPage} page @param {number[]} offsets */
async function check(server, page, offsets) {
  const { json: kept } = await server.http.get(`/api/messages?channel=numbers&limit=${message_count}`);
  assert.deepEqual(kept.map((/** @type {any} */ { data }) => data.number), Array.from({ length: message_count }, (_, index) => index + 1));
  assert.deepEqual(offsets, kept.map((/** @type {any} */ { offset }) => offset));
  const { messages, gaps } = await page.heard();
  const verdict = judge(kept, messages);
  assert.ok(verdict.ok, verdict.text);
  assert.deepEqual(gaps, [], "everything is retained, so nobody may be told of a gap");
}

test("delays", { timeout: 150_000 }, async (context) => {
  await run(context, () => ({ delay_ms: 5 }));
});

test("cuts in the middle of frames", { timeout: 150_000 }, async (context) => {
  const random = new Random(run_seed());
  await run(context, () => ({
    cut: { direction: random.chance(0.7) ? "down" : "up", after_bytes: random.between(1_000, 30_000) },
  }));
});

test("connections that fall silent", { timeout: 150_000 }, async (context) => {
  const random = new Random(run_seed());
  await run(context, (index) => index % 2 === 0
    ? { black_hole: { direction: "down", after_bytes: random.between(1_000, 40_000) } }
    : {});
});

test("a changed address", { timeout: 150_000 }, async (context) => {
  await run(context, () => ({}), { disturb: (proxy, count) => count % 300 === 0 && proxy.strand() });
});

for (const upgrade of /** @type {const} */ (["refuse", "kill"])) {
  test(`something that does ${upgrade} upgrades`, { timeout: 150_000 }, async (context) => {
    const { page } = await run(context, () => ({ upgrade }));
    assert.equal((await page.state()).text, "degraded to sse");
  });
}

test("something that holds event streams back as well", { timeout: 150_000 }, async (context) => {
  const { page } = await run(context, () => ({ upgrade: "kill", hold_events: true }), { timings: { proofMs: 1_000 } });
  assert.equal((await page.state()).text, "degraded to longpoll");
});

test("restarts of the server, with its history", { timeout: 150_000 }, async (context) => {
  const settings = { config: `${config}durability = "log"\n`, args: ["--data-dir", temporary_folder()] };
  let server = await start_server(context, settings);
  const address = new URL(server.url).host;
  const page = await open_sdk_page(context, server.url);
  await page.start("numbers", await server.http.position("numbers"));
  const offsets = [];
  for (let first = 1; first <= message_count; first += window_count) {
    const publishing = page.publish("numbers", first, window_count);
    if (first % 400 === 1) {
      await server.stop();
      server = await start_server(context, { ...settings, listen: [address] });
    }
    offsets.push(...(await publishing));
  }
  await until(async () => (await page.heard()).messages.length >= message_count, { what: "all messages" });
  await check(server, page, offsets);
});

test("a restart of the server, without its history: the gap is told exactly", { timeout: 150_000 }, async (context) => {
  let server = await start_server(context, { config });
  const address = new URL(server.url).host;
  const page = await open_sdk_page(context, server.url);
  const start = await server.http.position("numbers");
  await page.start("numbers", start);
  await page.publish("numbers", 1, 500);
  await until(async () => (await page.heard()).messages.length >= 500, { what: "the first half" });
  await server.stop();
  server = await start_server(context, { config, listen: [address] });
  await page.publish("numbers", 501, 500);
  await until(async () => (await page.heard()).messages.length >= message_count, { what: "the second half" });
  const { messages, gaps } = await page.heard();
  const [old_epoch, new_epoch] = [messages[0].epoch, messages[999].epoch];
  assert.deepEqual(gaps.map(({ from, position }) => [from, position]), [[`${old_epoch}:500`, `${new_epoch}:0`]]);
  assert.deepEqual(messages.map(({ data }) => data.number), Array.from({ length: message_count }, (_, index) => index + 1));
  assert.deepEqual(messages.map(({ offset }) => offset), Array.from({ length: message_count }, (_, index) => (index % 500) + 1));
});
