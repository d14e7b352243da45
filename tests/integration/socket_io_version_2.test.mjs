// Clients of version 2 (Engine.IO 3), unmodified: with an application over Carillon as with one over
// the npm package, and on the channels of the stand-alone server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { io } from "socket.io-client";
import { start_reference } from "../support/socket_io_reference.mjs";
import { ask, connect, dial, next } from "../support/socket_io_version_2.mjs";
import { Server, socket_io_probe, start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

const ways = [["polling"], ["websocket"], ["polling", "websocket"]];
const text = "Grüße, 世界 🎉\u2028";

async function start_carillon() {
  const server = new Server({ program: socket_io_probe(), environment: { PROBE_KIND: "old" } });
  await server.listening();
  return { url: server.url, stop: () => server.stop() };
}

/** @param {import("../support/socket_io_version_2.mjs").OldSocket} socket */
const upgraded = (socket) => until(() => socket.io.engine.transport.name === "websocket", { what: "the upgrade" });

for (const [name, start] of Object.entries({ carillon: start_carillon, reference: () => start_reference("old") })) {
  describe(`version 2 over ${name}`, () => {
    /** @type {{ url: string, stop: () => unknown }} */
    let server;
    before(async () => void (server = await start()));
    after(() => server.stop());

    for (const transports of [...ways, ["polling", { forceBase64: true }], ["websocket", { forceBase64: true }]]) {
      const names = transports.filter((each) => typeof each === "string");
      const options = { transports: names, ...transports.find((each) => typeof each === "object") };
      test(`events, answers and octets, over ${transports.map((each) => JSON.stringify(each)).join(" and ")}`, async (context) => {
        const socket = await connect(context, server.url, options);
        if (names.length > 1) await upgraded(socket);
        const octets = Buffer.from([0, 4, 127, 128, 255]);
        const values = [text, 1.5, null, { a: [true, octets] }, octets];
        const echo = next(socket, "echo");
        socket.emit("echo", ...values);
        assert.deepEqual(await echo, values);
        assert.deepEqual(await ask(socket, "ask", ...values), values);
        const large = Buffer.alloc(3_000_000, 7);
        assert.deepEqual(await ask(socket, "ask", large, text.repeat(100_000)), [large, text.repeat(100_000)]);
        socket.once("question", (/** @type {any[]} */ ...asked) => asked.at(-1)(...asked.slice(0, -1), text));
        const answered = await ask(socket, "ask me", octets, 5);
        assert.deepEqual(answered, ["answered", octets, 5, text]);
      });
    }

    test("every packet arrives once and in order while it upgrades", async (context) => {
      const socket = await connect(context, server.url);
      /** @type {number[]} */
      const heard = [];
      socket.on("one", (/** @type {number} */ each) => void heard.push(each));
      socket.emit("many", 500);
      await upgraded(socket);
      socket.emit("many", 500);
      await until(() => heard.length >= 1000, { what: "everything" });
      const all = Array.from({ length: 500 }, (_, index) => index);
      assert.deepEqual(heard, [...all, ...all]);
    });

    test("the server knows a socket by the id that the client makes up", async (context) => {
      const socket = await connect(context, server.url);
      assert.equal(socket.id, socket.io.engine.id);
      const [rooms] = await ask(socket, "join", "here");
      assert.deepEqual([...rooms].sort(), ["here", socket.id].sort());
      const [ids] = await ask(socket, "fetch", "here");
      assert.deepEqual(ids, [socket.id]);
    });

    test("the query of a Socket.IO namespace is its auth", async (context) => {
      const admin = dial(context, `${server.url}/admin`, { query: { token: "secret" } });
      assert.deepEqual(await next(admin, "data"), ["seen", "/admin"]);
      assert.equal(admin.id, `/admin#${admin.io.engine.id}`);
      const wrong = dial(context, `${server.url}/admin`, { query: { token: "wrong" } });
      assert.deepEqual(await next(wrong, "error"), [{ code: "E7" }]);
      const unknown = dial(context, `${server.url}/unknown`);
      assert.deepEqual(await next(unknown, "error"), [{ message: "Invalid namespace" }]);
      const dynamic = dial(context, `${server.url}/dynamic-1`);
      assert.deepEqual(await next(dynamic, "name"), ["/dynamic-1"]);
    });

    test("clients of both versions share a room", async (context) => {
      const old = await connect(context, server.url);
      const recent = io(server.url, { forceNew: true });
      context.after(() => void recent.disconnect());
      await ask(old, "join", "both");
      await recent.emitWithAck("join", "both");
      const said = next(old, "said");
      recent.emit("to", "both", text);
      assert.deepEqual(await said, [text]);
      const back = new Promise((resolve) => void recent.once("said", resolve));
      old.emit("to", "both", "back");
      assert.equal(await back, "back");
    });

    test("each side may disconnect the other", async (context) => {
      const socket = await connect(context, server.url, { transports: ["polling"] });
      const watcher = await connect(context, server.url);
      await ask(watcher, "join", "watchers");
      const { id } = socket;
      // Clients of the tests before may be going still.
      const gone = new Promise((resolve) => watcher.on("gone", (/** @type {string} */ each) => each === id && resolve(each)));
      socket.disconnect();
      await soon(gone, { what: "the end to be told" });
      const left = await connect(context, server.url);
      const told = next(left, "disconnect");
      left.emit("leave me", false);
      assert.deepEqual(await told, ["io server disconnect"]);
    });
  });
}

for (const transports of ways) {
  test(`the commands of channels, over ${transports.join(" and ")}`, async (context) => {
    const server = await start_server(context, { config: "[socketio]\nallow_eio3 = true\n" });
    const socket = await connect(context, server.url, { transports });
    /** @type {any[]} */
    const heard = [];
    socket.on("message", (/** @type {any} */ message) => void heard.push(message));
    const [subscribed] = await ask(socket, "subscribe", "chat");
    assert.deepEqual([subscribed.type, subscribed.recovered], ["ok", true]);
    const [receipt] = await ask(socket, "publish", "chat", { text });
    await ask(socket, "publish", "chat", Buffer.from([0, 255]));
    await until(() => heard.length === 2, { what: "both messages" });
    assert.deepEqual([heard[0].data, heard[0].offset], [{ text }, receipt.offset]);
    assert.deepEqual([heard[1].data, heard[1].encoding], ["AP8=", "base64"]);
    assert.equal((await ask(socket, "subscribe", "no channel"))[0].code, "bad_request");
    const other = dial(context, `${server.url}/admin`);
    assert.deepEqual(await next(other, "error"), [{ message: "Invalid namespace" }]);
  });
}

test("they are refused where nobody has let them in", async (context) => {
  const server = await start_server(context);
  for (const transports of [["polling"], ["websocket"]]) {
    await next(dial(context, server.url, { transports }), "connect_error");
  }
});
