// PROXY headers, octet by octet: who is believed, whom the server takes the client for, and what
// becomes of connections that begin otherwise. (HAProxy itself is in proxies.test.mjs.)
// It takes long.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read_answer } from "../support/http_wire.mjs";
import { HttpClient } from "../support/http.mjs";
import { metric } from "../support/metrics.mjs";
import { start_haproxy } from "../support/proxy_program.mjs";
import { start_server } from "../support/server.mjs";
import { until } from "../support/wait.mjs";
import { open_wire, Wire } from "../support/wire.mjs";

const signature = "\r\n\r\n\0\r\nQUIT\n";
const [from_proxy, direct] = ["127.0.0.1:0", "localhost:0"];

/**
 * A server with two addresses: `url` for the proxy, and one for the test to look at metrics.
 * @param {import("node:test").TestContext} context
 * @param {{ proxies?: string[], http?: string }} [options]
 */
async function start(context, { proxies = ["127.0.0.1", "10.0.0.0/8"], http = "" } = {}) {
  const config = `
    [server]
    proxy_protocol = ["${from_proxy}"]
    [admin]
    listen = ["${direct}"]
    [access]
    anonymous = ["publish", "history"]
    hosts = ["live.example.org"]
    trusted_proxies = ${JSON.stringify(proxies)}
    ${http}`;
  const server = await start_server(context, { config, listen: [from_proxy] });
  await until(() => /listening on \S+ \(admin\)/.test(server.log), { what: "the admin's address" });
  const admin = new HttpClient(/listening on (\S+) \(admin\)/.exec(server.log)?.[1] ?? "");
  context.after(() => admin.close());
  const headers = (/** @type {string} */ result) => metric(admin, "carillon_proxy_headers_total", { result });
  return { server, url: server.url, headers };
}

/** @param {number} command @param {number} family @param {Buffer | number[]} rest */
function header(command, family, rest) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([Buffer.from(signature, "latin1"), Buffer.of(command, family), length, Buffer.from(rest)]);
}

/** The header of a client with that IPv4 address. @param {string} address @param {number[]} [tlvs] */
function client_at(address, tlvs = []) {
  return header(0x21, 0x11, [...address.split(".").map(Number), 10, 0, 0, 1, 0x12, 0x67, 0x1f, 0x40, ...tlvs]);
}

const local_ipv6 = header(0x21, 0x21, [...Buffer.alloc(15), 1, ...Buffer.alloc(16), 0x12, 0x67, 0x1f, 0x40]);

/** @param {string} path @param {string[]} [fields] @param {string} [method] */
function request(path, fields = [], method = "GET") {
  const all = ["Host: live.example.org", ...fields];
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${all.map((field) => `${field}\r\n`).join("")}\r\n`);
}

/** A publish from a page that is of the same origin only if the proxy's word on the scheme counts. */
const from_page = request("/api/messages?channel=a", [
  "Origin: https://live.example.org", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https", "Content-Length: 1"
], "POST");
const publish_from_page = Buffer.concat([from_page, Buffer.from("1")]);

test("a header and the request behind it may come in any pieces", async (context) => {
  const { url, headers } = await start(context);
  const whole = Buffer.concat([client_at("192.0.2.7", [4, 0, 1, 0]), request("/healthz")]);
  for (let cut = 0; cut < 40; cut++) {
    const wire = await open_wire(context, url);
    await wire.written(whole.subarray(0, cut));
    wire.write(whole.subarray(cut));
    assert.equal((await read_answer(wire)).status, 200);
    wire.cut();
  }
  const slow = await open_wire(context, url);
  for (const octet of whole) await slow.written(Buffer.of(octet));
  assert.equal((await read_answer(slow)).status, 200);
  assert.equal(await headers("taken"), 41);
});

test("the client is whom the header names, for every rule", async (context) => {
  const { url } = await start(context);
  /** @param {Buffer} opening @param {Buffer} octets */
  const status = async (opening, octets) => {
    const wire = await open_wire(context, url);
    wire.write(Buffer.concat([opening, octets]));
    return (await read_answer(wire)).status;
  };
  // A client of the proxy says what it likes about further proxies; another trusted proxy counts.
  assert.equal(await status(client_at("192.0.2.7"), publish_from_page), 403);
  assert.equal(await status(client_at("10.0.0.7"), publish_from_page), 200);
  // A client that the proxy does not tell is nobody who could be trusted.
  assert.equal(await status(header(0x21, 0x00, []), publish_from_page), 403);
  assert.equal(await status(header(0x21, 0x31, Buffer.alloc(216)), publish_from_page), 403);
  // The proxy's own connections are those of the proxy.
  assert.equal(await status(header(0x20, 0x00, []), publish_from_page), 200);
});

test("nobody behind a header is on this machine", async (context) => {
  const { url } = await start(context, { proxies: ["127.0.0.1"] });
  for (const opening of [
    client_at("127.0.0.2"), client_at("192.0.2.7"), local_ipv6, header(0x20, 0, []), header(0x21, 0, [])
  ]) {
    const wire = await open_wire(context, url);
    wire.write(Buffer.concat([opening, request("/metrics")]));
    assert.equal((await read_answer(wire)).status, 403);
  }
});

test("without a header there is nothing, and the log says why", async (context) => {
  const { server, url, headers } = await start(context);
  const bad = [
    request("/healthz"),
    "PROXY TCP4 192.0.2.7 10.0.0.1 4711 8000\r\n",
    Buffer.concat([Buffer.from(signature, "latin1"), Buffer.of(0x11)]),
    header(0x22, 0x11, Buffer.alloc(12)),
    header(0x21, 0x12, Buffer.alloc(12)),
    header(0x21, 0x11, Buffer.alloc(11)),
    header(0x21, 0x11, Buffer.alloc(5000)).subarray(0, 16),
  ];
  for (const [index, octets] of bad.entries()) {
    const wire = await open_wire(context, url);
    wire.write(octets);
    await wire.ended();
    assert.equal(await headers("malformed"), index + 1);
  }
  assert.match(server.log, /127\.0\.0\.1:\d+ was refused: it does not begin with a PROXY header/);
  assert.match(server.log, /of version 1, and only version 2 is served/);
});

test("HAProxy's version 1 is refused", async (context) => {
  const { server, url, headers } = await start(context);
  const proxy = await start_haproxy(context, `
defaults
    mode tcp
    timeout connect 5s
    timeout client 5s
    timeout server 5s
listen live
    bind :80
    server one ${new URL(url).host} send-proxy
`);
  const wire = await open_wire(context, proxy);
  wire.write(request("/healthz"));
  await until(() => wire.over, { what: "the end" });
  assert.equal(wire.rest.length, 0);
  assert.ok((await headers("malformed")) > 0);
  assert.match(server.log, /of version 1/);
});

test("a header that does not come in time ends the connection", async (context) => {
  const { url, headers } = await start(context, { http: "[http]\nheader_s = 1" });
  const silent = await open_wire(context, url);
  const slow = await open_wire(context, url);
  slow.write(client_at("192.0.2.7").subarray(0, 20));
  await silent.ended();
  await slow.ended();
  assert.equal(await headers("late"), 2);
});

test("who is not trusted is turned away before it says anything", async (context) => {
  const { server, url, headers } = await start(context, { proxies: ["10.0.0.0/8"] });
  const wire = new Wire(url);  // it may be over before the test sees it begin
  context.after(() => wire.cut());
  wire.write(Buffer.concat([client_at("192.0.2.7"), request("/healthz")]));
  await until(() => wire.over, { what: "the end" });
  assert.equal(wire.rest.length, 0);
  assert.equal(await headers("untrusted"), 1);
  assert.match(server.log, /127\.0\.0\.1:\d+ was refused: its peer is not in \[access\] trusted_proxies/);
});

test("a connection that waits for its header does not hold up the end", async (context) => {
  const { server, url } = await start(context, { http: "[http]\nheader_s = 3600" });
  const wire = await open_wire(context, url);
  await wire.written(client_at("192.0.2.7").subarray(0, 20));
  await server.stop();
  await until(() => wire.over, { what: "the end" });
});
