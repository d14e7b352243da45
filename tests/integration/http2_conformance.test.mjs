// RFC 9113 and RFC 7541 frame by frame, over TLS and without it: what the server must refuse, with the
// right code, and what it must not mind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { make_certificate, tls_section } from "../support/certificates.mjs";
import { block, bytes, code, flag, frame, open_http2, open_silent, preface, request, setting, settings, type, u32 } from "../support/http2_wire.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";

/** @typedef {import("../support/http2_wire.mjs").Http2Wire} Client */

const page = "/";
const get = block(request("/healthz"));
const publish = request("/api/messages?channel=a", "POST");
const whole = flag.end_stream | flag.end_headers;
const window_size = 65_535;
/** @param {string[][]} fields @param {string} name */
const without = (fields, name) => fields.filter(([each]) => each !== name);
/** An HPACK literal that is not indexed, with its own name. @param {string} name @param {string} value */
const literal = (name, value) => block([[name, value]]);

/**
 * What is said, and what must come of it: the connection ends with one of these codes (or is cut, where
 * `undefined` is one of them), or the stream does, or all goes on.
 * @typedef {{ connection?: (number | undefined)[], stream?: [number, number[]] }} Fault
 * @type {[string, Fault, (client: Client) => unknown][]}
 */
const faults = [
  ["4.2 DATA larger than SETTINGS_MAX_FRAME_SIZE", { connection: [code.frame_size] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.data, flag.end_stream, 1, Buffer.alloc(16_385));
  }],
  ["4.2 HEADERS larger than SETTINGS_MAX_FRAME_SIZE", { connection: [code.frame_size] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.alloc(16_385))],
  ["4.3 a header block that is none", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, [0x40, 0x01])],
  ["4.3 PRIORITY inside a header section", { connection: [code.protocol] }, (client) => {
    client.send(type.headers, flag.end_stream, 1, get);
    client.send(type.priority, 0, 1, [0, 0, 0, 0, 15]);
  }],
  ["4.3 HEADERS for another stream inside a header section", { connection: [code.protocol] }, (client) => {
    client.send(type.headers, flag.end_stream, 1, get);
    client.send(type.headers, whole, 3, get);
  }],
  ["5.1 idle: DATA", { connection: [code.protocol, code.stream_closed] }, (client) =>
    client.send(type.data, flag.end_stream, 1, "x")],
  ["5.1 idle: RST_STREAM", { connection: [code.protocol] }, (client) => client.send(type.reset, 0, 1, u32(code.cancel))],
  ["5.1 idle: WINDOW_UPDATE", { connection: [code.protocol] }, (client) => client.send(type.window_update, 0, 1, u32(100))],
  ["5.1 idle: CONTINUATION", { connection: [code.protocol] }, (client) =>
    client.send(type.continuation, flag.end_headers, 1, get)],
  ["5.1 half-closed: DATA", { connection: [code.stream_closed] }, (client) => {
    client.headers(1, request("/api/messages/subscribe?channel=a"));
    client.send(type.data, flag.end_stream, 1, "x");
  }],
  ["5.1 half-closed: HEADERS", { connection: [code.stream_closed] }, (client) => {
    client.headers(1, request("/api/messages/subscribe?channel=a"));
    client.headers(1, request("/healthz"));
  }],
  ["5.1 half-closed: CONTINUATION", { connection: [code.stream_closed, code.protocol] }, (client) => {
    client.headers(1, request("/api/messages/subscribe?channel=a"));
    client.send(type.continuation, flag.end_headers, 1, get);
  }],
  ...["DATA", "HEADERS", "CONTINUATION"].flatMap((name) => [
    /** @type {[string, Fault, (client: Client) => unknown]} */
    ([`5.1 closed by RST_STREAM: ${name}`, { connection: [code.stream_closed, ...(name === "CONTINUATION" ? [code.protocol] : [])] },
      (client) => {
        client.headers(1, publish, 0);
        client.send(type.reset, 0, 1, u32(code.cancel));
        send_named(client, name);
      }]),
    /** @type {[string, Fault, (client: Client) => unknown]} */
    ([`5.1 closed on both sides: ${name}`, { connection: [code.stream_closed, ...(name === "CONTINUATION" ? [code.protocol] : [])] },
      async (client) => {
        client.headers(1, request("/healthz"));
        await client.body(1);
        send_named(client, name);
      }]),
  ]),
  ["5.1.1 a stream with an even number", { connection: [code.protocol] }, (client) => client.headers(2, request("/healthz"))],
  ["5.1.1 a stream with a lower number", { connection: [code.protocol] }, async (client) => {
    client.headers(5, request("/healthz"));
    client.headers(3, request("/healthz"));
  }],
  ["5.1.2 more streams than allowed", { connection: [code.protocol, code.refused] }, async (client) => {
    const announced = client.frames.find((each) => each.type === type.settings && each.payload.length > 0);
    const limit = entry(announced?.payload, setting.streams);
    assert.ok(limit !== undefined && limit >= 100, "a limit is announced");
    for (let i = 0; i <= limit; ++i) client.headers(1 + 2 * i, request("/api/messages/subscribe?channel=a"));
  }],
  ["5.3 HEADERS that depend on themselves", { stream: [1, [code.protocol]] }, (client) =>
    client.send(type.headers, whole | flag.priority, 1, Buffer.concat([u32(1), bytes([255]), get]))],
  ["5.3 PRIORITY that depends on itself", { stream: [1, [code.protocol]] }, (client) =>
    client.send(type.priority, 0, 1, [0, 0, 0, 1, 255])],
  ["5.5 an unknown frame inside a header section", { connection: [code.protocol] }, (client) => {
    client.send(type.headers, flag.end_stream, 1, get);
    client.send(0x16, 0, 1, "extension");
  }],
  ["6.1 DATA on stream 0", { connection: [code.protocol] }, (client) => client.send(type.data, flag.end_stream, 0, "x")],
  ["6.1 DATA with more padding than payload", { connection: [code.protocol] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.data, flag.end_stream | flag.padded, 1, [6, 1, 2, 3]);
  }],
  ["6.2 HEADERS on stream 0", { connection: [code.protocol] }, (client) => client.send(type.headers, whole, 0, get)],
  ["6.2 HEADERS with more padding than payload", { connection: [code.protocol] }, (client) =>
    client.send(type.headers, whole | flag.padded, 1, Buffer.concat([bytes([get.length + 1]), get]))],
  ["6.3 PRIORITY on stream 0", { connection: [code.protocol] }, (client) => client.send(type.priority, 0, 0, [0, 0, 0, 1, 1])],
  ["6.3 PRIORITY of 4 octets", { stream: [1, [code.frame_size]] }, (client) => client.send(type.priority, 0, 1, [0, 0, 0, 1])],
  ["6.4 RST_STREAM on stream 0", { connection: [code.protocol] }, (client) => client.send(type.reset, 0, 0, u32(code.cancel))],
  ["6.4 RST_STREAM of 3 octets", { connection: [code.frame_size] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.reset, 0, 1, [0, 0, 0]);
  }],
  ["6.5 SETTINGS that acknowledge and carry", { connection: [code.frame_size] }, (client) =>
    client.send(type.settings, flag.ack, 0, [0, 0, 0, 0, 0, 0])],
  ["6.5 SETTINGS on a stream", { connection: [code.protocol] }, (client) => client.send(type.settings, 0, 1)],
  ["6.5 SETTINGS of 3 octets", { connection: [code.frame_size] }, (client) => client.send(type.settings, 0, 0, [0, 3, 0])],
  ["6.5.2 ENABLE_PUSH of 2", { connection: [code.protocol] }, (client) => client.write(settings([[setting.push, 2]]))],
  ["6.5.2 INITIAL_WINDOW_SIZE of 2^31", { connection: [code.flow_control] }, (client) =>
    client.write(settings([[setting.window, 0x80000000]]))],
  ["6.5.2 MAX_FRAME_SIZE below 2^14", { connection: [code.protocol] }, (client) =>
    client.write(settings([[setting.frame_size, 16_383]]))],
  ["6.5.2 MAX_FRAME_SIZE of 2^24", { connection: [code.protocol] }, (client) =>
    client.write(settings([[setting.frame_size, 16_777_216]]))],
  ["RFC 8441 §3 ENABLE_CONNECT_PROTOCOL of 2", { connection: [code.protocol] }, (client) =>
    client.write(settings([[setting.connect_protocol, 2]]))],
  ["6.6 PUSH_PROMISE from a client", { connection: [code.protocol] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.push_promise, flag.end_headers, 1, Buffer.concat([u32(2), get]));
  }],
  ["6.7 PING on a stream", { connection: [code.protocol] }, (client) => client.send(type.ping, 0, 1, "12345678")],
  ["6.7 PING of 6 octets", { connection: [code.frame_size] }, (client) => client.send(type.ping, 0, 0, "123456")],
  ["6.8 GOAWAY on a stream", { connection: [code.protocol] }, (client) => client.send(type.go_away, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0])],
  ["6.9 WINDOW_UPDATE of 0", { connection: [code.protocol] }, (client) => client.send(type.window_update, 0, 0, u32(0))],
  ["6.9 WINDOW_UPDATE of 0 on a stream", { stream: [1, [code.protocol]] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.window_update, 0, 1, u32(0));
  }],
  ["6.9 WINDOW_UPDATE of 3 octets", { connection: [code.frame_size] }, (client) => client.send(type.window_update, 0, 0, [0, 0, 1])],
  ["6.9.1 the connection's window over 2^31-1", { connection: [code.flow_control] }, (client) => {
    client.send(type.window_update, 0, 0, u32(0x7fffffff));
    client.send(type.window_update, 0, 0, u32(0x7fffffff));
  }],
  ["6.9.1 a stream's window over 2^31-1", { stream: [1, [code.flow_control]] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.window_update, 0, 1, u32(0x7fffffff));
    client.send(type.window_update, 0, 1, u32(0x7fffffff));
  }],
  ["6.10 CONTINUATION after END_HEADERS", { connection: [code.protocol] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.continuation, flag.end_headers, 1, get);
  }],
  ["6.10 CONTINUATION on stream 0", { connection: [code.protocol] }, (client) => {
    client.send(type.headers, flag.end_stream, 1, get);
    client.send(type.continuation, flag.end_headers, 0, literal("x", "y"));
  }],
  ["6.10 CONTINUATION after CONTINUATION that ended", { connection: [code.protocol] }, (client) => {
    client.send(type.headers, 0, 1, get);
    client.send(type.continuation, flag.end_headers, 1, literal("x", "y"));
    client.send(type.continuation, flag.end_headers, 1, literal("x", "y"));
  }],
  ["6.10 CONTINUATION after DATA", { connection: [code.protocol] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.data, 0, 1, "x");
    client.send(type.continuation, flag.end_headers, 1, literal("x", "y"));
  }],
  ["8.1 a second HEADERS without END_STREAM", { stream: [1, [code.protocol]] }, (client) => {
    client.headers(1, publish, 0);
    client.headers(1, publish, 0);
  }],
  ...malformed([
    ["8.2.1 a field name in upper case", [...request("/healthz"), ["X-Test", "ok"]]],
    ["8.2.1 a field name with a blank", [...request("/healthz"), ["x test", "ok"]]],
    ["8.2.1 a field value with NUL", [...request("/healthz"), ["x-test", "o\0k"]]],
    ["8.2.1 a field value with a line end", [...request("/healthz"), ["x-test", "o\r\nk"]]],
    ["8.2.2 Connection", [...request("/healthz"), ["connection", "keep-alive"]]],
    ["8.2.2 Transfer-Encoding", [...request("/healthz"), ["transfer-encoding", "chunked"]]],
    ["8.2.2 TE other than trailers", [...request("/healthz"), ["te", "trailers, deflate;q=0.5"]]],
    ["8.3 an unknown pseudo-field", [...request("/healthz"), [":test", "ok"]]],
    ["8.3 a pseudo-field of answers", [...request("/healthz"), [":status", "200"]]],
    ["8.3 a pseudo-field after a regular one", [["x-test", "ok"], ...request("/healthz")]],
    ["8.3.1 an empty :path", [...without(request("/healthz"), ":path"), [":path", ""]]],
    ["8.3.1 no :method", without(request("/healthz"), ":method")],
    ["8.3.1 no :scheme", without(request("/healthz"), ":scheme")],
    ["8.3.1 no :path", without(request("/healthz"), ":path")],
    ["8.3.1 :method twice", [...request("/healthz"), [":method", "GET"]]],
    ["8.3.1 :scheme twice", [...request("/healthz"), [":scheme", "http"]]],
    ["8.3.1 :path twice", [...request("/healthz"), [":path", "/healthz"]]],
    ["8.3.1 Host that contradicts :authority", [...request("/healthz"), ["host", "elsewhere"]]],
    ["RFC 8441 §4 :protocol without CONNECT", [...request("/ws"), [":protocol", "websocket"]]],
    ["8.1.1 Content-Length without a body", [...publish, ["content-length", "1"]]],
  ]),
  ["8.1 a pseudo-field in trailers", { stream: [1, [code.protocol]] }, (client) => {
    client.headers(1, publish, 0);
    client.send(type.data, 0, 1, "x");
    client.headers(1, [[":method", "POST"]]);
  }],
  ["8.1.1 Content-Length and less DATA", { stream: [1, [code.protocol]] }, (client) => {
    client.headers(1, [...publish, ["content-length", "3"]], 0);
    client.send(type.data, flag.end_stream, 1, "xy");
  }],
  ["8.1.1 Content-Length and more DATA in pieces", { stream: [1, [code.protocol]] }, (client) => {
    client.headers(1, [...publish, ["content-length", "3"]], 0);
    client.send(type.data, 0, 1, "xy");
    client.send(type.data, flag.end_stream, 1, "xy");
  }],
  ["HPACK 2.3.3 an index that names nothing", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0xff, 0x80, 0x01])]))],
  ["HPACK 2.3.3 an index of a name that names nothing", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0x7f, 0x80, 0x01, 1, 0x61])]))],
  ["HPACK 4.2 a table size update at the end", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0x21])]))],
  ["HPACK 5.2 Huffman padding of more than 7 bits", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0, 1, 0x78, 0x82, 0x1f, 0xff])]))],
  ["HPACK 5.2 Huffman padding with zeros", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0, 1, 0x78, 0x81, 0x18])]))],
  ["HPACK 5.2 Huffman text with EOS", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0, 1, 0x78, 0x84, 0xff, 0xff, 0xff, 0xff])]))],
  ["HPACK 6.1 index 0", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0x80])]))],
  ["HPACK 6.3 a table larger than SETTINGS_HEADER_TABLE_SIZE", { connection: [code.compression] }, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([bytes([0x3f, 0xe1, 0xff, 0x03]), get]))],
];

/** What nobody must mind: afterwards the request on the stream given is answered. @type {[string, number, (client: Client) => unknown][]} */
const oddities = [
  ["4.1 an unknown frame type", 1, (client) => client.send(0x16, 0xff, 0, "12345678")],
  ["4.1 undefined flags of PING", 1, (client) => client.send(type.ping, 0x16, 0, "12345678")],
  ["4.1 the reserved bit of a stream's number", 1, (client) => client.send(type.ping, 0, 0x80000000, "12345678")],
  ["5.1 PRIORITY on idle and closed streams", 3, async (client) => {
    client.send(type.priority, 0, 1, [0, 0, 0, 0, 255]);
    client.send(type.priority, 0, 7, [0x80, 0, 0, 1, 0]);
    client.headers(1, request("/healthz"));
    await client.body(1);
    client.send(type.priority, 0, 1, [0, 0, 0, 0, 15]);
  }],
  ["5.1 WINDOW_UPDATE, PRIORITY and RST_STREAM after the request's end", 3, (client) => {
    client.headers(1, request("/api/messages/subscribe?channel=a"));
    client.send(type.window_update, 0, 1, u32(10_000));
    client.send(type.priority, 0, 1, [0, 0, 0, 0, 15]);
    client.send(type.reset, 0, 1, u32(code.cancel));
  }],
  ["5.1 WINDOW_UPDATE and RST_STREAM on a closed stream", 3, async (client) => {
    client.headers(1, request("/healthz"));
    await client.body(1);
    client.send(type.window_update, 0, 1, u32(10_000));
    client.send(type.reset, 0, 1, u32(code.cancel));
  }],
  ["5.1 stream numbers with gaps", 1001, (client) => client.headers(101, request("/healthz"))],
  ["6.5 all settings, unknown ones, and one several times", 1, (client) => client.write(settings([
    [setting.header_table, 0], [setting.push, 0], [setting.streams, 1], [setting.window, 1], [setting.window, window_size],
    [setting.frame_size, 16_777_215], [setting.header_list, 100], [0xff, 7],
  ]))],
  ["6.7 a PING's answer that nobody asked for", 1, async (client) => {
    client.send(type.ping, flag.ack, 0, "12345678");
    await client.lives();
    assert.equal(client.frames.some((each) => each.type === type.ping && each.payload.equals(bytes("12345678"))), false);
  }],
  ["6.9 a window of 2^31-1", 1, (client) => client.send(type.window_update, 0, 0, u32(0x7fffffff - window_size))],
  ["7 an unknown code in RST_STREAM", 3, (client) => {
    client.headers(1, publish, 0);
    client.send(type.reset, 0, 1, u32(0xff));
  }],
];

/** Requests that are served, whatever they are wrapped in. @type {[string, number, (client: Client) => unknown][]} */
const wrappings = [
  ["2.1 padding and priority on HEADERS", 1, (client) =>
    client.send(type.headers, whole | flag.padded | flag.priority, 1, Buffer.concat([bytes([8]), u32(0x80000000), bytes([15]), get, Buffer.alloc(8)]))],
  ["6.2 one CONTINUATION", 1, (client) => {
    client.send(type.headers, flag.end_stream, 1, get.subarray(0, 7));
    client.send(type.continuation, flag.end_headers, 1, get.subarray(7));
  }],
  ["6.10 several CONTINUATIONs", 1, (client) => {
    client.send(type.headers, flag.end_stream, 1, get);
    for (let i = 0; i < 4; ++i) client.send(type.continuation, 0, 1, literal(`x-${i}`, "ok"));
    client.send(type.continuation, flag.end_headers, 1, literal("x-last", "ok"));
  }],
  ["8.1 a body in padded pieces and empty ones, and trailers", 1, (client) => {
    client.headers(1, publish, 0);
    client.send(type.data, flag.padded, 1, Buffer.concat([bytes([6]), bytes("on"), Buffer.alloc(6)]));
    client.send(type.data, 0, 1);
    client.send(type.data, 0, 1, "e");
    client.headers(1, [["x-test", "ok"]]);
  }],
  ["8.1.1 Content-Length that fits", 1, (client) => {
    client.headers(1, [...publish, ["content-length", "3"]], 0);
    client.send(type.data, flag.end_stream, 1, "one");
  }],
  ["8.2.2 TE: trailers", 1, (client) => client.headers(1, [...request("/healthz"), ["te", "trailers"]])],
  ["8.2.3 cookies in crumbs", 1, (client) => client.headers(1, [...request("/healthz"), ["cookie", "a=b"], ["cookie", "c=d"]])],
  ["8.3.1 Host in place of :authority", 1, (client) =>
    client.headers(1, [...without(request("/healthz"), ":authority"), ["host", "127.0.0.1"]])],
  ["10.5 Expect: 100-continue", 1, (client) => {
    client.headers(1, [...publish, ["expect", "100-continue"]], 0);
    client.send(type.data, flag.end_stream, 1, "one");
  }],
  // HPACK: `:method GET`, `:scheme http`, `:path /` are 2, 6 and 4 of its table, `:authority` is 1.
  ["HPACK 6.1 indexed fields", 1, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([bytes([0x82, 0x86, 0x84, 0x01, 9]), bytes("127.0.0.1")]))],
  ["HPACK 6.2 all kinds of literals, of the dynamic table too", 3, (client) => {
    const text = (/** @type {string} */ value) => Buffer.concat([bytes([value.length]), bytes(value)]);
    const start = Buffer.concat([bytes([0x82, 0x86, 0x84, 0x41]), text("127.0.0.1")]);
    client.send(type.headers, whole, 1, Buffer.concat([start, bytes([0x40]), text("x-a"), text("1"), bytes([0x10]), text("x-b"), text("2"),
      bytes([0x1f, 0]), text("3"), bytes([0x0f, 1]), text("4")]));
    client.send(type.headers, whole, 3, bytes([0x82, 0x86, 0x84, 0xbf, 0xbe]));
  }],
  ["HPACK 5.2 Huffman codes", 1, (client) => // www.example.com, RFC 7541 §C.4.1
    client.send(type.headers, whole, 1, Buffer.concat([get, bytes([0x00, 1, 0x78, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff])]))],
  ["HPACK 6.3 table size updates in front", 1, (client) =>
    client.send(type.headers, whole, 1, Buffer.concat([bytes([0x20, 0x3f, 0xe1, 0x1f]), get]))],
];

/** @param {Client} client @param {string} name */
function send_named(client, name) {
  if (name === "DATA") return client.send(type.data, flag.end_stream, 1, "x");
  if (name === "HEADERS") return client.headers(1, request("/healthz"));
  return client.send(type.continuation, flag.end_headers, 1, get);
}

/** @param {[string, string[][]][]} cases @returns {[string, Fault, (client: Client) => unknown][]} */
function malformed(cases) {
  return cases.map(([name, fields]) => [name, { stream: [1, [code.protocol]] }, (client) => client.headers(1, fields)]);
}

/** The value of a setting. @param {Buffer | undefined} payload @param {number} id */
function entry(payload, id) {
  for (let at = 0; payload && at < payload.length; at += 6) {
    if (payload.readUInt16BE(at) === id) return payload.readUInt32BE(at + 2);
  }
  return undefined;
}

const pair = make_certificate();

/** @param {import("node:test").TestContext} context */
async function start(context) {
  const server = await start_server(context, {
    listen: ["https://127.0.0.1:0", "127.0.0.1:0"],
    config: `${tls_section([pair])}[http]\nh2c = "on"\n`,
  });
  return { "with TLS": server.addresses[0], "without TLS": server.addresses[1] };
}

for (const way of /** @type {const} */ (["with TLS", "without TLS"])) {
  test(`faults, ${way}`, async (context) => {
    const url = (await start(context))[way];
    for (const [name, fault, say] of faults) {
      await context.test(name, async (inner) => {
        const client = await open_http2(inner, url, { ca: pair.pem });
        await say(client);
        if (fault.connection) {
          const ended = await client.ended_with();
          assert.ok(fault.connection.includes(ended), `ended with ${ended}; ${client}`);
        } else if (fault.stream) {
          const [stream, codes] = fault.stream;
          const ended = await client.reset_with(stream);
          assert.ok(codes.includes(ended), `reset with ${ended}; ${client}`);
        }
      });
    }
  });

  test(`what is odd and right, ${way}`, async (context) => {
    const url = (await start(context))[way];
    for (const [name, stream, say] of oddities) {
      await context.test(name, async (inner) => {
        const client = await open_http2(inner, url, { ca: pair.pem });
        await say(client);
        client.headers(stream, request("/healthz"));
        assert.equal(await client.status(stream), 200);
        await client.lives();
      });
    }
    for (const [name, stream, say] of wrappings) {
      await context.test(name, async (inner) => {
        const client = await open_http2(inner, url, { ca: pair.pem });
        await say(client);
        await client.body(stream);
        assert.equal(await final_status(client, stream), 200, String(client));
        await client.lives();
      });
    }
  });

  test(`beginnings and windows, ${way}`, async (context) => {
    const url = (await start(context))[way];
    await context.test("3.4 a wrong preface", async (inner) => {
      const client = await open_silent(inner, url, { ca: pair.pem });
      client.write("INVALID CONNECTION PREFACE\r\n\r\n");
      await until(() => client.wire.over, { what: "the end" });
    });
    await context.test("3.4 something else than SETTINGS first", async (inner) => {
      const client = await open_silent(inner, url, { ca: pair.pem });
      client.write(preface);
      client.send(type.ping, 0, 0, "12345678");
      assert.equal(await client.ended_with(), code.protocol);
    });
    await context.test("3.4 octet by octet", async (inner) => {
      const client = await open_silent(inner, url, { ca: pair.pem });
      for (const octet of Buffer.concat([bytes(preface), settings([]), frame(type.headers, whole, 1, get)])) client.write([octet]);
      assert.equal(await client.status(1), 200);
    });
    await context.test("6.9 an answer waits for its window, and grows with it", async (inner) => {
      const client = await open_http2(inner, url, { ca: pair.pem, settings: [[setting.window, 1]] });
      client.headers(1, request(page));
      await client.heard((each) => each.type === type.data && each.stream === 1, "DATA");
      await client.lives();
      assert.deepEqual(client.data(1).map((each) => each.length), [1]);
      client.write(settings([[setting.window, 4]]));
      await until(() => client.data(1).reduce((sum, each) => sum + each.length, 0) === 4, { what: "three octets more" });
      client.send(type.window_update, 0, 1, u32(10_000_000));
      client.send(type.window_update, 0, 0, u32(10_000_000));
      assert.match(await client.body(1), /<\/html>/);
    });
    await context.test("6.9.2 a window may become negative", async (inner) => {
      const client = await open_http2(inner, url, { ca: pair.pem, settings: [[setting.window, 3]] });
      client.headers(1, request(page));
      await client.heard((each) => each.type === type.data && each.stream === 1, "DATA");
      client.write(settings([[setting.window, 2]]));
      client.send(type.window_update, 0, 1, u32(2));
      await until(() => client.data(1).reduce((sum, each) => sum + each.length, 0) === 4, { what: "one octet more" });
    });
    await context.test("6.8 GOAWAY of the client: what is open is served, then it ends", async (inner) => {
      const client = await open_http2(inner, url, { ca: pair.pem });
      client.headers(1, request("/healthz"));
      client.send(type.go_away, 0, 0, [0, 0, 0, 0, 0, 0, 0, code.none]);
      await client.body(1);
      await until(() => client.wire.over, { what: "the end" });
    });
  });
}

/** Past a 100. @param {Client} client @param {number} stream */
async function final_status(client, stream) {
  const heads = client.frames.filter((each) => each.type === type.headers && each.stream === stream);
  return heads.at(-1)?.payload[0] === 0x88 ? 200 : client.status(stream);
}
