// Engine.IO v3 to the letter: what its public test suite asks of a server, and what it does not serve.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, open_socket, refused_socket } from "../support/engineio_session.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

const config = "[socketio]\nallow_eio3 = true\nping_interval_ms = 1000\nping_timeout_ms = 500\n";
const patient = "[socketio]\nallow_eio3 = true\n";
const polling = { EIO: "3", transport: "polling" };
const websocket = { EIO: "3", transport: "websocket" };

/** @typedef {import("../support/server.mjs").Server} Server */

/** @param {Server} server @param {string} sid @param {string | Buffer} body @param {string} [type] */
function post(server, sid, body, type = "text/plain;charset=UTF-8") {
  const path = `/socket.io/?${new URLSearchParams({ ...polling, sid })}`;
  return server.http.request("POST", path, { body, headers: { "content-type": type } });
}

/** @param {Server} server @param {string} sid */
const poll = (server, sid) => ask(server, { ...polling, sid });

/** A session over polling, connected to the main namespace. @param {Server} server @param {object} [parameters] */
async function open(server, parameters = {}) {
  const reply = await ask(server, { ...polling, ...parameters });
  const [, length, text] = /** @type {RegExpMatchArray} */ (reply.text.match(/^(\d+):(.*)$/));
  assert.equal(Number(length), text.length);
  const opening = JSON.parse(text.slice(1));
  const first = await poll(server, opening.sid);
  assert.equal(first.text, "2:40", "the server connects the main namespace unasked");
  return { opening, sid: opening.sid };
}

test("the handshake is counted, and says what that of version 4 says", async (context) => {
  const server = await start_server(context, { config });
  const { opening, sid } = await open(server);
  assert.deepEqual(opening, {
    sid, upgrades: ["websocket"], pingInterval: 1000, pingTimeout: 500, maxPayload: 1_000_000,
  });
  const socket = await open_socket(context, server, websocket);
  assert.deepEqual(JSON.parse(String(await socket.next()).slice(1)).upgrades, []);
  assert.equal(await socket.next(), "40");
});

test("clients ping, and are answered", async (context) => {
  const server = await start_server(context, { config });
  const { sid } = await open(server);
  for (let i = 0; i < 3; ++i) {
    assert.equal((await post(server, sid, "1:2")).text, "ok");
    assert.equal((await poll(server, sid)).text, "1:3");
  }
  const socket = await open_socket(context, server, websocket);
  await socket.next();
  await socket.next();
  for (const packet of ["2", "2", "2probe"]) {
    socket.send(packet);
    assert.equal(await socket.next(), packet.replace("2", "3"));
  }
  await socket.ended();
  await until(async () => (await poll(server, sid)).status === 400, { what: "that the silent session is over" });
});

test("packets of a payload are counted in UTF-16 units, both ways", async (context) => {
  const server = await start_server(context, { config: patient });
  const { sid } = await open(server);
  const first = `42["publish","chat","🔔é"]`;
  const second = `420["subscribe","chat",{"history":1}]`;
  assert.equal((await post(server, sid, `${first.length}:${first}${second.length}:${second}`)).text, "ok");
  const { text } = await poll(server, sid);
  /** @type {string[]} */
  const packets = [];
  for (let rest = text; rest !== ""; ) {
    const colon = rest.indexOf(":");
    const packet = rest.slice(colon + 1, colon + 1 + Number(rest.slice(0, colon)));
    packets.push(packet);
    rest = rest.slice(colon + 1 + packet.length);
  }
  assert.equal(packets.length, 2);
  assert.match(packets[0], /^42\["message",.*"data":"🔔é"/);
  assert.match(packets[1], /^430\[/);
});

test("octets come in either form", async (context) => {
  const server = await start_server(context, { config: patient });
  const { sid } = await open(server);
  const head = Buffer.from(`451-0["publish","chat",{"_placeholder":true,"num":0}]`);
  const digits = Buffer.from([...String(head.length)].map(Number));
  const octets = Buffer.concat([
    Buffer.from([0]), digits, Buffer.from([255]), head, Buffer.from([1, 3, 255, 4, 0, 255]),
  ]);
  assert.equal((await post(server, sid, octets, "application/octet-stream")).text, "ok");
  assert.match((await poll(server, sid)).text, /^\d+:430\[\{"type":"ok"/);
  assert.equal((await post(server, sid, `${head.length}:${head}6:b4AP8=`)).text, "ok");
  assert.match((await poll(server, sid)).text, /^\d+:430\[\{"type":"ok"/);
  const socket = await open_socket(context, server, websocket);
  await socket.next();
  await socket.next();
  socket.send(String(head));
  socket.send(Buffer.from([4, 0, 255]));
  assert.match(String(await socket.next()), /^430\[\{"type":"ok"/);
  const page = await server.http.get("/api/messages?channel=chat&limit=3");
  assert.deepEqual(page.json.map((/** @type {any} */ each) => each.data), ["AP8=", "AP8=", "AP8="]);
});

test("what makes no packet ends the session", async (context) => {
  const server = await start_server(context, { config: patient });
  for (const body of ["abc", "", "4", "3:4a", "2:9a", "5:bAAA="]) {
    const { sid } = await open(server);
    assert.equal((await post(server, sid, body)).status, 400, body);
    assert.equal((await poll(server, sid)).status, 400, body);
  }
  const { sid } = await open(server);
  assert.equal((await post(server, sid, "1:3")).status, 400, "servers of version 3 do not ask");
  for (const packet of ["abc", Buffer.from([2, 1]), Buffer.alloc(0)]) {
    const socket = await open_socket(context, server, websocket);
    socket.send(packet);
    await socket.ended();
  }
});

test("a session closes, and upgrades, as that of version 4", async (context) => {
  const server = await start_server(context, { config: patient });
  const left = await open(server);
  const [waiting] = await Promise.all([poll(server, left.sid), post(server, left.sid, "1:1")]);
  assert.equal(waiting.text, "1:6");
  assert.equal((await poll(server, left.sid)).status, 400);

  const { sid } = await open(server);
  const socket = await open_socket(context, server, { ...websocket, sid });
  socket.send("2probe");
  assert.equal(await socket.next(), "3probe");
  assert.equal((await poll(server, sid)).text, "1:6");
  socket.send("5");
  socket.send('420["subscribe","chat"]');
  assert.match(String(await socket.next()), /^430\[/);
  assert.equal((await poll(server, sid)).status, 400);
});

test("two polls at once end the session", async (context) => {
  const server = await start_server(context, { config: patient });
  const { sid } = await open(server);
  const both = await Promise.all([poll(server, sid), poll(server, sid)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400]);
  assert.equal(both.find(({ status }) => status === 200)?.text, "1:1");
});

test("JSONP, other versions, and version 3 unless it is let in, are refused", async (context) => {
  const server = await start_server(context, { config: patient });
  const message = "Unsupported protocol version";
  assert.deepEqual((await ask(server, { ...polling, j: "0" })).json, { code: 3, message: "Bad request" });
  for (const EIO of ["2", "5", "33", ""]) {
    assert.deepEqual((await ask(server, { ...polling, EIO })).json, { code: 5, message }, EIO);
  }
  const closed = await start_server(context);
  assert.deepEqual((await ask(closed, polling)).json, { code: 5, message });
  assert.equal((await refused_socket(closed, websocket)).text, message);
});
