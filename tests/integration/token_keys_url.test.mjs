// The keys of tokens at a URL: how new ones come into force, and what happens while there is no
// answer, or a bad one.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { start_application } from "../support/application.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { key_pair, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */
/** @typedef {import("../support/application.mjs").Application} Application */
/** @typedef {import("node:test").TestContext} Context */
/** @typedef {ReturnType<typeof key_pair>} Pair */

const [first, second] = [key_pair("ES256", "first"), key_pair("EdDSA", "second")];
const channels = { "chat:*": ["*"] };
const hour_s = 3600;

/** @param {Pair[]} pairs */
const key_set = (...pairs) => ({ body: { keys: pairs.map(({ jwk }) => jwk) } });

/** @param {Application} application @param {{ refresh_s?: number, more?: string }} [options] */
const config_of = (application, { refresh_s = hour_s, more = "" } = {}) => `
  [access]
  token_keys = "${application.url}/keys.json?key=hidden"
  token_keys_refresh_s = ${refresh_s}
  ${more}`;

/** @param {Server} server @param {Pair} pair @param {object} [header] */
async function answer_to(server, pair, header) {
  const authorization = `Bearer ${pair.token({ sub: "ann", channels }, header)}`;
  return (await server.http.get("/api/messages?channel=chat:a", { authorization })).status;
}

/** @param {Server} server @param {Pair} pair @param {number} status */
function becomes(server, pair, status) {
  return until(async () => (await answer_to(server, pair)) === status, { what: `the answer ${status}` });
}

/** @param {Server} server @param {string} result */
const fetches = (server, result) => metric(server.http, "carillon_token_key_fetches_total", { result });

test("keys are fetched at the start, and others when the time has come", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const server = await start_server(context, { config: config_of(application, { refresh_s: 1 }) });
  await becomes(server, first, 200);
  assert.equal(application.questions[0].path, "/keys.json?key=hidden");
  application.answer = () => key_set(first, second);
  await becomes(server, second, 200);
  assert.equal(await answer_to(server, first), 200);
  application.answer = () => key_set(second);
  await becomes(server, first, 401);
  assert.equal(await answer_to(server, second), 200);
  assert.equal(application.connection_count, 1);
  assert.doesNotMatch(server.log, /hidden/);
});

test("every reactor gets them, and what is open goes on", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const server = await start_server(context, { config: config_of(application, { refresh_s: 1 }) });
  await becomes(server, first, 200);
  const connect = { headers: { authorization: `Bearer ${first.token({ sub: "ann", channels })}` } };
  const sockets = await Promise.all(Array.from({ length: 12 }, () => open_socket(context, server.url, connect)));
  application.answer = () => key_set(second);
  await becomes(server, first, 401);
  for (const socket of sockets) {
    assert.equal((await socket.ask({ type: "subscribe", channel: "chat:a" })).type, "ok");
    const token = second.token({ sub: "ann", channels });
    await until(async () => (await socket.ask({ type: "connect", token })).type === "ok", { what: "the new key" });
  }
});

test("a key that is not known is fetched at once, and only once", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const server = await start_server(context, { config: config_of(application) });
  await until(async () => (await fetches(server, "fetched")) === 1, { what: "the first fetch" });
  await fetches(server, "fetched"); // which asks every reactor, so that all have the keys by now
  assert.equal(await answer_to(server, first), 200);
  application.answer = () => key_set(first, second);
  await becomes(server, second, 200);
  assert.equal(application.questions.length, 2);
  const strangers = Array.from({ length: 50 }, (_, index) => answer_to(server, second, { kid: `stranger ${index}` }));
  assert.deepEqual(new Set(await Promise.all(strangers)), new Set([401]));
  assert.equal(await fetches(server, "fetched"), 2);
  assert.equal(application.questions.length, 2);
});

test("without an answer at the start no token counts, until there is one", async (context) => {
  const application = await start_application(context, () => key_set(first));
  await application.die();
  const server = await start_server(context, { config: config_of(application, { more: `anonymous = ["publish"]` }) });
  assert.equal(await answer_to(server, first), 401);
  assert.equal((await server.http.request("POST", "/api/messages?channel=chat:a", { body: "1" })).status, 200);
  await server.logged(/\[access\] token_keys http:\/\/127\.0\.0\.1:\d+\/keys\.json: .*tokens signed with its keys are refused/);
  await application.come_back();
  await becomes(server, first, 200);
  await server.logged(/token_keys http:\S+: 1 keys/);
});

test("the keys from before are used while there is no answer, or a bad one", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const server = await start_server(context, { config: config_of(application, { refresh_s: 1 }) });
  await becomes(server, first, 200);
  const bad = [
    { status: 500, ...key_set(second) }, { status: 301, headers: { location: "/other" } }, { body: "" }, { body: "<html>" },
    { body: { keys: "none" } }, { body: { keys: [] } }, { body: { keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA" }] } },
    { body: { keys: [second.jwk], more: "x".repeat(2 * 1024 * 1024) } },
  ];
  for (const answer of bad) {
    const failed = await fetches(server, "failed");
    application.answer = () => answer;
    server.kill("SIGHUP");
    await until(async () => (await fetches(server, "failed")) > failed, { what: "a failed fetch" });
    assert.equal(await answer_to(server, first), 200);
    assert.equal(await answer_to(server, second), 401);
  }
  const failed = await fetches(server, "failed");
  await application.die();
  server.kill("SIGHUP");
  await until(async () => (await fetches(server, "failed")) > failed, { what: "a failed fetch" });
  assert.equal(await answer_to(server, first), 200);
  assert.equal(server.log.match(/the keys from before are used/g)?.length, 1, server.log);
  await application.come_back();
  application.answer = () => key_set(second);
  server.kill("SIGHUP");
  await becomes(server, second, 200);
  assert.equal(await answer_to(server, first), 401);
});

test("SIGHUP fetches at once, from wherever the settings say by then", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const other = await start_application(context, () => key_set(second));
  const file = join(temporary_folder(), "carillon.toml");
  writeFileSync(file, config_of(application));
  const server = await start_server(context, { args: ["--config", file] });
  await becomes(server, first, 200);
  application.answer = () => key_set(first, second);
  server.kill("SIGHUP");
  await becomes(server, second, 200);
  application.answer = () => key_set(first);
  writeFileSync(file, config_of(other));
  server.kill("SIGHUP");
  await becomes(server, first, 401);
  await becomes(server, second, 200);
  writeFileSync(file, "[access]\n");
  server.kill("SIGHUP");
  await becomes(server, second, 401);
});

test("a secret counts beside them, and before them", async (context) => {
  const application = await start_application(context, () => key_set(first));
  await application.die();
  const server = await start_server(context, { config: config_of(application, { more: `token_secret = "${secret}"` }) });
  const authorization = `Bearer ${token_of({ sub: "ann", channels })}`;
  const ask = async () => (await server.http.get("/api/messages?channel=chat:a", { authorization })).status;
  assert.equal(await ask(), 200);
  await application.come_back();
  await becomes(server, first, 200);
  assert.equal(await ask(), 200);
});

test("the end waits neither for a kept connection nor for an answer", async (context) => {
  const application = await start_application(context, () => key_set(first));
  const server = await start_server(context, { config: config_of(application, { more: "[server]\ndrain_s = 600" }) });
  await becomes(server, first, 200);
  application.answer = () => new Promise(() => {});
  server.kill("SIGHUP");
  await until(() => application.questions.length === 2, { what: "the fetch" });
  server.kill("SIGTERM");
  await soon(server.exited, { what: "the end" });
});
