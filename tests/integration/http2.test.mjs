// HTTP/2 with real clients, over TLS and without it: requests, event streams, WebSockets, slow readers,
// and how a server leaves.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import http2 from "node:http2";
import { test } from "node:test";
import { promisify } from "node:util";
import { make_certificate, tls_section } from "../support/certificates.mjs";
import { code, open_http2, request, setting, settings, type, u32 } from "../support/http2_wire.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";
import { close_frame, opcodes, parse_deflate_frame, parse_frame, text_frame } from "../support/websocket_wire.mjs";

const run = promisify(execFile);
const pair = make_certificate();
const ways = /** @type {const} */ (["with TLS", "without TLS"]);

/** A server with both. @param {import("node:test").TestContext} context @param {string} [config] */
async function start(context, config = "") {
  const server = await start_server(context, {
    listen: ["127.0.0.1:0", "https://127.0.0.1:0"],
    config: `${tls_section([pair])}[http]\nh2c = "on"\n${config}`,
  });
  const [plain, secure] = server.addresses;
  return { server, url: { "with TLS": secure, "without TLS": plain } };
}

/** @param {import("node:test").TestContext} context @param {string} url */
async function connect(context, url) {
  const session = http2.connect(url, { ca: pair.pem, servername: "localhost" });
  context.after(() => session.destroy());
  session.on("error", () => {});
  // A stream that is paused must not use up what the others share.
  session.once("connect", () => session.setLocalWindowSize(100_000_000));
  await soon(new Promise((resolve) => session.once("remoteSettings", resolve)), { what: "SETTINGS" });
  return session;
}

/**
 * A request whose answer is kept as it comes.
 * @param {http2.ClientHttp2Session} session @param {http2.OutgoingHttpHeaders} fields @param {string | Buffer} [body]
 */
function ask(session, fields, body) {
  const stream = session.request(fields, { endStream: body === undefined && fields[":method"] !== "CONNECT" });
  const answer = {
    stream, text: "", status: 0, pieces: /** @type {Buffer[]} */ ([]), headers: /** @type {http2.IncomingHttpHeaders} */ ({}), over: false, code: 0,
    /** Waits until the answer is whole. */
    async whole() {
      await until(() => answer.over, { what: () => `an answer; so far ${answer.status} ${answer.text.slice(0, 200)}` });
      return answer;
    },
  };
  stream.on("error", () => {});
  stream.on("response", (headers) => {
    answer.headers = headers;
    answer.status = Number(headers[":status"]);
  });
  stream.on("data", (piece) => {
    answer.pieces.push(piece);
    answer.text += piece.toString("latin1");
  });
  stream.on("close", () => {
    answer.code = stream.rstCode;
    answer.over = true;
  });
  if (body !== undefined) stream.end(body);
  return answer;
}

/** A WebSocket over HTTP/2 (RFC 8441). @param {http2.ClientHttp2Session} session @param {http2.OutgoingHttpHeaders} [fields] */
async function open_websocket(session, fields = {}) {
  const answer = ask(session, { ":method": "CONNECT", ":protocol": "websocket", ":path": "/ws", "sec-websocket-version": "13", ...fields });
  await until(() => answer.status, { what: "an answer to CONNECT" });
  const { pieces } = answer;
  /** @template Value @param {(bytes: Buffer) => { value: Value, size: number } | undefined} parse */
  const next = async (parse) => {
    const { value, size } = await until(() => parse(Buffer.concat(pieces)), { what: "a frame" });
    pieces.splice(0, pieces.length, Buffer.concat(pieces).subarray(size));
    return value;
  };
  return { ...answer, answer, next };
}

for (const way of ways) {
  test(`curl, nghttp and h2load are served, ${way}`, async (context) => {
    const { server, url } = await start(context);
    const how = way === "with TLS" ? ["--http2", "--cacert", pair.certificate] : ["--http2-prior-knowledge"];
    const curl = async (/** @type {string[]} */ words) =>
      (await run("curl", ["-sS", "-w", " %{http_version} %{http_code}", ...how, ...words])).stdout;
    assert.equal(await curl([`${url[way]}/healthz`]), "ok\n 2 200");
    assert.match(await curl(["-d", "hello", `${url[way]}/api/messages?channel=a`]), /"offset":1\D.* 2 200$/s);
    assert.match(await curl(["-I", `${url[way]}/`]), /content-length: \d+.* 2 200$/s);
    assert.match(await curl([`${url[way]}/nowhere`]), / 2 404$/);
    assert.match(await curl(["-X", "POST", `${url[way]}/healthz`]), / 2 405$/);
    assert.match(await curl(["-X", "OPTIONS", `${url[way]}/healthz`]), / 2 204$/);
    assert.match(await curl(["--data-binary", "x".repeat(100_000), `${url[way]}/api/messages?channel=a`]), / 2 413$/);
    const { stdout } = await run("nghttp", ["-v", "--no-verify-peer", `${url[way]}/healthz`]);
    assert.match(stdout, /:status: 200/);
    const load = await run("h2load", ["-n", "2000", "-c", "4", "-m", "50", `${url[way]}/healthz`]);
    assert.match(load.stdout, /2000 succeeded, 0 failed/);
    assert.ok((await metric(server.http, "carillon_http2_connections_opened_total")) >= 12);
  });

  test(`a hundred event streams on one connection; the slow one holds up no other, ${way}`, async (context) => {
    const { server, url } = await start(context, "[sse]\nmax_outbox_bytes = 100_000\n");
    const session = await connect(context, url[way]);
    const streams = Array.from({ length: 100 }, () => ask(session, { ":path": "/api/events?channel=a" }));
    await until(() => streams.every((each) => each.text.includes("event: position")), { what: "a hundred streams" });
    assert.equal(await metric(server.http, "carillon_endpoints", { transport: "sse" }), 100);
    streams[0].stream.pause();
    const others = streams.slice(1);
    // No faster than this program reads: a hundred times as much comes over the one connection.
    for (let number = 1; (await metric(server.http, "carillon_limits_hit_total", { limit: "outbox" })) === 0; ++number) {
      assert.ok(number < 100, "the slow one is not sent away");
      await server.http.publish("a", `${"x".repeat(30_000)} number ${number}.`);
      await until(() => others.every((each) => each.text.includes(` number ${number}.`)), { what: `the others to hear ${number}` });
    }
    streams[0].stream.resume();
    await streams[0].whole();
    assert.match(streams[0].text, /event: closing\ndata: \{.*"slow"/);
    assert.equal(await metric(server.http, "carillon_endpoints", { transport: "sse" }), 99);
  });

  test(`a WebSocket, compressed too, ${way}`, async (context) => {
    const { server, url } = await start(context, '[websocket]\ncompression = "on"\n');
    const session = await connect(context, url[way]);
    const socket = await open_websocket(session, {
      "sec-websocket-protocol": "carillon.json", "sec-websocket-extensions": "permessage-deflate",
    });
    assert.equal(socket.answer.status, 200);
    assert.equal(socket.answer.headers["sec-websocket-protocol"], "carillon.json");
    assert.match(String(socket.answer.headers["sec-websocket-extensions"]), /^permessage-deflate/);
    assert.equal(await metric(server.http, "carillon_http2_websockets_total"), 1);
    assert.match((await socket.next(parse_deflate_frame)).payload.toString(), /"type":"welcome"/);
    socket.stream.write(text_frame({ type: "subscribe", channel: "a" }));
    assert.match((await socket.next(parse_deflate_frame)).payload.toString(), /"type":"ok"/);
    await server.http.publish("a", "y".repeat(5000));
    const message = await socket.next(parse_deflate_frame);
    assert.ok(message.compressed && message.payload.length < 1000, "it is compressed");
    socket.stream.write(close_frame(1000));
    assert.equal((await socket.next(parse_deflate_frame)).opcode, opcodes.close);
    socket.stream.end();
    await socket.answer.whole();
    await until(async () => (await metric(server.http, "carillon_endpoints", { transport: "websocket" })) === 0, { what: "its end" });
  });

  test(`what is no WebSocket is told so, ${way}`, async (context) => {
    const { url } = await start(context);
    const session = await connect(context, url[way]);
    const refusal = async (/** @type {http2.OutgoingHttpHeaders} */ fields) => (await (await open_websocket(session, fields)).answer.whole()).status;
    assert.equal(await refusal({ "sec-websocket-version": "12" }), 426);
    assert.equal(await refusal({ ":protocol": "connect-udp" }), 501);
    assert.equal(await refusal({ ":path": "/healthz", "sec-websocket-version": "13" }), 400);
    const plain = await ask(session, { ":path": "/ws" }).whole();
    assert.equal(plain.status, 400);
    assert.match(plain.text, /RFC 8441/);
  });

  test(`a paused WebSocket is sent away as slow, and resets end what they are for, ${way}`, async (context) => {
    const { server, url } = await start(context, "[websocket]\nmax_outbox_bytes = 100_000\n");
    const session = await connect(context, url[way]);
    const slow = await open_websocket(session);
    const quick = await open_websocket(session);
    for (const each of [slow, quick]) {
      await each.next(parse_frame);
      each.stream.write(text_frame({ type: "subscribe", channel: "a" }));
      await each.next(parse_frame);
    }
    slow.stream.pause();
    await until(
      async () => {
        await server.http.publish("a", "x".repeat(30_000));
        assert.match((await quick.next(parse_frame)).payload.toString("latin1"), /"type":"message"/);
        return (await metric(server.http, "carillon_limits_hit_total", { limit: "outbox" })) > 0;
      },
      { what: "the slow one to be sent away" },
    );
    for (const each of [quick, slow]) each.stream.close(http2.constants.NGHTTP2_CANCEL);
    await until(async () => (await metric(server.http, "carillon_http2_streams")) === 0, { what: "their ends" });
    assert.equal((await ask(session, { ":path": "/healthz" }).whole()).status, 200);
  });

  test(`a server that leaves says GOAWAY during a broadcast, ends every stream, and exits, ${way}`, async (context) => {
    const { server, url } = await start(context);
    const session = await connect(context, url[way]);
    /** @type {[number, number][]} */
    const goodbyes = [];
    session.on("goaway", (error, last) => goodbyes.push([error, last]));
    const streams = Array.from({ length: 10 }, () => ask(session, { ":path": "/api/events?channel=a" }));
    const socket = await open_websocket(session);
    const poll = ask(session, { ":path": "/api/messages/subscribe?channel=b&timeout=60" });
    await until(() => streams.every((each) => each.text.includes("event: position")), { what: "the streams" });
    await until(async () => (await metric(server.http, "carillon_endpoints", { transport: "longpoll" })) === 1, { what: "the poll" });
    await Promise.all(Array.from({ length: 50 }, (_, i) => server.http.publish("a", `number ${i}`)));
    server.kill("SIGTERM");
    for (const each of [...streams, poll]) assert.equal((await each.whole()).code, 0);
    for (const each of streams) {
      assert.equal(each.text.match(/^data: "number \d+"$|^data: number \d+$|number \d+/gm)?.length, 50);
      assert.match(each.text, /event: closing/);
    }
    assert.equal(poll.status, 200);
    assert.match((await socket.next(parse_frame)).payload.toString(), /welcome/);
    assert.match((await socket.next(parse_frame)).payload.toString(), /"type":"closing","code":"shutdown"/);
    assert.equal((await socket.next(parse_frame)).opcode, opcodes.close);
    socket.stream.end(close_frame(1001));
    await until(() => session.closed || session.destroyed, { what: "the connection's end" });
    assert.deepEqual(goodbyes[0], [code.none, 23]);
    assert.equal((await soon(server.exited, { what: "its exit" })).code, 0);
  });

  test(`time limits, ${way}`, async (context) => {
    const { server, url } = await start(context, "header_s = 1\nbody_s = 1\nidle_s = 1\nwrite_s = 1\n");
    const late = await open_http2(context, url[way], { ca: pair.pem });
    late.headers(1, request("/api/messages?channel=a", "POST"), 0);
    const stuck = await open_http2(context, url[way], { ca: pair.pem });
    stuck.send(type.headers, 0, 1, "");
    const stalled = await open_http2(context, url[way], { ca: pair.pem, settings: [[setting.window, 0]] });
    stalled.headers(1, request("/"));
    assert.equal(await late.reset_with(1), code.none);
    assert.equal(await late.ended_with(), code.none, "idle");
    assert.equal(await stuck.ended_with(), code.none);
    assert.equal(await stalled.reset_with(1), code.cancel);
    assert.ok((await metric(server.http, "carillon_timeouts_total")) >= 2);
    assert.equal(await metric(server.http, "carillon_limits_hit_total", { limit: "http2_write" }), 1);
  });
}

test("without `h2c` the preface is an HTTP/1.1 request that nobody understands", async (context) => {
  const server = await start_server(context);
  await assert.rejects(run("curl", ["-sS", "--http2-prior-knowledge", `${server.url}/healthz`]));
});

/** Each goes on until the server has enough of it, and counts why. @type {[string, string, (client: import("../support/http2_wire.mjs").Http2Wire, round: number) => void][]} */
const attacks = [
  ["rapid reset", "reset_flood", (client, round) => {
    client.headers(1 + 2 * round, request("/api/events?channel=a"));
    client.send(type.reset, 0, 1 + 2 * round, u32(code.cancel));
  }],
  ["refused streams", "reset_flood", (client, round) => client.headers(1 + 2 * round, request("/api/messages/subscribe?channel=a&timeout=60"))],
  ["malformed requests", "reset_flood", (client, round) => client.headers(1 + 2 * round, [...request("/"), ["Upper", "case"]])],
  ["window overflows", "reset_flood", (client, round) => {
    client.headers(1 + 2 * round, request("/api/messages?channel=a", "POST"), 0);
    client.send(type.window_update, 0, 1 + 2 * round, u32(0x7fffffff));
  }],
  // Of these it may first have enough for the answers that wait.
  ["SETTINGS", "control_flood|unread", (client) => client.write(settings([[setting.window, 65_535]]))],
  ["PING", "control_flood|unread", (client) => client.send(type.ping, 0, 0, "12345678")],
  ["PRIORITY", "control_flood", (client) => client.send(type.priority, 0, 1, [0, 0, 0, 0, 15])],
  ["unknown frames", "control_flood", (client) => client.send(0x16, 0, 0, "")],
  ["empty DATA", "control_flood", (client, round) => {
    if (round === 0) client.headers(1, request("/api/messages?channel=a", "POST"), 0);
    client.send(type.data, 0, 1);
  }],
  ["tiny window updates", "control_flood", (client) => client.send(type.window_update, 0, 0, u32(1))],
  ["CONTINUATION", "continuation_flood", (client, round) => client.send(round === 0 ? type.headers : type.continuation, 0, 1, "")],
];

test("every attack ends with a GOAWAY that names it", async (context) => {
  const { server, url } = await start(context);
  for (const [name, reason, say] of attacks) {
    await context.test(name, async (inner) => {
      const counted = async () => {
        const counts = reason.split("|").map((each) => metric(server.http, "carillon_http2_errors_total", { reason: each }));
        return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      };
      const before = await counted();
      // Before our acknowledgement of its SETTINGS, so that its limits do not bind us.
      const client = await open_http2(inner, url["without TLS"], { acknowledge: false });
      for (let round = 0; round < 5000 && !client.wire.over; ++round) {
        say(client, round);
        if (round % 200 === 0) await client.wire.written("");
      }
      assert.equal(await client.ended_with(), code.calm);
      assert.equal(await counted(), before + 1);
    });
  }
  await until(async () => (await metric(server.http, "carillon_http2_connections")) === 0, { what: "their ends" });
});

test("a peer that makes us answer and reads nothing is left, with bounded memory", async (context) => {
  const { server, url } = await start(context);
  const client = await open_http2(context, url["without TLS"]);
  client.wire.pause();
  const page = Array.from({ length: 100 }, (_, i) => i);
  for (const i of page) client.headers(1 + 2 * i, request("/api/messages/subscribe?channel=a&timeout=60"));
  for (let i = 0; i < 5000; ++i) client.send(type.ping, 0, 0, "12345678");
  await until(
    async () => (await metric(server.http, "carillon_http2_errors_total")) > 0, { what: "it to be left" });
  assert.equal((await server.http.get("/healthz")).status, 200);
});

test("an HPACK bomb is a header that is too large, and takes no memory", async (context) => {
  const { url } = await start(context);
  const client = await open_http2(context, url["without TLS"]);
  const value = Buffer.alloc(3900, "a");
  const long = Buffer.concat([Buffer.from([0x7f, (value.length - 127) & 0x7f | 0x80, (value.length - 127) >> 7]), value]);
  const seed = Buffer.concat([Buffer.from([0x82, 0x86, 0x84, 0x41, 9]), Buffer.from("127.0.0.1"), Buffer.from([0x40, 1, 0x78]), long]);
  client.send(type.headers, 0x5, 1, Buffer.concat([seed, Buffer.alloc(10_000, 0xbe)]));
  const head = await client.heard((each) => each.type === type.headers && each.stream === 1, "an answer");
  assert.notEqual(head.payload[0], 0x88);
  await client.body(1);
  assert.match(Buffer.concat(client.data(1)).toString(), /too large/i);
  await client.lives();
});
