// TLS on a `listen` address: what is served there, on which terms, and what is refused.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { promisify } from "node:util";
import { make_certificate, make_expired_certificate, tls_section, trust } from "../support/certificates.mjs";
import { open_client, transports } from "../support/clients/index.mjs";
import { run_command } from "../support/command.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { HttpClient } from "../support/http.mjs";
import { metric } from "../support/metrics.mjs";
import { open_plain_socket } from "../support/plain_socket.mjs";
import { library_probe, start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";
import { open_wire } from "../support/wire.mjs";

const run = promisify(execFile);
const pair = make_certificate();
trust(pair);

/**
 * A server that speaks TLS on its first address and plain HTTP on its second.
 * @param {import("node:test").TestContext} context
 * @param {string} [more]       lines of `[tls]`
 * @param {string} [config]     other sections
 */
async function start(context, more = "", config = "") {
  const server = await start_server(context, {
    listen: ["https://127.0.0.1:0", "127.0.0.1:0"],
    config: tls_section([pair], more) + config,
  });
  const [secure, plain] = server.addresses;
  return { server, secure, plain, port: Number(new URL(secure).port) };
}

/** What the server gave them to come back with. @type {WeakMap<tls.TLSSocket, Buffer>} */
const tickets = new WeakMap();

/**
 * A TLS connection; it goes after the test.
 * @param {import("node:test").TestContext} context @param {number} port @param {tls.ConnectionOptions} [options]
 */
async function connect(context, port, options = {}) {
  const socket = tls.connect({ port, host: "127.0.0.1", ca: pair.pem, servername: "localhost", ...options });
  context.after(() => socket.destroy());
  socket.on("session", (ticket) => tickets.set(socket, ticket));
  await soon(
    new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject).once("close", reject)),
    { what: "a handshake" },
  );
  return socket;
}

/** What openssl's client says. @param {number} port @param {string[]} words @param {string} [input] */
async function s_client(port, words, input = "") {
  const child = run("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...words], { encoding: "utf8" });
  child.child.stdin?.end(input);
  const { stdout, stderr } = await child.catch((error) => error);
  return stdout + stderr;
}

/** @param {string} url @param {string} name @param {Record<string, string>} labels */
async function metric_of(url, name, labels) {
  const http = new HttpClient(url);
  try {
    return await metric(http, name, labels);
  } finally {
    await http.close();
  }
}

for (const transport of transports) {
  test(`${transport} over TLS hears everything`, async (context) => {
    const { server, secure } = await start(context);
    const before = await server.http.publish("a", "before");
    const client = open_client(transport, { url: secure, channel: "a", after: `${before.epoch}:0` });
    context.after(() => client.close());
    await client.ready;
    await server.http.publish("a", "x".repeat(50_000));
    await server.http.publish("a", "last");
    await until(() => client.messages.length === 3, { what: "three messages" });
    assert.deepEqual(client.messages.map((message) => message.data.length), [6, 50_000, 4]);
  });
}

test("curl is served, by TLS 1.2 and 1.3, and nothing older is", async (context) => {
  const { secure, port } = await start(context);
  for (const version of ["1.2", "1.3"]) {
    const words = ["-sS", "--cacert", pair.certificate, "--tls-max", version, `--tlsv${version}`];
    const { stdout } = await run("curl", [...words, `${secure}/healthz`]);
    assert.equal(stdout.trim(), "ok", version);
  }
  for (const words of [["-tls1_1"], ["-tls1"]]) {
    assert.match(await s_client(port, [...words, "-cipher", "ALL:@SECLEVEL=0"]), /alert protocol version/, words[0]);
  }
  const weak = ["-tls1_2", "-cipher", "AES128-GCM-SHA256:AES256-SHA:DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"];
  assert.match(await s_client(port, weak), /alert handshake failure/);
});

test("`min_version` and `ciphers` are obeyed", async (context) => {
  const { port } = await start(context, 'min_version = "1.3"\ncipher_suites = "TLS_CHACHA20_POLY1305_SHA256"');
  assert.match(await s_client(port, ["-tls1_2"]), /alert protocol version/);
  assert.match(await s_client(port, ["-tls1_3"]), /Cipher is TLS_CHACHA20_POLY1305_SHA256/);
});

test("sslscan finds no weak protocol, no weak cipher, no compression, no renegotiation", async (context) => {
  const { port } = await start(context);
  const { stdout } = await run("sslscan", ["--no-colour", `127.0.0.1:${port}`]);
  for (const protocol of ["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"]) {
    assert.match(stdout, new RegExp(`${protocol.replace(".", "\\.")} +disabled`), stdout);
  }
  assert.match(stdout, /TLSv1\.2 +enabled/);
  assert.match(stdout, /TLSv1\.3 +enabled/);
  assert.doesNotMatch(stdout, /Compression enabled/);
  assert.match(stdout, /Session renegotiation not supported/);
  const accepted = stdout.split("\n").filter((line) => /^(Accepted|Preferred)/.test(line));
  assert.ok(accepted.length > 3, stdout);
  for (const line of accepted) assert.match(line, /(TLS_(AES|CHACHA20)|ECDHE-\w+-(AES\d+-GCM|CHACHA20))/, stdout);
});

test("renegotiation is refused", async (context) => {
  const { port, server, secure } = await start(context);
  const socket = await connect(context, port, { maxVersion: "TLSv1.2" });
  const refused = new Promise((resolve) => {
    socket.once("error", resolve).once("close", () => resolve(new Error("closed")));
    socket.renegotiate({}, (error) => error && resolve(error));
  });
  assert.match(String(await soon(refused, { what: "the refusal" })), /no.renegotiation|closed/i);
  assert.equal((await server.http.get("/healthz")).status, 200, secure);
});

test("plain HTTP on the port of TLS gets an answer that can be read", async (context) => {
  const { server, port, plain } = await start(context);
  const wire = await open_wire(context, `http://127.0.0.1:${port}`);
  wire.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => wire.over, { what: "the end" });
  const text = wire.rest.toString();
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(text, /this port speaks https/);
  assert.equal(server.addresses[1], plain);
  await until(async () => (await metric_of(plain, "carillon_tls_refusals_total", { reason: "plain_http" })) === 1, {
    what: "the count of it",
  });
});

test("garbage ends the connection, and what comes after is served", async (context) => {
  const { server, port, plain } = await start(context);
  const client_hello_head = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
  const garbage = [
    Buffer.alloc(2_000, 0xff),
    Buffer.from([0x16, 3, 1, 0, 4, 1, 0, 0, 0]),
    Buffer.concat([client_hello_head, Buffer.alloc(505, 0x41)]),
    Buffer.from([0x80, 0x2e, 1, 0, 2]), // SSLv2
    Buffer.from("\0\0\0\0\0\0\0\0"),
    Buffer.from([0x16, 3, 1, 0xff, 0xff, 1]),
  ];
  for (const octets of garbage) {
    const wire = await open_wire(context, `http://127.0.0.1:${port}`);
    wire.write(octets);
    wire.end();
    await until(() => wire.over, { what: `an end after ${octets.subarray(0, 8).toString("hex")}` });
  }
  assert.equal((await server.http.get("/healthz")).status, 200);
  assert.ok((await metric_of(plain, "carillon_tls_refusals_total", { reason: "failed" })) >= 4);
});

test("half a handshake is cut when its time is over", async (context) => {
  const { port, plain } = await start(context, "handshake_s = 1");
  const silent = await open_wire(context, `http://127.0.0.1:${port}`);
  const half = await open_wire(context, `http://127.0.0.1:${port}`);
  half.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]));
  await until(() => silent.over && half.over, { what: "both to be cut" });
  assert.equal(await metric_of(plain, "carillon_tls_refusals_total", { reason: "timeout" }), 2);
});

test("the certificate is the one for the name that the client asks for", async (context) => {
  const other = make_certificate({ names: ["DNS:other.example"] });
  const wild = make_certificate({ names: ["DNS:*.wild.example", "DNS:localhost"] });
  const server = await start_server(context, {
    listen: ["https://127.0.0.1:0"],
    config: tls_section([pair, other, wild]),
  });
  const port = Number(new URL(server.url).port);
  /** @param {string} name */
  const subject_for = async (name) => {
    const socket = await connect(context, port, { servername: name, rejectUnauthorized: false });
    return socket.getPeerCertificate().subject.CN;
  };
  assert.equal(await subject_for("other.example"), "other.example");
  assert.equal(await subject_for("OTHER.example"), "other.example");
  assert.equal(await subject_for("a.wild.example"), "*.wild.example");
  assert.equal(await subject_for("a.b.wild.example"), "localhost", "a star is for one label");
  assert.equal(await subject_for("localhost"), "localhost", "the first of two");
  assert.equal(await subject_for("unknown.example"), "localhost");
  assert.equal(await subject_for(""), "localhost");
});

test("ALPN gives http/1.1, and refuses who speaks none of ours", async (context) => {
  const { port } = await start(context);
  const both = await connect(context, port, { ALPNProtocols: ["spdy/1", "http/1.1"] });
  assert.equal(both.alpnProtocol, "http/1.1");
  const none = await connect(context, port);
  assert.equal(none.alpnProtocol, false);
  await assert.rejects(connect(context, port, { ALPNProtocols: ["spdy/1"] }), /no.application.protocol/i);
});

for (const version of /** @type {const} */ (["TLSv1.2", "TLSv1.3"])) {
  test(`a client comes back with a ticket, to any reactor (${version})`, async (context) => {
    const { port, plain } = await start(context);
    const first = await connect(context, port, { maxVersion: version, minVersion: version });
    const session = await until(() => tickets.get(first), { what: "a ticket" });
    // Enough for every reactor to get one.
    for (let turn = 0; turn < 12; ++turn) {
      const again = await connect(context, port, { session, maxVersion: version, minVersion: version });
      assert.ok(again.isSessionReused(), `connection ${turn}`);
    }
    assert.equal(await metric_of(plain, "carillon_tls_handshakes_total", { kind: "resumed" }), 12);
  });
}

test("clients must show a certificate where it is required", async (context) => {
  const known = make_certificate({ names: ["DNS:client"] });
  const stranger = make_certificate({ names: ["DNS:stranger"] });
  const { port } = await start(context, `client_certificates = "required"\nclient_ca = "${known.certificate}"`);
  /** @param {import("../support/certificates.mjs").Pair} [shown] */
  const ask = async (shown) => {
    const socket = await connect(context, port, shown && { cert: shown.pem, key: readFileSync(shown.key) });
    socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let text = "";
    for await (const piece of socket) text += piece;
    return text;
  };
  assert.match(await ask(known), /^HTTP\/1\.1 200/);
  await assert.rejects(ask(), /certificate.required|closed|ECONNRESET/i);
  await assert.rejects(ask(stranger), /unknown.ca|closed|ECONNRESET|certificate/i);
});

test("answers over TLS carry HSTS where it is set, and cookies count as secure", async (context) => {
  const { server, plain } = await start(context, 'hsts = "max-age=600; includeSubDomains"');
  const secure = await server.http.get("/healthz");
  assert.equal(secure.headers["strict-transport-security"], "max-age=600; includeSubDomains");
  const http = new HttpClient(plain);
  context.after(() => http.close());
  assert.equal((await http.get("/healthz")).headers["strict-transport-security"], undefined);
  const page = { origin: server.url, "content-type": "application/json" };
  const body = JSON.stringify({ channel: "a", data: 1 });
  const publish = (/** @type {Record<string, string>} */ headers) =>
    server.http.request("POST", "/api/messages", { headers, body });
  assert.equal((await publish(page)).status, 200, "a page of this very origin");
  assert.equal((await publish({ ...page, origin: server.url.replace("https", "http") })).status, 403);
});

test("`redirect_listen` sends everything to https and serves nothing", async (context) => {
  const server = await start_server(context, {
    listen: ["https://127.0.0.1:0"],
    config: tls_section([pair], 'redirect_listen = ["127.0.0.1:0"]\nredirect_port = 8443'),
  });
  const [, address] = await server.logged(/listening on (http:\S+) \(redirects to https\)/);
  const http = new HttpClient(address);
  context.after(() => http.close());
  const page = await http.get("/api/messages?channel=a%20b&limit=1");
  assert.equal(page.status, 308);
  assert.equal(page.headers.location, "https://127.0.0.1:8443/api/messages?channel=a%20b&limit=1");
  const post = await http.request("POST", "/api/messages", { body: "{}", headers: { host: "localhost:80" } });
  assert.equal(post.status, 308);
  assert.equal(post.headers.location, "https://localhost:8443/api/messages");
  const stranger = await http.request("GET", "/", { headers: { host: "evil.example" } });
  assert.equal(stranger.status, 403, "no open redirect");
});

test("`--tls-self-signed` serves localhost, and keeps its certificate", async (context) => {
  const folder = temporary_folder();
  const start_one = () =>
    start_server(context, { args: ["--tls-self-signed", "--data-dir", join(folder, "data")] });
  /** @param {number} port */
  const fingerprint = async (port) => {
    const socket = await connect(context, port, { rejectUnauthorized: false });
    const { subjectaltname, fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    assert.equal(subjectaltname, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    return fingerprint256;
  };
  const first = await start_one();
  assert.match(first.url, /^https:/);
  const seen = await fingerprint(Number(new URL(first.url).port));
  await first.stop();
  const second = await start_one();
  assert.equal(await fingerprint(Number(new URL(second.url).port)), seen);
});

test("a reader over TLS that stops reading is sent away, and the others are not held up", async (context) => {
  const { server, secure, plain } = await start(context, "", "[websocket]\nmax_outbox_bytes = 65_536\n");
  const slow = await open_plain_socket(context, `${secure}/ws?protocol=carillon`);
  slow.send(JSON.stringify({ type: "subscribe", id: 1, channel: "a" }));
  await slow.next();
  const fast = open_client("sse", { url: secure, channel: "a" });
  context.after(() => fast.close());
  await fast.ready;
  slow.socket.pause();
  let sent = 0;
  await until(
    async () => {
      await server.http.publish("a", "x".repeat(60_000));
      ++sent;
      return (await metric_of(plain, "carillon_limits_hit_total", { limit: "outbox" })) > 0;
    },
    { what: "the slow reader's limit" },
  );
  await until(() => fast.messages.length === sent, { what: "the other reader to have everything" });
  slow.end();
});

test("a client that ends in the middle of a record, or by close_notify, is let go", async (context) => {
  const { port, plain } = await start(context);
  const polite = await connect(context, port);
  polite.end();
  await soon(new Promise((resolve) => polite.once("close", resolve)), { what: "our end" });
  const raw = net.connect(port, "127.0.0.1");
  const rude = await connect(context, port, { socket: raw });
  rude.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await soon(new Promise((resolve) => rude.once("data", resolve)), { what: "an answer" });
  raw.end(Buffer.from([0x17, 3, 3, 1, 0, 1, 2, 3]));
  await until(async () => (await metric_of(plain, "carillon_streams", {})) <= 1, { what: "both to be gone" });
});

test("what is wrong with the files is told at the start", async (context) => {
  const other = make_certificate();
  const expired = make_expired_certificate();
  const missing = join(temporary_folder(), "none.pem");
  /** @type {[string, RegExp][]} */
  const cases = [
    [tls_section([{ ...pair, key: other.key }]), /\[tls\] ".*" with ".*" is not for this private key/],
    [tls_section([{ ...pair, certificate: missing }]), /\[tls\] ".*none\.pem" cannot be read: No such file/],
    [tls_section([{ ...pair, certificate: pair.key }]), /holds no certificate \(PEM\)/],
    [tls_section([{ ...pair, key: pair.certificate }]), /holds no private key \(PEM\)/],
    [tls_section([expired]), /expired on 2020-02-01; renew it/],
    [`[tls]\ncertificates = ["${pair.certificate}"]\nkeys = ["a", "b"]\n`, /keys must be as many as certificates/],
    ["", /begins with "https:\/\/", but \[tls\] certificates is empty/],
    [tls_section([pair], 'ciphers = "NONSENSE"'), /\[tls\] ciphers "NONSENSE" is not known to OpenSSL/],
    [tls_section([pair], 'groups = "X1"'), /\[tls\] groups "X1" is not known to OpenSSL/],
    [tls_section([pair], 'client_certificates = "required"'), /client_certificates needs client_ca/],
    [tls_section([pair], 'hsts = "yes"'), /hsts must be like "max-age=31536000"/],
  ];
  const folder = temporary_folder();
  for (const [index, [config, complaint]] of cases.entries()) {
    const path = join(folder, `${index}.toml`);
    writeFileSync(path, `[server]\nlisten = ["https://127.0.0.1:0"]\n${config}`);
    const { code, errors } = await run_command(context, ["check-config", "--config", path]);
    assert.equal(code, 1, config);
    assert.match(errors, complaint);
  }
});

test("a program that uses the library serves TLS with two options more", async (context) => {
  const server = await start_server(context, {
    program: library_probe(),
    listen: ["https://127.0.0.1:0"],
    environment: { PROBE_CERTIFICATE: pair.certificate, PROBE_KEY: pair.key },
  });
  assert.match(server.url, /^https:/);
  const message = await server.http.publish("a", 1);
  assert.equal(message.offset, 1);
});

test("TLS begins behind a PROXY header", async (context) => {
  const address = "https://127.0.0.1:0";
  const server = await start_server(context, {
    listen: [address],
    config: `[server]
proxy_protocol = ["${address}"]
[access]
anonymous = ["subscribe"]
trusted_proxies = ["127.0.0.1"]
${tls_section([pair])}`,
  });
  const raw = net.connect(Number(new URL(server.url).port), "127.0.0.1");
  const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
  // Version 2, PROXY, TCP over IPv4, 12 octets: two addresses, two ports (HAProxy's proxy-protocol.txt §2.2).
  raw.write(Buffer.concat([signature, Buffer.from([0x21, 0x11, 0, 12, 192, 0, 2, 1, 127, 0, 0, 1, 0, 80, 1, 187])]));
  const socket = await connect(context, 0, { socket: raw });
  socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const piece of socket) text += piece;
  assert.match(text, /^HTTP\/1\.1 200/);
});
