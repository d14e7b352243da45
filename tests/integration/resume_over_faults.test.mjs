// Nothing lost, nothing twice: six readers of one channel over five transports, one of them changing
// the transport at each resume, all behind a network that fails in every way the proxy knows.
// It takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { every_transport } from "../support/clients/index.mjs";
import { FaultProxy, random_plan } from "../support/fault_proxy.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { start_server } from "../support/server.mjs";
import { TravellingReader, longest_visit_count } from "../support/travelling_reader.mjs";

const message_count = 1000;
const channel = "numbers";
/** Publishes in small groups, so that readers find some messages waiting and hear others live. */
async function publish_all(/** @type {import("../support/http.mjs").HttpClient} */ http, /** @type {Random} */ random) {
  const published = [];
  while (published.length < message_count) {
    const group_count = Math.min(random.between(1, 12), message_count - published.length);
    const group = Array.from({ length: group_count }, (_, index) => published.length + index + 1);
    if (random.chance(0.3)) {
      published.push(...(await publish_batch(http, group)));
    } else {
      for (const number of group) published.push(await http.publish(channel, { number }));
    }
  }
  return published;
}

/** @param {import("../support/http.mjs").HttpClient} http @param {number[]} numbers */
async function publish_batch(http, numbers) {
  const items = numbers.map((number) => ({ channel, data: { number } }));
  const reply = await http.post_json("/api/messages", items);
  assert.equal(reply.status, 200, reply.text);
  return items.map(({ data }, index) => ({ ...reply.json[index], data }));
}

test("a thousand messages reach everyone once and in order", { timeout: 200_000 }, async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const server = await start_server(context);
  const proxy = await FaultProxy.start(context, server.url, () => random_plan(random));

  const start = await server.http.position(channel);
  const goal = { count: message_count };
  const readers = [
    ...every_transport.map((transport) => new TravellingReader(transport, { choices: [transport], channel, start, random, goal })),
    new TravellingReader("the one that changes", { choices: every_transport, channel, start, random, goal }),
  ];
  const over = new AbortController();
  const [published] = await Promise.all([
    publish_all(server.http, random),
    ...readers.map((reader) => reader.read_all(proxy.url, over.signal)),
  ]).finally(() => over.abort());

  assert.deepEqual(published.map(({ data }) => data.number), Array.from({ length: message_count }, (_, index) => index + 1));
  for (const reader of readers) {
    const verdict = judge(published, reader.messages);
    assert.ok(verdict.ok, `${reader.name}: ${verdict.text}`);
    assert.ok(reader.resume_count >= message_count / longest_visit_count, "it resumed on the way");
    context.diagnostic(`${reader.name}: ${verdict.text}, after ${reader.resume_count} connections`);
  }
  assert.equal(readers.at(-1)?.used_transports.size, every_transport.length);
});
