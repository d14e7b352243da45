// The library's event streams and channels, ids in foreign threads, and its end.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { read_events } from "../support/event_reader.mjs";
import { open_plain_socket } from "../support/plain_socket.mjs";
import { read_answer } from "../support/http_wire.mjs";
import { Server, library_probe, start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

describe("an application's event streams and channels", () => {
  const server = new Server({ program: library_probe() });
  before(() => server.listening());
  after(() => server.stop());

  const counters = async () => (await server.http.get("/counters")).json;

  /** @param {import("node:test").TestContext} context @param {string} query */
  const raw_stream = async (context, query) => {
    const wire = await open_wire(context, server.url);
    wire.write(`GET /events${query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    return wire;
  };

  test("events carry id, name, retry and comments, and silence is filled", async (context) => {
    const wire = await raw_stream(context, "");
    await until(() => /:\n\n$/.test(wire.rest.toString()), { what: "a heartbeat" });
    const [head, body] = wire.rest.toString().split("\r\n\r\n");
    assert.match(head, /^HTTP\/1.1 200 OK/);
    assert.match(head, /Content-Type: text\/event-stream/);
    assert.match(head, /X-Seen: yes/);
    const expected = ": hello\n: reader\n\nid: 7\nevent: first\ndata: two\ndata: lines\n\nretry: 1234\n\n\n:\n\n";
    assert.equal(body, expected);
  });

  test("on_request refuses, and what throws is answered 500", async () => {
    const refused = await server.http.get("/events?refuse=1");
    assert.deepEqual([refused.status, refused.text], [401, "who are you?\n"]);
    assert.equal(refused.headers["x-seen"], "yes");
    assert.equal((await server.http.get("/events?throw=1")).status, 500);
    assert.equal((await server.http.get("/events", { origin: "http://evil.example" })).status, 403);
    const head = await server.http.request("HEAD", "/events");
    assert.equal(head.status, 200);
  });

  test("a stream ends when the application says so, throws, or the reader goes", async (context) => {
    const { streams_closed } = await counters();
    for (const query of ["?close=1", "?break_out=1"]) {
      const wire = await raw_stream(context, query);
      await until(() => wire.over, { what: "the end" });
      assert.match(wire.rest.toString(), /retry: 1234/);
    }
    const gone = await raw_stream(context, "");
    await until(() => gone.rest.toString().includes("retry"), { what: "the first events" });
    gone.cut();
    await until(async () => (await counters()).streams_closed === streams_closed + 3, { what: "three on_close" });
  });

  test("a subscribed stream gets publications and resumes from its last id", async (context) => {
    const first = read_events(context, `${server.url}/events?channel=feed`);
    await until(async () => {
      await server.http.publish("feed", { warm: "up" });
      return first.messages.length > 0;
    }, { what: "a first event" });
    const { offset } = await server.http.publish("feed", { number: 1 });
    await until(() => first.messages.some((message) => message.number === 1), { what: "number 1" });
    const event = first.named("message").find(({ data }) => data.number === 1);
    assert.equal(Number(event?.id.split(":")[1]), offset);
    first.close();
    for (let number = 2; number <= 4; ++number) await server.http.publish("feed", { number });
    const second = read_events(context, `${server.url}/events?channel=feed`, { "last-event-id": String(event?.id) });
    await until(() => second.messages.length >= 3, { what: "what was missed" });
    assert.deepEqual(second.messages.slice(0, 3), [{ number: 2 }, { number: 3 }, { number: 4 }]);
  });

  test("a position that cannot be continued from is told as a gap", async (context) => {
    await server.http.publish("gappy", { number: 1 });
    const wire = await open_wire(context, server.url);
    wire.write("GET /events?channel=gappy HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: nonsense\r\n\r\n");
    await until(() => wire.rest.toString().includes('data: {"number":1}'), { what: "what is retained" });
    assert.match(wire.rest.toString(), /event: gap\ndata: \w+:0\n\nid: \w+:1\ndata: {"number":1}\n\n/);
  });

  test("the application publishes and is told where the channel stands", async () => {
    const reply = await server.http.request("POST", "/publish/mine", { body: '{\n"a": 1}' });
    assert.equal(reply.status, 200);
    const position = reply.text;
    assert.match(position, /^\w+:1$/);
    const { json } = await server.http.get("/api/messages?channel=mine");
    assert.deepEqual(json[0].data, { a: 1 });
    const again = () => server.http.request("POST", "/publish/mine?dedupe=k", { body: "2" });
    assert.equal((await again()).text, (await again()).text, "a repetition is published once");
    assert.equal((await server.http.request("POST", "/publish/mine?ephemeral=1", { body: "3" })).text, "");
  });

  test("what cannot be published is refused", async () => {
    for (const [channel, body] of [["mine", "no json"], ["mine", '"' + "x".repeat(70_000) + '"'], ["_carillon:x", "1"], ["no%20channel", "1"]]) {
      assert.equal((await server.http.request("POST", `/publish/${channel}`, { body })).status, 422, channel);
    }
  });

  test("the application hears what clients publish", async () => {
    for (let number = 0; number < 10; ++number) await server.http.publish("app:in", { number });
    await until(async () => (await counters()).heard >= 10, { what: "ten publications" });
    await until(async () => (await server.http.get("/api/messages?channel=app:out")).json.length === 10, { what: "all passed on" });
    const { json } = await server.http.get("/api/messages?channel=app:out");
    assert.deepEqual(json.map((/** @type {any} */ { data }) => data.number), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("ids reach their endpoints from any thread, in order", async (context) => {
    const sockets = [];
    for (let i = 0; i < 12; ++i) sockets.push(await open_plain_socket(context, `${server.url}/broadcast`));
    await until(async () => (await server.http.request("POST", "/broadcast", { body: "warm up" })).text === "12", { what: "all twelve" });
    const rounds = 30;
    for (let round = 0; round < rounds; ++round) {
      await server.http.request("POST", "/broadcast", { body: `thread ${round}` });
      sockets[round % 12].send(`reactor ${round}`);
    }
    for (const socket of sockets) {
      const of = (/** @type {string} */ kind) => socket.messages.filter((each) => String(each).startsWith(kind));
      await until(() => of("thread").length === rounds && of("reactor").length === rounds, { what: "every broadcast" });
      assert.deepEqual(of("thread"), Array.from({ length: rounds }, (_, round) => `thread ${round}`));
    }
    sockets.slice(0, 6).forEach((socket) => socket.end());
    await until(async () => (await server.http.request("POST", "/broadcast", { body: "bye" })).text === "6", { what: "six that are left" });
  });
});

test("stop() says goodbye to everyone and lets run() return", async (context) => {
  const server = await start_server(context, { program: library_probe() });
  const socket = await open_plain_socket(context, `${server.url}/sockets/ada`);
  await socket.next();
  const wire = await open_wire(context, server.url);
  wire.write("GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await until(() => wire.rest.toString().includes("retry: 1234"), { what: "the first events" });
  assert.equal((await server.http.request("POST", "/stop")).text, "stopping");
  assert.equal((await socket.ended()).code, 1001);
  await until(() => wire.over, { what: "the end" });
  assert.match(wire.rest.toString(), /retry: \d+\n\n$/, "the reader is told when to come back");
  const { code } = await soon(server.exited, { what: "the program to end" });
  assert.equal(code, 0, "every on_open had its on_close, all on their own threads");
});

test("a streamed answer hears that the server stops, and ends whole", async (context) => {
  const server = await start_server(context, { program: library_probe() });
  const wire = await open_wire(context, server.url);
  wire.write("GET /until_shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await until(() => wire.rest.toString().includes("for ever"), { what: "its beginning" });
  assert.equal((await server.http.request("POST", "/stop")).text, "stopping");
  assert.equal(String((await read_answer(wire)).body), "for ever\nno longer\n");
  const { code } = await soon(server.exited, { what: "the program to end" });
  assert.equal(code, 0);
});

test("a signal does the same", async (context) => {
  const server = await start_server(context, { program: library_probe() });
  const wire = await open_wire(context, server.url);
  wire.write("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  assert.equal((await read_answer(wire)).status, 200);
  await server.stop();
});
