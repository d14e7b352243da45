// `carillon serve --demo`: each demo's channels have something in them, and a reader may hear them at a
// pace of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read_events } from "../support/event_reader.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const channels = ["demo-stocks:all", "demo-scores:all", "demo-sensors:all", "demo-social:posts", "demo-game:arena", "demo-notifications:ann"];

test("every demo has made-up data, each item with the key that conflation needs", async (context) => {
  const server = await start_server(context, { args: ["--demo"] });
  for (const channel of channels) {
    const messages = await until(async () => {
      const { json } = await server.http.get(`/api/messages?channel=${channel}`);
      return json.length > 0 && json;
    }, { what: `something in ${channel}` });
    assert.equal(typeof messages[0].data, "object", channel);
    if (/stocks|scores|sensors|game/.test(channel)) assert.equal(typeof messages[0].key, "string", channel);
  }
});

test("without --demo there is none of it", async (context) => {
  const server = await start_server(context);
  assert.deepEqual((await server.http.get("/api/channels?prefix=demo-")).json.channels, []);
});

test("a file may say otherwise of a demo's namespace", async (context) => {
  const server = await start_server(context, { args: ["--demo"], config: "[namespace.demo-stocks]\nhistory_count = 3\n" });
  await until(async () => (await server.http.get("/api/messages?channel=demo-stocks:all")).json.length === 3, { what: "three prices" });
});

test("between two bursts of a reader with a pace only the latest of each key waits", async (context) => {
  const server = await start_server(context, { config: '[namespace.s]\noutbox = "conflate"\n' });
  const events = read_events(context, `${server.url}/api/events?channel=s:a&pace_ms=300`);
  await events.up_to("position", 1);
  const told = () => events.events.filter(({ name }) => name === "message").map(({ data }) => data);
  let number = 0;
  await until(async () => {
    await server.http.post_json("/api/messages", { channel: "s:a", data: ++number, key: `k${number % 2}` });
    return (await metric(server.http, "carillon_drops_total", { reason: "conflated" })) > 0;
  }, { what: "something to be conflated" });
  await server.http.post_json("/api/messages", { channel: "s:a", data: "last", key: "k0" });
  await until(() => told().at(-1)?.data === "last", { what: "the latest" });
  const offsets = told().map(({ offset }) => offset);
  assert.deepEqual(offsets, [...offsets].sort((left, right) => left - right), "in order");
  assert.ok(offsets.length < offsets.at(-1), "some were left out");
  assert.equal(events.events.some(({ name }) => name === "gap"), false);
});

test("a pace leaves nothing out where the namespace does not conflate", async (context) => {
  const server = await start_server(context);
  const events = read_events(context, `${server.url}/api/events?channel=a&pace_ms=60000`);
  await events.up_to("position", 1);
  for (const number of [1, 2, 3]) await server.http.publish("a", number);
  await events.up_to("message", 3);
});

test("a pace that is none is refused", async (context) => {
  const server = await start_server(context);
  for (const pace of ["9", "60001", "fast"]) {
    assert.equal((await server.http.get(`/api/events?channel=a&pace_ms=${pace}`)).status, 400, pace);
  }
});
