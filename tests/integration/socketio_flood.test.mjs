// 5,000 Engine.IO clients open a session by polling, change to a WebSocket, subscribe and leave, each in
// one of several ways: nothing of them stays. (Under AddressSanitizer a leak fails the server's end.)
// Only with --all.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import WebSocket from "ws";
import { open_polling } from "../support/engineio_session.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

const client_count = 5000;
/** At a time. */
const lane_count = 50;
/** Octets that a server may take for good while they come and go. */
const growth_bytes = 32 * 1024 * 1024;
const config = '[limits]\nexempt = ["127.0.0.1"]\n';

/** @param {WebSocket} socket @param {RegExp} pattern */
function packet(socket, pattern) {
  return new Promise((resolve, reject) => {
    socket.on("message", (data) => pattern.test(String(data)) && resolve(String(data)));
    socket.once("close", () => reject(new Error(`closed before ${pattern}`)));
  });
}

/** How a client may go. @type {((socket: WebSocket) => void)[]} */
const goodbyes = [
  (socket) => socket.close(),
  (socket) => socket.terminate(),
  (socket) => socket.send("1"),
  (socket) => socket.send("41", () => socket.close()),
  (socket) => socket.send("no packet"),
];

/** @param {Server} server @param {number} number */
async function visit(server, number) {
  const session = await open_polling(server);
  if (number % 20 === 0) return session.post("1"); // some never upgrade
  const url = `${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket&sid=${session.sid}`;
  const socket = new WebSocket(url);
  await once(socket, "open");
  const probed = packet(socket, /^3probe$/);
  socket.send("2probe");
  await probed;
  const connected = packet(socket, /^40/);
  socket.send("5");
  socket.send("40");
  await connected;
  const subscribed = packet(socket, /^430/);
  socket.send(`420["subscribe","call:${number % 100}"]`);
  await subscribed;
  const closed = once(socket, "close");
  goodbyes[number % goodbyes.length](socket);
  await closed;
}

/** @param {Server} server @param {number} count */
async function visits(server, count) {
  let number = 0;
  const lane = async () => {
    while (number < count) await visit(server, number++);
  };
  await Promise.all(Array.from({ length: lane_count }, lane));
}

/** What a process holds in memory. @param {number} pid */
function resident_bytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

test("5,000 clients come, upgrade and go, and leave nothing behind", async (context) => {
  // A sanitizer keeps what is freed for a while: that must not look like memory that grows.
  const prompt = `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=1:thread_local_quarantine_size_kb=16`;
  const server = await start_server(context, { config, environment: { ASAN_OPTIONS: prompt } });
  await visits(server, client_count / 10);
  const before = resident_bytes(server.pid);
  await visits(server, client_count);
  await until(async () => (await metric(server.http, "carillon_endpoints", { transport: "socketio" })) === 0, {
    what: "that nobody is left",
  });
  assert.equal(await metric(server.http, "carillon_subscriptions"), 0);
  const grown = resident_bytes(server.pid) - before;
  assert.ok(grown <= growth_bytes, `the server has grown by ${grown} octets`);
});
