// The course that this project came from: its five client programs run here as they are written.
// They get what they leave undefined, and scheme and host of the server; nothing else is changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mission_samples, RunningSample } from "../support/samples.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const samples = mission_samples();
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

if (samples) {
  /** @param {import("../support/samples.mjs").Kind} kind */
  const source_of = (kind) => /** @type {string} */ (samples.get(kind));

  test("mission: request and response", async (context) => {
    const server = await start_server(context);
    for (const number of numbers) await server.http.publish("default", { number });
    const sample = await RunningSample.start(context, server.url, source_of("request-response"));
    const shown = await until(async () => {
      const data = await sample.shown();
      return data.length > 0 && data;
    }, { what: "the messages" });
    assert.deepEqual(shown.map((data) => data.number), numbers);
  });

  test("mission: short polling", async (context) => {
    const server = await start_server(context);
    const { timestamp } = await server.http.publish("default", { text: "seen before" });
    const prelude = `var lastTimestamp = ${timestamp};\n`;
    const sample = await RunningSample.start(context, server.url, prelude + source_of("short polling"));
    await sample.run("pollForUpdates()");
    assert.deepEqual(await sample.hears_all(server.http, "default", 10), numbers);
    assert.ok(!(await sample.shown()).some((data) => data.text === "seen before"));
  });

  test("mission: long polling", async (context) => {
    const server = await start_server(context);
    const sample = await RunningSample.start(context, server.url, source_of("long polling"));
    await sample.run("void longPoll()");
    assert.deepEqual(await sample.hears_all(server.http, "default", 10), numbers);
  });

  test("mission: Server-Sent Events", async (context) => {
    const server = await start_server(context);
    const sample = await RunningSample.start(context, server.url, source_of("sse"));
    assert.deepEqual(await sample.hears_all(server.http, "default", 10), numbers);
  });

  test("mission: WebSocket", async (context) => {
    const server = await start_server(context);
    const source = source_of("websocket").replace("wss://api.example.com", server.url.replace("http", "ws"));
    const sample = await RunningSample.start(context, server.url, source);
    assert.deepEqual(await sample.hears_all(server.http, "chat", 10), numbers);

    await sample.run("sendMessage('from the page')");
    await until(async () => (await sample.shown()).at(-1)?.text === "from the page", { what: "its own message" });
    const { json } = await server.http.get("/api/messages?channel=chat&limit=1");
    assert.deepEqual(json[0].data, { text: "from the page" });
  });
}
