// The library's WebSocket endpoints: the upgrade, messages, backpressure, every end, and channels.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { metric } from "../support/metrics.mjs";
import { open_plain_socket, refused_upgrade } from "../support/plain_socket.mjs";
import { Server, library_probe, start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";
import { text_frame, upgrade_request } from "../support/websocket_wire.mjs";
import { open_wire } from "../support/wire.mjs";

describe("an application's WebSockets", () => {
  const server = new Server({ program: library_probe() });
  before(() => server.listening());
  after(() => server.stop());

  const counters = async () => (await server.http.get("/counters")).json;

  /** @param {import("node:test").TestContext} context @param {string} path @param {object} [options] */
  const open = (context, path, options) => open_plain_socket(context, server.url + path, options);

  /** @param {import("node:test").TestContext} context */
  const welcomed = async (context) => {
    const socket = await open(context, "/sockets/ada");
    assert.equal(await socket.next(), "welcome ada of /sockets/ada ");
    return socket;
  };

  test("on_upgrade chooses the subprotocol and adds fields", async (context) => {
    const socket = await open(context, "/sockets/ada?choose=v2", {
      protocols: ["v1", "v2"],
      headers: { cookie: "taste=sour" },
    });
    assert.equal(await socket.next(), "welcome ada of /sockets/ada v2");
    assert.equal(socket.socket.protocol, "v2");
    assert.equal(socket.headers["x-seen"], "sour");
    assert.deepEqual(socket.headers["set-cookie"], ["visit=1; Path=/"]);
  });

  test("on_upgrade refuses with a status", async () => {
    const answer = await refused_upgrade(`${server.url}/sockets/ada?refuse=403`);
    assert.equal(answer.status, 403);
    assert.equal(answer.text, "not today\n");
    assert.equal(answer.headers["x-seen"], "no cookie");
  });

  test("a subprotocol that was not offered, and any other throw, is answered 500", async () => {
    for (const query of ["choose=v3", "throw=1", "refuse=200"]) {
      const answer = await refused_upgrade(`${server.url}/sockets/ada?${query}`, { protocols: ["v1"] });
      assert.equal(answer.status, 500, query);
      assert.doesNotMatch(answer.text, /secret/);
    }
  });

  test("a foreign page is refused unless the endpoint is open to all", async (context) => {
    const headers = { origin: "http://evil.example" };
    assert.equal((await refused_upgrade(`${server.url}/sockets/ada`, { headers })).status, 403);
    const socket = await open(context, "/open_to_all", { headers });
    assert.equal(await socket.next(), "welcome");
    const rebound = { host: "evil.example" };
    assert.equal((await refused_upgrade(`${server.url}/open_to_all`, { headers: rebound })).status, 403, "the Host rule stays");
  });

  test("what is sent is compressed where both sides want it: messages and publications", async (context) => {
    const data = { text: "all the same ".repeat(400) };
    const large = JSON.stringify(data);
    for (const compression of [true, false]) {
      const socket = await open(context, "/compressed", { compression });
      assert.equal(await socket.next(), "welcome");
      assert.equal("sec-websocket-extensions" in socket.headers, compression);
      const before = socket.received_bytes;
      assert.ok((await socket.ask(large)) === large);
      await server.http.publish("compressed", data);
      assert.ok((await socket.next()) === large);
      assert.ok((await socket.ask(large)) === large, "after what all were sent");
      assert.equal(socket.received_bytes - before < large.length, compression);
      socket.end();
    }
    const elsewhere = await open(context, "/open_to_all", { compression: true });
    assert.equal("sec-websocket-extensions" in elsewhere.headers, false, "only where the endpoint says so");
  });

  test("one that is aborted as it opens is gone, whatever came with it", async (context) => {
    for (let round = 0; round < 3; round++) {
      const wire = await open_wire(context, server.url);
      wire.write(Buffer.concat([Buffer.from(upgrade_request({}, "GET /unwanted HTTP/1.1")), text_frame("early")]));
      await until(() => wire.over, { what: "the end of the connection" });
    }
    assert.equal((await server.http.get("/counters")).status, 200);
  });

  test("texts and binary messages come back as they are", async (context) => {
    const socket = await welcomed(context);
    for (const message of ["héllo", Buffer.from([0, 255, 10]), Buffer.alloc(1000, 7)]) {
      assert.deepEqual(await socket.ask(message), message);
    }
    socket.socket.ping("life");
    const pong = await new Promise((resolve) => socket.socket.once("pong", resolve));
    assert.equal(String(pong), "life");
  });

  test("a message over the limit closes with 1009", async (context) => {
    const socket = await welcomed(context);
    socket.send("x".repeat(1001));
    assert.equal((await socket.ended()).code, 1009);
  });

  test("the application closes with a code and a reason, or at once", async (context) => {
    const socket = await welcomed(context);
    socket.send("close 4123 good night");
    assert.deepEqual(await socket.ended(), { code: 4123, reason: "good night" });
    const cut = await welcomed(context);
    cut.send("abort");
    assert.equal((await cut.ended()).code, 1006);
  });

  test("the application hears the peer's code", async (context) => {
    const socket = await welcomed(context);
    socket.socket.close(4001, "done");
    await socket.ended();
    await until(async () => (await counters()).last_code === 4001, { what: "on_close with 4001" });
    const lost = await welcomed(context);
    lost.end();
    await until(async () => (await counters()).last_code === 1006, { what: "on_close with 1006" });
  });

  test("a handler that throws closes with 1011 and keeps its secrets", async (context) => {
    const socket = await welcomed(context);
    socket.send("throw");
    assert.deepEqual(await socket.ended(), { code: 1011, reason: "the application failed" });
    const wrong = await welcomed(context);
    wrong.send("close 1005 ");
    assert.equal((await wrong.ended()).code, 1011, "1005 cannot be sent");
  });

  test("every on_open has its on_close", async (context) => {
    const sockets = [];
    for (let i = 0; i < 20; ++i) sockets.push(await welcomed(context));
    sockets.forEach((socket, index) => (index % 2 === 0 ? socket.end() : socket.socket.close()));
    await until(async () => (await counters()).opened === (await counters()).closed, { what: "as many ends as begins" });
    assert.equal((await counters()).wrong_threads, 0);
  });

  test("a slow reader holds the application back, and gets everything in order", async (context) => {
    const before_it = await counters();
    const limit_hits = () => metric(server.http, "carillon_limits_hit_total", { limit: "application_outbox" });
    const hits_before = await limit_hits();
    const count = 20_000;
    const socket = await open(context, `/flood?count=${count}`);
    socket.socket.pause();
    await until(async () => (await counters()).refused_sends > before_it.refused_sends, { what: "a refused message" });
    socket.socket.resume();
    await until(() => socket.messages.length === count, { what: () => `all messages; ${socket.messages.length} are here` });
    socket.messages.forEach((message, index) => assert.equal(Number.parseInt(String(message)), index));
    const { drained, refused_sends } = await counters();
    assert.ok(drained > before_it.drained);
    assert.equal(await limit_hits() - hits_before, refused_sends - before_it.refused_sends);
  });

  test("what other threads send is bounded by octets while the reactor takes none up", async (context) => {
    // The one that takes the message is the one that publications go to.
    const alone = await start_server(context, { program: library_probe(), reactors: 1 });
    const limit_hits = () => metric(alone.http, "carillon_limits_hit_total", { limit: "application_posts" });
    const socket = await open_plain_socket(context, `${alone.url}/sockets/ada`);
    await socket.next();
    const next_answer = async () => {
      for (;;) {
        const message = String(await socket.next());
        if (!message.startsWith("xx")) return message;
      }
    };
    socket.send(`flood ${1024 * 1024}`);
    assert.equal(await next_answer(), "64 sent, 0 published");
    socket.send("flood 10");
    assert.equal(await next_answer(), "200 sent, 1 published", "once it has, they go on");
    assert.equal(await limit_hits(), 200 - 64 + 1);
  });

  test("a silent peer is given up", async (context) => {
    const socket = await open(context, "/silent");
    /** @type {any} */ (socket.socket)._receiver.removeAllListeners("ping");  // it answers no ping
    assert.deepEqual(await socket.ended(), { code: 1008, reason: "no sign of life" });
  });

  test("timers run once, and not when cancelled", async (context) => {
    const socket = await welcomed(context);
    assert.equal(await socket.ask("after"), "it is time");
    assert.equal(await socket.ask("cancelled"), "nothing came");
  });

  test("a subscribed WebSocket gets the data of publications", async (context) => {
    const socket = await welcomed(context);
    assert.equal(await socket.ask("subscribe news"), "subscribed");
    assert.equal(await socket.ask("subscribe news"), "subscribed", "twice is once");
    assert.equal(await socket.ask("subscribe no channel"), "refused");
    await server.http.publish("news", { text: "from a client" });
    assert.equal(await socket.next(), '{"text":"from a client"}');
    await server.http.request("POST", "/publish/news?kind=binary", { body: "raw" });
    assert.deepEqual(await socket.next(), Buffer.from("raw"));
    assert.equal(await socket.ask("unsubscribe news"), "unsubscribed");
    await server.http.publish("news", { text: "unheard" });
    assert.equal(await socket.ask("still here"), "still here");
  });
});
