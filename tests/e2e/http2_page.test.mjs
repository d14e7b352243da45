// What HTTP/2 gives a browser: more event streams in a page than the six connections of HTTP/1.1, and a
// WebSocket beside them on the same connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import { expect_no_errors, open_page } from "../support/browser.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { patience_ms, until } from "../support/wait.mjs";

const stream_count = 30;
const connections_of_http1 = 6;

/**
 * Opens a page that opens event streams.
 * @param {import("node:test").TestContext} context @param {string} url
 */
async function open_streams(context, url) {
  const page = await open_page(context, { ignoreHTTPSErrors: true });
  expect_no_errors(context, page);
  page.setDefaultTimeout(patience_ms);
  await page.goto(`${url}/healthz`);
  await page.evaluate((count) => {
    const heard = Array.from({ length: count }, () => 0);
    Object.assign(window, { heard });
    heard.forEach((_, i) => new EventSource("/api/events?channel=a").addEventListener("message", () => ++heard[i]));
  }, stream_count);
  return page;
}

test("thirty EventSources and a WebSocket in one page live on one HTTP/2 connection", async (context) => {
  const server = await start_server(context, { listen: ["http://127.0.0.1:0", "https://127.0.0.1:0"], args: ["--tls-self-signed"] });
  const secure = /** @type {string} */ (server.addresses.find((each) => each.startsWith("https:")));
  const page = await open_streams(context, secure);
  const open = (/** @type {string} */ transport) => metric(server.http, "carillon_endpoints", { transport });
  await until(async () => (await open("sse")) === stream_count, { what: "thirty streams" });
  await page.evaluate(() => new Promise((resolve) => {
    const socket = new WebSocket(`wss://${location.host}/ws`);
    Object.assign(window, { socket });
    socket.onmessage = resolve;
  }));
  assert.equal(await metric(server.http, "carillon_http2_websockets_total"), 1);
  assert.equal(await metric(server.http, "carillon_http2_connections"), 1);
  await server.http.publish("a", "to all");
  await page.waitForFunction((count) => /** @type {any} */ (window).heard.filter((/** @type {number} */ each) => each === 1).length === count, stream_count);
});

test("over HTTP/1.1 six of thirty are open, and the rest wait", async (context) => {
  const server = await start_server(context);
  const page = await open_streams(context, server.url);
  const open = () => metric(server.http, "carillon_endpoints", { transport: "sse" });
  await until(async () => (await open()) === connections_of_http1, { what: "six streams" });
  await server.http.publish("a", "to some");
  await page.waitForFunction((count) => /** @type {any} */ (window).heard.filter((/** @type {number} */ each) => each === 1).length === count, connections_of_http1);
  assert.equal(await open(), connections_of_http1);
});
