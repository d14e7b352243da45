// @carillon/client in Chromium: what only a browser has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { open_sdk_page, sdk_script } from "../support/sdk_page.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @param {import("../support/sdk_page.mjs").SdkPage} page @param {string} text */
async function shows(page, text) {
  await until(async () => (await page.state()).text.startsWith(text), { what: `the state "${text}"` });
}

for (const transport of ["websocket", "sse", "longpoll", "polling"]) {
  test(`${transport}: it is heard and published in a page`, async (context) => {
    const server = await start_server(context);
    const page = await open_sdk_page(context, server.url);
    await page.start("c", await server.http.position("c"), { transports: [transport] });
    assert.deepEqual(await page.publish("c", 1, 3), [1, 2, 3]);
    await until(async () => (await page.heard()).messages.length === 3, { what: "the messages" });
    assert.equal((await page.state()).text, `online on ${transport}`);
  });
}

test("a page that goes offline says so at once, and goes on where it was when it is back", async (context) => {
  const server = await start_server(context);
  const page = await open_sdk_page(context, server.url, { backoffFirstMs: 60_000, backoffLongestMs: 60_000 });
  await page.start("c", await server.http.position("c"));
  await page.publish("c", 1, 1);
  await page.page.context().setOffline(true);
  await shows(page, "offline: the device is offline");
  for (const number of [2, 3]) await server.http.publish("c", { number });
  await page.page.context().setOffline(false);
  await shows(page, "online on websocket");
  await until(async () => (await page.heard()).messages.length === 3, { what: "what was missed" });
});

test("a changed network is looked at at once, not when the next ping is due", async (context) => {
  const server = await start_server(context);
  const proxy = await FaultProxy.start(context, server.url);
  const page = await open_sdk_page(context, proxy.url, { pingMs: 600_000 });
  await page.start("c", await server.http.position("c"));
  await shows(page, "online on websocket");
  proxy.strand();
  await server.http.publish("c", 1);
  await page.page.evaluate(`dispatchEvent(new Event("online"))`);
  await until(async () => (await page.heard()).messages.length === 1, { what: "the message" });
  assert.equal((await page.stats()).failures, 1);
});

test("a page that is seen again does not wait for the backoff", async (context) => {
  const first = await start_server(context);
  const address = new URL(first.url).host;
  const page = await open_sdk_page(context, first.url, { backoffFirstMs: 600_000, backoffLongestMs: 600_000 });
  await page.start("c", await first.http.position("c"));
  await shows(page, "online on websocket");
  await first.stop();
  await until(async () => !(await page.state()).text.startsWith("online"), { what: "it to be noticed" });
  await start_server(context, { listen: [address] });
  await until(async () => {
    await page.page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
    return (await page.state()).text === "online on websocket";
  }, { what: "the connection" });
});

test("it works in a worker", async (context) => {
  const server = await start_server(context);
  const page = await open_sdk_page(context, server.url);
  const program = `${sdk_script()};
    const client = new Carillon(${JSON.stringify(server.url)});
    const channel = client.channel("c");
    channel.on("message", ({ data }) => postMessage(data));
    channel.on("subscribed", () => channel.publish("from a worker"));`;
  const said = await page.page.evaluate((text) => new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => resolve(event.message);
  }), program);
  assert.equal(said, "from a worker");
});

test("a page of another origin is told what to do, or let in", async (context) => {
  const strict = await start_server(context);
  const page = await open_sdk_page(context, strict.url);
  const open = await start_server(context, { config: `[access]\nanonymous = ["subscribe", "publish"]\norigins = ["${strict.url}"]\n` });
  const closed = await start_server(context);
  const state = (/** @type {string} */ url) => page.page.evaluate(async (target) => {
    const client = new (/** @type {any} */ (globalThis)).Carillon(target, { timings: { backoffFirstMs: 60_000 } });
    const settled = new Promise((resolve) => {
      client.on("state", (/** @type {any} */ each) => each.name !== "connecting" && resolve(each));
    });
    client.connect();
    const { name, error } = /** @type {any} */ (await settled);
    if (name === "online") await client.channel("c").publish(1);
    client.close();
    return { name, code: error?.code, hint: error?.hint };
  }, url);
  assert.equal((await state(open.url)).name, "online");
  const refused = await state(closed.url);
  assert.deepEqual([refused.name, refused.code], ["offline", "unreachable"]);
  assert.match(refused.hint, /\[access\] origins/);
});
