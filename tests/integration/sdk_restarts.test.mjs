// @carillon/client while its server restarts: with its history nothing is lost, doubled or told as a gap;
// without it, the gap is told exactly, and no publication is in the channel twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { kill } from "../support/restarts.mjs";
import { open_sdk, record } from "../support/sdk.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const message_count = 1000;
const window_count = 50;
const config = "[server]\ndrain_s = 2\n[history]\ncount = 1100\n";
const kinds = [undefined, "websocket", "sse", "longpoll", "polling"];

/**
 * @param {any} channel @param {(count: number) => Promise<void>} after_each
 * @returns {Promise<PromiseSettledResult<any>[]>} what became of each
 */
async function publish_all(channel, after_each) {
  /** @type {PromiseSettledResult<any>[]} */
  const outcomes = [];
  while (outcomes.length < message_count) {
    const first = outcomes.length + 1;
    const numbers = Array.from({ length: window_count }, (_, index) => first + index);
    const window = Promise.allSettled(numbers.map((number) => channel.publish({ number })));
    await after_each(first - 1 + window_count);
    outcomes.push(...(await window));
  }
  return outcomes;
}

for (const transport of kinds) {
  const name = transport ?? "whatever works";
  const options = transport ? { transports: [transport] } : {};

  test(`over ${name}, restarts with history`, { timeout: 200_000 }, async (context) => {
    const settings = { config: `${config}durability = "log"\n`, args: ["--data-dir", temporary_folder()] };
    let server = await start_server(context, settings);
    const address = new URL(server.url).host;
    const reader = open_sdk(context, server.url, options);
    const heard = record(reader.channel("numbers", { after: await server.http.position("numbers") }));
    const writer = open_sdk(context, server.url, options);
    const outcomes = await publish_all(writer.channel("numbers"), async (count) => {
      if (count % 250 !== 0) return;
      if (count === 500) await kill(server);
      else await server.stop();
      server = await start_server(context, { ...settings, listen: [address] });
    });
    await until(() => heard.messages.length >= message_count, { what: () => `all messages; ${JSON.stringify(reader.stats)}` });
    const { json: kept } = await server.http.get("/api/messages?channel=numbers&limit=1000");
    assert.deepEqual(outcomes.map((each) => each.status === "fulfilled" && each.value.offset), kept.map((/** @type {any} */ { offset }) => offset));
    assert.deepEqual(kept.map((/** @type {any} */ { data }) => data.number), Array.from({ length: message_count }, (_, index) => index + 1));
    const verdict = judge(kept, heard.messages);
    assert.ok(verdict.ok, verdict.text);
    assert.deepEqual(heard.gaps, []);
    context.diagnostic(`${JSON.stringify(reader.stats)}; ${JSON.stringify(writer.stats)}`);
  });

  test(`over ${name}, restarts without history`, { timeout: 200_000 }, async (context) => {
    let server = await start_server(context, { config });
    const address = new URL(server.url).host;
    const reader = open_sdk(context, server.url, options);
    const start = await server.http.position("numbers");
    const heard = record(reader.channel("numbers", { after: start }));
    const writer = open_sdk(context, server.url, options);
    const outcomes = await publish_all(writer.channel("numbers"), async (count) => {
      if (count !== 500) return;
      await kill(server);
      // A folder of its own: the new server knows nothing of the old one, its secret included.
      server = await start_server(context, { config, listen: [address] });
    });
    const { json: kept } = await server.http.get("/api/messages?channel=numbers&limit=1000");
    await until(() => heard.messages.at(-1)?.position === `${kept.at(-1).epoch}:${kept.at(-1).offset}`, { what: "the last message" });

    assert.equal(heard.gaps.length, 1, JSON.stringify(heard.gaps));
    const [gap] = heard.gaps;
    const index = heard.told.findIndex((each) => each.name === "gap");
    const [before, after] = [heard.told.slice(0, index), heard.told.slice(index + 1)].map((part) => part.map(({ event }) => event));
    assert.equal(gap.from, before.at(-1)?.position ?? start, "it is told behind the last message");
    assert.equal(gap.position, `${kept[0].epoch}:${after[0].offset - 1}`, "what follows it is contiguous");
    assert.deepEqual(before.map(({ offset }) => offset), Array.from({ length: before.length }, (_, offset) => offset + 1));
    const verdict = judge(kept.slice(after[0].offset - 1), after);
    assert.ok(verdict.ok, verdict.text);
    check_outcomes(outcomes, kept);
  });
}

/** Each is in the channel once, or its outcome is not known. @param {PromiseSettledResult<any>[]} outcomes @param {any[]} kept */
function check_outcomes(outcomes, kept) {
  const numbers = kept.map(({ data }) => data.number);
  assert.equal(new Set(numbers).size, numbers.length, "nothing is there twice");
  outcomes.forEach((outcome, index) => {
    if (outcome.status === "rejected") {
      assert.equal(outcome.reason.code, "outcome_unknown");
    } else if (outcome.value.epoch === kept[0].epoch) {
      assert.equal(kept[outcome.value.offset - 1].data.number, index + 1);
    }
  });
  const unknown_count = outcomes.filter((each) => each.status === "rejected").length;
  assert.ok(unknown_count <= window_count, `${unknown_count} outcomes are not known`);
  assert.equal(outcomes.at(-1)?.status, "fulfilled");
}
