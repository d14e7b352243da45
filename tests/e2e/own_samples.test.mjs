// Our own small client programs, one for each technology, in a real browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RunningSample } from "../support/samples.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** @param {string} name */
function source_of(name) {
  return readFileSync(new URL(`samples/${name}.js`, import.meta.url), "utf8");
}

test("request and response", async (context) => {
  const server = await start_server(context);
  for (const number of numbers) await server.http.publish("default", { number });
  const sample = await RunningSample.start(context, server.url, source_of("request_response"));
  await until(async () => (await sample.shown()).length >= numbers.length, { what: "the messages" });
  assert.deepEqual((await sample.shown()).map((data) => data.number), numbers);
});

for (const name of ["short_polling", "long_polling", "sse"]) {
  test(name.replace("_", " "), async (context) => {
    const server = await start_server(context);
    const sample = await RunningSample.start(context, server.url, source_of(name));
    assert.deepEqual(await sample.hears_all(server.http, "default", 10), numbers);
  });
}

test("websocket, both ways", async (context) => {
  const server = await start_server(context);
  const sample = await RunningSample.start(context, server.url, source_of("websocket"));
  assert.deepEqual(await sample.hears_all(server.http, "default", 10), numbers);
  await sample.run("say('from the page')");
  await until(async () => (await sample.shown()).at(-1)?.text === "from the page", { what: "its own message" });
});
