// The library's HTTP routes: parameters, answers now, later and in pieces, and what goes wrong.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { read_answer } from "../support/http_wire.mjs";
import { metric } from "../support/metrics.mjs";
import { Server, library_probe } from "../support/server.mjs";
import { until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

describe("an application's HTTP routes", () => {
  const server = new Server({ program: library_probe() });
  before(() => server.listening());
  after(() => server.stop());

  const counters = async () => (await server.http.get("/counters")).json;

  test("a handler sees the whole request", async () => {
    const reply = await server.http.get("/request/a%20name/and/the/rest?q=1%202&q=3", {
      "x-test": "value",
      cookie: "other=1; taste=sweet",
      origin: server.url,
    });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, {
      method: "GET",
      path: "/request/a name/and/the/rest",
      name: "a name",
      rest: "and/the/rest",
      query: "1 2",
      all: 2,
      header: "value",
      cookie: "sweet",
      origin: server.url,
      host: new URL(server.url).host,
      address: "127.0.0.1",
      secure: false,
      body: "",
    });
  });

  test("a body is passed on, up to the route's limit", async () => {
    const most = await server.http.request("POST", "/body", { body: "b".repeat(1000) });
    assert.equal(most.json.body, "b".repeat(1000));
    const over = await server.http.request("POST", "/body", { body: "b".repeat(1001) });
    assert.equal(over.status, 413);
  });

  test("HEAD ends even what has no end, and the connection goes on", async (context) => {
    const wire = await open_wire(context, server.url);
    for (let round = 0; round < 2; round++) {
      wire.write("HEAD /endless HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      const answer = await read_answer(wire, { method: "HEAD" });
      assert.equal(answer.status, 200);
    }
  });

  test("an answer that has no body gets none, whatever is written", async (context) => {
    const wire = await open_wire(context, server.url);
    wire.write("GET /no_content HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(2));
    for (let round = 0; round < 2; round++) {
      const answer = await read_answer(wire);
      assert.deepEqual([answer.status, String(answer.body)], [204, ""]);
      assert.ok(!answer.fields.has("transfer-encoding"));
    }
  });

  test("an answer that is given does not run the next request's handler inside", async (context) => {
    const wire = await open_wire(context, server.url);
    wire.write("GET /in_turn HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(20));
    for (let round = 0; round < 20; round++) assert.equal(String((await read_answer(wire)).body), "in turn");
    assert.equal((await counters()).wrong_threads, 0);
  });

  test("HEAD, unknown methods and unknown paths are answered as everywhere", async () => {
    const head = await server.http.request("HEAD", "/request/x/y");
    assert.equal(head.status, 200);
    assert.equal(head.text, "");
    assert.ok(Number(head.headers["content-length"]) > 0);
    const method = await server.http.request("PUT", "/request/x/y");
    assert.equal(method.status, 405);
    assert.equal(method.headers.allow, "GET, HEAD, OPTIONS");
    assert.equal((await server.http.get("/request//y")).status, 404, "a parameter is never empty");
    assert.equal((await server.http.get("/")).status, 404, "no pages unless asked for");
  });

  test("the protocol's own paths are served beside the application's", async () => {
    assert.equal((await server.http.get("/healthz")).status, 200);
    await server.http.publish("chat", { text: "hi" });
  });

  test("a foreign Host and a foreign page are refused before any handler", async () => {
    assert.equal((await server.http.get("/headers", { host: "evil.example" })).status, 403);
    const posted = await server.http.request("POST", "/body", { headers: { origin: "http://evil.example" }, body: "x" });
    assert.equal(posted.status, 403);
  });

  test("any status and field can be set, and no value breaks out of its line", async () => {
    const reply = await server.http.get("/headers");
    assert.equal(reply.status, 203);
    assert.deepEqual(reply.headers["x-one"], ["a  X-Two: b", "c"]);
    assert.equal(reply.headers["x-two"], undefined);
    assert.match(reply.text, /'no token' is no name/);
    assert.equal(Number(reply.headers["content-length"]), reply.text.length);
  });

  test("an answer may come later, from any thread", async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => server.http.get(`/later?name=n${index}`)));
    assert.deepEqual(replies.map(({ text }) => text), replies.map((_, index) => `hello n${index}`));
  });

  test("an answer that never comes is 503 in the end", async () => {
    const reply = await server.http.get("/never");
    assert.equal(reply.status, 503);
    assert.equal(reply.json.code, "unavailable");
  });

  test("a handler that throws answers 500 and keeps its secrets", async () => {
    const reply = await server.http.get("/throws");
    assert.equal(reply.status, 500);
    assert.doesNotMatch(reply.text, /secret/);
    await server.logged(/a route's handler threw: a secret of the application/);
    await assert.rejects(server.http.get("/throws_late"), "half an answer does not look whole");
    assert.equal((await server.http.get("/healthz")).status, 200);
  });

  test("a body is streamed in pieces", async (context) => {
    const wire = await open_wire(context, server.url);
    wire.write("GET /stream?pieces=3&bytes=4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const answer = await read_answer(wire);
    assert.equal(answer.fields.get("transfer-encoding"), "chunked");
    assert.equal(String(answer.body), "xxxxxxxxxxxx");
  });

  test("a slow reader holds the application back, and gets everything", async (context) => {
    const before_it = await counters();
    const limit_hits = () => metric(server.http, "carillon_limits_hit_total", { limit: "application_outbox" });
    const hits_before = await limit_hits();
    const wire = await open_wire(context, server.url);
    wire.pause();
    const bytes = 200 * 100_000;
    wire.write("GET /stream?pieces=200&bytes=100000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await until(async () => (await counters()).refused_sends > before_it.refused_sends, { what: "a refused piece" });
    wire.resume();
    const answer = await read_answer(wire);
    assert.equal(answer.body.length, bytes);
    const { drained, refused_sends } = await counters();
    assert.ok(drained > before_it.drained);
    assert.equal(await limit_hits() - hits_before, refused_sends - before_it.refused_sends);
  });

  test("the application hears that a client has gone", async (context) => {
    const { responses_closed } = await counters();
    const wire = await open_wire(context, server.url);
    wire.write("GET /gone HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    wire.cut();
    await until(async () => (await counters()).responses_closed > responses_closed, { what: "on_close" });
  });

  test("what is wrong from the start is said at the start", async () => {
    assert.equal((await counters()).refused, 21);
  });

  test("timers tick until they are cancelled", async () => {
    await until(async () => (await counters()).ticks > 3, { what: "three ticks" });
    await server.http.request("POST", "/stop_ticking");
    const { ticks } = await counters();
    await server.http.get("/never");  // takes a second, a hundred ticks
    assert.ok((await counters()).ticks <= ticks + 1, "no tick after the cancel but one on its way");
  });
});
