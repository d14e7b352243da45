// Socket.IO's own client, unmodified, does the same with an application over Carillon as with one
// over the npm package: every test runs against both.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { io } from "socket.io-client";
import { FaultProxy } from "../support/fault_proxy.mjs";
import { start_reference } from "../support/socket_io_reference.mjs";
import { Server, socket_io_probe } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("socket.io-client").Socket} Socket */
/** @typedef {Partial<import("socket.io-client").ManagerOptions & import("socket.io-client").SocketOptions>} Options */

/** @param {"plain" | "recovering" | "impatient"} kind @returns {Promise<{ url: string, stop: () => unknown }>} */
async function start_carillon(kind) {
  const server = new Server({ program: socket_io_probe(), environment: { PROBE_KIND: kind } });
  await server.listening();
  return { url: server.url, stop: () => server.stop() };
}

/** @param {Socket} socket @param {string} event @returns {Promise<any[]>} */
const next = (socket, event) =>
  soon(new Promise((resolve) => void socket.once(event, (...values) => resolve(values))), { what: `the event ${event}` });

/** The first values of everything said to a socket so far. @param {Socket} socket */
function listen(socket, event = "said") {
  /** @type {any[]} */
  const heard = [];
  socket.on(event, (value) => void heard.push(value));
  return heard;
}

for (const [name, start] of Object.entries({ carillon: start_carillon, reference: start_reference })) {
  describe(`Socket.IO over ${name}`, () => {
    /** @type {{ url: string, stop: () => unknown }} */
    let server;
    before(async () => void (server = await start("plain")));
    after(() => server.stop());

    /** @param {import("node:test").TestContext} context @param {Options} options */
    const dial = (context, options = {}, path = "/", url = server.url) => {
      const socket = io(url + path, { forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 50, ...options });
      context.after(() => void socket.disconnect());
      return socket;
    };
    /** @param {import("node:test").TestContext} context @param {Options} options */
    const connect = async (context, options = {}, path = "/", url = server.url) => {
      const socket = dial(context, options, path, url);
      await next(socket, "connect");
      return socket;
    };
    /** Two in a room, and one outside. @param {import("node:test").TestContext} context @param {string} room */
    const company = async (context, room) => {
      const [first, second, outside] = await Promise.all([connect(context), connect(context), connect(context)]);
      for (const socket of [first, second]) await socket.emitWithAck("join", room);
      return { first, second, outside, heard: [first, second, outside].map((socket) => listen(socket)) };
    };

    for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
      test(`events come back as they went, over ${transports.join(" and ")}`, async (context) => {
        const socket = await connect(context, { transports });
        const text = "Grüße, 世界, \u{1F514}, \u2028, \0, \"quoted\\\"";
        const values = [1, text, { b: [true, null, 0.5], a: {} }, [], -1e21, "", null];
        socket.emit("echo", ...values);
        assert.deepEqual(await next(socket, "echo"), values);
        const octets = Buffer.from([0, 1, 2, 255]);
        socket.emit("echo", "head", { deep: [octets, { more: Buffer.alloc(0) }] }, Buffer.from("tail"));
        const [head, { deep }, tail] = await next(socket, "echo");
        assert.deepEqual([head, Buffer.from(deep[0]), Buffer.from(deep[1].more).length, String(tail)], ["head", octets, 0, "tail"]);
      });
    }

    test("acknowledgements go both ways, once, and in time", async (context) => {
      const socket = await connect(context);
      assert.deepEqual(await new Promise((done) => void socket.emit("ask", 1, "b", (/** @type {any[]} */ ...all) => done(all))), [1, "b"]);
      assert.equal(String(await socket.emitWithAck("ask", Buffer.from("bin"))), "bin");
      socket.once("question", (number, ack) => ack(number + 1, Buffer.from("x")));
      const answered = await new Promise((done) => void socket.emit("ask me", 41, (/** @type {any[]} */ ...all) => done(all)));
      assert.deepEqual([answered[0], answered[1], String(answered[2])], ["answered", 42, "x"]);
      assert.equal(await socket.emitWithAck("ask me", "nobody answers"), "failed");
      await assert.rejects(socket.timeout(100).emitWithAck("nothing there"), /timed out/);
    });

    test("ten megabytes come back", async (context) => {
      for (const transports of [["polling"], ["websocket"]]) {
        const socket = await connect(context, { transports });
        const octets = Buffer.alloc(transports[0] === "polling" ? 5_000_000 : 10_000_000, "0123456789");
        socket.emit("echo", octets);
        assert.ok(octets.equals((await next(socket, "echo"))[0]));
      }
    });

    test("nothing is lost or doubled while the transport is upgraded", async (context) => {
      const socket = dial(context);
      const [up, down] = [listen(socket, "echo"), listen(socket, "one")];
      const upgraded = new Promise((resolve) => void socket.io.engine?.once("upgrade", resolve));
      socket.emit("many", 200);
      let sent = 0;
      await until(() => {
        for (let i = 0; i < 20; ++i) socket.emit("echo", sent++);
        return socket.io.engine?.transport.name === "websocket" && sent > 200;
      }, { what: "the upgrade" });
      await upgraded;
      socket.emit("many", 3);
      await until(() => up.length >= sent && down.length >= 203, { what: "everything" });
      assert.deepEqual(up, Array.from({ length: sent }, (_, i) => i));
      assert.deepEqual(down, [...Array(200).keys(), 0, 1, 2]);
    });

    test("the handshake tells what the client has said", async (context) => {
      const socket = dial(context, { auth: { token: "t", n: [1] }, query: { taste: "süß" }, extraHeaders: { "X-Test": "yes" } });
      const told = await new Promise((done) => void socket.emit("handshake", (/** @type {any[]} */ ...all) => done(all)));
      assert.deepEqual(told, [{ token: "t", n: [1] }, "süß", "yes"]);
      assert.match(String(socket.id), /^[\w-]{20}$/);
    });

    test("handshakes are refused, and answers have the application's fields", async () => {
      const asked = `${server.url}/socket.io/?EIO=4&transport=polling`;
      const refused = await fetch(`${asked}&refuse=1`);
      assert.deepEqual([refused.status, await refused.json()], [403, { code: 4, message: "no, thanks" }]);
      const opened = await fetch(asked);
      const { sid, pingInterval, pingTimeout, maxPayload, upgrades } = JSON.parse((await opened.text()).slice(1));
      assert.deepEqual([pingInterval, pingTimeout, maxPayload, upgrades], [25_000, 20_000, 12_000_000, ["websocket"]]);
      assert.equal(opened.headers.get("x-initial"), "1");
      assert.equal(opened.headers.get("x-all"), "2");
      assert.equal(opened.headers.get("set-cookie"), `io=${sid}; Path=/; HttpOnly; SameSite=Lax`);
      const posted = await fetch(`${asked}&sid=${sid}`, { method: "POST", body: "40" });
      assert.deepEqual([posted.status, posted.headers.get("x-initial"), posted.headers.get("x-all")], [200, null, "2"]);
    });

    test("who joins no Socket.IO namespace in time is sent away", async () => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
      socket.addEventListener("message", ({ data }) => data === "2" && socket.send("3"));
      await soon(new Promise((resolve) => socket.addEventListener("close", resolve)), { what: "the end" });
    });

    for (const packet of ["4abc", "42{}", '42abc["x"]', '42["connect"]', "451-x", '451-["x",{"_placeholder":true,"num":3}]', "44{}", "42/none,[\"x\"]"]) {
      test(`the packet ${packet} ends the connection`, async () => {
        const socket = new WebSocket(`${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
        const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
        socket.addEventListener("message", ({ data }) => {
          if (data === "2") socket.send("3");
          if (data.startsWith("0")) socket.send("40");
          if (!data.startsWith("40")) return;
          socket.send(packet);
          if (packet.startsWith("451-[")) socket.send(new Uint8Array(1));
        });
        await soon(closed, { what: "the end" });
      });
    }

    test("middleware lets in, or refuses with data", async (context) => {
      const socket = dial(context, { auth: { token: "secret" } }, "/admin");
      assert.deepEqual(await next(socket, "data"), ["seen", "/admin"]);
      const [error] = await next(dial(context, { auth: { token: "guessed" } }, "/admin"), "connect_error");
      assert.deepEqual([error.message, error.data], ["not allowed", { code: "E7" }]);
    });

    test("Socket.IO namespaces are known, match, or are invalid", async (context) => {
      assert.equal((await next(dial(context, {}, "/nobody"), "connect_error"))[0].message, "Invalid namespace");
      const [one, other] = ["/dynamic-1", "/dynamic-2"].map((path) => dial(context, {}, path));
      assert.deepEqual(await Promise.all([next(one, "name"), next(other, "name")]), [["/dynamic-1"], ["/dynamic-2"]]);
      const heard = listen(other);
      one.emit("everybody", "here");
      assert.equal((await next(one, "said"))[0], "here");
      other.emit("everybody", "there");
      assert.equal((await next(other, "said"))[0], "there");
      assert.deepEqual(heard, ["there"]);
    });

    test("one connection carries several Socket.IO namespaces", async (context) => {
      const main = await connect(context);
      const dynamic = main.io.socket("/dynamic-3");
      await next(dynamic, "name");
      assert.notEqual(main.id, dynamic.id);
      dynamic.disconnect();
      assert.equal(await main.emitWithAck("ask", "still here"), "still here");
    });

    test("rooms are joined and left", async (context) => {
      const socket = await connect(context);
      assert.deepEqual((await socket.emitWithAck("join", "a room")).sort(), [socket.id, "a room"].sort());
      assert.deepEqual(await socket.emitWithAck("leave", "a room"), [socket.id]);
    });

    test("to, in, except, broadcast and local reach whom they name", async (context) => {
      const { first, outside, heard } = await company(context, "company");
      first.emit("to", "company", 1);
      outside.emit("in", "company", 2);
      await until(() => heard[0].length === 1 && heard[1].length === 2, { what: "the room" });
      first.emit("except", "company", 3);
      await until(() => heard[2].length === 1, { what: "who is outside" });
      first.emit("in", outside.id, 4);
      first.emit("broadcast", 5);
      outside.emit("everybody", 6);
      await until(() => heard[2].includes(5) && heard.every((each) => each.includes(6)), { what: "everybody" });
      assert.deepEqual(heard.map((each) => [...each].sort()), [[2, 6], [1, 2, 5, 6], [3, 4, 5, 6]]);
    });

    test("a room is asked, and all its answers are told", async (context) => {
      const { first, second, outside } = await company(context, "asked");
      first.on("question", (ack) => ack("one"));
      second.on("question", (ack) => ack("two"));
      const ask = (/** @type {string} */ room) => new Promise((done) => void outside.emit("ask room", room, (/** @type {any[]} */ ...all) => done(all)));
      assert.deepEqual(await ask("asked"), [2, true]);
      assert.deepEqual(await ask("empty"), [0, true]);
    });

    test("sockets are fetched, and moved from outside", async (context) => {
      const { first, second, outside, heard } = await company(context, "fetch");
      const fetched = Promise.all([next(first, "fetched"), next(second, "fetched")]);
      assert.deepEqual(await outside.emitWithAck("fetch", "fetch"), [first.id, second.id].sort());
      assert.deepEqual(await fetched, [[true], [true]]);
      outside.emit("sockets join", "fetch", "moved");
      await until(() => heard[0].length === 1 && heard[1].length === 1, { what: "a welcome" });
      outside.emit("sockets leave", "fetch", "moved");
      await until(() => heard[0].includes("done") && heard[1].includes("done"), { what: "that is done" });
      assert.deepEqual(heard.slice(0, 2), [["welcome", "done"], ["welcome", "done"]]);
      const gone = Promise.all([next(first, "disconnect"), next(second, "disconnect")]);
      outside.emit("disconnect sockets", "fetch");
      assert.deepEqual((await gone).map(([reason]) => reason), ["io server disconnect", "io server disconnect"]);
    });

    test("answers and the end come behind what was emitted before them", async (context) => {
      for (let i = 0; i < 10; ++i) {
        const socket = await connect(context);
        let told = 0;
        let farewells = 0;
        socket.on("told", () => ++told);
        socket.on("farewell", () => ++farewells);
        await socket.emitWithAck("tell and answer");
        assert.equal(told, 1);
        const gone = next(socket, "disconnect");
        socket.emit("part");
        assert.equal((await gone)[0], "io server disconnect");
        assert.equal(farewells, 1);
      }
    });

    test("catch-all listeners hear every event, and once means once", async (context) => {
      const socket = await connect(context);
      socket.emit("caught", 1, 2);
      assert.deepEqual(await next(socket, "caught"), ["caught", 2]);
      let heard = 0;
      socket.on("once heard", () => ++heard);
      for (let i = 0; i < 3; ++i) socket.emit("once", i);
      socket.emit("caught", 3, 4);
      await next(socket, "caught"); // what was sent before it has come
      assert.equal(heard, 1);
    });

    test("middleware of a socket changes events, and refuses them", async (context) => {
      const socket = await connect(context);
      const wrongly = listen(socket, "forbidden was heard");
      const refused = next(socket, "refused");
      socket.emit("forbidden", 1);
      assert.deepEqual(await refused, ["not for you"]);
      assert.equal(await socket.emitWithAck("changed", "a text"), "a text, changed");
      assert.deepEqual(wrongly, []);
    });

    test("who watches what goes to a client sees it, whoever has sent it", async (context) => {
      const { first, second } = await company(context, "watched from inside");
      /** @type {any[]} */
      const seen = [];
      first.on("seen", (...values) => void seen.push(values));
      first.emit("watch outgoing");
      first.emit("echo", 1, { a: ["b"] });
      await until(() => seen.length >= 2, { what: "what goes out" });
      second.emit("to", "watched from inside", "hello");
      await until(() => seen.length >= 4, { what: "what another sends" });
      assert.deepEqual(seen, [["first echo", []], ["echo", [1, { a: ["b"] }]], ["first said", []], ["said", ["hello"]]]);
      await first.emitWithAck("stop watching");
      first.emit("echo", 2);
      await next(first, "echo");
      await first.emitWithAck("ask", "an answer is no event");
      assert.equal(seen.length, 4);
    });

    test("listeners come and go", async (context) => {
      const socket = await connect(context);
      const heard = listen(socket, "message");
      assert.equal(await socket.emitWithAck("listen to", "later"), true);
      socket.emit("later");
      assert.deepEqual(await next(socket, "message"), ["heard", "later"]);
      assert.equal(await socket.emitWithAck("forget", "later"), false);
      socket.emit("later");
      await socket.emitWithAck("ask", "everything before");
      assert.equal(heard.length, 1);
    });

    test("a socket tells its transport, and need not compress", async (context) => {
      for (const transports of [["polling"], ["websocket"]]) {
        const socket = await connect(context, { transports });
        assert.equal(await socket.emitWithAck("transport"), transports[0]);
        socket.emit("uncompressed", "x".repeat(5000));
        assert.equal((await next(socket, "uncompressed"))[0].length, 5000);
      }
    });

    test("a volatile event reaches who is there", async (context) => {
      const socket = await connect(context, { transports: ["websocket"] });
      socket.emit("volatile", 7);
      assert.deepEqual(await next(socket, "volatile"), [7]);
    });

    test("both sides are told why a socket goes", async (context) => {
      const watcher = await connect(context);
      await watcher.emitWithAck("join", "watchers");
      /** @type {[string, string, (socket: Socket) => unknown][]} */
      const ways = [
        ["client namespace disconnect", "io client disconnect", (socket) => socket.disconnect()],
        ["server namespace disconnect", "io server disconnect", (socket) => socket.emit("leave me", false)],
        ["server namespace disconnect", "io server disconnect", (socket) => socket.emit("leave me", true)],
        ["transport close", "transport close", (socket) => socket.io.engine.transport.close()],
      ];
      for (const [here, there, leave] of ways) {
        const socket = await connect(context, { transports: ["websocket"], reconnection: false });
        await socket.emitWithAck("join", "watched");
        const { id } = socket;
        const told = Promise.all([next(watcher, "going"), next(watcher, "gone"), next(socket, "disconnect")]);
        leave(socket);
        const [going, gone, [reason]] = await told;
        assert.deepEqual([going, gone, reason], [[id], [id, here], there]);
      }
    });

    test("a client that falls silent is given up", async (context) => {
      const impatient = await start("impatient");
      context.after(() => impatient.stop());
      const watcher = await connect(context, {}, "/", impatient.url);
      await watcher.emitWithAck("join", "watchers");
      const proxy = await FaultProxy.start(context, impatient.url);
      const socket = await connect(context, { transports: ["websocket"], reconnection: false }, "/", proxy.url);
      const { id } = socket;
      const told = next(watcher, "gone");
      proxy.strand();
      assert.deepEqual((await told).slice(0, 2), [id, "ping timeout"]);
    });

    test("a lost connection comes back with its id, its rooms, and what it has missed", async (context) => {
      const recovering = await start("recovering");
      context.after(() => recovering.stop());
      const other = await connect(context, {}, "/", recovering.url);
      const socket = dial(context, { transports: ["websocket"] }, "/", recovering.url);
      assert.deepEqual((await next(socket, "welcome"))[0], false);
      await socket.emitWithAck("join", "kept");
      const { id } = socket;
      const heard = listen(socket);
      other.emit("in", "kept", "before");
      await until(() => heard.length === 1, { what: "the first" });
      const lost = next(socket, "disconnect");
      const back = next(socket, "connect");
      socket.io.engine.transport.close();
      await lost;
      other.emit("in", "kept", "meanwhile");
      await back;
      other.emit("in", "kept", "after");
      await until(() => heard.length >= 3, { what: "what was missed" });
      assert.deepEqual([socket.recovered, socket.id, heard], [true, id, ["before", "meanwhile", "after"]]);
    });

    test("who is sent away comes back as somebody new", async (context) => {
      const socket = await connect(context);
      const { id } = socket;
      const gone = next(socket, "disconnect");
      socket.emit("leave me", false);
      await gone;
      socket.connect();
      await next(socket, "connect");
      assert.ok(!socket.recovered && socket.id !== id);
    });
  });
}
