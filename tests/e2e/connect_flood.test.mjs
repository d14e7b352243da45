// 20,000 connects, from one address and from 200: those over the limits are turned away with an answer,
// those who are in stay served, and nothing grows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { CommandSocket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

const connect_count = 20_000;
/** At a time: descriptors are limited. */
const lane_count = 200;
/** Octets that a server may take for good while they come and go. */
const growth_bytes = 32 * 1024 * 1024;
const config = `[access]\nanonymous = ["subscribe", "publish"]\n[limits]\nexempt = ["127.0.0.1"]\n`;
const request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Connects, asks, and goes: the status of the answer. @param {number} port @param {string} address @returns {Promise<string>} */
function status_of_one(port, address) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: address }, () => socket.write(request));
    socket.on("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve("reset") : reject(error));
    socket.on("close", () => resolve("closed"));
    socket.once("data", (data) => {
      resolve(String(data).slice(9, 12));
      socket.resetAndDestroy();
    });
  });
}

/** How often each answer came. @param {Server} server @param {(number: number) => string} address_of */
async function flood(server, address_of) {
  const port = Number(new URL(server.url).port);
  /** @type {Record<string, number>} */
  const counts = {};
  let number = 0;
  const lane = async () => {
    while (number < connect_count) {
      const status = await status_of_one(port, address_of(number++));
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: lane_count }, lane));
  return counts;
}

/** What a process holds in memory. @param {number} pid */
function resident_bytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

describe("20,000 connects", { concurrency: true }, () => {
  for (const [name, address_count] of /** @type {[string, number][]} */ ([["one address", 1], ["200 addresses", 200]])) {
    test(`from ${name}`, async (context) => {
      const server = await start_server(context, { config });
      const address_of = (/** @type {number} */ number) => `127.0.7.${1 + (number % address_count)}`;
      const inside = new CommandSocket(server.url, { localAddress: address_of(0) });
      context.after(() => inside.cut());
      await until(() => inside.frames.length > 0, { what: "the welcome" });
      await inside.must({ type: "subscribe", channel: "chat" });
      const before_bytes = resident_bytes(server.pid);

      const counts = await flood(server, address_of);
      context.diagnostic(JSON.stringify(counts));
      const { "200": served = 0, "503": refused = 0, reset = 0, closed = 0 } = counts;
      assert.equal(served + refused + reset + closed, connect_count, "nothing but these answers");
      assert.ok(served >= 900 * address_count || served >= 0.99 * connect_count, "each address may come so often");
      if (address_count === 1) assert.ok(refused > 0.5 * connect_count, "and no oftener, and hears why");
      else assert.equal(served, connect_count, "nobody is turned away for what others do");

      await inside.must({ type: "message", channel: "chat", data: "still here" });
      await until(() => inside.messages("chat").length === 1, { what: "what was published" });
      assert.equal((await server.http.get("/healthz")).status, 200, "another address is served");
      await until(async () => (await metric(server.http, "carillon_streams")) <= 2, { what: "all of them to be gone" });
      assert.ok(resident_bytes(server.pid) - before_bytes < growth_bytes, "nothing is kept of them");
    });
  }
});
