// Engine.IO v4 to the letter: what its public test suite asks of a server, and what real servers
// answer to what clients should not do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, open_polling, open_socket, refused_socket, separator } from "../support/engineio_session.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const quick = "[socketio]\nping_interval_ms = 300\nping_timeout_ms = 200\n";
const members = ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"];
const polling = { EIO: "4", transport: "polling" };
const websocket = { EIO: "4", transport: "websocket" };

/** @param {{ status: number, headers: Record<string, any>, json: any }} reply @param {number} code @param {string} message */
function assert_refused(reply, code, message) {
  assert.equal(reply.status, 400);
  assert.equal(reply.headers["content-type"], "application/json");
  assert.deepEqual(reply.json, { code, message });
}

// --- The handshake --------------------------------------------------------------------------------

test("polling opens a session with exactly what clients expect", async (context) => {
  const server = await start_server(context, { config: quick });
  const reply = await ask(server, polling);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers["content-type"], "text/plain; charset=UTF-8");
  assert.equal(reply.headers["cache-control"], "no-store");
  const opening = JSON.parse(reply.text.slice(1));
  assert.deepEqual(Object.keys(opening).sort(), members);
  assert.match(opening.sid, /^[A-Za-z0-9_-]{20,}$/);
  const { sid } = opening;
  assert.deepEqual(opening, {
    sid, upgrades: ["websocket"], pingInterval: 300, pingTimeout: 200, maxPayload: 1_000_000,
  });
});

test("a WebSocket opens a session that has nothing to upgrade to", async (context) => {
  const server = await start_server(context, { config: quick });
  const socket = await open_socket(context, server, websocket);
  const packet = String(await socket.next());
  const opening = JSON.parse(packet.slice(1));
  assert.equal(packet[0], "0");
  assert.deepEqual(Object.keys(opening).sort(), members);
  assert.deepEqual(opening.upgrades, []);
});

test("what is no handshake is refused as real servers do", async (context) => {
  const server = await start_server(context);
  const wrong = /** @type {const} */ ([
    [{ EIO: "4" }, "GET", 0, "Transport unknown"],
    [{ EIO: "4", transport: "abc" }, "GET", 0, "Transport unknown"],
    [{ EIO: "4", transport: "constructor" }, "GET", 0, "Transport unknown"],
    [{ EIO: "4", transport: "webtransport" }, "GET", 0, "Transport unknown"],
    [{ ...polling, sid: "test" }, "GET", 1, "Session ID unknown"],
    [{ ...polling, sid: "A".repeat(27) }, "GET", 1, "Session ID unknown"],
    [{ ...polling, sid: "A".repeat(27) }, "POST", 1, "Session ID unknown"],
    [polling, "POST", 2, "Bad handshake method"],
    [polling, "PUT", 2, "Bad handshake method"],
    [polling, "DELETE", 2, "Bad handshake method"],
    [websocket, "GET", 3, "Bad request"],
    [{ transport: "polling" }, "GET", 5, "Unsupported protocol version"],
    [{ transport: "polling", EIO: "abc" }, "GET", 5, "Unsupported protocol version"],
    [{ transport: "polling", EIO: "3" }, "GET", 5, "Unsupported protocol version"],
  ]);
  for (const [parameters, method, code, message] of wrong) {
    assert_refused(await ask(server, parameters, method), code, message);
  }
});

test("a WebSocket that is no handshake is refused in plain words", async (context) => {
  const server = await start_server(context);
  for (const [parameters, text] of /** @type {const} */ ([
    [{ EIO: "4" }, "Transport unknown"],
    [{ EIO: "4", transport: "abc" }, "Transport unknown"],
    [{ transport: "websocket" }, "Unsupported protocol version"],
    [{ transport: "websocket", EIO: "abc" }, "Unsupported protocol version"],
    [{ ...websocket, sid: "none" }, "Session ID unknown"],
  ])) {
    assert.deepEqual(await refused_socket(server, parameters), { status: 400, text });
  }
});

test("the path may lack the slash at its end, and may be another", async (context) => {
  const server = await start_server(context, { config: '[socketio]\npath = "/live/"\n' });
  const query = new URLSearchParams(polling);
  for (const path of ["/live/", "/live"]) assert.equal((await server.http.get(`${path}?${query}`)).status, 200);
  assert.equal((await ask(server, polling)).status, 404);
});

test("an empty path serves nothing", async (context) => {
  const server = await start_server(context, { config: '[socketio]\npath = ""\n' });
  assert.equal((await ask(server, polling)).status, 404);
});

test("the session's cookie is set where the config names one", async (context) => {
  const server = await start_server(context, { config: '[socketio]\ncookie = "io"\n' });
  const reply = await ask(server, polling);
  const { sid } = JSON.parse(reply.text.slice(1));
  assert.equal(reply.headers["set-cookie"], `io=${sid}; Path=/; HttpOnly; SameSite=Lax`);
  const plain = await start_server(context);
  assert.equal((await ask(plain, polling)).headers["set-cookie"], undefined);
});

test("pages of other origins are let in by the config alone, with their credentials", async (context) => {
  const server = await start_server(context, {
    config: '[access]\nanonymous = ["subscribe"]\norigins = ["https://app.example"]\n',
  });
  const path = `/socket.io/?${new URLSearchParams(polling)}`;
  const listed = await server.http.get(path, { origin: "https://app.example" });
  assert.equal(listed.status, 200);
  assert.equal(listed.headers["access-control-allow-origin"], "https://app.example");
  assert.equal(listed.headers["access-control-allow-credentials"], "true");
  assert.equal((await server.http.get(path, { origin: "https://evil.example" })).status, 403);
  const headers = { origin: "https://app.example", "access-control-request-method": "POST" };
  const preflight = await server.http.request("OPTIONS", path, { headers });
  assert.equal(preflight.status, 204);
  assert.match(String(preflight.headers["access-control-allow-methods"]), /POST/);
  const refused = await server.http.get(`${path}&sid=none`, { origin: "https://app.example" });
  assert.equal(refused.headers["access-control-allow-origin"], "https://app.example");
});

// --- Messages -------------------------------------------------------------------------------------

test("polling carries several packets at a time, both ways", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  await session.connect();
  const payload = ['420["history","a"]', '421["nothing","ü"]', '422["history","b"]'].join(separator);
  const taken = await session.post(payload);
  assert.deepEqual([taken.status, taken.text], [200, "ok"]);
  const answers = [];
  while (answers.length < 3) answers.push(...(await session.poll()).text.split(separator));
  assert.deepEqual(answers.map((answer) => answer.slice(0, 3)).sort(), ["430", "431", "432"]);
});

test("a burst leaves in one answer", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  await session.connect();
  await session.post('420["subscribe","burst"]');
  await session.packet(/^430/);
  const items = Array.from({ length: 100 }, (_, data) => ({ channel: "burst", data }));
  assert.equal((await server.http.post_json("/api/messages", items)).status, 200);
  const packets = (await session.poll()).text.split(separator);
  assert.deepEqual(packets.map((packet) => JSON.parse(packet.slice(2))[1].data), items.map(({ data }) => data));
});

test("polling carries binary messages in base64", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  await session.connect();
  const event = '451-0["publish","bin",{"_placeholder":true,"num":0}]';
  await session.post([event, "bAQIDBA=="].join(separator));
  assert.match(await session.packet(/^430/), /"type":"ok"/);
  const [message] = (await server.http.get("/api/messages?channel=bin")).json;
  assert.deepEqual([message.data, message.encoding], ["AQIDBA==", "base64"]);
});

test("a payload that holds no packet ends the session", async (context) => {
  const server = await start_server(context);
  for (const payload of ["abc", "", "40\x1e", "b=", "9"]) {
    const session = await open_polling(server);
    assert_refused(await session.post(payload), 3, "Bad request");
    assert_refused(await session.poll(), 1, "Session ID unknown");
  }
});

test("a payload of binary type ends the session", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const reply = await session.post(Buffer.from("4a"), { "content-type": "application/octet-stream" });
  assert_refused(reply, 3, "Bad request");
  assert_refused(await session.poll(), 1, "Session ID unknown");
});

test("a second poll ends the session, and the first is told", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const first = session.poll();
  // The two may arrive in either order: whichever is second is refused.
  const replies = await Promise.all([first, session.poll()]);
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 400]);
  assert.equal(replies.find(({ status }) => status === 200)?.text, "1");
  assert_refused(await session.poll(), 1, "Session ID unknown");
});

test("a poll that the client gives up ends the session", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const abort = new AbortController();
  const given_up = session.poll(abort.signal).catch(() => {});
  let looks = 0;
  // The handshake, the poll, and each look.
  const arrived = async () => (await metric(server.http, "carillon_http_requests_total")) - ++looks >= 2;
  await until(arrived, { what: "the poll to arrive" });
  abort.abort();
  await given_up;
  await until(async () => (await session.post("3")).status === 400, { what: "the session to end" });
});

test("a body over maxPayload is answered 413, and the session goes on", async (context) => {
  const server = await start_server(context, { config: "[socketio]\nmax_payload_bytes = 2048\n" });
  const session = await open_polling(server);
  assert.equal(session.opening.maxPayload, 2048);
  assert.equal((await session.post(`4${"x".repeat(2048)}`)).status, 413);
  assert.equal((await session.post("40")).status, 200);
  const socket = await open_socket(context, server, websocket);
  socket.send(`4${"x".repeat(2048)}`);
  assert.equal(await socket.ended(), 1009);
});

test("a WebSocket carries text and binary packets", async (context) => {
  const server = await start_server(context);
  const socket = await open_socket(context, server, websocket);
  await socket.next();
  socket.send("40");
  assert.match(String(await socket.next()), /^40\{"sid":/);
  socket.send('451-0["publish","bin",{"_placeholder":true,"num":0}]');
  socket.send(Buffer.from([1, 2, 3, 4]));
  assert.match(String(await socket.next()), /^430\[\{"type":"ok"/);
});

test("a WebSocket message that is no packet ends the session", async (context) => {
  const server = await start_server(context);
  for (const message of ["abc", "", "7", "2", "2probe"]) {
    const socket = await open_socket(context, server, websocket);
    await socket.next();
    socket.send(message);
    await socket.ended();
  }
});

// --- Heartbeats -----------------------------------------------------------------------------------

test("the server pings over polling", async (context) => {
  const server = await start_server(context, { config: "[socketio]\nping_interval_ms = 300\n" });
  const session = await open_polling(server);
  for (let i = 0; i < 3; ++i) {
    const ping = await session.poll();
    assert.deepEqual([ping.status, ping.text], [200, "2"]);
    assert.equal((await session.post("3")).status, 200);
  }
});

test("the server pings over a WebSocket", async (context) => {
  const server = await start_server(context, { config: "[socketio]\nping_interval_ms = 300\n" });
  const socket = await open_socket(context, server, websocket);
  await socket.next();
  for (let i = 0; i < 3; ++i) {
    assert.equal(await socket.next(), "2");
    socket.send("3");
  }
});

test("who does not answer a ping is given up", async (context) => {
  const server = await start_server(context, { config: quick });
  const session = await open_polling(server);
  const socket = await open_socket(context, server, websocket);
  await socket.ended();
  assert.equal(socket.packets.at(-1), "2");
  await until(async () => (await session.post("40")).status === 400, { what: "the session to end" });
});

// --- The end --------------------------------------------------------------------------------------

test("a close packet ends a session, and its poll", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const [poll, post] = await Promise.all([session.poll(), session.post("1")]);
  assert.equal(post.status, 200);
  // The close may have come first: then the poll is one of a session that is no more.
  if (poll.status === 200) assert.equal(poll.text, "6");
  assert_refused(await session.poll(), 1, "Session ID unknown");
  const socket = await open_socket(context, server, websocket);
  socket.send("1");
  await socket.ended();
});

// --- The upgrade ----------------------------------------------------------------------------------

test("polling is upgraded to a WebSocket", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  await session.connect();
  const poll = session.poll();
  const socket = await session.socket(context);
  socket.send("2probe");
  assert.equal(await socket.next(), "3probe");
  assert.deepEqual([(await poll).status, (await poll).text], [200, "6"]);
  const late = await session.poll();
  assert.deepEqual([late.status, late.text], [200, "6"]);
  await session.post('420["subscribe","up"]');
  socket.send("5");
  assert.match(String(await socket.next()), /^430/);
  socket.send('421["publish","up",1]');
  const packets = [String(await socket.next()), String(await socket.next())].sort();
  assert.match(packets[0], /^42\["message"/);
  assert.match(packets[1], /^431/);
});

test("a session over a WebSocket takes no poll and no other WebSocket", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const socket = await session.socket(context);
  socket.send("2probe");
  assert.equal(await socket.next(), "3probe");
  socket.send("5");
  socket.send("40");
  assert.match(String(await socket.next()), /^40/);
  assert_refused(await session.poll(), 3, "Bad request");
  assert_refused(await session.post("4a"), 3, "Bad request");
  const other = await session.socket(context);
  await other.ended();
  socket.send('421["history","a"]');
  assert.match(String(await socket.next()), /^431/);
});

test("a second probe is closed, and the first goes on", async (context) => {
  const server = await start_server(context);
  const session = await open_polling(server);
  const socket = await session.socket(context);
  const other = await session.socket(context);
  await other.ended();
  socket.send("2probe");
  assert.equal(await socket.next(), "3probe");
});

test("a probe that fails leaves the session as it was", async (context) => {
  const server = await start_server(context, { config: "[socketio]\nupgrade_ms = 300\n" });
  const session = await open_polling(server);
  const wrong = await session.socket(context);
  wrong.send("2");
  await wrong.ended();
  const silent = await session.socket(context);
  await silent.ended();
  const gone = await session.socket(context);
  gone.socket.terminate();
  await session.connect();
});
