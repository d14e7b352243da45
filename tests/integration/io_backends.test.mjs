// How sockets are read and written: what is chosen, how that shows, and that nothing depends on it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open_socket } from "../support/command_socket.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

/** A program that runs another one where io_uring is forbidden. */
function refuse_io_uring() {
  const path = process.env.CARILLON_REFUSE_IO_URING;
  assert.ok(path, "set CARILLON_REFUSE_IO_URING, e.g. to build/dev/refuse_io_uring");
  return path;
}

/** The backend of all reactors, by the metrics. @param {Server} server */
async function backend_of(server) {
  const reply = await server.http.get("/metrics");
  const found = [...reply.text.matchAll(/^carillon_io_backend\{.*backend="(\w+)"\} 1$/gm)].map(([, name]) => name);
  assert.ok(found.length > 0, reply.text);
  assert.equal(new Set(found).size, 1, "all reactors have the same");
  return found[0];
}

/** Publishes to many readers and insists that all hear it. @param {import("node:test").TestContext} context @param {Server} server */
async function serve_a_crowd(context, server) {
  const sockets = await Promise.all(Array.from({ length: 12 }, () => open_socket(context, server.url)));
  await Promise.all(sockets.map((socket) => socket.must({ type: "subscribe", channel: "crowd" })));
  for (const data of ["one", "two"]) await server.http.publish("crowd", data);
  for (const socket of sockets) {
    const messages = await socket.messages_up_to(2);
    assert.deepEqual(messages.map((message) => message.data), ["one", "two"]);
  }
}

test("`--io epoll` is taken at its word", async (context) => {
  const server = await start_server(context, { args: ["--io", "epoll"] });
  await server.logged(/I\/O backend: epoll, as configured/);
  await serve_a_crowd(context, server);
  assert.equal(await backend_of(server), "epoll");
});

for (const io of ["uring", "auto"]) {
  test(`\`--io ${io}\` takes io_uring, or says why not`, async (context) => {
    const server = await start_server(context, { args: ["--io", io] });
    const [, name, reason] = await server.logged(/I\/O backend: (uring|epoll, as io_uring cannot be used: (.+))/);
    await serve_a_crowd(context, server);
    assert.equal(await backend_of(server), reason === undefined ? name : "epoll");
    if (reason === undefined) return;
    const warning = `io_uring cannot be used here: ${reason}. ALL TESTS NAMED uring RAN OVER epoll.`;
    context.diagnostic(`**** ${warning} ****`);
    console.error(`****\n**** ${warning}\n****`);
  });
}

for (const [io, level] of [["auto", "info"], ["uring", "warn"]]) {
  test(`where a container forbids io_uring, \`${io}\` serves by epoll`, async (context) => {
    const server = await start_server(context, { args: ["--io", io], under: [refuse_io_uring()] });
    await server.logged(new RegExp(`${level}\\w* I/O backend: epoll, as io_uring cannot be used: .*not permitted`));
    await serve_a_crowd(context, server);
    assert.equal(await backend_of(server), "epoll");
  });
}

test("a busy channel's publications share flushes, and all arrive in order", async (context) => {
  const server = await start_server(context, { config: "[namespace.busy]\nflush_interval_ms = 10\n" });
  const channel = "busy:one";
  const readers = await Promise.all(Array.from({ length: 20 }, () => open_socket(context, server.url)));
  await Promise.all(readers.map((reader) => reader.must({ type: "subscribe", channel })));
  let count = 0;
  let held = 0;
  // Several at a time, so that publications come in many ticks, and fast enough on a slow machine.
  const publishers = Array.from({ length: 4 }, async () => {
    while (held === 0) {
      await server.http.publish(channel, "busy");
      count++;
    }
  });
  const watcher = until(async () => (held = await metric(server.http, "carillon_flushes_held_total")) > 0, {
    what: "a flush to be held",
  });
  await watcher.finally(() => (held ||= -1));
  await Promise.all(publishers);
  const expected = Array.from({ length: count }, (_, index) => index + 1);
  for (const reader of readers) {
    const messages = await reader.messages_up_to(count, channel);
    assert.deepEqual(messages.map((message) => message.offset), expected);
  }
});
