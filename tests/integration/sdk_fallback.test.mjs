// @carillon/client behind what lets some transports through and others not: it finds the best that gives useful
// traffic, and climbs again when it can.
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../support/checker.mjs";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { open_sdk, record, subscribed } from "../support/sdk.mjs";
import { config, publish_and_hear } from "../support/sdk_run.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

for (const upgrade of /** @type {const} */ (["refuse", "kill"])) {
  test(`where something in between does ${upgrade} upgrades, by event streams`, { timeout: 200_000 }, async (context) => {
    const { reader } = await publish_and_hear(context, () => ({ upgrade }));
    assert.deepEqual([reader.state.name, reader.state.transport], ["degraded", "sse"]);
  });
}

test("where event streams are held back too, by long polls", { timeout: 200_000 }, async (context) => {
  const { reader } = await publish_and_hear(context, () => ({ upgrade: "kill", hold_events: true }), { timings: { proofMs: 700 } });
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
