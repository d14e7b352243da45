// `carillon sub` keeps its place: over restarts of the server and over a network that fails in every
// way the proxy knows, each message is printed once and in order.
// It takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { start_command } from "../support/command.mjs";
import { FaultProxy, random_plan } from "../support/fault_proxy.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { Random, run_seed } from "../support/random.mjs";
import { start_server } from "../support/server.mjs";

const transports = ["ws", "sse", "longpoll", "poll"];
const patience_ms = 120_000;

/**
 * One subscriber for each transport, all of them from the channel's beginning.
 * @param {import("node:test").TestContext} context @param {string} url @param {string} start
 * @param {string[]} [words]
 */
function start_subscribers(context, url, start, words = []) {
  return transports.map((transport) => {
    const all = ["sub", "c", "--json", "--transport", transport, "--after", start, "--interval", "0.05", ...words];
    return { transport, command: start_command(context, all, { server: url }) };
  });
}

/** A plan by chance that ends the connection sooner or later. @param {Random} random */
function mortal_plan(random) {
  const plan = random_plan(random);
  if (!plan.cut && !plan.black_hole) plan.cut = { direction: "down", after_bytes: random.between(1, 12_000) };
  return plan;
}

/** @param {import("../support/server.mjs").Server} server @param {number} count */
async function publish_some(server, count) {
  const published = [];
  for (let number = 0; number < count; number++) published.push(await server.http.publish("c", { number }));
  return published;
}

/** @param {ReturnType<typeof start_subscribers>} subscribers @param {any[]} published */
async function check_all(subscribers, published) {
  for (const { transport, command } of subscribers) {
    command.kill("SIGINT");
    assert.equal(await command.ended(), 0, command.errors);
    const verdict = judge(published, command.lines.map((line) => JSON.parse(line)));
    assert.ok(verdict.ok, `${transport}: ${verdict.text}\n${command.errors}`);
  }
}

test("over restarts of the server nothing is lost or printed twice", { timeout: 200_000 }, async (context) => {
  const args = ["--data-dir", temporary_folder()];
  const config = "[server]\ndrain_s = 4\n";
  let server = await start_server(context, { args, config });
  const address = new URL(server.url).host;
  const url = `http://${address}`;
  const subscribers = start_subscribers(context, url, await server.http.position("c"));
  const published = [];
  for (const ending of ["SIGTERM", "SIGTERM", "SIGKILL", undefined]) {
    published.push(...(await publish_some(server, 20)));
    for (const { command } of subscribers) await command.printed(published.length, patience_ms);
    if (ending === undefined) break;
    if (ending === "SIGKILL") server.kill();
    await server.stop(ending === "SIGKILL" ? { expect_signal: "SIGKILL" } : {});
    server = await start_server(context, { listen: [address], args, config });
  }
  await check_all(subscribers, published);
  for (const { command } of subscribers.filter(({ transport }) => ["ws", "sse"].includes(transport))) {
    const lost = command.notices.filter(({ type }) => type === "lost");
    assert.ok(lost.length >= 3, "its link ended with each server");
    assert.equal(lost[0].code, "shutdown");
  }
});

test("over a failing network nothing is lost or printed twice", { timeout: 200_000 }, async (context) => {
  const seed = run_seed();
  context.diagnostic(`CARILLON_TEST_SEED=${seed}`);
  const random = new Random(seed);
  const server = await start_server(context);
  const proxy = await FaultProxy.start(context, server.url, () => mortal_plan(random));
  const start = await server.http.position("c");
  const subscribers = start_subscribers(context, proxy.url, start, ["--silence", "2"]);
  const published = [];
  for (let round = 0; round < 6; round++) {
    published.push(...(await publish_some(server, 60)));
    for (const { command } of subscribers) await command.printed(published.length, patience_ms);
  }
  await check_all(subscribers, published);
  for (const { command } of subscribers) {
    assert.deepEqual(command.notices.filter(({ type }) => type === "gap"), [], "everything is retained");
  }
  context.diagnostic(`${proxy.connection_count} connections`);
  assert.ok(proxy.connection_count > 2 * transports.length, "they had to come back");
});
