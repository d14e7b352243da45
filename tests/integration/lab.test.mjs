// What --lab opens: the octets of a visitor's connections, exactly; delays, a cut and a blocked upgrade.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { read_events } from "../support/event_reader.mjs";
import { open_plain_socket, refused_upgrade } from "../support/plain_socket.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */

/** @param {Server} server @param {string} visitor */
async function tallies(server, visitor) {
  const reply = await server.http.get(`/api/lab/wire?visitor=${visitor}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
}

/** A connection that sends requests as they are, and counts what comes back. @param {import("node:test").TestContext} context @param {Server} server */
function open_connection(context, server) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  context.after(() => socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (piece) => (text += piece));
  return {
    /** Returns how many octets went out and came in. @param {string} path */
    async ask(path) {
      text = "";
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      socket.write(request);
      await until(() => /\r\n\r\n\[.*\]$/s.test(text), { what: "the answer" });
      return { sent: request.length, received: text.length };
    },
  };
}

test("without --lab there is nothing to measure or to disturb with", async (context) => {
  const server = await start_server(context);
  assert.equal((await server.http.get("/api/lab/wire?visitor=v")).status, 404);
  assert.equal((await server.http.request("POST", "/api/lab/cut?lab=v.x")).status, 404);
  assert.equal((await server.http.get("/api/messages?channel=c&lab=v.x&lab_delay_ms=x&lab_block=1")).status, 200);
});

test("octets of requests and answers count for the label of each, to the octet", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  await server.http.publish("c", "x".repeat(500));
  const connection = open_connection(context, server);
  await connection.ask("/api/messages?channel=c");
  const first = await connection.ask("/api/messages?channel=c&lab=v.a");
  const other = await connection.ask("/api/messages?channel=c&lab=v.b");
  const second = await connection.ask("/api/messages?channel=c&lab=v.a");
  await connection.ask("/api/messages?channel=c&lab=w.a");
  assert.deepEqual(await tallies(server, "v"), {
    a: { requests: 2, received_bytes: first.sent + second.sent, sent_bytes: first.received + second.received },
    b: { requests: 1, received_bytes: other.sent, sent_bytes: other.received },
  });
  assert.deepEqual(Object.keys(await tallies(server, "w")), ["a"]);
  assert.deepEqual(await tallies(server, "nobody"), {});
});

test("what stays open is counted while it is, and cut on demand", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const socket = await open_plain_socket(context, `${server.url}/ws?lab=v.ws`);
  const events = read_events(context, `${server.url}/api/events?channel=c&lab=v.sse`);
  await events.up_to("position", 1);
  const before = await tallies(server, "v");
  await server.http.publish("c", "x".repeat(1000));
  await events.up_to("message", 1);
  await until(async () => (await tallies(server, "v")).sse.sent_bytes - before.sse.sent_bytes > 1000, { what: "the message to count" });
  assert.deepEqual((await tallies(server, "v")).ws, before.ws);

  const reply = await server.http.request("POST", "/api/lab/cut?lab=v.ws");
  assert.deepEqual(reply.json, { cut: 1 });
  const { code } = await soon(socket.closed, { what: "the cut" });
  assert.equal(code, 1006);
  assert.deepEqual((await server.http.request("POST", "/api/lab/cut?lab=v.ws")).json, { cut: 0 });
  await server.http.publish("c", "the other goes on");
  await events.up_to("message", 2);
});

test("a request waits as long as its label asks for, and an upgrade is refused", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const begun_ms = performance.now();
  assert.equal((await server.http.get("/api/messages?channel=c&lab=v.a&lab_delay_ms=300")).status, 200);
  assert.ok(performance.now() - begun_ms >= 299, "it came too early");
  const refused = await refused_upgrade(`${server.url}/ws?lab=v.ws&lab_block=websocket`);
  assert.equal(refused.status, 403);
  assert.match(refused.text, /the lab stands in the way/);
});

test("who leaves while it is held back is forgotten", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  const abort = new AbortController();
  const held = server.http.request("GET", "/api/messages?channel=c&lab=v.a&lab_delay_ms=500", { signal: abort.signal });
  await until(async () => (await tallies(server, "v")).a?.requests === 1, { what: "the request" });
  abort.abort();
  await assert.rejects(held);
  assert.equal((await server.http.get("/api/messages?channel=c&lab=v.b&lab_delay_ms=600")).status, 200);
});

test("bad labels and delays are refused", async (context) => {
  const server = await start_server(context, { args: ["--lab"] });
  for (const path of ["/api/lab/wire", "/api/lab/wire?visitor=", `/api/lab/wire?visitor=${"v".repeat(65)}`,
    "/api/lab/wire?visitor=V", "/api/messages?lab=v.a&lab_delay_ms=5001", "/api/messages?lab=v.a&lab_delay_ms=-1"]) {
    assert.equal((await server.http.get(path)).status, 400, path);
  }
});

test("a folder's page is below the folder, under any prefix", async (context) => {
  const server = await start_server(context, { config: '[http]\nbase_path = "/bells"\n' });
  for (const [path, to] of [["/bells/lab", "lab/"], ["/bells/lab?x=1", "lab/?x=1"], ["/bells/demos", "demos/"]]) {
    const reply = await server.http.get(path);
    assert.deepEqual([reply.status, reply.headers.location], [308, to], path);
    assert.equal((await server.http.get(new URL(to, server.url + path).pathname)).status, 200);
  }
  assert.equal((await server.http.get("/bells/nothing")).status, 404);
});
