// A thousand messages, published and heard by @carillon/client through a network that fails: they are in the
// channel once and in order, and reach the reader once and in order.
import assert from "node:assert/strict";
import { judge } from "./checker.mjs";
import { FaultProxy } from "./fault_proxy.mjs";
import { open_sdk, record } from "./sdk.mjs";
import { start_server } from "./server.mjs";
import { until } from "./wait.mjs";

/** @typedef {import("./fault_proxy.mjs").Plan} Plan */

export const message_count = 1000;
const window_count = 40;
const patience_ms = 100_000;
export const config = `[history]\ncount = ${message_count + 10}\n`;

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

/**
 * @param {import("node:test").TestContext} context
 * @param {(index: number) => Plan} plan_of
 * @param {Record<string, any>} [options] of the client
 * @param {(proxy: FaultProxy, count: number) => void} [disturb] called when so many are published
 */
export async function publish_and_hear(context, plan_of, options, disturb = () => {}) {
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
