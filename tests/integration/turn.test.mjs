// The relay with the clients of coturn, and with one that misbehaves.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import tls from "node:tls";
import { promisify } from "node:util";
import { make_certificate, tls_section } from "../support/certificates.mjs";
import { metric } from "../support/metrics.mjs";
import { Server, start_server } from "../support/server.mjs";
import { address, attribute, message, methods, read_address, StunClient, types } from "../support/stun.mjs";
import { until } from "../support/wait.mjs";

const run = promisify(execFile);
const user = { name: "alice", password: "wonder" };
const open_settings = `
  allowed_peers = ["127.0.0.0/8"]
  source_answers_per_s = 0
  user_allocations = 0
  address_allocations = 0`;

/**
 * @param {import("node:test").TestContext} context
 * @param {string} [settings]
 */
async function start(context, settings = open_settings, environment = {}) {
  const config = `
    [turn]
    listen = ["127.0.0.1:0"]
    users = ["alice:wonder"]
    ${settings}`;
  const server = await start_server(context, { config, environment });
  const [, ip, port] = await server.logged(/listening on turn:(\S+):(\d+)/);
  const count = (/** @type {string} */ name, labels = {}) => metric(server.http, `carillon_turn_${name}`, labels);
  return { server, place: { ip, port: Number(port) }, count };
}

/** A peer that sends back what it gets, or nothing where the port is taken. @param {number} port */
async function open_echo(port) {
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => socket.send(octets, from.port, from.address));
  const bound = once(socket, "listening").then(() => true, () => false);
  socket.bind(port, "127.0.0.1");
  return (await bound) ? socket : undefined;
}

/** One at two ports in a row: the second is for RTCP. @param {import("node:test").TestContext} context */
async function start_echo(context) {
  return until(async () => {
    const first = await open_echo(0);
    const port = first?.address().port ?? 0;
    const second = await open_echo(port + 1);
    context.after(() => [first, second].forEach((socket) => socket?.close()));
    return first && second && { ip: "127.0.0.1", port };
  }, { what: "two free ports in a row" });
}

/** What turnutils_uclient says, or its error. @param {string[]} words */
async function uclient(words) {
  const { stdout } = await run("turnutils_uclient", words, { timeout: 60_000 }).catch((error) => error);
  return String(stdout);
}

test("coturn's clients lose nothing, by UDP and TCP, with channels and indications", async (context) => {
  const { place, count } = await start(context);
  const peer = await start_echo(context);
  const port = String(place.port);
  const { stdout } = await run("turnutils_stunclient", ["-p", port, place.ip]);
  assert.match(stdout, /UDP reflexive addr: 127\.0\.0\.1:/);

  const common = ["-n", "5", "-m", "2", "-l", "300", "-u", user.name, "-p", port];
  const to_peer = ["-w", user.password, "-e", peer.ip, "-r", String(peer.port)];
  const runs = [[], ["-s"], ["-t"], ["-t", "-s"]].map((mode) => [...mode, ...common, ...to_peer, place.ip]);
  runs.push(["-y", ...common, "-w", user.password, place.ip]);
  for (const said of await Promise.all(runs.map(uclient))) {
    assert.match(said, /Total lost packets 0 /, said);
    assert.match(said, /tot_recv_msgs=[1-9]/, said);
  }
  const refused = await uclient([...common, "-w", "wrong", "-e", peer.ip, "-r", String(peer.port), place.ip]);
  assert.match(refused, /Cannot complete Allocation/);
  assert.ok((await count("errors_total", { code: "401" })) > 0);
});

test("coturn's clients lose nothing over IPv6 either, by UDP, TCP and TLS", async (context) => {
  const config = `${tls_section([make_certificate()])}[turn]
    listen = ["[::1]:0"]
    tls_listen = ["[::1]:0"]
    users = ["alice:wonder"]
    source_answers_per_s = 0
    user_allocations = 0
    allowed_peers = ["::1"]`;
  const server = await start_server(context, { config });
  const [, plain] = await server.logged(/listening on turn:\[::1\]:(\d+)/);
  const [, secure] = await server.logged(/listening on turns:\[::1\]:(\d+)/);
  const common = ["-y", "-x", "-n", "5", "-m", "2", "-u", user.name, "-w", user.password];
  const runs = [["-p", plain], ["-s", "-p", plain], ["-t", "-p", plain], ["-t", "-S", "-p", secure]];
  for (const said of await Promise.all(runs.map((mode) => uclient([...common, ...mode, "::1"])))) {
    assert.match(said, /Total lost packets 0 /, said);
    assert.match(said, /tot_recv_msgs=[1-9]/, said);
  }
});

test("by TLS clients may ask for stun.turn, and for nothing that is not spoken there", async (context) => {
  const config = `${tls_section([make_certificate()])}[turn]
    tls_listen = ["127.0.0.1:0"]
    users = ["alice:wonder"]`;
  const server = await start_server(context, { config, listen: ["https://127.0.0.1:0"] });
  const [, port] = await server.logged(/listening on turns:127\.0\.0\.1:(\d+)/);
  const ask_for = async (/** @type {number} */ at, /** @type {string[]} */ ALPNProtocols) => {
    const socket = tls.connect({ port: at, host: "127.0.0.1", ALPNProtocols, rejectUnauthorized: false });
    context.after(() => socket.destroy());
    await once(socket, "secureConnect");
    return socket;
  };
  const socket = await ask_for(Number(port), ["stun.turn"]);
  assert.equal(socket.alpnProtocol, "stun.turn");
  const answer = once(socket, "data");
  socket.write(message(methods.binding, []));
  assert.equal((await answer)[0].readUInt16BE(0), 0x0101);
  assert.equal((await ask_for(Number(port), [])).alpnProtocol, false);
  await assert.rejects(ask_for(Number(port), ["h2"]), /no.application.protocol/i);
  await assert.rejects(ask_for(Number(new URL(server.url).port), ["stun.turn"]), /no.application.protocol/i);
});

test("names that expire count until then", async (context) => {
  const secret = "0123456789abcdef0123456789abcdef";
  const { place } = await start(context, `${open_settings}\nsecret = "${secret}"`);
  const try_with = async (/** @type {number} */ expiry) => {
    const name = `${expiry}:carol`;
    const password = createHmac("sha1", secret).update(name).digest("base64");
    return (await (await new StunClient(place, { name, password }).open(context)).allocate()).error;
  };
  const now = Math.floor(Date.now() / 1000);
  assert.equal(await try_with(now + 600), 0);
  assert.equal(await try_with(now - 1), 401);
});

test("nobody reaches this machine or its network through the relay", async (context) => {
  const { place, count } = await start(context, "source_answers_per_s = 0");
  const client = await new StunClient(place, user).open(context);
  assert.equal((await client.allocate()).error, 0);
  for (const ip of ["127.0.0.2", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0"]) {
    const { error } = await client.ask(methods.create_permission, [address(types.peer, { ip, port: 0 })]);
    assert.equal(error, 403, ip);
  }
  // This machine's own address is reached at the ports of relays alone.
  const here = { ip: "127.0.0.1", port: place.port };
  assert.equal((await client.ask(methods.create_permission, [address(types.peer, here)])).error, 0);
  const bind = [attribute(types.channel, Buffer.from([0x40, 0, 0, 0])), address(types.peer, here)];
  assert.equal((await client.ask(methods.channel_bind, bind)).error, 403);
  client.send(message(0x16, [address(types.peer, here), attribute(types.data, "knock")]));
  await until(async () => (await count("dropped_total", { reason: "denied_peer" })) === 1, { what: "the drop" });
});

test("two clients behind the relay reach each other", async (context) => {
  const { place } = await start(context, "source_answers_per_s = 0");
  const clients = await Promise.all([1, 2].map(() => new StunClient(place, user).open(context)));
  const relayed = [];
  for (const client of clients) {
    const { values } = await client.allocate();
    relayed.push(read_address(/** @type {Buffer} */ (values.get(types.relayed))));
  }
  for (const [index, client] of clients.entries()) {
    const binding = [attribute(types.channel, Buffer.from([0x40, index, 0, 0])), address(types.peer, relayed[1 - index])];
    const { error } = await client.ask(methods.channel_bind, binding);
    assert.equal(error, 0);
  }
  clients[0].send(Buffer.concat([Buffer.from([0x40, 0, 0, 5]), Buffer.from("hello")]));
  await until(() => clients[1].data.length === 1, { what: "the data" });
  assert.equal(clients[1].data[0].toString("latin1"), "\x40\x01\0\x05hello");
});

test("quotas hold, and what ends makes room", async (context) => {
  const { place, count } = await start(context, "source_answers_per_s = 0\nuser_allocations = 2");
  const clients = await Promise.all([1, 2, 3].map(() => new StunClient(place, user).open(context)));
  assert.equal((await clients[0].allocate()).error, 0);
  assert.equal((await clients[1].allocate()).error, 0);
  assert.equal((await clients[2].allocate()).error, 486);
  assert.equal(await count("allocations"), 2);
  const end = [attribute(types.lifetime, Buffer.alloc(4))];
  assert.equal((await clients[0].ask(methods.refresh, end)).error, 0);
  assert.equal((await clients[2].allocate()).error, 0);
});

test("strangers get short answers, few of them, and cost no memory", async (context) => {
  // A sanitizer keeps what is freed for a while: that must not look like memory that grows.
  const prompt = `${process.env.ASAN_OPTIONS ?? ""}:quarantine_size_mb=1:thread_local_quarantine_size_kb=16`;
  const { server, place, count } = await start(context, "source_answers_per_s = 5", { ASAN_OPTIONS: prompt });
  const client = await new StunClient(place, user).open(context);
  const first = await client.ask_plainly(methods.allocate);
  assert.equal(first.error, 401);
  assert.ok(first.size <= 128, `${first.size} octets`);
  assert.ok(!first.values.has(types.software));

  const flood = async (/** @type {number} */ packets) => {
    const before = await handled();
    for (let sent = 0; sent < packets; sent += 100) {
      for (let i = 0; i < 100; ++i) client.send(message(methods.allocate, []));
      await server.http.get("/healthz"); // what the kernel cannot keep is lost before the server sees it
    }
    await until(async () => (await handled()) > before + packets / 2, { what: "most of the flood" });
  };
  const handled = async () => (await count("answers_total")) + (await count("dropped_total", { reason: "unanswered" }));
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]);
  await flood(10_000);
  const warm_kib = resident();
  const answers = client.answers;
  await flood(20_000);
  // The burst is 10; beyond it at most 5 a second, and this takes less than some minutes.
  assert.ok(client.answers < 1000, `${client.answers - answers} answers`);
  assert.ok((await count("dropped_total", { reason: "unanswered" })) > 5000);
  assert.ok(resident() < warm_kib + 4096, `from ${warm_kib} to ${resident()} KiB`);
});

test("octets that are no STUN end a TCP connection and nothing else", async (context) => {
  const { place, server } = await start(context);
  for (const octets of ["GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x00\x05hello", "\xff"]) {
    const socket = connect(place.port, place.ip);
    socket.on("error", () => {}).resume();
    socket.write(Buffer.from(octets, "latin1"));
    await once(socket, "close");
  }
  assert.equal((await server.http.get("/healthz")).status, 200);
});

test("a server that cannot be used does not start, and says why", async (context) => {
  const server = new Server({ config: '[turn]\nlisten = ["127.0.0.1:0"]' });
  context.after(() => server.stop({ expect_code: 1 }));
  await server.exited;
  assert.match(server.log, /\[turn\] listens, but nobody could use it: give a secret/);
});
