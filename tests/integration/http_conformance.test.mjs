// HTTP/1.1 byte by byte against the real server: framing, order, refusals, and how connections end.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { read_answer } from "../support/http_wire.mjs";
import { Server } from "../support/server.mjs";
import { open_wire } from "../support/wire.mjs";

const host = "Host: 127.0.0.1\r\n";
const get_health = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
const get_page = `GET /api/messages?channel=empty HTTP/1.1\r\n${host}\r\n`;

/** @param {string} channel @param {string} body @param {string} [fields] */
function publish(channel, body, fields = "") {
  const length = Buffer.byteLength(body);
  return (
    `POST /api/messages?channel=${channel} HTTP/1.1\r\n${host}Content-Type: application/json\r\n` +
    `${fields}Content-Length: ${length}\r\n\r\n${body}`
  );
}

/** @param {string} channel @param {string} body the chunks @param {string} [fields] */
function publish_chunked(channel, body, fields = "") {
  return (
    `POST /api/messages?channel=${channel} HTTP/1.1\r\n${host}Content-Type: application/json\r\n` +
    `${fields}Transfer-Encoding: chunked\r\n\r\n${body}`
  );
}

describe("HTTP/1.1", () => {
  const server = new Server({});
  before(() => server.listening());
  after(() => server.stop());

  /** @param {import("node:test").TestContext} context */
  const connect = (context) => open_wire(context, server.url);

  /** The whole talk of one connection: `requests` in one piece, one answer, the end.
   * @param {import("node:test").TestContext} context @param {string} request */
  const only_answer = async (context, request) => {
    const wire = await connect(context);
    wire.write(request);
    const answer = await read_answer(wire);
    await wire.ended();
    return answer;
  };

  test("a connection serves one request after another", async (context) => {
    const wire = await connect(context);
    for (let count = 0; count < 5; count++) {
      wire.write(get_health);
      const answer = await read_answer(wire);
      assert.equal(answer.status, 200);
      assert.equal(answer.fields.has("connection"), false);
    }
  });

  test("pipelined requests are answered in their order, whichever reactor answers them", async (context) => {
    const wire = await connect(context);
    const count = 150;
    const requests = Array.from({ length: count }, (_, index) =>
      [publish(`pipe${index % 7}`, String(index)), `GET /nothing/at/all HTTP/1.1\r\n${host}\r\n`, get_page].join(""),
    );
    wire.write(requests.join(""));
    for (let index = 0; index < count; index++) {
      const published = await read_answer(wire);
      assert.equal(published.json.channel, `pipe${index % 7}`);
      assert.equal(published.json.offset, Math.floor(index / 7) + 1);
      assert.equal((await read_answer(wire)).status, 404);
      assert.deepEqual((await read_answer(wire)).json, []);
    }
  });

  test("pipelined answers larger than every buffer arrive, all of them", async (context) => {
    const wire = await connect(context);
    const text = JSON.stringify("x".repeat(50_000));
    for (let count = 0; count < 15; count++) wire.write(publish("large", text));
    for (let count = 0; count < 15; count++) assert.equal((await read_answer(wire)).status, 200);
    const request = `GET /api/messages?channel=large&limit=15 HTTP/1.1\r\n${host}\r\n`;
    const count = 40;
    wire.write(request.repeat(count));
    for (let index = 0; index < count; index++) {
      const answer = await read_answer(wire);
      assert.equal(answer.json.length, 15);
    }
    wire.write(get_health);
    assert.equal((await read_answer(wire)).status, 200);
  });

  test("a request may be cut at every byte", async (context) => {
    const request = publish_chunked("cut", '3;note="a b"\r\n"ab\r\n2\r\nc"\r\n0\r\nTrailer-Field: value\r\n\r\n', "X-A: b\r\n");
    const wire = await connect(context);
    const other = await connect(context);
    for (let at = 1; at < request.length; at++) {
      await wire.written(request.slice(0, at));
      other.write(get_health);
      await read_answer(other);  // another's answer between the two pieces
      wire.write(request.slice(at));
      const answer = await read_answer(wire);
      assert.equal(answer.status, 200, `cut at ${at}: ${answer.body}`);
    }
    const reply = await server.http.get("/api/messages?channel=cut&limit=1");
    assert.equal(reply.json[0].offset, request.length - 1);
    assert.equal(reply.json[0].data, "abc");
  });

  test("chunked bodies are put together", async (context) => {
    const wire = await connect(context);
    const chunks = ["4\r\n[1,2\r\n", "0000000002;x\r\n,3\r\n", "1;a=b;c\r\n]\r\n", "0\r\nX-Sum: 6\r\n\r\n"];
    wire.write(publish_chunked("chunks", chunks.join("")) + get_health);
    assert.equal((await read_answer(wire)).status, 200);
    assert.equal((await read_answer(wire)).status, 200);
    const reply = await server.http.get("/api/messages?channel=chunks");
    assert.deepEqual(reply.json[0].data, [1, 2, 3]);
  });

  test("100 (Continue) comes before the body is sent, and not where the body is refused", async (context) => {
    const wire = await connect(context);
    const expecting = publish("expect", "17", "Expect: 100-continue\r\n");
    wire.write(expecting.slice(0, -2));
    assert.equal((await read_answer(wire)).status, 100);
    wire.write("17");
    assert.equal((await read_answer(wire)).json.offset, 1);

    const large = `POST /api/messages?channel=expect HTTP/1.1\r\n${host}Expect: 100-continue\r\n`;
    assert.equal((await only_answer(context, `${large}Content-Length: 99000000\r\n\r\n`)).status, 413);
    const lost = `POST /nothing HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`;
    assert.equal((await only_answer(context, lost)).status, 404);
    const odd = publish("expect", "17", "Expect: a-miracle\r\n");
    assert.equal((await only_answer(context, odd)).status, 417);
  });

  test("an HTTP/1.0 client is not sent a 100", async (context) => {
    const request = publish("expect10", "1", "Expect: 100-continue\r\n").replace("HTTP/1.1", "HTTP/1.0");
    assert.equal((await only_answer(context, request)).status, 200);
  });

  test("HEAD has the fields of GET and no body", async (context) => {
    for (const path of ["/", "/healthz", "/api/transports", "/api/messages?channel=empty", "/api/nothing"]) {
      const wire = await connect(context);
      wire.write(`GET ${path} HTTP/1.1\r\n${host}\r\n`);
      const got = await read_answer(wire);
      wire.write(`HEAD ${path} HTTP/1.1\r\n${host}\r\n${get_health}`);
      const head = await read_answer(wire, { method: "HEAD" });
      assert.equal(head.status, got.status);
      const without_date = (/** @type {Map<string, string>} */ fields) =>
        [...fields].filter(([name]) => name !== "date");
      assert.deepEqual(without_date(head.fields), without_date(got.fields), path);
      assert.equal((await read_answer(wire)).status, 200, `${path}: a body followed`);
    }
  });

  test("OPTIONS tells the methods of a path and of the server", async (context) => {
    const wire = await connect(context);
    wire.write(`OPTIONS /api/messages HTTP/1.1\r\n${host}\r\nOPTIONS * HTTP/1.1\r\n${host}\r\n`);
    const path = await read_answer(wire);
    assert.equal(path.status, 204);
    assert.deepEqual(path.fields.get("allow")?.split(", ").sort(), ["GET", "HEAD", "OPTIONS", "POST"]);
    const all = await read_answer(wire);
    assert.equal(all.status, 204);
    assert.ok(all.fields.has("allow"));
    assert.equal(all.fields.has("content-length"), false);
  });

  test("what cannot be served is told, and the connection goes on", async (context) => {
    const wire = await connect(context);
    const cases = /** @type {const} */ ([
      ["DELETE /api/messages", 405],
      ["PUT /healthz", 405],
      ["TRACE /healthz", 405],
      ["POST /", 405],
      ["DELETE /lab/", 405],
      ["PUT /lab", 405],
      ["POST /ws", 405],
      ["HEAD /ws", 426],
      ["GET /nothing", 404],
      ["POST /nothing", 404],
      ["BREW /healthz", 501],
      ["get /healthz", 501],
      ["GET /api/presence", 501],
    ]);
    for (const [line, status] of cases) {
      wire.write(`${line} HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`);
      const method = line.split(" ")[0];
      const answer = await read_answer(wire, { method });
      assert.equal(answer.status, status, line);
      assert.equal(answer.fields.has("allow"), status === 405, line);
      if (method !== "HEAD") assert.equal(answer.json.status, status);
    }
    wire.write(get_health);
    assert.equal((await read_answer(wire)).status, 200);
  });

  test("HTTP/1.0 closes unless it is asked not to", async (context) => {
    const wire = await connect(context);
    for (let count = 0; count < 2; count++) {
      wire.write("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assert.equal((await read_answer(wire)).fields.get("connection"), "keep-alive");
    }
    wire.write("GET /healthz HTTP/1.0\r\n\r\n");
    assert.equal((await read_answer(wire)).fields.get("connection"), "close");
    await wire.ended();
  });

  test("Connection: close is honoured, in any case and among others", async (context) => {
    for (const value of ["close", "Close", "keep-alive, CLOSE", "x,close"]) {
      const request = `GET /healthz HTTP/1.1\r\n${host}Connection: ${value}\r\n\r\n`;
      const answer = await only_answer(context, request + get_health);
      assert.equal(answer.fields.get("connection"), "close");
    }
  });

  test("a target may be absolute, and is preceded by an empty line or two", async (context) => {
    const wire = await connect(context);
    wire.write(`\r\n\r\nGET http://127.0.0.1/healthz HTTP/1.1\r\n${host}\r\n`);
    assert.equal((await read_answer(wire)).status, 200);
    wire.write(`GET HTTP://127.0.0.1:1234/api/messages?channel=empty HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assert.deepEqual((await read_answer(wire)).json, []);
    wire.write(`GET http://evil.example/healthz HTTP/1.1\r\n${host}\r\n`);
    assert.equal((await read_answer(wire)).status, 403, "the target's host counts");
  });

  test("whoever ends its side after a request still gets the answers", async (context) => {
    const wire = await connect(context);
    wire.write(get_health + publish("half", "1") + publish("half", "2"));
    wire.end();
    assert.equal((await read_answer(wire)).status, 200);
    assert.equal((await read_answer(wire)).json.offset, 1);
    assert.equal((await read_answer(wire)).json.offset, 2);
    await wire.ended();
    for (const timeout of [0, 60]) {
      const poll = await connect(context);
      poll.write(`GET /api/messages/subscribe?channel=silent&timeout=${timeout} HTTP/1.1\r\n${host}\r\n`);
      poll.end();
      assert.deepEqual((await read_answer(poll)).json, [], "there is nothing yet");
      await poll.ended();
    }
  });

  test("half a request is no request", async (context) => {
    for (const request of [get_health.slice(0, -2), publish("half_body", "123").slice(0, -1)]) {
      const wire = await connect(context);
      wire.write(request);
      wire.end();
      await wire.ended();
    }
    assert.deepEqual((await server.http.get("/api/messages?channel=half_body")).json, []);
  });

  /** @type {[string, number, string][]} what is wrong, the status, the request up to a smuggled one */
  const refusals = [
    ["a length and chunks", 400, publish_chunked("s", "1\r\n1\r\n0\r\n\r\n", "Content-Length: 4\r\n")],
    ["chunks and a length", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n`],
    ["two lengths", 400, publish("s", "1", "Content-Length: 1\r\n")],
    ["two different lengths", 400, publish("s", "1", "Content-Length: 0\r\n")],
    ["a list of lengths", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: 1, 1\r\n\r\n1`],
    ["a signed length", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\n1`],
    ["a negative length", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n1`],
    ["a hexadecimal length", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: 0x1\r\n\r\n1`],
    ["an empty length", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: \r\n\r\n`],
    ["a length beyond 64 bits", 400, `POST /api/messages HTTP/1.1\r\n${host}Content-Length: 18446744073709551617\r\n\r\n1`],
    ["chunked twice", 400, publish_chunked("s", "0\r\n\r\n", "Transfer-Encoding: chunked\r\n")],
    ["chunked not last", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ["an unknown coding alone", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["chunked with a parameter", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n`],
    ["chunked with a control byte", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ["another coding before chunked", 501, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ["chunks in HTTP/1.0", 400, publish_chunked("s", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0")],
    ["a space before the colon", 400, `POST /api/messages HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ["a folded line", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`],
    ["a line that begins with a blank", 400, `GET /healthz HTTP/1.1\r\n X: a\r\n${host}\r\n`],
    ["a bare LF in the request line", 400, `GET /healthz HTTP/1.1\n${host}\r\n`],
    ["a bare LF after a field", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\n\r\n`],
    ["a bare LF at the end", 400, `GET /healthz HTTP/1.1\r\n${host}\n`],
    ["a bare CR in a field", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`],
    ["a bare CR after a field name", 400, `GET /healthz HTTP/1.1\r\n${host}X\r: a\r\n\r\n`],
    ["a NUL in a value", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`],
    ["a control byte in a value", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\x01\r\n\r\n`],
    ["a DEL in a value", 400, `GET /healthz HTTP/1.1\r\n${host}X: a\x7f\r\n\r\n`],
    ["a field without a colon", 400, `GET /healthz HTTP/1.1\r\n${host}X\r\n\r\n`],
    ["a field without a name", 400, `GET /healthz HTTP/1.1\r\n${host}: a\r\n\r\n`],
    ["an odd byte in a name", 400, `GET /healthz HTTP/1.1\r\n${host}X(y): a\r\n\r\n`],
    ["no Host", 400, "GET /healthz HTTP/1.1\r\n\r\n"],
    ["two Hosts", 400, `GET /healthz HTTP/1.1\r\n${host}${host}\r\n`],
    ["an empty Host", 400, "GET /healthz HTTP/1.1\r\nHost: \r\n\r\n"],
    ["a Host with a path", 400, "GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n"],
    ["a target without a slash", 400, `GET healthz HTTP/1.1\r\n${host}\r\n`],
    ["a target with a fragment", 400, `GET /healthz#a HTTP/1.1\r\n${host}\r\n`],
    ["a target with a blank", 400, `GET /health z HTTP/1.1\r\n${host}\r\n`],
    ["a target with a raw byte", 400, `GET /\xe9 HTTP/1.1\r\n${host}\r\n`],
    ["a target of another scheme", 400, `GET ftp://127.0.0.1/ HTTP/1.1\r\n${host}\r\n`],
    ["an asterisk for GET", 400, `GET * HTTP/1.1\r\n${host}\r\n`],
    ["CONNECT without a port", 400, `CONNECT 127.0.0.1 HTTP/1.1\r\n${host}\r\n`],
    ["a percent sign alone", 400, `GET /%zz HTTP/1.1\r\n${host}\r\n`],
    ["two spaces after the method", 400, `GET  /healthz HTTP/1.1\r\n${host}\r\n`],
    ["a tab after the method", 400, `GET\t/healthz HTTP/1.1\r\n${host}\r\n`],
    ["a space after the version", 400, `GET /healthz HTTP/1.1 \r\n${host}\r\n`],
    ["no version", 400, "GET /healthz\r\n"],
    ["a version in lower case", 400, `GET /healthz http/1.1\r\n${host}\r\n`],
    ["a version of two digits", 400, `GET /healthz HTTP/1.10\r\n${host}\r\n`],
    ["HTTP/2", 505, `GET /healthz HTTP/2.0\r\n${host}\r\n`],
    ["HTTP/0.9 by number", 505, `GET /healthz HTTP/0.9\r\n${host}\r\n`],
    ["the preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["the hello of TLS", 400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["an endless method", 501, `${"M".repeat(100)} /healthz HTTP/1.1\r\n${host}\r\n`],
    ["a long target", 414, `GET /${"a".repeat(9_000)} HTTP/1.1\r\n${host}\r\n`],
    ["a long field", 431, `GET /healthz HTTP/1.1\r\n${host}X: ${"a".repeat(20_000)}\r\n\r\n`],
    ["many fields", 431, `GET /healthz HTTP/1.1\r\n${host}${"X: a\r\n".repeat(101)}\r\n`],
    ["a long trailer", 431, publish_chunked("s", `1\r\n1\r\n0\r\nX: ${"a".repeat(5_000)}\r\n\r\n`)],
    ["a large body", 413, publish("s", JSON.stringify("x".repeat(3_000_000)))],
    ["large chunks", 413, publish_chunked("s", `${(3_000_000).toString(16)}\r\n${"1".repeat(3_000_000)}\r\n0\r\n\r\n`)],
    ["endless chunk extensions", 413, publish_chunked("s", `1${";a".repeat(5_000)}\r\n1\r\n0\r\n\r\n`)],
    ["a chunk that is longer than its size", 400, publish_chunked("s", "1\r\n12\r\n0\r\n\r\n")],
    ["a chunk size that is none", 400, publish_chunked("s", "x\r\n1\r\n0\r\n\r\n")],
    ["an empty chunk size", 400, publish_chunked("s", "\r\n1\r\n0\r\n\r\n")],
    ["a chunk size beyond 64 bits", 400, publish_chunked("s", "10000000000000001\r\n1\r\n0\r\n\r\n")],
    ["a chunk size with a sign", 400, publish_chunked("s", "+1\r\n1\r\n0\r\n\r\n")],
    ["a chunk size with 0x", 400, publish_chunked("s", "0x1\r\n1\r\n0\r\n\r\n")],
    ["a bare LF after a chunk size", 400, publish_chunked("s", "1\n1\r\n0\r\n\r\n")],
    ["a bare LF after a chunk", 400, publish_chunked("s", "1\r\n1\n0\r\n\r\n")],
    ["a bare CR in a chunk extension", 400, publish_chunked("s", "1;a\rb\r\n1\r\n0\r\n\r\n")],
    ["a folded trailer", 400, publish_chunked("s", "1\r\n1\r\n0\r\nX: a\r\n b\r\n\r\n")],
  ];
  for (const [what, status, request] of refusals) {
    test(`${what}: ${status} and the end, whatever follows`, async (context) => {
      const answer = await only_answer(context, request + get_health);
      assert.equal(answer.status, status, String(answer.body));
      assert.equal(answer.json.status, status);
      assert.equal(answer.fields.get("connection"), "close");
    });
  }

  test("nothing of what was refused has been published", async () => {
    assert.deepEqual((await server.http.get("/api/messages?channel=s")).json, []);
    assert.deepEqual((await server.http.get("/api/messages?channel=default")).json, []);
  });

  test("a refused body of any size does not cost its sender the answer", async (context) => {
    for (const line of ["POST /nothing", "DELETE /api/messages", "BREW /"]) {
      const size = 8_000_000;
      const answer = await only_answer(
        context,
        `${line} HTTP/1.1\r\n${host}Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`,
      );
      assert.equal(answer.fields.get("connection"), "close");
    }
  });

  test("a body is never taken for a request", async (context) => {
    const inner = JSON.stringify(get_health);
    const wire = await connect(context);
    wire.write(publish("inner", inner) + publish_chunked("inner", `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`));
    assert.equal((await read_answer(wire)).json.offset, 1);
    assert.equal((await read_answer(wire)).json.offset, 2);
    wire.write(`GET /healthz HTTP/1.1\r\n${host}Content-Length: ${get_page.length}\r\nConnection: close\r\n\r\n${get_page}`);
    await read_answer(wire);
    await wire.ended();
  });
});
