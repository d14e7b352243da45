// Tokens: every way to carry one, every transport, every kind of key, and what does not count.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { all_answers, upgrade_status } from "../support/all_answers.mjs";
import { run_command } from "../support/command.mjs";
import { open_socket } from "../support/command_socket.mjs";
import { read_events } from "../support/event_reader.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { metric } from "../support/metrics.mjs";
import { start_server } from "../support/server.mjs";
import { assemble, key_pair, now_s, secret, token_of } from "../support/tokens.mjs";
import { soon, until } from "../support/wait.mjs";

/** @typedef {import("../support/server.mjs").Server} Server */
/** @typedef {import("node:test").TestContext} Context */

const config = `[access]\nanonymous = []\ntoken_secret = "${secret}"\ntoken_leeway_s = 0\n`;
const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const may_chat = { "chat:*": ["subscribe", "publish", "history"] };

/** @param {object} [more] */
const ann = (more = {}) => token_of({ sub: "ann", exp: now_s() + 3600, channels: may_chat, ...more });

/** @param {Record<string, number | string>} answers @param {number} status @param {string} [code] */
function all_are(answers, status, code) {
  for (const [what, answer] of Object.entries(answers)) {
    const is_socket = what.startsWith("socket") || (what === "command" && typeof answer === "string");
    const fine = is_socket ? answer === code : answer === status || (what === "poll" && status === 200 && answer === 410);
    if (what === "upgrade" && answer === 101) continue;
    assert.ok(fine, `${what}: ${answer}`);
  }
}

test("the same token is answered the same on every transport", async (context) => {
  const server = await start_server(context, { config });
  all_are(await all_answers(context, server, ann(), "chat:a"), 200, "ok");
  all_are(await all_answers(context, server, ann(), "other"), 403, "forbidden");
  all_are(await all_answers(context, server, undefined, "chat:a"), 401, "unauthenticated");
  const bad = {
    expired: ann({ exp: now_s() - 1 }),
    "not begun": ann({ nbf: now_s() + 60 }),
    forged: token_of({ sub: "ann", channels: may_chat }, "another secret of nobody at all, 32+"),
    unsigned: assemble({ alg: "none" }, { sub: "ann", channels: may_chat }, () => Buffer.alloc(0)),
    "for others": ann({ aud: "somebody else" }),
    "cut short": ann().slice(0, -3),
    nonsense: "nonsense",
  };
  for (const [what, token] of Object.entries(bad)) {
    const answers = await all_answers(context, server, token, "chat:a");
    assert.equal(answers.upgrade, 401, what);
    all_are(answers, 401);
  }
  assert.ok(await metric(server.http, "carillon_http_refusals_total", { rule: "token" }) >= Object.keys(bad).length * 7);
  assert.doesNotMatch(server.log, new RegExp(secret));
});

test("a token comes in a header, in the query, in a cookie, or with connect", async (context) => {
  const server = await start_server(context, { config });
  const path = "/api/messages?channel=chat:a";
  assert.equal((await server.http.get(path, { authorization: `bearer   ${ann()}` })).status, 200);
  assert.equal((await server.http.get(`${path}&token=${ann()}`)).status, 200);
  assert.equal((await server.http.get(path, { cookie: `a=b; carillon_token=${ann()}` })).status, 200);
  const cookie = { cookie: `carillon_token=${ann()}` };
  for (const [site, status] of /** @type {const} */ ([["same-origin", 200], ["none", 200], ["same-site", 401], ["cross-site", 401]])) {
    assert.equal((await server.http.get(path, { ...cookie, "sec-fetch-site": site })).status, status, site);
  }
  assert.equal((await server.http.get(path, { ...cookie, origin: "http://evil.example" })).status, 401);
  assert.equal((await server.http.get(path, { ...cookie, origin: server.url })).status, 200);
  const basic = await server.http.get(path, { authorization: "Basic YTpi" });
  assert.equal(basic.status, 401);
  assert.equal(basic.headers["www-authenticate"], "Bearer");

  const socket = await open_socket(context, server.url);
  assert.equal((await socket.ask({ type: "subscribe", channel: "chat:a" })).code, "unauthenticated");
  assert.equal((await socket.ask({ type: "connect", token: "x" })).code, "unauthenticated");
  assert.equal((await socket.must({ type: "connect", token: ann() })).client, socket.welcome.client);
  await socket.must({ type: "subscribe", channel: "chat:a" });
  await socket.must({ type: "message", channel: "chat:a", data: "mine" });
  const heard = await until(() => socket.frames.find(({ type }) => type === "message"), { what: "my message" });
  assert.equal(heard.from.user, "ann");
});

test("with every page let in, a cookie says nothing, and with some it does", async (context) => {
  const status = async (/** @type {string} */ origins) => {
    const server = await start_server(context, { config: `${config}origins = ["${origins}"]\n` });
    const headers = { cookie: `carillon_token=${ann()}`, origin: "https://app.example" };
    const socket = await upgrade_status(server, headers);
    const reply = await server.http.get("/api/messages?channel=chat:a", headers);
    const by_header = await server.http.get("/api/messages?channel=chat:a", { ...headers, ...bearer(ann()) });
    assert.deepEqual([socket, by_header.status], [101, 200]);
    return reply.status;
  };
  assert.equal(await status("*"), 401);
  assert.equal(await status("https://app.example"), 200);
});

test("a user's own channel is the user's", async (context) => {
  const server = await start_server(context, { config: config.replace("[]", '["subscribe", "history", "publish"]') });
  const read = async (/** @type {string} */ channel, /** @type {string} */ token) =>
    (await server.http.get(`/api/messages?channel=${channel}`, token ? bearer(token) : {})).status;
  assert.equal(await read("user:ann", ann()), 200);
  assert.equal(await read("user:bob", ann()), 403);
  assert.equal(await read("user:ann", ""), 401);
  assert.equal(await read("news", ""), 200);
});

test("every kind of key signs, and none passes for another", async (context) => {
  const file = join(temporary_folder(), "keys.json");
  const pairs = /** @type {const} */ (["RS256", "PS256", "ES256", "EdDSA"]).map((alg) => ({ alg, ...key_pair(alg, alg) }));
  writeFileSync(file, JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) }));
  const server = await start_server(context, { config: `${config}token_keys = "${file}"\n` });
  const status = async (/** @type {string} */ token) =>
    (await server.http.get("/api/messages?channel=chat:a", bearer(token))).status;
  const claims = { channels: may_chat };
  for (const alg of /** @type {const} */ (["HS256", "HS384", "HS512"])) {
    assert.equal(await status(token_of(claims, secret, alg)), 200, alg);
  }
  for (const { alg, token, public_key } of pairs) {
    assert.equal(await status(token(claims)), 200, alg);
    assert.equal(await status(token(claims, { kid: "unknown" })), 401, `${alg} by an unknown key`);
    assert.equal(await status(token(claims, { alg: "HS256" })), 401, `${alg} said to be HS256`);
    const text = public_key.export({ format: "pem", type: "spki" });
    const confused = assemble({ alg: "HS256", kid: alg }, claims, (signed) => createHmac("sha256", text).update(signed).digest());
    assert.equal(await status(confused), 401, `${alg}: the public key as a secret`);
  }
});

test("keys are changed while it runs", async (context) => {
  const file = join(temporary_folder(), "keys.json");
  const [old_pair, new_pair] = [key_pair("EdDSA", "old"), key_pair("EdDSA", "new")];
  writeFileSync(file, JSON.stringify({ keys: [old_pair.jwk] }));
  const server = await start_server(context, { config: `[access]\ntoken_keys = "${file}"\n` });
  const status = async (/** @type {string} */ token) =>
    (await server.http.get("/api/messages?channel=chat:a", bearer(token))).status;
  const claims = { channels: may_chat };
  assert.equal(await status(old_pair.token(claims)), 200);
  assert.equal(await status(new_pair.token(claims)), 401);
  writeFileSync(file, JSON.stringify({ keys: [new_pair.jwk] }));
  server.kill("SIGHUP");
  await until(async () => (await status(new_pair.token(claims))) === 200, { what: "the new key to count" });
  await until(async () => (await status(old_pair.token(claims))) === 401, { what: "the old key to go" });
  writeFileSync(file, "no keys");
  server.kill("SIGHUP");
  await server.logged(/token_keys.*no JWK Set[^]*stay as they were/);
  assert.equal(await status(new_pair.token(claims)), 200);
});

test("when a token ends, so does what it opened", async (context) => {
  const server = await start_server(context, { config });
  const token = ann({ exp: now_s() + 3 });
  const socket = await open_socket(context, server.url, { headers: bearer(token) });
  await socket.must({ type: "subscribe", channel: "chat:a" });
  const reader = read_events(context, `${server.url}/api/events?channel=chat:a&token=${token}`);
  await reader.up_to("position", 1);
  const poll = server.http.get(`/api/messages/subscribe?channel=chat:a&timeout=60&token=${token}`);
  assert.equal(await soon(socket.closed, { what: "the WebSocket to close" }), 4410);
  const closing = socket.frames.at(-1);
  assert.deepEqual([closing.type, closing.code, closing.reconnect], ["closing", "expired", true]);
  const [last] = await reader.up_to("closing", 1);
  assert.equal(last.data.code, "expired");
  assert.equal((await soon(poll, { what: "the parked poll" })).status, 200);
  assert.equal((await server.http.get("/api/messages?channel=chat:a", bearer(token))).status, 401);
});

test("a token is refreshed without losing a subscription", async (context) => {
  const server = await start_server(context, { config });
  const first = ann({ exp: now_s() + 2 });
  const socket = await open_socket(context, server.url, { headers: bearer(first) });
  await socket.must({ type: "subscribe", channel: "chat:a" });
  const narrow = await socket.ask({ type: "connect", token: ann({ channels: { "chat:b": ["*"] } }) });
  assert.equal(narrow.code, "forbidden", "it is subscribed to more");
  assert.equal((await socket.ask({ type: "connect", token: token_of({ sub: "bob", channels: may_chat }) })).code, "conflict");
  await socket.must({ type: "connect", token: ann() });
  const over = async () => (await server.http.get("/api/messages?channel=chat:a", bearer(first))).status === 401;
  await until(over, { what: "the first token to end" });
  await socket.must({ type: "message", channel: "chat:a", data: "still here" });
  await until(() => socket.frames.some(({ data }) => data === "still here"), { what: "it, live" });
});

test("a session is its user's", async (context) => {
  const server = await start_server(context, { config });
  const socket = await open_socket(context, server.url, { headers: bearer(ann()) });
  const { session } = socket.welcome;
  const path = "/api/messages?channel=chat:a";
  assert.equal((await server.http.get(path, { ...bearer(ann()), "carillon-session": session })).status, 200);
  assert.equal((await server.http.get(path, { "carillon-session": session })).status, 401);
  const bob = token_of({ sub: "bob", channels: may_chat });
  assert.equal((await server.http.get(path, { ...bearer(bob), "carillon-session": session })).status, 401);
});

test("carillon token mints what the server takes, for its own commands as well", async (context) => {
  const server = await start_server(context, { config });
  const file = join(server.folder, "carillon.toml");
  const words = ["token", "ann", "--allow", "chat:*=subscribe,publish", "--allow", "chat:*=history", "--config", file];
  const minted = await run_command(context, words);
  assert.equal(minted.code, 0, minted.errors);
  const token = minted.output.trim();
  const [, payload] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  assert.deepEqual(claims.channels, { "chat:*": ["subscribe", "publish", "history"] });
  assert.ok(claims.exp - claims.iat === 3600);
  const sent = await run_command(context, ["pub", "chat:a", "1", "--token", token], { server: server.url });
  assert.equal(sent.code, 0, sent.errors);
  const refused = await run_command(context, ["pub", "chat:a", "1"], { server: server.url });
  assert.notEqual(refused.code, 0);
  const without = await run_command(context, ["token", "ann"]);
  assert.equal(without.code, 1);
  assert.match(without.errors, /CARILLON_ACCESS_TOKEN_SECRET/);
  const wrong = await run_command(context, ["token", "--allow", "chat"]);
  assert.match(wrong.errors, /'chat' is no PATTERN=WORD,WORD/);
});
