// Nothing lost, nothing twice: five readers of one channel over four transports, one of them changing
// the transport at each resume, all behind a network that fails in every way the proxy knows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { judge } from "../support/checker.mjs";
import { open_client, transports } from "../support/clients/index.mjs";
import { FaultProxy, random_plan } from "../support/fault_proxy.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const message_count = 1000;
const channel = "numbers";
/** A reader that has heard nothing for so long takes its connection for dead, as real clients do. */
const silence_limit_ms = 1_000;
/** Nobody keeps more than this without a resume; what came beyond it is as lost as with a crash. */
const longest_visit_count = 120;

/** One reader, who keeps messages and position across connections. */
class TravellingReader {
  /** @type {import("../support/clients/client.mjs").Message[]} */
  messages = [];
  resume_count = 0;
  /** @type {Set<string>} */
  used_transports = new Set();
  #random;
  #position;

  /**
   * @param {string} name
   * @param {readonly import("../support/clients/index.mjs").Transport[]} choices taken in turn
   * @param {string} position
   * @param {Random} random
   */
  constructor(name, choices, position, random) {
    this.name = name;
    this.choices = choices;
    this.#position = position;
    this.#random = random;
  }

  /** Reads until everything is here, or the test is over. @param {string} url @param {AbortSignal} over */
  async read_all(url, over) {
    while (this.messages.length < message_count && !over.aborted) {
      await this.#visit(url);
      this.resume_count++;
    }
  }

  /** One connection, from the first byte to its end by fault, by chance or by silence. @param {string} url */
  async #visit(url) {
    const transport = this.choices[this.resume_count % this.choices.length];
    this.used_transports.add(transport);
    const client = open_client(transport, { url, channel, after: this.#position });
    const wanted_count = this.#random.between(1, longest_visit_count);
    const left_count = message_count - this.messages.length;
    let over = false;
    void client.ended.then(() => (over = true));

    let heard_count = 0;
    let silent_since = performance.now();
    await until(
      () => {
        if (client.messages.length > heard_count) silent_since = performance.now();
        heard_count = client.messages.length;
        const silent = performance.now() - silent_since > silence_limit_ms;
        return over || silent || heard_count >= Math.min(wanted_count, left_count);
      },
      { what: () => `${this.name} to hear something over ${transport}` },
    );
    if (this.#random.chance(0.5)) client.cut();
    else await Promise.race([client.close(), pause(silence_limit_ms)]);
    client.cut();

    assert.deepEqual(client.gaps, [], "the whole history is kept, so nobody may be told of a gap");
    const kept = client.messages.slice(0, wanted_count);
    this.messages.push(...kept);
    const last = kept.at(-1);
    const all_kept = kept.length === client.messages.length;
    if (all_kept) this.#position = client.position ?? this.#position;
    else if (last) this.#position = `${last.epoch}:${last.offset}`;
  }
}

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
  const readers = [
    ...transports.map((transport) => new TravellingReader(transport, [transport], start, random)),
    new TravellingReader("the one that changes", transports, start, random),
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
  assert.equal(readers[4].used_transports.size, transports.length);
});
