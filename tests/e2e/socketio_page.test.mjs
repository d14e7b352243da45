// Socket.IO's own bundles, unmodified, in Chromium: of version 4, also over HTTP/2, and of version 2.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { expect_no_errors, open_page } from "../support/browser.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { patience_ms, until } from "../support/wait.mjs";

const { resolve } = createRequire(import.meta.url);
const bundle = (/** @type {string} */ name, /** @type {string} */ file) =>
  readFileSync(resolve(`${name}/package.json`).replace("package.json", `dist/${file}`), "utf8");
const bundles = { 4: bundle("socket.io-client", "socket.io.min.js"), 2: bundle("socket.io-client-2", "socket.io.js") };

/**
 * A page of the server's own origin with a connected client, its `heard` messages, and `ask`.
 * @param {import("node:test").TestContext} context @param {string} url @param {string[]} transports @param {2 | 4} [version]
 */
async function open_client(context, url, transports, version = 4) {
  const page = await open_page(context, { ignoreHTTPSErrors: true });
  expect_no_errors(context, page);
  page.setDefaultTimeout(patience_ms);
  await page.goto(`${url}/healthz`);
  await page.evaluate(bundles[version]);
  await page.evaluate(async (transports) => {
    const socket = /** @type {any} */ (globalThis).io({ transports });
    /** @type {any[]} */
    const heard = [];
    socket.on("message", (/** @type {any} */ message) => void heard.push(message.data));
    const ask = (/** @type {any[]} */ ...words) => new Promise((resolve) => void socket.emit(...words, resolve));
    Object.assign(globalThis, { socket, heard, ask });
    await new Promise((resolve) => void socket.once("connect", () => resolve(null)));
  }, transports);
  return page;
}

/** @param {import("playwright-core").Page} page */
const transport_of = (page) => page.evaluate(() => /** @type {any} */ (globalThis).socket.io.engine.transport.name);

/** Text, octets, and a large message, there and back. @param {import("playwright-core").Page} page */
async function exchange(page) {
  const heard = await page.evaluate(async () => {
    const { ask, heard } = /** @type {any} */ (globalThis);
    const replies = [await ask("subscribe", "chat"), await ask("publish", "chat", "Grüße, 世界 🎉")];
    replies.push(await ask("publish", "chat", Uint8Array.from([0, 127, 128, 255]).buffer));
    replies.push(await ask("publish", "chat", "x".repeat(60_000)));
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    return { heard: [heard[0], heard[1], heard[2].length], types: replies.map(({ type }) => type) };
  });
  assert.deepEqual(heard, { heard: ["Grüße, 世界 🎉", "AH+A/w==", 60_000], types: ["ok", "ok", "ok", "ok"] });
}

for (const version of /** @type {const} */ ([4, 2])) {
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    test(`the bundle of version ${version}, over ${transports.join(" and ")}`, async (context) => {
      const server = await start_server(context, { config: `[socketio]\nallow_eio3 = ${version === 2}\n` });
      const page = await open_client(context, server.url, transports, version);
      await until(async () => (await transport_of(page)) === transports.at(-1), { what: "the transport" });
      await exchange(page);
    });
  }
}

for (const transports of [["polling"], ["websocket"]]) {
  test(`${transports[0]} over HTTP/2`, async (context) => {
    const server = await start_server(context, {
      listen: ["http://127.0.0.1:0", "https://127.0.0.1:0"],
      args: ["--tls-self-signed"],
    });
    const secure = /** @type {string} */ (server.addresses.find((each) => each.startsWith("https:")));
    const page = await open_client(context, secure, transports);
    await exchange(page);
    assert.equal(await transport_of(page), transports[0]);
    assert.equal(await metric(server.http, "carillon_http2_connections"), 1);
    const websockets = transports[0] === "websocket" ? 1 : 0;
    assert.equal(await metric(server.http, "carillon_http2_websockets_total"), websockets);
  });
}
