// Certificates that change while connections are open: on SIGHUP, by themselves, and for the worse.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { make_certificate, make_expired_certificate, tls_section, trust } from "../support/certificates.mjs";
import { open_client } from "../support/clients/index.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { HttpClient } from "../support/http.mjs";
import { reload } from "../support/restarts.mjs";
import { start_server } from "../support/server.mjs";
import { soon, until } from "../support/wait.mjs";

const one = make_certificate();
const two = make_certificate();
const expired = make_expired_certificate();
for (const pair of [one, two]) trust(pair);

/** The files that the server reads, with what stands in them. */
class Files {
  #folder = temporary_folder();
  certificate = join(this.#folder, "certificate.pem");
  key = join(this.#folder, "key.pem");
  pem = "";

  /** @param {import("../support/certificates.mjs").Pair} pair */
  constructor(pair) {
    this.put(pair);
  }

  /** @param {{ certificate: string, key: string }} pair */
  put(pair) {
    copyFileSync(pair.certificate, this.certificate);
    copyFileSync(pair.key, this.key);
  }
}

/** @param {import("node:test").TestContext} context @param {Files} files @param {string} [more] */
function start(context, files, more = "check_s = 0") {
  return start_server(context, { listen: ["https://127.0.0.1:0"], config: tls_section([files], more) });
}

/** The certificate that a new connection is shown, as PEM. @param {string} url */
async function shown(url) {
  const socket = tls.connect({ port: Number(new URL(url).port), host: "127.0.0.1", rejectUnauthorized: false });
  await soon(new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject)), {
    what: "a handshake",
  });
  const raw = socket.getPeerX509Certificate()?.toString();
  socket.destroy();
  return raw?.replace(/\s/g, "");
}

/** @param {string} url @param {{ pem: string }} pair */
function shows(url, pair) {
  return until(async () => (await shown(url)) === pair.pem.replace(/\s/g, ""), { what: "the other certificate" });
}

test("SIGHUP changes the certificate and leaves connections alone", async (context) => {
  const files = new Files(one);
  const server = await start(context, files);
  await shows(server.url, one);
  const reader = open_client("websocket", { url: server.url, channel: "a" });
  context.after(() => reader.close());
  await reader.ready;
  files.put(two);
  server.kill("SIGHUP");
  await server.logged(/\[tls\] new connections get the certificates that were just read/);
  await shows(server.url, two);
  await server.http.publish("a", "still here");
  await until(() => reader.messages.length === 1, { what: "a message over the old connection" });
});

test("a change of the files is enough", async (context) => {
  const files = new Files(one);
  const server = await start(context, files, "check_s = 1");
  await shows(server.url, one);
  files.put(two);
  await shows(server.url, two);
});

test("files that will not do leave the old certificate, and say why", async (context) => {
  const files = new Files(one);
  const server = await start(context, files);
  /** @type {[() => void, RegExp][]} */
  const mistakes = [
    [() => files.put(expired), /expired on 2020-02-01; renew it/],
    [() => files.put({ certificate: two.certificate, key: one.key }), /is not for this private key/],
    [() => writeFileSync(files.certificate, "nonsense"), /holds no certificate \(PEM\)/],
    [() => writeFileSync(files.key, ""), /holds no certificate \(PEM\)/],
  ];
  for (const [make, complaint] of mistakes) {
    server.log = "";
    make();
    server.kill("SIGHUP");
    await server.logged(complaint);
    await server.logged(/SIGHUP: the settings stay as they were/);
    assert.equal(await shown(server.url), one.pem.replace(/\s/g, ""));
    for (const line of readFileSync(one.key, "utf8").split("\n")) {
      if (/^[A-Za-z0-9+/]/.test(line)) assert.ok(!server.log.includes(line), "a key in the log");
    }
  }
  files.put(two);
  server.kill("SIGHUP");
  await shows(server.url, two);
});

test("what is read at the start only may not be left without what it needs", async (context) => {
  const files = new Files(one);
  const server = await start(context, files);
  for (const wanted of ['[server]\nlisten = ["127.0.0.1:0"]\n', '[server]\nlisten = ["https://127.0.0.1:0"]\n[tls]\nself_signed = "on"\n']) {
    server.log = "";
    reload(server, wanted);
    await server.logged(/SIGHUP: the settings stay as they were/);
    assert.equal(await shown(server.url), one.pem.replace(/\s/g, ""));
  }
});

test("a bad change of the files, unasked, is told once and keeps the old certificate", async (context) => {
  const files = new Files(one);
  const server = await start(context, files, "check_s = 1");
  writeFileSync(files.certificate, "half of");
  await server.logged(/holds no certificate \(PEM\); the certificates stay as they were/);
  assert.equal(await shown(server.url), one.pem.replace(/\s/g, ""));
  files.put(two);
  await shows(server.url, two);
});

test("certificates change under load and no connection is lost", async (context) => {
  const files = new Files(one);
  const server = await start(context, files);
  const readers = Array.from({ length: 10 }, (_, index) =>
    open_client(index % 2 ? "websocket" : "sse", { url: server.url, channel: "load" }));
  context.after(() => Promise.all(readers.map((reader) => reader.close())));
  await Promise.all(readers.map((reader) => reader.ready));
  let sent = 0;
  let changing = true;
  const publish = async () => {
    while (changing) {
      // A connection of its own each time, so that handshakes go on while certificates change.
      const http = new HttpClient(server.url);
      await http.publish("load", "x".repeat(2_000));
      ++sent;
      await http.close();
    }
  };
  const publishers = Array.from({ length: 4 }, publish);
  for (let turn = 0; turn < 10; ++turn) {
    const next = turn % 2 ? one : two;
    files.put(next);
    server.kill("SIGHUP");
    await shows(server.url, next);
  }
  changing = false;
  await Promise.all(publishers);
  for (const reader of readers) {
    await until(() => reader.messages.length === sent, { what: () => `${sent} messages, not ${reader.messages.length}` });
  }
});
